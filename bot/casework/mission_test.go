package casework_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/kv/mem"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// begin is when the missions of these tests begin: on a Friday in the middle of a month, at ten in the morning.
var begin = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// camp is what all missions of these tests share: a key directory, so that the slow step of a receipt is done once for
// all of them, and the people of a roster.
type camp struct {
	dir         string // holds keys
	house       *seal.House
	coordinator seal.CoordinatorKey
	ids         map[string]seal.Identity
	roster      []ticket.Entry
	signed      store.Signed

	mu        sync.Mutex
	receipts  []ticket.Receipt
	stretched map[string]seal.Stretched
	kiln      *seal.Kiln
}

var theCamp = sync.OnceValue(newCamp)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func try(err error) {
	if err != nil {
		panic(err)
	}
}

func newCamp() *camp {
	c := &camp{
		dir: must(os.MkdirTemp("", "camp")), ids: map[string]seal.Identity{}, stretched: map[string]seal.Stretched{}, kiln: seal.NewKiln(),
	}
	c.house = must(seal.CreateHouse(filepath.Join(c.dir, "keys"), begin, rand.Reader))
	c.coordinator = must(seal.NewCoordinatorKey(rand.Reader))
	try(c.house.PinCoordinator(c.coordinator.Public()))
	for _, e := range []ticket.Entry{
		{ID: "ana", Name: "Ana", Org: "relief", Role: ticket.FocalPoint, Backup: "bo"},
		{ID: "bea", Name: "Bea", Org: "health", Role: ticket.FocalPoint},
		{ID: "bo", Name: "Bo", Org: "relief", Role: ticket.Backup},
		{ID: "cora", Name: "Cora", Org: "agency", Role: ticket.Coordinator},
		{ID: "vault", Name: "Vault", Org: "agency", Role: ticket.Recovery},
	} {
		e.Status = ticket.StatusConfirmed
		c.ids[e.ID] = must(seal.NewIdentity(rand.Reader))
		e.Key = c.ids[e.ID].Public()
		c.roster = append(c.roster, e)
	}
	c.signed = must(casework.Sign(c.coordinator, casework.Proposal{Pending: c.roster}))
	return c
}

// receipt gives the receipt of a number, the same in every test.
func (c *camp) receipt(n int) ticket.Receipt {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.receipts) <= n {
		c.receipts = append(c.receipts, must(ticket.NewReceipt(rand.Reader)))
	}
	return c.receipts[n]
}

// stretch does the slow step once for each receipt.
func (c *camp) stretch(ctx context.Context, receipt string) (seal.Stretched, error) {
	c.mu.Lock()
	s, ok := c.stretched[receipt]
	c.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := c.house.Stretch(ctx, c.kiln, receipt)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stretched[receipt] = s
	return s, err
}

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given { // each is a life of some fifty steps on real keys
		try(flag.Set("rapid.checks", "8"))
	}
	code := m.Run()
	_ = os.RemoveAll(theCamp().dir)
	os.Exit(code)
}

// engine is what a mission stands on.
type engine interface {
	kv.Store
	kv.Settler
}

// mission is a Registry with all beneath it, and a clock that a test moves.
type mission struct {
	t        testing.TB
	dir      string
	keys     string
	run      string
	engine   engine
	file     *bolt.Store // nil on the memory engine
	house    *seal.House
	roots    *seal.Roots
	store    *store.Store
	registry *casework.Registry
	ids      map[string]seal.Identity
	options  func(*casework.Options)
	told     map[string][]string

	mu     sync.Mutex
	at     time.Time
	drawn  int
	update int64
}

