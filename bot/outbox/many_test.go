package outbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot/casework"
)

// A flood reaches its readers as one line an hour, which names no report and leads to the tray.
func TestOneNoticeOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		for range casework.StandardBudget.Reports + 8 {
			m.files()
		}
		m.run()
		time.Sleep(3 * time.Hour)
		var tray []sending
		for _, s := range m.staff.to("staff:ana") {
			if len(s.out.Rows) == 1 {
				tray = append(tray, s)
			}
		}
		if len(tray) != 1 || tray[0].out.Rows[0][0].Data != "s:tray:" || !strings.Contains(tray[0].out.Text, "low tray") {
			t.Fatalf("%+v", tray)
		}
		for code := range m.codes {
			if strings.Contains(tray[0].out.Text, code) {
				t.Error("it names a report")
			}
		}
		if n := len(m.staff.to("staff:ana")); n != casework.StandardBudget.Reports+1 {
			t.Errorf("ana is told %d times", n)
		}
	})
}
