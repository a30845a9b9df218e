package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// openCommand is one run of `amana open`: on a focal point's own machine it opens what the staff bot handed out, shows
// it, and seals an answer. It believes nothing that the server says about who reads: every reader's card must be signed
// by the coordinator whose key is pinned here. It asks nobody over a network, and writes no plaintext to any disk.
//
// What it cannot know: whether the server, which saw the report while it was being sent, passed on the true one.
type openCommand struct {
	*call
	rand io.Reader
	now  func() time.Time
	zone *time.Location
	book func() (*speech.Book, error)

	wallet  wallet
	profile string
	lang    string
	json    bool
	answer  bool
	note    bool
	yes     bool
	text    string // file with the text, or "-"
	state   string
	written string // language of the answer
	out     string
	version uint64 // roster version that the coordinator confirmed by voice
}

func runOpen(_ context.Context, c *call) error {
	o := &openCommand{call: c, rand: rand.Reader, now: time.Now, zone: time.Local, book: readWords}
	return o.run()
}

const openAbout = `Opens the sealed file of a report (all its parts, if it came in several), shows it in your language beside
the reporter's own words, and writes an answer file for the staff bot if you want to answer. It works without
a network, and leaves nothing in clear on the disk.

-json prints the opened report as JSON on standard output instead, for another program. From then on it is in
clear, and as safe as the place where you put it: never into a shared folder, a chat or a mail.`

func (o *openCommand) run() error {
	var dir string
	files, err := o.flagsFirst("open", "FILE…", openAbout, func(f *flag.FlagSet) {
		dirFlag(&dir)(f)
		f.StringVar(&o.lang, "lang", "", "your language, such as ar; left out: that of this system, else en")
		f.StringVar(&o.profile, "profile", "", "the mission's profile, for the names of places and organisations; left out: profile.yaml in your folder")
		f.BoolVar(&o.json, "json", false, "print the report as JSON, in clear")
		f.BoolVar(&o.answer, "answer", false, "answer the reporter")
		f.BoolVar(&o.note, "note", false, "write an internal note, which the reporter never sees")
		f.StringVar(&o.text, "text", "", "the file with the text, or - for standard input; left out: asked")
		f.StringVar(&o.state, "state", "", "the new state: read, referred, confirmed or closed; left out: asked")
		f.StringVar(&o.written, "answer-lang", "", "the language of the answer; left out: the reporter's")
		f.StringVar(&o.out, "out", "", "the answer file to write; left out: CODE-answer.amana")
		f.BoolVar(&o.yes, "yes", false, "the readers of an answer are known; do not ask")
		f.Uint64Var(&o.version, "roster", 0, "accept this older roster version, which the coordinator has confirmed by voice")
	})
	if err != nil {
		return err
	}
	if err := o.consistent(files); err != nil {
		return err
	}
	if o.wallet, err = openWallet(dir); err != nil {
		return err
	}
	tongue, err := o.tongue()
	if err != nil {
		return err
	}
	raw, err := readHandOuts(files)
	if err != nil {
		return err
	}
	coordinator, err := o.coordinator()
	if err != nil {
		return err
	}
	id, err := o.wallet.identity(o.call)
	if err != nil {
		return err
	}
	packet, err := openHandOuts(files, raw, id)
	if err != nil {
		return err
	}
	seen := o.wallet.seen(coordinator)
	trusted, err := trust(packet, coordinator, id.Public(), seen, o.version)
	if err != nil {
		return err
	}
	if trusted.roster.Version != seen {
		if err := o.wallet.see(coordinator, trusted.roster.Version); err != nil {
			fmt.Fprintf(o.stderr, "amana: the version of the roster could not be remembered: %v\n", err)
		}
	}
	r, err := openReport(packet, trusted, id)
	if err != nil {
		return err
	}
	defer r.wipe()
	r.code = codeOf(files[0])
	if o.json {
		return r.writeJSON(o.stdout, tongue)
	}
	if err := r.show(o.stdout, tongue, o.zone); err != nil {
		return err
	}
	return o.respond(r, tongue)
}

// consistent refuses flags that contradict each other, before anything secret is asked for.
func (o *openCommand) consistent(files []string) error {
	switch {
	case len(files) == 0:
		return usagef("open: name the file that the staff bot sent, or all its parts")
	case o.answer && o.note:
		return usagef("open: -answer goes to the reporter, -note never does; choose one")
	case o.json && (o.answer || o.note):
		return usagef("open: -json only reads; answer in a second call")
	case o.note && (o.state != "" || o.written != ""):
		return usagef("open: a note changes no state and has no language; leave -state and -answer-lang out")
	case !o.answer && !o.note && (o.text != "" || o.state != "" || o.written != "" || o.out != "" || o.yes):
		return usagef("open: say with -answer or -note what is to be written")
	}
	if o.state != "" && (!ticket.State(o.state).Valid() || ticket.State(o.state).IsWithdrawn() || o.state == string(ticket.Received)) {
		return usagef("open: -state is read, referred, confirmed or closed")
	}
	return nil
}

// coordinator gives the pinned key. Where none is pinned somebody at the terminal may pin one now, after comparing.
func (o *openCommand) coordinator() (string, error) {
	public, err := o.wallet.pinned()
	if err != nil || public != "" {
		return public, err
	}
	if _, people := o.onTerminal(); !people {
		return "", errors.New("no coordinator's key is pinned here, so nobody can say who reads: get the public key from the coordinator and run `amana keys pin PUBLIC`")
	}
	public, err = askLine(o.call, "No coordinator's key is pinned here yet. Paste the public key that the coordinator gave you (amana-coordinator1…):")
	if err != nil {
		return "", err
	}
	if err := seal.CheckCoordinator(public); err != nil {
		return "", errors.New("this is not a coordinator's public key (amana-coordinator1…); nothing was pinned")
	}
	fmt.Fprintf(o.stderr, "Its fingerprint:\n\n    %s\n\nCall the coordinator, on a number that you know, and compare these digits by voice.\n", seal.Fingerprint(public))
	same, err := askYes(o.call, "Are they the same?")
	if err != nil {
		return "", err
	}
	if !same {
		return "", errors.New("the digits differ: nothing was pinned and nothing opened. Tell the coordinator; somebody may stand between you")
	}
	return public, o.wallet.pin(public)
}

// codeOf takes the code of a report from the name that the staff bot gave its file; empty if somebody renamed it.
func codeOf(path string) string {
	name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".amana"), "-")
	name, _, _ = strings.Cut(name, " ") // a second download is called "BDFGHJ (1).amana"
	code, err := ticket.ParseCode(name)
	if err != nil {
		return ""
	}
	return string(code)
}
