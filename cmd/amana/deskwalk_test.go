package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"amana/bot"
	"amana/bot/speech"
)

const (
	storyArabic  = "قال لي إنه لن يعطيني البطاقة إلا إذا ذهبت معه.\n\nأنا خائفة من أن يراني أحد."
	storyEnglish = "He said the list was closed, and that he could open it again for me."
)

// TestDeskWalk goes through every screen of the desk as a focal point does, and through what axe-core has to say of each.
func TestDeskWalk(t *testing.T) {
	t.Parallel()
	looks := []walkLook{{"en", 360, 740, false}, {"ar", 1200, 800, true}}
	if *shots != "" {
		looks = append(looks, walkLook{"ar", 360, 740, false}, walkLook{"en", 1200, 800, true})
	}
	for _, look := range looks {
		t.Run(fmt.Sprintf("%s-%d", look.lang, look.width), func(t *testing.T) {
			t.Parallel()
			d := newDeskCamp(t, look.lang, "relief", "health")
			b := browse(t, browserOptions{Width: look.width, Height: look.height, Lang: look.lang, Desktop: look.desktop})
			(&deskWalk{deskCamp: d, tab: b}).through()
		})
	}
}

// walkLook is a language, and a window.
type walkLook struct {
	lang          string
	width, height int64
	desktop       bool
}

// deskWalk is one person at one browser.
type deskWalk struct {
	*deskCamp
	*tab
	shots   int
	receipt string
}

// mail gives what the reporter reads with the number they got.
func (w *deskWalk) mail() (texts []string) {
	person, _ := w.roots.Person("telegram", "7", "1")
	mail, err := w.registry.Open(w.tab.Context(), person, w.receipt)
	if err != nil {
		w.tab.Fatal(err)
	}
	for _, a := range mail.Answers {
		texts = append(texts, a.Text)
	}
	return texts
}

// looks judges what is shown, and takes a picture of all of it.
func (w *deskWalk) looks(name string) {
	w.tab.Helper()
	w.axe()
	w.wide()
	if size := evaluate[[]int64](w.tab, "[innerWidth, innerHeight]"); size[0] == 360 {
		w.sized(320, size[1]) // what a window of 1280 shows at 400 per cent
		w.wide()
		w.sized(size[0], size[1])
	}
	w.picture(name)
}

// darkly shows the page to somebody who prefers it dark, and printed to whoever reads paper.
func (w *deskWalk) darkly(name string) {
	w.emulate("", "dark")
	w.looks(name + "-dark")
	w.emulate("", "")
}

func (w *deskWalk) onPaper(name string) {
	w.emulate("print", "")
	w.picture(name + "-paper")
	w.emulate("", "")
	got, err := chromedp.Call(w.tab.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{})
	if err != nil || len(got.Data) < 1000 {
		w.tab.Fatalf("printing: %d bytes, %v", len(got.Data), err)
	}
	if *shots != "" {
		to := filepath.Join(*shots, strings.ReplaceAll(fmt.Sprintf("%s-%s.pdf", w.tab.Name(), name), "/", "-"))
		if err := os.WriteFile(to, got.Data, 0o600); err != nil {
			w.tab.Fatal(err)
		}
	}
}

func (w *deskWalk) emulate(media, scheme string) {
	w.tab.Helper()
	_, err := chromedp.Call(w.tab.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		w.tab.Fatal(err)
	}
}

// picture takes a picture of the whole page, however long it is.
func (w *deskWalk) picture(name string) {
	if *shots == "" {
		return
	}
	w.shots++
	size := evaluate[[]int64](w.tab, "[innerWidth, innerHeight, Math.max(innerHeight, document.documentElement.scrollHeight)]")
	if size[2] > size[1] {
		w.sized(size[0], size[2])
	}
	w.rests()
	w.shot(fmt.Sprintf("%02d-%s", w.shots, name))
	if size[2] > size[1] {
		w.sized(size[0], size[1])
	}
}

// press presses the button with these words.
func (w *deskWalk) presses(key string) { w.tab.Helper(); w.click("button", w.words(key)) }

// does presses a deed of a report, which may lie under "More".
func (w *deskWalk) does(key string) { w.tab.Helper(); w.tab.deed(w.words(key), w.words("word.more")) }

