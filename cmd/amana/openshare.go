package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// lack is a reader who cannot open some messages yet, as far as the server knows.
type lack struct {
	who   ticket.Entry
	count int
}

// lacks lists them, in the order of the readers.
func (r *openedReport) lacks() (out []lack) {
	for at, e := range r.readers {
		if n := r.lacked(at); n > 0 {
			out = append(out, lack{e, n})
		}
	}
	return out
}

func (r *openedReport) lacked(reader int) (n int) {
	for _, item := range r.items {
		if slices.Contains(item.Lacks, reader) {
			n++
		}
	}
	return n
}

// thread gives what was opened and has an age file, the report itself last: whoever is told that they can open it finds
// all that came after it.
func (r *openedReport) thread() (out []entry) {
	for _, e := range r.later {
		if len(e.item.File) > 0 {
			out = append(out, e)
		}
	}
	return append(out, r.first)
}

// candidates lists with whom the report can be shared: people whom the coordinator signed, who do not read it yet and
// whom the reporter did not name. The server refuses whoever is excluded besides.
func (r *openedReport) candidates(t *tongue) (out []ticket.Entry) {
	for _, e := range r.roster.Entries {
		if r.mayShare(t, e) == nil && !slices.ContainsFunc(r.readers, func(o ticket.Entry) bool { return o.ID == e.ID }) {
			out = append(out, e)
		}
	}
	return out
}

// mayShare says why a report cannot be shared with somebody.
func (r *openedReport) mayShare(t *tongue, e ticket.Entry) error {
	switch {
	case !e.Usable() || e.Role == ticket.Recovery:
		return fmt.Errorf("%s is no person with a key that counts", e.ID)
	case r.class(r.filed(t)).Names(e):
		return fmt.Errorf("%s may be the person whom the reporter names: nothing of it must reach them", e.ID)
	case r.class(r.filed(t)).KeepsOut(e):
		return fmt.Errorf("the reporter wants nobody of %s to read: nothing of it must reach %s", e.Org, e.ID)
	case ticket.State(r.standing).IsWithdrawn():
		return errors.New("the server says that the reporter has withdrawn this report: nothing is passed on")
	}
	return nil
}

// grant shares the report, or seals it again, and writes what the staff bot has to get.
func (o *openCommand) grant(r *openedReport, t *tongue) error {
	joins, err := o.joining(r, t)
	if err != nil {
		return err
	}
	todo := r.toSeal(joins, o.all)
	if joins == nil && len(todo) == 0 && len(r.lacks()) > 0 {
		return errors.New("what they lack does not open with your key either: a colleague who can open it has to seal it")
	}
	if joins == nil && len(todo) == 0 {
		fmt.Fprintln(o.stderr, t.say("open.seal.none", nil))
		return t.err
	}
	readers := r.trusted.readers
	if joins != nil && !slices.ContainsFunc(readers, func(e ticket.Entry) bool { return e.ID == joins.ID }) {
		readers = append(slices.Clone(readers), *joins)
	}
	if len(readers) > seal.MaxReaders {
		return fmt.Errorf("%d readers and recovery keys are the most that one report can have: nothing was written", seal.MaxReaders)
	}
	if err := o.confirmGrant(r, t, joins); err != nil {
		return err
	}
	grants, err := o.grants(r, joins, todo, readers)
	if err != nil {
		return err
	}
	files, err := seal.GrantFiles(grants)
	if err != nil {
		return err
	}
	name := "seal"
	if joins != nil {
		name = "share"
	}
	paths, err := o.writeAll(r.name8(), name, files)
	if err != nil {
		return err
	}
	key := "open.grant.written"
	if o.identity != "" {
		key = "open.grant.back"
	}
	fmt.Fprintln(o.stderr, t.say(key, speech.Args{"File": strings.Join(paths, "\n")}))
	return t.err
}

