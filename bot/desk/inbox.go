package desk

import (
	"context"

	"amana/bot/casework"
)

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
	Tray      string `json:"tray,omitempty"` // "low": below the others, since it came with many at once
}

// mostLow is how many reports of the low tray are listed, the urgent ones first. Each that is acknowledged leaves it.
const mostLow = 100

// getInbox lists what somebody has to do, the low tray last. Nothing in it depends on what they may not see, and so nothing
// in its mark does. With tray=low, or tray=none, it lists that alone.
func getInbox(ctx context.Context, a *asked) (any, error) {
	lines, err := a.Registry.Desk(ctx, a.me.Person, a.r.URL.Query().Get("all") == "1")
	if err != nil {
		return nil, err
	}
	areas := a.named("areas")
	out := struct {
		Lines []line `json:"lines"`
		Low   int    `json:"low,omitempty"` // how many lie in the low tray, listed or not
	}{[]line{}, 0}
	only := a.r.URL.Query().Get("tray")
	for _, l := range lines {
		if l.Tray != "" {
			out.Low++
		}
		if l.Tray != "" && (only == "none" || out.Low > mostLow) || l.Tray == "" && only == "low" {
			continue
		}
		out.Lines = append(out.Lines, lined(l, areas))
	}
	return polled{out}, nil
}

func lined(l casework.Line, areas map[string]string) line {
	return line{
		l.Code, l.Kind, l.Urgency, l.Area, areas[l.Area], dated(l.Day), l.Lang, l.State, l.Step, instant(l.Due), l.Late, l.Closed, l.Lacks, l.Tray,
	}
}

// run is one deadline that runs.
type run struct {
	Step string `json:"step"`
	Due  string `json:"due"`
	Late bool   `json:"late"`
}

// getStanding says where one report stands, and which of its readers stand by.
func getStanding(ctx context.Context, a *asked) (any, error) {
	s, err := a.Registry.Standing(ctx, a.me.Person, a.code())
	if err != nil {
		return nil, err
	}
	out := struct {
		Line    line     `json:"line"`
		Runs    []run    `json:"runs"`
		Waiting []string `json:"waiting"`
	}{lined(s.Line, a.named("areas")), []run{}, append([]string{}, s.Waiting...)}
	for _, r := range s.Runs {
		out.Runs = append(out.Runs, run{r.Step, instant(r.Due), r.Late})
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
