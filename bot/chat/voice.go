package chat

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/speech"
)

// voiced takes a voice message, if the present question takes one. Only then is it fetched, at once and whole; nothing of
// it is kept that the turn does not commit.
func (t *turn) voiced(ctx context.Context) error {
	v := t.in.Voice
	switch {
	case v == nil || !t.asked.Voice:
		return t.take(ctx, flow.Input{Kind: flow.InRefused, Choice: refused(bot.Voice)})
	case t.asked.Room == 0:
		return t.take(ctx, flow.Input{Kind: flow.InVoice})
	case v.Size > int64(t.Largest) || v.Seconds > int(t.Longest/time.Second):
		return t.unspoken("word.voice.long")
	}
	if t.kept == "" { // a step that is taken again fetches nothing again
		sound, err := v.From.Fetch(ctx)
		if ctx.Err() != nil {
			return ctx.Err() // it comes again, and is not lost
		}
		switch {
		case err != nil:
			return t.unspoken("word.voice.lost")
		case len(sound) > t.Largest:
			return t.unspoken("word.voice.long")
		}
		t.kept, err = t.Voices.Keep(ctx, sound)
		clear(sound)
		if err != nil {
			return t.unspoken("word.voice.lost")
		}
	}
	return t.take(ctx, flow.Input{
		Kind: flow.InVoice, Voice: flow.Voice{Ref: t.kept, Seconds: v.Seconds}, Text: t.in.Text,
		Danger: t.Book.Danger(t.in.Text, t.Mission.Offered...),
	})
}

// unspoken says why nothing was kept, and asks again.
func (t *turn) unspoken(key string) error {
	t.say(key, speech.Args{"Minutes": strconv.Itoa(int(t.Longest / time.Minute))})
	t.ask(t.asked)
	return nil
}

// unkeep erases what the draft held before this turn, or what it brought, and what is not among the names now.
func (t *turn) unkeep(now []string) {
	if t.Voices == nil {
		return
	}
	before := t.Named(t.recall.Draft)
	if t.kept != "" {
		before = append(before, t.kept)
	}
	gone := slices.DeleteFunc(before, func(n string) bool { return slices.Contains(now, n) })
	if len(gone) > 0 {
		t.Voices.Forget(gone...)
	}
}

// unkept erases what came with a turn that was not written.
func (t *turn) unkept() {
	if t.kept != "" {
		t.Voices.Forget(t.kept)
	}
}

// missing gives the names of the voice messages of an act that are no longer kept, or that the Keeper could not open. The
// others stay.
func (t *turn) missing(a flow.Act) (names []string) {
	voices := slices.Clone(a.Voices)
	for _, f := range a.Facts {
		voices = append(voices, f.Voices...)
	}
	for _, v := range voices {
		if t.Voices == nil || !t.Voices.Has(v.Ref) || slices.Contains(t.gone, v.Ref) {
			names = append(names, v.Ref)
		}
	}
	return names
}

// heard gives an answer with voice messages as it stands in a review.
func (t *turn) heard(i flow.Item) string {
	var lines []string
	if i.Text != "" {
		lines = append(lines, speech.Isolate(i.Text))
	}
	for _, v := range i.Voices {
		lines = append(lines, t.text("word.voice.item", speech.Args{"Length": v.Length()}))
	}
	return strings.Join(lines, "\n")
}

func named(st flow.State) (names []string) {
	for _, v := range st.Voices() {
		names = append(names, v.Ref)
	}
	return names
}

func notes(in []flow.Voice) (out []bot.VoiceNote) {
	for _, v := range in {
		out = append(out, bot.VoiceNote{Ref: v.Ref, Seconds: v.Seconds})
	}
	return out
}
