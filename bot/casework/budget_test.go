package casework_test

import (
	"errors"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
)

// tries commits a turn, and gives how long its person is asked to wait.
func (c *chat) tries(turn bot.Turn) time.Duration {
	c.t.Helper()
	done, err := c.commit(turn)
	var later bot.Later
	if !errors.As(err, &later) {
		ok(c.t, err)
		return 0
	}
	if later.Wait <= 0 || done != (bot.Done{}) {
		c.t.Errorf("asked to wait %v, with %+v", later.Wait, done)
	}
	return later.Wait
}

func (c *chat) reporting(pairs ...string) bot.Turn {
	turn := c.turn()
	turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts(pairs...)}
	return turn
}

func (c *chat) letter(box [16]byte) bot.Turn {
	turn := c.turn()
	turn.Letter = &bot.Letter{Box: box, Text: "more", Lang: "en"}
	return turn
}

func (c *chat) withdrawal(box [16]byte, keep bool) bot.Turn {
	turn := c.turn()
	turn.Withdraw = &bot.Withdraw{Box: box, Keep: keep}
	return turn
}

// lies gives the tray of the report that the latest receipt leads to.
func (m *mission) lies(receipt string) string { return m.report(receipt).Tray.Word() }

// Whoever sends one report after the other is never refused: what is beyond lies in the low tray. Only ten times as much
// waits, for a minute, and then it works; nobody else is concerned, and nothing urgent is.
func TestBudgetOfReports(t *testing.T) {
	m := newMission(t)
	a, b := m.chat(1), m.chat(2)
	file := func(c *chat, tray string, pairs ...string) {
		t.Helper()
		done, err := c.commit(c.reporting(pairs...))
		ok(t, err)
		c.shown(done)
		if got := m.lies(done.Receipt); got != tray {
			t.Errorf("lies in the tray %q, want %q", got, tray)
		}
	}
	for range casework.StandardBudget.Reports { // two, or six, things to tell pass without a word
		file(a, "")
	}
	file(a, "low")
	file(b, "")
	file(a, "", "danger", "yes")
	m.wait(10*time.Minute - time.Second)
	file(a, "low")
	m.wait(10 * time.Minute) // a piece has come back
	file(a, "")
	file(a, "low")
	m.wait(-24 * time.Hour) // somebody set the clock right
	if wait := a.tries(a.reporting()); wait > time.Minute {
		t.Errorf("with the clock set back, waits %v", wait)
	}
	m.wait(26 * time.Hour)
	for range 3 {
		file(a, "")
	}
	m.whole()
}

// shown says that a receipt arrived.
func (c *chat) shown(done bot.Done) {
	c.t.Helper()
	ok(c.t, c.registry.Shown(c.t.Context(), c.incoming().Person, done.Closing))
}

// A flood of urgent reports goes to the tray as well, after as many, and of the whole of it ten times as much.
func TestBudgetOfUrgentReports(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	last := ""
	for n := range casework.StandardBudget.Reports * casework.StandardBudget.Beyond {
		done, err := a.commit(a.reporting("danger", "yes"))
		ok(t, err)
		a.shown(done)
		if last = m.lies(done.Receipt); (last == "low") != (n >= casework.StandardBudget.Reports) {
			t.Fatalf("report %d lies in the tray %q", n+1, last)
		}
	}
	wait := a.tries(a.reporting("danger", "yes"))
	if wait != time.Minute {
		t.Errorf("waits %v", wait)
	}
	if again := a.tries(a.reporting("danger", "yes")); again != wait { // being asked to wait costs nothing
		t.Errorf("waits %v when it asks again", again)
	}
	m.wait(wait - time.Second)
	if left := a.tries(a.reporting("danger", "yes")); left != time.Second {
		t.Errorf("a second before, waits %v", left)
	}
	m.wait(time.Second)
	if wait := a.tries(a.reporting("danger", "yes")); wait != 0 {
		t.Errorf("after the wait, waits %v", wait)
	}
	if a.tries(a.reporting()) != 0 {
		t.Error("what is not urgent has no budget of its own")
	}
}