func (m *mission) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *mission) wait(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

// private copies a directory that only its owner may read.
func private(t testing.TB, from, to string) {
	t.Helper()
	ok(t, os.CopyFS(to, os.DirFS(from)))
	ok(t, os.Chmod(to, 0o700))
	for _, e := range must(os.ReadDir(to)) {
		ok(t, os.Chmod(filepath.Join(to, e.Name()), 0o600))
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

// newMission begins a mission in memory, with its roster in force and everybody reachable.
func newMission(t testing.TB, options ...func(*casework.Options)) *mission {
	return start(t, false, options...)
}

// onDisk begins a mission in a file.
func onDisk(t testing.TB, options ...func(*casework.Options)) *mission {
	return start(t, true, options...)
}

func start(t testing.TB, disk bool, options ...func(*casework.Options)) *mission {
	t.Helper()
	dir := t.TempDir()
	m := &mission{
		t: t, dir: dir, keys: filepath.Join(dir, "keys"), run: filepath.Join(dir, "run"), at: begin, ids: map[string]seal.Identity{},
		told: map[string][]string{},
		options: func(o *casework.Options) {
			for _, set := range options {
				set(o)
			}
		},
	}
	for id, key := range theCamp().ids {
		m.ids[id] = key
	}
	private(t, filepath.Join(theCamp().dir, "keys"), m.keys)
	m.engine = mem.New(m.now)
	if disk {
		ok(t, bolt.Create(m.database()))
		m.file = must(bolt.Open(m.database(), bolt.Options{Now: m.now}))
		m.engine = m.file
	}
	t.Cleanup(func() { m.engine.Close() })
	m.open()
	m.apply(theCamp().signed)
	for _, e := range theCamp().roster {
		if e.Role != ticket.Recovery {
			m.reach(e.ID, bot.Address("staff:"+e.ID))
		}
	}
	return m
}

func (m *mission) database() string { return filepath.Join(m.dir, "data", "amana.db") }

// open opens a Registry on what is there: at the beginning, and after every stop.
func (m *mission) open() {
	m.t.Helper()
	var err error
	m.house, err = seal.OpenHouse(m.keys, rand.Reader)
	ok(m.t, err)
	_, err = m.house.Ensure(m.now())
	ok(m.t, err)
	m.roots, err = seal.OpenRoots(m.run, m.now(), rand.Reader)
	ok(m.t, err)
	m.store = store.New(m.engine, m.house, m.roots)
	o := casework.Options{
		Store: m.store, Roots: m.roots, Kiln: seal.NewKiln(), Now: m.now, Rand: rand.Reader,
		OrgName: func(lang, org string) string { return org + " (" + lang + ")" },
	}
	m.options(&o)
	m.registry, err = casework.New(m.t.Context(), o)
	ok(m.t, err)
	m.registry.Slow(m.draw, theCamp().stretch)
}

// restart stops the program and starts it again; what lives in memory stays, as it does on an upgrade.
func (m *mission) restart() {
	m.t.Helper()
	if m.file != nil {
		ok(m.t, m.file.Close())
		m.file = must(bolt.Open(m.database(), bolt.Options{Now: m.now}))
		m.engine = m.file
	}
	m.open()
}

// reboot is a restart that loses what lives in memory only.
func (m *mission) reboot() {
	m.t.Helper()
	ok(m.t, os.RemoveAll(m.run))
	m.restart()
}

func (m *mission) draw() (ticket.Receipt, error) {
	m.mu.Lock()
	n := m.drawn
	m.drawn++
	m.mu.Unlock()
	return theCamp().receipt(n), nil
}

func (m *mission) apply(s store.Signed) {
	m.t.Helper()
	ok(m.t, m.registry.Apply(m.t.Context(), s))
}

// sign lets the coordinator sign what waits, with more entries or without some.
func (m *mission) sign(more []ticket.Entry, revoke ...string) {
	m.t.Helper()
	p, err := m.registry.Propose(m.t.Context())
	ok(m.t, err)
	p.Pending = append(p.Pending, more...)
	s, err := casework.Sign(theCamp().coordinator, p, revoke...)
	ok(m.t, err)
	m.apply(s)
}

func (m *mission) reach(id string, a bot.Address) {
	m.t.Helper()
	ok(m.t, m.store.Update(m.t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutContact(store.Contact{ID: id, Address: a, Lang: "en"})
	}))
}

// entry makes somebody with a key.
func (m *mission) entry(id, org string, role ticket.Role) ticket.Entry {
	key := must(seal.NewIdentity(rand.Reader))
	m.ids[id] = key
	return ticket.Entry{ID: id, Name: id, Org: org, Role: role, Key: key.Public(), Status: ticket.StatusConfirmed}
}

// chat is somebody with a phone.
type chat struct {
	*mission
	number string
}

func (m *mission) chat(n int) *chat { return &chat{m, strconv.Itoa(70_000_001 + n)} }

func (c *chat) address() bot.Address { return bot.Address("telegram:" + c.number) }

// incoming is a message of theirs, with its update number.
func (c *chat) incoming() bot.Incoming {
	c.mu.Lock()
	c.update++
	n := c.update
	c.mu.Unlock()
	in := bot.Incoming{Kind: bot.Text, Address: c.address(), Sent: c.now()}
	p, was := c.roots.Person("telegram", "7", c.number)
	k, kwas := c.roots.Mark("telegram", "7", n)
	in.Person, in.Was, in.Mark, in.MarkWas = p, was, k, kwas
	return in
}

func (c *chat) turn() bot.Turn {
	in := c.incoming()
	return bot.Turn{Person: in.Person, Was: in.Was, Mark: in.Mark, Address: in.Address, Lang: "en"}
}

func (c *chat) recall(in bot.Incoming) bot.Recall {
	c.t.Helper()
	r, err := c.registry.Recall(c.t.Context(), in)
	ok(c.t, err)
	return r
}

func (c *chat) commit(t bot.Turn) (bot.Done, error) { return c.registry.Commit(c.t.Context(), t) }

// facts are the answers of a report, step and value in turn.
func facts(pairs ...string) (f bot.Facts) {
	f = bot.Facts{
		{Flow: "report", Step: "age", Lang: "en", Values: []string{"adult"}},
		{Flow: "report", Step: "matter", Lang: "en", Values: []string{"sexual"}},
		{Flow: "report", Step: "consent_complaint", Lang: "en", Values: []string{"yes"}, Consent: true, Shown: "May this go to them?"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		fact := bot.Fact{Flow: "report", Step: pairs[i], Lang: "en", Values: []string{pairs[i+1]}}
		if pairs[i] == "story" {
			fact.Values, fact.Text = nil, pairs[i+1]
		}
		f = append(f, fact)
	}
	return f
}

// files sends a report, and gives its receipt and code.
func (c *chat) files(pairs ...string) (receipt, code string) {
	c.t.Helper()
	t := c.turn()
	t.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts(pairs...)}
	done, err := c.commit(t)
	ok(c.t, err)
	return done.Receipt, c.code(done.Receipt)
}

// code gives the code of the report that a receipt opens, as only a test can know it.
func (m *mission) code(receipt string) string { return string(m.report(receipt).Code) }

// report gives the outer record that a receipt leads to.
func (m *mission) report(receipt string) (rep ticket.Report) {
	m.t.Helper()
	s, err := theCamp().stretch(m.t.Context(), receipt)
	ok(m.t, err)
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		for _, p := range m.house.Peppers() {
			if ref, found, err := r.ByMailbox(s.MailboxID(p)); err != nil || found {
				if err == nil {
					rep, _, err = r.Report(ref)
				}
				return err
			}
		}
		return errors.New("no report for this receipt")
	}))
	return rep
}

