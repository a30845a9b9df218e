package casework_test

import (
	"compress/gzip"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/seal"
	"amana/bot/store"
)

// before opens, with the present program, what one wrote before there was a format number: see testdata/before/README.md.
func before(t *testing.T) (m *mission, receipts, codes []string) {
	t.Helper()
	var people struct {
		At      time.Time
		IDs     map[string]string
		Reports []struct{ Receipt, Code string }
	}
	const from = "testdata/before"
	ok(t, json.Unmarshal(must(os.ReadFile(from+"/people.json")), &people))
	dir := t.TempDir()
	m = &mission{
		t: t, dir: dir, keys: filepath.Join(dir, "keys"), run: filepath.Join(dir, "run"), at: people.At, ids: map[string]seal.Identity{},
		told: map[string][]string{}, options: func(*casework.Options) {},
	}
	for id, key := range people.IDs {
		m.ids[id] = must(seal.ParseIdentity(key))
	}
	private(t, from+"/keys", m.keys)
	ok(t, os.MkdirAll(filepath.Dir(m.database()), 0o700))
	packed := must(gzip.NewReader(must(os.Open(from + "/amana.db.gz"))))
	ok(t, os.WriteFile(m.database(), must(io.ReadAll(packed)), 0o600))
	for _, r := range people.Reports {
		receipts, codes = append(receipts, r.Receipt), append(codes, r.Code)
	}
	m.file = must(bolt.Open(m.database(), bolt.Options{Now: m.now}))
	m.engine = m.file
	t.Cleanup(func() { m.engine.Close() })
	return m, receipts, codes
}

// reopen opens the registry with the slow step of its own key directory.
func (m *mission) reopen() error {
	m.house = must(seal.OpenHouse(m.keys, rand.Reader))
	m.roots = must(seal.OpenRoots(m.run, m.now(), rand.Reader))
	m.store = store.New(m.engine, m.house, m.roots)
	var err error
	m.registry, err = casework.New(m.t.Context(), casework.Options{
		Store: m.store, Roots: m.roots, Kiln: seal.QuickKiln(), Now: m.now, Rand: rand.Reader,
		OrgName: func(_, org string) string { return org },
	})
	return err
}

// A database of an older program opens: its reports open for their readers, its receipts open their mailboxes, answers go on
// in both directions, its notices are carried, its deadlines run, and everything holds together.
func TestDatabaseOfAnOlderProgram(t *testing.T) {
	m, receipts, codes := before(t)
	ok(t, m.reopen())
	if from, upgraded := m.registry.Upgraded(); !upgraded || from != 1 {
		t.Errorf("upgraded from %d, %v", from, upgraded)
	}
	m.whole()
	a := m.chat(1)
	open := func(n int) (state string, answers int) {
		t.Helper()
		mail := a.opens(receipts[n])
		return mail.State, len(mail.Answers)
	}
	if state, n := open(0); state != "referred" || n != 1 {
		t.Errorf("the first is %s, with %d answers", state, n)
	}
	if state, n := open(1); state != "received" || n != 1 { // its reporter wrote after it was closed
		t.Errorf("the second is %s, with %d answers", state, n)
	}
	for n, want := range []int{2, 3, 1} {
		if got := len(m.reads("bea", codes[n]).inside); got != want {
			t.Errorf("bea opens %d messages of report %d, want %d", got, n, want)
		}
	}
	lines := must(m.registry.Inbox(t.Context(), "ana"))
	for _, l := range lines {
		if l.Tray != "" || l.Code == codes[2] {
			t.Errorf("ana finds %+v", l)
		}
	}
	if len(lines) != 2 {
		t.Errorf("ana finds %d reports", len(lines))
	}
	m.answers("ana", codes[0], "a word of the newer program", "confirmed")
	mailbox := a.opens(receipts[0]).Box
	turn := a.letter(mailbox)
	_, err := a.commit(turn)
	ok(t, err)
	if state, n := open(0); state != "confirmed" || n != 2 {
		t.Errorf("after an answer it is %s, with %d", state, n)
	}
	done, err := a.commit(a.reporting("story", "a new one"))
	ok(t, err)
	a.opens(done.Receipt)
	m.wait(30 * time.Hour)
	if m.tick() == 0 {
		t.Error("no deadline of the older reports runs")
	}
	m.wait(time.Hour)
	if len(m.carried()) == 0 {
		t.Error("no notice is carried")
	}
	m.whole()
	ok(t, m.reopen()) // and a second start is an ordinary one
	if _, upgraded := m.registry.Upgraded(); upgraded {
		t.Error("upgraded twice")
	}
}

