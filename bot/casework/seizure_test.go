package casework_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// marks are strings that were typed, shown or kept, none of which may be found anywhere as it was.
type marks map[string]string

// lived plays a mission in which everything has been written that can be: drafts, a report, answers both ways, a note,
// waiting nudges and notices, invitations, enrolments; and gives what was secret in it.
func lived(t *testing.T) (*mission, marks) {
	t.Helper()
	m := onDisk(t)
	a := m.chat(1)
	receipt, code := a.files("story", "MARKSTORY they asked for it", "reach", "MARKREACH", "nudge", "yes", "nudge_hours", "evening",
		"accused", "police", "where", "distribution", "age", "under_18")
	a.writes(receipt, "MARKLETTER")
	m.answers("ana", code, "MARKANSWER", "referred")
	th := m.reads("ana", code)
	_, err := m.registry.Answer(t.Context(), "bea", m.writesAnswer(th, reply{kind: "note", text: "MARKNOTE"}))
	ok(t, err)
	b := m.chat(2)
	turn := b.turn()
	turn.Draft = []byte("MARKDRAFT")
	_, err = b.commit(turn)
	ok(t, err)
	ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.PutTrail(store.Trail{Person: turn.Person, Address: b.address(), IDs: []int64{1, 2, 3}, First: m.now()})
	}))
	word, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "dora", Name: "MARKNAME", Org: "relief", Role: ticket.FocalPoint}, "en", false)
	ok(t, err)
	_, err = m.registry.Follow(t.Context(), "staff:MARKSTAFF", word)
	ok(t, err)
	_, err = m.registry.Enrol(t.Context(), "staff:MARKSTAFF", m.enrolment("dora"))
	ok(t, err)
	m.sweep()
	groups := must(ticket.ParseReceipt(receipt)).Groups()
	return m, marks{
		"story": "MARKSTORY", "reach": "MARKREACH", "letter": "MARKLETTER", "answer": "MARKANSWER", "note": "MARKNOTE", "draft": "MARKDRAFT",
		"name": "MARKNAME", "staff address": "MARKSTAFF", "contact": "staff:ana", "chat of the reporter": a.number, "chat of another": b.number,
		"receipt": receipt, "receipt as shown": groups, "code": code, "invitation": word, "step": "involved_org", "category": "police",
	}
}

// forms are the ways in which a string may lie in a file.
func forms(s string) [][]byte {
	b := []byte(s)
	return [][]byte{
		b, []byte(hex.EncodeToString(b)), []byte(strings.ToUpper(hex.EncodeToString(b))),
		[]byte(base64.StdEncoding.EncodeToString(b))[:len(b)/3*4], []byte(base64.RawURLEncoding.EncodeToString(b))[:len(b)/3*4],
	}
}

// TestNothingInClear searches every byte that is written: the database, its copy, the key directory and its backup, the
// runtime directory.
func TestNothingInClear(t *testing.T) {
	m, secret := lived(t)
	ok(t, m.file.Compact(t.Context(), m.dir+"/data/copy.db"))
	keys, err := os.OpenFile(m.dir+"/data/keys.age", os.O_CREATE|os.O_WRONLY, 0o600)
	ok(t, err)
	_, err = m.house.Backup(keys, []string{theCamp().ids["vault"].Public()})
	ok(t, err)
	ok(t, keys.Close())
	files := everyByte(t, m.dir)
	if len(files) < 12 {
		t.Fatalf("only %d files were searched", len(files))
	}
	for name, content := range files {
		for what, s := range secret {
			for _, form := range forms(s) {
				if bytes.Contains(content, form) {
					t.Errorf("%s holds the %s", strings.TrimPrefix(name, m.dir), what)
				}
			}
		}
	}
}

// raw walks everything in the database.
func raw(t testing.TB, e engine, fn func(k, v []byte)) {
	t.Helper()
	ok(t, e.View(t.Context(), func(r kv.Reader) error {
		var from []byte
		for {
			pairs, err := r.Scan(from, nil, kv.MaxScan)
			for _, p := range pairs {
				fn(p.Key, p.Value)
			}
			if err != nil || len(pairs) < kv.MaxScan {
				return err
			}
			from = kv.After(pairs[len(pairs)-1].Key)
		}
	}))
}