// opens opens the mailbox of a receipt.
func (c *chat) opens(receipt string) bot.Mail {
	c.t.Helper()
	mail, err := c.registry.Open(c.t.Context(), c.incoming().Person, receipt)
	ok(c.t, err)
	return mail
}

// writes sends a further message.
func (c *chat) writes(receipt, text string) {
	c.t.Helper()
	box := c.opens(receipt).Box
	t := c.turn()
	t.Letter = &bot.Letter{Box: box, Text: text, Lang: "en"}
	_, err := c.commit(t)
	ok(c.t, err)
}

// thread is a report as a reader has opened it.
type thread struct {
	packet seal.Packet
	inside []ticket.Inside // what opened
	shut   int             // what did not
}

// reads lets a reader ask for a report and open it with their own key.
func (m *mission) reads(person, code string) thread {
	m.t.Helper()
	files, err := m.registry.ReadOut(m.t.Context(), person, code)
	ok(m.t, err)
	return m.unpack(files, m.ids[person])
}

func (m *mission) unpack(files []bot.File, keys ...seal.Identity) (out thread) {
	m.t.Helper()
	for _, f := range files {
		p, err := seal.OpenHandOut(f.Bytes, keys...)
		ok(m.t, err)
		out.packet = p
		for _, file := range p.Thread {
			plain, err := seal.OpenMessage(file, keys...)
			if errors.Is(err, seal.ErrNotForYou) {
				out.shut++
				continue
			}
			ok(m.t, err)
			in, err := ticket.DecodeInside(plain)
			ok(m.t, err)
			if id, _ := in.About(); id != ticket.ID(p.Report) {
				m.t.Fatal("a message of another report in the thread")
			}
			out.inside = append(out.inside, in)
		}
	}
	return out
}

