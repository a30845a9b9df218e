package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
)

func runConfirm(ctx context.Context, c *call) error {
	var path, list, sign, out, apply, revoke string
	var yes bool
	if _, err := c.flags("confirm", "", `Signs keys into the roster, in three steps:
  amana confirm -list FILE              on the server: what waits, to a file
  amana confirm -sign FILE -out SIGNED  on the coordinator's machine: shows the fingerprints, signs
  amana confirm -apply SIGNED           on the server: puts the signed roster in force
Without a step, and with the coordinator's key beside the server, it does all three at once.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&list, "list", "", "write what waits to this file")
		f.StringVar(&sign, "sign", "", "sign what stands in this file")
		f.StringVar(&out, "out", "", "with -sign: the file to write")
		f.StringVar(&apply, "apply", "", "put this signed roster in force")
		f.StringVar(&revoke, "revoke", "", "ids that no longer read, parted by commas")
		f.BoolVar(&yes, "yes", false, "the fingerprints were compared before; do not ask")
	}); err != nil {
		return err
	}
	revoked := strings.FieldsFunc(revoke, func(r rune) bool { return r == ',' || r == ' ' })
	switch {
	case sign != "":
		return confirmSign(c, sign, out, revoked, yes)
	case list == "" && apply == "" && sign == "":
		return confirmHere(ctx, c, path, revoked, yes)
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	if list != "" {
		var p casework.Proposal
		if err := ask(ctx, conf, "propose", struct{}{}, &p); err != nil {
			return err
		}
		if err := writeNew(list, p); err != nil {
			return err
		}
		fmt.Fprintf(c.stderr, "%d entries wait; take %s to the coordinator's machine\n", len(p.Pending), list)
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
	fmt.Fprintf(c.stderr, "the signed roster is in force: %d keys count\n", len(s.Cards))
	return nil
}

// confirmSign runs on the coordinator's machine.
func confirmSign(c *call, sign, out string, revoked []string, yes bool) error {
	if out == "" {
		return usagef("confirm: -sign needs -out: the file to write")
	}
	var p casework.Proposal
	if err := readInto(sign, &p); err != nil {
		return err
	}
	key, err := coordinatorKey(c, "")
	if err != nil {
		return err
	}
	s, err := signProposal(c, key, p, revoked, yes)
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
func confirmHere(ctx context.Context, c *call, path string, revoked []string, yes bool) error {
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	if conf.Coordinator.Key == "" {
		return usagef("confirm: name a step (-list, -sign or -apply); all at once needs the coordinator's key beside the server (coordinator: key: in the configuration)")
	}
	key, err := coordinatorKey(c, conf.Coordinator.Key)
	if err != nil {
		return err
	}
	var p casework.Proposal
	if err := ask(ctx, conf, "propose", struct{}{}, &p); err != nil {
		return err
	}
	if len(p.Pending) == 0 && len(revoked) == 0 && !p.Held {
		fmt.Fprintln(c.stderr, "nobody waits; nothing was changed")
		return nil
	}
	s, err := signProposal(c, key, p, revoked, yes)
	if err != nil {
		return err
	}
	return confirmApply(ctx, c, conf, s)
}

// signProposal shows what would be signed, and signs it once the coordinator has compared the fingerprints.
func signProposal(c *call, key seal.CoordinatorKey, p casework.Proposal, revoked []string, yes bool) (store.Signed, error) {
	fmt.Fprintf(c.stderr, "roster %d, signed by %s\n\n", p.Roster.Version+1, seal.Fingerprint(key.Public()))
	for _, e := range p.Roster.Entries {
		fmt.Fprintf(c.stderr, "  stays     %-12s %s, %s, %s (%s)\n", e.ID, e.Name, e.Org, e.Role, e.Status)
	}
	for _, e := range p.Pending {
		fmt.Fprintf(c.stderr, "  joins     %-12s %s, %s, %s\n            key %s\n", e.ID, e.Name, e.Org, e.Role, seal.Fingerprint(e.Key))
	}
	for _, id := range revoked {
		fmt.Fprintf(c.stderr, "  revoked   %s\n", id)
	}
	if p.Held {
		fmt.Fprint(c.stderr, "\nThis database was restored from a backup. Whoever was revoked after that backup stands above as\nif nothing had happened: revoke them again with -revoke.\n")
	}
	if !yes {
		fmt.Fprint(c.stderr, "\nCall each person who joins and compare the digits of the key by voice.\n")
		ok, err := askYes(c, "Do all of them match?")
		if err != nil {
			return store.Signed{}, err
		}
		if !ok {
			return store.Signed{}, fmt.Errorf("nothing was signed")
		}
	}
	return casework.Sign(key, p, revoked...)
}

func readInto(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	if err := json.Unmarshal(data, v); err != nil {
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
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if _, err := f.Write(append(data, '\n')); err != nil {
		f.Close()
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return f.Close()
}
