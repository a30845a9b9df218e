package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/directory"
	"amana/bot/seal"
	"amana/bot/store"
)

// atDesk is somebody who has signed in at the desk of a house in this process.
type atDesk struct {
	*trial
	house *house
	url   string
	http  *http.Client
}

// staffed is a mission whose people are in the roster, opened in this process, with its desk.
func staffed(t *testing.T) (*trial, *house, *httptest.Server) {
	t.Helper()
	tr := newTrial(t, trialOptions{})
	tr.stock()
	tr.serve()
	tr.enrol()
	tr.stop()
	h := tr.house()
	if err := h.loadGuide(t.Context()); err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(h.newDesk(deskOptions{address: "http://127.0.0.1:1", patience: endurance, log: slog.New(slog.NewTextHandler(t.Output(), nil))}))
	t.Cleanup(served.Close)
	return tr, h, served
}

// sits signs somebody in with a browser that the operator has allowed.
func (t *trial) sits(h *house, served *httptest.Server, id string) *atDesk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &atDesk{t, h, served.URL, &http.Client{Jar: jar}}
	var proof, browser [32]byte
	for _, b := range [][]byte{proof[:], browser[:]} {
		if _, err := rand.Read(b); err != nil {
			t.Fatal(err)
		}
	}
	who := map[string]any{"person": id, "proof": proof[:], "browser": browser[:]}
	var begun struct {
		Wait      string
		ID        string
		Challenge []byte
	}
	s.post("/api/enter/begin", who, http.StatusOK, &begun)
	waiting, err := h.registry.Browsers(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(waiting, func(w casework.Waiting) bool { return w.Digits == begun.Wait })
	if at < 0 {
		t.Fatalf("no browser waits with the digits of %s", id)
	}
	if err := h.registry.AllowBrowserHere(context.Background(), waiting[at].ID, true); err != nil {
		t.Fatal(err)
	}
	s.post("/api/enter/begin", who, http.StatusOK, &begun)
	secret, err := seal.OpenChallenge(begun.Challenge, t.hands[id].key)
	if err != nil {
		t.Fatal(err)
	}
	s.post("/api/enter/finish", map[string]any{"id": begun.ID, "answer": secret[:]}, http.StatusOK, nil)
	return s
}

func (s *atDesk) post(path string, question any, want int, into any) []byte {
	s.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		s.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, s.url+path, bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return s.ask(r, want, into)
}

func (s *atDesk) get(path string, want int, into any) []byte {
	s.Helper()
	r, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	return s.ask(r, want, into)
}

func (s *atDesk) ask(r *http.Request, want int, into any) []byte {
	s.Helper()
	answer, err := s.http.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.Fatal(err)
	}
	if answer.StatusCode != want {
		s.Fatalf("%s %s: %s: %s, want %d", r.Method, r.URL.Path, answer.Status, body, want)
	}
	if into != nil {
		if err := json.Unmarshal(body, into); err != nil {
			s.Fatalf("%s: %v in %s", r.URL.Path, err, body)
		}
	}
	return body
}

// files sends a report as somebody with a phone does, at the door of the registry.
func (h *house) files(t *testing.T, n int, pairs ...string) {
	t.Helper()
	facts := bot.Facts{
		{Flow: "report", Step: "age", Lang: "en", Values: []string{"adult"}},
		{Flow: "report", Step: "matter", Lang: "en", Values: []string{"other"}},
		{Flow: "report", Step: "consent_complaint", Lang: "en", Values: []string{"yes"}, Consent: true, Shown: "May this go to them?"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		facts = append(facts, bot.Fact{Flow: "report", Step: pairs[i], Lang: "en", Values: []string{pairs[i+1]}})
	}
	chat := fmt.Sprint(8_700_000_000 + n)
	p, was := h.roots.Person("telegram", "7", chat)
	mark, _ := h.roots.Mark("telegram", "7", int64(n))
	if _, err := h.registry.Commit(t.Context(), bot.Turn{
		Person: p, Was: was, Mark: mark, Address: bot.Address("telegram:" + chat), Lang: "en",
		Filing: &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts},
	}); err != nil {
		t.Fatal(err)
	}
}

