package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amana/bot/primero/primerotest"
)

// The desk of one's own machine hands a filled form to a Primero: what was shown and nothing else, only with the consent, and
// without a word of it to the server of the mission.
func TestLocalDeskHandsOver(t *testing.T) {
	t.Parallel()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "form.json")
	file := hand(t, t.TempDir(), "BDFGHJ.amana", d.packet(), m.key(t))
	if _, errs, status := m.opensWith(testPassphrase+"\n", nil, "-profile", "example", "-referral", out, "-out", filepath.Join(t.TempDir(), "note.amana"), file); status != 0 {
		t.Fatal(errs)
	}
	form, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	s := primerotest.New(t)
	var toServer []string
	own := newOwnMachine(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		toServer = append(toServer, r.URL.Path)
		answerPage(w, http.StatusOK, map[string]string{"name": "Evil"})
	}))
	ask := func(path string, what map[string]string) (int, map[string]string) {
		t.Helper()
		body, err := json.Marshal(what)
		if err != nil {
			t.Fatal(err)
		}
		status, _, got := own.do(http.MethodPost, path, string(body), nil)
		var answer map[string]string
		unmarshal(t, []byte(got), &answer)
		return status, answer
	}

	// Without a mapping there is nothing, whatever a server says.
	own.start()
	if status, body := own.get("/api/primero"); status != http.StatusOK || body != "{}" {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := ask("/api/primero/send", map[string]string{"form": string(form)}); status != http.StatusNotFound {
		t.Errorf("sent without a mapping: %d", status)
	}

	mapping := mappingFor(t, s.URL, "field: module_id, value: gbv", "field: contact, form: who.contact")
	c := &call{env: func(name string) string { return withPassword[name] }}
	own.local.primero, err = newLocalPrimero(c, wallet{t.TempDir()}, mapping, "example")
	if err != nil {
		t.Fatal(err)
	}
	own.server.Config.Handler = own.local.handler()
	if status, body := own.get("/api/primero"); status != http.StatusOK || body != `{"name":"Case management"}` {
		t.Errorf("%d %s", status, body)
	}
	status, plan := ask("/api/primero/show", map[string]string{"form": string(form)})
	if status != http.StatusOK || plan["leg"] != "complaint" || !strings.Contains(plan["shown"], "اتصلوا بجارتي مساءً") || s.Count("cases") != 0 {
		t.Fatalf("%d %v", status, plan)
	}
	changed := strings.Replace(string(form), "اتصلوا", "لا تتصلوا", 1)
	if status, _ := ask("/api/primero/send", map[string]string{"form": changed, "sum": plan["sum"]}); status != http.StatusConflict || s.Count("cases") != 0 {
		t.Errorf("sent what was not shown: %d", status)
	}
	refused := strings.Replace(string(form), `"given": true`, `"given": false`, 1)
	if status, got := ask("/api/primero/send", map[string]string{"form": refused, "sum": plan["sum"]}); status != http.StatusUnprocessableEntity || !strings.Contains(got["what"], "said no") || s.Count("cases") != 0 {
		t.Errorf("sent without the consent: %d %v", status, got)
	}
	status, got := ask("/api/primero/send", map[string]string{"form": string(form), "sum": plan["sum"]})
	if status != http.StatusOK || s.Count("cases") != 1 || !strings.HasPrefix(got["text"], strings.TrimPrefix(s.URL, "http://")+"\ncase ") {
		t.Errorf("%d %v", status, got)
	}
	s.Fault = func(*http.Request) (int, http.Header) { return http.StatusServiceUnavailable, nil }
	if status, got = ask("/api/primero/send", map[string]string{"form": string(form), "sum": plan["sum"]}); status != http.StatusBadGateway || !strings.Contains(got["what"], "it is busy") {
		t.Errorf("%d %v", status, got)
	}
	for _, path := range toServer {
		if strings.Contains(path, "primero") {
			t.Errorf("the server was asked for %s", path)
		}
	}
	if status, _, body := own.do(http.MethodPost, "/api/primero/send", "{}", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); status != http.StatusForbidden {
		t.Errorf("from another page: %d %s", status, body)
	}
	if _, err := newLocalPrimero(&call{env: func(string) string { return "" }, stdin: strings.NewReader("")}, wallet{t.TempDir()}, mapping, "example"); err == nil {
		t.Error("a desk that cannot send was started")
	}
}
