package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The vectors in testdata/vectors were made once; every later version of this program, and every other reader of these
// formats, opens the same files with the same keys. -update makes them anew and thereby breaks with all that is stored.
var update = flag.Bool("update", false, "make the vectors anew")

// vectors is what vectors.json says; binary fields are in hexadecimal. The keys in it were made for it.
type vectors struct {
	Receipt struct {
		Receipt, Installation, X, Month, Pepper, MailboxID, Public, Secret string
	}
	House struct {
		KeyFile, Place, Value, Plain                                     string
		IndexLabel, IndexPart, MonthMAC, Outer, Pepper, Address, NudgeOf string
		NudgeAddress, NudgeHours, Nudge                                  string
	}
	Roots struct {
		Draft, DraftNext, Value, Place, Plain string
		Epoch                                 uint32
		Pseudonym, Person, Mark               string
	}
	Message struct {
		File, Body, ReaderSecret, ReporterSecret string
	}
	Answer struct {
		File, Report, Message, Kind, State string
		Readers                            []Reader
		Seed, Public, Body, ReaderSecret   string
	}
	Grants struct {
		File, Message, Seed, Public, Body, NewSecret string
		Share, Copy                                  Header
	}
	HandOut struct {
		File, Report, State, Roster, Coordinator, ReaderSecret string
		Cards                                                  []Card
		Bodies                                                 []string
	}
	Enrolment struct {
		File, Passphrase, Device, RecoveryCode, Public, Secret, Fingerprint string
	}
	Coordinator struct {
		Secret, Public, Fingerprint, Roster, Signature string
	}
	Chain struct {
		Entries []string
		Links   []string
	}
}

const vectorDir = "testdata/vectors"

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func unhex32(t *testing.T, s string) *[32]byte { return (*[32]byte)(unhex(t, s)) }

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	if *update {
		makeVectors(t)
	}
	d := json.NewDecoder(bytes.NewReader(readFile(t, filepath.Join(vectorDir, "vectors.json"))))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func vectorFile(t *testing.T, name string) []byte {
	t.Helper()
	return readFile(t, filepath.Join(vectorDir, name))
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: %s", what, d)
	}
}

func TestVectors(t *testing.T) {
	v := readVectors(t)
	t.Run("receipt", func(t *testing.T) {
		r := v.Receipt
		x := stretch(r.Receipt, unhex32(t, r.Installation), protocolHeat)
		same(t, "x", hex.EncodeToString(x.x()[:]), r.X)
		box := x.Mailbox(must(CarriedPepper(KeyID(r.Month), unhex(t, r.Pepper))))
		same(t, "id", hex.EncodeToString(box.ID[:]), r.MailboxID)
		same(t, "public", box.Public, r.Public)
		same(t, "secret", box.Key.Reveal(), r.Secret)
	})
	t.Run("house", func(t *testing.T) { checkHouseVector(t, v) })
	t.Run("roots", func(t *testing.T) { checkRootsVector(t, v) })
	t.Run("message", func(t *testing.T) {
		m := v.Message
		for _, secret := range []string{m.ReaderSecret, m.ReporterSecret} {
			body, err := OpenMessage(vectorFile(t, m.File), must(ParseIdentity(secret)))
			if err != nil {
				t.Fatal(err)
			}
			same(t, "body", string(body), m.Body)
		}
	})
	t.Run("answer", func(t *testing.T) { checkAnswerVector(t, v) })
	t.Run("grants", func(t *testing.T) { checkGrantsVector(t, v) })
	t.Run("handout", func(t *testing.T) { checkHandOutVector(t, v) })
	t.Run("enrolment", func(t *testing.T) {
		e := v.Enrolment
		got := must(ParseEnrolment(vectorFile(t, e.File)))
		same(t, "public", got.Public, e.Public)
		same(t, "fingerprint", Fingerprint(got.Public), e.Fingerprint)
		device := must(ParseRecoveryCode(e.RecoveryCode))
		same(t, "device", hex.EncodeToString(device.Reveal()), e.Device)
		same(t, "code", device.RecoveryCode(), e.RecoveryCode)
		id, err := Unwrap(got.Wrapped, e.Passphrase, device)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "secret", id.Reveal(), e.Secret)
		again := must(got.Encode())
		same(t, "file", string(again), string(vectorFile(t, e.File)))
	})
	t.Run("coordinator", func(t *testing.T) {
		c := v.Coordinator
		k := must(ParseCoordinatorKey(c.Secret))
		same(t, "public", k.Public(), c.Public)
		same(t, "fingerprint", Fingerprint(c.Public), c.Fingerprint)
		same(t, "signature", hex.EncodeToString(SignRoster(k, []byte(c.Roster))), c.Signature)
	})
	t.Run("chain", func(t *testing.T) {
		var link [32]byte
		for i, e := range v.Chain.Entries {
			link = Chain(link, []byte(e))
			same(t, e, hex.EncodeToString(link[:]), v.Chain.Links[i])
		}
	})
}

