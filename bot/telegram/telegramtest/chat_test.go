package telegramtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

func TestWhoCanBeWrittenTo(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	quiet := func(code int, words string) {
		t.Helper()
		if c.bad(code, words, "sendMessage", "chat_id", "5", "text", "a") {
			t.Errorf("%q is no fault of the bot", words)
		}
	}
	quiet(400, "Bad Request: chat not found")
	g := c.s.Group(-100, u, telegramtest.GroupOptions{Title: "Focal points"})
	quiet(403, "Forbidden: bot can't initiate conversation with a user")
	u.Start("")
	id := good[message](c, "sendMessage", "chat_id", "5", "text", "a").ID
	u.Block()
	quiet(403, "Forbidden: bot was blocked by the user")
	c.bad(403, "Forbidden: bot was blocked by the user", "editMessageText", "chat_id", "5", "message_id", fmt.Sprint(id), "text", "b")
	if u.Send("x") != 0 || u.Tap("x") == nil {
		t.Error("who blocked the bot could write to it")
	}
	u.Unblock()
	good[message](c, "sendMessage", "chat_id", "5", "text", "a")
	u.Deactivate()
	quiet(403, "Forbidden: user is deactivated")
	c.bad(400, "chat not found", "sendMessage", "chat_id", "@nobody", "text", "a")
	g.Remove(u)
	c.bad(403, "Forbidden: bot was kicked from the group chat", "sendMessage", "chat_id", "-100", "text", "a")
}

func TestEdit(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	mine := u.Send("mine")
	kb := `{"inline_keyboard":[[{"text":"y","callback_data":"y"}]]}`
	id := fmt.Sprint(good[message](c, "sendMessage", "chat_id", "5", "text", "a", "reply_markup", kb).ID)
	for _, x := range [][]string{
		{"editMessageText", "message is not modified", "text", " a ", "reply_markup", kb},
		{"editMessageReplyMarkup", "message is not modified", "reply_markup", kb},
		{"editMessageCaption", "there is no caption in the message to edit", "caption", "b"},
	} {
		if c.bad(400, x[1], x[0], append([]string{"chat_id", "5", "message_id", id}, x[2:]...)...) {
			t.Errorf("%q is no violation", x[1])
		}
	}
	c.bad(400, "message to edit not found", "editMessageText", "chat_id", "5", "message_id", "99", "text", "b")
	c.bad(400, "message can't be edited", "editMessageText", "chat_id", "5", "message_id", fmt.Sprint(mine), "text", "b")
	good[message](c, "editMessageReplyMarkup", "chat_id", "5", "message_id", id)
	c.bad(400, "message is not modified", "editMessageReplyMarkup", "chat_id", "5", "message_id", id, "reply_markup", `{"inline_keyboard":[]}`)
	good[message](c, "editMessageText", "chat_id", "5", "message_id", id, "text", "a", "reply_markup", kb)
	m := good[message](c, "editMessageText", "chat_id", "5", "message_id", id, "text", "b")
	if m.Text != "b" || m.Markup != nil {
		t.Errorf("a new text kept the keyboard: %+v", m)
	}
	fixed := good[message](c, "sendMessage", "chat_id", "5", "text", "a", "reply_markup", `{"force_reply":true}`).ID
	c.bad(400, "message can't be edited", "editMessageText", "chat_id", "5", "message_id", fmt.Sprint(fixed), "text", "b")
	var kinds string
	for _, e := range u.Transcript() {
		kinds += e.Kind.String() + " "
	}
	if kinds != "heard sent rewritten rewritten rewritten sent " {
		t.Errorf("the transcript has %s", kinds)
	}
}