type numbersSeen struct {
	Tables []struct {
		ID, Title string
		Columns   []string
		Rows      [][]string
	}
	Charts []struct{ ID, SVG string }
	Few    bool
}

// table gives the rows of one table, a line each.
func (n numbersSeen) table(id string) string {
	for _, t := range n.Tables {
		if t.ID == id {
			var lines []string
			for _, row := range t.Rows {
				lines = append(lines, strings.Join(row, "="))
			}
			return strings.Join(lines, "; ")
		}
	}
	return ""
}

// Numbers count what the viewer may see: somebody who is kept away from a report gets the same bytes with it and without it.
func TestDeskNumbers(t *testing.T) {
	t.Parallel()
	tr, h, served := staffed(t)
	hana, ana := tr.sits(h, served, "hana"), tr.sits(h, served, "ana")
	var before numbersSeen
	ana.get("/api/numbers", http.StatusOK, &before)
	if !before.Few || before.table("kind") != "" {
		t.Errorf("before there is a report: %+v", before)
	}
	if err := h.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		for _, g := range [][2]string{{"health", ""}, {"", "town"}, {"", "town"}, {"legal", "block_a"}, {"legal", "block_a"}, {"legal", "block_a"}, {"legal", "block_a"}, {"legal", "block_a"}} {
			if err := w.CountGap(h.now(), g[0], g[1]); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for n := range 7 {
		area := "block_a"
		if n == 0 {
			area = "town"
		}
		h.files(t, n, "area", area, "involved", "no")
	}
	lines, err := h.registry.Desk(t.Context(), "ana", true)
	if err != nil || len(lines) != 7 {
		t.Fatalf("%d reports before ana, %v", len(lines), err)
	}
	for _, l := range lines[:5] {
		if _, err := h.registry.Acknowledge(t.Context(), "ana", l.Code); err != nil {
			t.Fatal(err)
		}
	}
	var seen numbersSeen
	with := ana.get("/api/numbers", http.StatusOK, &seen)
	for id, want := range map[string]string{
		"kind": "other=7; All=7", "urgency": "normal=7; All=7", "state": "received=not shown; read=not shown; All=7",
		"area": "Block A (example)=not shown; Town nearby (example)=not shown; All=7",
		"wait": "urgent=not shown=not shown; normal=0=0",
	} {
		if got := seen.table(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if got, want := seen.table("gaps"), "Legal help=Block A (example)=5; All=Town nearby (example)=fewer than 5; Health care=All=fewer than 5"; got != want {
		t.Errorf("gaps: %q, want %q", got, want)
	}
	if len(seen.Charts) != 5 || !strings.Contains(seen.Charts[0].SVG, `role="img"`) {
		t.Errorf("%d charts", len(seen.Charts))
	}
	h.files(t, 20, "area", "town", "involved", "yes", "involved_org", "example_relief", "involved_role", "focal_point")
	if again := ana.get("/api/numbers", http.StatusOK, nil); !bytes.Equal(with, again) {
		t.Errorf("somebody who is kept away from a report sees that there is one:\n%s\n%s", with, again)
	}
	if lines, err := h.registry.Desk(t.Context(), "hana", true); err != nil || len(lines) != 8 {
		t.Errorf("%d reports before hana, %v", len(lines), err)
	}
	hana.get("/api/numbers", http.StatusOK, &seen)
	if got := seen.table("kind"); strings.Count(got, "=8") != 2 || !strings.Contains(seen.Charts[0].SVG, `direction="rtl"`) {
		t.Errorf("before hana, who reads Arabic: %s, %.200s", got, seen.Charts[0].SVG)
	}
}

// trailed fails if the shared chain is not whole.
func (h *house) trailed(t *testing.T) (did []string) {
	t.Helper()
	chain, err := h.registry.SharedTrail(t.Context(), "cora")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range chain {
		did = append(did, e.Who+" "+e.Did)
	}
	return did
}

type directorySeen struct {
	Services []struct {
		ID, Name, Org, Place, Visibility, Status, Verified, VerifiedBy string
		Hidden, Stale                                                  bool
		Area                                                           []string
		Phones                                                         []struct{ Number string }
		Typed                                                          map[string]string
	}
	Total, Stale, Size int
	Areas, Kinds       []struct{ ID, Name string }
	May                bool
}

func (d directorySeen) ids() string {
	var out []string
	for _, s := range d.Services {
		out = append(out, s.ID)
	}
	return strings.Join(out, " ")
}

// Focal points see what the public is not shown, never the place of a shelter; they say that a record is right, and put a
// field right; everybody who looks something up is told the same at once; and the chain says who did it.
func TestDeskDirectory(t *testing.T) {
	t.Parallel()
	tr, h, served := staffed(t)
	ana, bea := tr.sits(h, served, "ana"), tr.sits(h, served, "bea")

	var all, found directorySeen
	ana.get("/api/directory", http.StatusOK, &all)
	if all.Total < 25 || len(all.Services) != 20 || all.Size != 20 || !all.May || len(all.Areas) != 4 || all.Stale == 0 || !all.Services[0].Stale {
		t.Errorf("%d of %d services, %d out of date, %v, %v", len(all.Services), all.Total, all.Stale, all.May, all.Areas)
	}
	ana.get("/api/directory?page=1", http.StatusOK, &found)
	if len(found.Services) != all.Total-20 {
		t.Errorf("%d on the second page", len(found.Services))
	}
	ana.get("/api/directory?kind=shelter", http.StatusOK, &found)
	if len(found.Services) == 0 {
		t.Fatal("there is no shelter")
	}
	for _, s := range found.Services {
		if !s.Hidden || s.Place != "" {
			t.Errorf("the shelter %+v", s)
		}
	}
	if found.Services[0].Visibility != string(directory.OnRequest) { // that the public finds only by asking for its kind
		t.Errorf("%+v", found.Services[0])
	}
	ana.get("/api/directory?area=block_a&kind=health&name="+url.QueryEscape("CLINIC ON"), http.StatusOK, &found)
	if found.ids() != "mobile_clinic" { // it lies in a part of that area
		t.Errorf("found %s", found.ids())
	}
	ana.get("/api/directory?name="+url.QueryEscape("عيادة متنقلة"), http.StatusOK, &found)
	if found.ids() != "mobile_clinic" {
		t.Errorf("found %s", found.ids())
	}
	ana.get("/api/directory?stale=1", http.StatusOK, &found)
	if found.Total != all.Stale || !strings.Contains(found.ids(), "pharmacy") {
		t.Errorf("%d out of date: %s", found.Total, found.ids())
	}
	ana.get("/api/directory?page=x", http.StatusBadRequest, nil)
	bea.get("/api/directory", http.StatusOK, &found)
	if found.May {
		t.Error("a backup may correct")
	}

	ana.post("/api/directory/verify", map[string]any{"ids": []string{"pharmacy"}}, http.StatusOK, nil)
	ana.get("/api/directory?name=pharmacy", http.StatusOK, &found)
	if s := found.Services[0]; s.Stale || s.Verified != string(h.today()) || s.VerifiedBy != "Example Relief" {
		t.Errorf("verified: %+v", s)
	}
	ana.post("/api/directory/correct", map[string]any{"id": "pharmacy", "field": "phones", "value": "000-0099"}, http.StatusOK, nil)
	ana.post("/api/directory/correct", map[string]any{"id": "health_post", "field": "status", "value": "temporarily closed"}, http.StatusOK, nil)
	if s, ok := serviceOf(h, "pharmacy"); !ok || s.Phones[0].Number != "0000099" || !strings.Contains(s.Source, "phones corrected on "+string(h.today())+" by Example Relief") {
		t.Errorf("in force: %+v", s)
	}
	ana.get("/api/directory?name="+url.QueryEscape("health post"), http.StatusOK, &found)
	if found.Services[0].Status != string(directory.Paused) { // people find it no more, and the desk does
		t.Errorf("closed: %+v", found.Services)
	}

	chain := strings.Join(h.trailed(t), "; ")
	if !strings.HasSuffix(chain, "ana services verified; ana service corrected; ana service corrected") {
		t.Errorf("the chain: %s", chain)
	}

	// What may not be done, and what cannot be taken, changes nothing.
	g, _ := h.directories(t.Context())
	bea.post("/api/directory/verify", map[string]any{"ids": []string{"pharmacy"}}, http.StatusForbidden, nil)
	bea.post("/api/directory/correct", map[string]any{"id": "pharmacy", "field": "phones", "value": "000"}, http.StatusForbidden, nil)
	ana.post("/api/directory/verify", map[string]any{"ids": []string{"pharmacy", "none"}}, http.StatusNotFound, nil)
	ana.post("/api/directory/verify", map[string]any{"ids": []string{}}, http.StatusBadRequest, nil)
	ana.post("/api/directory/verify", map[string]any{"ids": make([]string, 21)}, http.StatusBadRequest, nil)
	ana.post("/api/directory/correct", map[string]any{"id": "none", "field": "phones", "value": "000-0001"}, http.StatusNotFound, nil)
	ana.post("/api/directory/correct", map[string]any{"id": "pharmacy", "field": "visibility", "value": "public"}, http.StatusBadRequest, nil)
	var wrong struct{ Error, Reason, What, Remedy string }
	ana.post("/api/directory/correct", map[string]any{"id": "pharmacy", "field": "phones", "value": "ask inside"}, http.StatusUnprocessableEntity, &wrong)
	if wrong.Error != "bad" || wrong.Reason != "phones" || wrong.What == "" || wrong.Remedy == "" {
		t.Errorf("%+v", wrong)
	}
	if now, _ := h.directories(t.Context()); now.Now.ID != g.Now.ID || len(h.trailed(t)) != len(strings.Split(chain, "; ")) {
		t.Error("what was refused changed something")
	}
	stranger := &atDesk{tr, h, served.URL, http.DefaultClient}
	stranger.get("/api/directory", http.StatusUnauthorized, nil)
	stranger.get("/api/numbers", http.StatusUnauthorized, nil)
	stranger.post("/api/directory/verify", map[string]any{"ids": []string{"pharmacy"}}, http.StatusUnauthorized, nil)
}

// serviceOf gives a service that people can find.
func serviceOf(h *house, id string) (*directory.Service, bool) {
	for _, s := range h.records.Load().Services {
		if s.ID == id {
			return s, true
		}
	}
	return nil, false
}

// Several who correct at once all have it; the last import can still be undone; and an import that comes between is told.
func TestDeskDirectoryAtOnce(t *testing.T) {
	t.Parallel()
	tr, h, served := staffed(t)
	ana, hana := tr.sits(h, served, "ana"), tr.sits(h, served, "hana")
	was, err := h.directories(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.Fields("health_post night_clinic mother_clinic vaccination mobile_clinic pharmacy rehabilitation clinic_b")
	var all sync.WaitGroup
	for n, id := range ids {
		all.Go(func() {
			s := ana
			if n%2 == 0 {
				s = hana
			}
			s.post("/api/directory/correct", map[string]any{"id": id, "field": "phones", "value": fmt.Sprintf("000-7%03d", n)}, http.StatusOK, nil)
		})
	}
	all.Wait()
	d, _, err := h.directoryNow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Services {
		if n := slices.Index(ids, s.ID); n >= 0 && (len(s.Phones) != 1 || s.Phones[0].Number != fmt.Sprintf("0007%03d", n)) {
			t.Errorf("%s has %v", s.ID, s.Phones)
		}
	}
	now, err := h.directories(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if (now.Before == nil) != (was.Before == nil) || len(now.Gone) > 0 {
		t.Errorf("%+v, was %+v", now, was)
	}
	err = h.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		return w.SwitchDirectory(store.Generation{ID: store.ID{1}}, was.Now.ID)
	})
	if err == nil {
		t.Error("an import that was compared with what is no longer in force was taken")
	}
}
