package telegram_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

func wiping(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	switch in.Text {
	case "hide":
		r := say("Weather today: dry.")
		r.Erase = bot.EraseAll
		return r, nil
	case "1234567890123456":
		r := say("Your answers:")
		r.Erase = bot.EraseTyped
		return r, nil
	case "finish":
		return bot.Reply{Outs: []bot.Outgoing{{Text: "the receipt", Keep: true}}}, nil
	}
	return bot.Reply{Outs: []bot.Outgoing{ask("you said "+in.Text, "A")}}, nil
}

func TestHideTakesEverythingAwayBeforeItAnswers(t *testing.T) {
	s := start(t, wiping)
	u, other := s.user(11), s.user(12)
	other.Send("mine stays")
	s.shows(other, "mine stays")
	for _, text := range []string{"one", "two", "finish", "three"} {
		u.Send(text)
	}
	s.shows(u, "you said three")
	s.server.Fault(telegramtest.Fault{Method: "deleteMessages", Kind: telegramtest.BadGateway, Times: 2})
	u.Send("hide")
	screen := s.shows(u, "Weather")
	var left []string
	for _, m := range screen {
		left = append(left, m.Text)
	}
	if strings.Join(left, "|") != "the receipt|Weather today: dry." {
		t.Errorf("the chat shows %q", left)
	}
	deleted := 0
	for _, e := range u.Transcript() {
		if e.Kind == telegramtest.Deleted {
			deleted++
		}
		if e.Kind == telegramtest.Sent && strings.Contains(e.Message.Text, "Weather") && deleted != 8 {
			t.Errorf("answered after %d of 8 were taken away", deleted)
		}
	}
	if len(other.Screen()) != 2 {
		t.Error("another chat was wiped")
	}
}

func TestHideDropsWhatWasNotSaidYet(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) {
		o.Rates = telegram.Rates{Chat: 2, ChatBurst: 1}
	})
	s.room.script = wiping
	s.open()
	u := s.user(11)
	for range 20 {
		u.Send("more")
	}
	u.Send("hide")
	began := time.Now()
	screen := s.shows(u, "Weather")
	if time.Since(began) > 5*time.Second || len(screen) != 1 {
		t.Errorf("after %v the chat shows\n%s", time.Since(began), screen)
	}
}

func TestATypedReceiptIsTakenAwayAtOnce(t *testing.T) {
	s := start(t, wiping)
	u := s.user(11)
	u.Send("1234567890123456")
	if screen := s.shows(u, "Your answers"); len(screen) != 1 {
		t.Errorf("the chat shows\n%s", screen)
	}
}

func TestOldMessagesAreWipedInTimeAndAcrossAStart(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Sweep = 20 * time.Millisecond })
	s.room.script = wiping
	s.open()
	u := s.user(11)
	u.Send("one")
	u.Send("finish")
	s.shows(u, "the receipt")
	s.until("they are noted", func() bool { return s.trail.size() == 3 })
	s.server.Advance(45 * time.Hour)
	u.Send("two")
	s.shows(u, "you said two")
	s.until("the new ones are noted too", func() bool { return s.trail.size() == 5 })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if len(u.Screen()) != 6 {
		t.Fatalf("too early:\n%s", u.Screen())
	}
	s.server.Advance(90 * time.Minute)
	s.open()
	s.until("the old ones are gone", func() bool { return len(u.Screen()) == 3 })
	if !u.Screen().Has("the receipt") || !u.Screen().Has("you said two") {
		t.Errorf("the chat shows\n%s", u.Screen())
	}
	s.until("and forgotten", func() bool { return s.trail.size() == 2 })
}

func TestWhatCannotBeNotedIsNotedLater(t *testing.T) {
	s := start(t, wiping)
	s.trail.broken = true
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you said one")
	s.until("it was tried", func() bool { return strings.Contains(s.log.String(), "noted") })
	s.trail.mu.Lock()
	s.trail.broken = false
	s.trail.mu.Unlock()
	u.Send("two")
	s.until("all four are noted", func() bool { return s.trail.size() == 4 })
}