// body is the report itself in an opened thread.
func (th thread) body(t testing.TB) *ticket.Body {
	t.Helper()
	i := slices.IndexFunc(th.inside, func(in ticket.Inside) bool { return in.Report != nil })
	if i < 0 {
		t.Fatal("the report does not open")
	}
	return th.inside[i].Report
}

func (th thread) texts() (out []string) {
	for _, in := range th.inside {
		switch {
		case in.Report != nil:
			out = append(out, "report")
		case in.Message != nil:
			out = append(out, in.Message.Text)
		case in.Reply != nil:
			out = append(out, in.Reply.Text)
		case in.Note != nil:
			out = append(out, "note: "+in.Note.Text)
		}
	}
	return out
}

// reply is an answer file in the making, as the program on a reader's machine makes it.
type reply struct {
	kind, state, text string
	header            func(*seal.Header)
}

// writesAnswer makes the signed answer file of a reader.
func (m *mission) writesAnswer(th thread, r reply) []byte {
	m.t.Helper()
	body := th.body(m.t)
	now := m.now().UTC()
	h := seal.Header{Report: th.packet.Report, Kind: "answer", State: r.state}
	_, err := io.ReadFull(rand.Reader, h.Message[:])
	ok(m.t, err)
	if r.kind != "" {
		h.Kind = r.kind
	}
	var keys []string
	for _, c := range th.packet.Cards {
		h.Readers, keys = append(h.Readers, c.ID), append(keys, c.Key)
	}
	in, to := ticket.Inside{Note: &ticket.Note{ID: body.ID, Time: now, By: "ana", Text: r.text}}, ""
	if h.Kind == "answer" {
		h.Nudge, to = body.Nudge, body.Mailbox
		in = ticket.Inside{Reply: &ticket.Reply{ID: body.ID, Time: now, Lang: "en", Role: ticket.FocalPoint, State: ticket.Read, Text: r.text}}
	}
	if r.header != nil {
		r.header(&h)
	}
	plain, err := in.Encode()
	ok(m.t, err)
	file, err := seal.Message(plain, keys, to, rand.Reader)
	ok(m.t, err)
	seed, err := seal.ParseSeed(body.Seed)
	ok(m.t, err)
	signed, err := seal.SignAnswer(seed, h, file)
	ok(m.t, err)
	return signed
}

// answers lets a reader answer a report.
func (m *mission) answers(person, code, text, state string) casework.Taken {
	m.t.Helper()
	taken, err := m.registry.Answer(m.t.Context(), person, m.writesAnswer(m.reads(person, code), reply{text: text, state: state}))
	ok(m.t, err)
	return taken
}

// notices gives what somebody was told until now and has not looked at yet, as "event code".
func (m *mission) notices(person string) (out []string) {
	m.t.Helper()
	for _, n := range m.carried() {
		m.told[n.Reader] = append(m.told[n.Reader], n.Event+" "+n.Code)
	}
	out, m.told[person] = m.told[person], nil
	return out
}

