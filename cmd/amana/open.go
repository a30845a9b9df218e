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
	share   string // roster id
	seal    bool
	all     bool
	yes     bool
	text    string // file with the text, or "-"
	state   string
	written string // language of the answer
	out     string
	version uint64 // roster version that the coordinator confirmed by voice

	identity    string // file of a recovery key, used in place of the own key
	forRecovery string // roster id of a recovery key

	handing

	ids []seal.Identity // the keys at this machine
}

func runOpen(ctx context.Context, c *call) error {
	o := &openCommand{call: c, rand: rand.Reader, now: time.Now, zone: time.Local, book: readWords}
	return o.run(ctx)
}

const openAbout = `Opens the sealed file of a report (all its parts, if it came in several), shows it in your language beside
the reporter's own words, and writes a file for the staff bot if you want to answer, to share the report with
a colleague, or to seal it again for a reader who has a new key. It works without a network, and leaves
nothing in clear on the disk but voice messages: name their files too (CODE-voice-1.amana and so on), and each
is written beside its own as CODE-voice-1.ogg, for you alone. Listen where nobody else can, then delete it.
With -seal the files of many reports can be named at once, as after a colleague's key was replaced: nothing of
them is shown, and CODE-seal.amana is written for each of which somebody lacks a message.
If your own key is new and nobody else reads the report, -for-recovery ID writes the file for the holder of a
recovery key, who runs: amana open -identity KEYFILE -seal FILE

With -primero, -csv or -referral it hands the report over, in clear, to those who look into it or who help: only
with the consent that the reporter gave for that, and never a report that was withdrawn. Each writes a note as
well (CODE-handed.amana, CODE-handed-form.amana, CODE-handed-csv.amana), sealed to the readers. Send it to the
staff bot: the record of the report and its other readers learn of it by that file alone, and until then the
record says only that you got the sealed file.

-json prints the opened report as JSON on standard output instead, for another program. From then on it is in
clear, and as safe as the place where you put it: never into a shared folder, a chat or a mail.`

