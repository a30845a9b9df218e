package outbox

import (
	"time"

	"amana/bot"
	"amana/bot/speech"
)

// word puts a notice into words: a code, an urgency, a deadline, and what the route allows to say beside them.
func (o *Outbox) word(n bot.Notice) bot.Outgoing {
	lang := n.Lang
	if _, ok := o.Book.Language(lang); !ok {
		lang = o.Lang
	}
	say := func(key string, args speech.Args) string {
		text, err := o.Book.Text(lang, key, args)
		if err != nil {
			o.Log.Error("wording a notice", "error", err)
			return n.Code // the code alone still tells a focal point what to look for
		}
		return text
	}
	out := bot.Outgoing{Lang: lang, Protect: true, File: n.File}
	if n.Event == "confirmed" {
		out.Text = say("staff.confirmed", nil)
		return out
	}
	key := "staff.notice." + n.Event
	if n.Event == "report" && n.Urgent {
		key += ".urgent"
	}
	out.Text = say(key, speech.Args{"Code": n.Code, "Deadline": deadline(n.Deadline, o.Zone)})
	if n.Kind != "" || n.Area != "" {
		kind := ""
		if n.Kind != "" {
			kind = say("staff.kind."+n.Kind, nil)
		}
		out.Text += "\n\n" + say("staff.notice.place", speech.Args{"Kind": dash(kind), "Area": dash(n.Area)})
	}
	out.Text = speech.Paragraph(lang, out.Text)
	if o.Link != nil {
		out.Text += "\n\n" + o.Link(n.Code)
	}
	out.Rows = [][]bot.Choice{{
		{Label: say("staff.button.acknowledge", nil), Data: "s:ack:" + n.Code},
		{Label: say("staff.button.read", nil), Data: "s:read:" + n.Code},
	}, {
		{Label: say("staff.button.recuse", nil), Data: "s:out:" + n.Code},
	}}
	return out
}

// deadline writes an instant in the mission's time, in a form that every language reads.
func deadline(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
