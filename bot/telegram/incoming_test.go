package telegram_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram/telegramtest"
)

// strange are updates that Telegram may or may not ever send. Each has to be heard, answered or skipped.
var strange = []string{
	`{}`,
	`{"message":null}`,
	`{"message":{}}`,
	`{"message":[]}`,
	`{"message":"text"}`,
	`{"message":{"message_id":"x","chat":{"id":77,"type":"private"},"date":"yesterday","text":5}}`,
	`{"message":{"message_id":1,"chat":{"id":"77","type":"private"},"date":1,"text":"id is a string"}}`,
	`{"message":{"message_id":1,"chat":{"id":1e300,"type":"private"},"date":1,"text":"id is too large"}}`,
	`{"message":{"message_id":1,"chat":{"id":77,"type":"private"},"from":null,"date":-5,"text":"\ud800 lone \udfff surrogates"}}`,
	`{"message":{"message_id":1,"chat":{"id":77,"type":"private"},"date":99999999999999,"text":"\u0000\u001b"}}`,
	`{"message":{"message_id":1,"chat":{"id":77,"type":"private"},"date":1700000000,"text":"` + strings.Repeat("ب", 32<<10) + `"}}`,
	`{"message":{"message_id":1,"chat":{"id":77,"type":"private"},"date":1700000000,"text":"` + strings.Repeat("x", 300<<10) + `"}}`,
	`{"message":{"message_id":2,"chat":{"id":77,"type":"private"},"date":1700000000,"location":{"latitude":900,"longitude":"east"}}}`,
	`{"message":{"message_id":3,"chat":{"id":77,"type":"private"},"date":1700000000,"document":"not a document"}}`,
	`{"message":{"message_id":4,"chat":{"id":77,"type":"private"},"date":1700000000,"new_kind_of_thing":{"a":[[[[[1]]]]]}}}`,
	`{"message":{"message_id":4,"chat":{"id":78,"type":"forum"},"date":1700000000,"text":"a kind of chat that is not there yet"}}`,
	`{"callback_query":{}}`,
	`{"callback_query":{"id":"1","from":{"id":77},"data":5}}`,
	`{"callback_query":{"id":7,"from":{"id":77},"message":{"message_id":1,"date":0,"chat":{"id":77,"type":"private"}},"data":"t:x"}}`,
	`{"my_chat_member":{"chat":{"id":77,"type":"private"},"new_chat_member":"kicked"}}`,
	`{"edited_message":{"message_id":1,"chat":{"id":77,"type":"private"},"date":1,"location":{"latitude":1,"longitude":2}}}`,
	`{"poll_answer":{"poll_id":"5"}}`,
	`{"update_id":-1}`,
}

