package ticket

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMaySee(t *testing.T) {
	r := Report{Readers: []Reader{{"amal", true}, {"dana", false}, {"zed", true}}, Excluded: []string{"zed"}}
	for person, want := range map[string]bool{"amal": true, "dana": false, "zed": false, "nour": false, "": false} {
		if MaySee(r, person) != want {
			t.Errorf("%q: %v", person, !want)
		}
	}
}

// Excluded means unseen: whatever the report is, and wherever it stands among others, the view of a person who is not
// handed it is the same as if it did not exist.
func TestTheUnseenReportChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "now"), 0)
		reports := rapid.SliceOfN(rapid.Custom(drawReport), 0, 6).Draw(t, "reports")
		for i := range reports { // some of them are the person's own
			if rapid.Bool().Draw(t, "own") {
				reports[i].Readers = []Reader{{"the-viewer1", true}}
				reports[i].Excluded = nil
			}
		}
		hidden := drawReport(t)
		switch rapid.IntRange(0, 2).Draw(t, "why") {
		case 0: // a handed reader who was excluded later, by a list that was not kept in step
			hidden.Readers = append(hidden.Readers, Reader{"the-viewer1", true})
			hidden.Excluded = append(hidden.Excluded, "the-viewer1")
		case 1: // waits
			hidden.Readers = append(hidden.Readers, Reader{"the-viewer1", false})
		}
		with := slices.Insert(slices.Clone(reports), rapid.IntRange(0, len(reports)).Draw(t, "place"), hidden)
		if d := cmp.Diff(Inbox("the-viewer1", reports, now), Inbox("the-viewer1", with, now)); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(Desk("the-viewer1", reports, now), Desk("the-viewer1", with, now)); d != "" {
			t.Fatal(d)
		}
	})
}

func TestInbox(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	mine := []Reader{{"amal", true}}
	in := func(h time.Duration) []Due {
		return []Due{{Step: Answer, From: now.Add(-time.Hour), At: now.Add(h * time.Hour)}}
	}
	reports := []Report{
		{Code: "LATER", State: Read, Urgency: Normal, Readers: mine, Due: in(50)},
		{Code: "NOTHING", State: Confirmed, Urgency: Urgent, Readers: mine},
		{Code: "CLOSED", State: Closed, Readers: mine, Due: in(-50)},
		{Code: "SOON", State: Read, Urgency: Normal, Readers: mine, Due: in(2)},
		{Code: "URGENT", State: Read, Urgency: Urgent, Readers: mine, Due: in(2)},
		{Code: "LATE", State: Received, Urgency: Normal, Readers: mine, Due: in(-1)},
		{Code: "BACK", State: Read.Withdraw(), Readers: mine, Due: append(in(-9), Due{Step: WithdrawFinal, At: now.Add(99 * time.Hour)})},
		{Code: "HERS", State: Read, Readers: []Reader{{"dana", true}}, Due: in(-50)},
	}
	var got []string
	for _, l := range Inbox("amal", reports, now) {
		word := string(l.Code)
		if l.Late {
			word += "!"
		}
		got = append(got, word)
	}
	if d := cmp.Diff([]string{"LATE!", "URGENT", "SOON", "LATER", "BACK", "NOTHING"}, got); d != "" {
		t.Error(d)
	}
	reports = append(reports, Report{Code: "SHUT", Day: 9, State: Closed, Readers: mine, Kind: SEA, Area: "north", Lang: "ar", Urgency: Urgent})
	lines := Desk("amal", reports, now)
	if want := (Line{Code: "SHUT", Day: 9, State: Closed, Kind: SEA, Area: "north", Lang: "ar", Urgency: Urgent}); len(lines) != 8 || lines[6] != want || lines[7].Code != "CLOSED" {
		t.Errorf("closed ones stand behind, the latest first: %+v", lines[min(6, len(lines)):])
	}
	slices.Reverse(reports)
	var again []string
	for _, l := range Inbox("amal", reports, now) {
		again = append(again, string(l.Code))
	}
	if again[0] != "LATE" || again[5] != "NOTHING" {
		t.Errorf("the order of the store shows: %v", again)
	}
}
