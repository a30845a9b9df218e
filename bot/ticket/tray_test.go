package ticket

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What was written before there were trays is read, and lies in none.
func TestReportOfTheFirstForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReport(t)
		r.Tray = TrayNone
		got, err := DecodeReport(r.appendAs(nil, firstVersion))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, got); d != "" {
			t.Fatal(d)
		}
	})
}

// The low tray stands below everything else, and what is urgent first in it.
func TestInboxOfATray(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	mine := []Reader{{"amal", true}}
	in := func(h time.Duration) []Due {
		return []Due{{Step: Acknowledge, From: now.Add(-time.Hour), At: now.Add(h * time.Hour)}}
	}
	reports := []Report{
		{Code: "LOWLATE", State: Received, Urgency: Normal, Readers: mine, Due: in(-9), Tray: TrayLow},
		{Code: "HERS", State: Received, Urgency: Normal, Readers: mine, Due: in(20)},
		{Code: "LOWURGENT", State: Received, Urgency: Urgent, Readers: mine, Due: in(3), Tray: TrayLow},
		{Code: "LOW", State: Received, Urgency: Normal, Readers: mine, Due: in(4), Tray: TrayLow},
		{Code: "NOTHING", State: Confirmed, Urgency: Normal, Readers: mine},
	}
	var got []string
	for _, l := range Inbox("amal", reports, now) {
		got = append(got, string(l.Code)+" "+l.Tray.Word())
	}
	if d := cmp.Diff([]string{"HERS ", "NOTHING ", "LOWURGENT low", "LOWLATE low", "LOW low"}, got); d != "" {
		t.Error(d)
	}
}

// Whoever looks at a report takes it out of the tray; time and its reporter do not.
func TestOutOfTheTray(t *testing.T) {
	c, at := StandardClock(), time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	low := sample()
	low.Tray = TrayLow
	if r := c.Acknowledged(low, at); r.Tray != TrayNone || r.State != Read {
		t.Errorf("acknowledged: %v", r.Tray)
	}
	if r, err := c.Answered(low, Referred, at); err != nil || r.Tray != TrayNone {
		t.Errorf("answered: %v, %v", r.Tray, err)
	}
	if r, err := c.Noted(low, Read, at); err != nil || r.Tray != TrayNone {
		t.Errorf("noted: %v, %v", r.Tray, err)
	}
	if r, ok := low.Share("nour", 0); !ok || r.Tray != TrayNone || low.Tray != TrayLow {
		t.Errorf("shared: %v", r.Tray)
	}
	withdrawn, err := c.Turn(low, ByReporter, low.State.Withdraw(), at)
	if err != nil || withdrawn.Tray != TrayLow || c.Wrote(low, at).Tray != TrayLow {
		t.Errorf("its reporter: %v, %v", withdrawn.Tray, err)
	}
	for _, m := range c.Due(low, Roster{}, nil, at.Add(48*time.Hour)) {
		if low = low.Apply(m); low.Tray != TrayLow {
			t.Errorf("%s took it out", m.What)
		}
	}
}
