package main

import (
	"encoding/json"
	"io"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// The form of -json. It holds what a person may read of a report, and none of the secrets in it: neither the seed with
// which answers are signed, nor the mailbox key, nor the return address.
type (
	jsonReport struct {
		Report   string        `json:"report"` // id
		Code     string        `json:"code,omitempty"`
		Received time.Time     `json:"received"`
		Language string        `json:"language"`
		Kind     string        `json:"kind"`
		Urgency  string        `json:"urgency"`
		State    string        `json:"state,omitempty"` // as of the last answer, or note with a state, in the thread
		Answers  []jsonAnswer  `json:"answers"`
		Consents []jsonConsent `json:"consents"`
		Thread   []jsonMessage `json:"thread"`
		Unsealed int           `json:"unsealed,omitempty"`       // messages that are not sealed to this reader yet
		Forged   int           `json:"forged,omitempty"`         // what claims to come from a reader, and is not signed by one
		Spoilt   int           `json:"spoilt,omitempty"`         // messages that open to nothing that could be shown
		Server   *jsonServer   `json:"server,omitempty"`         // what only the server can know
		Cut      bool          `json:"record_changed,omitempty"` // who did what: a reader has seen another end of it
		Roster   uint64        `json:"roster"`                   // version
		Readers  []jsonReader  `json:"readers"`
	}
	jsonVoice struct {
		Number  int    `json:"number"`
		Seconds int    `json:"seconds"`
		File    string `json:"file,omitempty"` // to which it was written, in clear
	}
	jsonAnswer struct {
		Flow     string      `json:"flow"`
		Step     string      `json:"step"`
		Values   []string    `json:"values,omitempty"`
		Labels   []string    `json:"labels,omitempty"`
		Text     string      `json:"text,omitempty"`
		Voices   []jsonVoice `json:"voices,omitempty"`
		Language string      `json:"language,omitempty"`
		Skipped  bool        `json:"skipped,omitempty"`
	}
	jsonConsent struct {
		Step     string `json:"step"`
		Language string `json:"language"`
		Text     string `json:"text"`
		Given    bool   `json:"given"`
	}
	jsonMessage struct {
		Type     string      `json:"type"`
		Time     time.Time   `json:"time,omitzero"` // a share has none
		Language string      `json:"language,omitempty"`
		Role     string      `json:"role,omitempty"`
		State    string      `json:"state,omitempty"`   // to which it moves the report
		Outcome  string      `json:"outcome,omitempty"` // of an answer that closes it
		Leg      *ticket.Leg `json:"leg,omitempty"`     // of a note: what was passed on
		By       string      `json:"by,omitempty"`
		Added    string      `json:"added,omitempty"`  // roster id
		Forged   bool        `json:"forged,omitempty"` // no reader signed it
		Text     string      `json:"text"`
		Voices   []jsonVoice `json:"voices,omitempty"`
	}
	jsonServer struct {
		State string     `json:"state,omitempty"`
		Turns []jsonTurn `json:"turns,omitempty"`
	}
	jsonTurn struct {
		Day  string `json:"day"`
		What string `json:"what"`
	}
	jsonReader struct {
		ID           string `json:"id"`
		Name         string `json:"name"`
		Organisation string `json:"organisation"`
		Role         string `json:"role"`
		Fingerprint  string `json:"fingerprint"`
		Lacks        int    `json:"lacks,omitempty"` // messages
	}
)

// writeJSON writes the opened report in clear.
func (r *openedReport) writeJSON(w io.Writer, t *tongue) error {
	class := r.class(r.filed(t))
	out := jsonReport{
		Report: r.body.ID.String(), Code: r.code, Received: r.body.Time, Language: r.body.Lang,
		Kind: string(class.Kind), Urgency: string(class.Urgency), Unsealed: r.unsealed, Forged: r.forged, Spoilt: r.spoilt, Cut: r.cut, Roster: r.roster.Version,
		Answers: []jsonAnswer{}, Consents: []jsonConsent{}, Thread: []jsonMessage{},
	}
	if s, told := r.state(); told {
		out.State = string(s)
	}
	for _, a := range r.body.Answers {
		ja := jsonAnswer{Flow: a.Flow, Step: a.Step, Values: a.Values, Text: a.Text, Voices: r.jsonVoices(a.Voices), Language: a.Lang, Skipped: a.Skipped}
		for _, v := range a.Values {
			ja.Labels = append(ja.Labels, t.choice(a.Flow, a.Step, v))
		}
		out.Answers = append(out.Answers, ja)
	}
	for _, c := range r.body.Consents {
		out.Consents = append(out.Consents, jsonConsent{Step: c.Step, Language: c.Lang, Text: c.Text, Given: c.Given})
	}
	for _, in := range r.later {
		_, at := in.About()
		m := jsonMessage{Type: in.Type(), Time: at, Text: textOf(in.Inside), Voices: r.jsonVoices(voicesOf(in.Inside)), Added: in.added, Forged: in.forged}
		switch {
		case in.added != "":
			m.Type = ticket.TypeShare
		case in.Message != nil:
			m.Language = in.Message.Lang
		case in.Reply != nil:
			m.Language, m.Role, m.State = in.Reply.Lang, string(in.Reply.Role), string(in.Reply.State)
			m.Outcome = string(in.Reply.Outcome)
		case in.Note != nil:
			m.Language, m.By, m.State, m.Leg = in.Note.Lang, in.Note.By, string(in.noted()), in.Note.Leg
		}
		out.Thread = append(out.Thread, m)
	}
	if r.standing != "" || len(r.turns) > 0 {
		out.Server = &jsonServer{State: r.standing}
		for _, turn := range r.turns {
			day := time.Unix(int64(turn.Day)*86400, 0).UTC().Format(time.DateOnly)
			out.Server.Turns = append(out.Server.Turns, jsonTurn{Day: day, What: turn.What})
		}
	}
	for at, e := range r.readers {
		out.Readers = append(out.Readers, jsonReader{
			ID: e.ID, Name: e.Name, Organisation: e.Org, Role: string(e.Role), Fingerprint: seal.Fingerprint(e.Key), Lacks: r.lacked(at),
		})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
