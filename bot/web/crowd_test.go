package web

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func crowdAt(r Rates) (*crowd, *time.Time) {
	o := Options{Rates: r}
	or(&o.Rates.Wait, time.Millisecond)
	or(&o.Rates.Pace, 1000)
	or(&o.Rates.Burst, 1000)
	or(&o.Rates.New, 1000)
	or(&o.Rates.NewBurst, 1000)
	or(&o.Rates.Held, 10)
	or(&o.Rates.Turns, 2)
	or(&o.Rates.All, 100_000)
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	return newCrowd(o.Rates, func() time.Time { return now }), &now
}

// No more conversations are known than there is room for, and those that have ended long ago make room.
func TestCrowdForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, now := crowdAt(Rates{})
		enter := func(n int) error {
			leave, err := c.enter(context.Background(), fmt.Sprint(n))
			if err == nil {
				leave()
			}
			return err
		}
		for n := range 10 {
			if err := enter(n); err != nil {
				t.Fatal(err)
			}
		}
		c.hide("3")
		if err := enter(11); !errors.Is(err, errBusy) {
			t.Errorf("one more than there is room for: %v", err)
		}
		*now = now.Add(kept / 2)
		if err := enter(5); err != nil {
			t.Errorf("one that is known: %v", err)
		}
		*now = now.Add(kept/2 + 2*time.Minute)
		if err := enter(11); err != nil {
			t.Errorf("after the others have ended: %v", err)
		}
		if len(c.talks) != 2 {
			t.Errorf("%d conversations are known, want the two that went on", len(c.talks))
		}
	})
}

// The turns of one conversation wait for each other, a few of them; and all together for a place.
func TestCrowdWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := crowdAt(Rates{})
		ctx := context.Background()
		a, err := c.enter(ctx, "a")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.enter(ctx, "a"); !errors.Is(err, errBusy) {
			t.Errorf("two turns of one conversation at once: %v", err)
		}
		b, err := c.enter(ctx, "b")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.enter(ctx, "c"); !errors.Is(err, errBusy) {
			t.Errorf("a third turn where there are two places: %v", err)
		}
		a()
		if leave, err := c.enter(ctx, "c"); err != nil {
			t.Errorf("a place that has become free: %v", err)
		} else {
			leave()
		}
		b()
		for word, talk := range c.talks {
			if talk.waiting != 0 || len(talk.lane) != 0 {
				t.Errorf("%s still waits", word)
			}
		}
		if len(c.slots) != 0 {
			t.Error("a place is still taken")
		}
		if c.hide("a") || !c.hide("a") || !c.hidden("a") || c.hidden("b") || c.hide("nobody") {
			t.Error("hiding is not noted")
		}
	})
}

// All conversations together are heard at no more than so many turns a second; the others are asked to come again, and none
// of them loses its lane.
func TestCrowdTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := crowdAt(Rates{All: 2, Wait: time.Millisecond})
		heard := 0
		for range 3 {
			for n := range 10 {
				if leave, err := c.enter(context.Background(), fmt.Sprint(n)); err == nil {
					leave()
					heard++
				} else if !errors.Is(err, errBusy) {
					t.Fatal(err)
				}
			}
		}
		if heard != 5 {
			t.Errorf("%d turns were heard at once", heard)
		}
		time.Sleep(600 * time.Millisecond)
		leave, err := c.enter(context.Background(), "3")
		if err != nil {
			t.Fatalf("later: %v", err)
		}
		leave()
	})
}
