package outbox

import (
	"time"

	"amana/bot"
	"amana/bot/speech"
)

// alone are the notices that name no report, and have nothing to tap. Nothing in a digest, nor around it, depends on what there
// is to read.
var alone = map[string]string{"confirmed": "staff.confirmed", "proof": "staff.notice.proof", "test": "staff.notice.test", "digest": "staff.notice.digest"}

// elsewhere are those whose usual words speak of taps and of answers, where there is neither.
var elsewhere = map[string]string{"reseal": "staff.notice.reseal.mail", "sealed": "staff.notice.sealed.mail"}

// word puts a notice into words: a code, an urgency, a deadline, and what the route allows to say beside them. Away are
// words that are read where nobody can answer.
func (o *Outbox) word(n bot.Notice, away bool) bot.Outgoing {
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
	if key, ok := alone[n.Event]; ok {
		out.Text = speech.Paragraph(lang, say(key, speech.Args{"Code": n.Code}))
		return out
	}
	if show := many[n.Event]; show != "" {
		out.Text = speech.Paragraph(lang, say("staff.notice."+n.Event, nil))
		out.Rows = [][]bot.Choice{{{Label: say("staff.button."+show, nil), Data: "s:" + show + ":"}}}
		return out
	}
	key := "staff.notice." + n.Event
	if n.Event == "report" && n.Urgent {
		key += ".urgent"
	}
	if other, ok := elsewhere[n.Event]; ok && away {
		key = other
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

// many names the events that tell of many reports at once, and what shows these.
var many = map[string]string{"tray": "tray", "crowd": "inbox"}

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
