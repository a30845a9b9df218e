package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"amana/bot/flow"
	"amana/bot/guide"
	"amana/bot/telegram/telegramtest"
)

// walker is a person who walks through a conversation by what stands on the screen. It knows the names of steps from
// the buttons, as a tap carries them, and never the sentences.
type walker struct {
	*trial
	phone  *telegramtest.User
	lang   string
	plan   map[string]string // step → choice, text, several choices parted by commas, or a reserved word such as "!skip"
	typed  float64           // how often a choice is typed and not tapped, 0 to 1
	skips  float64           // how often a question without a plan is skipped
	looks  float64           // how often a question waits while she looks around for help
	burst  int               // how many messages a text is parted into, where it has so many words
	rand   *rand.Rand
	trace  []string // steps as they were answered
	looked int      // how often she was shown what help there is
	stalls int      // how often nobody answered for a while
	lost   int      // of these, how often nobody was going to: Telegram had nothing more of theirs to hand over
	taken  bool     // Telegram had nothing more to hand over when it was last looked: what is said of it may be on its way
	doubt  [4]byte  // the conversation that may have been ended by the latest answer, when nothing more came
	last   question // that was answered
	done   bool     // it was ended, too
	after  int      // only what is shown behind this message is looked at

	texted  time.Time             // when the last text was written
	asked   time.Time             // when the last answer began to be given
	about   func(string)          // called before a step is answered
	heard   func()                // called when an answer of the bot was waited for and has come
	instead func(question) string // picks a choice in the place of everything else, if it is not empty
	twice   float64               // how often a button is tapped twice
}

// question is what the newest question on a screen asks.
type question struct {
	step    string
	id      int
	turn    uint32
	choices []string          // names in their order
	data    map[string]string // choice or "!word" → data of the button
	ticks   int
	tag     [4]byte // of the conversation
}

// questionOn reads the question from a screen. A guess whether a near spelling was meant counts as one too.
func questionOn(s telegramtest.Screen) (q question, ok bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if !s[i].FromBot {
			continue
		}
		q = question{id: s[i].ID, data: map[string]string{}}
		for _, row := range s[i].Rows {
			for _, b := range row {
				tap, fine := flow.ParseTap(b.Data)
				if !fine {
					continue
				}
				q.step, q.turn, q.tag = tap.Step, tap.Turn, tap.Tag
				q.data[tap.Choice] = b.Data
				if !strings.HasPrefix(tap.Choice, "!") {
					q.choices = append(q.choices, tap.Choice)
					if strings.Contains(b.Text, "✓") {
						q.ticks++
					}
				}
			}
		}
		if q.step != "" {
			return q, true
		}
	}
	return q, false
}

// receipts gives the different receipts that a person was ever shown, by the button that copies them.
func receipts(u *telegramtest.User) (shown []string) {
	for _, e := range u.Transcript() {
		if e.Kind != telegramtest.Sent {
			continue
		}
		for _, row := range e.Message.Rows {
			for _, b := range row {
				if len(b.Copy) == 16 && !slices.Contains(shown, b.Copy) {
					shown = append(shown, b.Copy)
				}
			}
		}
	}
	return shown
}

// report walks from the first word to the receipt, and gives the receipt.
func (w *walker) report(ctx context.Context) (string, error) {
	err := w.walk(ctx, func() bool { return len(receipts(w.phone)) > 0 })
	if err != nil {
		return "", err
	}
	return receipts(w.phone)[0], nil
}

// pause is how long a person waits for the next question before they look whether it will ever come, and repeats how
// often they do so.
const (
	pause   = 3 * time.Second
	repeats = 100
	// mostAnswers is more than any way through the flows takes.
	mostAnswers = 150
)

// news says that a question is another one than the last that was answered, or that it has become ready to be ended: a
// text was taken, a choice ticked. Buttons of earlier questions that still stand are left alone.
func (w *walker) news(q question) bool {
	if q.id <= w.after {
		return false
	}
	if q.tag != w.last.tag || q.turn > w.last.turn {
		return true
	}
	_, can := q.data["!done"]
	return q.turn == w.last.turn && q.step == w.last.step && can && !w.done
}

// newest gives the number of the latest message of the bot.
func newest(s telegramtest.Screen) int {
	m, _ := s.Last()
	return m.ID
}

// walk starts a conversation and answers until something is reached.
func (w *walker) walk(ctx context.Context, reached func() bool) error {
	w.asked = time.Now()
	w.phone.Start("")
	for silent := 0; ; {
		if len(w.trace) > mostAnswers {
			return fmt.Errorf("the conversation does not end: %v\n%s", w.trace, w.phone.Screen())
		}
		var q question
		asked := false
		_, err := w.phone.Wait(telegramtest.Within(pause), func(s telegramtest.Screen) bool {
			q, asked = questionOn(s)
			return asked && w.news(q) || reached() || ctx.Err() != nil
		})
		if err == nil && ctx.Err() == nil && w.heard != nil {
			w.heard()
		}
		if ctx.Err() != nil || reached() {
			return ctx.Err()
		}
		if err != nil {
			if silent++; silent > repeats {
				return fmt.Errorf("after %v nobody answers: %w", w.trace, err)
			}
			w.stalls++
			heard := w.phone.Pending() == 0
			if !heard || !w.taken { // the question is still to come, or may be on its way
				w.taken = heard
				continue
			}
			if q, asked := questionOn(w.phone.Screen()); asked && w.news(q) {
				continue
			}
			if w.mayEnd() {
				w.doubt = w.last.tag
			} else {
				w.lost++
			}
			w.trace = append(w.trace, "?")
			w.phone.Send("?") // whatever it is taken for, the question comes again
			w.last, w.after = question{}, newest(w.phone.Screen())
			continue
		}
		silent, w.taken = 0, false
		if q.tag == w.doubt { // the conversation had not ended after all
			w.lost++
		}
		w.doubt = [4]byte{}
		if err := w.answer(q); err != nil {
			return fmt.Errorf("after %v, at %s: %w", w.trace, q.step, err)
		}
	}
}

