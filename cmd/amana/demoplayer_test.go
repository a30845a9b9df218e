package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// player is a person, and the staff, who do what a script says.
type player struct {
	*recorder
	t       *testing.T
	lines   []string
	at      string
	clock   time.Time
	marks   byte
	last    bot.Incoming
	history []bot.Choice // every button that was ever shown
	handed  map[string]*openedReport
	loud    bool // the door brings voice messages
	long    bool // what is written may not fit into one message: a door cuts the review of it
}

// exampleProfile is the invented place where every conversation happens that names no other.
const exampleProfile = "example"

// firstMoment is when every transcript begins: a Monday morning.
var firstMoment = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newPlayer(t *testing.T, profile, lang string, lines []string) *player {
	t.Helper()
	p := &player{t: t, clock: firstMoment, handed: map[string]*openedReport{}}
	o := campOptions{profile: profile, lang: lang, now: func() time.Time { return p.clock }, rand: rand.NewChaCha8([32]byte{1}), kiln: seal.QuickKiln()}
	if len(lines) > 0 && strings.HasPrefix(lines[0], "camp ") {
		switch which := strings.TrimPrefix(lines[0], "camp "); which {
		case "without readers":
			o.joins = func(ticket.Entry) bool { return false }
		case "without oversight":
			o.joins = func(e ticket.Entry) bool { return e.Role != ticket.Oversight }
		case "without case workers":
			o.joins = func(e ticket.Entry) bool { return len(e.Kinds) == 0 }
		case "with a focal point of the police":
			o.also = []ticket.Entry{{ID: "station", Name: "Focal point", Org: "police", Role: ticket.FocalPoint, Langs: []string{lang}, Status: ticket.StatusConfirmed}}
		default:
			t.Fatalf("there is no camp %q", which)
		}
	}
	c, err := newCamp(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		*c = camp{} // a test holds on to its cleanups until all its sisters have ended, and with them to what they name
	})
	p.recorder = newRecorder(c)
	p.recorder.lang = lang
	p.lines = lines
	return p
}

func (p *player) fail(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s: %s\nthe chat ends with\n%s", p.at, fmt.Sprintf(format, args...), strings.Join(p.chat[max(0, len(p.chat)-20):], "\n"))
}

// play does one line of a script.
func (p *player) play(line string) {
	p.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	switch {
	case verb == "camp":
	case line == "door with voice":
		p.loud = true
	case verb == kindNames[bot.Voice] && rest != "":
		p.speak(rest)
	case verb == "start":
		p.hear(bot.Incoming{Kind: bot.Start, Payload: rest})
	case verb == "wait":
		d, err := time.ParseDuration(rest)
		if err != nil {
			p.fail("%v", err)
		}
		if _, err := p.later(p.t.Context(), d); err != nil {
			p.fail("%v", err)
		}
	case verb == "revoked":
		p.revoke(strings.Fields(rest))
	case verb == "again":
		p.pause(0)
		p.deliver(p.last)
	case verb == "tap":
		p.tap(rest)
	case strings.HasPrefix(line, "@"):
		p.staff(strings.TrimPrefix(verb, "@"), rest)
	case strings.HasPrefix(line, "/"):
		p.hear(bot.Incoming{Kind: bot.Command, Text: line[1:]})
	case strings.HasPrefix(line, "late "):
		p.write(rest, true)
	case verb == kindNames[bot.Location]:
		p.share(rest)
	case kindOf(line) != bot.Text:
		p.hear(bot.Incoming{Kind: kindOf(line)})
	default:
		p.write(line, false)
	}
}

// speak sends a voice message of so many seconds.
func (p *player) speak(seconds string) {
	p.t.Helper()
	n, err := strconv.Atoi(seconds)
	if err != nil {
		p.fail("a voice message is written with its seconds: %v", err)
	}
	sound := append([]byte("OggS"), bytes.Repeat([]byte{byte(n)}, 2000*n)...)
	p.hear(bot.Incoming{Kind: bot.Voice, Voice: &bot.Recording{Seconds: n, Size: int64(len(sound)), From: fetched(sound)}})
}

// fetched is a voice message that its door has.
type fetched []byte

// Fetch gives it.
func (f fetched) Fetch(context.Context) ([]byte, error) { return bytes.Clone(f), nil }

