package main

import (
	"fmt"
	"strconv"
	"strings"

	"amana/bot/flow"
	"amana/bot/speech"
)

// standing is where the chat page stands: what can be pressed, by step and choice.
type standing struct {
	step string
	mark string // differs with every question
	taps []button
}

func (b *tab) standing() (at standing) {
	b.Helper()
	all := evaluate[struct {
		Turn string
		Taps []struct{ Label, Data string }
	}](b, `({turn: document.querySelector('#hidden [name=n]')?.value ?? '', taps: [...document.querySelectorAll('#ask button[name=t], #ask button[name=d]')].map((e) => ({label: e.textContent, data: e.value}))})`)
	at.mark = all.Turn
	for _, p := range all.Taps {
		if tap, ok := flow.ParseTap(p.Data); ok {
			at.taps = append(at.taps, button{step: tap.Step, choice: tap.Choice, label: p.Label, data: p.Data})
			at.step = tap.Step
		}
	}
	return at
}

// find gives what brings back a choice; nothing if it cannot be pressed.
func (at standing) find(choice string) string {
	for _, t := range at.taps {
		if t.choice == choice {
			return t.data
		}
	}
	return ""
}

// pick gives what to press: the answer of the story, else Done after words were told, else Skip, else the first.
func (at standing) pick(answers map[string]string, told bool) string {
	if a := at.find(answers[at.step]); answers[at.step] != "" && a != "" {
		return a
	}
	if a := at.find("!done"); told && a != "" {
		return a
	}
	if a := at.find("!skip"); a != "" {
		return a
	}
	for _, t := range at.taps {
		if !strings.HasPrefix(t.choice, "!") {
			return t.data
		}
	}
	return ""
}

// tapData presses the button of the chat page that brings this back.
func (b *tab) tapData(data string) {
	b.Helper()
	if data == "" {
		b.Fatalf("nothing to press; the page shows\n%s", b.text())
	}
	label := evaluate[string](b, `[...document.querySelectorAll('#ask button')].find((e) => e.value === `+strconv.Quote(data)+`)?.textContent ?? ''`)
	b.click("button", label)
}

// next does what sends the form, and waits for what is asked then.
func (b *tab) next(do func()) {
	b.Helper()
	before := b.standing().mark
	do()
	b.until("the next question", func() bool { mark := b.standing().mark; return mark != "" && mark != before })
}

// pageWalk is somebody in front of the chat page.
type pageWalk struct {
	*tab
	p    *chatting
	lang string
}

// say gives a text of the house in the language of the walk.
func (w *pageWalk) say(key string, args speech.Args) string {
	w.Helper()
	return plainly(w.p.words(w.lang, key, args))
}

// taps presses a choice of a step.
func (w *pageWalk) taps(step, choice string) {
	w.Helper()
	w.until(step+" to be asked", func() bool { return w.standing().step == step })
	w.next(func() { w.tapData(w.standing().find(choice)) })
}

// skipTo skips questions until a step is reached.
func (w *pageWalk) skipTo(step string) {
	w.Helper()
	for range 40 {
		at := w.standing()
		if at.step == step {
			return
		}
		w.taps(at.step, "!skip")
	}
	w.Fatalf("skipping never led to %s; the page shows\n%s", step, w.text())
}

// writes types into the field of the present question.
func (w *pageWalk) writes(words string) { w.Helper(); w.fill(w.say("page.write", nil), words) }

// sends presses Send beside the field.
func (w *pageWalk) sends() { w.Helper(); w.click("button", w.say("word.send", nil)) }

// begins opens the page and goes to the menu.
func (w *pageWalk) begins() { w.Helper(); w.open(w.p.url); w.toMenu() }

// toMenu goes on from the first page.
func (w *pageWalk) toMenu() {
	w.Helper()
	l, _ := w.p.camp.book.Language(w.lang)
	w.next(func() { w.click("button", l.Name) })
	w.taps("safe_now", "yes")
	w.see(w.say("start.menu", nil))
}

// toStory goes from the menu to the question for own words.
func (w *pageWalk) toStory() {
	w.Helper()
	w.taps("menu", "report")
	w.taps("begin", "go_on")
	w.skipTo("story")
	w.see(w.say("report.story", nil))
}

// toReview goes from behind the story to what would be sent.
func (w *pageWalk) toReview() {
	w.Helper()
	w.skipTo("consent_complaint")
	yes := w.say("report.consent_complaint.yes", nil)
	w.taps("consent_complaint", "yes")
	w.see(yes) // answered
	w.skipTo("check")
	w.see(w.say("word.review", nil))
}

// filed waits for the number, and fails if what was told stands there still.
func (w *pageWalk) filed(told string) {
	w.Helper()
	w.see(w.say("word.receipt", speech.Args{"Receipt": ""}))
	w.until("the number to be known to stand there", func() bool { return w.p.closings() == 0 || w.mute })
	if strings.Contains(w.text(), plainly(told)) || strings.Contains(w.text(), w.say("report.consent_complaint.yes", nil)) {
		w.Errorf("after sending there still stands:\n%s", w.text())
	}
}

// looks judges what is shown.
func (w *pageWalk) looks(name string) {
	w.Helper()
	w.axe()
	w.fits(name)
	w.shot(w.lang + "-" + name)
}

// fits fails if the page is wider than the window, or if something that is to be tapped is hard to hit.
func (w *pageWalk) fits(what string) {
	w.Helper()
	w.wide()
	small := evaluate[[]string](w.tab, `[...document.querySelectorAll('button, textarea')].filter((e) => e.offsetParent && (e.offsetHeight < 48 || e.offsetWidth < 48)).map((e) => e.innerText + ' ' + e.offsetWidth + '×' + e.offsetHeight)`)
	if len(small) > 0 {
		w.Errorf("%s has what is hard to hit: %q", what, small)
	}
}

// keepsNothing fails if the browser was told to remember anything.
func (w *pageWalk) keepsNothing() {
	w.Helper()
	if got := evaluate[string](w.tab, `document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + location.search + location.hash + JSON.stringify(history.state) + name`); got != "{}{}null" {
		w.Errorf("the browser remembers %s", got)
	}
}

// leaves presses Hide.
func (w *pageWalk) leaves() {
	w.Helper()
	w.click("button", w.say("word.hide", nil))
	w.away("after Hide")
}

// away waits for the harmless page.
func (w *pageWalk) away(how string) { w.Helper(); w.see(w.say("page.away.title", nil)); w.bare(how) }

// bare fails if anything of the chat page stands on the screen.
func (w *pageWalk) bare(how string) {
	w.Helper()
	shown := w.text()
	at := evaluate[string](w.tab, "location.href")
	for _, words := range []string{w.say("word.hide", nil), w.say("page.write", nil), w.say("report.consent_complaint.yes", nil), w.say("start.menu", nil), "write", "report", "police", pageStory} {
		if strings.Contains(shown, words) {
			w.Errorf("%s, %q stands on the screen at %s:\n%s", how, words, at, shown)
		}
	}
	if n := evaluate[int](w.tab, "document.querySelectorAll('form, article').length"); n > 0 {
		w.Errorf("%s, %d forms and messages are there at %s", how, n, at)
	}
}

// entries is how long the history is.
func (w *pageWalk) entries() int { w.Helper(); return evaluate[int](w.tab, "history.length") }

// hidden gives a hidden field of the form.
func (w *pageWalk) hidden(name string) string {
	w.Helper()
	return evaluate[string](w.tab, fmt.Sprintf("document.querySelector('#hidden [name=%s]').value", name))
}
