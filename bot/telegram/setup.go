package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// longestSetup is how long a start waits when Telegram asks it to. Names may be changed a few times a day only, and
// then it asks for hours: the next start tries again.
const longestSetup = 10 * time.Second

// setup shows each Face to its language and the commands in the menu, and changes only what differs.
// A failure is logged and costs nothing but the looks.
func (d *Door) setup(ctx context.Context) {
	given := map[string]bool{} // methods that Telegram does not want to hear for now
	for _, f := range d.opt.Faces {
		if len(f.Lang) != 0 && len(f.Lang) != 2 {
			d.opt.Log.Warn("Telegram shows a bot in languages of two letters only", "lang", f.Lang)
			continue
		}
		d.show(ctx, given, "getMyName", "setMyName", "name", f.Lang, f.Name)
		d.show(ctx, given, "getMyDescription", "setMyDescription", "description", f.Lang, f.Description)
		d.show(ctx, given, "getMyShortDescription", "setMyShortDescription", "short_description", f.Lang, f.Short)
		if len(f.Commands) > 0 {
			d.showCommands(ctx, given, f.Lang, f.Commands)
		}
	}
	if len(d.opt.Faces) == 0 {
		return
	}
	var menu struct {
		Type string `json:"type"`
	}
	if err := d.wire.into(ctx, &menu, "getChatMenuButton", nil); err == nil && menu.Type == "commands" {
		return
	}
	d.change(ctx, given, "setChatMenuButton", tg.Params{"menu_button": `{"type":"commands"}`})
}

// show sets one text unless it is as it should be.
func (d *Door) show(ctx context.Context, given map[string]bool, get, set, field, lang, want string) {
	if want == "" || given[set] {
		return
	}
	params := tg.Params{}
	params.AddNonEmpty("language_code", lang)
	var have map[string]string
	if err := d.wire.into(ctx, &have, get, params); err == nil && have[field] == want {
		return
	}
	params[field] = want
	d.change(ctx, given, set, params)
}

type wireCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

func (d *Door) showCommands(ctx context.Context, given map[string]bool, lang string, commands []Command) {
	if given["setMyCommands"] {
		return
	}
	want := make([]wireCommand, len(commands))
	for i, c := range commands {
		want[i] = wireCommand{c.Name, c.Text}
	}
	params := tg.Params{}
	params.AddNonEmpty("language_code", lang)
	var have []wireCommand
	if err := d.wire.into(ctx, &have, "getMyCommands", params); err == nil && slices.Equal(have, want) {
		return
	}
	b, _ := json.Marshal(want)
	params["commands"] = string(b)
	d.change(ctx, given, "setMyCommands", params)
}

// change makes one call, waits once if Telegram asks for a short wait, and else leaves the method alone until the next start.
func (d *Door) change(ctx context.Context, given map[string]bool, method string, params tg.Params) {
	_, err := d.wire.call(ctx, method, params)
	if f, ok := err.(*Fault); ok && f.Temporary() && f.After <= longestSetup && sleep(ctx, max(f.After, d.opt.Retry)) {
		_, err = d.wire.call(ctx, method, params)
	}
	if err != nil && ctx.Err() == nil {
		given[method] = true
		d.opt.Log.Warn("what Telegram shows of the bot could not be set; the next start tries again", "error", err)
	}
}
