package telegramtest

import (
	"encoding/json"
	"net/url"
	"strings"
)

// markup is a checked reply_markup.
type markup struct {
	rows     [][]Button
	raw      json.RawMessage // the inline keyboard as the bot gets it back
	keyboard [][]string
	remove   bool
	fixed    bool // any kind but an inline keyboard
}

// Telegram's own numbers for a keyboard are not published; clients show eight buttons in a row and a hundred in all.
const (
	maxButtons    = 100
	maxRow        = 8
	maxMarkupSize = 10 << 10 // bytes of JSON
)

type wireButton struct {
	Text  string  `json:"text"`
	URL   *string `json:"url,omitempty"`
	Data  *string `json:"callback_data,omitempty"`
	Copy  *copied `json:"copy_text,omitempty"`
	Style string  `json:"style,omitempty"`
	Icon  string  `json:"icon_custom_emoji_id,omitempty"`
}

type copied struct {
	Text string `json:"text"`
}

// readMarkup reads the reply_markup, whose shape was checked against the table, and applies what the table cannot say.
func readMarkup(c *call) (markup, *refusal) {
	v, _ := c.values["reply_markup"].(map[string]any)
	if v == nil {
		return markup{}, nil
	}
	if len(c.text("reply_markup")) > maxMarkupSize {
		return markup{}, wrong("reply markup is too long", "reply_markup has %d bytes", len(c.text("reply_markup")))
	}
	var w struct {
		Inline   [][]wireButton `json:"inline_keyboard"`
		Keyboard [][]struct {
			Text string `json:"text"`
		} `json:"keyboard"`
		Remove bool `json:"remove_keyboard"`
	}
	c.into("reply_markup", &w)
	if v["inline_keyboard"] != nil {
		for _, row := range v["inline_keyboard"].([]any) {
			for _, button := range row.([]any) {
				if r := oneType(button.(map[string]any)); r != nil {
					return markup{}, r
				}
			}
		}
		return inline(w.Inline)
	}
	m := markup{fixed: true, remove: w.Remove}
	for _, row := range w.Keyboard {
		var labels []string
		for _, k := range row {
			labels = append(labels, k.Text)
		}
		m.keyboard = append(m.keyboard, labels)
	}
	return m, nil
}

// oneType says whether a button does exactly one thing, and one that is played here.
func oneType(button map[string]any) *refusal {
	n := 0
	for k := range button {
		switch k {
		case "text", "style", "icon_custom_emoji_id":
		case "url", "callback_data", "copy_text":
			n++
		default:
			return wrong("BUTTON_TYPE_INVALID", "buttons with %s are not played here", k)
		}
	}
	switch n {
	case 0:
		return wrong("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", "a button does nothing")
	case 1:
		return nil
	}
	return wrong("BUTTON_TYPE_INVALID", "a button does %d things", n)
}

func inline(rows [][]wireButton) (markup, *refusal) {
	var m markup
	total := 0
	kept := [][]wireButton{}
	for _, row := range rows {
		if len(row) == 0 {
			continue
		}
		if total += len(row); total > maxButtons || len(row) > maxRow {
			return m, wrong("reply markup is too long", "a keyboard has %d buttons in a row and %d so far", len(row), total)
		}
		var out []Button
		for i := range row {
			b, r := row[i].button()
			if r != nil {
				return m, r
			}
			row[i].Text = b.Text
			out = append(out, b)
		}
		m.rows = append(m.rows, out)
		kept = append(kept, row)
	}
	if total > 0 {
		m.raw, _ = json.Marshal(map[string]any{"inline_keyboard": kept}) // plain strings
	}
	return m, nil
}

func (w wireButton) button() (Button, *refusal) {
	b := Button{Text: strings.TrimSpace(clean(w.Text)), Style: w.Style}
	if blank(b.Text) {
		return b, wrong("inline keyboard button text must be non-empty", "a button has no label")
	}
	switch {
	case w.Data != nil:
		b.Data = *w.Data
	case w.Copy != nil:
		b.Copy = w.Copy.Text
	case w.URL != nil:
		b.URL = *w.URL
		u, err := url.Parse(b.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "tg") || u.Host == "" {
			return b, wrong("inline keyboard button URL is invalid: Wrong HTTP URL", "a button's URL cannot be opened")
		}
	}
	return b, nil
}
