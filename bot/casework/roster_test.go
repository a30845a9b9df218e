package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Whoever is revoked is told nothing, sees nothing and is nobody, from the moment at which the roster is applied.
func TestRevoked(t *testing.T) {
	m := newMission(t)
	receipt, code := m.chat(1).files()
	m.sign(nil, "ana")
	if _, known, err := m.registry.Colleague(t.Context(), "staff:ana"); known || err != nil {
		t.Error("a revoked person is still known", err)
	}
	m.wait(time.Hour)
	for range 20 {
		if got := m.notices("ana"); len(got) != 0 {
			t.Fatalf("a revoked person is told %v", got)
		}
		m.wait(6 * time.Hour)
		m.tick()
	}
	for _, err := range []error{
		second(m.registry.Inbox(t.Context(), "ana")), second(m.registry.ReadOut(t.Context(), "ana", code)),
		second(m.registry.Acknowledge(t.Context(), "ana", code)), m.registry.Recuse(t.Context(), "ana", code),
		second(m.registry.Answer(t.Context(), "ana", nil)),
	} {
		wantErr(t, err, casework.ErrUnknown)
	}
	if m.size('E') != 3 || m.size('L') != 3 {
		t.Errorf("%d contacts and %d addresses are kept", m.size('E'), m.size('L'))
	}
	m.chat(1).writes(receipt, "later")
	files, err := m.registry.ReadOut(t.Context(), "bea", code)
	ok(t, err)
	p, err := seal.OpenHandOut(files[0].Bytes, m.ids["bea"])
	ok(t, err)
	if _, err := seal.OpenMessage(p.Thread[1].File, m.ids["ana"]); !errors.Is(err, seal.ErrNotForYou) {
		t.Error("a further message was sealed to a revoked key")
	}
	m.whole()
}

func second[T any](_ T, err error) error { return err }

// A roster counts only as its pinned coordinator signed it, whole, and newer than the one before.
func TestRosterSigned(t *testing.T) {
	m := newMission(t)
	p, err := m.registry.Propose(t.Context())
	ok(t, err)
	good := must(casework.Sign(theCamp().coordinator, p))
	bad := func(change func(*store.Signed)) error {
		s := good
		s.Cards = slices.Clone(s.Cards)
		change(&s)
		return m.registry.Apply(t.Context(), s)
	}
	stranger := must(seal.NewCoordinatorKey(newReader(3)))
	for name, err := range map[string]error{
		"changed":            bad(func(s *store.Signed) { s.Statement = append([]byte(" "), s.Statement[:len(s.Statement)-2]...) }),
		"another signature":  bad(func(s *store.Signed) { s.Signature = seal.SignRoster(stranger, []byte("x")) }),
		"another signer":     m.registry.Apply(t.Context(), must(casework.Sign(stranger, casework.Proposal{Last: ticket.Roster{Version: 1}, Older: true, Pending: theCamp().roster}))),
		"a card is missing":  bad(func(s *store.Signed) { s.Cards = s.Cards[1:] }),
		"a card of before":   bad(func(s *store.Signed) { s.Cards[0] = theCamp().signed.Cards[0] }),
		"another's card":     bad(func(s *store.Signed) { s.Cards[0].Key = s.Cards[1].Key }),
		"the one in force":   m.registry.Apply(t.Context(), theCamp().signed),
		"nobody of the name": second(casework.Sign(theCamp().coordinator, p, "nobody")),
	} {
		if err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if v := m.registry.Roster().Version; v != 1 {
		t.Errorf("version %d is in force", v)
	}
	m.apply(good)
	wantErr(t, m.registry.Apply(t.Context(), good), casework.ErrOldRoster)
	m.restart()
	if v := m.registry.Roster().Version; v != 2 {
		t.Errorf("after a restart version %d is in force", v)
	}
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		chain, err := r.SharedChain()
		if len(chain) != 2 {
			t.Errorf("the shared chain has %d entries", len(chain))
		}
		return err
	}))
}

