package casework_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// device is a page in somebody's browser, with what lies in its storage.
type device struct {
	*mission
	person  string
	key     seal.Identity
	device  seal.DeviceKey
	browser [32]byte
}

// page opens a new browser, without any key.
func (m *mission) page(person string) *device {
	d := &device{mission: m, person: person, device: must(seal.NewDeviceKey(rand.Reader))}
	_, _ = rand.Read(d.browser[:])
	return d
}

// another is a second browser of the same person, into which they have typed their recovery code.
func (d *device) another() *device {
	other := d.page(d.person)
	other.key, other.device = d.key, d.device
	return other
}

// file makes a key and its enrolment file.
func (d *device) file() []byte {
	d.t.Helper()
	d.key = must(seal.NewIdentity(rand.Reader))
	wrapped := must(seal.Wrap(d.key, "a long passphrase", d.device, 10))
	return must(seal.Enrolment{Public: d.key.Public(), Wrapped: wrapped}.Encode())
}

func (d *device) brings() casework.Browser {
	return casework.Browser{Secret: d.browser, Proof: d.device.Proof()}
}

// enrols follows an invitation and brings a new key.
func (d *device) enrols(word string) (fingerprint string) {
	d.t.Helper()
	person, fingerprint, err := d.registry.EnrolAtDesk(d.t.Context(), word, d.file(), d.brings())
	ok(d.t, err)
	if person != d.person {
		d.t.Fatalf("enrolled as %s", person)
	}
	return fingerprint
}

func (d *device) asks() casework.Challenge {
	d.t.Helper()
	c, err := d.registry.Challenge(d.t.Context(), d.person, d.device.Proof(), d.browser)
	ok(d.t, err)
	if (c.Wait == "") != (len(c.Sealed) > 0) || (c.Wait == "") != (len(c.Wrapped) > 0) || c.Wait != "" && c.Secret != [32]byte{} {
		d.t.Fatal("half a challenge")
	}
	return c
}

// signsIn says whether the browser unwraps what it is given, and gives back what was sealed.
func (d *device) signsIn() bool {
	d.t.Helper()
	c := d.asks()
	if c.Wait != "" {
		return false
	}
	id, err := seal.Unwrap(c.Wrapped, "a long passphrase", d.device)
	ok(d.t, err)
	answer, err := seal.OpenChallenge(c.Sealed, id)
	ok(d.t, err)
	return answer == c.Secret && c.Secret != [32]byte{}
}

func (m *mission) invites(e ticket.Entry) (word string) {
	m.t.Helper()
	word, err := m.registry.Invite(m.t.Context(), e, "ar", true)
	ok(m.t, err)
	return word
}

var doraAtRelief = ticket.Entry{ID: "dora", Name: "Dora", Org: "relief", Role: ticket.FocalPoint}

// queued lists the browsers that wait, as "person digits".
func (m *mission) queued() (out []string, ids [][16]byte) {
	m.t.Helper()
	all, err := m.registry.Browsers(m.t.Context())
	ok(m.t, err)
	for _, b := range all {
		if b.Day != ticket.DayOf(m.now()) && b.Day != ticket.DayOf(m.now())-1 {
			m.t.Errorf("waits since day %d", b.Day)
		}
		out, ids = append(out, b.Person+" "+b.Digits), append(ids, b.ID)
	}
	return out, ids
}

