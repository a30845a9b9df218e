package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/speech"
	"amana/bot/web"
)

// pageStory is what somebody tells.
const pageStory = "It was at the gate."

// TestPageWithScript sends a report as a browser with JavaScript does: by keyboard, over a line that breaks, with a voice
// message; and leaves with Escape. Each kind of page on the way is judged, in both directions of writing.
func TestPageWithScript(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ar"} {
		t.Run(lang, func(t *testing.T) {
			var down atomic.Bool
			u := &unsure{}
			p := newChatting(t, func(o *web.Options) {
				u.Hearer = o.Hearer
				o.Hearer = u
			})
			p.between(func(next http.Handler, rw http.ResponseWriter, r *http.Request) {
				if down.Load() {
					panic(http.ErrAbortHandler)
				}
				next.ServeHTTP(rw, r)
			})
			w := &pageWalk{browse(t, browserOptions{Lang: lang, Microphone: true}), p, lang}
			w.open(p.url + "away/" + lang) // where somebody comes from
			before := w.entries()
			w.open(p.url)
			w.looks("first page")
			w.toMenu()
			w.looks("choices")
			w.inOrder()
			w.toStory()
			w.see(w.say("word.voice.may", nil))
			w.looks("words")
			w.writes(pageStory)
			down.Store(true)
			w.unsent()
			down.Store(false)
			w.nobodyKnows(u)
			w.next(w.sends)
			w.see(w.say("word.partial", speech.Args{"Count": "1"}))
			if got := evaluate[string](w.tab, "document.activeElement.id"); got != "text" {
				t.Errorf("after Send the focus is at %q", got)
			}
			w.speaks()
			w.writes("And later.")
			w.taps("story", "!done")
			w.toReview()
			w.see(pageStory)
			w.see("And later.")
			voice, _, _ := strings.Cut(w.say("word.voice.item", speech.Args{"Length": "§"}), "§")
			w.see(voice + "0:0")
			w.looks("review")
			w.taps("check", "send")
			w.filed(pageStory)
			if evaluate[bool](w.tab, "document.querySelector('.copy').hidden") {
				t.Error("the number cannot be copied")
			}
			w.keepsNothing()
			if n := w.entries(); n != before+1 {
				t.Errorf("the conversation has %d entries in the history, want 1", n-before)
			}
			w.looks("number")
			w.press("Escape")
			w.away("after Escape")
			w.looks("harmless page")
			if n := w.entries(); n != before+1 {
				t.Errorf("leaving adds to the history: %d", n-before)
			}
			w.back()
			w.bare("going back")
			w.forward()
			w.away("going forward again")
			p.quiet("gate")
			p.speaksTo(pageStory)
		})
	}
}

// inOrder: the way out is the first thing that the keyboard comes to, then the choices in their order; a screen reader finds
// the messages before the buttons, in their own languages.
func (w *pageWalk) inOrder() {
	w.Helper()
	evaluate[any](w.tab, "document.activeElement.blur(), document.body.tabIndex = -1, document.body.focus(), undefined")
	var got []string
	for range 3 {
		w.press("Tab")
		got = append(got, plainly(evaluate[string](w.tab, "document.activeElement.innerText")))
	}
	want := []string{w.say("word.hide", nil), "1 · " + w.say("start.menu.services", nil), "2 · " + w.say("start.menu.report", nil)}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		w.Errorf("the keyboard comes to %q, want %q", got, want)
	}
	order := evaluate[string](w.tab, `[...document.querySelectorAll('#leave, #log, #notice, #ask, #ask .choices, #ask .field, #ask .words')].map((e) => e.id || e.className).join(' ')`)
	if order != "leave log notice ask choices field words" {
		w.Errorf("the order is %s", order)
	}
	if n := evaluate[int](w.tab, "document.querySelectorAll('article:not([lang]), article:not([dir])').length"); n > 0 {
		w.Errorf("%d messages have no language", n)
	}
}

// unsent presses Send while nothing comes through: that is said, and nothing of what was typed is lost.
func (w *pageWalk) unsent() {
	w.Helper()
	w.may("net::ERR_EMPTY_RESPONSE")
	w.sends()
	w.see(w.say("page.unsent", nil))
	w.looks("unsent")
	if got := evaluate[string](w.tab, "document.getElementById('text').value"); got != pageStory {
		w.Errorf("the field holds %q", got)
	}
}

// nobodyKnows presses Send twice: the cluster does not say whether it saved the first, and for certain not the second. The page
// never says that nothing was sent.
func (w *pageWalk) nobodyKnows(u *unsure) {
	w.Helper()
	w.may("503")
	for _, how := range []int32{written, refused} {
		heard := u.heard.Load()
		u.how.Store(how)
		w.sends()
		w.until("it to be heard and answered", func() bool {
			return u.heard.Load() > heard && evaluate[bool](w.tab, "!document.getElementById('form').hasAttribute('aria-busy')")
		})
		if got := plainly(evaluate[string](w.tab, "document.getElementById('notice').innerText")); got != plainly(w.say("word.saved.perhaps", nil)) {
			w.Errorf("the page says %q", got)
		}
	}
	u.how.Store(fine)
	if got := evaluate[string](w.tab, "document.getElementById('text').value + document.querySelectorAll('#hidden [name=u]').length"); got != pageStory+"1" {
		w.Errorf("the form holds %q", got)
	}
}

