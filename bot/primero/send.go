package primero

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Request is one thing that is asked of a Primero, as it can be shown before.
type Request struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   any    `json:"body"`

	what deed
	sent []string // names of its fields
}

// Requests lists what a plan asks for, in order, beside signing in and looking whether a case that was there already was
// referred. What is sent is made of these, and of nothing else.
func (p Plan) Requests() (out []Request) {
	type data map[string]any
	record := func(path string, what deed, e *Entry) {
		fields := maps.Clone(e.Fields)
		fields["id"] = e.ID
		out = append(out, Request{http.MethodPost, path, data{"data": fields}, what, e.names()})
	}
	if p.Case != nil {
		record("/api/v2/cases", doCase, p.Case)
	}
	if p.Incident != nil {
		record("/api/v2/incidents", doIncident, p.Incident)
	}
	if p.Case != nil && p.Incident != nil {
		out = append(out, Request{http.MethodPost, "/api/v2/cases/" + p.Case.ID + "/incidents", data{"data": data{"incident_ids": []string{p.Incident.ID}}}, doLink, nil})
	}
	if p.Refer.To != "" {
		refer := data{"ids": []string{p.Case.ID}, "transitioned_to": p.Refer.To, "notes": p.Refer.Notes}
		out = append(out, Request{http.MethodPost, "/api/v2/cases/referrals", data{"data": refer}, doRefer, nil})
	}
	return out
}

// names lists the fields of a record, those of its lists' entries beside them.
func (e *Entry) names() []string {
	all := map[string]bool{}
	for name, value := range e.Fields {
		all[name] = true
		list, _ := value.([]any)
		for _, one := range list {
			if entry, is := one.(map[string]any); is {
				for sub := range entry {
					all[sub] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Sent says what came of a plan.
type Sent struct {
	Already  []string // kinds of records, "case" or "incident", that were there from an earlier time, and were left as they are
	Referred bool     // now, or before
}

// PartError is a plan of which a part was done. The same plan can be sent again: what is there is not made twice.
type PartError struct {
	Done []string // what was done before
	Err  error
}

func (e *PartError) Error() string {
	done := "nothing was made there"
	switch {
	case len(e.Done) > 0:
		done = "done before that: " + strings.Join(e.Done, ", ")
	case errors.Is(e.Err, ErrUnanswered):
		done = "whether anything was made there is not known"
	}
	return fmt.Sprintf("%v (%s; send it again when that is mended: nothing is made twice)", e.Err, done)
}

func (e *PartError) Unwrap() error { return e.Err }

// Send does what a plan says. A record that is there already under its id is the one of an earlier time and counts as made:
// nobody else can know the id. A case that was there is referred only if it was not before.
func (c *Client) Send(ctx context.Context, p Plan) (s Sent, err error) {
	var done []string
	for _, r := range p.Requests() {
		if r.what == doRefer && slices.Contains(s.Already, "case") {
			before, err := c.referred(ctx, p)
			if err != nil {
				return s, &PartError{done, err}
			}
			if before {
				s.Referred = true
				continue
			}
		}
		a, err := c.do(ctx, r.Method, r.Path, r.Body)
		if err != nil {
			return s, &PartError{done, err}
		}
		switch {
		case a.status == http.StatusOK || a.status == http.StatusCreated || a.status == http.StatusNoContent:
		case a.status == http.StatusConflict && r.what == doCase:
			s.Already = append(s.Already, "case")
		case a.status == http.StatusConflict && r.what == doIncident:
			s.Already = append(s.Already, "incident")
		case a.status == http.StatusConflict && r.what == doLink:
		default:
			return s, &PartError{done, refusal(a, r.what, r.sent)}
		}
		s.Referred = s.Referred || r.what == doRefer
		done = append(done, string(r.what))
	}
	return s, nil
}

// referred looks whether a case was referred to the user of the plan. A referral has no id of ours, so that the second of two
// would be one more; where it cannot be seen, nothing is guessed.
func (c *Client) referred(ctx context.Context, p Plan) (bool, error) {
	a, err := c.do(ctx, http.MethodGet, "/api/v2/cases/"+p.Case.ID+"/referrals", nil)
	if err != nil {
		return false, err
	}
	if a.status != http.StatusOK {
		return false, refusal(a, doLook, nil)
	}
	var body struct {
		Data []struct {
			To string `json:"transitioned_to"`
		} `json:"data"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		return false, errNoPrimero
	}
	for _, r := range body.Data {
		if r.To == p.Refer.To {
			return true, nil
		}
	}
	return false, nil
}