// What could not be saved costs nothing, and an update that comes again counts once.
func TestBudgetCountsWhatIsSent(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Budget = casework.Budget{Reports: 1, Letters: 2, ToOne: 2, Beyond: 2} })
	a := m.chat(1)
	for range 5 {
		turn := a.reporting("story", string(make([]byte, 33_000)))
		_, err := a.commit(turn)
		wantErr(t, err, bot.ErrTooLong)
	}
	for range 2 {
		if wait := a.tries(a.reporting()); wait != 0 {
			t.Errorf("waits %v for what was refused", wait)
		}
	}
	if wait := a.tries(a.reporting()); wait != 30*time.Minute {
		t.Errorf("waits %v", wait)
	}
	m.restart()
	if wait := a.tries(a.reporting()); wait != 0 {
		t.Errorf("waits %v after a restart", wait)
	}
}

// Further messages: a budget under each receipt, and one for all of them together; to withdraw is always possible, to
// take it back comes out of the same budget.
func TestBudgetOfLetters(t *testing.T) {
	m := newMission(t, func(o *casework.Options) { o.Budget = casework.Budget{Reports: 6, Letters: 3, ToOne: 2, Beyond: 2} })
	a, b := m.chat(1), m.chat(2)
	var boxes [][16]byte
	for range 3 {
		receipt, _ := a.files()
		boxes = append(boxes, a.opens(receipt).Box)
	}
	for range 4 {
		if wait := a.tries(a.letter(boxes[0])); wait != 0 {
			t.Fatalf("waits %v", wait)
		}
	}
	if wait := a.tries(a.letter(boxes[0])); wait != 15*time.Minute {
		t.Errorf("the fifth under one receipt waits %v", wait)
	}
	if wait := b.tries(b.letter(boxes[0])); wait != 0 { // whoever else holds the receipt
		t.Errorf("somebody else waits %v", wait)
	}
	for range 2 {
		if wait := a.tries(a.letter(boxes[1])); wait != 0 {
			t.Errorf("under another receipt, waits %v", wait)
		}
	}
	if wait := a.tries(a.letter(boxes[2])); wait != 10*time.Minute {
		t.Errorf("the seventh in all waits %v", wait)
	}
	if wait := a.tries(a.withdrawal(boxes[2], false)); wait != 0 {
		t.Errorf("a withdrawal waits %v", wait)
	}
	wait := a.tries(a.withdrawal(boxes[2], true))
	if wait == 0 || wait > 20*time.Minute {
		t.Errorf("taking it back waits %v", wait)
	}
	m.wait(wait)
	if wait := a.tries(a.withdrawal(boxes[2], true)); wait != 0 {
		t.Errorf("taking it back still waits %v", wait)
	}
	m.whole()
}

// Withdrawing and taking back in turn cannot go on without end, and always ends in what the person asked for last.
func TestBudgetOfWithdrawals(t *testing.T) {
	m := newMission(t)
	a := m.chat(1)
	receipt, _ := a.files()
	box := a.opens(receipt).Box
	done := 0
	for range 30 {
		if a.tries(a.withdrawal(box, false)) != 0 {
			t.Fatal("a withdrawal has to wait")
		}
		if a.tries(a.withdrawal(box, true)) == 0 {
			done++
		}
	}
	if most := casework.StandardBudget.ToOne; done == 0 || done > most {
		t.Errorf("taken back %d times, at most %d", done, most)
	}
	if mail := a.opens(receipt); !mail.Asked {
		t.Errorf("%+v", mail)
	}
	m.wait(time.Hour)
	if got := m.notices("ana"); len(got) != 2 { // the report, and the withdrawal once
		t.Errorf("ana is told %v", got)
	}
	m.whole()
}