// From the link to the first report, in a browser alone.
func TestEnrolAtDesk(t *testing.T) {
	m := newMission(t)
	word := m.invites(doraAtRelief)
	for range 2 { // looking uses nothing up
		g, err := m.registry.Peek(t.Context(), word)
		if err != nil || g != (casework.Guest{ID: "dora", Name: "Dora", Org: "relief", Lang: "ar"}) {
			t.Fatalf("%+v %v", g, err)
		}
	}
	_, err := m.registry.Peek(t.Context(), word+"a")
	wantErr(t, err, casework.ErrInvitation)
	dora := m.page("dora")
	_, _, err = m.registry.EnrolAtDesk(t.Context(), word, []byte("amana enrolment 1\nrubbish"), dora.brings())
	wantErr(t, err, casework.ErrEnrolment)
	fingerprint := dora.enrols(word)
	if fingerprint != seal.Fingerprint(dora.key.Public()) {
		t.Error(fingerprint)
	}
	m.ids["dora"] = dora.key
	_, err = m.registry.Peek(t.Context(), word)
	wantErr(t, err, casework.ErrInvitation)
	_, _, err = m.registry.EnrolAtDesk(t.Context(), word, dora.file(), dora.brings())
	wantErr(t, err, casework.ErrInvitation)
	dora.key = m.ids["dora"]

	// They sign in at once, and see that they wait.
	if !dora.signsIn() {
		t.Fatal("does not sign in with the key that waits")
	}
	me, err := m.registry.WhoAmI(t.Context(), "dora")
	if want := (casework.Me{Person: "dora", Name: "Dora", Org: "relief", Role: "focal_point", Lang: "ar", Fingerprint: fingerprint}); err != nil || me != want {
		t.Errorf("%+v %v", me, err)
	}
	for lang := range strings.SplitSeq("so ar", " ") {
		ok(t, m.registry.Speak(t.Context(), "dora", lang))
		if me := must(m.registry.WhoAmI(t.Context(), "dora")); me.Lang != lang {
			t.Errorf("%+v", me)
		}
	}
	_, err = m.registry.Desk(t.Context(), "dora", true)
	wantErr(t, err, casework.ErrUnknown)
	_, err = m.registry.SharedTrail(t.Context(), "dora")
	wantErr(t, err, casework.ErrUnknown)
	if c, known, err := m.registry.Colleague(t.Context(), "desk:dora"); !known || c.Signed || err != nil {
		t.Errorf("%+v %v", c, err)
	}
	m.sign(nil)
	if !dora.signsIn() {
		t.Fatal("does not sign in once the coordinator has signed")
	}
	me, err = m.registry.WhoAmI(t.Context(), "dora")
	if err != nil || !me.Confirmed || me.Coordinator || me.Elsewhere || me.Fingerprint != fingerprint || me.Lang != "ar" {
		t.Errorf("%+v %v", me, err)
	}
	_, code := m.chat(1).files()
	if lines := must(m.registry.Desk(t.Context(), "dora", false)); len(lines) != 1 || lines[0].Code != code {
		t.Errorf("%+v", lines)
	}
	if m.reads("dora", code).body(t) == nil {
		t.Error("does not read")
	}
	// Nothing is carried to them, nothing waits for ever, and nothing counts as given up.
	m.wait(time.Hour)
	if got := m.notices("dora"); len(got) != 0 {
		t.Errorf("carried to the desk: %v", got)
	}
	if dead, err := m.registry.Dead(t.Context()); len(dead) != 0 || err != nil {
		t.Errorf("given up: %v %v", dead, err)
	}
	if n, err := m.registry.Backlog(t.Context()); n != 0 || err != nil {
		t.Errorf("%d notices wait, %v", n, err)
	}
	m.restart()
	if !dora.signsIn() {
		t.Error("not after a restart")
	}
	m.whole()
}

