package desk_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"amana/bot/desk"
	"amana/bot/seal"
	"amana/bot/ticket"
)

const signIn = `{"error":"sign_in"}`

// A challenge is answered by who holds the key, once, and within two minutes.
func TestChallenge(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	finish := func(b *browser, id string, answer []byte) answer {
		t.Helper()
		return b.post("/api/enter/finish", fields{"id": id, "answer": answer})
	}
	right := func(c begun) []byte {
		secret := must(seal.OpenChallenge(c.Challenge, ana.identity))
		return secret[:]
	}
	other := h.browser()

	forged := ana.begin()
	wrong := right(forged)
	wrong[0] ^= 1
	finish(other, forged.ID, wrong).is(t, http.StatusUnauthorized, signIn)
	wrong[0] ^= 1
	finish(other, forged.ID, wrong).is(t, http.StatusUnauthorized, signIn) // it was used up by the wrong answer

	for _, answer := range [][]byte{nil, {}, right(forged)[:31], append(right(forged), 0)} {
		c := ana.begin()
		finish(other, c.ID, answer).is(t, http.StatusUnauthorized, signIn)
		h.wait(time.Minute)
	}
	crossed, mine := ana.begin(), ana.begin()
	finish(other, crossed.ID, right(mine)).is(t, http.StatusUnauthorized, signIn)

	finish(ana, mine.ID, right(mine)).into(t, &struct{}{})
	finish(other, mine.ID, right(mine)).is(t, http.StatusUnauthorized, signIn)
	finish(other, "", right(mine)).is(t, http.StatusUnauthorized, signIn)
	other.get("/api/me").is(t, http.StatusUnauthorized, signIn)

	late := ana.begin()
	h.wait(2 * time.Minute)
	finish(other, late.ID, right(late)).is(t, http.StatusUnauthorized, signIn)
	intime := ana.begin()
	h.wait(2*time.Minute - time.Second)
	finish(ana, intime.ID, right(intime)).into(t, &struct{}{})
	if c := h.desk.Counts(); c.Refused < 8 || c.SignedIn < 7 {
		t.Errorf("counted: %+v", c)
	}
}

// Whoever is not known, has no proof, or comes with another browser is told alike, and the coordinator lets a browser in.
func TestBrowsers(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, cora := people["ana"], people["cora"]
	looks := func(person string, proof, secret []byte) string {
		t.Helper()
		var out begun
		a := ana.post("/api/enter/begin", fields{"person": person, "proof": proof, "browser": secret})
		a.into(t, &out)
		if len(out.Wait) != 6 || strings.Trim(out.Wait, "0123456789") != "" {
			t.Errorf("%s gets %s", person, a)
		}
		return strings.Replace(string(a.body), out.Wait, "DIGITS", 1)
	}
	proof := ana.device.Proof()
	random := func() []byte { return []byte(rand.Text() + rand.Text())[:32] }
	want := looks("ana", proof[:], random())
	for what, got := range map[string]string{
		"a wrong proof": looks("ana", random(), ana.secret[:]), "nobody": looks("nobody", random(), random()),
		"no name": looks("", random(), random()), "a long name": looks(strings.Repeat("x", 5000), random(), random()),
		"a recovery key": looks("vault", random(), random()),
	} {
		if got != want {
			t.Errorf("%s is told apart: %s, not %s", what, got, want)
		}
	}

	phone := h.browser() // another device, with the recovery code
	phone.device, phone.person = ana.device, "ana"
	digits := phone.begin().Wait
	if digits == "" || digits != phone.begin().Wait {
		t.Fatal("a new browser has no digits that stay")
	}
	type waits struct{ ID, Person, Name, Digits, Day string }
	var view struct{ Browsers []waits }
	cora.get("/api/roster").into(t, &view)
	var mine waits
	for _, b := range view.Browsers {
		if b.Digits == digits {
			mine = b
		}
		if b.Person != "ana" {
			t.Errorf("a browser waits for %s", b.Person)
		}
	}
	if mine.Name != "Name of ana" || mine.Day != "2026-11-20" {
		t.Fatalf("waiting: %+v", view.Browsers)
	}
	ana.post("/api/roster/browser", fields{"id": mine.ID, "allow": true}).is(t, http.StatusForbidden, `{"error":"not_allowed"}`)
	if phone.begin().Wait == "" {
		t.Fatal("ana let herself in")
	}
	cora.post("/api/roster/browser", fields{"id": mine.ID, "allow": true}).into(t, &struct{}{})
	phone.signIn()
	phone.get("/api/me").into(t, &struct{}{})
	cora.post("/api/roster/browser", fields{"id": "nonsense", "allow": true}).is(t, http.StatusBadRequest, `{"error":"bad"}`)
	cora.post("/api/roster/browser", fields{"id": strings.Repeat("0", 32), "allow": true}).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	h.quiet("ana", digits)
}

