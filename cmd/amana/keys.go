package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"amana/bot/seal"
)

// keysCommand is one run of `amana keys …`. Work is the cost of a wrapped key: seal.WrapWork but in tests.
type keysCommand struct {
	*call
	work int
	rand io.Reader
	now  func() time.Time
}

func runKeys(ctx context.Context, c *call) error { return newKeys(c).run(ctx) }

func newKeys(c *call) *keysCommand {
	return &keysCommand{call: c, work: seal.WrapWork, rand: rand.Reader, now: time.Now}
}

const keysHelp = `usage: amana keys COMMAND

on a focal point's own machine:
  new          make your key, and the enrolment file for the staff bot
  show         show the fingerprints of your key and of the coordinator's
  pin PUBLIC   trust this coordinator, after comparing the fingerprint by voice

on the coordinator's own machine:
  coordinator  make the key that signs the roster

for the holder of a recovery key:
  recovery FILE  make a recovery key

on the server:
  backup FILE    copy the key directory, sealed to the recovery keys
  restore FILE   bring the key directory back from such a copy

where several machines serve one mission:
  share FILE     write keys and roots into FILE, for another machine
  join FILE      take them in there
  new -months N  make the month keys of N months ahead, which nobody makes by themselves then
  roots -new     begin with new roots, when every machine has lost them

Each of them explains itself with -h.
`

func (k *keysCommand) run(ctx context.Context) error {
	if len(k.args) == 0 {
		return usagef("keys: name what to do; `amana keys -h` lists it")
	}
	sub := *k.call
	sub.args = k.args[1:]
	each := &keysCommand{call: &sub, work: k.work, rand: k.rand, now: k.now}
	switch k.args[0] {
	case "share":
		return each.share(ctx)
	case "join":
		return each.join()
	case "roots":
		return each.newRoots(ctx)
	case "new":
		if slices.ContainsFunc(sub.args, func(a string) bool {
			return strings.HasPrefix(strings.TrimLeft(a, "-"), "months") && strings.HasPrefix(a, "-")
		}) {
			return each.makeMonths(ctx)
		}
		return each.makeIdentity()
	case "coordinator":
		return each.makeCoordinator()
	case "show":
		return each.show()
	case "pin":
		return each.pin()
	case "recovery":
		return each.makeRecovery()
	case "backup":
		return each.backup(ctx)
	case "restore":
		return each.restore()
	case "help", "-h", "-help", "--help":
		fmt.Fprint(k.stderr, keysHelp)
		return flag.ErrHelp
	}
	return usagef("keys: there is no %q; `amana keys -h` lists what there is", k.args[0])
}

// show gives the fingerprints that people compare by voice.
func (k *keysCommand) show() error {
	var dir string
	args, err := k.flagsFirst("keys show", "", "Shows the fingerprint of your own key and of the coordinator's key that is pinned here.", dirFlag(&dir))
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return usagef("keys show: it takes no arguments")
	}
	w, err := openWallet(dir)
	if err != nil {
		return err
	}
	own, err := w.public()
	if err != nil {
		return err
	}
	coordinator, err := w.pinned()
	if err != nil {
		return err
	}
	if own == "" && coordinator == "" && w.has(signerFile) {
		return fmt.Errorf("%s holds the key that signs the roster, and no reader's: `amana confirm -sign` shows its fingerprint, and its public half stands on the server in the key directory, in coordinator.pub", w.dir)
	}
	if own == "" && coordinator == "" {
		return fmt.Errorf("there are no keys in %s: %s, or name the right folder with -dir", w.dir, makeKeysRemedy)
	}
	if own != "" {
		fmt.Fprintf(k.stdout, "own          %s\n", seal.Fingerprint(own))
	}
	if coordinator != "" {
		fmt.Fprintf(k.stdout, "coordinator  %s\n", seal.Fingerprint(coordinator))
		return nil
	}
	fmt.Fprintln(k.stderr, "no coordinator's key is pinned here yet: `amana keys pin PUBLIC`")
	return nil
}

// public gives the person's own public key, or nothing.
func (w wallet) public() (string, error) {
	if !w.has(publicFile) {
		return "", nil
	}
	data, err := w.read(publicFile, "")
	if err != nil {
		return "", err
	}
	public := trimmed(data)
	if seal.CheckPublic(public) != nil {
		return "", fmt.Errorf("%s is damaged: `amana keys new -restore %s` in another folder writes it anew", w.path(publicFile), w.path(identityFile))
	}
	return public, nil
}

// pin trusts a coordinator.
func (k *keysCommand) pin() error {
	var dir string
	args, err := k.flagsFirst("keys pin", "PUBLIC", "Trusts the coordinator whose public key this is (amana-coordinator1…): from then on `amana open` believes\nno reader whom that key has not signed. A pinned key is never replaced silently.", dirFlag(&dir))
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return usagef("keys pin: give the coordinator's public key (amana-coordinator1…)")
	}
	w, err := openWallet(dir)
	if err != nil {
		return err
	}
	if err := w.pin(args[0]); err != nil {
		return err
	}
	fmt.Fprintln(k.stdout, seal.Fingerprint(args[0]))
	fmt.Fprintf(k.stderr, "pinned. Call the coordinator and compare these digits by voice. If one differs, take %s away\nand tell them: somebody stands between you.\n", w.path(pinFile))
	return nil
}

// makeRecovery makes an ordinary age identity for somebody who keeps it offline.
func (k *keysCommand) makeRecovery() error {
	args, err := k.flagsFirst("keys recovery", "FILE", "Makes a recovery key: an ordinary age identity in FILE, to be kept offline by its holder, and its public\nkey alone on standard output, for `recovery:` in the configuration. Whoever has the file can open every\nreport that was sealed to it.", nil)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return usagef("keys recovery: name the file to write")
	}
	id, err := seal.NewIdentity(k.rand)
	if err != nil {
		return err
	}
	text := fmt.Appendf(nil, "# created: %s\n# public key: %s\n%s\n", k.now().UTC().Format(time.RFC3339), id.Public(), id.Reveal())
	defer clear(text)
	if err := writeOnce(args[0], text); err != nil {
		return err
	}
	fmt.Fprintln(k.stdout, id.Public())
	fmt.Fprintf(k.stderr, "fingerprint %s\n%s is not protected by a passphrase: move it to a medium that lies locked away, and delete it here.\n", seal.Fingerprint(id.Public()), args[0])
	return nil
}

func dirFlag(dir *string) func(*flag.FlagSet) {
	return func(f *flag.FlagSet) {
		f.StringVar(dir, "dir", "", "the folder with your keys; left out: amana in your configuration folder")
	}
}
