package main

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// cheap is a work factor at which a key is wrapped in milliseconds.
const cheap = 10

// someDay is the clock of these tests.
var someDay = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

// dice is a random source that gives the same for the same seed, so that fingerprints in golden files stay.
func dice(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// machine is somebody's own computer: a folder with keys, and the commands that are run on it.
type machine struct {
	dir  string
	dice io.Reader
	now  func() time.Time
}

// sharedWords reads the catalogs once for all tests: a Book never changes.
var sharedWords = sync.OnceValues(readWords)

const testPassphrase = "correct horse battery"

// run runs `amana keys …` or `amana open …` in this process, with lines on standard input.
func (m machine) run(stdin string, args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = m.call(&call{args: args, stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, env: func(string) string { return "" }})
	return out.String(), errs.String(), status
}

func (m machine) call(c *call) int {
	sub := *c
	sub.args = c.args[1:]
	if c.args[0] == "keys" {
		return status((&keysCommand{call: &sub, work: cheap, rand: m.dice, now: m.now}).run(context.Background()), c.stderr, "")
	}
	return status((&openCommand{call: &sub, rand: m.dice, now: m.now, zone: time.UTC, book: sharedWords}).run(context.Background()), c.stderr, "")
}

// newMachine makes a computer with a new key on it.
func newMachine(t *testing.T, seed byte) machine {
	t.Helper()
	m := machine{dir: t.TempDir(), dice: dice(seed), now: func() time.Time { return someDay }}
	_, errs, status := m.run(testPassphrase+"\n"+testPassphrase+"\n", "keys", "new", "-dir", m.dir)
	if status != 0 {
		t.Fatalf("keys new: %s", errs)
	}
	return m
}

// key reads the public key from the enrolment file, as the server does.
func (m machine) key(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(m.dir, enrolmentFile))
	if err != nil {
		t.Fatal(err)
	}
	e, err := seal.ParseEnrolment(data)
	if err != nil {
		t.Fatal(err)
	}
	return e.Public
}

// desk is a mission's readers, signed by a coordinator, and one report on the way to them.
type desk struct {
	coordinator seal.CoordinatorKey
	entries     []ticket.Entry
	signed      store.Signed
	version     uint64
	reporter    seal.Identity
	seed        seal.Seed
	thread      []seal.Item
	report      ticket.ID
	trail       seal.Trail
}

// newDesk signs the machine's owner and three others into a roster, and files a report with everything in it that open
// shows. Every secret of it comes from the dice, so that golden files stay.
func newDesk(t testing.TB, own string) *desk {
	t.Helper()
	d := &desk{report: ticket.ID{1, 2, 3, 4, 5, 6, 7, 8}, reporter: newIdentity(t, 90)}
	var err error
	if d.coordinator, err = seal.NewCoordinatorKey(dice(80)); err != nil {
		t.Fatal(err)
	}
	if d.seed, err = seal.NewSeed(dice(81)); err != nil {
		t.Fatal(err)
	}
	d.entries = []ticket.Entry{
		{ID: "amina", Name: "Amina", Org: "example_relief", Role: ticket.FocalPoint, Key: own, Status: ticket.StatusConfirmed},
		{ID: "bashir", Name: "بشير", Org: "example_health", Role: ticket.Backup, Key: newIdentity(t, 91).Public(), Status: ticket.StatusConfirmed},
		{ID: "chair", Name: "Coordinator", Org: "example_children", Role: ticket.Coordinator, Key: newIdentity(t, 92).Public(), Status: ticket.StatusConfirmed},
		{ID: "safe", Name: "Recovery key in a safe", Org: "example_shelter", Role: ticket.Recovery, Key: newIdentity(t, 93).Public(), Status: ticket.StatusConfirmed},
	}
	d.sign(t, d.coordinator)
	d.add(t, ticket.Inside{Report: d.body()})
	return d
}

func newIdentity(t testing.TB, seed byte) seal.Identity {
	t.Helper()
	id, err := seal.NewIdentity(dice(seed))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// sign makes the next version of the roster.
func (d *desk) sign(t testing.TB, k seal.CoordinatorKey, revoke ...string) {
	t.Helper()
	s, err := casework.Sign(k, casework.Proposal{Last: ticket.Roster{Version: d.version, Entries: d.entries}, Older: true, Pending: d.entries}, revoke...)
	if err != nil {
		t.Fatal(err)
	}
	d.signed, d.version = s, d.version+1
}

func (d *desk) body() *ticket.Body {
	said := func(step string, values ...string) ticket.Said {
		return ticket.Said{Flow: "report", Step: step, Lang: "ar", Values: values, Skipped: len(values) == 0}
	}
	return &ticket.Body{
		ID: d.report, Time: someDay.Add(-26 * time.Hour), Lang: "ar",
		Answers: []ticket.Said{
			said("age", "adult"), said("danger", "no"), said("matter", "sexual"), said("organisation", "example_police"),
			said("concern", "sex_for_aid", "hiring"), said("when", "within_72h"), said("area", "block_a"), said("where"),
			{Flow: "report", Step: "story", Lang: "ar", Text: "قال لي موظف اسمه \u202eSam\x1b[2J: تعالي\n\nبطاقة 12"},
			said("call", "yes"),
			{Flow: "report", Step: "reach", Lang: "ar", Text: "اتصلوا بجارتي مساءً"},
		},
		Consents: []ticket.Agreed{{Step: "consent_complaint", Lang: "ar", Text: "هل يمكن إرسال هذا إلى شخصين؟", Given: true}},
		Mailbox:  d.reporter.Public(), Nudge: bytes.Repeat([]byte{7}, seal.NudgeSize), Seed: d.seed.Reveal(),
	}
}

// add seals a message to everybody in the roster.
func (d *desk) add(t testing.TB, in ticket.Inside, readers ...string) {
	t.Helper()
	text, err := in.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if readers == nil {
		for _, e := range d.entries {
			readers = append(readers, e.Key)
		}
	}
	file, err := seal.Message(text, readers, "", dice(82))
	if err != nil {
		t.Fatal(err)
	}
	item := seal.Item{ID: [16]byte{byte(len(d.thread) + 1), 7}, File: file}
	if kind := in.Type(); kind == ticket.TypeReply || kind == ticket.TypeNote {
		h := seal.Header{Report: d.report, Message: item.ID, Kind: kind}
		for _, e := range d.entries {
			h.Readers = append(h.Readers, seal.Reader{ID: e.ID, Key: e.Key})
		}
		d.vouch(t, &item, h)
	}
	d.thread = append(d.thread, item)
}

// vouch signs a message as its readers do.
func (d *desk) vouch(t testing.TB, item *seal.Item, h seal.Header) {
	t.Helper()
	file, err := seal.SignAnswer(d.seed, h, item.File)
	if err != nil {
		t.Fatal(err)
	}
	a, err := seal.ParseAnswer(file)
	if err != nil {
		t.Fatal(err)
	}
	item.Header, item.Signature = &a.Header, a.Signature
}

// packet is what the server hands out.
func (d *desk) packet() seal.Packet {
	return seal.Packet{
		Report: d.report, Part: 1, Parts: 1, Thread: slices.Clone(d.thread), Cards: append([]seal.Card(nil), d.signed.Cards...),
		Roster: d.signed.Statement, RosterSignature: d.signed.Signature, Trail: d.trail,
	}
}

// hand seals a packet to somebody and writes the file.
func hand(t testing.TB, dir, name string, p seal.Packet, to string) string {
	t.Helper()
	file, err := seal.HandOut(p, to)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
