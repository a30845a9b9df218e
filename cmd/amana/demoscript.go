package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/flow"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// A transcript is a conversation that was walked, written down so that it can be walked again: what the person did in
// words that belong to no language, and all that came of it. flows/testdata holds those that must never change unseen;
// flows/testdata/README.md explains the form. `amana demo -save` writes one more.
type transcript struct {
	story  string
	script []string
	chat   []string
	report []string
	notice []string
	never  []string
}

// String writes a transcript in txtar form.
func (t transcript) String() string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(t.story) + "\n")
	for _, section := range []struct {
		name  string
		lines []string
	}{{"script", t.script}, {"chat", t.chat}, {"report", t.report}, {"notice", t.notice}, {"never", t.never}} {
		fmt.Fprintf(&b, "-- %s --\n", section.name)
		for _, l := range section.lines {
			b.WriteString(strings.TrimRight(l, " ") + "\n")
		}
	}
	return b.String()
}

// recorder stands between a person's door and the room, and writes down what passes.
type recorder struct {
	*camp
	transcript
	lang  string               // of the transcript: that of the first choice
	shown []bot.Choice         // the buttons of the latest question
	masks []string             // pairs for a Replacer: receipts and codes, which differ each time
	own   []string             // what the person wrote in their own words
	filed func(receipt string) // told when a report was sent; may be nil
}

func newRecorder(c *camp) *recorder {
	return &recorder{camp: c, transcript: transcript{story: "A conversation that was walked in the demonstration."}}
}

// Hear passes a message on and writes down both sides.
func (r *recorder) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	if line := r.line(in); line != "" {
		r.script = append(r.script, line)
	}
	return r.pass(ctx, in)
}

// pass is Hear without a line in the script.
func (r *recorder) pass(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	r.chat = append(r.chat, "", "< "+r.spoken(in), "")
	_, word := r.book.Word(r.lang, in.Text)
	free := in.Kind == bot.Text && !word && len(r.shown) > 0 && len(r.present("")) == 0
	reply, err := r.room.Hear(ctx, in)
	if err != nil {
		return reply, err
	}
	if err := r.mask(ctx, reply); err != nil {
		return reply, err
	}
	r.answered(reply)
	if free {
		r.own = append(r.own, in.Text)
	}
	r.notices(r.carry(ctx))
	return reply, nil
}

// Delivered passes on that the receipt was shown.
func (r *recorder) Delivered(ctx context.Context, p bot.Person) error {
	return r.room.Delivered(ctx, p)
}

// mask notes the receipts and codes that are new.
func (r *recorder) mask(ctx context.Context, reply bot.Reply) error {
	for _, o := range reply.Outs {
		if !o.Closing {
			continue
		}
		for _, row := range o.Rows {
			for _, c := range row {
				if c.Copy == "" || slices.Contains(r.masks, c.Copy) {
					continue
				}
				r.masks = append(r.masks, grouped(c.Copy), "{receipt}", c.Copy, "{receipt}")
				if r.filed != nil {
					r.filed(c.Copy)
				}
			}
		}
	}
	all, err := r.reports(ctx)
	for _, rep := range all {
		if !slices.Contains(r.masks, string(rep.Code)) {
			r.masks = append(r.masks, string(rep.Code), "{code}")
		}
	}
	return err
}

// masked takes out what differs each time, the marks that only steer direction on a screen, and the most of a text that
// is long for its length alone.
func (r *recorder) masked(text string) string {
	if runes := []rune(text); len(runes) > longText {
		text = fmt.Sprintf("%s… (%d characters)", string(runes[:longText/20]), len(runes))
	}
	return strings.NewReplacer(append(slices.Clone(r.masks),
		"\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\u200e", "", "\u200f", "", "\u061c", "")...).Replace(text)
}

// longText is how many characters of a text a transcript shows: more than any message of ours has.
const longText = 2000

