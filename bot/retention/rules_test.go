package retention

import (
	"errors"
	"testing"
	"time"

	"amana/bot/store"
)

func TestRules(t *testing.T) {
	if bad := StandardRules().Check(); len(bad) > 0 {
		t.Errorf("the standard rules: %v", bad)
	}
	bad := Rules{Report: 2, Feedback: 0, Withdrawn: 61}.Check()
	for _, name := range []string{"report", "feedback", "withdrawn"} {
		if bad[name] == "" {
			t.Errorf("%s is taken", name)
		}
	}
	for month, want := range map[store.Month]string{
		"2026-11-report": "2028-12-01", "2026-12-report": "2029-01-01", "2026-11-feedback": "2027-06-01", "2027-08-feedback": "2028-03-01",
	} {
		for _, blur := range []int{0, 13} {
			day, ok := StandardRules().due(month, blur)
			first, err := time.Parse(time.DateOnly, want)
			if err != nil || !ok || day != store.DayOf(first)+store.Day(blur) {
				t.Errorf("%s with %d days: %s", month, blur, day.Time().Format(time.DateOnly))
			}
		}
	}
	if _, ok := StandardRules().due("standing-1", 0); ok {
		t.Error("a standing key is due")
	}
}

func TestPick(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	all := []store.Backup{{Name: "a.age", Made: at}, {Name: "b.age", Made: at}, {Name: "a.age", Made: at.AddDate(0, 0, 1)}}
	for name, want := range map[string]error{
		"b.age": nil, "a.age": ErrAmbiguous, "a.age@2026-11-21": nil, "a.age@2026-11-22": ErrNoBackup, "c.age": ErrNoBackup, "": ErrNoBackup,
	} {
		if _, err := pick(all, name); !errors.Is(err, want) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
