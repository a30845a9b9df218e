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
