package chat

import (
	"context"
	"strconv"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/speech"
)

// The buttons under a guess. They carry no turn: the guess itself is in the session, and without one they do nothing.
const (
	guessYes = "g:yes"
	guessNo  = "g:no"
)

// answer turns what came in into an input for the flow, and follows where it leads.
func (t *turn) answer(ctx context.Context) error {
	if t.listens() {
		t.listen()
		return nil
	}
	if word, ok := t.word(); ok {
		t.now.guess = ""
		switch word {
		case listenTap: // nothing of this was recorded
			t.ask(t.asked)
			return nil
		case "privacy":
			t.say("word.privacy", nil)
			t.ask(t.asked)
			return nil
		case "start": // a second start in the middle of a conversation must not destroy it
			t.ask(t.asked)
			return nil
		}
		return t.take(ctx, flow.Input{Kind: flow.InWord, Choice: word, Text: t.in.Text})
	}
	if t.before.guess != "" {
		if done, err := t.answerGuess(ctx); done || err != nil {
			return err
		}
	}
	switch t.in.Kind {
	case bot.Start:
		if area := t.Mission.Places[t.in.Payload]; area != "" {
			t.now.area = area
		}
		t.ask(t.asked)
		return nil
	case bot.Tap:
		tap, ok := flow.ParseTap(t.in.Tap)
		if !ok {
			t.say("word.oldtap.gone", nil)
			t.ask(t.asked)
			return nil
		}
		return t.take(ctx, flow.Input{Kind: flow.InTap, Tap: tap})
	case bot.Location:
		if t.in.Place == nil {
			return t.take(ctx, flow.Input{Kind: flow.InRefused, Choice: "other"})
		}
		if t.asked.Type == "place" { // looked at once, and kept nowhere
			return t.take(ctx, flow.Input{Kind: flow.InFound, Choices: t.guide.Near(t.in.Place.Lat, t.in.Place.Lon)})
		}
		return t.take(ctx, flow.Input{Kind: flow.InPlace, Lat: t.in.Place.Lat, Lon: t.in.Place.Lon})
	case bot.Voice:
		return t.voiced(ctx)
	case bot.Text, bot.Command:
		return t.typed(ctx)
	}
	return t.take(ctx, flow.Input{Kind: flow.InRefused, Choice: refused(t.in.Kind)})
}

func refused(k bot.Kind) string {
	switch k {
	case bot.Voice:
		return "voice"
	case bot.Picture:
		return "picture"
	case bot.Document:
		return "document"
	case bot.Edited:
		return "edited"
	}
	return "other"
}

// word gives the reserved word that the whole message is.
func (t *turn) word() (string, bool) {
	switch t.in.Kind {
	case bot.Command:
		return t.Book.Word(t.before.state.Lang(), "/"+t.in.Text)
	case bot.Text:
		word, ok := t.Book.Word(t.before.state.Lang(), t.in.Text)
		if ok {
			return word, ok
		}
		// The ways out are heard in every language: fear does not look which one was chosen.
		if word, ok = t.Book.Word("", t.in.Text); ok && wayOut(word) {
			return word, ok
		}
	}
	return "", false
}

func wayOut(word string) bool {
	return word == flow.WordHide || word == flow.WordStop || word == flow.WordServices || word == flow.WordLanguage ||
		word == flow.WordHelp
}

// typed finds what a written message means at the present question.
func (t *turn) typed(ctx context.Context) error {
	in := flow.Input{Kind: flow.InText, Text: t.in.Text, Late: t.late()}
	q := t.asked
	danger := func() bool { return !q.Secret && t.Book.Danger(t.in.Text, t.Mission.Offered...) }
	switch {
	case q.Type == "language":
		if tag, ok := t.Book.MatchLanguage(t.in.Text); ok {
			in.Kind, in.Choice = flow.InChoice, tag
		} else if n, ok := speech.Number(t.in.Text); ok {
			in.Kind, in.Number = flow.InNumber, int64(n)
		}
	case q.Type == "number":
		if n, ok := speech.Number(t.in.Text); ok {
			in.Kind, in.Number, in.Text = flow.InNumber, int64(n), strconv.Itoa(n)
		}
	case q.Secret:
		in.Text = speech.Receipt(t.in.Text)
	case q.Type == "place":
		in = t.typedPlace(q, in)
	case q.Several:
		names, how, ok := t.Book.MatchAll(t.lang(), t.in.Text, t.options(q))
		switch {
		case ok && how != speech.Guess && len(names) > 1:
			in.Kind, in.Choices = flow.InChoices, names
		case ok && how != speech.Guess:
			in.Kind, in.Choice = flow.InChoice, names[0]
		}
	case len(q.Choices) > 0:
		name, how, ok := t.Book.Match(t.lang(), t.in.Text, t.options(q))
		if ok && how == speech.Guess && !in.Late && !danger() {
			t.offerGuess(q, name)
			return nil
		}
		if ok && how != speech.Guess {
			in.Kind, in.Choice = flow.InChoice, name
		}
	}
	// Whoever answers fast, answers: only what is no answer to the present question can belong to the text before it.
	in.Late = in.Late && in.Kind == flow.InText
	in.Danger = in.Kind == flow.InText && danger()
	return t.take(ctx, in)
}

// options gives the choices of a question with all that one may type for them.
func (t *turn) options(q flow.Ask) []speech.Option {
	out := make([]speech.Option, 0, len(q.Choices))
	for _, c := range q.Choices {
		labels := []string{t.label(c)}
		if also := alsoKey(c); t.Book.Has(t.lang(), also) {
			labels = append(labels, t.also(also)...)
		}
		out = append(out, speech.Option{Name: c.Name, Labels: labels})
	}
	return out
}

// offerGuess asks whether a near spelling meant a choice.
func (t *turn) offerGuess(q flow.Ask, name string) {
	t.now.guess = name
	label := name
	for _, c := range q.Choices {
		if c.Name == name {
			label = t.label(c)
		}
	}
	t.reply.Outs = append(t.reply.Outs, bot.Outgoing{
		Lang: t.lang(), Text: t.text("word.guess", speech.Args{"Choice": label}),
		Rows: [][]bot.Choice{
			{{Label: numbered(1, t.text("word.yes", nil)), Data: guessYes}},
			{{Label: numbered(2, t.text("word.no", nil)), Data: guessNo}},
			t.words(q, flow.WordHide),
		},
	})
}

// answerGuess takes yes or no to a guess. Anything else is heard as an answer to the question itself.
func (t *turn) answerGuess(ctx context.Context) (done bool, err error) {
	guess := t.before.guess
	t.now.guess = ""
	yes, no := t.in.Kind == bot.Tap && t.in.Tap == guessYes, t.in.Kind == bot.Tap && t.in.Tap == guessNo
	if t.in.Kind == bot.Text {
		name, how, ok := t.Book.Match(t.lang(), t.in.Text, []speech.Option{
			{Name: "yes", Labels: append(t.also("word.yes.also"), t.text("word.yes", nil))},
			{Name: "no", Labels: append(t.also("word.no.also"), t.text("word.no", nil))},
		})
		yes, no = ok && how != speech.Guess && name == "yes", ok && how != speech.Guess && name == "no"
	}
	switch {
	case yes:
		return true, t.take(ctx, flow.Input{Kind: flow.InChoice, Choice: guess})
	case no:
		t.ask(t.asked)
		return true, nil
	}
	return false, nil
}
