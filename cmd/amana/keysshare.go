package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"amana/bot/seal"
)

// How keys and roots come from one machine of a mission to another.

// leastShared is the length, in characters, of a passphrase below which it is refused.
const leastShared = 20

type shareDeed struct {
	Path       string `json:"path"`
	Recipient  string `json:"recipient,omitempty"`
	Passphrase string `json:"passphrase,omitempty"`
}

// share writes the keys and roots of this machine for another one.
func (k *keysCommand) share(ctx context.Context) error {
	var path, to, pass string
	args, err := k.flagsFirst("keys share", "FILE", "Writes the key directory and the present roots into FILE, for another machine that is to serve the same\nmission: sealed to an age recipient, or with a passphrase. Whoever opens FILE holds lock one entire, and can try\nphone numbers against every pseudonym: bring it over at once, and delete it on both sides.", func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&to, "to", "", "the age recipient (age1…) of the other machine; `amana keys recovery FILE` there makes one")
		f.StringVar(&pass, "passphrase", "", "a file with a passphrase, in the place of a recipient")
	})
	if err != nil {
		return err
	}
	if len(args) != 1 || (to == "") == (pass == "") {
		return usagef("keys share: name who is to open it and the file to write: amana keys share -to age1… FILE, or -passphrase WORDSFILE FILE")
	}
	if to != "" && seal.CheckPublic(to) != nil {
		return usagef("keys share: -to is no age recipient (age1…)")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	whole, err := copyName(args[0])
	if err != nil {
		return err
	}
	if err := folderFor(ctx, conf, "keys share", whole); err != nil {
		return err
	}
	d := shareDeed{Path: whole, Recipient: to}
	if pass != "" {
		if d.Passphrase, err = phraseIn(pass); err != nil {
			return err
		}
	}
	var ids []seal.KeyID
	if err := ask(ctx, conf, "share", d, &ids); err != nil {
		return err
	}
	fmt.Fprintf(k.stderr, "%s holds %s and the present roots. On the other machine: amana keys join; then delete it on both\n", args[0], count(len(ids), "key", "keys"))
	return nil
}

// phraseIn reads a passphrase from a file that others cannot read.
func phraseIn(path string) (string, error) {
	text, err := passphraseFile(path)
	if err != nil {
		return "", err
	}
	if len([]rune(text)) < leastShared {
		return "", fmt.Errorf("the passphrase in %s has fewer than %d characters, and the file that it seals holds every key of the server: take six or more words drawn by dice", path, leastShared)
	}
	return text, nil
}

func doShare(_ context.Context, h *house, with json.RawMessage) (any, error) {
	var d shareDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(d.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s exists; nothing is written over it", d.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("sharing the keys: %w", err)
	}
	err = h.keys.Share(f, h.roots, seal.For{Recipient: d.Recipient, Passphrase: d.Passphrase})
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = os.Remove(d.Path)
		return nil, err
	}
	return h.keys.Living(), nil
}

// join takes in what another machine shares.
func (k *keysCommand) join() error {
	var path, identity, pass string
	args, err := k.flagsFirst("keys join", "FILE", "Takes in the keys and roots that another machine has written with `amana keys share`, into the key\ndirectory and the runtime directory of the configuration. What this machine has already stays; where it has another key or\nroot, nothing is changed at all.", func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&identity, "identity", "", "the file with the age identity that it is sealed to")
		f.StringVar(&pass, "passphrase", "", "a file with the passphrase that it is sealed with")
	})
	if err != nil {
		return err
	}
	if len(args) != 1 || (identity == "") == (pass == "") {
		return usagef("keys join: name what opens it and the file: amana keys join -identity KEYFILE FILE, or -passphrase WORDSFILE FILE")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	var with seal.For
	if pass != "" {
		if with.Passphrase, err = passphraseFile(pass); err != nil {
			return err
		}
	} else {
		secret, err := readSmallFile(identity)
		if err != nil {
			return err
		}
		defer clear(secret)
		if with.Identities, err = seal.ParseIdentities(secret); err != nil || len(with.Identities) == 0 {
			return fmt.Errorf("%s holds no age identity (AGE-SECRET-KEY-1…); if it is encrypted, decrypt it with age first", identity)
		}
	}
	f, err := os.Open(args[0])
	if err != nil {
		return fmt.Errorf("reading what was shared: %w", errors.Unwrap(err))
	}
	defer f.Close()
	if err := os.MkdirAll(filepath.Dir(conf.Keys), 0o700); err != nil {
		return fmt.Errorf("making the key directory: %w", err)
	}
	j, err := seal.Join(f, conf.Keys, conf.Runtime, k.now(), with)
	switch {
	case errors.Is(err, seal.ErrDiffers) && strings.Contains(err.Error(), conf.Runtime):
		return fmt.Errorf("%w than %s holds; nothing was changed. If this machine is to serve the same mission, stop it, empty %s, and take in a file that was shared since", err, args[0], conf.Runtime)
	case errors.Is(err, seal.ErrDiffers):
		return fmt.Errorf("%w than %s holds; nothing was changed. If this machine is to serve the same mission, move %s away and keep it until you know what it opens", err, args[0], conf.Keys)
	case errors.Is(err, seal.ErrNotForYou):
		return fmt.Errorf("%s does not open with that: use the identity or the passphrase that it was sealed to", args[0])
	case errors.Is(err, seal.ErrTampered), errors.Is(err, seal.ErrMalformed):
		return fmt.Errorf("%s was not written by `amana keys share`, or it is damaged: share again; nothing was changed", args[0])
	case err != nil:
		return err
	}
	switch {
	case len(j.Keys) > 0 && j.Roots:
		fmt.Fprintf(k.stderr, "took in %s and the roots; delete %s here and on the other machine\n", count(len(j.Keys), "key", "keys"), args[0])
	case len(j.Keys) > 0:
		fmt.Fprintf(k.stderr, "took in %s; the roots were here already. Delete %s here and on the other machine\n", count(len(j.Keys), "key", "keys"), args[0])
	case j.Roots:
		fmt.Fprintf(k.stderr, "took in the roots; the keys were here already. Delete %s here and on the other machine\n", args[0])
	default:
		fmt.Fprintf(k.stderr, "this machine has all of it already; delete %s here and on the other machine\n", args[0])
	}
	return nil
}