func checkHouseVector(t *testing.T, v vectors) {
	w := v.House
	secret, err := decodeKeyFile("2026-11-report", vectorFile(t, w.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	h := &House{keys: map[KeyID]*houseKey{}}
	h.add("2026-11-report", secret)
	for label, want := range map[string]string{"outer": w.Outer, "pepper": w.Pepper, "address": w.Address} {
		same(t, label, hex.EncodeToString(derive(secret[:], nil, label)[:]), want)
	}
	plain, id, err := h.Open([]byte(w.Place), unhex(t, w.Value))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "plain", string(plain)+" under "+string(id), w.Plain+" under 2026-11-report")
	m := must(h.MonthMAC(id, w.IndexLabel, []byte(w.IndexPart)))
	same(t, "mac", hex.EncodeToString(m[:]), w.MonthMAC)
	n, wanted, err := h.OpenNudge([16]byte(unhex(t, w.NudgeOf)), unhex(t, w.Nudge))
	if err != nil || !wanted {
		t.Fatal(err)
	}
	same(t, "nudge", n.Address+" "+n.Hours, w.NudgeAddress+" "+w.NudgeHours)
}

func checkRootsVector(t *testing.T, v vectors) {
	w := v.Roots
	draft := newRoot(draftPlan, w.Epoch, unhex32(t, w.Draft))
	same(t, "next", hex.EncodeToString(draft.next(draftPlan).secret[:]), w.DraftNext)
	r := &Roots{}
	r.lines[draftLine] = &lineage{draftPlan, []*root{draft}}
	r.lines[pseudonymLine] = &lineage{pseudonymPlan, []*root{newRoot(pseudonymPlan, 1, unhex32(t, w.Pseudonym))}}
	plain, err := r.OpenDraft([]byte(w.Place), unhex(t, w.Value))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "plain", string(plain), w.Plain)
	person, mark := first(r.Person("telegram", "7", "42")), first(r.Mark("telegram", "7", 42))
	same(t, "person", hex.EncodeToString(person[:]), w.Person)
	same(t, "mark", hex.EncodeToString(mark[:]), w.Mark)
}

func checkAnswerVector(t *testing.T, v vectors) {
	w := v.Answer
	file := vectorFile(t, w.File)
	a := must(ParseAnswer(file))
	same(t, "header", a.Header, Header{
		Report: [16]byte(unhex(t, w.Report)), Message: [16]byte(unhex(t, w.Message)), Kind: w.Kind, State: w.State,
		Readers: w.Readers, Nudge: a.Header.Nudge,
	})
	if err := a.Verify(unhex(t, w.Public)); err != nil {
		t.Error(err)
	}
	same(t, "body", string(must(OpenMessage(a.File, must(ParseIdentity(w.ReaderSecret))))), w.Body)
	seed := must(ParseSeed(unhex(t, w.Seed)))
	if !bytes.Equal(must(SignAnswer(seed, a.Header, a.File)), file) {
		t.Error("signing again gives another file")
	}
}

func checkGrantsVector(t *testing.T, v vectors) {
	w := v.Grants
	grants := must(ParseGrants(vectorFile(t, w.File)))
	message := vectorFile(t, w.Message)
	if len(grants) != 2 {
		t.Fatalf("%d grants", len(grants))
	}
	same(t, "share", grants[0].Header, w.Share)
	same(t, "copy", grants[1].Header, w.Copy)
	for _, g := range grants {
		if err := g.Verify(unhex(t, w.Public), message); err != nil {
			t.Error(err)
		}
	}
	same(t, "body", string(must(OpenMessage(must(grants[1].File(message)), must(ParseIdentity(w.NewSecret))))), w.Body)
	if !bytes.Equal(must(GrantFiles(grants))[0], vectorFile(t, w.File)) {
		t.Error("written again it is another file")
	}
}

