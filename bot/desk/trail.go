package desk

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"amana/bot/casework"
)

// auditPage is how many lines of the mission's chain a page shows.
const auditPage = 100

// trace is one line of an audit chain.
type trace struct {
	Day      string `json:"day"`
	Who      string `json:"who"`
	Name     string `json:"name"`
	Did      string `json:"did"`
	Whom     string `json:"whom"`
	WhomName string `json:"whomName"`
}

type trail struct {
	Entries []trace `json:"entries"`
	Whole   bool    `json:"whole"` // the chain holds together
	Total   int     `json:"total"`
}

// traced writes a chain. One that is broken shows nothing of itself: nobody knows what in it is true.
func traced(lines []casework.Trace, err error) (trail, error) {
	if errors.Is(err, casework.ErrBroken) {
		return trail{Entries: []trace{}}, nil
	}
	out := trail{Entries: make([]trace, 0, len(lines)), Whole: true, Total: len(lines)}
	for _, l := range lines {
		out.Entries = append(out.Entries, trace{dated(l.Day), l.Who, l.Name, l.Did, l.Whom, l.WhomName})
	}
	return out, err
}

// getTrail gives what was done with a report, to somebody who may see it.
func getTrail(ctx context.Context, a *asked) (any, error) {
	out, err := traced(a.Registry.ReportTrail(ctx, a.me.Person, a.code()))
	return out, err
}

// getAudit gives the mission's chain, the latest first, a page at a time. It names no report.
func getAudit(ctx context.Context, a *asked) (any, error) {
	out, err := traced(a.Registry.SharedTrail(ctx, a.me.Person))
	if err != nil {
		return nil, err
	}
	page, err := strconv.Atoi(a.r.URL.Query().Get("page"))
	if err != nil || page < 0 || page > out.Total/auditPage {
		page = 0
	}
	slices.Reverse(out.Entries)
	from := min(page*auditPage, len(out.Entries))
	out.Entries = out.Entries[from:min(from+auditPage, len(out.Entries))]
	return out, nil
}