// share sends a point on the map.
func (p *player) share(point string) {
	p.t.Helper()
	var at bot.Place
	if _, err := fmt.Sscan(point, &at.Lat, &at.Lon); err != nil {
		p.fail("a location is written as latitude and longitude: %v", err)
	}
	p.hear(bot.Incoming{Kind: bot.Location, Place: &at})
}

// revoke signs the next roster, in which these people no longer read.
func (p *player) revoke(ids []string) {
	p.t.Helper()
	proposal, err := p.registry.Propose(p.t.Context())
	if err != nil {
		p.fail("%v", err)
	}
	signed, err := casework.Sign(p.coordinator, proposal, ids...)
	if err == nil {
		err = p.registry.Apply(p.t.Context(), signed)
	}
	if err != nil {
		p.fail("%v", err)
	}
}

func kindOf(word string) bot.Kind {
	for k, name := range kindNames {
		if name == word {
			return k
		}
	}
	return bot.Text
}

// tap presses the newest button that stands for this; also one of a question that has been answered.
func (p *player) tap(what string) {
	p.t.Helper()
	step, choice, ok := strings.Cut(what, "=")
	if !ok {
		step, choice = "", what
	}
	if what == "unknown" {
		p.hear(bot.Incoming{Kind: bot.Tap, Tap: "t:what-was-never-drawn"})
		return
	}
	all := buttons(p.history)
	for i := len(all) - 1; i >= 0; i-- {
		if b := all[i]; (step == "" || b.step == step) && p.means(b, step, choice) {
			p.hear(bot.Incoming{Kind: bot.Tap, Tap: b.data})
			return
		}
	}
	p.fail("there was no such button")
}

// means says whether a button stands for what a script calls so: languages are this and other, an area goes by its id, an
// answer in a review by the step it answers.
func (p *player) means(b button, step, choice string) bool {
	if id, ok := p.area(b); ok {
		return id == choice
	}
	switch {
	case step == "!language" && choice == "this":
		return b.choice == p.lang
	case step == "!language" && choice == "other":
		return b.choice != p.lang && !strings.HasPrefix(b.choice, "!")
	case step == "!pick":
		return p.titled(b.label) == choice
	}
	return b.choice == choice
}

// write types something: a reserved word, choices, or one's own words.
func (p *player) write(line string, late bool) {
	p.t.Helper()
	text := line
	step, words, isText := strings.Cut(line, ": ")
	name, choices, isChoice := strings.Cut(line, "=")
	how, name2, counted := strings.Cut(name, " ")
	switch {
	case isText && !strings.Contains(step, "="):
		text = p.words(step, words)
		if step == "edited" {
			p.hear(bot.Incoming{Kind: bot.Edited, Text: text})
			return
		}
	case strings.HasPrefix(line, "!") && !isChoice:
		var err error
		if text, err = p.book.Text(p.speaks(), "word."+line[1:], nil); err != nil {
			p.fail("%v", err)
		}
	case isChoice && counted && how == "number":
		text = p.number(name2, choices)
	case isChoice:
		text = p.label(name, choices)
	default:
		p.fail("this is no line of a script")
	}
	in := bot.Incoming{Kind: bot.Text, Text: text}
	if late {
		p.send(in, 0)
		return
	}
	p.hear(in)
}

// speaks is the language of the conversation just now, by the words under its question.
func (p *player) speaks() string {
	for _, lang := range p.offered {
		hide, err := p.book.Text(lang, "word.hide", nil)
		if err == nil && slices.ContainsFunc(p.shown, func(c bot.Choice) bool { return c.Label == hide }) {
			return lang
		}
	}
	return p.lang
}

func (p *player) words(step, words string) string {
	p.t.Helper()
	if step != "type" && step != "edited" && (len(buttons(p.shown)) == 0 || buttons(p.shown)[0].step != step) {
		p.fail("the present question is another one")
	}
	if n, ok := strings.CutPrefix(words, "×"); ok { // ×4100 is a text of so many letters
		count, err := strconv.Atoi(n)
		if err != nil {
			p.fail("%v", err)
		}
		return strings.Repeat("a ", count/2)
	}
	if len(p.masks) >= 4 {
		words = strings.NewReplacer("{receipt}", p.masks[0], "{receipt in own digits}", p.digits(p.masks[2])).Replace(words)
	}
	return words
}