// joining gives who is shared with: by the flag, or chosen now; nobody for sealing again.
func (o *openCommand) joining(r *openedReport, t *tongue) (*ticket.Entry, error) {
	if o.seal {
		return nil, nil
	}
	id := o.share
	if id == "" {
		all := r.candidates(t)
		if len(all) == 0 {
			return nil, errors.New(t.say("open.share.nobody", nil))
		}
		var opts []speech.Option
		for _, e := range all {
			opts = append(opts, speech.Option{Name: e.ID, Labels: []string{e.Name + " · " + t.item("organisations", e.Org), e.Name, e.ID}})
		}
		var err error
		if id, err = o.choose(t, t.say("open.share.who", nil), opts); err != nil {
			return nil, err
		}
	}
	e, ok := r.roster.Find(id)
	if !ok {
		var ids []string
		for _, e := range r.candidates(t) {
			ids = append(ids, e.ID)
		}
		return nil, fmt.Errorf("nobody in the signed roster has the id %q; this report can be shared with: %s", id, strings.Join(ids, ", "))
	}
	if err := r.mayShare(t, e); err != nil {
		return nil, fmt.Errorf("not shared: %w", err)
	}
	return &e, nil
}

// toSeal gives the messages of which somebody lacks a copy, or all for somebody who joins.
func (r *openedReport) toSeal(joins *ticket.Entry, all bool) (out []entry) {
	at := -1
	if joins != nil {
		at = slices.IndexFunc(r.readers, func(e ticket.Entry) bool { return e.ID == joins.ID })
		all = all || at < 0
	}
	for _, e := range r.thread() {
		if all || joins == nil && len(e.item.Lacks) > 0 || at >= 0 && slices.Contains(e.item.Lacks, at) {
			out = append(out, e)
		}
	}
	return out
}

// confirmGrant shows who will be able to read, before anything is sealed to them.
func (o *openCommand) confirmGrant(r *openedReport, t *tongue, joins *ticket.Entry) error {
	fmt.Fprintf(o.stderr, "\n%s\n\n", t.readers(r))
	ask := "open.seal.ask"
	if joins != nil {
		ask = "open.share.ask"
		fmt.Fprintln(o.stderr, t.reader(*joins))
	}
	if o.yes || t.err != nil {
		return t.err
	}
	return o.agree(t, t.say(ask, nil))
}

// grants signs the share, and a copy of each message for everybody who reads with it.
func (o *openCommand) grants(r *openedReport, joins *ticket.Entry, todo []entry, to []ticket.Entry) (out []seal.Grant, err error) {
	seed, err := seal.ParseSeed(r.body.Seed)
	if err != nil {
		return nil, err
	}
	head := func(kind string, of [16]byte, to ...ticket.Entry) (h seal.Header, err error) {
		id, err := ticket.NewID(o.rand)
		h = seal.Header{Report: r.body.ID, Message: id, Of: of, Kind: kind}
		for _, e := range to {
			h.Readers = append(h.Readers, seal.Reader{ID: e.ID, Key: e.Key})
		}
		return h, err
	}
	if joins != nil {
		h, err := head(ticket.TypeShare, [16]byte{}, *joins)
		if err != nil {
			return nil, err
		}
		share, err := seal.SignShare(seed, h)
		if err != nil {
			return nil, err
		}
		out = append(out, share)
	}
	for _, e := range todo {
		h, err := head(ticket.TypeCopy, e.item.ID, to...)
		if err != nil {
			return nil, err
		}
		g, err := seal.SignCopy(seed, h, e.file, o.rand, o.ids...)
		if err != nil {
			return nil, fmt.Errorf("sealing a message again: %w", err)
		}
		out = append(out, g)
	}
	return out, nil
}

// writeAll writes one file, or several that are numbered, each new.
func (o *openCommand) writeAll(code, what string, files [][]byte) (paths []string, err error) {
	for n, data := range files {
		path := o.out
		if path == "" {
			path = code + "-" + what + ".amana"
		}
		if len(files) > 1 {
			path = fmt.Sprintf("%s-%d-of-%d.amana", strings.TrimSuffix(path, ".amana"), n+1, len(files))
		}
		if err = writeOnce(path, data); err != nil {
			break
		}
		paths = append(paths, path)
	}
	if err != nil { // all of them or none
		for _, path := range paths {
			_ = os.Remove(path)
		}
		return nil, err
	}
	return paths, nil
}
