package telegram_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// events gives what happened in a chat, of some kinds.
func events(u *telegramtest.User, kinds ...telegramtest.EventKind) (out []telegramtest.Event) {
	for _, e := range u.Transcript() {
		if slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}

func TestATapIsAnsweredInPlace(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			switch {
			case in.Kind == bot.Tap && in.Tap == "t:Yes":
				return bot.Reply{Toast: "noted", Answered: "✓ Yes", Outs: []bot.Outgoing{ask("Are you in danger?", "No", "Not sure")}}, nil
			case in.Text == "no":
				return bot.Reply{Answered: "✓ No", Outs: []bot.Outgoing{{Text: "Thank you", Lang: "en"}}}, nil
			}
			return bot.Reply{Outs: []bot.Outgoing{ask("Is it safe to write now?", "Yes", "No")}}, nil
		})
		u := s.user(11)
		u.Start("")
		s.shows(u, "safe to write")
		if err := u.Tap("Yes"); err != nil {
			t.Fatal(err)
		}
		s.shows(u, "Are you in danger?")
		s.until("the toast is shown", func() bool { return u.Seen("noted") })
		u.Send("no") // typed answers are settled in place as well
		screen := s.shows(u, "Thank you")
		want := []string{"Is it safe to write now?\n\n✓ Yes", "Are you in danger?\n\n✓ No", "Thank you"}
		var got []string
		for _, m := range screen {
			if m.FromBot {
				got = append(got, m.Text)
				if len(m.Rows) > 0 {
					t.Errorf("%q still has buttons", m.Text)
				}
				if !m.NoPreview && strings.Contains(m.Text, "Thank") {
					t.Error("links would be looked up")
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the chat shows %q", got)
		}
		for _, r := range s.server.Requests() {
			if _, ok := r.Params["parse_mode"]; ok {
				t.Error("a parse mode was used")
			}
		}
	})
}

func TestReplaceWritesOverTheQuestionAndElseSendsAnew(t *testing.T) {
	var turn atomic.Int32
	s := start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
		out := ask([]string{"Which?", "Which? one chosen", "Which? none chosen"}[turn.Load()], "A", "B")
		out.Replace = turn.Add(1) > 1
		return bot.Reply{Outs: []bot.Outgoing{out}}, nil
	})
	u := s.user(11)
	u.Send("go")
	s.shows(u, "Which?")
	if err := u.Tap("A"); err != nil {
		t.Fatal(err)
	}
	s.shows(u, "one chosen")
	if n := len(events(u, telegramtest.Sent)); n != 1 {
		t.Errorf("%d messages for one question", n)
	}
	s.server.Advance(72 * time.Hour)
	u.Clear() // the message is gone, as after a cleared history
	s.server.Forgive()
	u.Send("again")
	s.until("a new question", func() bool {
		return sent(u, "none chosen") == 1 || strings.Contains(u.Screen().String(), "none chosen")
	})
}

func TestEveryTapIsAcknowledged(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		var fails atomic.Int32
		s := w.start(t, func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
			switch {
			case in.Tap == "t:Fail" && fails.Add(1) < 3:
				return bot.Reply{}, errFull
			case in.Tap == "t:Slow":
				time.Sleep(3500 * time.Millisecond)
			case in.Tap == "t:Long":
				return bot.Reply{Toast: strings.Repeat("word ", 100)}, nil
			}
			return bot.Reply{Outs: []bot.Outgoing{ask("?", "Fail", "Slow", "Long", "Again")}}, nil
		})
		people := map[string]*telegramtest.User{}
		for i, label := range []string{"Fail", "Slow", "Long", "Again"} {
			u := s.user(int64(11 + i))
			people[label] = u
			u.Send("hello")
			s.shows(u, "?")
			if err := u.Tap(label); err != nil {
				t.Fatal(err)
			}
		}
		b := s.server.Bot(telegramtest.Token)
		s.until("all are heard", func() bool { return s.door.Counts().Heard >= 8 })
		s.until("no button spins", func() bool { return b.Unanswered() == 0 })
		if !people["Fail"].Seen(notSaved) {
			t.Error("a tap that could not be saved was not told so")
		}
	})
}

