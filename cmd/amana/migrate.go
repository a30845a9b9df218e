package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"amana/bot/kv"
)

func runMigrate(ctx context.Context, c *call) error {
	var path, from, to, release string
	var yes bool
	if _, err := c.flags("migrate", "", `Brings the database of a mission from one place to another, while nobody serves it: from a file into a cluster, or back.
A place is bbolt:PATH, or etcd:MISSION in the cluster that the configuration describes under etcd:. The new place must hold
no database. What is copied is compared by a digest; until then the new place is not served, and the old one not any
more. The old place keeps what it holds. -release takes back a move that was not finished.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&from, "from", "", "where the database lies")
		f.StringVar(&to, "to", "", "where it shall lie")
		f.StringVar(&release, "release", "", "a place whose database was marked as moved, and is to be served after all")
		f.BoolVar(&yes, "yes", false, "with -release: the other place cannot be looked at, and it is certain that nothing is served there")
	}); err != nil {
		return err
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	conf.env = c.env
	read := func(flag, text string) (location, error) {
		p, err := parsePlace(text, func(name string) string { return conf.near(name) })
		if err == nil && p.clustered() && conf.Etcd.none() {
			err = fmt.Errorf("%s says nothing under etcd: of how the cluster is reached", conf.path)
		}
		if err != nil {
			return p, usagef("migrate: -%s: %v", flag, err)
		}
		return p, nil
	}
	switch {
	case release != "" && from == "" && to == "":
		p, err := read("release", release)
		if err != nil {
			return err
		}
		return releasePlace(ctx, c, conf, p, yes)
	case release != "" || from == "" || to == "":
		return usagef("migrate: say from where and to where: amana migrate -from bbolt:amana.db -to etcd:relief")
	}
	m := migration{call: c, config: conf}
	if m.from, err = read("from", from); err != nil {
		return err
	}
	if m.to, err = read("to", to); err != nil {
		return err
	}
	if m.from == m.to {
		return usagef("migrate: -from and -to are the same place")
	}
	return m.run(ctx)
}

// migration brings a database from one place to another. The old place is marked before the first pair is read: from then on
// nobody writes there, in a cluster neither. The new place is served only after the copy was read back and compared. So at
// no instant can both be served, and a kill leaves at most neither, which the same call mends by beginning anew.
type migration struct {
	*call
	config   *config
	from, to location
}

func (m migration) run(ctx context.Context) error {
	source, err := openPlace(ctx, m.config, m.from, m.clock, true)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s holds no database", m.from)
	case errors.Is(err, kv.ErrLocked):
		return fmt.Errorf("%s is being served: stop the server first: %w", m.from, kv.ErrLocked)
	case err != nil:
		return err
	}
	defer source.Close()
	state, err := source.State(ctx)
	if err != nil {
		return err
	}
	moved := kv.State{Kind: kv.Moved, Note: m.to.whole()}
	switch {
	case state.Kind == kv.Filling:
		return fmt.Errorf("%s holds a copy that was never finished; there is nothing to bring elsewhere", m.from)
	case state.Kind == kv.Moved && state != moved:
		return fmt.Errorf("%s went to %s before; move it on from there, or take that back: `amana migrate -release %s`", m.from, state.Note, m.from)
	}
	if err := nobodyServes(ctx, source, m.from); err != nil {
		return err
	}
	if state.Kind == kv.Served {
		if err := source.SetState(ctx, state, moved); err != nil {
			return fmt.Errorf("marking %s as moved: %w", m.from, err)
		}
	}
	target, sums := newTarget(m.config, m.to, m.clock), [2]kv.Sum{}
	if sums, err = m.copy(ctx, source, target); err != nil {
		if state.Kind == kv.Served { // nothing of the new place was served: the old one may be again
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoPatience)
			defer cancel()
			err = errors.Join(err, source.SetState(last, moved, state))
		}
		return err
	}
	if err := target.serve(ctx); err != nil {
		return fmt.Errorf("%w\n%s holds a whole copy, and neither place is served: run the same again", err, m.to)
	}
	for n, p := range []location{m.from, m.to} {
		fmt.Fprintf(m.stdout, "%s  %s\n", sums[n], p)
	}
	fmt.Fprintf(m.stderr, "%s of the mission and %s that were settled lately are in %s, and the digests are equal\n",
		count(sums[0].Pairs, "record", "records"), count(sums[0].Settled, "mark of an update", "marks of updates"), m.to)
	m.told()
	return nil
}

// undoPatience bounds how long it takes to take a mark back where the call itself was ended.
const undoPatience = 10 * time.Second

// copy fills the new place and reads it back.
func (m migration) copy(ctx context.Context, source engine, target target) (sums [2]kv.Sum, err error) {
	s := kv.NewSummer()
	err = target.fill(ctx, kv.Summed(source.Walk, s))
	if errors.Is(err, fs.ErrExist) {
		return sums, fmt.Errorf("%s holds a database already, and nothing is written over one: if that is what came of an earlier move, name it under store:; else choose another place", m.to)
	}
	if err != nil {
		return sums, fmt.Errorf("copying to %s: %w", m.to, err)
	}
	sums[0] = s.Sum()
	if sums[1], err = target.sum(ctx); err != nil {
		return sums, fmt.Errorf("reading the copy in %s: %w", m.to, err)
	}
	if sums[0] != sums[1] {
		return sums, fmt.Errorf("the copy in %s is not what was read: digest %s, not %s; look at the disk, and run the same again", m.to, sums[1], sums[0])
	}
	return sums, nil
}

// told says what is to be done next.
func (m migration) told() {
	fmt.Fprintf(m.stderr, "next: write `store: %s` in %s, in the place of what says there where the database lies", m.to, m.config.path)
	was, is := m.config.voicesOf(m.from), m.config.voicesOf(m.to)
	_, err := os.Stat(was)
	switch {
	case was == is:
	case is == "" && err != nil:
		fmt.Fprintf(m.stderr, ",\nand `voices: FOLDER`, one that every machine reaches; without it no voice messages are taken in a cluster")
	case is == "":
		fmt.Fprintf(m.stderr, ",\nand `voices: %s`, where the voice messages stay, as a folder that every machine reaches; without it none are taken in a cluster", was)
	case err == nil:
		fmt.Fprintf(m.stderr, ",\nand `voices: %s`, where the voice messages stay", was)
	}
	fmt.Fprintf(m.stderr, "; then `amana check`, and a backup.\n%s keeps what it held and is not served any more: treat it as a backup of today, and destroy it when there is a newer one.\nThe way back is the same way: `amana migrate -from %s -to …`, into a place that holds no database.\n", m.from, m.to)
}

// whole is a place as it is noted where a database was: a file is one of this machine.
func (p location) whole() string {
	if p.clustered() {
		return p.String()
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "an unnamed machine"
	}
	return p.String() + onMachine + host
}

const onMachine = " on "

// nobodyServes refuses a place in which a server works. A file that is served cannot even be opened.
func nobodyServes(ctx context.Context, e engine, p location) error {
	busy, can := e.(interface {
		Busy(context.Context) ([]string, error)
	})
	if !can {
		return nil
	}
	offices, err := busy.Busy(ctx)
	if err != nil {
		return err
	}
	if len(offices) > 0 {
		return fmt.Errorf("%s is being served (%s): stop every `amana serve` of the mission first; one that was killed is missed after some seconds", p, strings.Join(offices, ", "))
	}
	return nil
}

// releasePlace lets a database be served again that was marked as moved, if it is served nowhere else.
func releasePlace(ctx context.Context, c *call, conf *config, p location, yes bool) error {
	e, err := openPlace(ctx, conf, p, c.clock, true)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no database", p)
	}
	if err != nil {
		return err
	}
	defer e.Close()
	state, err := e.State(ctx)
	switch {
	case err != nil:
		return err
	case state.Kind == kv.Served:
		fmt.Fprintf(c.stderr, "%s is not marked: it is served as it is\n", p)
		return nil
	case state.Kind == kv.Filling:
		return fmt.Errorf("%s holds a copy that was never finished: it is not served at all", p)
	}
	other, err := stateAt(ctx, c, conf, state.Note)
	if err != nil && !yes {
		fmt.Fprintf(c.stderr, "%s went to %s, which cannot be looked at from here: %v\nIf reports were taken there since, they are only there, and %s must not be served beside it.\n", p, state.Note, err, p)
		if yes, err = askYes(c, "is it certain that nothing is served there?"); err != nil {
			return err
		}
		if !yes {
			return errors.New("nothing was changed")
		}
	}
	if other.Kind != kv.Filling {
		return fmt.Errorf("%s holds the database that was moved, and what came in since: bring it back with `amana migrate -from %s -to …`, into a place that holds none", state.Note, strings.Split(state.Note, onMachine)[0])
	}
	if err := e.SetState(ctx, state, kv.State{}); err != nil {
		return err
	}
	fmt.Fprintf(c.stderr, "%s is served again, with what it held when it was moved\n", p)
	return nil
}

// stateAt gives the state of a place as a mark names it. One in which there is no database counts as one that was never filled.
func stateAt(ctx context.Context, c *call, conf *config, note string) (kv.State, error) {
	never := kv.State{Kind: kv.Filling}
	text, _, _ := strings.Cut(note, onMachine)
	p, err := parsePlace(text, conf.near)
	if err != nil {
		return never, err
	}
	if p.whole() != note {
		return never, errors.New("it lies on another machine")
	}
	e, err := openPlace(ctx, conf, p, c.clock, true)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return never, nil
	case errors.Is(err, kv.ErrLocked):
		return kv.State{}, nil
	case err != nil:
		return never, err
	}
	defer e.Close()
	return e.State(ctx)
}