// grouped writes a receipt as it is shown.
func grouped(digits string) string {
	var parts []string
	for chunk := range slices.Chunk([]byte(digits), 4) {
		parts = append(parts, string(chunk))
	}
	return strings.Join(parts, " ")
}

// answered writes down what the bot did.
func (r *recorder) answered(reply bot.Reply) {
	if reply.Answered != "" {
		r.chat = append(r.chat, ". in place of the buttons: "+r.masked(reply.Answered))
	}
	switch reply.Erase {
	case bot.EraseTyped:
		r.chat = append(r.chat, ". taken out of the chat: the message just heard")
	case bot.EraseAll:
		r.chat = append(r.chat, ". taken out of the chat: everything that can be")
	}
	for i, o := range reply.Outs {
		if i > 0 {
			r.chat = append(r.chat, "")
		}
		if o.Replace {
			r.chat = append(r.chat, ". in place of the question above:")
		}
		r.chat = append(r.chat, r.drawn(o)...)
		if keys := flatten(o.Rows); len(keys) > 0 && !o.Closing {
			r.shown = keys
		}
	}
}

// drawn gives a message line by line: its text, the choices a line each, the words of the rows below them on one.
func (r *recorder) drawn(o bot.Outgoing) (lines []string) {
	for l := range strings.SplitSeq(r.masked(o.Text), "\n") {
		lines = append(lines, strings.TrimRight("> "+l, " "))
	}
	var words []string
	for _, row := range o.Rows {
		var line []string
		for _, c := range row {
			line = append(line, "["+r.masked(c.Label)+"]")
		}
		if _, _, numbered := strings.Cut(row[0].Label, " · "); numbered {
			lines = append(lines, "> "+strings.Join(line, " "))
		} else {
			words = append(words, strings.Join(line, " "))
		}
	}
	if len(words) > 0 {
		lines = append(lines, "> "+strings.Join(words, " / "))
	}
	if o.File != nil {
		lines = append(lines, "> (file "+r.masked(o.File.Name)+")")
	}
	return lines
}

func flatten(rows [][]bot.Choice) (keys []bot.Choice) {
	for _, row := range rows {
		keys = append(keys, row...)
	}
	return keys
}

// notices writes down what the staff were told. What several people get in the same words stands once.
func (r *recorder) notices(new []told) {
	for len(new) > 0 {
		first := strings.Join(r.drawn(new[0].out), "\n")
		var to []string
		new = slices.DeleteFunc(new, func(t told) bool {
			same := strings.Join(r.drawn(t.out), "\n") == first
			if same {
				to = append(to, t.id)
			}
			return same
		})
		slices.Sort(to)
		r.notice = append(append(r.notice, "to "+strings.Join(to, ", ")), strings.Split(first, "\n")...)
	}
}

// spoken gives what the person did, as it looks in the chat.
func (r *recorder) spoken(in bot.Incoming) string {
	switch in.Kind {
	case bot.Text:
		return r.masked(in.Text)
	case bot.Edited:
		return "(changes an older message) " + in.Text
	case bot.Tap:
		for _, k := range r.shown {
			if k.Data == in.Tap {
				return "[" + r.masked(k.Label) + "]"
			}
		}
		return "[a button further up]"
	case bot.Command:
		return "/" + in.Text
	case bot.Start:
		return strings.TrimSpace("/start " + in.Payload)
	}
	return "(" + kindNames[in.Kind] + ")"
}

// kindNames are the words of a script for what is sent beside text.
var kindNames = map[bot.Kind]string{
	bot.Voice: "voice", bot.Picture: "picture", bot.Document: "document", bot.Location: "location", bot.Other: "other", bot.Left: "left",
}

// button is what a button stands for.
type button struct {
	step, choice string // a reserved word begins with "!"
	label        string // without its number and tick
	data         string
}