func TestAnOldTapIsNoTrouble(t *testing.T) {
	hold := make(chan struct{})
	s := start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
		if in.Kind == bot.Tap {
			<-hold
		}
		return bot.Reply{Answered: "✓", Outs: []bot.Outgoing{ask("question", "A")}}, nil
	})
	u := s.user(11)
	u.Send("hello")
	s.shows(u, "question")
	if err := u.Tap("A"); err != nil {
		t.Fatal(err)
	}
	s.until("the tap was read", func() bool { return s.door.Counts().Updates >= 2 })
	s.server.Advance(10 * time.Minute)
	close(hold)
	s.until("a second question", func() bool { return sent(u, "question") == 2 })
	if c := s.door.Counts(); c.Refused != 0 || c.Lost != 0 {
		t.Errorf("counts %+v", c)
	}
}

func TestFaultsOfSendingLoseNoWords(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		for _, kind := range []telegramtest.FaultKind{
			telegramtest.DropBefore, telegramtest.DropAfter, telegramtest.BadGateway, telegramtest.BadGatewayAfter,
			telegramtest.ServerError, telegramtest.Truncated, telegramtest.Slow, telegramtest.Flood,
		} {
			t.Run(kind.String(), func(t *testing.T) {
				s := w.build(t, telegramtest.Options{}, nil)
				s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
					return bot.Reply{Answered: "✓", Outs: []bot.Outgoing{{Text: "first of " + in.Text}, ask("second of "+in.Text, "A")}}, nil
				}
				times := 3
				if kind == telegramtest.Flood {
					times = 1 // each of them costs a second
				}
				s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: kind, Every: 2, Times: times, Delay: 50 * time.Millisecond})
				s.server.Fault(telegramtest.Fault{Method: "editMessageText", Kind: kind, Times: 1, Delay: 50 * time.Millisecond})
				s.open()
				u := s.user(11)
				var want []string
				for _, text := range []string{"one", "two", "three"} {
					u.Send(text)
					want = append(want, "first of "+text, "second of "+text)
				}
				s.until("all was said", func() bool { return sent(u, "second of three") > 0 })
				var got []string
				for _, e := range events(u, telegramtest.Sent) {
					got = append(got, e.Message.Text)
				}
				if got = slices.Compact(got); !slices.Equal(got, want) { // doubled words are allowed, lost or moved ones are not
					t.Errorf("said %q", got)
				}
			})
		}
	})
}

func TestLongTextsAreSplitWithTheButtonsBelow(t *testing.T) {
	para := strings.Repeat("A sentence of a long answer. ", 60)
	text := strings.TrimSpace(strings.Repeat(strings.TrimSpace(para)+"\n\n", 6))
	s := start(t, func(context.Context, bot.Incoming) (bot.Reply, error) {
		return bot.Reply{Outs: []bot.Outgoing{ask(text, "Next")}}, nil
	})
	u := s.user(11)
	u.Send("hello")
	s.until("the button is there", func() bool { _, _, ok := u.Screen().Button("Next"); return ok })
	var parts []string
	for _, m := range u.Screen() {
		if m.FromBot {
			parts = append(parts, m.Text)
		}
	}
	if len(parts) < 2 || strings.Join(parts, "\n\n") != text {
		t.Errorf("%d parts", len(parts))
	}
	if last, _ := u.Screen().Last(); len(last.Rows) == 0 {
		t.Error("the buttons are not below the last part")
	}
}

