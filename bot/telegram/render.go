package telegram

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"amana/bot"
)

// Limits of Telegram, in characters where not said otherwise.
const (
	maxText    = 4096
	maxCaption = 1024
	maxData    = 64 // bytes of callback data
	maxToast   = 200
	maxCopy    = 256
	maxButtons = 100
)

type button struct {
	Text string    `json:"text"`
	Data string    `json:"callback_data,omitempty"`
	Copy *copyText `json:"copy_text,omitempty"`
}

type copyText struct {
	Text string `json:"text"`
}

// keyboard renders buttons. One that Telegram would not take would lose the whole message, so it is left out and
// counted: whatever it stood for can be typed.
func keyboard(rows [][]bot.Choice) (markup string, left int) {
	var keys [][]button
	n := 0
	for _, row := range rows {
		var r []button
		for _, c := range row {
			b := button{Text: c.Label, Data: c.Data}
			fits := c.Label != "" && c.Data != "" && len(c.Data) <= maxData
			if c.Copy != "" {
				b.Data, b.Copy = "", &copyText{c.Copy}
				fits = c.Label != "" && utf8.RuneCountInString(c.Copy) <= maxCopy
			}
			if !fits || n == maxButtons {
				left++
				continue
			}
			r = append(r, b)
			n++
		}
		if len(r) > 0 {
			keys = append(keys, r)
		}
	}
	if len(keys) == 0 {
		return "", left
	}
	b, _ := json.Marshal(map[string]any{"inline_keyboard": keys}) // strings only
	return string(b), left
}

const noPreview = `{"is_disabled":true}` // else Telegram's servers ask for what a complaint links to

func textParams(chat int64, text, markup string, protect bool) tg.Params {
	p := tg.Params{"chat_id": strconv.FormatInt(chat, 10), "text": text, "link_preview_options": noPreview}
	p.AddNonEmpty("reply_markup", markup)
	p.AddBool("protect_content", protect)
	return p
}

func editParams(chat, id int64, text, markup string) tg.Params {
	p := textParams(chat, text, markup, false)
	p["message_id"] = strconv.FormatInt(id, 10)
	return p
}

func fileParams(chat int64, caption, markup string, protect bool) tg.Params {
	p := tg.Params{"chat_id": strconv.FormatInt(chat, 10)}
	p.AddNonEmpty("caption", caption)
	p.AddNonEmpty("reply_markup", markup)
	p.AddBool("protect_content", protect)
	return p
}

// cut shortens a toast; what it says is also said in the chat.
func cut(s string, limit int) string {
	if parts := split(s, limit); len(parts) > 0 {
		return parts[0]
	}
	return ""
}
