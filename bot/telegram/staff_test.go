package telegram_test

import (
	"bytes"
	"context"
	"testing"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

func TestDocumentsAreFetchedFromStaffAlone(t *testing.T) {
	staff := &room{}
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) {
		isStaff := func(a bot.Address) bool { return a == "telegram:21" }
		o.Fetch = isStaff
		people := o.Hearer
		o.Route = func(a bot.Address, _ bot.Incoming) telegram.Hearer {
			if isStaff(a) {
				return staff
			}
			return people
		}
	})
	s.server.Fault(telegramtest.Fault{Method: "getFile", Kind: telegramtest.DropAfter, Times: 2})
	s.open()
	answer := bytes.Repeat([]byte("age-encryption.org/v1\n"), 1000)
	focal, other := s.user(21), s.user(11)
	focal.SendDocument("KQRSTV/answer.age", answer)
	s.until("the focal point is heard", func() bool { return len(staff.all()) == 1 })
	in := staff.all()[0]
	if in.Kind != bot.Document || in.File == nil || !bytes.Equal(in.File.Bytes, answer) || in.File.Name != "answer.age" {
		t.Fatalf("heard %v, file %v", in.Kind, in.File != nil)
	}
	asked := count(s, "getFile")
	other.SendDocument("photo of somebody.jpg", []byte("exif"))
	focal.SendDocument("too large.bin", make([]byte, 2<<20))
	s.until("both are heard", func() bool { return len(staff.all()) == 2 && len(s.room.all()) == 1 })
	if s.room.all()[0].File != nil || staff.all()[1].File != nil || count(s, "getFile") != asked {
		t.Error("a file was fetched that should not have been")
	}
}

func TestAFileThatCannotBeFetchedIsHeardWithout(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Fetch = func(bot.Address) bool { return true } })
	s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
		if in.Kind == bot.Document && in.File == nil {
			return say("please send it again"), nil
		}
		return bot.Reply{}, nil
	}
	s.server.Fault(telegramtest.Fault{Method: "getFile", Kind: telegramtest.BadGateway})
	s.open()
	u := s.user(21)
	u.SendDocument("answer.age", []byte("x"))
	s.shows(u, "please send it again")
}

func TestANoticeIsAnsweredInPlaceAndAReceiptIsLeftAlone(t *testing.T) {
	s := build(t, telegramtest.Options{}, nil)
	s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
		switch {
		case in.Kind == bot.Start:
			return bot.Reply{Outs: []bot.Outgoing{{Text: "the number", Keep: true, Rows: [][]bot.Choice{{{Label: "Copy", Copy: "123"}, {Label: "More", Data: "t:more"}}}}}}, nil
		case in.Kind == bot.Tap:
			return bot.Reply{Answered: "✓ acknowledged"}, nil
		}
		return bot.Reply{Answered: "✓ something"}, nil
	}
	s.open()
	u := s.user(21)
	u.Start("")
	s.shows(u, "the number")
	notice := ask("KQRSTV, answer within two days", "Acknowledge")
	notice.File = &bot.File{Name: "KQRSTV.age", Bytes: []byte("sealed")}
	if err := s.door.Send(t.Context(), "telegram:21", []bot.Outgoing{notice, {Text: "another line"}}); err != nil {
		t.Fatal(err)
	}
	if err := u.Tap("Acknowledge"); err != nil {
		t.Fatal(err)
	}
	s.shows(u, "two days\n\n✓ acknowledged")
	if _, _, ok := u.Screen().Button("Acknowledge"); ok {
		t.Error("it can be acknowledged twice")
	}
	u.Send("words")
	s.until("they are heard", func() bool { return s.door.Counts().Heard == 3 })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if u.Screen().Has("the number\n") {
		t.Error("the receipt was written over")
	}
}
