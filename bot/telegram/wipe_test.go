package telegram_test

import (
	"context"
	"fmt"
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
		o.Rates = telegram.Rates{Chat: 0.25, ChatBurst: 1} // all that waits would take more than a minute
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
	if time.Since(began) > time.Minute || len(screen) != 1 {
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

// filing answers a filing: the chat is wiped, the receipt stays.
func filing(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	if in.Text == "send" {
		return bot.Reply{Erase: bot.EraseAll, Outs: []bot.Outgoing{
			{Text: "Goodbye."}, {Text: "the receipt", Keep: true, Closing: bot.ClosingID{1}}}}, nil
	}
	return say("you said " + in.Text), nil
}

func TestAReceiptDoesNotWaitUntilEverythingIsWiped(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 20 * time.Millisecond })
	s.room.script = filing
	s.open()
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you said one")
	s.server.Fault(telegramtest.Fault{Method: "deleteMessages", Kind: telegramtest.Flood, RetryAfter: 300})
	u.Send("send")
	s.shows(u, "the receipt")
	s.until("it is confirmed", func() bool { return s.closer.count(person(u)) == 1 })
	if u.Seen("Goodbye.") {
		t.Error("what does not stay was said before the chat was wiped")
	}
}

func TestWipingSparesTheReceiptThatWasSentBefore(t *testing.T) {
	s := start(t, filing)
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you said one")
	u.Send("send")
	screen := s.shows(u, "Goodbye.")
	if len(screen) != 2 || !screen.Has("the receipt") {
		t.Errorf("the chat shows\n%s", screen)
	}
}

func TestWhatCannotBeTakenAwayAtOnceIsNotForgotten(t *testing.T) {
	for _, text := range []string{"1234567890123456", "hide"} {
		t.Run(text, func(t *testing.T) {
			s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 20 * time.Millisecond })
			s.room.script = wiping
			stop := s.server.Fault(telegramtest.Fault{Method: "deleteMessages", Kind: telegramtest.ServerError})
			s.open()
			u := s.user(11)
			u.Send(text)
			s.until("it is noted while it cannot be deleted", func() bool { return s.trail.size() == 1 })
			if err := s.stop(); err != nil { // and the update is lost with the process, as after a clean confirmation
				t.Fatal(err)
			}
			s.room.script = func(context.Context, bot.Incoming) (bot.Reply, error) { return bot.Reply{}, nil }
			stop()
			s.server.Advance(47 * time.Hour)
			s.open()
			s.until("the next wiping takes it", func() bool { return len(u.Screen()) == 0 })
		})
	}
}

func TestEveryPictureOfAnAlbumIsWiped(t *testing.T) {
	s := start(t, wiping)
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you said one")
	s.until("both are noted", func() bool { return s.trail.size() == 2 })
	for i := range 3 {
		s.server.Inject(fmt.Sprintf(`{"message":{"message_id":%d,"chat":{"id":11,"type":"private"},"date":%d,"media_group_id":"1","photo":[{}]}}`,
			900+i, s.server.Now().Unix()))
		if i == 0 {
			s.until("the first and its answer are noted", func() bool { return s.trail.size() == 4 })
		}
	}
	s.until("three pictures and their answer are noted", func() bool { return s.trail.size() == 6 })
	if n := s.door.Counts().Skipped; n != 2 {
		t.Errorf("%d of the pictures were not answered by themselves", n)
	}
	u.Send("hide")
	s.shows(u, "Weather")
	r := s.server.Requests("deleteMessages")
	if len(r) != 1 || !strings.Contains(r[0].Params["message_ids"], "900,901,902") {
		t.Errorf("asked to delete %v", r)
	}
}

// TestEditsAndDeletionsCountAsWell holds that somebody who taps and types fast is slowed down by us, not by Telegram.
func TestEditsAndDeletionsCountAsWell(t *testing.T) {
	s := build(t, telegramtest.Options{Rates: telegramtest.Rates{Chat: 20, ChatBurst: 4}}, func(o *telegram.Options) {
		o.Rates = telegram.Rates{Chat: 15, ChatBurst: 2, All: 1000, AllBurst: 1000}
	})
	s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
		if in.Text == "secret" {
			return bot.Reply{Erase: bot.EraseTyped}, nil
		}
		return bot.Reply{Answered: "✓ " + in.Text, Outs: []bot.Outgoing{ask("after "+in.Text, "A")}}, nil
	}
	s.open()
	u, other := s.user(11), s.user(12)
	for i := range 8 {
		u.Send(fmt.Sprint(i))
		other.Send("secret")
	}
	s.shows(u, "after 7")
	s.until("all is deleted", func() bool { return len(other.Screen()) == 0 })
	if n := s.door.Counts().Floods; n > 0 {
		t.Errorf("Telegram said %d times that it was too much", n)
	}
	deleted := s.server.Requests("deleteMessages")
	if took := deleted[len(deleted)-1].At.Sub(deleted[0].At); len(deleted) != 8 || took < 300*time.Millisecond {
		t.Errorf("%d deletions in %v", len(deleted), took)
	}
}