// A new key at the desk ends the address before, which may be that of a stolen phone; whoever follows a link in a chat is told
// there from then on.
func TestDeskEndsAnAddress(t *testing.T) {
	m := newMission(t)
	ana := m.page("ana")
	entry := theCamp().roster[0]
	entry.Key = ""
	_, before := m.chat(1).files()
	m.wait(time.Hour)
	ana.enrols(m.invites(entry))
	if c, known, err := m.registry.Colleague(t.Context(), "staff:ana"); !known || !c.Signed || err != nil {
		t.Errorf("a link alone ended an address: %+v %v", c, err)
	}
	m.ids["ana"] = ana.key
	m.sign(nil)
	if me := must(m.registry.WhoAmI(t.Context(), "ana")); me.Elsewhere || !me.Confirmed || me.Fingerprint != seal.Fingerprint(ana.key.Public()) {
		t.Errorf("%+v", me)
	}
	if !ana.signsIn() {
		t.Error("does not sign in")
	}
	_, code := m.chat(1).files()
	m.wait(time.Hour)
	if got := m.notices("ana"); len(got) != 0 { // what waited for the phone is not told to it either
		t.Errorf("the phone before is told %v", got)
	}
	if c, known, err := m.registry.Colleague(t.Context(), "staff:ana"); known || err != nil {
		t.Errorf("the phone before is heard: %+v %v", c, err)
	}
	for _, c := range []string{before, code} {
		if lines := must(m.registry.Desk(t.Context(), "ana", false)); !slices.ContainsFunc(lines, func(l casework.Line) bool { return l.Code == c }) {
			t.Errorf("she does not find %s at the desk", c)
		}
	}
	// And the other way round.
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.sign(nil)
	word := m.invites(doraAtRelief)
	_, err := m.registry.Follow(t.Context(), "staff:dora", word)
	ok(t, err)
	_, err = m.registry.Peek(t.Context(), word)
	wantErr(t, err, casework.ErrInvitation) // it is held by the chat
	_, _, err = m.registry.EnrolAtDesk(t.Context(), word, dora.file(), dora.brings())
	wantErr(t, err, casework.ErrInvitation)
	_, err = m.registry.Enrol(t.Context(), "staff:dora", m.enrolment("dora"))
	ok(t, err)
	m.sign(nil)
	if me := must(m.registry.WhoAmI(t.Context(), "dora")); !me.Elsewhere {
		t.Errorf("%+v", me)
	}
	if m.size('H') != 1 || dora.asks().Wait == "" {
		t.Error("the browser of the key before still signs in")
	}
	m.whole()
}

// Whoever intercepts a link meant for somebody of the roster gets neither their desk nor their wrapped key, before the
// coordinator has signed and after they have refused; and the one for whom it was meant goes on as before.
func TestInterceptedAtTheDesk(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.ids["dora"] = dora.key
	m.sign(nil)
	thief := m.page("dora")
	thief.enrols(m.invites(doraAtRelief))
	if c := thief.asks(); c.Wait == "" {
		t.Fatal("the key that nobody has signed opens a desk")
	}
	if _, ids := m.queued(); len(ids) != 0 {
		t.Error("the thief waits to be allowed")
	}
	if me := must(m.registry.WhoAmI(t.Context(), "dora")); me.Fingerprint != seal.Fingerprint(dora.key.Public()) {
		t.Errorf("%+v", me)
	}
	if !dora.signsIn() {
		t.Error("the owner of the key in force is shut out")
	}
	p, err := m.registry.Propose(t.Context())
	ok(t, err)
	p.Refuse = []string{"dora"}
	m.apply(must(casework.Sign(theCamp().coordinator, p)))
	if thief.asks().Wait == "" || !dora.signsIn() || m.size('H') != 1 {
		t.Error("after the refusal")
	}
	m.whole()
}

// An unknown person, a wrong proof, a browser that is not allowed: told alike, at the same price, and of those nothing is
// kept for which there is nothing to wait.
func TestStrangersAreToldAlike(t *testing.T) {
	m := newMission(t)
	counted := &counting{engine: m.engine}
	m.engine = counted
	m.open()
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.sign(nil)
	wrong := m.page("dora")  // knows who Dora is
	stolen := dora.another() // holds her browser's secret without her device key
	stolen.device, stolen.browser = wrong.device, dora.browser
	kept := m.size('H')
	for name, d := range map[string]*device{
		"nobody": m.page("nobody"), "no name": m.page(""), "a recovery key": m.page("vault"), "no proof": wrong, "no device": stolen,
	} {
		digits := map[string]bool{}
		for range 3 {
			c := d.asks()
			if digits[c.Wait] = true; len(c.Wait) != 6 {
				t.Errorf("%s: digits %q", name, c.Wait)
			}
		}
		if len(digits) != 1 {
			t.Errorf("%s: other digits each time: %v", name, digits)
		}
	}
	if waits, _ := m.queued(); len(waits) != 0 || m.size('H') != kept {
		t.Errorf("%v wait, %d records", waits, m.size('H'))
	}
	second := dora.another() // this one knows the device key, and waits
	for range 3 {
		counted.reset()
		c := second.asks()
		if waits, _ := m.queued(); !slices.Equal(waits, []string{"dora " + c.Wait}) {
			t.Errorf("%v wait, digits %s", waits, c.Wait)
		}
	}
	for _, d := range []*device{second, m.page("nobody"), wrong, dora.another()} {
		counted.reset()
		d.asks()
		if got := counted.String(); got != "1 views, 1 updates, 1 commits" {
			t.Errorf("%s costs %s", d.person, got)
		}
	}
}

