package desk

import "context"

// line is one report in an inbox: outer facts alone, those that the server can read.
type line struct {
	Code      string `json:"code"`
	Kind      string `json:"kind"`
	Urgency   string `json:"urgency"`
	Area      string `json:"area"`
	AreaLabel string `json:"areaLabel"`
	Day       string `json:"day"`
	Lang      string `json:"lang"`
	State     string `json:"state"`
	Step      string `json:"step"`
	Due       string `json:"due"`
	Late      bool   `json:"late"`
	Closed    bool   `json:"closed"`
	Lacks     int    `json:"lacks"`
}

// getInbox lists what somebody has to do. Nothing in it depends on what they may not see.
func getInbox(ctx context.Context, a *asked) (any, error) {
	lines, err := a.Registry.Desk(ctx, a.me.Person, a.r.URL.Query().Get("all") == "1")
	if err != nil {
		return nil, err
	}
	areas := a.named("areas")
	out := struct {
		Lines []line `json:"lines"`
	}{[]line{}}
	for _, l := range lines {
		out.Lines = append(out.Lines, line{
			l.Code, l.Kind, l.Urgency, l.Area, areas[l.Area], dated(l.Day), l.Lang, l.State, l.Step, instant(l.Due), l.Late, l.Closed, l.Lacks,
		})
	}
	return out, nil
}

// named gives the labels of one of the mission's lists, in the language of whoever asks.
func (a *asked) named(list string) map[string]string {
	if a.Lists == nil {
		return nil
	}
	if l := a.Lists(a.me.Lang)[list]; l != nil {
		return l
	}
	return a.Lists(a.Offered[0])[list]
}
