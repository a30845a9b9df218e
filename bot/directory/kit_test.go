package directory_test

import (
	"testing"
	"time"

	"amana/bot/directory"
)

var friday = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kinds(t testing.TB, own ...directory.Kind) *directory.Kinds {
	t.Helper()
	k, err := directory.NewKinds(own...)
	ok(t, err)
	return k
}

// tree is an invented country: two states, and in the first one two camps, whose codes do not nest.
func tree() []directory.Area {
	area := func(id, parent string) directory.Area {
		return directory.Area{ID: id, Parent: parent, Name: directory.Say("en", id+" (EXAMPLE)")}
	}
	return []directory.Area{area("camp_b", "state_a"), area("country", ""), area("state_a", "country"), area("camp_a", "state_a"), area("state_b", "country"), area("block_1", "camp_a")}
}

// service is a sound record.
func service(id, kind, area string) directory.Service {
	return directory.Service{
		ID: id, Org: "example_relief", Name: directory.Say("en", id+" EXAMPLE"), Kinds: []string{kind}, Place: directory.Place{Area: area},
		Phones: []directory.Phone{{Number: "0000001"}}, VerifiedOn: "2026-11-01",
	}
}

// services puts records into the list of a directory.
func services(list ...directory.Service) (out []*directory.Service) {
	for _, s := range list {
		out = append(out, &s)
	}
	return out
}

func relief() directory.Organisation {
	return directory.Organisation{ID: "example_relief", Name: directory.Say("en", "Example Relief")}
}