// mayEnd says that the latest answer can have ended the conversation: with it nobody may be left who could read, which is
// said, and nothing more is asked. Whoever goes on then begins anew.
func (w *walker) mayEnd() bool {
	return strings.HasPrefix(w.last.step, "involved") && w.plan["involved"] == ""
}

// answer answers a question by the plan, or else by chance.
func (w *walker) answer(q question) error {
	if w.about != nil {
		w.about(q.step)
		if now, ok := questionOn(w.phone.Screen()); ok && now.tag == q.tag && now.step == q.step && now.turn >= q.turn {
			q = now // what was sent in between was understood as far as that
		}
	}
	w.asked = time.Now()
	w.trace = append(w.trace, q.step)
	w.last, w.done, w.after = q, false, 0
	if q.found() {
		w.looked++
	}
	if services, ok := q.data["!services"]; ok && !strings.HasPrefix(q.step, "!") && !q.visited() && w.looks > 0 && w.rand.Float64() < w.looks {
		w.done = true // a text that is being written waits, too
		return w.phone.TapData(services)
	}
	want, planned := w.plan[q.step]
	if w.instead != nil {
		if other := w.instead(q); other != "" {
			return w.phone.TapData(q.data[other])
		}
	}
	_, skippable := q.data["!skip"]
	switch {
	case q.step == "!language":
		want = w.lang
	case q.step == "!oldtap" || q.step == "!stop":
		want = "no"
	case q.step == "check":
		want = "send"
	case q.step == "menu" || q.step == "more":
		want = cmp.Or(w.plan[q.step], "report")
	case q.places() && w.rand.Float64() < w.typed && time.Since(w.texted) > 3*time.Second:
		w.phone.Send(map[string]string{"en": "Block B (example)", "ar": "القسم ب (مثال)"}[w.lang])
		return nil
	case planned:
	case q.step == "outside":
		want = "go_on" // whatever else is said there ends the conversation, and nobody is asked anything any more
	case skippable && w.rand.Float64() < w.skips:
		want = "!skip"
	case len(q.choices) > 0:
		want = w.fit(q)
	default:
		want = "!skip"
	}
	if len(q.choices) == 0 && !strings.HasPrefix(want, "!") {
		return w.write(q, want)
	}
	if done, ok := q.data["!done"]; ok && q.ticks > 0 {
		w.done = true
		return w.phone.TapData(done)
	}
	names := strings.Split(want, ",")
	for _, name := range names {
		if _, ok := q.data[name]; !ok {
			return fmt.Errorf("there is no %q among %v", name, q.data)
		}
	}
	// What is written right after a text belongs to that text, so nobody types a number there.
	if w.rand.Float64() < w.typed && time.Since(w.texted) > 3*time.Second && !strings.HasPrefix(want, "!") {
		var numbers []string
		for _, name := range names {
			numbers = append(numbers, w.number(1+slices.Index(q.choices, name)))
		}
		w.phone.Send(strings.Join(numbers, ", "))
		return nil
	}
	// Where several can be ticked a second tap takes the first one back, which is no slip.
	if slices.Contains([]string{"safe_now", "menu", "age", "danger", "begin", "check"}, q.step) && w.rand.Float64() < w.twice {
		defer w.phone.TapData(q.data[names[0]]) //nolint:errcheck // the button may be gone by then
	}
	return w.phone.TapData(q.data[names[0]])
}

// visited says that the question belongs to a look around for help, found that it stands under what was found, places that
// it asks where.
func (q question) visited() bool {
	return q.found() || q.places() || (q.step == "need" || q.step == "kind") && len(q.choices) > 0
}

func (q question) found() bool { return slices.Contains(q.choices, "enough") }

func (q question) places() bool {
	return q.step == "where" && slices.ContainsFunc(q.choices, func(c string) bool { return strings.HasPrefix(c, guide.Prefix) })
}

// fit picks a choice that leads on to a report.
func (w *walker) fit(q question) string {
	away := map[string]bool{
		"safe_now:not_now": true, "later:close": true, "begin:only_services": true, "consent_complaint:no": true,
	}
	for {
		c := q.choices[w.rand.IntN(len(q.choices))]
		if !away[q.step+":"+c] {
			return c
		}
	}
}

// number writes a number in one of the numeral systems of the person's keyboard.
func (w *walker) number(n int) string {
	text := fmt.Sprint(n)
	if w.lang != "ar" || w.rand.IntN(2) == 0 {
		return text
	}
	return strings.Map(func(r rune) rune { return r - '0' + '٠' }, text)
}

// write types a text, in one message or as a burst, and says that it is done.
func (w *walker) write(q question, text string) error {
	if done, ok := q.data["!done"]; ok { // the text stands there already
		w.done = true
		return w.phone.TapData(done)
	}
	words := strings.Fields(text)
	n := max(1, min(w.burst, len(words)))
	if q.step == "number" {
		n = 1 // nobody writes a number in parts
	}
	for i := range n {
		w.phone.Send(strings.Join(words[i*len(words)/n:(i+1)*len(words)/n], " "))
	}
	w.texted = time.Now()
	return nil
}
