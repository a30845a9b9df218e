package desk_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/desk"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// A voice message comes sealed to whoever opened its report in this session, and to nobody else.
func TestVoice(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, bea, dina := people["ana"], people["bea"], people["dina"]
	sound := append([]byte("OggS"), bytes.Repeat([]byte("a voice that says it. "), 500)...)
	_, code := h.files("what happened", bot.VoiceNote{Ref: must(h.voices.Keep(t.Context(), sound)), Seconds: 7})
	o := ana.open(code)
	if len(o.voices) != 1 {
		t.Fatalf("%d voice messages", len(o.voices))
	}
	at := "/api/report/" + code + "/voice/" + o.voices[0]
	bea.get(at).is(t, http.StatusNotFound, `{"error":"unknown"}`) // she has not opened it
	a := ana.get(at)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/octet-stream" || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("answered %d %v", a.status, a.header)
	}
	report, id, file, err := seal.OpenHandOutVoice(a.body, ana.identity)
	ok(t, err)
	said := o.body.Answers[len(o.body.Answers)-1].Voices[0]
	if report != o.packet.Report || id != said.ID {
		t.Error("another voice message")
	}
	if got := must(seal.OpenVoice(file, said.Key, said.Sum)); !bytes.Equal(got, sound) {
		t.Error("another sound")
	}
	for _, path := range []string{at + "x", "/api/report/" + code + "/voice/", "/api/report/BDFGHK/voice/" + o.voices[0]} {
		ana.get(path).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	}
	dina.get(at).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	ana.post("/api/report/"+code+"/recuse", struct{}{}).into(t, &struct{}{})
	ana.get(at).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	h.quiet(code, o.voices[0])
}

// Whoever steps back is asked no more than once for what cannot be done, and from then on the report is nowhere for them.
func TestSteppingBack(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, bea := people["ana"], people["bea"]
	_, code := h.files("what happened")
	at := "/api/report/" + code
	var takers struct {
		Takers []struct{ Person, Name string }
	}
	ana.post(at+"/left", fields{"way": "printed"}).into(t, &struct{}{})
	ana.post(at+"/left", fields{"way": "by pigeon"}).is(t, http.StatusBadRequest, `{"error":"bad"}`)
	people["dina"].post(at+"/left", fields{"way": "printed"}).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	people["dina"].get(at+"/hold").is(t, http.StatusNotFound, `{"error":"unknown"}`)
	ana.get(at+"/handover").into(t, &takers)
	if len(takers.Takers) != 1 || takers.Takers[0].Person != "bea" || takers.Takers[0].Name != "Name of bea" {
		t.Errorf("takers: %+v", takers)
	}
	ana.post(at+"/handover", fields{"to": "dina"}).is(t, http.StatusConflict, `{"error":"last_reader"}`)
	ana.post(at+"/handover", fields{"to": "bea"}).into(t, &struct{}{})
	ana.get(at+"/trail").is(t, http.StatusNotFound, `{"error":"unknown"}`)
	var trail struct {
		Entries []struct{ Who, Did, Whom, WhomName string }
	}
	bea.get(at+"/trail").into(t, &trail)
	if first := trail.Entries[len(trail.Entries)-2]; first.Who != "ana" || first.Did != "printed it" {
		t.Errorf("a printing is noted as %+v", first)
	}
	if last := trail.Entries[len(trail.Entries)-1]; last.Who != "ana" || last.Did != "handed over" || last.WhomName != "Name of bea" {
		t.Errorf("the trail ends with %+v", last)
	}
	var may struct {
		May   bool
		Error string
	}
	if bea.get(at+"/recuse").into(t, &may); !may.May || may.Error != "" {
		t.Fatalf("bea may not: %+v", may)
	}
	bea.post(at+"/recuse", struct{}{}).into(t, &struct{}{})
	bea.get(at+"/recuse").is(t, http.StatusNotFound, `{"error":"unknown"}`)
	// Those who wait are handed it, until nobody is left.
	for _, last := range []*browser{people["bo"], people["cora"], ana} {
		a := last.get(at + "/recuse")
		if a.status == http.StatusNotFound {
			continue
		}
		a = last.post(at+"/recuse", struct{}{})
		if a.status != http.StatusOK {
			a.is(t, http.StatusConflict, `{"error":"last_reader"}`)
			if last.get(at+"/recuse").into(t, &may); may.May || may.Error != "last_reader" {
				t.Errorf("the last reader: %+v", may)
			}
			return
		}
	}
	t.Error("nobody was the last reader")
}

// rosterSeen is what a page sees of the roster.
type rosterSeen struct {
	Version              uint64
	Held                 bool
	Statement, Signature []byte
	Entries              []struct {
		ID, Name, Org, Role, Key, Fingerprint string
		Absence                               *struct{ Until, Backup string }
	}
	Proposal *json.RawMessage
	Browsers []struct{ ID string }
}

