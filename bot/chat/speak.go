package chat

import (
	"strconv"
	"strings"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/speech"
)

// speak turns what a step answered into messages: sentences first, then the question.
func (t *turn) speak(out flow.Out) {
	if chosen := t.now.state.Lang(); chosen != "" && chosen != t.before.state.Lang() {
		l, ok := t.Book.Language(chosen)
		if ok && l.Draft() && !out.End && !t.warned {
			t.say("word.language.draft", nil)
			t.warned = true
		}
		if !t.fresh {
			t.reply.Answered = l.Name
		}
	}
	var labels []string
	for _, o := range out.Answered {
		labels = append(labels, t.label(o))
	}
	switch len(labels) {
	case 0:
	case 1:
		t.reply.Answered = labels[0]
	default:
		t.reply.Answered = speech.List(t.lang(), labels)
	}
	if out.Quiet {
		return
	}
	for _, s := range out.Say {
		if s.Key != "" {
			t.say(t.readable(s.Key), s.Args)
		}
		if s.Do == "services" {
			t.services(s.Of, s.Area, t.facts(s.Facts, false))
		}
	}
	if out.Act.Do != "" {
		return
	}
	if !out.Ask.IsZero() {
		t.draw(out.Ask, out.Redraw)
	}
}

// readable tells somebody whose phone writes in the old encoding of Burmese why nothing of it is understood.
func (t *turn) readable(key string) string {
	switch key {
	case "word.notunderstood", "word.notunderstood.text", "word.place.unknown":
		if t.in.Kind == bot.Text && speech.Zawgyi(t.in.Text) {
			return "word.zawgyi"
		}
	}
	return key
}

// say adds a sentence to the message under way.
func (t *turn) say(key string, args map[string]string) {
	t.paragraph(t.text(key, args))
	t.spoken(key)
	if args == nil && t.counts(t.lang(), key) {
		t.spokenBesides()
	}
}

func (t *turn) paragraph(text string) {
	if text != "" {
		t.notes = append(t.notes, text)
	}
}

// flush sends the sentences that wait as one message.
func (t *turn) flush() {
	if len(t.notes) == 0 {
		return
	}
	t.reply.Outs = append(t.reply.Outs, bot.Outgoing{
		Text: speech.Paragraph(t.lang(), strings.Join(t.notes, "\n\n")), Lang: t.lang(),
	})
	t.notes = nil
}

// services tells whom to call, for an area or for the one whose poster brought the person here, and after what was told
// in a report that is under way; or what stands in another list of the place.
func (t *turn) services(of, area string, told bot.Facts) {
	if area == "" {
		area = t.now.area
	}
	area = t.outer(area)
	lines, none := []string(nil), "word.services.none"
	switch {
	case of == "":
		lines = t.Mission.Lines(t.lang(), area, t.told(told))
	case t.Mission.Listed != nil:
		lines, none = t.Mission.Listed(t.lang(), of, area), "word.lines.none"
	}
	if len(lines) == 0 {
		t.say(none, nil)
		return
	}
	for _, l := range lines {
		t.paragraph(l)
	}
}

// told gives what was told in the report under way. In the mailbox of one about a force it gives that alone: nothing else of
// it is known there, and nobody is sent to colleagues of whom they accused.
func (t *turn) told(facts bot.Facts) bot.Facts {
	if len(facts) == 0 && t.now.force {
		return bot.Facts{{Flow: "report", Step: "matter", Values: []string{"force"}}}
	}
	return facts
}

// ask asks a question that stands as it stood.
func (t *turn) ask(q flow.Ask) {
	if !q.IsZero() {
		t.draw(q, false)
	}
}

// longestText is how many characters of services still stand in one message with the question under them.
const longestText = 3500