// mostMonths is how many months ahead keys are made at most.
const mostMonths = 36

type monthsDeed struct {
	Months int `json:"months"`
}

// makeMonths makes month keys ahead.
func (k *keysCommand) makeMonths(ctx context.Context) error {
	var path string
	var months int
	args, err := k.flagsFirst("keys new", "-months N", "Makes the month keys of this month and of N months ahead, where they are missing. Where one machine serves a\nmission it makes them by itself, three months ahead; where several do, they are made here, on one of them, and brought\nto the others with `amana keys share` and `amana keys join`.", func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.IntVar(&months, "months", 0, "how many months ahead")
	})
	if err != nil {
		return err
	}
	if len(args) > 0 || months < 1 || months > mostMonths {
		return usagef("keys new: -months takes a number from 1 to %d, and nothing else", mostMonths)
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	var made []seal.KeyID
	if err := ask(ctx, conf, "months", monthsDeed{months}, &made); err != nil {
		return err
	}
	for _, id := range made {
		fmt.Fprintln(k.stdout, id)
	}
	switch {
	case len(made) == 0:
		fmt.Fprintln(k.stderr, "they are all there")
	case conf.place.clustered():
		fmt.Fprintf(k.stderr, "made %s: bring them to every other machine with `amana keys share` and `amana keys join`, and make a key backup\n", count(len(made), "key", "keys"))
	default:
		fmt.Fprintf(k.stderr, "made %s; make a key backup\n", count(len(made), "key", "keys"))
	}
	return nil
}

func doMonths(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d monthsDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	made, err := h.keys.EnsureMonths(h.now(), d.Months)
	if err != nil {
		return nil, err
	}
	return made, h.registry.Vouch(ctx, false)
}

// newRoots begins with new roots after every machine has lost them.
func (k *keysCommand) newRoots(ctx context.Context) error {
	var path string
	var anew bool
	args, err := k.flagsFirst("keys roots", "-new", "Begins with new roots, on one machine, when every machine of the mission has lost them at once: drafts and\nwaiting receipts of before cannot be read again, as after a reboot of a mission with one machine. Then share them.", func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.BoolVar(&anew, "new", false, "make them")
	})
	if err != nil {
		return err
	}
	if len(args) > 0 || !anew {
		return usagef("keys roots: it takes -new, and nothing else")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	if !conf.place.clustered() {
		return usagef("keys roots: one machine makes its roots by itself; this is for missions whose database several machines share")
	}
	if seal.HasRoots(conf.Runtime) {
		return fmt.Errorf("%s holds roots: if they are those of the mission, share them; if not, stop this machine and empty it first", conf.Runtime)
	}
	conf.ground.kiln, conf.lean, conf.rootsAnew = k.ground.kiln, true, true
	h, err := openHouse(ctx, conf)
	if err != nil {
		return err
	}
	if err := errors.Join(h.lostKeys(ctx, k.stderr), h.Close()); err != nil {
		return err
	}
	fmt.Fprintln(k.stderr, "made new roots: bring them to every other machine with `amana keys share` and `amana keys join` before it serves")
	return nil
}

// monthsLeft is for how long there are keys, from a moment on: until the end of the last month of which every class has one.
func monthsLeft(ids []seal.KeyID, now time.Time) (until time.Time) {
	has := map[seal.KeyID]bool{}
	for _, id := range ids {
		has[id] = true
	}
	month := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	for {
		for _, c := range seal.Classes() {
			if !has[seal.MonthID(month, c)] {
				return month
			}
		}
		month = month.AddDate(0, 1, 0)
	}
}

// monthsWarn is how long before the last month key ends that is said: time enough to bring new ones to every machine.
const monthsWarn = 6 * 7 * 24 * time.Hour

// checkMonths says in time that somebody has to make month keys; ends is nil where the server does.
func checkMonths(ends *time.Time, now time.Time) []finding {
	const remedy = "`amana keys new -months 12` on one machine, then `amana keys share` there and `amana keys join` on every other; and a key backup"
	switch {
	case ends == nil:
	case !ends.After(now):
		return []finding{{failure, "", "there is no key for this month: no report is taken", remedy}}
	case ends.Sub(now) < monthsWarn:
		return []finding{{warning, "", fmt.Sprintf("there are month keys until the end of %s alone: from then on no report is taken", ends.AddDate(0, 0, -1).Format("January 2006")), remedy}}
	}
	return nil
}
