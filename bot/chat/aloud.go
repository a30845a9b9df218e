package chat

import (
	"slices"
	"strconv"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/speech"
)

// listenTap is the button under a question of which something was recorded. It carries no turn: what it means is in the
// session, and without that it does nothing.
const listenTap = "listen"

// maxAloud bounds what one listening sends: what was said, a question, and the choices of the longest one.
const maxAloud = 20

// spoken notes that a text stands on the screen that can also be heard.
func (t *turn) spoken(key string) {
	key = t.own(t.lang(), key)
	if _, _, ok := t.Book.Sound(t.lang(), key); ok && !slices.Contains(t.aloud, key) && len(t.aloud) < maxAloud {
		t.aloud = append(t.aloud, key)
	}
}

// spokenBesides does so for what follows a text that counts those who read.
func (t *turn) spokenBesides() {
	for _, b := range t.besides(t.lang()) {
		t.spoken(b.key)
	}
}

// spokenQuestion does so for a question. In the list of languages that is each greeting that was recorded: who cannot read
// finds the own language by ear.
func (t *turn) spokenQuestion(q flow.Ask) {
	if q.Type == "language" {
		for _, l := range t.langs {
			if _, _, ok := t.Book.Sound(l, q.Key); ok {
				t.aloud = append(t.aloud[:0:0], q.Key)
				return
			}
		}
		return
	}
	if q.Partial == 0 {
		t.spoken(q.Key)
		if t.counts(t.lang(), q.Key) {
			t.spokenBesides()
		}
		t.spoken(t.hint(q))
	}
	for _, c := range q.Choices {
		t.spoken(c.Key)
	}
}

// listening gives the button to listen with, if there is something to be heard.
func (t *turn) listening() (row []bot.Choice) {
	if t.now.aloud = t.aloud; len(t.aloud) > 0 {
		row = append(row, bot.Choice{Label: "▶ " + t.text("word.listen", nil), Data: listenTap})
	}
	return row
}

// listens says that somebody wants to hear what stands on the screen, and that there is something to be heard.
func (t *turn) listens() bool {
	if len(t.before.aloud) == 0 {
		return false
	}
	switch t.in.Kind {
	case bot.Tap:
		return t.in.Tap == listenTap
	case bot.Text, bot.Command:
		word, ok := t.Book.Word(t.before.state.Lang(), t.in.Text)
		return ok && word == listenTap
	}
	return false
}

// listen sends what was recorded of the screen, and the question once more, so that its buttons stand below.
func (t *turn) listen() {
	add := func(lang, key, text string) {
		if name, load, ok := t.Book.Sound(lang, key); ok {
			t.reply.Outs = append(t.reply.Outs, bot.Outgoing{Text: text, Lang: lang, Sound: &bot.Sound{Name: name, Load: load}})
		}
	}
	for _, key := range t.before.aloud {
		if t.asked.Type == "language" {
			for i, l := range t.asked.Choices {
				add(l.Name, key, strconv.Itoa(i+1)+" · "+speech.Isolate(t.label(l)))
			}
			continue
		}
		caption := "" // a choice is heard under its number, which answers it
		if i := slices.IndexFunc(t.asked.Choices, func(c flow.Option) bool { return c.Key == key }); i >= 0 {
			caption = numbered(i+1, t.label(t.asked.Choices[i]))
		}
		add(t.lang(), key, caption)
	}
	t.aloud = slices.Clone(t.before.aloud)
	t.ask(t.asked)
}
