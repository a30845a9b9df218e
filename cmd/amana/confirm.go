package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// decision is what the coordinator has decided about those who wait and those who read.
type decision struct {
	revoke, refuse, remove []string
	older                  bool
	yes                    bool
}

func (d decision) empty() bool { return len(d.revoke)+len(d.refuse)+len(d.remove) == 0 }

func runConfirm(ctx context.Context, c *call) error {
	var path, dir, listTo, sign, out, apply, revoke, refuse, remove, browser, forget string
	var d decision
	if _, err := c.flags("confirm", "", `Signs keys into the roster, in three steps:
  amana confirm -list FILE              on the server: what waits, to a file
  amana confirm -sign FILE -out SIGNED  on the coordinator's machine: shows the fingerprints, signs
  amana confirm -apply SIGNED           on the server: puts the signed roster in force
  amana confirm -browser 123456         on the server: lets the browser in whose owner reads these digits to you
  amana confirm -forget-browsers ID     on the server: lets no browser of this person in any more, as when one was stolen
Without a step, and with the coordinator's key beside the server, it does all three at once. Beside the key,
roster.signed remembers what was signed last: keep it with the key.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&listTo, "list", "", "write what waits to this file")
		f.StringVar(&sign, "sign", "", "sign what stands in this file")
		f.StringVar(&out, "out", "", "with -sign: the file to write")
		f.StringVar(&dir, "dir", "", "with -sign: the folder with the coordinator's key; left out: amana in your configuration folder")
		f.StringVar(&apply, "apply", "", "put this signed roster in force")
		f.StringVar(&revoke, "revoke", "", "ids that no longer read, parted by commas")
		f.StringVar(&refuse, "refuse", "", "ids that wait and must not join, parted by commas: they wait no longer")
		f.StringVar(&remove, "remove", "", "ids that were revoked long ago and need no longer stand in the roster, parted by commas")
		f.StringVar(&browser, "browser", "", "let a browser sign in at the desk, by the six digits that its owner reads to you by voice: for the first one of\nthe only coordinator, who else lets them in at the desk")
		f.StringVar(&forget, "forget-browsers", "", "id of somebody whose browsers must not sign in at the desk any more: each has to be let in anew")
		f.BoolVar(&d.older, "accept-older", false, "the server has an older roster than was signed last, and you know why: it was restored from a backup")
		f.BoolVar(&d.yes, "yes", false, "the fingerprints were compared before; do not ask")
	}); err != nil {
		return err
	}
	d.revoke, d.refuse, d.remove = list(revoke), list(refuse), list(remove)
	switch {
	case forget != "" && (browser != "" || sign != "" || listTo != "" || apply != "" || !d.empty()):
		return usagef("confirm: -forget-browsers is a step of its own")
	case forget != "":
		return forgetBrowsers(ctx, c, path, forget)
	case browser != "" && (sign != "" || listTo != "" || apply != "" || !d.empty()):
		return usagef("confirm: -browser is a step of its own")
	case browser != "":
		return confirmBrowser(ctx, c, path, browser)
	case sign != "":
		return confirmSign(c, dir, sign, out, d)
	case listTo == "" && apply == "":
		return confirmHere(ctx, c, path, d)
	case !d.empty() || d.older:
		return usagef("confirm: -revoke, -refuse, -remove and -accept-older belong to -sign: the coordinator decides where the key lies")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	if listTo != "" {
		var p casework.Proposal
		if err := ask(ctx, conf, "propose", struct{}{}, &p); err != nil {
			return err
		}
		if err := writeNew(listTo, p); err != nil {
			return err
		}
		fmt.Fprintf(c.stderr, "%s; take %s to the coordinator's machine\n", count(len(p.Pending), "entry waits", "entries wait"), listTo)
		return nil
	}
	var s store.Signed
	if err := readInto(apply, &s); err != nil {
		return err
	}
	return confirmApply(ctx, c, conf, s)
}

func confirmApply(ctx context.Context, c *call, conf *config, s store.Signed) error {
	var nothing string
	if err := ask(ctx, conf, "apply", s, &nothing); err != nil {
		return err
	}
	fmt.Fprintf(c.stderr, "the signed roster is in force: %s\n", count(len(s.Cards), "key counts", "keys count"))
	return nil
}

// confirmSign runs on the coordinator's machine.
func confirmSign(c *call, dir, sign, out string, d decision) error {
	if out == "" {
		return usagef("confirm: -sign needs -out: the file to write")
	}
	if _, err := os.Lstat(out); err == nil { // before anything is signed and remembered
		return fmt.Errorf("%s is there already and is never written over: take it away, or name another file with -out", out)
	}
	var p casework.Proposal
	if err := readInto(sign, &p); err != nil {
		return err
	}
	s, err := signProposal(c, dir, p, d)
	if err != nil {
		return err
	}
	if err := writeNew(out, s); err != nil {
		return err
	}
	fmt.Fprintf(c.stderr, "signed; take %s to the server: amana confirm -apply %s\n", out, out)
	return nil
}

// confirmHere does all three steps with the key that a small mission keeps beside the server.
func confirmHere(ctx context.Context, c *call, path string, d decision) error {
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	if conf.Coordinator.Key == "" {
		return usagef("confirm: name a step (-list, -sign or -apply); all at once needs the coordinator's key beside the server (coordinator: key: in the configuration)")
	}
	var p casework.Proposal
	if err := ask(ctx, conf, "propose", struct{}{}, &p); err != nil {
		return err
	}
	if len(p.Pending) == 0 && d.empty() && !p.Held {
		fmt.Fprintln(c.stderr, "nobody waits; nothing was changed")
		return nil
	}
	s, err := signProposal(c, conf.Coordinator.Key, p, d)
	if err != nil {
		return err
	}
	return confirmApply(ctx, c, conf, s)
}

// signProposal shows what would be signed, and signs it once the coordinator has compared the fingerprints. What was
// signed is remembered beside the key before it goes anywhere.
func signProposal(c *call, keyPath string, p casework.Proposal, d decision) (store.Signed, error) {
	key, err := coordinatorKey(c, keyPath)
	if err != nil {
		return store.Signed{}, err
	}
	w, _, err := signerWallet(keyPath)
	if err != nil {
		return store.Signed{}, err
	}
	if p.Last, err = w.lastSigned(key.Public()); err != nil {
		return store.Signed{}, err
	}
	p.Older, p.Refuse, p.Remove = d.older, d.refuse, d.remove
	inForce, err := p.InForce(key.Public())
	if err != nil {
		return store.Signed{}, unbelieved(err, inForce, p)
	}
	next, err := p.Next(key.Public(), d.revoke...)
	if err != nil {
		return store.Signed{}, unbelieved(err, inForce, p)
	}
	r := showRoster(c.stderr, next, inForce, p, seal.Fingerprint(key.Public()))
	if !d.yes {
		if r > 0 {
			fmt.Fprint(c.stderr, "\nCall each person who joins, returns or has a new key, and compare the digits by voice.\n")
		}
		ok, err := askYes(c, "Do all of them match, and is this roster right?")
		if err != nil {
			return store.Signed{}, err
		}
		if !ok {
			return store.Signed{}, errors.New("nothing was signed: run it again with -refuse ID for whoever waits and must not join, or -revoke ID for whoever must no longer read")
		}
	}
	s, err := casework.Sign(key, p, d.revoke...)
	if err != nil {
		return s, err
	}
	return s, w.remember(s)
}

// unbelieved words why a coordinator's machine does not go on from what a server lists.
func unbelieved(err error, inForce ticket.Roster, p casework.Proposal) error {
	const restored = "If the database was restored from a backup, and whoever did it tells you so by voice, run this again with -accept-older: what you signed last goes on to count, " +
		"and nobody who was revoked in it comes back. If nothing was restored, somebody who holds the server may want a reader back: sign nothing"
	switch {
	case errors.Is(err, casework.ErrUnsigned):
		return errors.New("the roster that the server says is in force was not signed with your key, or was changed since: nothing was signed. List again; if that does not help, somebody who holds the server may want a key of theirs signed: sign nothing, and look into it")
	case errors.Is(err, casework.ErrLostRoster):
		return fmt.Errorf("the server lists roster %d, and you have signed roster %d here: nothing was signed. If the file that you signed last was not applied yet, apply it, and list again. %s", inForce.Version, p.Last.Version, restored)
	case errors.Is(err, casework.ErrOtherRoster):
		return fmt.Errorf("the server lists another roster %d than the one that you have signed here: nothing was signed. It was signed with your key elsewhere: sign there. %s", inForce.Version, restored)
	}
	return err
}

func readInto(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s is not a file of this step: it may be cut off, or belong to another one", path)
	}
	return nil
}

// writeNew writes a file that only its owner reads, and never over another.
func writeNew(path string, v any) error {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and is never written over: take it away, or name another file", path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, errors.Unwrap(err))
	}
	if _, err := f.Write(append(data, '\n')); err != nil {
		f.Close()
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return f.Close()
}