func TestKindsOfInput(t *testing.T) {
	s := start(t, nil)
	u := s.user(11)
	want := []struct {
		send func()
		is   func(bot.Incoming) bool
	}{
		{func() { u.Start("") }, func(in bot.Incoming) bool { return in.Kind == bot.Start && in.Payload == "" && in.Text == "" }},
		{func() { u.Start("camp_7-B") }, func(in bot.Incoming) bool { return in.Kind == bot.Start && in.Payload == "camp_7-B" }},
		{func() { u.Start("../../etc") }, func(in bot.Incoming) bool { return in.Kind == bot.Start && in.Payload == "" }},
		{func() { u.Start(strings.Repeat("a", 65)) }, func(in bot.Incoming) bool { return in.Kind == bot.Start && in.Payload == "" }},
		{func() { u.Send("/Privacy") }, func(in bot.Incoming) bool { return in.Kind == bot.Command && in.Text == "privacy" }},
		{func() { u.Send("/help me please") }, func(in bot.Incoming) bool { return in.Kind == bot.Text && in.Text == "/help me please" }},
		{func() { u.Send("/ساعدني") }, func(in bot.Incoming) bool { return in.Kind == bot.Text && in.Text == "/ساعدني" }},
		{func() { u.Forward("Somebody", "what they wrote") }, func(in bot.Incoming) bool { return in.Kind == bot.Text && in.Text == "what they wrote" }},
		{func() { u.SendVoice([]byte("ogg")) }, func(in bot.Incoming) bool { return in.Kind == bot.Voice && in.File == nil }},
		{func() { u.SendPhoto([]byte("jpg"), "look") }, func(in bot.Incoming) bool { return in.Kind == bot.Picture && in.Text == "look" && in.File == nil }},
		{func() { u.SendDocument("list.pdf", []byte("%PDF")) }, func(in bot.Incoming) bool { return in.Kind == bot.Document && in.File == nil }},
		{func() { u.SendLocation(9.5, 30.4) }, func(in bot.Incoming) bool {
			return in.Kind == bot.Location && in.Place != nil && in.Place.Lat > 9 && in.Place.Lon > 30
		}},
		{func() { u.SendContact("+211912345678", "Achol") }, func(in bot.Incoming) bool { return in.Kind == bot.Other && in.Text == "" }},
	}
	for i, w := range want {
		w.send()
		s.until("it is heard", func() bool { return len(s.room.all()) == i+1 })
		in := s.room.all()[i]
		if !w.is(in) {
			t.Errorf("%d: heard kind %v text %q payload %q", i, in.Kind, in.Text, in.Payload)
		}
		if in.Person != person(u) || in.Mark.IsZero() || in.Address.Reveal() != "telegram:11" || in.Lang != "en" || time.Since(in.Sent) > time.Minute {
			t.Errorf("%d: who, where and when are wrong", i)
		}
	}
	if n := len(s.server.Requests("getFile")); n != 0 {
		t.Errorf("%d files of people were asked for", n)
	}
}

func TestEditedMessagesAreHeardAsEdited(t *testing.T) {
	s := start(t, nil)
	u := s.user(11)
	id := u.Send("on Monday")
	s.until("it is heard", func() bool { return len(s.room.all()) == 1 })
	u.Edit(id, "on Tuesday")
	s.until("the correction too", func() bool { return len(s.room.all()) == 2 })
	if in := s.room.all()[1]; in.Kind != bot.Edited || in.Text != "on Tuesday" {
		t.Errorf("heard %v %q", in.Kind, in.Text)
	}
	if s.trail.size() > 1 {
		t.Error("a correction was noted as a message of its own")
	}
}

func TestGroupsAreRefusedOnceADayAndNeverHeard(t *testing.T) {
	s := start(t, echo)
	u := s.user(11)
	g := s.server.Group(-500, u, telegramtest.GroupOptions{Title: "Women's committee"})
	for range 5 {
		g.Send(u, "is anybody here?")
	}
	if _, err := g.Wait(telegramtest.Within(time.Minute), func(sc telegramtest.Screen) bool { return sc.Has(onlyHere) }); err != nil {
		t.Fatal(err)
	}
	s.until("all are read", func() bool { return s.door.Counts().Groups >= 5 })
	u.Send("in private")
	s.shows(u, "you: in private")
	n := 0
	for _, m := range g.Screen() {
		if m.FromBot {
			n++
		}
	}
	if n != 1 || len(s.room.all()) != 1 {
		t.Errorf("%d refusals, %d heard", n, len(s.room.all()))
	}
}

func TestAnAlbumIsAnsweredOnce(t *testing.T) {
	s := start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) { return bot.Reply{}, nil })
	for range 4 {
		s.server.Inject(`{"message":{"message_id":9,"chat":{"id":77,"type":"private"},"date":1700000000,"media_group_id":"1","photo":[{}]}}`)
	}
	s.until("all are settled", func() bool { return s.door.Counts().Updates >= 4 && s.door.Counts().Heard == 1 })
	s.until("the rest is skipped", func() bool { return s.door.Counts().Skipped == 3 })
}

// hook sets a webhook behind the door's back.
func hook(t *testing.T, s *telegramtest.Server) {
	t.Helper()
	r, err := http.PostForm(s.URL()+"/bot"+telegramtest.Token+"/setWebhook", url.Values{"url": {"https://example.org/hook"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
}