// digits writes a number in the digits of the transcript's language.
func (p *player) digits(s string) string {
	zero := map[string]rune{"ar": '٠', "ckb": '٠', "bn": '০', "my": '၀'}[p.lang]
	if zero == 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + zero
		}
		return r
	}, s)
}

// label types choices by what stands on their buttons.
func (p *player) label(step, choices string) string {
	p.t.Helper()
	var labels []string
	for c := range strings.SplitSeq(choices, ",") {
		i := slices.IndexFunc(p.present(step), func(b button) bool { return p.means(b, step, c) })
		if i < 0 {
			p.fail("the present question has no choice %s of a step %s", c, step)
		}
		labels = append(labels, p.present(step)[i].label)
	}
	comma := ", "
	if p.lang == "ar" {
		comma = "، "
	}
	return strings.Join(labels, comma)
}

// number types choices by the numbers in front of them.
func (p *player) number(step, choices string) string {
	p.t.Helper()
	var numbers []string
	for c := range strings.SplitSeq(choices, ",") {
		i := slices.IndexFunc(p.present(step), func(b button) bool { return p.means(b, step, c) })
		if i < 0 {
			p.fail("the present question has no choice %s of a step %s", c, step)
		}
		numbers = append(numbers, p.digits(strconv.Itoa(i+1)))
	}
	return strings.Join(numbers, " ")
}

func (p *player) pause(d time.Duration) { p.clock = p.clock.Add(d) }

// hear sends something twenty seconds after what was sent before.
func (p *player) hear(in bot.Incoming) {
	p.t.Helper()
	p.send(in, 20*time.Second)
}

func (p *player) send(in bot.Incoming, after time.Duration) {
	p.t.Helper()
	p.pause(after)
	p.marks++
	in.Mark, in.Sent = bot.Mark{p.marks}, p.now()
	in.Person, in.Address, in.Lang, in.Speaks = bot.Person{1}, "demo:person", p.lang, p.loud
	p.last = in
	p.deliver(in)
}

func (p *player) deliver(in bot.Incoming) {
	p.t.Helper()
	reply, err := p.pass(p.t.Context(), in)
	if err != nil {
		p.fail("%v", err)
	}
	for _, o := range reply.Outs {
		p.history = append(p.history, flatten(o.Rows)...)
		p.holds(o)
		if !o.Closing.IsZero() {
			if err := p.Delivered(p.t.Context(), in.Person, o.Closing); err != nil {
				p.fail("%v", err)
			}
		}
	}
}

// staff does what somebody of the staff does in a script: ack, read, inbox, step back, step back yes, answer STATE: text, note: text.
func (p *player) staff(id, what string) {
	p.t.Helper()
	ctx := p.t.Context()
	if _, known := p.entry(id); !known {
		p.fail("nobody of the staff is called %s", id)
	}
	code := ""
	if len(p.masks) >= 6 {
		code = p.masks[4]
	}
	in := bot.Incoming{Address: address(id)}
	verb, text, _ := strings.Cut(what, ": ")
	verb, state, _ := strings.Cut(verb, " ")
	switch verb {
	case "ack":
		in.Kind, in.Tap = bot.Tap, "s:ack:"+code
	case "read":
		in.Kind, in.Tap = bot.Tap, "s:read:"+code
	case "step":
		in.Kind, in.Tap = bot.Tap, "s:out"+strings.TrimPrefix(strings.TrimPrefix(state, "back"), " ")+":"+code
	case "inbox":
		in.Kind, in.Text = bot.Command, "inbox"
	case "answer", "note":
		if p.handed[id] == nil {
			p.fail("%s has read nothing that could be answered", id)
		}
		file, err := p.camp.write(p.handed[id], text, ticket.State(state))
		if err != nil {
			p.fail("%v", err)
		}
		in.Kind, in.File = bot.Document, &file
	default:
		p.fail("the staff cannot do this")
	}
	reply, err := p.office.Hear(ctx, in)
	if err != nil {
		p.fail("%v", err)
	}
	var files []bot.File
	for _, o := range reply.Outs {
		if o.File != nil {
			files = append(files, *o.File)
		}
	}
	if len(files) > 0 {
		if p.handed[id], err = p.open(id, files...); err != nil {
			p.fail("%v", err)
		}
		if err := p.show(io.Discard, p.handed[id]); err != nil {
			p.fail("%v", err)
		}
	}
	if _, err := p.desk(ctx, id, what, reply); err != nil {
		p.fail("%v", err)
	}
}