func TestButtonsThatTelegramRefusesDoNotLoseTheMessage(t *testing.T) {
	s := start(t, func(context.Context, bot.Incoming) (bot.Reply, error) {
		return bot.Reply{Outs: []bot.Outgoing{{Text: "Your number: 1234 5678 9012 3456", Rows: [][]bot.Choice{
			{{Label: "Copy", Copy: "1234567890123456"}},
			{{Label: "Too long", Data: strings.Repeat("x", 65)}, {Label: "", Data: "t:x"}, {Label: "Good", Data: "t:good"}},
			{{Label: "Nothing behind it"}},
		}}}}, nil
	})
	u := s.user(11)
	u.Send("hello")
	s.shows(u, "Your number")
	if got, err := u.Copy("Copy"); err != nil || got != "1234567890123456" {
		t.Errorf("copied %q, %v", got, err)
	}
	last, _ := u.Screen().Last()
	if got := last.Labels(); !slices.Equal(got, []string{"Copy", "Good"}) {
		t.Errorf("buttons %q", got)
	}
}

func TestBlockedMeansLeftAndDelivered(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.build(t, telegramtest.Options{}, nil)
		hold := make(chan struct{})
		s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			if in.Kind == bot.Left {
				return bot.Reply{}, nil
			}
			<-hold
			return bot.Reply{Outs: []bot.Outgoing{{Text: "the receipt", Closing: bot.ClosingID{1}, Keep: true}}}, nil
		}
		s.open()
		u := s.user(11)
		u.Send("send it")
		s.until("it is being heard", func() bool { return s.door.Counts().Updates == 1 })
		u.Block()
		close(hold)
		s.until("the closing record is settled", func() bool { return s.closer.count(person(u)) == 1 })
		s.until("the room is told", func() bool {
			return slices.ContainsFunc(s.room.all(), func(in bot.Incoming) bool { return in.Kind == bot.Left && in.Person == person(u) })
		})
		err := s.door.Send(t.Context(), "telegram:11", []bot.Outgoing{{Text: "a notice"}})
		if !errors.Is(err, telegram.ErrGone) {
			t.Errorf("sending to somebody who left: %v", err)
		}
	})
}

func TestClosingIsConfirmedAfterSendingAndResumedAfterAStart(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.build(t, telegramtest.Options{}, nil)
		u := s.user(11)
		u.Send("/start")
		s.closer.parcels = []bot.Parcel{
			{Person: person(u), Address: "telegram:11", Out: bot.Outgoing{Text: "the receipt of before", Keep: true, Closing: bot.ClosingID{1}}},
			{Person: bot.Person{1}, Address: "mail:someone", Out: bot.Outgoing{Text: "of another door"}},
		}
		s.closer.failures = 2
		s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.BadGateway, Times: 2})
		s.open()
		s.shows(u, "the receipt of before")
		s.until("it is confirmed", func() bool { return s.closer.count(person(u)) == 1 })
		if n := sent(u, "the receipt of before"); n != 1 {
			t.Errorf("sent %d times although only the confirmation failed", n)
		}
	})
}

// TestEachClosingMessageIsConfirmedByItself sends two receipts, of which the second does not arrive at first.
func TestEachClosingMessageIsConfirmedByItself(t *testing.T) {
	s := build(t, telegramtest.Options{}, nil)
	one, two := bot.ClosingID{1}, bot.ClosingID{2}
	s.room.script = func(context.Context, bot.Incoming) (bot.Reply, error) {
		return bot.Reply{Outs: []bot.Outgoing{{Text: "receipt one", Keep: true, Closing: one}, {Text: "receipt two", Keep: true, Closing: two}}}, nil
	}
	s.server.Fault(telegramtest.Fault{Method: "sendMessage", Nth: 2, Kind: telegramtest.Flood, RetryAfter: 1})
	s.open()
	u := s.user(11)
	u.Send("send it")
	s.until("the second has to wait", func() bool { return s.door.Counts().Floods == 1 })
	if got := s.closer.named(); !slices.Equal(got, []bot.ClosingID{one}) {
		t.Errorf("while the second waits, confirmed are %v", got)
	}
	s.until("both are confirmed", func() bool { return slices.Equal(s.closer.named(), []bot.ClosingID{one, two}) })
}

