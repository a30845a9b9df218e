package desk_test

import (
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
)

// What was published of the whole mission stands below what the viewer may see, the same for everybody, and only once its
// day has come: what is filed or done afterwards changes nothing in it.
func TestMissionNumbers(t *testing.T) {
	h := newHall(t)
	staff := h.staff()
	var codes []string
	for range 6 {
		_, code := h.files("a story")
		codes = append(codes, code)
	}
	mission := func(who string) string {
		var page struct {
			Tables []struct {
				ID, Title string
				Rows      [][]string
			}
			Charts []struct{ ID, SVG string }
		}
		staff[who].signIn()
		staff[who].get("/api/numbers").into(t, &page)
		var out strings.Builder
		for _, table := range page.Tables {
			if !strings.HasPrefix(table.ID, "mission-") {
				continue
			}
			out.WriteString(table.Title + "\n")
			for _, row := range table.Rows {
				out.WriteString(strings.Join(row, ": ") + "\n")
			}
			drawn := 0
			for _, c := range page.Charts {
				if c.ID == table.ID && strings.HasPrefix(c.SVG, "<svg ") {
					drawn++
				}
			}
			if drawn != 1 {
				t.Errorf("%s is drawn %d times", table.ID, drawn)
			}
		}
		return out.String()
	}
	a := casework.Almanac{Day: 10, Areas: []string{"camp"}, Langs: []string{"en"}}
	publish := func() {
		_, err := h.registry.Publish(t.Context(), a)
		ok(t, err)
	}
	publish()
	if got := mission("ana"); got != "" {
		t.Errorf("before the day:\n%s", got)
	}
	h.wait(40 * 24 * time.Hour)
	publish()
	got := mission("ana")
	for _, line := range []string{"Published for the whole mission · 2026-11 · Kind\n", "\nAll: 6\n", "received: 6\n", "read: not shown\n"} {
		if !strings.Contains(got, line) {
			t.Errorf("%q is not in\n%s", line, got)
		}
	}
	_, err := h.registry.Acknowledge(t.Context(), "ana", codes[0])
	ok(t, err)
	h.files("another")
	publish()
	for _, who := range []string{"ana", "dina"} { // dina takes feedback alone, and sees none of the reports
		if again := mission(who); again != got {
			t.Errorf("%s:\n%s\nbefore:\n%s", who, again, got)
		}
	}
}
