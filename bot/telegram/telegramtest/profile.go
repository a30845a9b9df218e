package telegramtest

import (
	"encoding/json"
	"strings"
)

// profile is what the bot says of itself, by language. Bot.mu guards it.
type profile struct {
	words    map[string]map[string]string // "Name", "Description" or "ShortDescription", then language
	commands map[string][]Command         // by scope and language
	menus    map[int64]json.RawMessage    // by chat; 0 is the default
}

// Command is one entry of the menu that a bot offers.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

func newProfile() profile {
	return profile{words: map[string]map[string]string{"Name": {}, "Description": {}, "ShortDescription": {}},
		commands: map[string][]Command{}, menus: map[int64]json.RawMessage{}}
}

// playProfile plays setMyName and its like, getMyName and its like, and the menu button.
func (b *Bot) playProfile(c *call) (any, *refusal) {
	lang := c.text("language_code")
	verb, what, _ := strings.Cut(c.method, "My")
	switch what {
	case "Commands":
		return b.playCommands(c, verb, scopeKey(c), lang)
	case "Name", "Description", "ShortDescription":
		key := map[string]string{"Name": "name", "Description": "description", "ShortDescription": "short_description"}[what]
		if verb == "get" {
			return map[string]string{key: b.word(what, lang)}, nil
		}
		if w := strings.TrimSpace(clean(c.text(key))); w == "" {
			delete(b.profile.words[what], lang)
		} else {
			b.profile.words[what][lang] = w
		}
		return true, nil
	}
	chat := c.int("chat_id", 0)
	if chat != 0 && b.chats[chat] == nil {
		return nil, badRequest("chat not found")
	}
	if c.method == "setChatMenuButton" {
		b.profile.menus[chat] = json.RawMessage(c.text("menu_button"))
		if !c.has("menu_button") {
			delete(b.profile.menus, chat)
		}
		return true, nil
	}
	for _, id := range []int64{chat, 0} {
		if m := b.profile.menus[id]; m != nil {
			return m, nil
		}
	}
	return json.RawMessage(`{"type":"default"}`), nil
}

func (b *Bot) playCommands(c *call, verb, scope, lang string) (any, *refusal) {
	key := scope + "/" + lang
	switch verb {
	case "get":
		return append([]Command{}, b.profile.commands[key]...), nil
	case "delete":
		delete(b.profile.commands, key)
		return true, nil
	}
	var list []Command
	c.into("commands", &list)
	for _, k := range list {
		if blank(k.Description) {
			return nil, wrong("command description must be non-empty", "a command has no description")
		}
	}
	b.profile.commands[key] = list
	return true, nil
}

// scopeKey names the scope of a command list; "default" when the call says none.
func scopeKey(c *call) string {
	var s struct {
		Type string          `json:"type"`
		Chat json.RawMessage `json:"chat_id"`
		User json.RawMessage `json:"user_id"`
	}
	c.into("scope", &s)
	if s.Type == "" {
		return "default"
	}
	return strings.TrimRight(s.Type+":"+string(s.Chat)+":"+string(s.User), ":")
}

// word is what the bot says in a language, or in none where that one has nothing.
func (b *Bot) word(what, lang string) string {
	w := b.profile.words[what]
	if s := w[lang]; s != "" {
		return s
	}
	if s := w[""]; s != "" || what != "Name" {
		return s
	}
	return b.user.FirstName
}

// About is how the bot introduces itself to somebody with this app language.
func (b *Bot) About(lang string) (name, description, short string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.word("Name", lang), b.word("Description", lang), b.word("ShortDescription", lang)
}

// Commands is the list that was set for exactly this scope ("default", "all_private_chats", "chat:<id>") and language.
func (b *Bot) Commands(scope, lang string) []Command {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Command(nil), b.profile.commands[scope+"/"+lang]...)
}
