package telegramtest_test

import (
	"fmt"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

// A whole small conversation: start, a question with buttons, a tap, the answer written over it, a wipe.
func TestConversation(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(77, telegramtest.UserOptions{Language: "ar", FirstName: "Amal"})
	u.Start("poster7")
	got := c.updates("timeout", "5")
	if len(got) != 1 || got[0].Message.Text != "/start poster7" || got[0].Message.Entities[0].Type != "bot_command" {
		t.Fatalf("updates after the start: %+v", got)
	}
	sent := good[message](c, "sendMessage", "chat_id", "77", "text", "Who is it about?",
		"reply_markup", `{"inline_keyboard":[[{"text":"Me","callback_data":"t:1"},{"text":"Someone else","callback_data":"t:2"}]]}`)
	if _, err := u.WaitText(telegramtest.Within(time.Minute), "Who"); err != nil {
		t.Fatal(err)
	}
	if err := u.Tap("else"); err != nil {
		t.Fatal(err)
	}
	got = c.updates("offset", fmt.Sprint(got[0].ID+1), "timeout", "5")
	if len(got) != 1 || got[0].Tap.Data != "t:2" || got[0].Tap.Message.ID != sent.ID {
		t.Fatalf("updates after the tap: %+v", got)
	}
	good[bool](c, "answerCallbackQuery", "callback_query_id", got[0].Tap.ID, "text", "noted")
	good[message](c, "editMessageText", "chat_id", "77", "message_id", fmt.Sprint(sent.ID), "text", "About someone else.")
	if err := u.Tap("Me"); err == nil {
		t.Error("a button that was edited away could still be tapped")
	}
	if !u.Seen("Who is it about?") || !u.Seen("noted") || u.Seen("receipt") {
		t.Error("the transcript does not tell what was shown")
	}
	good[bool](c, "deleteMessages", "chat_id", "77", "message_ids", fmt.Sprintf("[%d,%d]", got[0].Tap.Message.ID, sent.ID-1))
	if err := u.Tap("Someone"); err == nil {
		t.Error("a button that was deleted could still be tapped")
	}
	if s := u.Screen(); len(s) != 0 {
		t.Errorf("after the wipe the chat still shows:\n%s", s)
	}
}