// Everybody of the roster looks at it as the coordinator signed it; the coordinator invites, signs and lets in.
func TestCoordinator(t *testing.T) {
	h := newHall(t, func(o *desk.Options) {
		o.Mail = func(address string) (bot.Address, error) {
			if !strings.Contains(address, "@") {
				return "", errTest
			}
			return bot.Address("mail:" + address), nil
		}
		o.Entry = func(e ticket.Entry) (ticket.Entry, error) {
			if e.Org == "nowhere" {
				return e, errTest
			}
			if e.ID == "" {
				e.ID = strings.ToLower(e.Name)
			}
			return e, nil
		}
	})
	people := h.staff()
	ana, cora := people["ana"], people["cora"]
	var seen rosterSeen
	ana.get("/api/roster").into(t, &seen)
	ok(t, seal.VerifyRoster(h.coordinator.Public(), must(ticket.DecodeRoster(seen.Statement)).Canonical(), seen.Signature))
	if len(seen.Entries) != 5 || seen.Version != 1 || seen.Proposal != nil || seen.Browsers != nil {
		t.Errorf("ana sees %+v", seen)
	}
	for _, e := range seen.Entries {
		if e.Fingerprint != seal.Fingerprint(e.Key) || e.Name != "Name of "+e.ID || e.Absence != nil {
			t.Errorf("listed: %+v", e)
		}
	}

	entry := fields{"name": "Eda", "org": "relief", "role": "focal_point", "areas": []string{"camp"}, "lang": "en", "mail": "eda@example.org"}
	ana.post("/api/roster/invite", entry).is(t, http.StatusForbidden, `{"error":"not_allowed"}`)
	for _, wrong := range []fields{
		{"name": "Eda", "org": "nowhere", "role": "focal_point"}, {"name": "Eda", "org": "relief", "role": "recovery"},
		{"name": "Eda", "org": "relief", "role": "focal_point", "key": people["ana"].identity.Public()},
		{"name": "Eda", "org": "relief", "role": "focal_point", "lang": "xx"}, {"nonsense": 1},
		{"name": "Eda", "org": "relief", "role": "focal_point", "mail": "nowhere"},
	} {
		cora.post("/api/roster/invite", wrong).is(t, http.StatusBadRequest, `{"error":"bad"}`)
	}
	var made struct{ Link string }
	cora.post("/api/roster/invite", entry).into(t, &made)
	word, isLink := strings.CutPrefix(made.Link, h.server.URL+"/#/join/")
	if !isLink {
		t.Fatalf("the link is %q", made.Link)
	}
	ok(t, h.store.View(t.Context(), func(r *store.Read) error {
		inv, found, err := r.Invitation(word)
		if !found || inv.Way != "mail:eda@example.org" {
			t.Errorf("notices are to go to %q", inv.Way)
		}
		return err
	}))
	eda := h.browser()
	eda.join(word)
	var audit struct {
		Entries []struct{ Who, Did, Whom string }
	}
	ana.get("/api/audit").into(t, &audit)
	if last := audit.Entries[1]; last.Who != "cora" || last.Did != "invited" || last.Whom != "eda" {
		t.Errorf("the chain says %+v", audit.Entries[:2])
	}

	cora.get("/api/roster").into(t, &seen)
	if seen.Proposal == nil {
		t.Fatal("the coordinator has no proposal")
	}
	var p casework.Proposal
	ok(t, json.Unmarshal(*seen.Proposal, &p))
	if len(p.Pending) != 1 || p.Pending[0].ID != "eda" || p.Pending[0].Key != eda.identity.Public() {
		t.Errorf("waiting: %+v", p.Pending)
	}
	signed := must(casework.Sign(h.coordinator, p, "bea"))
	ana.post("/api/roster", signed).is(t, http.StatusForbidden, `{"error":"not_allowed"}`)
	forged := must(casework.Sign(must(seal.NewCoordinatorKey(rand.Reader)), casework.Proposal{Pending: p.Pending}))
	cora.post("/api/roster", forged).is(t, http.StatusBadRequest, `{"error":"bad"}`)
	people["bea"].get("/api/me").into(t, &struct{}{})
	cora.post("/api/roster", signed).into(t, &struct{}{})
	cora.post("/api/roster", signed).is(t, http.StatusBadRequest, `{"error":"bad"}`) // it is in force
	people["bea"].get("/api/me").is(t, http.StatusUnauthorized, signIn)
	eda.signIn()
	eda.get("/api/inbox").into(t, &struct{ Lines []struct{} }{})
	h.quiet("eda", "Eda", word, "bea")
}

