package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot"
)

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
		if keys := flatten(o.Rows); len(keys) > 0 && o.Closing.IsZero() {
			r.shown = keys
		}
	}
}

// drawn gives a message line by line: its text, the choices a line each, the words of the rows below them on one.
func (r *recorder) drawn(o bot.Outgoing) (lines []string) {
	if o.Sound != nil {
		lang, key, _ := strings.Cut(o.Sound.Name, "/")
		key, _, _ = strings.Cut(key, "/")
		lines = append(lines, "> (heard: "+key+" in "+lang+")")
	}
	for l := range strings.SplitSeq(r.masked(o.Text), "\n") {
		if l != "" || o.Sound == nil {
			lines = append(lines, strings.TrimRight("> "+l, " "))
		}
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

func passed(d time.Duration) string {
	switch {
	case d%(24*time.Hour) == 0:
		return count(int(d/(24*time.Hour)), "day", "days")
	case d%time.Hour == 0:
		return count(int(d/time.Hour), "hour", "hours")
	}
	return count(int(d/time.Minute), "minute", "minutes")
}
