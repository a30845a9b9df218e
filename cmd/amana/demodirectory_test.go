package main

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/tell"
	"amana/bot/store"
)

// The demonstration of every shipped place holds its invented directory, however late it is shown: what was checked last
// is believed, what was overdue is still. Each area that people can choose stands for one of the directory, and leads to
// something; and no card says a code where the name of a language stands.
func TestDemoDirectory(t *testing.T) {
	t.Parallel()
	for _, name := range shippedProfiles() {
		for _, now := range []time.Time{time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), time.Date(2031, 2, 28, 12, 0, 0, 0, time.UTC)} {
			t.Run(name+now.Format("/2006"), func(t *testing.T) {
				c, err := newCamp(t.Context(), campOptions{profile: name, now: func() time.Time { return now }, rand: rand.Reader})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				d := c.inForce(t)
				x := directory.NewIndex(d, c.profile.indexed(c.config.zone()))
				bound := c.profile.bind(x.Areas())
				for _, a := range c.profile.Areas {
					id, ok := bound.place(a.Name)
					if !ok {
						t.Errorf("the area %s of the profile is none of the directory", a.Name)
					}
					if r := x.Find(directory.Query{Area: id, Now: now}); r.Total == 0 {
						t.Errorf("nothing is found for %s", a.Name)
					}
				}
				for _, lang := range c.profile.Languages {
					say := tell.New(c.book, lang)
					for _, s := range d.Services {
						for _, tag := range s.Langs {
							if name := say.Language(tag); name == tag || say.Err() != nil {
								t.Errorf("%s: the language %s has no name in %s: %v", s.ID, tag, lang, say.Err())
							}
						}
					}
				}
				stale, fresh := 0, 0
				all := x.Find(directory.Query{May: directory.ReferrerOnly, Now: now, Limit: 100})
				for _, h := range all.Hits {
					if h.Stale {
						stale++
					} else if fresh++; h.VerifiedOn != directory.DateOf(now) {
						t.Errorf("%s was checked on %s", h.ID, h.VerifiedOn)
					}
				}
				if stale == 0 || stale > 3 || fresh < 10 || all.Total != len(d.Services) {
					t.Errorf("%d stale, %d fresh, %d found of %d", stale, fresh, all.Total, len(d.Services))
				}
			})
		}
	}
}

// inForce gives the directory of the camp, out of its store.
func (c *camp) inForce(t *testing.T) *directory.Directory {
	t.Helper()
	to := &reach{house: c.house}
	var g store.Generations
	if err := to.ask(t.Context(), "directory", struct{}{}, &g); err != nil || g.Now == nil {
		t.Fatalf("no directory: %v", err)
	}
	d, err := directory.Unpack(to.reads(t.Context(), *g.Now))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Days move together, in both directions, and what is no day stays as it is.
func TestRenew(t *testing.T) {
	for _, c := range []struct {
		day  string
		want []directory.Date
	}{
		{"2026-11-01", []directory.Date{"2026-11-01", "2027-01-30", "2026-05-01", ""}},
		{"2028-03-01", []directory.Date{"2028-03-01", "2028-05-30", "2027-08-30", ""}},
		{"2026-10-31", []directory.Date{"2026-10-31", "2027-01-29", "2026-04-30", ""}},
	} {
		d := &directory.Directory{Services: []*directory.Service{{VerifiedOn: "2026-11-01", ValidUntil: "2027-01-30"}, {VerifiedOn: "2026-05-01"}}}
		now, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		d = renewed(d, now)
		got := []directory.Date{d.Services[0].VerifiedOn, d.Services[0].ValidUntil, d.Services[1].VerifiedOn, d.Services[1].Deadline}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.day, got, c.want)
		}
	}
	d := &directory.Directory{Services: []*directory.Service{{ValidUntil: "2027-01-30"}}}
	d = renewed(d, time.Now())
	if d.Services[0].ValidUntil != "2027-01-30" {
		t.Error("a directory that nobody has checked is made young")
	}
}
