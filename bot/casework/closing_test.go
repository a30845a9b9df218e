package casework_test

import (
	"errors"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/store"
)

// TestASecondReportTakesNoReceiptAway files twice before anything was shown: each receipt waits until it itself arrived.
func TestASecondReportTakesNoReceiptAway(t *testing.T) {
	m := onDisk(t)
	a := m.chat(1)
	first, _ := a.files()
	m.wait(5 * time.Minute)
	second, _ := a.files()
	m.restart()
	who := a.incoming().Person
	unshown, err := m.registry.Unshown(t.Context())
	ok(t, err)
	waits := unshown[who]
	if len(waits) != 2 || waits[0].Receipt != first || waits[1].Receipt != second || waits[0].ID == waits[1].ID || waits[0].ID.IsZero() {
		t.Fatalf("after the start %d receipts wait", len(waits))
	}
	ok(t, m.registry.Shown(t.Context(), who, bot.ClosingID{9})) // of something long gone
	ok(t, m.registry.Shown(t.Context(), who, waits[1].ID))
	ok(t, m.registry.Shown(t.Context(), who, waits[1].ID)) // said twice
	if r := a.recall(a.incoming()); len(r.Closing) != 1 || r.Closing[0].Receipt != first {
		t.Fatalf("the second arrived, and %d wait", len(r.Closing))
	}
	third, _ := a.files()
	m.wait(6 * time.Minute)
	if unshown, err = m.registry.Unshown(t.Context()); err != nil || len(unshown[who]) != 1 || unshown[who][0].Receipt != third {
		t.Error("only what is younger than ten minutes is shown without being asked for")
	}
	ok(t, m.registry.Shown(t.Context(), who, bot.ClosingID{}))
	if r := a.recall(a.incoming()); r.Closing != nil || m.size('C') != 0 {
		t.Error("something waits for somebody who left")
	}
	m.whole()
}

// Each closing record ends by its own age.
func TestOneClosingRecordEndsAndTheOtherStays(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	a.files()
	m.wait(23 * time.Hour)
	second, _ := a.files()
	m.wait(2 * time.Hour)
	m.sweep()
	if r := a.recall(a.incoming()); len(r.Closing) != 1 || r.Closing[0].Receipt != second {
		t.Errorf("%d wait", len(r.Closing))
	}
}

// Whoever was shown none of many receipts has to wait with the next report: none gives way to another.
func TestNoReceiptGivesWayToAnother(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	const many = 16
	for range many {
		a.files()
		m.wait(11 * time.Minute) // within the budget
	}
	turn := a.turn()
	turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts()}
	if _, err := a.commit(turn); !errors.Is(err, bot.ErrBusy) {
		t.Fatalf("a report too many: %v", err)
	}
	if n := m.size('R'); n != many {
		t.Errorf("%d reports are there", n)
	}
	all := a.recall(a.incoming()).Closing
	if len(all) != many {
		t.Fatalf("%d receipts wait", len(all))
	}
	ok(t, m.registry.Shown(t.Context(), turn.Person, all[3].ID))
	if _, err := a.commit(turn); err != nil {
		t.Errorf("after one had arrived: %v", err)
	}
	m.chat(2).files()
}

// Receipts that wait under the pseudonym of the month before push out none of those under the present one: another
// process, whose clock is behind, may have filed under the former when the latter was in use already.
func TestReceiptsOfTwoMonthsWaitTogether(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	old, now := bot.Person{7}, bot.Person{8}
	ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
		if err := w.PutClosing(old, bot.Closing{ID: bot.ClosingID{1}, Receipt: "1", Filed: m.now()}); err != nil {
			return err
		}
		return w.PutClosing(now, bot.Closing{ID: bot.ClosingID{2}, Receipt: "2", Filed: m.now()})
	}))
	in := bot.Incoming{Person: now, Was: old}
	if r := a.recall(in); len(r.Closing) != 2 {
		t.Errorf("%d receipts are shown", len(r.Closing))
	}
	_, err := a.commit(bot.Turn{Person: now, Was: old})
	ok(t, err)
	if r := a.recall(bot.Incoming{Person: now}); len(r.Closing) != 2 {
		t.Errorf("%d receipts wait on", len(r.Closing))
	}
}