// What a later program has written is refused before anything is changed, and it is said what to do.
func TestDatabaseOfALaterProgram(t *testing.T) {
	for _, later := range [][]byte{{store.Format + 1}, {1, 2}, {}} {
		m, _, _ := before(t)
		form := append([]byte("Zformat"), make([]byte, 10)...)
		ok(t, m.engine.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Put(form, later) }))
		was := everyByte(t, filepath.Dir(m.database()))[m.database()]
		wantErr(t, m.reopen(), casework.ErrNewer)
		if string(everyByte(t, filepath.Dir(m.database()))[m.database()]) != string(was) {
			t.Error("a refused database was changed")
		}
	}
}

// Where several processes share a database, an older program that runs while a later one starts refuses from then on whatever
// it is asked, and writes nothing: it never meets what it cannot read. The later one goes on with what the older one left.
func TestALaterProgramBeside(t *testing.T) {
	a := newMission(t, together(1))
	b := a.beside(2)
	receipt, code := a.chat(1).files("story", "before")
	turn, filing := a.chat(2).turn(), a.chat(3).reporting("story", "too late")
	turn.Draft = []byte("what somebody tells")

	form := store.Format + 1
	was := b.options
	b.options = func(o *casework.Options) { was(o); o.Form = form }
	b.open()
	if from, upgraded := b.registry.Upgraded(); !upgraded || from != store.Format {
		t.Errorf("upgraded from %d, %v", from, upgraded)
	}
	before := pairs(t, a.engine)
	ctx := t.Context()
	for what, err := range map[string]error{
		"looking":     a.registry.Fresh(ctx),
		"turn":        second(a.chat(2).commit(turn)),
		"filing":      second(a.chat(3).commit(filing)),
		"recall":      second(a.registry.Recall(ctx, a.chat(1).incoming())),
		"receipt":     second(a.registry.Open(ctx, bot.Person{1}, receipt)),
		"inbox":       second(a.registry.Inbox(ctx, "ana")),
		"read":        second(a.registry.ReadOut(ctx, "ana", code)),
		"acknowledge": second(a.registry.Acknowledge(ctx, "ana", code)),
		"sweep":       a.registry.Sweep(ctx, func([]byte) bool { return false }),
		"clock":       second(a.registry.Tick(ctx)),
		"notices":     second(a.registry.Notices(ctx, 10, func([16]byte, string) bool { return false })),
	} {
		if !errors.Is(err, casework.ErrNewer) || !errors.Is(err, bot.ErrNewer) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if !maps.Equal(before, pairs(t, a.engine)) {
		t.Error("an older program has changed something")
	}
	wantErr(t, a.reopen(), casework.ErrNewer)
	if !maps.Equal(before, pairs(t, a.engine)) {
		t.Error("an older program has changed something when it started again")
	}
	if mail := b.chat(1).opens(receipt); mail.State != "received" {
		t.Errorf("the report of before is %s", mail.State)
	}
	_, err := b.chat(3).commit(filing)
	ok(t, err)
	b.whole()
}

// pairs is everything that lies in a database.
func pairs(t *testing.T, engine kv.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	ok(t, engine.View(t.Context(), func(r kv.Reader) error {
		for from := []byte{0}; ; {
			page, err := r.Scan(from, []byte{255}, 1000)
			for _, p := range page {
				all[string(p.Key)] = string(p.Value)
			}
			if err != nil || len(page) < 1000 {
				return err
			}
			from = kv.After(page[len(page)-1].Key)
		}
	}))
	return all
}

// A new database has the present form from the beginning.
func TestDatabaseOfThisProgram(t *testing.T) {
	m := newMission(t)
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		if form, err := r.Format(); err != nil || form != store.Format {
			t.Errorf("a new database is of form %d, %v", form, err)
		}
		return nil
	}))
	if _, upgraded := m.registry.Upgraded(); upgraded {
		t.Error("a new database was upgraded")
	}
}