// present gives the buttons of the latest question that stand for choices of a step; all choices for "".
func (r *recorder) present(step string) (out []button) {
	for _, b := range buttons(r.shown) {
		if (step == "" || b.step == step) && !strings.HasPrefix(b.choice, "!") {
			out = append(out, b)
		}
	}
	return out
}

func buttons(keys []bot.Choice) (out []button) {
	for _, k := range keys {
		b := button{label: k.Label, data: k.Data}
		if _, rest, ok := strings.Cut(b.label, " · "); ok {
			b.label = strings.TrimPrefix(rest, "✓ ")
		}
		if tap, ok := flow.ParseTap(k.Data); ok {
			b.step, b.choice = tap.Step, tap.Choice
		} else if what, ok := strings.CutPrefix(k.Data, "g:"); ok {
			b.step, b.choice = "guess", what
		} else {
			continue
		}
		out = append(out, b)
	}
	return out
}

// line gives what the person did in the words of a script; what was typed is looked at as the room looks at it.
func (r *recorder) line(in bot.Incoming) string {
	switch in.Kind {
	case bot.Start:
		return strings.TrimSpace("start " + in.Payload)
	case bot.Command:
		return "/" + in.Text
	case bot.Tap:
		for _, b := range buttons(r.shown) {
			if b.data == in.Tap && strings.HasPrefix(b.choice, "!") {
				return "tap " + b.choice
			} else if b.data == in.Tap {
				return "tap " + b.step + "=" + r.choice(b)
			}
		}
		return "# a button further up"
	case bot.Text:
		return r.typed(in.Text)
	case bot.Edited:
		return "edited: " + in.Text
	}
	return kindNames[in.Kind]
}

// choice names a choice; a language is this one or another, and an answer in a review goes by the step it answers.
func (r *recorder) choice(b button) string {
	if b.step == "!pick" {
		return r.titled(b.label)
	}
	if b.step != "!language" {
		return b.choice
	}
	if r.lang == "" {
		r.lang = b.choice
	}
	if b.choice == r.lang {
		return "this"
	}
	return b.choice
}

// titled finds the step that a title of a review stands for.
func (r *recorder) titled(title string) string {
	for _, key := range r.book.Keys() {
		step, is := strings.CutSuffix(key, ".title")
		if !is {
			continue
		}
		for _, lang := range r.offered {
			if text, err := r.book.Text(lang, key, nil); err == nil && text == title {
				_, step, _ = strings.Cut(step, ".")
				return step
			}
		}
	}
	return title
}

func (r *recorder) typed(text string) string {
	lang := r.lang
	if lang == "" {
		lang = r.offered[0]
	}
	if word, ok := r.book.Word(lang, text); ok {
		return "!" + word
	}
	var options []speech.Option
	choices := r.present("")
	for _, b := range choices {
		options = append(options, speech.Option{Name: b.choice, Labels: []string{b.label}})
	}
	names, how, ok := r.book.MatchAll(lang, text, options)
	if ok && how != speech.Guess && len(choices) > 0 {
		for i, n := range names {
			at := slices.IndexFunc(choices, func(b button) bool { return b.choice == n })
			names[i] = r.choice(choices[at])
		}
		how := ""
		if _, counted := speech.Numbers(text); counted {
			how = "number "
		}
		return how + choices[0].step + "=" + strings.Join(names, ",")
	}
	for _, b := range buttons(r.shown) {
		if len(choices) == 0 && !strings.HasPrefix(b.step, "!") {
			return b.step + ": " + r.masked(text)
		}
	}
	return "type: " + r.masked(text)
}

// passes lets time pass and writes down what came.
func (r *recorder) passes(ctx context.Context, d time.Duration) ([]bot.Outgoing, error) {
	r.script = append(r.script, "wait "+d.String())
	return r.later(ctx, d)
}

