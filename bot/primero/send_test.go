package primero

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/primero/primerotest"
)

// at gives small for a server on this machine.
func at(t testing.TB, address string) *Mapping {
	t.Helper()
	return read(t, strings.Replace(small, "https://primero.example.org", address, 1))
}

func plan(t testing.TB, m *Mapping) Plan {
	t.Helper()
	p, err := m.Plan(filled(), ids)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var caseID, incidentID = ids("case"), ids("incident")

func TestSend(t *testing.T) {
	s := primerotest.New(t)
	m := at(t, s.URL)
	c, p := NewClient(m, primerotest.Password, nil), plan(t, m)
	got, err := c.Send(t.Context(), p)
	if err != nil || got.Already != nil || !got.Referred {
		t.Fatal(got, err)
	}
	want := []string{"POST /api/v2/tokens", "POST /api/v2/cases", "POST /api/v2/incidents", "POST /api/v2/cases/" + caseID + "/incidents", "POST /api/v2/cases/referrals"}
	if asked := s.Requests(); !slices.Equal(asked, want) {
		t.Errorf("asked %q", asked)
	}
	if r := s.Record("incidents", incidentID); r["goods_money_exchanged"] != true || r["date_of_first_report"] != "2026-11-22" || len(r) != 5 {
		t.Errorf("%v", r)
	}
	if !slices.Equal(s.Links(caseID), []string{incidentID}) || !slices.Equal(s.Referred(caseID), []string{primerotest.Receiver}) {
		t.Errorf("%v, %v", s.Links(caseID), s.Referred(caseID))
	}

	// The same once more, by somebody else: nothing is made twice, and nobody is asked twice.
	got, err = NewClient(m, primerotest.Password, nil).Send(t.Context(), p)
	if err != nil || !reflect.DeepEqual(got, Sent{[]string{"case", "incident"}, true}) {
		t.Fatal(got, err)
	}
	if s.Count("cases") != 1 || s.Count("incidents") != 1 || len(s.Links(caseID)) != 1 || len(s.Referred(caseID)) != 1 {
		t.Error("something was made twice")
	}
}

// An answer that is lost on the way, anywhere, leaves nothing twice when it is sent again.
func TestSendAgainAfterALostAnswer(t *testing.T) {
	for lost, path := range []string{"/api/v2/tokens", "/api/v2/cases", "/api/v2/incidents", "/api/v2/cases/" + caseID + "/incidents", "/api/v2/cases/referrals"} {
		s := primerotest.New(t)
		m := at(t, s.URL)
		p := plan(t, m)
		s.Lose = func(r *http.Request) bool { return r.URL.Path == path }
		_, err := NewClient(m, primerotest.Password, nil).Send(t.Context(), p)
		var part *PartError
		if !errors.As(err, &part) || !strings.Contains(err.Error(), "no answer came from 127.0.0.1:") || errors.Is(err, ErrUnanswered) != (lost > 0) || len(part.Done) != max(0, lost-1) {
			t.Fatalf("%s: %v", path, err)
		}
		s.Lose = nil
		if _, err := NewClient(m, primerotest.Password, nil).Send(t.Context(), p); err != nil {
			t.Fatalf("%s, once more: %v", path, err)
		}
		if s.Count("cases") != 1 || s.Count("incidents") != 1 || len(s.Links(caseID)) != 1 || len(s.Referred(caseID)) != 1 {
			t.Errorf("%s: %d cases, %d incidents, linked %v, referred %v", path, s.Count("cases"), s.Count("incidents"), s.Links(caseID), s.Referred(caseID))
		}
	}
}

// A token that has run out is taken anew, once.
func TestTokenRunsOut(t *testing.T) {
	s := primerotest.New(t)
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	m := at(t, s.URL)
	c := NewClient(m, primerotest.Password, nil)
	if _, err := c.Send(t.Context(), plan(t, m)); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	s.Requests()
	if _, err := c.Send(t.Context(), plan(t, m)); err != nil {
		t.Fatal(err)
	}
	if asked := s.Requests(); !slices.Equal(asked[:3], []string{"POST /api/v2/cases", "POST /api/v2/tokens", "POST /api/v2/cases"}) {
		t.Errorf("asked %q", asked)
	}
	s.Life = -time.Second // no token is any good
	now = now.Add(2 * time.Hour)
	if _, err := c.Send(t.Context(), plan(t, m)); err == nil || !strings.Contains(err.Error(), "and then not its own token") {
		t.Errorf("%v", err)
	}
}

// Each refusal is told in words that say what to do, without the password, a token, or anything that was answered.
func TestRefusals(t *testing.T) {
	fault := func(path string, status int, h http.Header) func(*primerotest.Server) {
		return func(s *primerotest.Server) {
			s.Fault = func(r *http.Request) (int, http.Header) {
				if strings.HasSuffix(r.URL.Path, path) {
					return status, h
				}
				return 0, nil
			}
		}
	}
	for what, c := range map[string]struct {
		set  func(*primerotest.Server)
		from string // in the mapping
		to   string
		says string
	}{
		"no right to a field": {nil, "field: contact", "field: name", "does not let this user make the case, or write one of its fields (name): ask there for the right, or take the field out of the mapping (nothing was made there"},
		"a field of a list":   {nil, "perpetrator_occupation", "perpetrator_name", "make the incident, or write one of its fields (perpetrator_name)"},
		"no right at all":     {fault("/incidents", 403, nil), "", "", "make the incident, or write one of its fields (alleged_perpetrator, consent_reporting, date_of_first_report, goods_money_exchanged, perpetrator_occupation, possible_exploitation)"},
		"a value": {func(s *primerotest.Server) { s.Lookups = map[string][]string{"services_wanted": {"x"}} }, "", "",
			"does not take what is in services_wanted: compare the values in the mapping"},
		"nobody to refer to": {nil, "to: case_supervisor", "to: somebody", "cannot refer the case with what was sent: compare the mapping with the forms there (done before that: make the case, make the incident, link"},
		"not found":          {fault("/cases", 404, nil), "", "", "does not find what is needed to make the case"},
		"link not found":     {fault(caseID+"/incidents", 404, nil), "", "", "does not find what is needed to link"},
		"no such version":    {fault("/tokens", 404, nil), "", "", "is no Primero of version 2"},
		"busy":               {fault("/cases", 429, http.Header{"Retry-After": {"30"}}), "", "", "cannot make the case now: it is busy; try again in 30 seconds"},
		"busy for long":      {fault("/cases", 503, http.Header{"Retry-After": {"600"}}), "", "", "it is busy; try again in 10 minutes"},
		"busy for ever":      {fault("/cases", 503, http.Header{"Retry-After": {"Wed, 21 Oct 2026"}}), "", "", "it is busy; try again in some minutes"},
		"an error there":     {fault("/cases", 502, nil), "", "", "has an error of its own (502) and did not make the case"},
		"a riddle":           {fault("/cases", 418, nil), "", "", "in a way that is not known (418)"},
		"elsewhere":          {fault("/cases", 307, http.Header{"Location": {"https://evil.example"}}), "", "", "sends elsewhere instead of answering"},
		"elsewhere at once":  {fault("/tokens", 302, http.Header{"Location": {"https://evil.example"}}), "", "", "signing in: "},
		"another user":       {nil, "user: amana_handover", "user: nobody", "does not take this user and password"},
	} {
		s := primerotest.New(t)
		if c.set != nil {
			c.set(s)
		}
		m := read(t, strings.Replace(strings.Replace(small, "https://primero.example.org", s.URL, 1), c.from, c.to, 1))
		_, err := NewClient(m, primerotest.Password, nil).Send(t.Context(), plan(t, m))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nwant %s", what, err, c.says)
			continue
		}
		for _, secret := range []string{primerotest.Password, "header.payload", "evil", "neighbour", "Not Found", "Forbidden"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error tells %q: %v", what, secret, err)
			}
		}
		if busy := strings.HasPrefix(what, "busy"); errors.Is(err, ErrLater) != busy {
			t.Errorf("%s: later? %v", what, err)
		}
	}
}