func TestDeleteWithinFortyEightHours(t *testing.T) {
	k := newClock()
	c := open(t, telegramtest.Options{Now: k.Now})
	u := c.s.User(5, telegramtest.UserOptions{})
	a := u.Send("a")
	k.Add(time.Hour)
	b := good[message](c, "sendMessage", "chat_id", "5", "text", "b").ID
	e := u.Send("e")
	good[bool](c, "deleteMessage", "chat_id", "5", "message_id", fmt.Sprint(e))
	c.bad(400, "message to delete not found", "deleteMessage", "chat_id", "5", "message_id", fmt.Sprint(e))
	k.Add(47 * time.Hour)
	c.bad(400, "message can't be deleted", "deleteMessage", "chat_id", "5", "message_id", fmt.Sprint(a))
	c.bad(400, "message can't be deleted", "deleteMessages", "chat_id", "5", "message_ids", fmt.Sprintf("[%d,%d]", a, b))
	if len(u.Screen()) != 2 {
		t.Errorf("a refused call deleted something:\n%s", u.Screen())
	}
	k.Add(59 * time.Minute)
	good[bool](c, "deleteMessages", "chat_id", "5", "message_ids", fmt.Sprintf("[%d,%d,%d,99]", b, b, e))
	good[bool](c, "deleteMessages", "chat_id", "5", "message_ids", "[99]")
	if s := u.Screen(); len(s) != 1 || s[0].Text != "a" {
		t.Errorf("what is left:\n%s", s)
	}
	u.Clear()
	if len(u.Screen()) != 0 || !u.Seen("b") {
		t.Error("clearing the chat on the phone")
	}
	u.Block()
	u.Unblock()
}

func TestTapIsAnsweredOnceAndSoon(t *testing.T) {
	k := newClock()
	c := open(t, telegramtest.Options{Now: k.Now, Hammer: time.Millisecond})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	good[message](c, "sendMessage", "chat_id", "5", "text", "?", "reply_markup", `{"inline_keyboard":[[{"text":"yes","callback_data":"1"},{"text":"no","callback_data":"2"}]]}`)
	for _, label := range []string{"yes", "no"} {
		if err := u.Tap(label); err != nil {
			t.Fatal(err)
		}
	}
	got := c.updates()
	if n := c.s.Bot(c.token).Unanswered(); n != 2 {
		t.Errorf("%d taps wait for an answer", n)
	}
	old := "query is too old and response timeout expired or query ID is invalid"
	good[bool](c, "answerCallbackQuery", "callback_query_id", got[1].Tap.ID, "text", "ok", "show_alert", "true")
	c.bad(400, old, "answerCallbackQuery", "callback_query_id", got[1].Tap.ID)
	c.bad(400, old, "answerCallbackQuery", "callback_query_id", "17")
	k.Add(150 * time.Second)
	c.bad(400, old, "answerCallbackQuery", "callback_query_id", got[2].Tap.ID)
	if e := u.Transcript(); e[len(e)-1].Kind != telegramtest.Toasted || !e[len(e)-1].Alert || !u.Seen("ok") {
		t.Errorf("the toast is not in the transcript: %+v", e[len(e)-1])
	}
	if n := c.s.Bot(c.token).Unanswered(); n != 0 {
		t.Errorf("%d taps still wait", n)
	}
}

// A phone that has not seen the change yet taps a button that is no longer there.
func TestStaleTap(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	first := good[message](c, "sendMessage", "chat_id", "5", "text", "one", "reply_markup", `{"inline_keyboard":[[{"text":"yes","callback_data":"one:yes"}]]}`)
	good[message](c, "editMessageText", "chat_id", "5", "message_id", fmt.Sprint(first.ID), "text", "one: answered")
	second := good[message](c, "sendMessage", "chat_id", "5", "text", "two")
	if err := u.TapData("one:yes"); err != nil {
		t.Fatal(err)
	}
	if err := u.TapData("never:sent"); err != nil {
		t.Fatal(err)
	}
	got := c.updates()
	if got[1].Tap.Message.ID != first.ID || got[1].Tap.Data != "one:yes" || got[2].Tap.Message.ID != second.ID {
		t.Errorf("stale taps came as %+v", got)
	}
}

func TestWhatPeopleSend(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{FirstName: "A", Language: "ar"})
	u.SendVoice([]byte("ogg"))
	u.SendPhoto([]byte("jpeg"), "look")
	u.SendLocation(12.5, -3)
	u.SendContact("+100", "B")
	u.Forward("C", "forwarded")
	id := u.Reply(u.Send("first"), "second")
	if err := u.Edit(id, "third"); err != nil {
		t.Fatal(err)
	}
	u.Send(strings.Repeat("ب", 64<<10))
	if u.Send("\u200b\n") != 0 {
		t.Error("a message without anything to show was sent")
	}
	got := c.updates()
	switch {
	case len(got) != 8+16:
		t.Errorf("%d updates came", len(got))
	case got[0].Message.Voice == nil, got[1].Message.Caption != "look" || len(got[1].Message.Photo) != 2,
		got[2].Message.Location.Longitude != -3, got[3].Message.Contact.Phone_Number != "+100",
		got[4].Message.Origin.Type != "hidden_user", got[7].Edited.Text != "third":
		t.Errorf("updates: %+v", got[:8])
	}
	if err := u.Edit(999, "x"); err == nil {
		t.Error("a message that is not there was edited")
	}
}

