package main

import (
	"testing"
	"time"
)

// TestWallClock sets a clock forward and back, and asks how old what was noted meanwhile is.
func TestWallClock(t *testing.T) {
	begun := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var passed, wrong time.Duration
	c := newWallClock(func() time.Time { return begun.Add(passed + wrong) }, func() time.Duration { return time.Hour + passed })
	minutes := func(n int) { passed += time.Duration(n) * time.Minute }
	ages := func(when string, want map[time.Time]int) {
		t.Helper()
		for then, n := range want {
			if got := c.age(then); got != time.Duration(n)*time.Minute {
				t.Errorf("%s, what was noted at %s is %v old, want %d min", when, then.Format("15:04"), got, n)
			}
		}
	}
	set := func(when string, forward, back time.Duration) {
		t.Helper()
		if f, b := c.set(); f != forward || b != back {
			t.Errorf("%s, it was set forward by %v and back by %v", when, f, b)
		}
	}
	doubted := func(when string, want bool) {
		t.Helper()
		if c.doubted() != want {
			t.Errorf("%s, it is doubted: %v", when, !want)
		}
	}
	a := c.now()
	minutes(10)
	wrong += 20 * time.Second // steered
	c.now()
	wrong -= 20 * time.Second
	set("steered", 0, 0)
	doubted("steered", false)
	minutes(10)
	b := begun.Add(10 * time.Minute)
	ages("as it is", map[time.Time]int{a: 20, b: 10})

	wrong += 90 * time.Minute
	set("set forward", 90*time.Minute, 0)
	set("asked again", 0, 0)
	doubted("set forward", true)
	ages("set forward", map[time.Time]int{a: 20, b: 10})
	minutes(5)
	d := c.now() // 13:55
	minutes(5)
	ages("a while after", map[time.Time]int{a: 30, b: 20, d: 5})

	wrong -= 90 * time.Minute
	set("set back", 0, 90*time.Minute)
	ages("set back", map[time.Time]int{a: 30, b: 20, d: 5})
	minutes(40) // 13:10
	ages("later", map[time.Time]int{a: 70, b: 60, d: 45})
	minutes(50) // 14:00, and whether it was 13:55 twice nobody knows
	ages("when it says the same again", map[time.Time]int{a: 120, b: 110, d: 5})

	doubted("set forward and back", true)
	minutes(25 * 60)
	doubted("a day later", false)
	wrong -= time.Hour
	doubted("set back alone", false)
	if c.now(); len(c.leaps) != 1 {
		t.Errorf("%d leaps are remembered", len(c.leaps))
	}
}

// TestAwake: the clock that nobody sets goes as fast as the others.
func TestAwake(t *testing.T) {
	from, begun := awake(), time.Now()
	time.Sleep(20 * time.Millisecond)
	if took, passed := awake()-from, time.Since(begun); took < 20*time.Millisecond || took > passed+time.Second {
		t.Errorf("%v went by in %v", took, passed)
	}
}