// deed presses the button of a deed, and brings out what lies under another where it is not at hand.
func (b *tab) deed(name, more string) {
	b.Helper()
	b.until(fmt.Sprintf("the deed %q to be at hand", name), func() bool {
		if b.has("button", name) {
			return true
		}
		if b.has("button", more) && evaluate[bool](b, `!!document.querySelector('.more-toggle[aria-expanded=false]')`) {
			b.click("button", more)
		}
		return false
	})
	b.click("button", name)
}

// head waits for a title.
func (w *deskWalk) head(key string, args ...speech.Args) {
	w.tab.Helper()
	w.seeRole("heading", w.words(key, args...))
}

func (w *deskWalk) through() {
	w.tab.Helper()
	w.strangers()
	w.joining()
	w.signingIn()
	code := w.inbox()
	w.report(code)
	w.writing(code)
	w.passingOn(code)
	w.paper(code)
	w.ending(code)
}

// strangers see nothing but the way in.
func (w *deskWalk) strangers() {
	w.open(w.server.URL + "/#/inbox")
	w.head("desk.in.new")
	w.looks("new-device")
	w.fill(w.words("desk.in.person"), "relief")
	w.fill(w.words("desk.code"), "ABCDE")
	w.presses("desk.in.ask")
	w.see(w.words("desk.code.wrong"))
	w.fill(w.words("desk.code"), "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA")
	w.presses("desk.in.ask")
	w.see(w.words("desk.code.wrong"))
	w.tab.may("404")
	w.open(w.server.URL + "/#/join/nosuchword")
	w.reload()
	w.see(w.words("staff.enrol.expired"))
	w.looks("no-invitation")
}

func (w *deskWalk) joining() {
	w.open(w.invites("relief"))
	w.reload()
	w.see(w.words("desk.join.text"))
	w.looks("join")
	w.fill(w.words("desk.pass.new"), "short")
	w.presses("desk.join.make")
	w.see(w.words("desk.pass.short"))
	w.fill(w.words("desk.pass.new"), deskPassphrase)
	w.fill(w.words("desk.pass.again"), deskPassphrase+"!")
	w.presses("desk.join.make")
	w.see(w.words("desk.pass.differ"))
	w.fill(w.words("desk.pass.again"), deskPassphrase)
	w.presses("desk.join.make")
	w.head("desk.paper") // what is said until then stands for as long as the work takes, which may be too short to be seen
	w.looks("join-paper")
	w.onPaper("join")
	groups := evaluate[[]string](w.tab, "[...document.querySelectorAll('.groups li')].map((li) => li.textContent)")
	if len(groups) != 6 {
		w.tab.Fatalf("the recovery code has the groups %v", groups)
	}
	label := evaluate[string](w.tab, "document.querySelector('form label').textContent")
	var n int
	if _, err := fmt.Sscan(regexp.MustCompile(`\d`).FindString(label), &n); err != nil {
		w.tab.Fatal(err)
	}
	w.fill(plainly(label), "WRONG")
	w.presses("desk.paper.kept")
	w.see(w.words("desk.paper.wrong", speech.Args{"Number": fmt.Sprint(n)}))
	w.fill(plainly(label), strings.ToLower(groups[n-1]))
	w.presses("desk.paper.kept")
	w.see(w.words("desk.joined.text"))
	w.looks("joined")
}

func (w *deskWalk) signingIn() {
	w.click("link", w.words("desk.in"))
	w.fill(w.words("desk.pass"), "something else entirely")
	w.looks("sign-in")
	w.presses("desk.in.do")
	w.see(w.words("desk.in.wrong"))
	w.picture("sign-in-wrong")
	w.fill(w.words("desk.pass"), deskPassphrase)
	w.presses("desk.in.do")
	w.see(w.words("staff.waiting")) // for the coordinator: until then there is nothing to read
	w.looks("unconfirmed")
	w.signs()
	w.see(w.words("staff.inbox.empty"))
	w.looks("inbox-empty")
}

