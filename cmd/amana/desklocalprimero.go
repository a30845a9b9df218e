package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"sync"

	"amana/bot/handover"
	"amana/bot/primero"
)

// localPrimero takes a filled form from the page on this machine, shows what would go to a Primero, and sends it. It stands
// in the program of one's own machine alone: a server of the mission sees neither a word of the form nor the password.
type localPrimero struct {
	mapping *primero.Mapping

	mu     sync.Mutex // one sending at a time
	client *primero.Client
}

// mostForm is what a question of the page holds at most: a form within a text of JSON.
const mostForm = 2*handover.MaxForm + 1024

// routes names what the page may ask. Without a mapping, one answer says so, and nothing else is there.
func (p *localPrimero) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/primero", func(w http.ResponseWriter, _ *http.Request) {
		var there struct {
			Name string `json:"name,omitempty"`
		}
		if p != nil {
			there.Name = p.mapping.Receiver
		}
		answerPage(w, http.StatusOK, there)
	})
	if p == nil { // no question about it goes on to a server
		mux.HandleFunc("/api/primero/", func(w http.ResponseWriter, _ *http.Request) { answerPage(w, http.StatusNotFound, wrongIs("unknown")) })
		return
	}
	mux.HandleFunc("POST /api/primero/show", p.show)
	mux.HandleFunc("POST /api/primero/send", p.send)
	mux.HandleFunc("/api/primero/", func(w http.ResponseWriter, _ *http.Request) { answerPage(w, http.StatusNotFound, wrongIs("unknown")) })
}

// primeroWrong is what a page is told in the place of an answer, with what to do in the words of operators.
type primeroWrong struct {
	Error string `json:"error"`
	What  string `json:"what"`
}

// shownPlan is a plan, and its sum, by which the page says that this one was shown.
type shownPlan struct {
	Name  string `json:"name"`
	Leg   string `json:"leg"`
	Shown string `json:"shown"`
	Sum   string `json:"sum"`
}

// plan makes what would be sent of the form that a page has filled.
func (p *localPrimero) plan(w http.ResponseWriter, r *http.Request) (plan primero.Plan, out shownPlan, sum string, ok bool) {
	var in struct {
		Form string `json:"form"`
		Sum  string `json:"sum"`
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostForm))
	if err != nil || json.Unmarshal(data, &in) != nil {
		answerPage(w, http.StatusBadRequest, wrongIs("bad"))
		return plan, out, "", false
	}
	form, err := handover.Parse([]byte(in.Form))
	if err == nil {
		plan, err = planned(p.mapping, form)
	}
	var shown []byte
	if err == nil {
		shown, err = showPlan(p.mapping, plan)
	}
	if err != nil {
		answerPage(w, http.StatusUnprocessableEntity, primeroWrong{"primero", err.Error()})
		return plan, out, "", false
	}
	of := sha256.Sum256(shown)
	return plan, shownPlan{p.mapping.Receiver, p.mapping.Leg, string(shown), hex.EncodeToString(of[:])}, in.Sum, true
}

func (p *localPrimero) show(w http.ResponseWriter, r *http.Request) {
	if _, out, _, ok := p.plan(w, r); ok {
		answerPage(w, http.StatusOK, out)
	}
}

// send sends what was shown, and nothing that was changed since.
func (p *localPrimero) send(w http.ResponseWriter, r *http.Request) {
	plan, out, sum, ok := p.plan(w, r)
	if !ok {
		return
	}
	if subtle.ConstantTimeCompare([]byte(sum), []byte(out.Sum)) != 1 {
		answerPage(w, http.StatusConflict, wrongIs("bad"))
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.client.Send(r.Context(), plan); err != nil {
		answerPage(w, http.StatusBadGateway, primeroWrong{"primero", err.Error()})
		return
	}
	answerPage(w, http.StatusOK, struct {
		Text string `json:"text"`
	}{p.mapping.Host() + plan.String()})
}

// newLocalPrimero reads the mapping that `amana desk -primero` names; nil without one.
func newLocalPrimero(c *call, w wallet, file, profileName string) (*localPrimero, error) {
	if file == "" {
		return nil, nil
	}
	if profileName == "" && w.has(ownProfile) {
		profileName = w.path(ownProfile)
	}
	var p *profile
	if profileName != "" {
		var err error
		if p, err = readProfile(&config{path: ".", Profile: profileName}); err != nil {
			return nil, err
		}
	}
	m, err := readMapping(file, p)
	if err != nil {
		return nil, err
	}
	password, err := passwordOf(c, m)
	if err != nil {
		return nil, err
	}
	return &localPrimero{mapping: m, client: primero.NewClient(m, password, nil)}, nil
}