// counting is an engine that counts what it is asked for, and the updates for which a disk has to be waited for.
type counting struct {
	engine
	views, updates, commits int
}

func (c *counting) View(ctx context.Context, fn func(kv.Reader) error) error {
	c.views++
	return c.engine.View(ctx, fn)
}

func (c *counting) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	c.updates++
	wrote := false
	err := c.engine.Update(ctx, id, func(tx kv.Tx) error { return fn(writing{tx, &wrote}) })
	if wrote {
		c.commits++
	}
	return err
}

// writing notes that an update writes.
type writing struct {
	kv.Tx
	wrote *bool
}

func (w writing) Put(key, value []byte) error {
	*w.wrote = true
	return w.Tx.Put(key, value)
}

func (w writing) Delete(key []byte) error {
	*w.wrote = true
	return w.Tx.Delete(key)
}

func (c *counting) reset() { c.views, c.updates, c.commits = 0, 0, 0 }

func (c *counting) String() string {
	return fmt.Sprintf("%d views, %d updates, %d commits", c.views, c.updates, c.commits)
}

// A second browser waits until the coordinator has heard its digits.
func TestAllowBrowser(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.sign(nil)
	second, third := dora.another(), dora.another()
	digits := second.asks().Wait
	third.asks()
	waits, ids := m.queued()
	if len(waits) != 2 || !slices.Contains(waits, "dora "+digits) {
		t.Fatalf("%v wait, %s reads %s", waits, "dora", digits)
	}
	mine := ids[slices.Index(waits, "dora "+digits)]
	for _, by := range []string{"ana", "bo", "dora", "vault", "nobody", "operator", ""} {
		wantErr(t, m.registry.AllowBrowser(t.Context(), by, mine, true), casework.ErrNotAllowed)
	}
	wantErr(t, m.registry.AllowBrowser(t.Context(), "cora", [16]byte{1}, true), casework.ErrUnknown)
	if second.signsIn() {
		t.Fatal("signs in before it was allowed")
	}
	ok(t, m.registry.AllowBrowser(t.Context(), "cora", mine, true))
	ok(t, m.registry.AllowBrowser(t.Context(), "cora", mine, true)) // tapped twice
	if !second.signsIn() || !dora.signsIn() || third.signsIn() {
		t.Error("the wrong one signs in")
	}
	_, ids = m.queued()
	ok(t, m.registry.AllowBrowser(t.Context(), "cora", ids[0], false))
	wantErr(t, m.registry.AllowBrowser(t.Context(), "cora", ids[0], true), casework.ErrUnknown)
	if waits, _ := m.queued(); len(waits) != 0 || third.asks().Wait == "" {
		t.Errorf("refused, and %v wait", waits)
	}
	trail := must(m.registry.SharedTrail(t.Context(), "ana"))
	var did []string
	for _, e := range trail {
		if e.Whom == "dora" && e.Who == "cora" {
			did = append(did, e.Name+" "+e.Did+" "+e.WhomName)
		}
	}
	if !slices.Equal(did, []string{"Cora allowed a browser Dora", "Cora refused a browser Dora"}) {
		t.Errorf("the shared chain tells %q", did)
	}
	// A theft: none of them is let in any more.
	if n := must(m.registry.ForgetBrowsers(t.Context(), "dora")); n == 0 {
		t.Error("nothing is forgotten")
	}
	if n := must(m.registry.ForgetBrowsers(t.Context(), "nobody")); n != 0 {
		t.Errorf("%d browsers of nobody", n)
	}
	trail = must(m.registry.SharedTrail(t.Context(), "cora"))
	if last := trail[len(trail)-1]; last.Who != "operator" || last.Did != "refused a browser" || last.Whom != "dora" {
		t.Errorf("the mission's chain ends with %+v", last)
	}
	if dora.signsIn() || second.signsIn() {
		t.Error("signed out, and signs in")
	}
	m.whole()
}