func (w *deskWalk) inbox() string {
	for _, id := range []string{"health"} {
		w.joins(id)
	}
	w.signs()
	w.stock()
	w.reload()
	w.fill(w.words("desk.pass"), deskPassphrase)
	w.presses("desk.in.do")
	w.see(w.words("staff.kind.sea"))
	w.looks("inbox")
	w.darkly("inbox")
	for _, step := range []struct {
		key string
		at  int
	}{{"j", 0}, {"j", 1}, {"ArrowDown", 2}, {"k", 1}} {
		w.press(step.key)
		w.until(fmt.Sprintf("%s to go to line %d", step.key, step.at), func() bool {
			return evaluate[int](w.tab, "[...document.querySelectorAll('.line a')].indexOf(document.activeElement)") == step.at
		})
	}
	w.picture("inbox-keys")
	w.press("?")
	w.head("desk.keys")
	w.looks("keys")
	w.presses("desk.close")
	w.choose(w.words("desk.kind"), w.words("staff.kind.feedback"))
	w.until("only feedback", func() bool { return evaluate[int](w.tab, "document.querySelectorAll('.line').length") == 1 })
	w.choose(w.words("desk.kind"), w.words("desk.filter.any"))
	lines, err := w.registry.Inbox(w.tab.Context(), "relief")
	if err != nil {
		w.tab.Fatal(err)
	}
	for _, l := range lines {
		if l.Kind == "sea" {
			return l.Code
		}
	}
	w.tab.Fatal("there is no report")
	return ""
}

func (w *deskWalk) stock() {
	w.receipt = w.files("ar", storyArabic, chosen("begin", "go_on"), chosen("age", "adult"), chosen("who", "me"), chosen("danger", "no"), chosen("matter", "sexual"),
		chosen("organisation", "example_health"), chosen("accused", "ngo"), chosen("concern", "sex_for_aid", "harassment"), chosen("involved", "no"),
		chosen("when", "within_72h"), chosen("area", "block_a"), chosen("where", "distribution"), bot.Fact{Step: "ongoing", Skipped: true}, chosen("help", "health", "talk"), chosen("call", "no"),
		agreed("consent_complaint", "هل يجوز أن يصل هذا إلى 3 أشخاص في إغاثة المثال؟ يمكنهم إحالته إلى المنظمة المعنية.", true),
		agreed("consent_help", "هل يجوز أن يشاركوه مع من يقدمون المساعدة؟ ما يلزم لتلك المساعدة فقط.", false),
		chosen("nudge", "yes"), chosen("nudge_hours", "evening"))
	w.files("en", storyEnglish, chosen("age", "adult"), chosen("matter", "favours"), chosen("area", "river_side"), agreed("consent_complaint", "May this go to 3 people?", true))
	w.filesFlow("feedback", "feedback", "en", "The water point has been broken for two weeks.", chosen("about", "goods"), chosen("area", "river_side"), agreed("consent_complaint", "May this go to 3 people?", true))
	w.skew += 31 * time.Hour
	w.files("fr", "On m'a demandé de l'argent pour mon nom sur la liste.", chosen("age", "adult"), chosen("matter", "favours"), agreed("consent_complaint", "May this go to 3 people?", true))
}

func (w *deskWalk) report(code string) {
	w.click("link", code)
	w.head("open.head", speech.Args{"Code": code})
	w.see("قال لي إنه لن يعطيني البطاقة")
	w.looks("report")
	w.presses("staff.button.acknowledge")
	w.until("the report to be acknowledged", func() bool {
		return !w.has("button", w.words("staff.button.acknowledge")) && w.has("button", w.words("open.choose.answer"))
	})
	w.see(w.words("desk.step.refer"))
	w.presses("word.more")
	w.see(w.words("desk.handover.hint"))
	w.looks("more")
	w.darkly("more")
	w.onPaper("report")
	w.presses("word.more")
	w.gone(w.words("desk.handover.hint"))
	w.presses("desk.trail.show")
	w.see(w.words("desk.trail.whole"))
	w.looks("trail")
}

func (w *deskWalk) writing(code string) {
	w.does("open.choose.answer")
	w.see(w.words("open.warn.repeat"))
	evaluate[any](w.tab, "document.querySelector('.canned').open = true")
	w.see("قرأنا")
	w.looks("answer")
	evaluate[any](w.tab, "document.querySelector('.canned button').click()")
	// Whoever leaves with unsent words is asked once.
	w.click("link", w.words("word.services"))
	w.see(w.words("desk.unsent.text"))
	w.looks("unsent")
	w.presses("desk.unsent.stay")
	w.again()
	w.presses("desk.answer.send")
	w.see(w.words("desk.thread"))
	w.see(w.words("desk.said.answered"))
	w.looks("answered")
	if mail := w.mail(); len(mail) != 1 {
		w.tab.Fatalf("the reporter reads %q", mail)
	}
	w.does("open.choose.note")
	w.fill(w.words("desk.text"), "Spoke with the clinic. They keep a place free.")
	w.looks("note")
	w.presses("desk.note.send")
	w.see("They keep a place free.")
}