// draw asks a question. Redraw writes it over itself, where only its ticks have changed.
func (t *turn) draw(q flow.Ask, redraw bool) {
	t.flush()
	text := t.question(q)
	t.spokenQuestion(q)
	if q.Consent {
		t.now.shown(q.Key, text)
	}
	if q.Type == "place" && q.Where != "" {
		text += "\n" + strings.Join(t.guide.Path(t.lang(), q.Where), " · ")
	}
	if q.Partial > 0 {
		text = t.text("word.partial", speech.Args{"Count": strconv.Itoa(q.Partial)})
		redraw = len(t.reply.Outs) == 0 && t.asked.Step == q.Step
	} else if q.Hint != "" {
		text += "\n\n" + t.text(t.hint(q), nil)
	}
	if q.Type == "text" && q.Voice && q.Room > 0 && q.Partial == 0 {
		text += "\n\n" + t.text("word.voice.may", nil)
	}
	if q.Search != nil {
		cards := strings.Join(t.cards(q), "\n\n")
		if speech.Len(cards)+speech.Len(text) <= longestText {
			text = cards + "\n\n" + text
		} else {
			t.paragraph(cards)
			t.flush()
		}
	}
	if q.Type != "language" { // in that one each paragraph has a direction of its own already
		text = speech.Paragraph(t.lang(), text)
	}
	t.reply.Outs = append(t.reply.Outs, bot.Outgoing{Text: text, Lang: t.lang(), Rows: t.rows(q), Replace: redraw, Takes: t.takes(q)})
}

// takes says what answers a question beside its buttons.
func (t *turn) takes(q flow.Ask) bot.Takes {
	place := q.Type == "place" && t.guide != nil && t.guide.Mapped()
	return bot.Takes{
		Words:  q.Type == "text" || q.Type == "place",
		Digits: q.Type == "number" || q.Secret,
		Voice:  q.Voice && q.Room > 0,
		Place:  q.Type == "location" || place,
	}
}

// hint gives the key of what stands under a question. Nobody is asked for a location that no area could answer, nor by a page
// that shows a button for it only where its browser can.
func (t *turn) hint(q flow.Ask) string {
	if q.Type == "place" && (t.guide == nil || !t.guide.Mapped() || t.in.Door == "page") {
		return "word.place.write"
	}
	return q.Hint
}

// question gives the sentence of a question. That for the language stands in the likeliest three.
func (t *turn) question(q flow.Ask) string {
	switch {
	case q.Type == "language":
		var lines []string
		for _, l := range t.langs[:min(3, len(t.langs))] {
			lines = append(lines, speech.Paragraph(l, t.textIn(l, q.Key, nil)))
		}
		return strings.Join(lines, "\n\n")
	case len(q.Review) > 0:
		var lines []string
		for _, item := range q.Review {
			lines = append(lines, t.item(item))
		}
		return t.text(q.Key, nil) + "\n\n" + strings.Join(lines, "\n")
	}
	return t.text(q.Key, nil)
}

// item gives one answer as it stands in a review: its title, and what was answered.
func (t *turn) item(i flow.Item) string {
	what := speech.Isolate(i.Text)
	if len(i.Voices) > 0 {
		what = t.heard(i)
	}
	switch {
	case i.Skipped:
		what = t.text("word.skipped", nil)
	case len(i.Values) > 0:
		var labels []string
		for _, v := range i.Values {
			labels = append(labels, t.label(v))
		}
		what = speech.List(t.lang(), labels)
	}
	return t.text(i.Title, nil) + ": " + what
}

// numbered puts the number in front of a choice that one may answer with.
func numbered(n int, label string) string { return strconv.Itoa(n) + " · " + label }

// Buttons up to this many characters stand two in a row.
const shortLabel = 13

// rows gives the buttons of a question: the choices with their numbers, then the reserved words, always in the same
// places.
func (t *turn) rows(q flow.Ask) (rows [][]bot.Choice) {
	var buttons []bot.Choice
	short := true
	for i, c := range q.Choices {
		label := t.label(c)
		if c.Chosen {
			label = "✓ " + label
		}
		label = numbered(i+1, label)
		short = short && speech.Len(label) <= shortLabel
		buttons = append(buttons, bot.Choice{Label: label, Data: q.Tap(c.Name).Data()})
	}
	if row := t.listening(); len(row) > 0 {
		rows = append(rows, row)
	}
	for len(buttons) > 0 {
		n := 1
		if short {
			n = min(2, len(buttons))
		}
		rows, buttons = append(rows, buttons[:n]), buttons[n:]
	}
	for _, line := range [][]string{
		{flow.WordDone},
		{flow.WordHide, flow.WordBack, flow.WordSkip},
		{flow.WordServices, flow.WordHelp},
		{flow.WordLanguage, flow.WordStop},
	} {
		if row := t.words(q, line...); len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// words gives the buttons of those reserved words that a question offers.
func (t *turn) words(q flow.Ask, words ...string) (row []bot.Choice) {
	for _, w := range words {
		if q.Offers(w) {
			row = append(row, bot.Choice{Label: t.text("word."+w, nil), Data: q.WordTap(w).Data(), Word: w})
		}
	}
	return row
}