// speaks records a voice message, takes it back, and sends another.
func (w *pageWalk) speaks() {
	w.Helper()
	tape := func(long time.Duration) {
		w.Helper()
		w.click("button", w.say("page.record", nil))
		w.see(w.say("page.record.stop", nil))
		began := time.Now()
		w.until("enough to be recorded", func() bool { return time.Since(began) > long })
		w.click("button", w.say("page.record.stop", nil))
		w.seeRole("button", w.say("word.remove", nil))
	}
	tape(0)
	w.looks("recorded")
	w.click("button", w.say("word.remove", nil))
	w.until("it to be taken back", func() bool { return !w.has("button", w.say("word.remove", nil)) })
	tape(time.Second)
	w.may(w.p.url + ": its body cannot be seen") // the browser does not show sound
	w.next(w.sends)
	begin, end, _ := strings.Cut(w.say("word.voice.kept", speech.Args{"Length": "§"}), "§")
	w.see(begin + "0:0")
	w.see(end)
}

// speaksTo fails unless the reader of the only report finds words and a voice message in it.
func (p *chatting) speaksTo(told string) {
	p.Helper()
	p.camp.carry(p.Context())
	all, err := p.camp.reports(p.Context())
	if err != nil || len(all) != 1 {
		p.Fatalf("%d reports, %v", len(all), err)
	}
	opened, err := p.camp.readAs(p.Context(), p.camp.told[0].id, string(all[0].Code))
	if err != nil {
		p.Fatal(err)
	}
	var out strings.Builder
	if err := p.camp.show(&out, opened); err != nil || !strings.Contains(out.String(), "oice message") || !strings.Contains(out.String(), told) {
		p.Errorf("the reader finds no voice message: %v\n%s", err, out.String())
	}
}

// Escape wipes the draft, whatever is under way, and the words in the field with it.
func TestPageEscapeWipes(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	w := &pageWalk{browse(t, browserOptions{}), p, "en"}
	w.begins()
	w.toStory()
	word, turn := w.hidden("c"), w.hidden("n")
	w.writes(pageStory)
	w.press("Escape")
	w.away("after Escape")
	w.until("the conversation to be over", func() bool {
		return post(t, p.url, map[string][]string{"c": {word}, "n": {turn}, "l": {"en"}, "text": {"hello"}}, nil).away
	})
	// The button does the same, and words that mean it.
	w.begins()
	w.leaves()
	w.begins()
	w.writes("hide")
	w.press("Enter")
	w.away("after the word")
}

// TestPageWithoutScript does the same in a browser that runs no script.
func TestPageWithoutScript(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	w := &pageWalk{browse(t, browserOptions{NoScript: true}), p, "en"}
	w.open(p.url + "away/en")
	w.begins()
	w.toStory()
	w.writes(pageStory)
	w.next(w.sends)
	w.see(w.say("word.partial", speech.Args{"Count": "1"}))
	for _, id := range []string{"#voice", ".copy", "#place"} {
		if evaluate[bool](w.tab, fmt.Sprintf("!!(document.querySelector(%q) || {}).offsetParent", id)) {
			t.Errorf("%s shows although it can do nothing", id)
		}
	}
	w.writes("And later.")
	w.taps("story", "!done")
	w.toReview()
	w.taps("check", "send")
	w.filed(pageStory)
	w.keepsNothing()
	w.next(func() { w.click("button", w.say("bot.command.start", nil)) })
	w.see(w.say("start.safe_now", nil))
	if p.closings() != 0 || p.reports() != 1 {
		t.Errorf("%d numbers wait, %d reports are there", p.closings(), p.reports())
	}
	w.leaves()
	w.may("net::ERR_CACHE_MISS") // what a form was answered with is not kept
	for n := range 4 {
		w.back()
		w.bare(fmt.Sprintf("going back %d times", n+1))
	}
}

// Where a place is asked for, it can be shared with one tap. It goes no finer than a hundred metres.
func TestPagePlace(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	w := &pageWalk{browse(t, browserOptions{Place: []float64{1.5041234, 2.5001234}}), p, "en"}
	w.begins()
	w.taps("menu", "services")
	w.next(func() { w.click("button", "Doctor, nurse or midwife") })
	w.see("Where are you looking for help?")
	w.click("button", w.say("page.place", nil))
	w.see("Block A, north (example)")
	all := w.sent()
	if got := string(all[len(all)-1].Body); !strings.Contains(got, "place=1.504%2C2.500") {
		t.Errorf("sent at last: %s", got)
	}
}

// The page fits on small screens, and what is to be tapped can be hit, in scripts of every kind.
func TestPageFits(t *testing.T) {
	t.Parallel()
	p := newChatting(t, nil)
	b := browse(t, browserOptions{NoScript: true})
	for _, lang := range []string{"en", "ar", "my", "am", "bn", "ta"} {
		w := &pageWalk{b, p, lang}
		everywhere := func(what string) {
			t.Helper()
			for _, wide := range []int64{320, 180, 360} { // 180 is 360 at twice the size
				w.sized(wide, 740)
				w.fits(fmt.Sprintf("%s in %s, %d wide", what, lang, wide))
			}
			w.shot(lang + "-" + strings.ReplaceAll(what, " ", "-"))
		}
		l, _ := p.camp.book.Language(lang)
		w.open(p.url)
		everywhere("the first page")
		w.next(func() { w.click("button", l.Name) })
		everywhere("the first question")
		w.taps("safe_now", "yes")
		everywhere("the menu")
		w.taps("menu", "report")
		everywhere("a question")
		w.leaves()
		everywhere("the harmless page")
	}
}