func (o *openCommand) run(ctx context.Context) error {
	var dir string
	files, err := o.flagsFirst("open", "FILE…", openAbout, func(f *flag.FlagSet) {
		dirFlag(&dir)(f)
		f.StringVar(&o.lang, "lang", "", "your language, such as ar; left out: that of this system, else en")
		f.StringVar(&o.profile, "profile", "", "the mission's profile, for the names of places and organisations; left out: profile.yaml in your folder")
		f.BoolVar(&o.json, "json", false, "print the report as JSON, in clear")
		f.BoolVar(&o.answer, "answer", false, "answer the reporter")
		f.BoolVar(&o.note, "note", false, "write an internal note, which the reporter never sees")
		f.StringVar(&o.share, "share", "", "share the report with the person of the signed roster who has this id")
		f.BoolVar(&o.seal, "seal", false, "seal again what a reader cannot open yet")
		f.BoolVar(&o.all, "all", false, "with -seal: seal every message again, also where the server knows of nobody who lacks it")
		f.StringVar(&o.identity, "identity", "", "the file of a recovery key, for its holder; left out: your own key")
		f.StringVar(&o.forRecovery, "for-recovery", "", "write the file once more, for the recovery key with this id alone; nothing is shown")
		f.StringVar(&o.text, "text", "", "the file with the text, or - for standard input; left out: asked")
		f.StringVar(&o.state, "state", "", "the new state: read, referred, confirmed or closed; left out: asked")
		f.StringVar(&o.written, "answer-lang", "", "the language of the answer; left out: the reporter's")
		f.StringVar(&o.out, "out", "", "the file to write; left out: CODE-answer.amana, CODE-share.amana, CODE-handed.amana or the like")
		f.BoolVar(&o.yes, "yes", false, "who will read is known; do not ask")
		o.handing.flags(f)
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
	if o.hands() && len(files) == 0 {
		return o.withoutReport(ctx, tongue)
	}
	raw, err := readHandOuts(files)
	if err != nil {
		return err
	}
	coordinator, err := o.coordinator()
	if err != nil {
		return err
	}
	if o.ids, err = o.identities(); err != nil {
		return err
	}
	if o.seal {
		if done, err := o.sealMany(files, raw, coordinator, tongue); done || err != nil {
			return err
		}
	}
	packets, voices := parted(files, raw)
	if o.hands() {
		return o.handOver(ctx, packets, voices, coordinator, tongue)
	}
	if len(packets.paths) == 0 {
		return errors.New("these are voice messages alone: name the file of their report as well, CODE.amana")
	}
	packet, trusted, err := o.trusted(packets, coordinator)
	if err != nil {
		return err
	}
	if o.forRecovery != "" {
		return o.handOn(packet, trusted, codeOf(packets.paths[0]), tongue)
	}
	r, err := openReport(packet, trusted, o.ids...)
	if err != nil {
		return err
	}
	defer r.wipe()
	r.code = codeOf(packets.paths[0])
	if err := r.brought(voices, o.ids...); err != nil {
		return err
	}
	for _, what := range r.listen() {
		fmt.Fprintln(o.stderr, "amana: "+what)
	}
	if r.forged > 0 {
		fmt.Fprintln(o.stderr, tongue.say("open.unverified", nil))
	}
	o.watchTrail(r, tongue)
	if r.newer > 0 {
		fmt.Fprintf(o.stderr, "amana: a later message was written by a newer program, and is not shown (%d in all): nothing is lost; bring this one up to date, and open it again\n", r.newer)
	}
	if bad := r.spoilt - r.newer; bad > 0 {
		fmt.Fprintf(o.stderr, "amana: a later message does not open as it should, and is not shown (%d in all): a reader may have spoilt it, or it is of a newer program; tell the coordinator by voice\n", bad)
	}
	if o.json {
		return r.writeJSON(o.stdout, tongue)
	}
	if err := r.show(o.stdout, tongue, o.zone); err != nil {
		return err
	}
	return o.respond(r, tongue)
}

// trusted takes the outer seal off one report, and holds whom it names as readers against the pinned key.
func (o *openCommand) trusted(h handed, coordinator string) (p seal.Packet, t trusted, err error) {
	if p, err = openHandOuts(h.paths, h.raw, o.ids...); err != nil {
		return p, t, err
	}
	seen := o.wallet.seen(coordinator)
	if t, err = trust(p, coordinator, o.ids, o.identity != "", seen, o.version); err != nil {
		return p, t, err
	}
	if t.roster.Version != seen {
		if err := o.wallet.see(coordinator, t.roster.Version); err != nil {
			fmt.Fprintf(o.stderr, "amana: the version of the roster could not be remembered: %v\n", err)
		}
	}
	return p, t, nil
}

// consistent refuses flags that contradict each other, before anything secret is asked for.
func (o *openCommand) consistent(files []string) error {
	writes := 0
	for _, is := range []bool{o.answer, o.note, o.share != "", o.seal, o.forRecovery != ""} {
		if is {
			writes++
		}
	}
	if o.hands() {
		return o.handing.consistent(o, len(files), writes)
	}
	switch {
	case o.leg != "" || o.dry || o.from != "":
		return usagef("open: -leg belongs to -csv, -from and -dry-run to -primero")
	case len(files) == 0:
		return usagef("open: name the file that the staff bot sent, or all its parts")
	case o.answer && o.note:
		return usagef("open: -answer goes to the reporter, -note never does; choose one")
	case writes > 1:
		return usagef("open: -answer, -note, -share, -seal and -for-recovery each write a file; choose one, and call again for another")
	case o.json && writes > 0:
		return usagef("open: -json only reads; write in a second call")
	case o.identity != "" && (o.answer || o.note || o.forRecovery != ""):
		return usagef("open: the holder of a recovery key reads, seals again and shares; answers and notes are written by readers")
	case o.note && (o.state != "" || o.written != ""):
		return usagef("open: a note changes no state and has no language; leave -state and -answer-lang out")
	case !o.answer && !o.note && (o.text != "" || o.state != "" || o.written != ""):
		return usagef("open: say with -answer or -note what is to be written")
	case writes == 0 && (o.out != "" || o.yes):
		return usagef("open: say with -answer, -note, -share or -seal what is to be written")
	case o.all && !o.seal:
		return usagef("open: -all belongs to -seal")
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
