package main

import (
	"io"
	"strconv"
	"strings"
	"time"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// show writes the whole report for its reader: the frame in the reader's language, the reporter's words as they were
// written. Each line that comes from somebody else is isolated, so that no script turns its neighbours around, and
// carries no character that a terminal would obey.
func (r *openedReport) show(w io.Writer, t *tongue, zone *time.Location) error {
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n") }
	when := func(at time.Time) string { return at.In(zone).Format("2006-01-02 15:04 MST") }

	class := r.class(r.filed(t))
	code := r.code
	if code == "" {
		code = ticket.ID(r.body.ID).String()[:8]
	}
	line(t.say("open.head", speech.Args{"Code": code}))
	line(t.say("open.received", speech.Args{
		"When": when(r.body.Time), "Kind": t.label("staff.kind.", string(class.Kind)),
		"Urgency": t.label("staff.urgency.", string(class.Urgency)),
	}))
	if s, told := r.state(); told {
		line(t.say("open.state", speech.Args{"State": t.label("staff.state.", string(s))}))
	}
	for _, said := range t.server(r) {
		line(said)
	}
	if t.profile != nil {
		terms := t.profile.clock().Normal
		if class.Urgency == ticket.Urgent {
			terms = t.profile.clock().Urgent
		}
		line(t.say("open.promised", speech.Args{"Hours": strconv.Itoa(int(terms.Acknowledge / time.Hour))}))
	}

	line("")
	line(t.say("open.answers", nil))
	for _, a := range r.body.Answers {
		if a.Text == "" && len(a.Voices) == 0 {
			line("  " + t.answer(a))
		}
	}
	for _, a := range r.body.Answers {
		if a.Text != "" || len(a.Voices) > 0 {
			line("")
			if a.Step != "story" {
				line(t.title(a.Flow, a.Step))
			}
			line(t.say("open.words", speech.Args{"Language": t.name(a.Lang)}))
			if a.Text != "" {
				line(own(a.Text))
			}
			for _, v := range a.Voices {
				line("  " + t.voice(r, v))
			}
		}
	}
	if len(r.body.Consents) > 0 {
		line("")
		line(t.say("open.consent", nil))
		for _, c := range r.body.Consents {
			line(own(c.Text))
			line("  " + t.consent(r.body.Answers, c))
		}
	}
	if r.first.forged {
		line("")
		line(t.say("open.unverified", nil))
	}
	for _, in := range r.later {
		line("")
		if in.forged {
			line(t.say("open.unverified", nil))
		}
		if in.added != "" {
			line(t.say("open.thread.share", speech.Args{"Name": r.name(in.added)}))
			continue
		}
		line(t.head(r, in.Inside, when))
		for _, said := range t.beside(in) {
			line("  " + said)
		}
		if text := textOf(in.Inside); text != "" {
			line(own(text))
		}
		for _, v := range voicesOf(in.Inside) {
			line("  " + t.voice(r, v))
		}
	}
	if r.unsealed > 0 {
		line("")
		line(t.say("open.unsealed", nil))
	}
	line("")
	line(t.readers(r))
	for _, l := range r.lacks() {
		line(t.say("open.lacks", speech.Args{"Name": l.who.Name, "Count": strconv.Itoa(l.count)}))
	}
	line("")
	line(t.say("open.warn.repeat", nil))
	line(t.say("open.warn.investigate", nil))
	if r.wants("call", "yes") {
		line(t.say("open.warn.call", nil))
	}
	if t.err != nil {
		return t.err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// filed gives what the flow of the report files.
func (r *openedReport) filed(t *tongue) ticket.Kind { return t.filed[r.flow(t)] }

// flow names the flow that filed the report.
func (r *openedReport) flow(t *tongue) string {
	return ticket.FiledIn(r.body.Answers, func(flow string) bool { return t.filed[flow] != "" })
}

// own gives somebody's words, a line each, indented and isolated.
func own(text string) string {
	var out []string
	for l := range strings.SplitSeq(strings.Trim(plain(text), "\n"), "\n") {
		if strings.TrimSpace(l) == "" {
			out = append(out, "")
			continue
		}
		out = append(out, "  "+speech.Isolate(l))
	}
	return strings.Join(out, "\n")
}

func textOf(in ticket.Inside) string {
	switch {
	case in.Message != nil:
		return in.Message.Text
	case in.Reply != nil:
		return in.Reply.Text
	case in.Note != nil:
		return in.Note.Text
	}
	return ""
}

// head says who wrote a later message, and when.
func (t *tongue) head(r *openedReport, in ticket.Inside, when func(time.Time) string) string {
	_, at := in.About()
	switch {
	case in.Reply != nil:
		return t.say("open.thread.answer", speech.Args{"Name": t.role(in.Reply.Role), "When": when(at)})
	case in.Note != nil:
		return t.say("open.thread.note", speech.Args{"Name": r.name(in.Note.By), "When": when(at)})
	}
	return t.say("open.thread.message", speech.Args{"When": when(at)})
}

// beside gives what a reader said of a report by choosing: what came of it, what was passed on, where it stands now.
func (t *tongue) beside(e entry) (out []string) {
	if e.Reply != nil && e.Reply.Outcome != "" {
		out = append(out, t.label("desk.outcome.", string(e.Reply.Outcome)))
	}
	if e.Note != nil && e.Note.Leg != nil {
		l := e.Note.Leg
		text := t.label("desk.leg.", l.Leg) + ": " + speech.Isolate(plain(l.To)) + " (" + t.label("desk.leg.state.", l.State) + ")"
		out = append(out, speech.Paragraph(t.lang, text))
	}
	if s := e.noted(); s != "" {
		out = append(out, t.say("open.state", speech.Args{"State": t.label("staff.state.", string(s))}))
	}
	return out
}

// answer gives one chosen answer with its title.
func (t *tongue) answer(a ticket.Said) string {
	said := t.say("open.skipped", nil)
	if len(a.Values) > 0 && !a.Skipped {
		var labels []string
		for _, v := range a.Values {
			labels = append(labels, t.choice(a.Flow, a.Step, v))
		}
		said = speech.List(t.lang, labels)
	}
	return speech.Paragraph(t.lang, t.title(a.Flow, a.Step)+": "+said)
}

// consent says in the reader's language whether it was given.
func (t *tongue) consent(answers []ticket.Said, c ticket.Agreed) string {
	word := "no"
	if c.Given {
		word = "yes"
	}
	flow := ""
	if len(answers) > 0 {
		flow = answers[0].Flow
	}
	return speech.Paragraph(t.lang, t.title(flow, c.Step)+": "+t.label("word.", word))
}

// title gives the short name of a question; one of another version of the flows keeps its bare name.
func (t *tongue) title(flow, step string) string {
	if text, ok := t.written(flow + "." + step + ".title"); ok {
		return text
	}
	return plain(step)
}

// listOf names the list of the mission from which a step chooses.
var listOf = map[string]string{"area": "areas", "organisation": "organisations", "involved_org": "organisations", "involved_role": "roles"}

// choice gives the label of a choice: of the flow, or of the mission's lists.
func (t *tongue) choice(flow, step, value string) string {
	if text, ok := t.written(flow + "." + step + "." + value); ok {
		return text
	}
	return t.item(listOf[step], value)
}

// item gives an item of the mission's lists in the reader's language, or in English, or by its bare name.
func (t *tongue) item(list, name string) string {
	if t.profile != nil {
		for _, lang := range []string{t.lang, speech.Base} {
			if text, ok := t.profile.label(lang, list, name); ok {
				return text
			}
		}
	}
	return plain(name)
}

// role names what somebody does, as the desk names it; roles that it does not know are the mission's.
func (t *tongue) role(r ticket.Role) string {
	if text, err := t.book.Text(t.lang, "desk.role."+string(r), nil); err == nil {
		return text
	}
	return t.item("roles", string(r))
}

// readers lists who reads, with the digits by which a key is compared.
func (t *tongue) readers(r *openedReport) string {
	lines := []string{t.say("open.readers", nil)}
	for _, e := range r.trusted.readers {
		lines = append(lines, "  "+t.reader(e))
	}
	return strings.Join(append(lines, t.say("open.warn.server", nil)), "\n")
}

// reader names one of them.
func (t *tongue) reader(e ticket.Entry) string {
	org := t.item("organisations", e.Org)
	if org == "" { // a recovery key can belong to the mission as a whole
		org = "–"
	}
	return t.say("open.reader", speech.Args{"Name": e.Name, "Organisation": org, "Fingerprint": seal.Fingerprint(e.Key)})
}
