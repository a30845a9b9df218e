package ticket

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func noteOf(l Leg) Inside {
	return Inside{Note: &Note{ID: ID{1}, Time: written, By: "amal", Leg: &l}}
}

func replyOf(s State, o Outcome) Inside {
	return Inside{Reply: &Reply{ID: ID{1}, Time: written, Role: FocalPoint, State: s, Outcome: o, Text: "x"}}
}

// The form on the wire is written by pages in browsers too.
func TestLegAndOutcomeForm(t *testing.T) {
	for want, in := range map[string]Inside{
		`{"v":1,"type":"note","note":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05.123456789Z","by":"amal","leg":{"leg":"complaint","to":"Red, the investigators","state":"sent"},"text":""}}`: noteOf(Leg{LegComplaint, "Red, the investigators", LegSent}),
		`{"v":1,"type":"answer","answer":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05.123456789Z","role":"focal_point","state":"closed","outcome":"passed_on","text":"x"}}`:                   replyOf(Closed, OutcomePassedOn),
	} {
		got, err := in.Encode()
		if err != nil || string(got) != want {
			t.Errorf("%v\n%s\nwant\n%s", err, got, want)
		}
		back, err := DecodeInside([]byte(want))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(in, back); d != "" {
			t.Error(d)
		}
	}
}

// Whatever a program of another make wrote is held to the same words, on the way in and on the way out.
func TestLegs(t *testing.T) {
	long := strings.Repeat("م", MaxReceiver)
	good := []Leg{{LegAssistance, long, LegDone}, {LegAssistance, "کلینیک\u200cها", LegDeclined}, {LegComplaint, " spaced ", LegConfirmed}}
	for _, leg := range Legs() {
		for _, state := range LegStates() {
			good = append(good, Leg{leg, "Blue", state})
		}
	}
	for _, l := range good {
		b, err := noteOf(l).Encode()
		if err != nil {
			t.Errorf("%+v: %v", l, err)
			continue
		}
		if in, err := DecodeInside(b); err != nil || *in.Note.Leg != l {
			t.Errorf("%+v came back as %+v: %v", l, in.Note, err)
		}
	}
	for name, l := range map[string]Leg{
		"no leg": {"", "Blue", LegSent}, "another leg": {"police", "Blue", LegSent}, "upper case": {"Complaint", "Blue", LegSent},
		"no state": {LegComplaint, "Blue", ""}, "another state": {LegComplaint, "Blue", "lost"}, "a state of reports": {LegComplaint, "Blue", string(Referred)},
		"to nobody": {LegComplaint, "", LegSent}, "to a space": {LegComplaint, " \u00a0", LegSent}, "too long": {LegComplaint, long + "x", LegSent},
		"two lines": {LegComplaint, "Blue\nsigned: Red", LegSent}, "a separator": {LegComplaint, "Blue\u2028Red", LegSent}, "an escape": {LegComplaint, "Blue\x1b[2J", LegSent},
	} {
		if _, err := noteOf(l).Encode(); err == nil {
			t.Errorf("%s: written", name)
		}
		raw, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		b := `{"v":1,"type":"note","note":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05Z","by":"amal","text":"","leg":` + string(raw) + `}}`
		if _, err := DecodeInside([]byte(b)); err == nil || strings.Contains(err.Error(), "Blue") {
			t.Errorf("%s: read, or told: %v", name, err)
		}
	}
}

// An outcome stands only where a report is closed, and a report can be closed without one.
func TestOutcomes(t *testing.T) {
	for _, o := range append(Outcomes(), "") {
		for _, s := range []State{Read, Referred, Closed, Closed.Withdraw()} {
			_, err := replyOf(s, o).Encode()
			if may := o == "" || s.Keep() == Closed; (err == nil) != may {
				t.Errorf("%q in an answer that is %s: %v", o, s, err)
			}
		}
	}
	for _, o := range []Outcome{"Helped", "solved", " "} {
		if _, err := replyOf(Closed, o).Encode(); err == nil {
			t.Errorf("%q is an outcome", o)
		}
		b := `{"v":1,"type":"answer","answer":{"id":"01000000000000000000000000000000","time":"2026-11-02T21:04:05Z","role":"focal_point","state":"closed","outcome":"` + string(o) + `","text":"x"}}`
		if _, err := DecodeInside([]byte(b)); err == nil {
			t.Errorf("%q is read as an outcome", o)
		}
	}
}

// A note moves the report as an answer does, never closes it, and leaves the word to the reporter due when it was.
func TestNoted(t *testing.T) {
	c := StandardClock()
	for _, from := range ranks {
		for _, over := range []bool{false, true} {
			for _, to := range ranks {
				r := fileAt(c, Normal, ClassReport)
				if from != Received {
					r, _ = c.Answered(r, from, hour(1))
				}
				if over {
					r, _ = c.Turn(r, ByReporter, r.State.Withdraw(), hour(2))
				}
				before, answered := r.clone(), r
				noted, err := c.Noted(r, to, hour(3))
				answered, wrong := c.Answered(r, to, hour(3))
				if to == Closed {
					if err != ErrMove || noted.State != before.State {
						t.Errorf("a note closes what is %s: %s, %v", r.State, noted.State, err)
					}
					continue
				}
				if err != wrong || noted.State != answered.State {
					t.Errorf("from %s to %s: %s, %v; an answer gives %s, %v", r.State, to, noted.State, err, answered.State, wrong)
				}
				if d := cmp.Diff(before, r); d != "" {
					t.Errorf("the report before was changed: %s", d)
				}
			}
		}
	}
	r := fileAt(c, Normal, ClassReport)
	r, err := c.Noted(r, Referred, hour(3))
	if err != nil || dues(r) != "confirm 75, answer 168" {
		t.Errorf("sent on after three hours: %s, %v", dues(r), err)
	}
	if r, err = c.Noted(r, Confirmed, hour(30)); err != nil || dues(r) != "answer 168" {
		t.Errorf("confirmed: %s, %v", dues(r), err)
	}
	r, _ = c.Answered(r, Closed, hour(40))
	if r, err = c.Noted(r, Read, hour(50)); err != nil || r.State != Read || dues(r) != "refer 74, answer 218" {
		t.Errorf("opened again: %s %s, %v", r.State, dues(r), err)
	}
}
