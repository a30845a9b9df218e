package desk_test

import (
	"testing"

	"amana/bot/casework"
)

// The low tray is listed last, by itself if it is asked for, and how much lies in it is told.
func TestTheLowTray(t *testing.T) {
	h := newHall(t)
	ana := h.staff()["ana"]
	for range casework.StandardBudget.Reports + 2 {
		h.files("one of many")
	}
	type inbox struct {
		Lines []struct{ Code, Tray string }
		Low   int
	}
	get := func(query string) (in inbox) {
		t.Helper()
		ana.get("/api/inbox"+query).into(t, &in)
		return in
	}
	all := get("")
	if len(all.Lines) != 8 || all.Low != 2 || all.Lines[5].Tray != "" || all.Lines[6].Tray != "low" {
		t.Fatalf("%+v", all)
	}
	if low := get("?tray=low"); len(low.Lines) != 2 || low.Low != 2 || low.Lines[0] != all.Lines[6] {
		t.Errorf("%+v", low)
	}
	if rest := get("?tray=none"); len(rest.Lines) != 6 || rest.Low != 2 {
		t.Errorf("%+v", rest)
	}
	ana.post("/api/report/"+all.Lines[6].Code+"/acknowledge", struct{}{}).into(t, &struct{}{})
	if low := get("?tray=low"); len(low.Lines) != 1 || low.Low != 1 {
		t.Errorf("acknowledged, and still there: %+v", low)
	}
}
