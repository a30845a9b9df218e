package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/store"
	"amana/bot/ticket"
)

// proofs gives what the outbox would carry now, parted into digits by address and everything else by address.
func (m *mission) proofs() (digits, rest map[string][]string) {
	digits, rest = map[string][]string{}, map[string][]string{}
	for _, n := range m.carried() {
		to, what := rest, n.Event+" "+n.Code
		if n.Event == "proof" {
			to, what = digits, n.Code
		}
		to[n.Address.Reveal()] = append(to[n.Address.Reveal()], what)
	}
	return digits, rest
}

// told gives how somebody is told, as the operator reads it.
func (m *mission) toldOf(person string) casework.Told {
	m.t.Helper()
	all, err := m.registry.Everybody(m.t.Context())
	ok(m.t, err)
	i := slices.IndexFunc(all, func(t casework.Told) bool { return t.Person == person })
	if i < 0 {
		m.t.Fatalf("%s is told nowhere", person)
	}
	return all[i]
}

// wrongDigits are six that were not sent.
func wrongDigits(right string) string {
	if right == "000000" {
		return "000001"
	}
	return "000000"
}

// TestWay: whatever happens before the digits come back, the other place gets them and nothing else; then notices go there,
// and the person still writes from where they did.
func TestWay(t *testing.T) {
	m := newMission(t)
	const at = "mail:ana@example.org"
	m.reach("ana", "telegram:5")
	ok(t, m.registry.TellAt(t.Context(), "operator", "ana", at, true))
	if got := m.toldOf("ana"); got.At != "telegram" || got.Next != at || got.Sealed {
		t.Errorf("%+v", got)
	}
	_, code := m.chat(1).files()
	m.wait(20 * time.Minute)
	digits, rest := m.proofs()
	if len(digits) != 1 || len(digits[at]) != 1 || len(digits[at][0]) != 6 || rest[at] != nil || !slices.Contains(rest["telegram:5"], "report "+code) {
		t.Fatalf("digits %v, the rest %v", digits, rest)
	}
	right := digits[at][0]
	if me := must(m.registry.WhoAmI(t.Context(), "ana")); me.Proves != "mail" || !me.Elsewhere {
		t.Errorf("%+v", me)
	}
	wantErr(t, m.registry.Prove(t.Context(), "ana", "ana", wrongDigits(right)), casework.ErrProof)
	wantErr(t, m.registry.Prove(t.Context(), "bea", "bea", right), casework.ErrNoProof) // they are ana's
	m.restart()
	ok(t, m.registry.Prove(t.Context(), "ana", "ana", right[:3]+" "+right[3:]))
	if got := m.toldOf("ana"); got.At != at || got.Next != "" || !got.Sealed {
		t.Errorf("%+v", got)
	}
	_, code = m.chat(2).files()
	m.wait(20 * time.Minute)
	if digits, rest = m.proofs(); len(digits) != 0 || !slices.Equal(rest[at], []string{"report " + code}) || rest["telegram:5"] != nil {
		t.Errorf("digits %v, the rest %v", digits, rest)
	}
	if c, found, err := m.registry.Colleague(t.Context(), "telegram:5"); !found || c.ID != "ana" || err != nil {
		t.Errorf("in the chat ana is %+v %v %v", c, found, err)
	}
	if _, found, _ := m.registry.Colleague(t.Context(), at); found {
		t.Error("somebody can write from a mail address")
	}
	ok(t, m.registry.TellThere(t.Context(), "operator", "ana"))
	if got := m.toldOf("ana"); got.At != "telegram" {
		t.Errorf("%+v", got)
	}
}

// Who may name a place, and what digits are worth: never for somebody who is not in the roster, not after a week, not after
// five that were wrong, and not once others were asked for.
func TestWayIsRefused(t *testing.T) {
	m := newMission(t)
	const at, other = "mail:ana@example.org", "webhook:agency"
	for _, who := range []string{"nobody", "vault", ""} {
		wantErr(t, m.registry.TellAt(t.Context(), "operator", who, at, false), casework.ErrUnknown)
		wantErr(t, m.registry.TellThere(t.Context(), "operator", who), casework.ErrUnknown)
		wantErr(t, m.registry.TryNow(t.Context(), who), casework.ErrUnknown)
		wantErr(t, m.registry.Prove(t.Context(), who, who, ""), casework.ErrUnknown)
	}
	wantErr(t, m.registry.Prove(t.Context(), "ana", "ana", ""), casework.ErrNoProof)
	ask := func(a bot.Address) string {
		t.Helper()
		ok(t, m.registry.TellAt(t.Context(), "operator", "ana", a, false))
		digits, _ := m.proofs()
		if len(digits) != 1 || len(digits[a.Reveal()]) != 1 {
			t.Fatalf("%v", digits)
		}
		return digits[a.Reveal()][0]
	}
	old := ask(at)
	m.wait(7*24*time.Hour + time.Second)
	wantErr(t, m.registry.Prove(t.Context(), "ana", "ana", old), casework.ErrNoProof)
	if got := m.toldOf("ana"); got.Next != "" {
		t.Errorf("%+v", got)
	}

	right := ask(at)
	for n := range 5 {
		want := casework.ErrProof
		if n == 4 {
			want = casework.ErrNoProof
		}
		wantErr(t, m.registry.Prove(t.Context(), "ana", "ana", wrongDigits(right)), want)
	}
	wantErr(t, m.registry.Prove(t.Context(), "ana", "ana", right), casework.ErrNoProof)

	// Two places one after the other, before the first digits went out: only the second hears anything.
	ok(t, m.registry.TellAt(t.Context(), "operator", "ana", at, false))
	right = ask(other)
	ok(t, m.registry.Prove(t.Context(), "operator", "ana", right))
	if got := m.toldOf("ana"); got.At != other {
		t.Errorf("%+v", got)
	}

	// Whoever is revoked is told nothing there either.
	_, code := m.chat(1).files()
	m.sign(nil, "ana")
	m.wait(20 * time.Minute)
	if _, rest := m.proofs(); len(rest[other]) != 0 {
		t.Errorf("revoked, and told %v of %s", rest[other], code)
	}
	wantErr(t, m.registry.TellAt(t.Context(), "operator", "ana", at, false), casework.ErrUnknown)
}

