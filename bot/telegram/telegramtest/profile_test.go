package telegramtest_test

import (
	"testing"

	"amana/bot/telegram/telegramtest"
)

func TestNamesAndCommandsByLanguage(t *testing.T) {
	c := open(t, telegramtest.Options{Bots: []telegramtest.BotOptions{{Token: telegramtest.Token, Name: "Given name"}}})
	name := func(lang string) string {
		return good[map[string]string](c, "getMyName", "language_code", lang)["name"]
	}
	if name("") != "Given name" {
		t.Errorf("before it was set the name is %q", name(""))
	}
	good[bool](c, "setMyName", "name", "Amana")
	good[bool](c, "setMyName", "name", "أمانة", "language_code", "ar")
	if name("ar") != "أمانة" || name("fr") != "Amana" {
		t.Errorf("names: %q, %q", name("ar"), name("fr"))
	}
	good[bool](c, "setMyName", "language_code", "ar")
	good[bool](c, "setMyDescription", "description", "long", "language_code", "en")
	good[bool](c, "setMyShortDescription", "short_description", "short")
	if d := good[map[string]string](c, "getMyDescription", "language_code", "en"); d["description"] != "long" {
		t.Errorf("description: %v", d)
	}
	if d := good[map[string]string](c, "getMyShortDescription", "language_code", "en"); d["short_description"] != "short" {
		t.Errorf("short description: %v", d)
	}
	if n, d, s := c.s.Bot(c.token).About("ar"); n != "Amana" || d != "" || s != "short" {
		t.Errorf("in Arabic: %q %q %q", n, d, s)
	}
	list := `[{"command":"start","description":"ابدأ"},{"command":"hide","description":"إخفاء"}]`
	good[bool](c, "setMyCommands", "commands", list, "language_code", "ar", "scope", `{"type":"all_private_chats"}`)
	if got := good[[]telegramtest.Command](c, "getMyCommands", "language_code", "ar", "scope", `{"type":"all_private_chats"}`); len(got) != 2 || got[1].Description != "إخفاء" {
		t.Errorf("commands: %v", got)
	}
	if got := good[[]telegramtest.Command](c, "getMyCommands", "language_code", "ar"); got == nil || len(got) != 0 {
		t.Errorf("commands of another scope: %v", got)
	}
	if got := c.s.Bot(c.token).Commands("all_private_chats", "ar"); len(got) != 2 {
		t.Errorf("commands for the test: %v", got)
	}
	good[bool](c, "deleteMyCommands", "language_code", "ar", "scope", `{"type":"all_private_chats"}`)
	if got := c.s.Bot(c.token).Commands("all_private_chats", "ar"); len(got) != 0 {
		t.Errorf("deleted commands: %v", got)
	}
	c.s.User(5, telegramtest.UserOptions{}).Start("")
	good[bool](c, "setMyCommands", "commands", list, "scope", `{"type":"chat","chat_id":5}`)
	if got := c.s.Bot(c.token).Commands("chat:5", ""); len(got) != 2 {
		t.Errorf("commands of a chat: %v", got)
	}
	if m := good[map[string]string](c, "getChatMenuButton"); m["type"] != "default" {
		t.Errorf("menu button: %v", m)
	}
	good[bool](c, "setChatMenuButton", "menu_button", `{"type":"commands"}`)
	if m := good[map[string]string](c, "getChatMenuButton", "chat_id", "5"); m["type"] != "commands" {
		t.Errorf("menu button: %v", m)
	}
	c.bad(400, "", "setChatMenuButton", "menu_button", `{"type":"web_app","text":"x"}`)
}