// The largest roster that can be signed travels whole with a report, so that a reader's program can prove who reads; one
// that is a letter longer is refused before it is signed, and a server takes none.
func TestLargestRoster(t *testing.T) {
	m := newMission(t)
	p, err := m.registry.Propose(t.Context())
	ok(t, err)
	size := func() int {
		next, err := p.Next(theCamp().coordinator.Public())
		ok(t, err)
		return len(must(next.Encode()))
	}
	for n := 0; n < 140 || size() <= casework.MostRoster; n++ {
		e := m.entry(fmt.Sprintf("reader-%03d", n), "health", ticket.FocalPoint)
		e.Name = fmt.Sprintf("The reader number %d of health", n)
		p.Pending = append(p.Pending, e)
	}
	over := size() - casework.MostRoster
	for i := len(p.Pending) - 1; over != 0; i-- { // names of 1 to 80 letters bring it to the very edge
		n := min(max(len(p.Pending[i].Name)-over, 1), 80)
		over += n - len(p.Pending[i].Name)
		p.Pending[i].Name = strings.Repeat("x", n)
	}
	if size() != casework.MostRoster {
		t.Fatalf("%d bytes", size())
	}
	m.apply(must(casework.Sign(theCamp().coordinator, p)))
	m.restart()
	receipt, code := m.chat(1).files()
	if th := m.reads(m.report(receipt).Handed()[0], code); th.body(t) == nil || len(th.packet.Roster) != casework.MostRoster {
		t.Errorf("%d bytes of roster were handed out", len(th.packet.Roster))
	}
	m.whole()

	p.Pending[0].Name += "x"
	if size() != casework.MostRoster+1 {
		t.Fatalf("%d bytes", size())
	}
	if _, err := casework.Sign(theCamp().coordinator, p); err == nil || !strings.Contains(err.Error(), "revoked long ago") {
		t.Errorf("a roster that cannot travel was signed: %v", err)
	}
}

// Whoever a report is sealed to is counted when a reporter is told who can read it, each once: who reads it, who waits until
// a deadline has passed, and which keys lie apart. Every organisation is named.
func TestReadership(t *testing.T) {
	m := newMission(t)
	r := m.registry.Readership("sea", "ar", facts())
	want := bot.Readership{
		Verdict: "enough", Hours: 24, Outside: []string{"agency (ar)", "health (ar)", "relief (ar)"},
		Now: bot.Circle{Count: 2, Names: []string{"health (ar)", "relief (ar)"}}, Later: bot.Circle{Count: 2, Names: []string{"agency (ar)", "relief (ar)"}},
		Spare: bot.Circle{Count: 1, Names: []string{"agency (ar)"}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	receipt, code := m.chat(1).files()
	rep := m.report(receipt)
	if n := len(m.reads("ana", code).packet.Cards); n != r.Now.Count+r.Later.Count+r.Spare.Count || len(rep.Handed()) != r.Now.Count || len(rep.Waiting()) != r.Later.Count {
		t.Errorf("told of %+v, sealed to %d keys, of %+v", r, n, rep.Readers)
	}
	// Whoever waits and holds a recovery key too is one person.
	vault := theCamp().roster[4]
	vault.Holder = "cora"
	m.sign([]ticket.Entry{vault})
	if r := m.registry.Readership("sea", "en", facts()); r.Later.Count != 2 || r.Spare.Count != 0 {
		t.Errorf("%+v", r)
	}
	if r := m.registry.Readership("sea", "en", facts("involved", "not_sure")); r.Verdict != "none" || r.Now.Count != 0 {
		t.Errorf("%+v", r)
	}
	// People of the accused organisation read, and it is said who does not work there; or none of them reads, if that is wanted
	// and enough are left.
	accused := facts("organisation", "health", "age", "adult")
	if r := m.registry.Readership("sea", "en", accused); r.Verdict != "mixed" || r.Accused != "health (en)" || !r.Inside || r.Apart || !slices.Equal(r.Outside, []string{"agency (en)", "relief (en)"}) {
		t.Errorf("%+v", r)
	}
	apart := facts("organisation", "health", "age", "adult", "inside", "keep_out")
	if r := m.registry.Readership("sea", "en", apart); r.Verdict != "enough" || r.Inside || !r.Apart || !slices.Equal(r.Now.Names, []string{"relief (en)"}) || r.Spare.Count != 0 {
		t.Errorf("%+v", r)
	}
	if r := m.registry.Readership("sea", "en", facts("organisation", "none")); r.Verdict != "enough" || r.Accused != "" || r.Inside {
		t.Errorf("%+v", r)
	}
	m.sign(nil, "ana", "bea", "bo")
	if r := m.registry.Readership("sea", "en", facts()); r.Verdict != "none" {
		t.Errorf("%+v", r)
	}
	turn := m.chat(2).turn()
	turn.Filing = &bot.Filing{Kind: "sea", Lang: "en", Facts: facts()}
	_, err := m.chat(2).commit(turn)
	wantErr(t, err, bot.ErrNoReaders)
}

// Enrolment: the link is for one address, once, for a day; the key counts when it is signed; the owner is told.
func TestEnrolment(t *testing.T) {
	m := newMission(t)
	e := ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}
	word, err := m.registry.Invite(t.Context(), e, "ar", true)
	ok(t, err)
	if len(word) != 24 {
		t.Errorf("a word of %d letters", len(word))
	}
	other := "a"
	if word[23:] == other {
		other = "b"
	}
	_, err = m.registry.Follow(t.Context(), "staff:x", word[:23]+other)
	wantErr(t, err, casework.ErrInvitation)
	g, err := m.registry.Follow(t.Context(), "staff:dora", word)
	if err != nil || g.Name != "Dora" || g.Lang != "ar" {
		t.Fatalf("%+v %v", g, err)
	}
	_, err = m.registry.Follow(t.Context(), "staff:dora", word) // tapped twice
	ok(t, err)
	_, err = m.registry.Follow(t.Context(), "staff:eve", word)
	wantErr(t, err, casework.ErrInvitation)
	file := m.enrolment("dora")
	_, err = m.registry.Enrol(t.Context(), "staff:eve", file)
	wantErr(t, err, casework.ErrInvitation)
	_, err = m.registry.Enrol(t.Context(), "staff:dora", []byte("amana enrolment 1\nrubbish"))
	wantErr(t, err, casework.ErrEnrolment)
	fingerprint, err := m.registry.Enrol(t.Context(), "staff:dora", file)
	if err != nil || fingerprint != seal.Fingerprint(m.ids["dora"].Public()) {
		t.Fatal(fingerprint, err)
	}
	_, err = m.registry.Enrol(t.Context(), "staff:dora", file)
	wantErr(t, err, casework.ErrInvitation)
	_, err = m.registry.Follow(t.Context(), "staff:dora", word)
	wantErr(t, err, casework.ErrInvitation)

	c, known, err := m.registry.Colleague(t.Context(), "staff:dora")
	if !known || c.Signed || c.Lang != "ar" || err != nil {
		t.Errorf("%+v %v %v", c, known, err)
	}
	_, code := m.chat(1).files()
	_, err = m.registry.ReadOut(t.Context(), "dora", code)
	wantErr(t, err, casework.ErrUnknown)
	m.sign(nil)
	if c, _, _ = m.registry.Colleague(t.Context(), "staff:dora"); !c.Signed || c.Name != "Dora" {
		t.Errorf("%+v", c)
	}
	if got := m.notices("dora"); !slices.Equal(got, []string{"confirmed "}) {
		t.Errorf("told %v", got)
	}
	receipt, code := m.chat(2).files()
	if !m.report(receipt).IsReader("dora") || m.reads("dora", code).body(t) == nil {
		t.Error("a confirmed reader does not read")
	}
	ok(t, m.registry.Speak(t.Context(), "dora", "en"))
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		contact, found, err := r.Contact("dora")
		if !found || contact.Lang != "en" || !contact.Sealed || len(contact.Wrapped) == 0 {
			t.Errorf("the wrapped key is not kept for its owner: %v", found)
		}
		return err
	}))
	late, err := m.registry.Invite(t.Context(), e, "en", false)
	ok(t, err)
	m.wait(25 * time.Hour)
	_, err = m.registry.Follow(t.Context(), "staff:other", late)
	wantErr(t, err, casework.ErrInvitation)
	m.whole()
}