// Whether a case was referred before has to be seen, or nothing is referred.
func TestReferredBeforeIsNotGuessed(t *testing.T) {
	s := primerotest.New(t)
	m := at(t, s.URL)
	p := plan(t, m)
	p.Refer.To = ""
	c := NewClient(m, primerotest.Password, nil)
	if _, err := c.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	s.Fault = func(r *http.Request) (int, http.Header) {
		if r.Method == http.MethodGet {
			return 403, nil
		}
		return 0, nil
	}
	if _, err := c.Send(t.Context(), plan(t, m)); err == nil || !strings.Contains(err.Error(), "look whether the case was referred before") || len(s.Referred(caseID)) != 0 {
		t.Errorf("%v, referred %v", err, s.Referred(caseID))
	}
	s.Fault = nil
	if got, err := c.Send(t.Context(), plan(t, m)); err != nil || !got.Referred || len(s.Referred(caseID)) != 1 {
		t.Errorf("%v, %v, referred %v", got, err, s.Referred(caseID))
	}
}

func TestSendStopsWhenTold(t *testing.T) {
	s := primerotest.New(t)
	m := at(t, s.URL)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := NewClient(m, primerotest.Password, nil).Send(ctx, plan(t, m)); !errors.Is(err, context.Canceled) || s.Count("cases") != 0 {
		t.Errorf("%v", err)
	}
}

// says answers everything in one way.
type says struct {
	status int
	header http.Header
	body   string
}

func (s says) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/api/v2/tokens" && s.header.Get("Authorization") == "" {
		return &http.Response{StatusCode: 200, Header: http.Header{"Authorization": {"Bearer secret-token"}}, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
	}
	return &http.Response{StatusCode: s.status, Header: s.header, Body: io.NopCloser(strings.NewReader(s.body)), Request: r}, nil
}

// FuzzAnswers lets a Primero answer whatever it likes: nothing breaks, and no error tells anything secret or foreign.
func FuzzAnswers(f *testing.F) {
	f.Add(422, "", "", `{"errors":[{"code":422,"message":"secret-words","detail":"contact"}]}`)
	f.Add(403, "", "", `{"errors":[{"detail":["contact","secret-words"]}]}`)
	f.Add(409, "", "", `{"data":[{"transitioned_to":7}]}`)
	f.Add(200, "Bearer \x00", "5", `{"data":{}}`)
	f.Add(503, "Bearer x", "-1", `[`)
	m := at(f, "https://primero.example.org")
	p, err := m.Plan(filled(), ids)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, authorization, after, body string) {
		h := http.Header{}
		if authorization != "" {
			h.Set("Authorization", authorization)
		}
		if after != "" {
			h.Set("Retry-After", after)
		}
		_, err := NewClient(m, "secret-password", says{status, h, body}).Send(t.Context(), p)
		if err == nil {
			return
		}
		if strings.Contains(err.Error(), "secret-") || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' }) {
			t.Fatalf("%q", err)
		}
		if words := strings.TrimSpace(body); len(words) > 40 && strings.Contains(err.Error(), words) {
			t.Fatalf("the error repeats what was answered: %v", err)
		}
	})
}
