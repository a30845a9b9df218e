package main

import (
	"fmt"
	"time"

	"amana/bot/casework"
)

// lowTray lets one person send more than is told of, and finds the rest below the others: closed, opened by a key, narrowed
// by the filters, and left by what is acknowledged, without throwing out whoever reads there.
func (w *deskWalk) lowTray() {
	w.tab.Helper()
	w.floods(casework.StandardBudget.Reports+2, "One of many.", chosen("age", "adult"), chosen("matter", "favours"), chosen("involved", "no"),
		agreed("consent_complaint", "May this go to them?", true))
	w.goes("/inbox")
	w.head("desk.tray")
	w.hasInTray(2)
	if evaluate[bool](w.tab, `document.querySelector('.tray details').open`) {
		w.tab.Error("the tray is open before somebody opens it")
	}
	w.picture("tray-closed")

	// By keys alone: from the last line to the head of the tray, and once it is open from line to line.
	last := `[...document.querySelectorAll('.line a')].filter((a) => !a.closest('.tray')).at(-1)`
	evaluate[any](w.tab, "void "+last+".focus()")
	w.press("Tab")
	w.until("the head of the tray to be reached", func() bool { return evaluate[bool](w.tab, `document.activeElement.matches('.tray summary')`) })
	w.press("Enter")
	w.see(w.words("desk.tray.hint"))
	w.looks("tray")
	w.darkly("tray")
	evaluate[any](w.tab, "void "+last+".focus()")
	w.press("j")
	w.until("the first line of the tray to be reached", func() bool { return evaluate[bool](w.tab, `document.activeElement.closest('.tray .line') !== null`) })
	code := evaluate[string](w.tab, "document.activeElement.dataset.code")

	w.choose(w.words("desk.state"), w.words("staff.state.read"))
	w.until("no line of the tray to fit", func() bool { return evaluate[bool](w.tab, `document.querySelector('.tray').hidden`) })
	w.choose(w.words("desk.state"), w.words("desk.filter.any"))
	w.see(w.words("desk.tray.hint"))
	w.hasInTray(2)

	evaluate[any](w.tab, fmt.Sprintf(`void document.querySelector('.tray a[data-code="%s"]').focus()`, code))
	if _, err := w.registry.Acknowledge(w.tab.Context(), "relief", code); err != nil {
		w.tab.Fatal(err)
	}
	w.passes(time.Minute) // the page looks for news once a minute
	w.hasInTray(1)
	if at := evaluate[string](w.tab, `document.activeElement.closest('.tray') ? 'the tray' : document.activeElement.dataset.code ?? ''`); at != code {
		w.tab.Errorf("whoever was at %s is at %q", code, at)
	}

	// It is found as it was left.
	w.goes("/report/" + code)
	w.seeRole("button", w.words("word.more"))
	w.goes("/inbox")
	w.see(w.words("desk.tray.hint"))
}

// hasInTray waits until so many lie in the tray, by its head and by its lines.
func (w *deskWalk) hasInTray(many int) {
	w.tab.Helper()
	w.until(fmt.Sprintf("%d reports in the tray", many), func() bool {
		return evaluate[bool](w.tab, fmt.Sprintf(`(() => {
			const tray = document.querySelector('.tray');
			return tray && !tray.hidden && tray.querySelector('.badge').textContent === '%d' && tray.querySelectorAll('.line').length === %d;
		})()`, many, many))
	})
}