// carried takes everything that is due off the shelf.
func (m *mission) carried() (out []bot.Notice) {
	m.t.Helper()
	for {
		due, err := m.registry.Notices(m.t.Context(), 50)
		ok(m.t, err)
		if len(due) == 0 {
			return out
		}
		for _, n := range due {
			ok(m.t, m.registry.NoticeDone(m.t.Context(), n))
		}
		out = append(out, due...)
	}
}

func (m *mission) tick() int {
	m.t.Helper()
	n, err := m.registry.Tick(m.t.Context())
	ok(m.t, err)
	return n
}

func (m *mission) sweep() {
	m.t.Helper()
	ok(m.t, m.registry.Sweep(m.t.Context(), live))
}

// live is the rule for drafts in these tests: one that says so is idle.
func live(draft []byte) bool { return !bytes.HasPrefix(draft, []byte("idle")) }

// whole asks that everything on the shelves holds together.
func (m *mission) whole() {
	m.t.Helper()
	problems, err := m.registry.Verify(m.t.Context())
	ok(m.t, err)
	for _, p := range problems {
		m.t.Errorf("the shelves do not hold together: %s", p)
	}
}

// audit gives what the chain of a report tells.
func (m *mission) audit(receipt string) (out []string) {
	m.t.Helper()
	rep := m.report(receipt)
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		_, under, err := r.Report(store.RefOf(rep.Day, rep.ID))
		if err != nil {
			return err
		}
		chain, err := r.ReportChain(under, rep.ID)
		for _, e := range chain {
			out = append(out, fmt.Sprintf("%s %s %s", e.Who, e.Did, e.Whom))
		}
		return err
	}))
	return out
}

// enrolment makes the file that a focal point's program makes, with a new key.
func (m *mission) enrolment(id string) []byte {
	m.t.Helper()
	key := must(seal.NewIdentity(rand.Reader))
	m.ids[id] = key
	wrapped, err := seal.Wrap(key, "a long passphrase", must(seal.NewDeviceKey(rand.Reader)), 10)
	ok(m.t, err)
	file, err := seal.Enrolment{Public: key.Public(), Wrapped: wrapped}.Encode()
	ok(m.t, err)
	return file
}

func asJSON(v any) string { return string(must(json.Marshal(v))) }

// everyByte gives all that lies in a directory, by name.
func everyByte(t testing.TB, dirs ...string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, dir := range dirs {
		ok(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			out[p], err = os.ReadFile(p)
			return err
		}))
	}
	return out
}

// useCopy goes on with a copy of the database in place of the one before.
func (m *mission) useCopy(copied string) {
	m.t.Helper()
	ok(m.t, m.engine.Close())
	path := filepath.Join(m.t.TempDir(), "data", "restored.db")
	ok(m.t, bolt.Restore(m.t.Context(), copied, path))
	m.file = must(bolt.Open(path, bolt.Options{Now: m.now}))
	m.engine = m.file
	m.open()
}

// firstMessage gives the id under which the report itself lies in its thread.
func (m *mission) firstMessage(receipt string) (id [16]byte) {
	m.t.Helper()
	rep := m.report(receipt)
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		_, under, err := r.Report(store.RefOf(rep.Day, rep.ID))
		if err != nil {
			return err
		}
		thread, err := r.Thread(under, rep.ID)
		if err == nil {
			id = thread[0].ID
		}
		return err
	}))
	return id
}

// between runs something before the next transactions, as if somebody else had been faster.
func (m *mission) between(fn func()) {
	m.t.Helper()
	m.engine = &faster{engine: m.engine, first: fn}
	m.open()
}

// faster is an engine on which something else always comes first.
type faster struct {
	engine
	mu    sync.Mutex
	busy  bool
	first func()
}

func (f *faster) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	f.mu.Lock()
	now := !f.busy
	f.busy = true
	f.mu.Unlock()
	if now {
		f.first()
		f.mu.Lock()
		f.busy = false
		f.mu.Unlock()
	}
	return f.engine.Update(ctx, id, fn)
}

// newReader gives random bytes that are the same in every run.
func newReader(seed byte) io.Reader { return mathrand.NewChaCha8([32]byte{seed}) }