// TestWayFromTheInvitation: whoever joins at the desk is sent digits once their key is signed and not before, and keeps the
// way with the next key.
func TestWayFromTheInvitation(t *testing.T) {
	m := newMission(t)
	const at = "mail:dan@example.org"
	e := m.entry("dan", "relief", ticket.FocalPoint)
	e.Key = ""
	join := func(word string) {
		t.Helper()
		m.page("dan").enrols(word)
	}
	join(must(m.registry.InviteTold(t.Context(), e, "en", true, at)))
	if digits, rest := m.proofs(); len(digits) != 0 || rest[at] != nil {
		t.Errorf("before the signature: %v %v", digits, rest)
	}
	m.sign(nil)
	digits, rest := m.proofs()
	if len(digits[at]) != 1 || len(rest) != 0 {
		t.Fatalf("digits %v, the rest %v", digits, rest)
	}
	if me := must(m.registry.WhoAmI(t.Context(), "dan")); me.Proves != "mail" || me.Elsewhere {
		t.Errorf("%+v", me)
	}
	_, _ = m.chat(1).files()
	m.wait(20 * time.Minute)
	if _, rest := m.proofs(); len(rest[at]) != 0 {
		t.Errorf("not proved, and told %v", rest)
	}
	ok(t, m.registry.Prove(t.Context(), "dan", "dan", digits[at][0]))
	if me := must(m.registry.WhoAmI(t.Context(), "dan")); me.Proves != "" || !me.Elsewhere {
		t.Errorf("%+v", me)
	}
	join(must(m.registry.Invite(t.Context(), e, "en", false)))
	m.sign(nil)
	if got := m.toldOf("dan"); got.At != at || !got.Sealed || got.Next != "" {
		t.Errorf("with a new key: %+v", got)
	}
	_, rest = m.proofs()
	if !slices.Equal(rest[at], []string{"confirmed "}) {
		t.Errorf("with a new key: %v", rest)
	}
}

// TestWayTriesAgain: what was given up waits for another way, and the operator reads why, in words that name nobody.
func TestWayTriesAgain(t *testing.T) {
	m := newMission(t)
	_, code := m.chat(1).files()
	m.wait(20 * time.Minute)
	for _, n := range must(m.registry.Notices(t.Context(), 50, nil)) {
		if n.Reader == "ana" {
			ok(t, m.registry.NoticeLater(t.Context(), n, m.now(), true, "the chat is closed"))
		} else {
			ok(t, m.registry.NoticeDone(t.Context(), n))
		}
	}
	if got := m.toldOf("ana"); got.Dead != 1 || got.Waiting != 0 || got.Why != "the chat is closed" {
		t.Errorf("%+v", got)
	}
	ok(t, m.registry.TellAt(t.Context(), "operator", "ana", "mail:ana@example.org", false))
	digits, _ := m.proofs()
	ok(t, m.registry.Prove(t.Context(), "ana", "ana", digits["mail:ana@example.org"][0]))
	if _, rest := m.proofs(); !slices.Equal(rest["mail:ana@example.org"], []string{"report " + code}) {
		t.Errorf("%v", rest)
	}
	ok(t, m.registry.TryNow(t.Context(), "ana"))
	if _, rest := m.proofs(); !slices.Equal(rest["mail:ana@example.org"], []string{"test "}) {
		t.Errorf("%v", rest)
	}
	var shared []string
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		chain, err := r.SharedChain()
		for _, e := range chain {
			shared = append(shared, e.Who+" "+e.Did+" "+e.Whom)
		}
		return err
	}))
	if all := strings.Join(shared, "\n"); !strings.Contains(all, "operator named another place for notices ana") || !strings.Contains(all, "ana proved a place for notices ana") || strings.Contains(all, "example.org") {
		t.Errorf("the mission's chain: %s", all)
	}
}

// After a restore nobody is told anything, and no way is changed.
func TestWayWaitsForTheCoordinator(t *testing.T) {
	m := newMission(t)
	ok(t, casework.Hold(t.Context(), m.store))
	m.open()
	for _, err := range []error{
		m.registry.TellAt(t.Context(), "operator", "ana", "mail:ana@example.org", false), m.registry.TellThere(t.Context(), "operator", "ana"),
		m.registry.Prove(t.Context(), "ana", "ana", "000000"), m.registry.TryNow(t.Context(), "ana"),
	} {
		if !errors.Is(err, casework.ErrHeld) {
			t.Error(err)
		}
	}
}