// again loses the process that knows who signed in, while words stand there that are not sent. They stay, out of sight, until
// their writer has signed in again.
func (w *deskWalk) again() {
	written := func() string { return evaluate[string](w.tab, "document.querySelector('form textarea').value") }
	words := written()
	w.tab.may("401")
	w.restarts()
	w.presses("desk.answer.send")
	w.see(w.words("desk.error.sign_in"))
	w.looks("again")
	if shown := w.tab.text(); words == "" || strings.Contains(shown, w.words("desk.answer.send")) || strings.Contains(shown, "reported") {
		w.tab.Errorf("a report stands open before somebody who is signed out:\n%s", shown)
	}
	w.fill(w.words("desk.pass"), "something else entirely")
	w.presses("desk.in.do")
	w.see(w.words("desk.in.wrong"))
	w.fill(w.words("desk.pass"), deskPassphrase)
	w.presses("desk.in.do")
	w.until("the question to be over", func() bool { return evaluate[bool](w.tab, "document.querySelector('dialog') === null") })
	w.see(w.words("desk.answer.send"))
	if now := written(); now != words {
		w.tab.Errorf("after signing in again there stands %q, and %q was written", now, words)
	}
}

func (w *deskWalk) passingOn(code string) {
	w.does("desk.refer")
	w.see(w.words("desk.leg.refused", speech.Args{"Leg": w.words("desk.leg.assistance")}))
	w.fill(w.words("desk.leg.to"), "Example Health")
	w.looks("refer")
	w.darkly("refer")
	w.presses("desk.leg.send")
	w.until("the leg to be noted", func() bool {
		return strings.Contains(w.text(), "Example Health") && !w.has("button", w.words("desk.leg.send")) && w.has("button", w.words("desk.refer"))
	})
	w.does("open.choose.share")
	w.see(w.words("open.share.who"))
	w.looks("share")
	evaluate[any](w.tab, "[...document.querySelectorAll('.panel input[type=radio]')].at(-1).click()")
	w.picture("share-chosen")
	w.presses("desk.share.do")
	w.until("the report to be shared", func() bool {
		return !strings.Contains(w.text(), w.words("open.share.who")) && w.has("button", w.words("word.more"))
	})
	w.does("desk.handover")
	w.see(w.words("desk.handover.text"))
	w.looks("handover")
	w.presses("desk.cancel")
}

func (w *deskWalk) paper(code string) {
	w.does("desk.form")
	w.head("desk.form")
	w.looks("form")
	w.onPaper("form")
	w.presses("word.back")
	w.head("open.head", speech.Args{"Code": code})
}

func (w *deskWalk) ending(code string) {
	w.does("desk.close_it")
	w.fill(w.words("desk.text"), "تم كل شيء.")
	w.choose(w.words("desk.outcome"), w.words("desk.outcome.helped"))
	w.looks("close")
	w.presses("desk.answer.send")
	w.see(w.words("desk.outcome.helped"))
	w.until("the report to be closed", func() bool { return w.has("button", w.words("desk.reopen")) })
	w.looks("closed")
	w.darkly("closed")
	w.onPaper("closed")
	w.does("staff.button.recuse")
	w.see(strings.Fields(w.words("staff.recuse.ask", speech.Args{"Code": code}))[0])
	w.looks("recuse")
	w.presses("staff.recuse.no")
	for _, at := range []string{"/me", "/roster", "/services", "/numbers", "/record", "/file"} {
		evaluate[any](w.tab, fmt.Sprintf("location.hash = %q", at))
		w.rests()
		w.looks("page" + strings.ReplaceAll(at, "/", "-"))
	}
	w.sealedFiles(code)
	w.presses("desk.leave")
	w.see(w.words("desk.pass"))
	w.looks("signed-out")
}

// sealedFiles opens what the staff bot would have sent.
func (w *deskWalk) sealedFiles(code string) {
	files, err := w.registry.ReadOut(w.tab.Context(), "relief", code)
	if err != nil {
		w.tab.Fatal(err)
	}
	dir := w.tab.TempDir()
	var paths []string
	for _, f := range files {
		paths = append(paths, filepath.Join(dir, f.Name))
		if err := os.WriteFile(paths[len(paths)-1], f.Bytes, 0o600); err != nil {
			w.tab.Fatal(err)
		}
	}
	w.upload(w.words("desk.file.choose"), paths...)
	w.head("open.head", speech.Args{"Code": code})
	w.looks("from-file")
}
