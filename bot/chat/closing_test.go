package chat_test

import (
	"context"
	"strings"
	"testing"

	"amana/bot"
)

// numbers gives the receipts that a reply shows, in their order.
func numbers(outs []bot.Outgoing) (shown []string, ids []bot.ClosingID) {
	for _, o := range outs {
		if !o.Closing.IsZero() {
			shown, ids = append(shown, o.Rows[0][0].Copy), append(ids, o.Closing)
		}
	}
	return shown, ids
}

// TestTwoReportsTwoNumbers files a second report before the number of the first has arrived.
func TestTwoReportsTwoNumbers(t *testing.T) {
	p := newMission(t).person(1)
	first := p.files()
	p.files()
	both, ids := numbers(p.last.Outs)
	if len(both) != 2 || both[0] != first || both[1] == first || ids[0] == ids[1] {
		t.Fatalf("shown: %q", both)
	}
	if p.last.Outs[0].Closing.IsZero() || p.last.Outs[1].Closing.IsZero() {
		t.Error("other words come before the numbers")
	}
	p.ok(p.room.Delivered(context.Background(), p.id, ids[0]))
	parcels, err := p.room.Unsent(context.Background())
	p.ok(err)
	if len(parcels) != 1 || parcels[0].Out.Closing != ids[1] {
		t.Fatalf("%d numbers wait after the first arrived", len(parcels))
	}
	p.types("are you there")
	if again, _ := numbers(p.last.Outs); len(again) != 1 || again[0] != both[1] {
		t.Errorf("shown again: %q", again)
	}
	p.delivered()
	p.types("English")
	if again, _ := numbers(p.last.Outs); len(again) != 0 {
		t.Error("a number is shown after it arrived")
	}
}

// TestTheNameOfARecordTellsNothing holds that what a door carries around is not the number.
func TestTheNameOfARecordTellsNothing(t *testing.T) {
	p := newMission(t).person(1)
	number := p.files()
	_, ids := numbers(p.last.Outs)
	if strings.Contains(string(ids[0][:]), number[:8]) || strings.Contains(number, string(ids[0][:])) {
		t.Error("the number is in the name")
	}
}