// Somebody says of themselves that they are away; the coordinator may say it of anybody.
func TestAbsence(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, cora := people["ana"], people["cora"]
	until := begin.Add(72 * time.Hour).Format(time.DateOnly)
	away := func() (out []string) {
		t.Helper()
		var seen rosterSeen
		ana.get("/api/roster").into(t, &seen)
		for _, e := range seen.Entries {
			if e.Absence != nil {
				out = append(out, e.ID+" "+e.Absence.Until+" "+e.Absence.Backup)
			}
		}
		slices.Sort(out)
		return out
	}
	ana.post("/api/roster/absence", fields{"person": "bea", "until": until}).is(t, http.StatusForbidden, `{"error":"not_allowed"}`)
	ana.post("/api/roster/absence", fields{"person": "ana", "until": "tomorrow"}).is(t, http.StatusBadRequest, `{"error":"bad"}`)
	ana.post("/api/roster/absence", fields{"person": "ana", "until": until}).into(t, &struct{}{})
	cora.post("/api/roster/absence", fields{"person": "bea", "until": until}).into(t, &struct{}{})
	cora.post("/api/roster/absence", fields{"person": "nobody", "until": until}).is(t, http.StatusNotFound, `{"error":"unknown"}`)
	if got := away(); !slices.Equal(got, []string{"ana " + until + " bo", "bea " + until + " "}) {
		t.Errorf("away: %v", got)
	}
	ana.post("/api/roster/absence", fields{"person": "ana", "until": ""}).into(t, &struct{}{})
	if got := away(); !slices.Equal(got, []string{"bea " + until + " "}) {
		t.Errorf("away: %v", got)
	}
	var audit struct {
		Entries []struct{ Who, Did, Whom string }
	}
	ana.get("/api/audit").into(t, &audit)
	var said []string
	for _, e := range audit.Entries {
		if strings.HasPrefix(e.Did, "is away") || strings.HasPrefix(e.Did, "is there") {
			said = append(said, e.Who+" of "+e.Whom)
		}
	}
	if !slices.Equal(said, []string{"ana of ana", "cora of bea", "ana of ana"}) {
		t.Errorf("the mission's chain tells %q", said)
	}
}

// A GET changes nothing, however often it is sent: neither the chains, nor what lies on the shelves.
func TestAskingChangesNothing(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana := people["ana"]
	_, code := h.files("what happened", bot.VoiceNote{Ref: must(h.voices.Keep(t.Context(), append([]byte("OggS"), make([]byte, 2000)...))), Seconds: 3})
	o := ana.open(code)
	look := func() string {
		var all strings.Builder
		for _, path := range []string{"/api/report/" + code + "/trail", "/api/audit", "/api/inbox?all=1"} {
			all.Write(ana.get(path).body)
		}
		return all.String()
	}
	before := look()
	for _, r := range routes {
		if r.method == "GET" {
			for range 3 {
				ana.get(strings.NewReplacer("BDFGHJ", code, "voice/x", "voice/"+o.voices[0]).Replace(r.path))
			}
		}
	}
	h.wait(time.Minute)
	if after := look(); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
}

// While a restored roster waits, nothing is handed out, and the coordinator can still end that.
func TestHeld(t *testing.T) {
	h := newHall(t)
	people := h.staff()
	ana, cora := people["ana"], people["cora"]
	_, code := h.files("what happened")
	ok(t, casework.Hold(t.Context(), h.store))
	h.reopen()
	held := `{"error":"held"}`
	ana.get("/api/me").is(t, http.StatusUnauthorized, signIn)
	for _, b := range []*browser{ana, cora} { // no browser of a restored mission is let in before somebody was asked
		if b.begin().Wait == "" {
			t.Fatal("a browser of before the restore is let in")
		}
		waiting := must(h.registry.Browsers(t.Context()))
		ok(t, h.registry.AllowBrowserHere(t.Context(), waiting[len(waiting)-1].ID, true))
	}
	ana.signIn()
	ana.get("/api/inbox").is(t, http.StatusConflict, held)
	ana.post("/api/report/"+code+"/open", struct{}{}).is(t, http.StatusConflict, held)
	var me struct{ Held, Coordinator bool }
	cora.signIn()
	if cora.get("/api/me").into(t, &me); !me.Held || !me.Coordinator {
		t.Errorf("the coordinator: %+v", me)
	}
	var seen rosterSeen
	cora.get("/api/roster").into(t, &seen)
	var p casework.Proposal
	ok(t, json.Unmarshal(*seen.Proposal, &p))
	cora.post("/api/roster", must(casework.Sign(h.coordinator, p))).into(t, &struct{}{})
	ana.open(code)
}

// What the program cannot do is its own fault, and told as such: not a word of it to the page, nor of the page to the log.
func TestFailure(t *testing.T) {
	h := newHall(t, func(o *desk.Options) {
		o.Entry = func(ticket.Entry) (ticket.Entry, error) { panic("of an entry") }
	})
	people := h.staff()
	_, code := h.files("what happened")
	failed := `{"error":"failed"}`
	people["cora"].post("/api/roster/invite", fields{"name": "Eda", "org": "relief"}).is(t, http.StatusInternalServerError, failed)
	if !strings.Contains(h.log.String(), "a panic") || !strings.Contains(h.log.String(), "postInvite") {
		t.Errorf("the log does not say where: %s", h.log)
	}
	ok(t, h.engine.Close())
	a := people["ana"].post("/api/report/"+code+"/open", struct{}{})
	a.is(t, http.StatusInternalServerError, failed)
	if c := h.desk.Counts(); c.Failed != 2 {
		t.Errorf("counted: %+v", c)
	}
	if !strings.Contains(h.log.String(), "POST /api/report/{code}/open") {
		t.Errorf("the log does not say what was asked: %s", h.log)
	}
	h.quiet(code, "Name of", "cora", "Eda")
}

var errTest = errors.New("of a test")
