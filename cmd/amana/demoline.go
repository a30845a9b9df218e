package main

import (
	"fmt"
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/guide"
	"amana/bot/speech"
)

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
	case bot.Location:
		if in.Place != nil {
			return fmt.Sprintf("location %g %g", in.Place.Lat, in.Place.Lon)
		}
	}
	return kindNames[in.Kind]
}

// choice names a choice; a language is this one or another, an area goes by its id in the directory, and an answer in a
// review by the step it answers.
func (r *recorder) choice(b button) string {
	if id, ok := r.area(b); ok {
		return id
	}
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

// area gives the id of the area of the directory that a button stands for.
func (r *recorder) area(b button) (string, bool) {
	if !strings.HasPrefix(b.choice, guide.Prefix) {
		return "", false
	}
	return r.guideNow().ID(b.choice)
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
