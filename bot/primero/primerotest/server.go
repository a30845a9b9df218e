package primerotest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the server knows.
const (
	User     = "amana_handover"
	Password = "a-password-for-tests"
	Receiver = "case_supervisor" // the one user who takes referrals
)

// Fields are those that the role of User may write, by kind of record; those of a list stand as LIST.FIELD.
var Fields = map[string][]string{
	"cases": {"module_id", "sex", "displacement_status", "disability_type", "unaccompanied_separated_status", "survivor_code", "services_wanted", "contact"},
	"incidents": {
		"module_id", "incidentid_ir", "survivor_code", "date_of_first_report", "incident_date", "sex", "displacement_status", "disability_type",
		"unaccompanied_separated_status", "displacement_incident", "incident_timeofday", "incident_location_type", "incident_camp_town",
		"gbv_sexual_violence_type", "harmful_traditional_practice", "goods_money_exchanged", "abduction_status_time_of_incident",
		"gbv_reported_elsewhere", "gbv_previous_incidents", "consent_reporting", "service_safehouse_referral", "service_medical_referral",
		"service_psycho_referral", "service_legal_referral", "service_police_referral", "service_livelihoods_referral", "service_protection_referral",
		"alleged_perpetrator.perpetrator_sex", "alleged_perpetrator.age_group", "alleged_perpetrator.age_type",
		"alleged_perpetrator.perpetrator_relationship", "alleged_perpetrator.perpetrator_occupation", "possible_exploitation",
	},
}

// Server is the Primero. Its fields may be changed between requests.
type Server struct {
	*httptest.Server
	tb testing.TB

	mu       sync.Mutex
	Now      func() time.Time
	Life     time.Duration                            // of a token
	Lookups  map[string][]string                      // field → what it can hold; a field without is free
	Fault    func(r *http.Request) (int, http.Header) // an answer in the place of the right one, unless it is 0
	Lose     func(r *http.Request) bool               // the deed is done, and its answer lost
	tokens   map[string]time.Time                     // until when
	records  map[string]map[string]map[string]any     // kind → id → fields
	links    map[string][]string                      // case → incidents
	refers   map[string][]string                      // case → users
	requests []string
}

// New starts a server that ends with the test.
func New(tb testing.TB) *Server {
	s := &Server{
		tb: tb, Now: time.Now, Life: time.Hour, tokens: map[string]time.Time{}, links: map[string][]string{}, refers: map[string][]string{},
		records: map[string]map[string]map[string]any{"cases": {}, "incidents": {}},
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(s.Close)
	return s
}

// Record gives what a record holds; nil if there is none.
func (s *Server) Record(kind, id string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.records[kind][id]
}

// Count says how many records of a kind there are.
func (s *Server) Count(kind string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.records[kind])
}

// Links gives the incidents of a case, Referred the users to whom it was referred.
func (s *Server) Links(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.links[id])
}

// Referred gives the users to whom a case was referred, once for each time.
func (s *Server) Referred(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refers[id])
}