// later is passes without a line in the script.
func (r *recorder) later(ctx context.Context, d time.Duration) ([]bot.Outgoing, error) {
	r.chat = append(r.chat, "", ". "+passed(d)+" later", "")
	r.notice = append(r.notice, ". "+passed(d)+" later")
	lines, err := r.wait(ctx, d)
	for _, l := range lines {
		r.chat = append(r.chat, r.drawn(l)...)
	}
	r.notices(r.carry(ctx))
	return lines, err
}

func passed(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}

// desk writes down what somebody of the staff did, what they were answered, and what came of it: notices to colleagues,
// and a line to the person if they chose one and it is a safe hour.
func (r *recorder) desk(ctx context.Context, id, did string, reply bot.Reply) ([]bot.Outgoing, error) {
	r.notice = append(r.notice, id+" < "+did)
	for _, o := range reply.Outs {
		r.notice = append(r.notice, "to "+id)
		r.notice = append(r.notice, r.drawn(o)...)
	}
	r.notices(r.carry(ctx))
	lines, err := r.nudges(ctx)
	for _, l := range lines {
		r.chat = append(append(r.chat, ""), r.drawn(l)...)
	}
	return lines, err
}

// finish opens what was sealed and writes it down, and ends the transcript.
func (r *recorder) finish(ctx context.Context) (transcript, error) {
	all, err := r.reports(ctx)
	if err != nil {
		return r.transcript, err
	}
	for _, rep := range all {
		if err := r.opened(ctx, rep); err != nil {
			return r.transcript, err
		}
	}
	if len(all) == 0 {
		r.report = append(r.report, "nothing was sent")
	}
	if len(r.never) == 0 && len(all) > 0 {
		for _, text := range r.own {
			if !slices.Contains(r.masks, text) {
				r.never = append(r.never, "notice: "+r.masked(text))
			}
		}
	}
	return r.transcript, nil
}

// opened writes down a report: what the server knows of it, and what its readers read.
func (r *recorder) opened(ctx context.Context, rep ticket.Report) error {
	say := func(format string, args ...any) { r.report = append(r.report, r.masked(fmt.Sprintf(format, args...))) }
	say("report %s", rep.Code)
	lang := rep.Lang
	if lang == r.lang {
		lang = "this"
	}
	say("outside: kind %s, %s, area %s, language %s, state %s", rep.Kind, rep.Urgency, orNone(rep.Area), lang, rep.State)
	var waits []string
	for _, x := range rep.Readers {
		if !slices.Contains(rep.Handed(), x.Person) {
			waits = append(waits, x.Person)
		}
	}
	say("reads: %s", orNone(strings.Join(rep.Handed(), ", ")))
	say("waits: %s", orNone(strings.Join(waits, ", ")))
	say("never sees it: %s", orNone(strings.Join(rep.Excluded, ", ")))
	in, err := r.readAs(ctx, rep.Handed()[0], string(rep.Code))
	if errors.Is(err, casework.ErrUnknown) {
		say("nobody of them reads it any more")
		return nil
	}
	if err != nil {
		return err
	}
	for _, a := range in.body.Answers {
		switch {
		case a.Skipped:
			say("%s.%s: skipped", a.Flow, a.Step)
		case a.Text != "":
			for i, l := range strings.Split(a.Text, "\n") {
				say("%s%s", [2]string{a.Flow + "." + a.Step + ": ", "    "}[min(i, 1)], l)
			}
		default:
			say("%s.%s=%s", a.Flow, a.Step, strings.Join(a.Values, ","))
		}
	}
	for _, c := range in.body.Consents {
		say("consent %s: %v, to “%s”", c.Step, c.Given, c.Text)
	}
	nudge, wanted, err := r.keys.OpenNudge(in.body.ID, in.body.Nudge)
	if err != nil {
		return err
	}
	if wanted {
		say("nudge: %s", nudge.Hours)
	}
	for _, m := range in.later {
		say("then, %s: %s", m.Type(), textOf(m))
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