// A session ends when it is idle, after half a day, and when its owner says so anywhere.
func TestSessionEnds(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	alive := func(b *browser) bool {
		t.Helper()
		a := b.get("/api/me")
		if a.status == http.StatusUnauthorized {
			a.is(t, http.StatusUnauthorized, signIn)
		}
		return a.status == http.StatusOK
	}
	h.wait(15*time.Minute - time.Second)
	if !alive(ana) {
		t.Fatal("ended before it was idle")
	}
	h.wait(15 * time.Minute)
	if alive(ana) {
		t.Error("it outlives idleness")
	}
	ana.signIn()
	n := 0
	for ; n < 100 && alive(ana); n++ {
		h.wait(10 * time.Minute)
	}
	if n != 72 {
		t.Errorf("a busy session ended after %v", time.Duration(n)*10*time.Minute)
	}

	tab := *ana
	tab.http = h.browser().http
	ana.signIn()
	tab.signIn()
	before := must2(ana.http.Jar.Cookies(must(http.NewRequest("GET", h.server.URL, nil)).URL))
	ana.post("/api/leave", fields{"everywhere": false}).into(t, &struct{}{})
	if alive(ana) || !alive(&tab) {
		t.Error("to leave ended the wrong session")
	}
	if a := ana.do(http.MethodGet, "/api/me", "", nil, "Cookie", before); a.status != http.StatusUnauthorized {
		t.Error("the token of a session that was left still counts")
	}
	ana.signIn()
	ana.post("/api/leave", fields{"everywhere": true}).into(t, &struct{}{})
	if alive(ana) || alive(&tab) {
		t.Error("a session outlives leaving everywhere")
	}
}

func must2(c []*http.Cookie) string {
	var all []string
	for _, one := range c {
		all = append(all, one.String())
	}
	return strings.Join(all, "; ")
}

// Whoever is revoked has no session with the next question, however it comes about.
func TestRevokedInTheMiddle(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, bea, cora := people["ana"], people["bea"], people["cora"]
	_, code := h.files("what happened")
	ana.open(code)
	c := bea.begin()
	h.sign("ana", "bea")
	for _, a := range []answer{
		ana.get("/api/inbox"), ana.post("/api/report/"+code+"/open", struct{}{}), ana.get("/api/me"), ana.get("/api/audit"),
	} {
		a.is(t, http.StatusUnauthorized, signIn)
	}
	secret := must(seal.OpenChallenge(c.Challenge, bea.identity))
	bea.http = h.browser().http
	bea.post("/api/enter/finish", fields{"id": c.ID, "answer": secret[:]}).is(t, http.StatusUnauthorized, signIn)
	if ana.begin().Wait == "" {
		t.Error("a revoked person gets a challenge")
	}
	cora.get("/api/me").into(t, &struct{}{})
}

// Whoever has signed in with a key that was replaced since is out: it may be in other hands.
func TestReplacedKey(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	c := ana.begin()
	again := h.browser()
	again.join(h.invited(ticket.Entry{ID: "ana", Name: "Name of ana", Org: "relief", Role: ticket.FocalPoint}))
	ana.get("/api/me").into(t, &struct{}{}) // nobody has signed the new one yet
	if again.begin().Wait == "" {
		t.Error("a key that nobody signed takes the place of one that counts")
	}
	h.sign()
	ana.get("/api/me").is(t, http.StatusUnauthorized, signIn)
	secret := must(seal.OpenChallenge(c.Challenge, ana.identity))
	ana.post("/api/enter/finish", fields{"id": c.ID, "answer": secret[:]}).is(t, http.StatusUnauthorized, signIn)
	if ana.begin().Wait == "" {
		t.Error("the old key still gets a challenge")
	}
	again.signIn()
	again.get("/api/me").into(t, &struct{}{})
}