// Requests gives method and path of everything that was asked since the last call.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.requests
	s.requests = nil
	return out
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+r.URL.Path)
	if s.Fault != nil {
		if status, h := s.Fault(r); status != 0 {
			for k, v := range h {
				w.Header()[k] = v
			}
			w.WriteHeader(status)
			return
		}
	}
	status, body := s.answer(w, r)
	if s.Lose != nil && s.Lose(r) {
		panic(http.ErrAbortHandler)
	}
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// wrong is an answer as Primero words what it refuses.
func wrong(r *http.Request, status int, message string, detail any) (int, any) {
	return status, map[string]any{"errors": []any{map[string]any{"code": status, "resource": r.URL.Path, "message": message, "detail": detail}}}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request) (int, any) {
	var in map[string]any
	if r.Method == http.MethodPost {
		dec := json.NewDecoder(io.LimitReader(r.Body, 1<<20))
		if r.Header.Get("Content-Type") != "application/json" || dec.Decode(&in) != nil {
			return wrong(r, http.StatusBadRequest, "Bad Request", nil)
		}
	}
	if r.Method == http.MethodPost && r.URL.Path == "/api/v2/tokens" {
		return s.sign(w, in)
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if until, there := s.tokens[token]; !there || !s.Now().Before(until) {
		return http.StatusUnauthorized, map[string]string{"error": "Unauthorized"}
	}
	data, _ := in["data"].(map[string]any)
	part := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/v2/"), "/")
	switch {
	case r.Method == http.MethodPost && len(part) == 1 && Fields[part[0]] != nil:
		return s.create(r, part[0], data)
	case r.Method == http.MethodPost && r.URL.Path == "/api/v2/cases/referrals":
		return s.refer(r, data)
	case len(part) == 3 && part[0] == "cases" && s.records["cases"][part[1]] == nil:
		return wrong(r, http.StatusNotFound, "Not Found", nil)
	case r.Method == http.MethodPost && len(part) == 3 && part[2] == "incidents":
		return s.link(r, part[1], data)
	case r.Method == http.MethodGet && len(part) == 3 && part[2] == "referrals":
		out := []any{}
		for _, to := range s.refers[part[1]] {
			out = append(out, map[string]any{"type": "Referral", "record_id": part[1], "transitioned_to": to, "transitioned_by": User})
		}
		return http.StatusOK, map[string]any{"data": out}
	}
	return wrong(r, http.StatusNotFound, "Not Found", nil)
}

func (s *Server) sign(w http.ResponseWriter, in map[string]any) (int, any) {
	u, _ := in["user"].(map[string]any)
	if len(in) != 1 || u["user_name"] != User || u["password"] != Password {
		return http.StatusUnauthorized, map[string]string{"error": "Invalid User name or password."}
	}
	token := fmt.Sprintf("header.payload.%d", len(s.tokens)+1)
	s.tokens[token] = s.Now().Add(s.Life)
	w.Header().Set("Authorization", "Bearer "+token)
	return http.StatusOK, map[string]string{"user_name": User}
}

var (
	uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	day  = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
)

func (s *Server) create(r *http.Request, kind string, data map[string]any) (int, any) {
	id, _ := data["id"].(string)
	if data == nil || !uuid.MatchString(id) {
		return wrong(r, http.StatusUnprocessableEntity, "Invalid Record JSON", "id")
	}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		if status, body := s.field(r, kind, "", name, data[name]); status != 0 {
			return status, body
		}
	}
	if s.records[kind][id] != nil {
		return wrong(r, http.StatusConflict, "Conflict", nil)
	}
	delete(data, "id")
	s.records[kind][id] = data
	return http.StatusNoContent, nil
}

// field looks at one field, and at those of the entries of a list.
func (s *Server) field(r *http.Request, kind, list, name string, value any) (int, any) {
	if list == "" && name == "id" {
		return 0, nil
	}
	full := strings.TrimPrefix(list+"."+name, ".")
	isList := slices.ContainsFunc(Fields[kind], func(f string) bool { return list == "" && strings.HasPrefix(f, name+".") })
	if isList {
		entries, is := value.([]any)
		for _, e := range entries {
			fields, isEntry := e.(map[string]any)
			is = is && isEntry
			for _, sub := range slices.Sorted(maps.Keys(fields)) {
				if status, body := s.field(r, kind, name, sub, fields[sub]); status != 0 {
					return status, body
				}
			}
		}
		if !is {
			return wrong(r, http.StatusUnprocessableEntity, "Invalid Record JSON", name)
		}
		return 0, nil
	}
	if !slices.Contains(Fields[kind], full) {
		return wrong(r, http.StatusForbidden, "Forbidden", name)
	}
	values, several := value.([]any)
	if !several {
		values = []any{value}
	}
	for _, v := range values {
		text, is := v.(string)
		look := s.Lookups[name]
		if is && look != nil && !slices.Contains(look, text) || strings.HasPrefix(name, "date_") && (!is || !day.MatchString(text)) {
			return wrong(r, http.StatusUnprocessableEntity, "is not valid", name)
		}
	}
	return 0, nil
}

func (s *Server) link(r *http.Request, id string, data map[string]any) (int, any) {
	ids, is := data["incident_ids"].([]any)
	for _, v := range ids {
		incident, _ := v.(string)
		if s.records["incidents"][incident] == nil {
			return wrong(r, http.StatusNotFound, "Not Found", nil)
		}
		if !slices.Contains(s.links[id], incident) {
			s.links[id] = append(s.links[id], incident)
		}
	}
	if !is || len(data) != 1 {
		return wrong(r, http.StatusUnprocessableEntity, "Invalid Record JSON", "incident_ids")
	}
	return http.StatusOK, map[string]any{"data": []any{}}
}

func (s *Server) refer(r *http.Request, data map[string]any) (int, any) {
	ids, _ := data["ids"].([]any)
	if data["transitioned_to"] != Receiver || len(ids) == 0 {
		return wrong(r, http.StatusUnprocessableEntity, "is not valid", "transitioned_to")
	}
	for _, v := range ids {
		id, _ := v.(string)
		if s.records["cases"][id] == nil {
			return wrong(r, http.StatusNotFound, "Not Found", nil)
		}
		s.refers[id] = append(s.refers[id], Receiver)
	}
	return http.StatusOK, map[string]any{"data": []any{}}
}