// TestStoryL: database, key directory and configuration are taken, the memory and the focal points' keys are not.
func TestStoryL(t *testing.T) {
	m, secret := lived(t)
	real, _ := m.roots.Person("telegram", "7", secret["chat of another"])
	found := false
	raw(t, m.engine, func(k, _ []byte) { found = found || bytes.Contains(k, real[:]) })
	if !found {
		t.Fatal("the draft of the second chat is not where this test looks for it")
	}
	// The thief's runtime directory is a new one: the roots are gone with the power.
	m.reboot()

	// What the keys open holds nothing that anybody told: no answer, no receipt, no chat.
	told := marks{}
	for _, what := range []string{"story", "reach", "letter", "answer", "note", "draft", "chat of the reporter", "chat of another", "receipt", "receipt as shown", "step"} {
		told[what] = secret[what]
	}
	opened := 0
	raw(t, m.engine, func(k, v []byte) {
		plain, _, err := m.house.Open(k, v)
		if err != nil {
			return
		}
		opened++
		for what, s := range told {
			for _, form := range forms(s) {
				if bytes.Contains(plain, form) {
					t.Errorf("the key directory opens the %s on the shelf %q", what, k[0])
				}
			}
		}
	})
	if opened < 30 {
		t.Errorf("the keys opened %d records only", opened)
	}
	// A sealed message opens with none of the keys that lie about: here, with the one that the thief makes.
	thief := must(seal.NewIdentity(rand.Reader))
	rep := m.report(secret["receipt"])
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		_, under, err := r.Report(store.RefOf(rep.Day, rep.ID))
		if err != nil {
			return err
		}
		thread, err := r.Thread(under, rep.ID)
		for _, msg := range thread {
			if _, err := seal.OpenMessage(msg.File, thief); err == nil {
				t.Error("a message opens without its readers")
			}
			if !slices.Contains(seal.MessageSizes(), len(msg.File)) {
				t.Errorf("a message of %d bytes", len(msg.File))
			}
		}
		return err
	}))
	// No chat id can be tried: the right one has another name now, and its drafts and closing records open no more.
	now, was := m.roots.Person("telegram", "7", secret["chat of another"])
	raw(t, m.engine, func(k, _ []byte) {
		if bytes.Contains(k, now[:]) || was != [16]byte{} && bytes.Contains(k, was[:]) {
			t.Error("the right chat id can be told from others")
		}
	})
	for _, label := range []string{"person", "mark", "draft", "closing", "address", "contact"} {
		for _, form := range []string{secret["chat of another"], "telegram:" + secret["chat of another"]} {
			name := m.house.MAC(label, []byte(form))
			raw(t, m.engine, func(k, _ []byte) {
				if bytes.Contains(k, name[:]) {
					t.Errorf("a chat stands in a key under the label %q", label)
				}
			})
		}
	}
	if r := m.chat(2).recall(m.chat(2).incoming()); r.Draft != nil {
		t.Error("a draft opens without the memory")
	}

	// Database without key directory: the right receipt leads nowhere.
	other := must(seal.CreateHouse(m.dir+"/other", m.now(), rand.Reader))
	s, err := other.Stretch(t.Context(), theCamp().kiln, secret["receipt"])
	ok(t, err)
	for _, pepper := range other.Peppers() {
		id := s.MailboxID(pepper)
		raw(t, m.engine, func(k, _ []byte) {
			if bytes.Contains(k, id[:]) {
				t.Error("a receipt finds its mailbox without the key directory")
			}
		})
	}
	foreign := store.New(m.engine, other, m.roots)
	_, err = casework.New(t.Context(), casework.Options{Store: foreign, Roots: m.roots, Kiln: seal.NewKiln(), Now: m.now, Rand: rand.Reader})
	wantErr(t, err, casework.ErrOtherHouse)
}