// The cookie can be read by no script, goes to no other origin, and where there is TLS over nothing else.
func TestCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		h := newHall(t, func(o *desk.Options) { o.Secure = secure })
		b := h.browser()
		b.join(h.invited(ticket.Entry{ID: "ana", Name: "Ana", Org: "relief", Role: ticket.FocalPoint}))
		c := b.begin()
		secret := must(seal.OpenChallenge(c.Challenge, b.identity))
		a := b.post("/api/enter/finish", fields{"id": c.ID, "answer": secret[:]})
		got := a.header.Values("Set-Cookie")
		if len(got) != 1 {
			t.Fatalf("cookies: %q", got)
		}
		for _, want := range []string{"amana-desk=", "; Path=/", "; HttpOnly", "; SameSite=Strict"} {
			if !strings.Contains(got[0], want) {
				t.Errorf("%q lacks %q", got[0], want)
			}
		}
		if strings.Contains(got[0], "Secure") != secure || strings.Contains(got[0], "Max-Age") || strings.Contains(got[0], "Expires") || strings.Contains(got[0], "Domain") {
			t.Errorf("the cookie %q", got[0])
		}
		if (a.header.Get("Strict-Transport-Security") != "") != secure {
			t.Error("strict transport")
		}
	}
}

// Who tries again and again has to wait; somebody else's tries do not make them wait.
func TestTriesAreSlowed(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	proof := ana.device.Proof()
	other := h.browser()
	slow := 0
	for range 20 {
		a := other.post("/api/enter/begin", fields{"person": "ana", "proof": proof[:], "browser": other.secret[:]})
		if a.status == http.StatusTooManyRequests {
			a.is(t, http.StatusTooManyRequests, `{"error":"slow"}`)
			if a.header.Get("Retry-After") == "" {
				t.Error("nobody says when to come again")
			}
			slow++
		}
	}
	if slow != 12 {
		t.Errorf("%d of 20 were slowed", slow)
	}
	ana.signIn()
	h.wait(time.Minute)
	if a := other.post("/api/enter/begin", fields{"person": "ana", "proof": proof[:], "browser": other.secret[:]}); a.status != http.StatusOK {
		t.Errorf("a minute later: %s", a)
	}
	if c := h.desk.Counts(); c.Slowed != 12 {
		t.Errorf("counted: %+v", c)
	}
}

// The page learns where it is, and nothing about anybody.
func TestPlace(t *testing.T) {
	h := newHall(t, func(o *desk.Options) { o.Zone = must(time.LoadLocation("Asia/Dhaka")) })
	var got map[string]any
	h.browser().get("/api/place").into(t, &got)
	want := `{"coordinator":"` + h.coordinator.Public() + `","demo":false,"languages":[{"dir":"ltr","name":"English","tag":"en"}],"local":false,"name":"A place","offline":false,"pinned":false,"version":"1","zone":"Asia/Dhaka"}`
	if s := string(must(json.Marshal(got))); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// After a theft no browser of its owner goes on with what it had begun.
func TestForgottenInTheMiddle(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, bea := people["ana"], people["bea"]
	_, code := h.files("what happened")
	ana.open(code)
	c := ana.begin()
	if n := must(h.registry.ForgetBrowsers(t.Context(), "ana")); n != 1 {
		t.Fatalf("%d browsers", n)
	}
	secret := must(seal.OpenChallenge(c.Challenge, ana.identity))
	ana.post("/api/enter/finish", fields{"id": c.ID, "answer": secret[:]}).is(t, http.StatusUnauthorized, signIn)
	for _, a := range []answer{
		ana.get("/api/inbox"), ana.post("/api/report/"+code+"/open", struct{}{}), ana.get("/api/me"), ana.get("/api/audit"),
	} {
		a.is(t, http.StatusUnauthorized, signIn)
	}
	if ana.begin().Wait == "" {
		t.Error("a forgotten browser gets a challenge")
	}
	bea.get("/api/me").into(t, &struct{}{})
}