// Whoever could not be reached gets what was given up, once there is a way to reach them.
func TestRevive(t *testing.T) {
	m := newMission(t)
	m.sign([]ticket.Entry{m.entry("dora", "relief", ticket.FocalPoint)})
	_, code := m.chat(1).files()
	m.wait(time.Hour)
	due, err := m.registry.Notices(t.Context(), 50, nil)
	ok(t, err)
	for _, n := range due {
		if n.Reader == "dora" {
			if n.Address != "" {
				t.Error("an address from nowhere")
			}
			ok(t, m.registry.NoticeLater(t.Context(), n, m.now().Add(time.Hour), true, "no way"))
		}
	}
	m.wait(3 * time.Hour)
	if got := m.notices("dora"); len(got) != 0 {
		t.Errorf("a notice that was given up is carried: %v", got)
	}
	dead, err := m.registry.Dead(t.Context())
	if err != nil || dead["dora"] != "no way" {
		t.Errorf("%v %v", dead, err)
	}
	word, err := m.registry.Invite(t.Context(), ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}, "en", false)
	ok(t, err)
	_, err = m.registry.Follow(t.Context(), "staff:dora", word)
	ok(t, err)
	_, err = m.registry.Enrol(t.Context(), "staff:dora", m.enrolment("dora"))
	ok(t, err)
	m.sign(nil)
	if got := m.notices("dora"); !slices.Contains(got, "report "+code) || !slices.Contains(got, "confirmed ") {
		t.Errorf("dora is told %v", got)
	}
}