func TestSendForTheOutbox(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 50 * time.Millisecond })
		s.room.script = echo
		s.open()
		u := s.user(11)
		u.Start("")
		s.until("the chat is open", func() bool { return s.door.Counts().Heard == 1 })
		file := &bot.File{Name: "../K7Q.age", Bytes: []byte(strings.Repeat("sealed", 2000))}
		out := ask("A report waits: KQRSTV", "Acknowledge", "Read")
		out.Protect, out.File = true, file
		if err := s.door.Send(t.Context(), "telegram:11", []bot.Outgoing{{Text: "before"}, out}); err != nil {
			t.Fatal(err)
		}
		last, _ := u.Screen().Last()
		if last.File == nil || last.File.Name != "K7Q.age" || string(last.File.Bytes) != string(file.Bytes) || !last.Protected ||
			last.Text != out.Text || len(last.Labels()) != 2 {
			t.Errorf("the notice arrived as %+v", last)
		}
		s.server.Fault(telegramtest.Fault{Method: "sendDocument", Kind: telegramtest.Flood, RetryAfter: 70, Times: 1})
		err := s.door.Send(t.Context(), "telegram:11", []bot.Outgoing{out})
		if after, ok := telegram.After(err); !ok || after != 70*time.Second {
			t.Errorf("an upload that was too much: %v, wait %v", err, after)
		}
		if err := s.door.Send(t.Context(), "telegram:404", []bot.Outgoing{out}); !errors.Is(err, telegram.ErrGone) {
			t.Errorf("a chat that does not exist: %v", err)
		}
		if err := s.door.Send(t.Context(), "mail:x", nil); !errors.Is(err, telegram.ErrRefused) {
			t.Errorf("an address of another door: %v", err)
		}
		began := time.Now()
		err = s.door.Send(t.Context(), "telegram:11", []bot.Outgoing{{Text: "x"}})
		if after, ok := telegram.After(err); !ok || after < time.Second || time.Since(began) > time.Minute {
			t.Errorf("the chat has to wait, and its caller need not: %v, wait %v", err, after)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.door.Send(ctx, "telegram:12", []bot.Outgoing{{Text: "x"}}); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller who has gone: %v", err)
		}
		s.server.Forgive()
	})
}

func TestLimitsAreKept(t *testing.T) {
	s := build(t, telegramtest.Options{Rates: telegramtest.Rates{Chat: 5, ChatBurst: 3, Global: 20, GlobalBurst: 10}}, func(o *telegram.Options) {
		o.Rates = telegram.Rates{Chat: 5, ChatBurst: 2, All: 19, AllBurst: 9}
	})
	s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) { return say("1", "2", "3", "4", "5"), nil }
	s.open()
	var people []*telegramtest.User
	for i := range 6 {
		u := s.user(int64(11 + i))
		u.Send("hello")
		people = append(people, u)
	}
	for _, u := range people {
		s.until("all is said", func() bool { return sent(u, "5") == 1 })
	}
	if n := s.door.Counts().Floods; n > 2 {
		t.Errorf("Telegram said %d times that it was too much", n)
	}
}

func TestFloodIsObeyedForTheChatAndForAll(t *testing.T) {
	s := build(t, telegramtest.Options{}, nil)
	s.room.script = echo
	s.open()
	a, b, c := s.user(11), s.user(12), s.user(13)
	stop := s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Flood, RetryAfter: 5, Times: 1})
	a.Send("a")
	s.until("the flood", func() bool { return s.door.Counts().Floods == 1 })
	began := time.Now()
	b.Send("b")
	s.shows(b, "you: b")
	if time.Since(began) > 4800*time.Millisecond {
		t.Error("one chat's flood held up another")
	}
	s.shows(a, "you: a")
	if time.Since(began) < 700*time.Millisecond {
		t.Error("retry_after was not obeyed")
	}
	stop()
	s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Flood, RetryAfter: 1, Times: 5})
	for i := range 5 {
		s.user(int64(20 + i)).Send("many")
	}
	s.until("five floods more", func() bool { return s.door.Counts().Floods == 6 })
	began = time.Now()
	c.Send("cc")
	s.shows(c, "you: cc")
	if time.Since(began) < 700*time.Millisecond {
		t.Error("five chats were told to wait, and a sixth did not")
	}
}