// The server can read of a report what these fields hold, and nothing else. Whoever adds one changes a promise.
func TestOuterRecord(t *testing.T) {
	for _, x := range []struct {
		of   any
		want string
	}{
		{ticket.Report{}, "ID Code Day Due Kind Urgency Area Lang State Class Hold Readers Excluded MailboxID MailboxKey SigningKey Unread Tray"},
		{ticket.Reader{}, "Person Handed"},
		{ticket.Due{}, "Step From At Made"},
		{store.Message{}, "ID Seq Kind Day Of To Header Signature By Hash Voices Fresh File"},
		{store.Waiting{}, "ID Report Reader Event Due Tries Dead Why Claim"},
		{store.Entry{}, "Day Who Did Whom File"},
	} {
		var got []string
		for f := range reflect.TypeOf(x.of).Fields() {
			got = append(got, f.Name)
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%T has the fields %v, want %s", x.of, got, x.want)
		}
	}
	// What a reader signed is kept without the return address that came with it: no house key may ever lead to that.
	w := newMission(t)
	_, code := w.chat(1).files("nudge", "yes", "nudge_hours", "any")
	th := w.reads("ana", code)
	w.answers("ana", code, "an answer", "read")
	opened := 0
	raw(t, w.engine, func(k, v []byte) {
		plain, _, err := w.house.Open(k, v)
		if err != nil {
			return
		}
		opened++
		for _, form := range forms(string(th.body(t).Nudge)) {
			if bytes.Contains(plain, form) {
				t.Errorf("the return address lies under a house key on the shelf %q", k[0])
			}
		}
	})
	if opened < 10 {
		t.Errorf("the keys opened %d records only", opened)
	}
	// Age and accused category are counted and not kept with the report.
	m := newMission(t)
	receipt, _ := m.chat(1).files("accused", "police", "age", "under_18")
	rep := m.report(receipt)
	for _, s := range []string{"police", "under_18", "adult"} {
		if bytes.Contains(rep.Append(nil), []byte(s)) {
			t.Errorf("the outer record holds %q", s)
		}
	}
}

// Errors tell an operator what went wrong, and nobody who wrote, what, or from where.
func TestErrorsAreQuiet(t *testing.T) {
	m, secret := lived(t)
	a := m.chat(1)
	var errs []error
	note := func(err error) {
		t.Helper()
		if err == nil {
			t.Error("no error where one belongs")
		}
		errs = append(errs, err)
	}
	long := a.turn()
	long.Filing = &bot.Filing{Kind: "sea", Lang: "en", Facts: facts("story", strings.Repeat("MARKSTORY ", 4000))}
	_, err := a.commit(long)
	note(err)
	far := a.turn()
	far.Address += bot.Address(strings.Repeat("9", 100))
	far.Filing = &bot.Filing{Kind: "sea", Lang: "en", Facts: facts("nudge", "yes", "nudge_hours", "any")}
	_, err = a.commit(far)
	note(err)
	_, err = m.registry.Open(t.Context(), a.incoming().Person, secret["receipt"][:15]+"x")
	note(err)
	for _, code := range []string{secret["code"], "MARKSTORY"} {
		_, err = m.registry.ReadOut(t.Context(), "MARKSTAFF", code)
		note(err)
	}
	_, err = m.registry.Follow(t.Context(), "staff:MARKSTAFF", secret["invitation"])
	note(err)
	_, err = m.registry.Enrol(t.Context(), "staff:MARKSTAFF", []byte("MARKSTORY"))
	note(err)
	_, err = m.registry.Answer(t.Context(), "ana", []byte("MARKSTORY"))
	note(err)
	m.damage('T', 'R', 'O', 'S', 'C', 'E')
	_, err = m.registry.ReadOut(t.Context(), "ana", secret["code"])
	note(err)
	m.wait(48 * time.Hour)
	_, err = m.registry.Tick(t.Context())
	note(err)
	_, err = m.registry.Notices(t.Context(), 10, nil)
	note(err)
	_, _, err = m.registry.Colleague(t.Context(), "staff:ana")
	note(err)
	letter := a.turn()
	letter.Letter = &bot.Letter{Box: [16]byte{1}, Text: "MARKLETTER"}
	_, err = a.commit(letter)
	note(err)
	ok(t, m.engine.Close())
	_, err = a.commit(a.turn())
	note(err)
	_, err = m.registry.Recall(t.Context(), a.incoming())
	note(err)
	for _, err := range errs {
		for what, s := range secret {
			if strings.Contains(err.Error(), s) {
				t.Errorf("an error holds the %s: %v", what, err)
			}
		}
	}
}

// damage flips a bit in every value of some shelves.
func (m *mission) damage(shelves ...byte) {
	m.t.Helper()
	var keys, values [][]byte
	raw(m.t, m.engine, func(k, v []byte) {
		if slices.Contains(shelves, k[0]) && len(v) > 0 {
			v[len(v)/2] ^= 1
			keys, values = append(keys, k), append(values, v)
		}
	})
	ok(m.t, m.engine.Update(m.t.Context(), kv.ID{}, func(tx kv.Tx) error {
		for i := range keys {
			if err := tx.Put(keys[i], values[i]); err != nil {
				return err
			}
		}
		return nil
	}))
}