// Whoever was enrolled by the staff bot has shown no proof: the first browser waits, and with it what it brought is kept.
func TestFirstBrowser(t *testing.T) {
	m := newMission(t)
	word := m.invites(doraAtRelief)
	_, err := m.registry.Follow(t.Context(), "staff:dora", word)
	ok(t, err)
	dora := m.page("dora")
	_, err = m.registry.Enrol(t.Context(), "staff:dora", dora.file())
	ok(t, err)
	m.sign(nil)
	stranger := m.page("dora")
	theirs, hers := stranger.asks().Wait, dora.asks().Wait
	waits, ids := m.queued()
	if len(waits) != 2 {
		t.Fatalf("%v wait, %s and %s were read out", waits, theirs, hers)
	}
	ok(t, m.registry.AllowBrowserHere(t.Context(), ids[slices.Index(waits, "dora "+hers)], true))
	if !dora.signsIn() || stranger.signsIn() {
		t.Error("the wrong one signs in")
	}
	if waits, _ := m.queued(); len(waits) != 0 {
		t.Errorf("a proof is known, and %v still wait with another", waits)
	}
	another := m.page("dora")
	another.asks()
	if waits, _ := m.queued(); len(waits) != 0 {
		t.Error("a browser without the proof waits")
	}
}

// Three browsers of one person wait at most, the oldest goes; after a day none waits any more.
func TestBrowsersThatWait(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.sign(nil)
	var want []string
	var pages []*device
	for range 5 {
		m.wait(time.Minute)
		d := dora.another()
		pages = append(pages, d)
		want = append(want, "dora "+d.asks().Wait)
	}
	got, ids := m.queued()
	slices.Sort(got)
	last := slices.Clone(want[2:])
	slices.Sort(last)
	if !slices.Equal(got, last) {
		t.Errorf("%v wait, want %v", got, last)
	}
	if n := m.size('H'); n != 4 {
		t.Errorf("%d records", n)
	}
	m.wait(24*time.Hour - 2*time.Minute) // the third is over, asking again did not prolong it
	pages[2].asks()
	if waits, _ := m.queued(); len(waits) != 3 {
		t.Errorf("%v wait", waits)
	}
	m.wait(5 * time.Minute)
	for _, id := range ids {
		wantErr(t, m.registry.AllowBrowser(t.Context(), "cora", id, true), casework.ErrUnknown)
	}
	if waits, _ := m.queued(); len(waits) != 1 {
		t.Errorf("after a day %v wait", waits)
	}
	m.sweep()
	m.wait(24 * time.Hour)
	m.sweep()
	if n := m.size('H'); n != 1 || !dora.signsIn() {
		t.Errorf("%d records are left", n)
	}
}

// Whoever is revoked loses everything at once; a restored roster lets people in, and shows them that it waits.
func TestRevokedAtTheDesk(t *testing.T) {
	m := newMission(t)
	dora, cora := m.page("dora"), m.page("cora")
	dora.enrols(m.invites(doraAtRelief))
	boss := theCamp().roster[3]
	boss.Key = ""
	cora.enrols(m.invites(boss))
	m.sign(nil)
	dora.another().asks()
	ok(t, m.registry.Absent(t.Context(), "dora", "dora", ticket.DayOf(m.now())+3))
	ok(t, casework.Hold(t.Context(), m.store))
	m.restart()
	for _, d := range []*device{dora, cora} {
		if d.asks().Wait == "" {
			t.Fatalf("%s signs in after a restore, and nobody was asked", d.person)
		}
		_, ids := m.queued()
		ok(t, m.registry.AllowBrowserHere(t.Context(), ids[len(ids)-1], true))
		if !d.signsIn() {
			t.Fatalf("%s does not sign in while the roster is held", d.person)
		}
		me, err := m.registry.WhoAmI(t.Context(), d.person)
		if err != nil || !me.Held || me.Coordinator != (d.person == "cora") {
			t.Errorf("%+v %v", me, err)
		}
		_, err = m.registry.Desk(t.Context(), d.person, true)
		wantErr(t, err, casework.ErrHeld)
		wantErr(t, m.registry.Absent(t.Context(), d.person, d.person, 0), casework.ErrHeld)
	}
	if v := must(m.registry.RosterView(t.Context())); !v.Held || len(v.Entries) != 6 || v.Entries[4].Absence == nil {
		t.Errorf("%+v", v)
	}
	wantErr(t, m.registry.AllowBrowser(t.Context(), "cora", [16]byte{1}, true), casework.ErrHeld)
	m.sign(nil, "dora")
	if dora.asks().Wait == "" || m.size('H') != 1 {
		t.Error("a revoked person signs in")
	}
	_, err := m.registry.WhoAmI(t.Context(), "dora")
	wantErr(t, err, casework.ErrUnknown)
	if _, away := m.registry.AbsentUntil("dora"); away {
		t.Error("a revoked person is away")
	}
	if _, err = m.registry.WhoAmI(t.Context(), "vault"); err != casework.ErrUnknown {
		t.Error("a recovery key is somebody")
	}
	m.whole()
}