func TestGroupsBecomeSupergroups(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	g := c.s.Group(-100, u, telegramtest.GroupOptions{Title: "Focal points"})
	mine := g.Send(u, "/hello there")
	good[message](c, "sendMessage", "chat_id", "-100", "text", "?", "reply_markup", `{"inline_keyboard":[[{"text":"yes","callback_data":"1"}]]}`)
	if err := g.Tap(u, "yes"); err != nil {
		t.Fatal(err)
	}
	c.bad(400, "message can't be deleted", "deleteMessage", "chat_id", "-100", "message_id", fmt.Sprint(mine))
	super := g.Migrate(-1000100)
	a := c.call("sendMessage", "chat_id", "-100", "text", "a")
	if a.Code != 400 || a.Description != "Bad Request: group chat was upgraded to a supergroup chat" || a.Parameters.MigrateTo != -1000100 {
		t.Errorf("the old number is answered %+v", a)
	}
	good[message](c, "sendMessage", "chat_id", "-1000100", "text", "here now")
	if _, err := super.Wait(telegramtest.Within(time.Minute), func(s telegramtest.Screen) bool { return s.Has("here now") }); err != nil {
		t.Error(err)
	}
	got := c.updates()
	if len(got) != 5 || got[0].Member == nil || got[2].Tap.Data != "1" || got[3].Message.MigrTo != -1000100 || got[4].Message.Chat.ID != -1000100 {
		t.Errorf("updates: %+v", got)
	}
	if n := good[int](c, "getChatMemberCount", "chat_id", "-1000100"); n != 2 {
		t.Errorf("%d members", n)
	}
}

func TestReplyForwardCopy(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	id := fmt.Sprint(u.Send("said"))
	good[message](c, "sendMessage", "chat_id", "5", "text", "a", "reply_parameters", `{"message_id":`+id+`}`)
	if m, _ := u.Screen().Last(); fmt.Sprint(m.ReplyTo) != id {
		t.Errorf("the reply is %+v", m)
	}
	c.bad(400, "message to be replied not found", "sendMessage", "chat_id", "5", "text", "a", "reply_parameters", `{"message_id":99}`)
	good[message](c, "sendMessage", "chat_id", "5", "text", "a", "reply_parameters", `{"message_id":99,"allow_sending_without_reply":true}`)
	if m := good[message](c, "forwardMessage", "chat_id", "5", "from_chat_id", "5", "message_id", id); m.Origin == nil || m.Text != "said" {
		t.Errorf("forwarded: %+v", m)
	}
	copied := good[struct {
		ID int `json:"message_id"`
	}](c, "copyMessage", "chat_id", "5", "from_chat_id", "5", "message_id", id)
	kept := good[message](c, "sendMessage", "chat_id", "5", "text", "protected", "protect_content", "true").ID
	c.bad(400, "message can't be forwarded", "forwardMessage", "chat_id", "5", "from_chat_id", "5", "message_id", fmt.Sprint(kept))
	if m, _ := u.Screen().Last(); copied.ID == 0 || m.ID != kept {
		t.Errorf("copied as %d", copied.ID)
	}
	c.bad(400, "message thread not found", "sendMessage", "chat_id", "5", "text", "a", "message_thread_id", "3")
	good[bool](c, "pinChatMessage", "chat_id", "5", "message_id", id)
	good[map[string]any](c, "getChat", "chat_id", "5")
	good[map[string]any](c, "getChatMember", "chat_id", "5", "user_id", "5")
	good[map[string]any](c, "getUserProfilePhotos", "user_id", "5")
	good[message](c, "sendVenue", "chat_id", "5", "latitude", "1", "longitude", "2", "title", "t", "address", "a")
	good[message](c, "sendContact", "chat_id", "5", "phone_number", "+1", "first_name", "n")
}