func checkHandOutVector(t *testing.T, v vectors) {
	w := v.HandOut
	reader := must(ParseIdentity(w.ReaderSecret))
	p, err := OpenHandOut(vectorFile(t, w.File), reader)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "report", hex.EncodeToString(p.Report[:]), w.Report)
	same(t, "cards", p.Cards, w.Cards)
	for _, c := range p.Cards {
		if err := c.Verify(w.Coordinator); err != nil {
			t.Error(err)
		}
	}
	if err := VerifyRoster(w.Coordinator, []byte(w.Roster), p.RosterSignature); err != nil || string(p.Roster) != w.Roster {
		t.Errorf("roster %q: %v", p.Roster, err)
	}
	same(t, "state", p.State, w.State)
	var bodies []string
	for _, m := range p.Thread {
		if a, ok := m.Answer(); ok {
			if err := a.Verify(unhex(t, v.Answer.Public)); err != nil {
				t.Error(err)
			}
		}
		if len(m.File) == 0 { // a share
			continue
		}
		file := m.File
		for _, g := range m.Copies {
			file = must(g.File(m.File))
		}
		bodies = append(bodies, string(must(OpenMessage(file, reader))))
	}
	same(t, "bodies", bodies, w.Bodies)
}

func makeVectors(t *testing.T) {
	var v vectors
	if err := os.MkdirAll(vectorDir, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) string {
		if err := os.WriteFile(filepath.Join(vectorDir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	hexed := hex.EncodeToString
	key := func() *[32]byte { return must(random(rand.Reader)) }
	reader, reporter := newPerson(t), newPerson(t)
	report := [16]byte(key()[:16])

	h := &House{keys: map[KeyID]*houseKey{}, rand: rand.Reader}
	secret, installation := key(), key()
	h.add("2026-11-report", secret)
	w := &v.House
	w.KeyFile = write("2026-11-report", encodeKeyFile("2026-11-report", secret))
	w.Outer, w.Pepper = hexed(derive(secret[:], nil, "outer")[:]), hexed(derive(secret[:], nil, "pepper")[:])
	w.Address = hexed(derive(secret[:], nil, "address")[:])
	w.Place, w.Plain = "report/2026-11-23/1", "outer facts"
	w.Value = hexed(must(h.Seal("2026-11-report", []byte(w.Place), []byte(w.Plain))))
	w.IndexLabel, w.IndexPart = "code", "ABCDEF"
	m := must(h.MonthMAC("2026-11-report", w.IndexLabel, []byte(w.IndexPart)))
	w.MonthMAC, w.NudgeOf = hexed(m[:]), hexed(report[:])
	w.NudgeAddress, w.NudgeHours = "telegram:42", "evening"
	nudge := must(h.SealNudge("2026-11-report", report, Nudge{Address: w.NudgeAddress, Hours: w.NudgeHours}))
	w.Nudge = hexed(nudge)

	pepper := must(h.Pepper("2026-11-report"))
	x := stretch(receipt, installation, protocolHeat)
	box := x.Mailbox(pepper)
	v.Receipt.Receipt, v.Receipt.Installation, v.Receipt.X = receipt, hexed(installation[:]), hexed(x.x()[:])
	v.Receipt.Month, v.Receipt.Pepper = "2026-11-report", hexed(pepper.Reveal())
	v.Receipt.MailboxID, v.Receipt.Public, v.Receipt.Secret = hexed(box.ID[:]), box.Public, box.Key.Reveal()

	draft := newRoot(draftPlan, 498778, key())
	r := &Roots{rand: rand.Reader}
	r.lines[draftLine] = &lineage{draftPlan, []*root{draft}}
	pseudonym := key()
	r.lines[pseudonymLine] = &lineage{pseudonymPlan, []*root{newRoot(pseudonymPlan, 1, pseudonym)}}
	person, mark := first(r.Person("telegram", "7", "42")), first(r.Mark("telegram", "7", 42))
	v.Roots.Draft, v.Roots.Epoch, v.Roots.DraftNext = hexed(draft.secret[:]), draft.epoch, hexed(draft.next(draftPlan).secret[:])
	v.Roots.Place, v.Roots.Plain = "draft/1", "state"
	v.Roots.Value = hexed(must(r.SealDraft([]byte(v.Roots.Place), []byte(v.Roots.Plain))))
	v.Roots.Pseudonym, v.Roots.Person, v.Roots.Mark = hexed(pseudonym[:]), hexed(person[:]), hexed(mark[:])

	v.Message.Body = "What happened. ما حدث. কী ঘটেছে।"
	message := must(Message([]byte(v.Message.Body), []string{reader.Public()}, reporter.Public(), rand.Reader))
	v.Message.File = write("message.age", message)
	v.Message.ReaderSecret, v.Message.ReporterSecret = reader.Reveal(), reporter.Reveal()

	seed := must(NewSeed(rand.Reader))
	a := &v.Answer
	a.Body, a.ReaderSecret = "We have read it.", reader.Reveal()
	inner := must(Message([]byte(a.Body), []string{reader.Public()}, reporter.Public(), rand.Reader))
	head := Header{Report: report, Message: [16]byte(key()[:16]), Kind: "answer", State: "read", Readers: []Reader{{"fp-1", reader.Public()}, {"fp-2", newPerson(t).Public()}}, Nudge: nudge}
	a.File = write("answer.amana", must(SignAnswer(seed, head, inner)))
	a.Report, a.Message, a.Kind, a.State, a.Readers = hexed(head.Report[:]), hexed(head.Message[:]), head.Kind, head.State, head.Readers
	a.Seed, a.Public = hexed(seed.Reveal()), hexed(seed.Public())

	coordinator := must(NewCoordinatorKey(rand.Reader))
	c := &v.Coordinator
	c.Secret, c.Public, c.Fingerprint, c.Roster = coordinator.Reveal(), coordinator.Public(), Fingerprint(coordinator.Public()), "roster 1"
	c.Signature = hexed(SignRoster(coordinator, []byte(c.Roster)))

	g := &v.Grants
	joins := newPerson(t)
	g.Share = Header{Report: report, Message: [16]byte(key()[:16]), Kind: "share", Readers: []Reader{{"fp-3", joins.Public()}}}
	g.Copy = Header{Report: report, Message: [16]byte(key()[:16]), Of: head.Message, Kind: "copy", Readers: []Reader{{"fp-1", reader.Public()}, {"fp-3", joins.Public()}}}
	share, again := must(SignShare(seed, g.Share)), must(SignCopy(seed, g.Copy, inner, rand.Reader, reader))
	g.File, g.Message = write("grants.amana", must(GrantFiles([]Grant{share, again}))[0]), write("answer.age", inner)
	g.Seed, g.Public, g.Body, g.NewSecret = a.Seed, a.Public, a.Body, joins.Reveal()

	bare := head.Bare()
	o := &v.HandOut
	o.State = "withdrawn:read"
	o.Cards = []Card{
		SignCard(coordinator, Card{Version: 1, ID: "fp-1", Name: "Focal point, north", Role: "reader", Key: reader.Public()}),
		SignCard(coordinator, Card{Version: 1, ID: "recovery-1", Name: "Safe in the capital", Role: "recovery", Key: newPerson(t).Public()}),
	}
	o.Bodies, o.Report, o.Roster = []string{v.Message.Body, a.Body}, hexed(report[:]), c.Roster
	o.Coordinator, o.ReaderSecret = coordinator.Public(), reader.Reveal()
	o.File = write("handout.age", must(HandOut(Packet{
		Report: report, Part: 1, Parts: 1, State: o.State, Turns: []Turn{{Day: 20780, What: "withdraw"}}, Cards: o.Cards,
		Thread: []Item{
			{ID: [16]byte{1}, File: message, Lacks: []int{1}},
			{ID: head.Message, Header: &bare, Signature: must(ParseAnswer(vectorFile(t, a.File))).Signature, File: inner, Copies: []Grant{again}},
			{ID: g.Share.Message, Header: &g.Share, Signature: share.Signature},
		},
		Roster: []byte(c.Roster), RosterSignature: SignRoster(coordinator, []byte(c.Roster)),
	}, reader.Public())))

	device := must(NewDeviceKey(rand.Reader))
	e := &v.Enrolment
	e.Passphrase, e.Device, e.RecoveryCode = "ｃａｆe\u0301 سلام", hexed(device.Reveal()), device.RecoveryCode()
	e.Public, e.Secret, e.Fingerprint = reader.Public(), reader.Reveal(), Fingerprint(reader.Public())
	e.File = write("enrolment.txt", must(Enrolment{Public: e.Public, Wrapped: must(Wrap(reader, e.Passphrase, device, 12))}.Encode()))

	var link [32]byte
	for _, entry := range []string{"", "first", "second"} {
		link = Chain(link, []byte(entry))
		v.Chain.Entries, v.Chain.Links = append(v.Chain.Entries, entry), append(v.Chain.Links, hexed(link[:]))
	}
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	write("vectors.json", append(data, '\n'))
}