// What a browser brought is on no shelf, under the keys of the house either.
func TestBrowserSecretsAreNotKept(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.sign(nil)
	second := dora.another()
	second.asks()
	proof := dora.device.Proof()
	n := 0
	raw(t, m.engine, func(k, v []byte) {
		plain, _, err := m.house.Open(k, v)
		if err != nil {
			return
		}
		n++
		for _, secret := range [][]byte{dora.browser[:], second.browser[:], proof[:], dora.device.Reveal(), []byte(dora.key.Reveal())} {
			for _, form := range forms(string(secret)) {
				if bytes.Contains(plain, form) {
					t.Errorf("a record of the shelf %q holds what only the browser should know", k[0])
				}
			}
		}
	})
	if n < 10 {
		t.Errorf("%d records were looked at", n)
	}
	ok(t, m.store.View(t.Context(), func(r *store.Read) error {
		all, err := r.Browsers()
		if len(all) != 2 {
			t.Errorf("%d browsers", len(all))
		}
		return err
	}))
}

// Damaged records of the desk hold up neither the start nor anybody's reports.
func TestDamagedAtTheDesk(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.sign(nil)
	before := map[string]bool{}
	raw(t, m.engine, func(k, _ []byte) { before[string(k)] = true })
	ok(t, m.registry.Absent(t.Context(), "bea", "bea", ticket.DayOf(m.now())+3))
	var absences []byte
	raw(t, m.engine, func(k, _ []byte) {
		if k[0] == 'Z' && !before[string(k)] {
			absences = k
		}
	})
	ok(t, m.engine.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Put(absences, []byte("damaged, and of no key")) }))
	m.damage('H')
	m.restart()
	m.sweep()
	if dora.asks().Wait == "" {
		t.Error("a browser whose record is damaged signs in")
	}
	if waits, ids := m.queued(); len(waits) != 1 {
		t.Errorf("%v wait", waits)
	} else {
		ok(t, m.registry.AllowBrowser(t.Context(), "cora", ids[0], true))
	}
	ok(t, m.registry.Absent(t.Context(), "ana", "ana", ticket.DayOf(m.now())+3))
	if _, code := m.chat(1).files(); !dora.signsIn() || len(must(m.registry.Desk(t.Context(), "ana", false))) != 1 || code == "" {
		t.Error("after that nothing works")
	}
	m.damage('H')
	problems := must(m.registry.Verify(t.Context()))
	if len(problems) == 0 {
		t.Error("the check sees nothing of it")
	}
}

// A restored database lets no browser in: one that was forgotten after the backup is in it as if nothing had happened.
func TestRestoredBrowsersWaitAnew(t *testing.T) {
	m := newMission(t)
	dora := m.page("dora")
	dora.enrols(m.invites(doraAtRelief))
	m.sign(nil)
	if !dora.signsIn() {
		t.Fatal("does not sign in")
	}
	in := dora.asks().Browser
	if lets := must(m.registry.Lets(t.Context(), "dora", in)); !lets {
		t.Error("who signs in is not let")
	}
	if lets := must(m.registry.Lets(t.Context(), "ana", in)); lets {
		t.Error("the browser of another is let")
	}
	ok(t, casework.Hold(t.Context(), m.store))
	if lets := must(m.registry.Lets(t.Context(), "dora", in)); lets || dora.signsIn() {
		t.Error("let in after a restore, without having been asked for")
	}
	if all, _ := m.queued(); len(all) != 1 {
		t.Errorf("%v wait", all)
	}
}
