package ticket

import "testing"

func TestAgreedTo(t *testing.T) {
	yes := func(step string) Agreed { return Agreed{Step: step, Given: true} }
	no := func(step string) Agreed { return Agreed{Step: step} }
	for _, c := range []struct {
		consents []Agreed
		leg      string
		want     Agreement
	}{
		{nil, LegAssistance, NotAsked},
		{[]Agreed{yes("consent_complaint")}, LegAssistance, NotAsked},
		{[]Agreed{yes("consent_complaint")}, LegComplaint, Given},
		{[]Agreed{yes("consent_complaint"), no("consent_help")}, LegAssistance, Refused},
		{[]Agreed{yes("consent_complaint"), no("consent_help")}, LegComplaint, Given},
		{[]Agreed{yes("consent_help"), no("consent_help")}, LegAssistance, Refused},
		{[]Agreed{no("consent_help"), yes("consent_help")}, LegAssistance, Refused},
		{[]Agreed{yes("consent_send")}, LegComplaint, NotAsked},
		{[]Agreed{yes("consent_send"), yes("consent_help")}, LegAssistance, Given},
		{[]Agreed{yes("")}, "no such leg", NotAsked},
	} {
		if got := AgreedTo(c.consents, c.leg); got != c.want {
			t.Errorf("%v for %s: %s, want %s", c.consents, c.leg, got, c.want)
		}
	}
}

// What was answered on the way does not make a report one of the flow that it was asked in.
func TestFiledIn(t *testing.T) {
	said := func(flows ...string) (out []Said) {
		for _, f := range flows {
			out = append(out, Said{Flow: f, Step: "x"})
		}
		return out
	}
	files := func(flow string) bool { return flow != "contact" }
	for want, answers := range map[string][]Said{
		"report":   said("feedback", "feedback", "report", "report", "report", "contact", "contact", "contact", "contact"),
		"child":    said("report", "report", "child", "child", "contact"),
		"feedback": said("feedback"),
		"":         said("contact"),
	} {
		if got := FiledIn(answers, files); got != want {
			t.Errorf("%v: %q, want %q", answers, got, want)
		}
	}
}
