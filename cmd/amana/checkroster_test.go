package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"amana/bot/casework"
	"amana/bot/ticket"
)

// The check warns from three quarters of the room on, and calls what does not travel an error.
func TestCheckRoster(t *testing.T) {
	r := ticket.Roster{Version: 1}
	seen := map[level]int{}
	for n := 0; seen[failure] == 0; n++ {
		r.Entries = append(r.Entries, ticket.Entry{ID: fmt.Sprintf("reader-%d", n), Name: "Reader", Org: "example_relief", Role: ticket.FocalPoint, Key: "age1" + strings.Repeat("q", 58), Status: ticket.StatusConfirmed})
		statement, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		want, most := level(""), casework.MostRoster
		switch size := len(statement); {
		case size > most:
			want = failure
		case size > most*3/4:
			want = warning
		}
		got := level("")
		for _, f := range checkRoster(r) {
			got = f.Level
		}
		if got != want {
			t.Fatalf("%d bytes: %q, want %q", len(statement), got, want)
		}
		seen[got]++
	}
	if seen[warning] == 0 || seen[""] == 0 {
		t.Errorf("%v", seen)
	}
	if !slices.ContainsFunc(checkFacts(&config{path: "test", Profile: "example"}, facts{Roster: r}, someDay), func(f finding) bool {
		return f.Level == failure && strings.Contains(f.What, "can travel with a report") && strings.Contains(f.Hint, "-remove")
	}) {
		t.Error("the check does not look")
	}
}

// The check names every kind that nobody is enrolled for, and says what that means: what is for case workers goes to nobody.
func TestCheckKinds(t *testing.T) {
	entry := func(kinds ...ticket.Kind) ticket.Entry {
		return ticket.Entry{ID: "a", Role: ticket.FocalPoint, Kinds: kinds, Key: "age1" + strings.Repeat("q", 58), Status: ticket.StatusConfirmed}
	}
	for name, c := range map[string]struct {
		entries []ticket.Entry
		want    []string
	}{
		"nobody at all":          {nil, nil},
		"for everything":         {[]ticket.Entry{entry()}, []string{"kind support: people are shown services", "kind child: people are shown services"}},
		"with case workers":      {[]ticket.Entry{entry(), entry(ticket.Support, ticket.Child)}, nil},
		"for one kind alone":     {[]ticket.Entry{entry(ticket.SEA, ticket.Support, ticket.Child, ticket.Trafficking, ticket.Force, ticket.Fraud, ticket.Retaliation, ticket.Other, ticket.Remedy, ticket.Participation)}, []string{"kind feedback: it goes to readers of other kinds"}},
		"only a key in a safe":   {[]ticket.Entry{entry(), {ID: "r", Role: ticket.Recovery, Kinds: []ticket.Kind{ticket.Support, ticket.Child}, Key: "x", Status: ticket.StatusConfirmed}}, []string{"kind support:", "kind child:"}},
		"only who was taken out": {[]ticket.Entry{entry(), {ID: "o", Role: ticket.FocalPoint, Kinds: []ticket.Kind{ticket.Support, ticket.Child}, Key: "x", Status: ticket.StatusRevoked}}, []string{"kind support:", "kind child:"}},
	} {
		found := checkKinds(ticket.Roster{Version: 1, Entries: c.entries})
		if len(found) != len(c.want) {
			t.Errorf("%s: %v", name, found)
			continue
		}
		for i, f := range found {
			if f.Level != warning || !strings.Contains(f.What, c.want[i]) || !strings.Contains(f.Hint, "-kind") {
				t.Errorf("%s: %+v, want %q", name, f, c.want[i])
			}
		}
	}
}

// The check says of open reports that nobody opens what can still be done, and nothing of those that somebody does.
func TestCheckShut(t *testing.T) {
	for name, c := range map[string]struct {
		shut casework.Shut
		want []string
	}{
		"all open":           {casework.Shut{}, nil},
		"for a recovery key": {casework.Shut{Kept: 1}, []string{"1 open report opens for nobody any more who may read it"}},
		"for nothing":        {casework.Shut{Lost: 2}, []string{"2 open reports open for nobody any more, and for no recovery key"}},
		"of both":            {casework.Shut{Kept: 3, Lost: 1}, []string{"a recovery key still opens it", "for no recovery key of the roster"}},
	} {
		var got []finding
		for _, f := range checkFacts(&config{path: "test", Profile: "example"}, facts{Shut: c.shut, Roster: ticket.Roster{Version: 1}, Pinned: true}, someDay) {
			if strings.Contains(f.What, "for nobody any more") {
				got = append(got, f)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
			continue
		}
		for n, f := range got {
			if f.Level != warning || f.Hint == "" || !strings.Contains(f.What, c.want[n]) {
				t.Errorf("%s: %v", name, f)
			}
		}
	}
}
