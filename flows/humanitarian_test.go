package flows_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"amana/flows"
)

// The checklist of the sector, H01 to H29: each item that concerns these flows is proven here by its number; the others
// name the room that keeps them. README.md holds the same table in words.
var items = []struct {
	item   string
	proof  func(t *testing.T)
	keptBy string
}{
	{"H01 the first message is neutral", firstWordsTellNothing, ""},
	{"H02 language before content", languageComesFirst, ""},
	{"H03 is it safe to write now", safetyComesFirst, ""},
	{"H04 limits in four short sentences before any free text", limitsComeBeforeWords, ""},
	{"H05 only show services", servicesWithoutReport, ""},
	{"H06 every question can be skipped", onlyOneQuestionIsRequired, ""},
	{"H07 review before sending", reviewBeforeSending, ""},
	{"H08 private violence: never what happened", privateViolenceIsNotAsked, ""},
	{"H09 what a report of abuse by aid workers asks", reportAsksWhatIsNeeded, ""},
	{"H10 third parties are first-class", thirdPartiesAreWelcome, ""},
	{"H11 no photos, no documents", nothingIsAttached, ""},
	{"H12 voice", voiceIsRefusedKindly, ""},
	{"H13 words of high risk", nil, "no list of words yet: danger is asked of everybody, see H17"},
	{"H14 never judge, never why, never promise", TestPlain, ""},
	{"H15 never mediation", TestPlain, ""},
	{"H16 medical clock", clockWheneverItMayMatter, ""},
	{"H17 danger and self-harm", dangerComesEarly, ""},
	{"H18 receipt at once", receiptStandsAlone, ""},
	{"H19 states in words", statesInWords, ""},
	{"H20 two-way, withdrawal", withdrawalSaysWhatItCannot, ""},
	{"H21 clean-up says what remains", hideSaysWhatRemains, ""},
	{"H22 no push with content", nudgeIsChosenAndNeutral, ""},
	{"H23 feedback on the service only", nothingIsAskedAfterSending, ""},
	{"H24 no platform id with the report", nil, "store, seal"},
	{"H25 conflict of interest", readersAreSettledBeforeWords, ""},
	{"H26 audit of reads, retention", nil, "store, retention"},
	{"H27 small numbers suppressed", nil, "tally"},
	{"H28 no persons in logs", nil, "cmd/amana"},
	{"H29 notices carry a code only", noticesCarryACode, ""},
}

func TestChecklist(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, it := range items {
		number := it.item[:3]
		if want := "H" + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10)); number != want {
			t.Errorf("%q stands where %s belongs", it.item, want)
		}
		if strings.Count(string(readme), "| "+number+" ") != 1 {
			t.Errorf("README.md must say once where %s is kept", number)
		}
		if (it.proof == nil) == (it.keptBy == "") {
			t.Errorf("%s needs a proof here, or the room that keeps it", number)
		}
		if it.proof != nil {
			t.Run(it.item, it.proof)
		}
	}
}

// alarming are words that must not be seen by somebody who glances at the screen.
var alarming = regexp.MustCompile(`(?i)report|abuse|harm|danger|violence|sex|police|complain|wrong|secret|safe\b|بلاغ|إساءة|أذى|خطر|عنف|جنس|شرطة|شكوى|خاطئ|سر`)

func firstWordsTellNothing(t *testing.T) {
	for _, lang := range languages {
		words := readWords(t, lang)
		for _, key := range []string{"word.language.ask", "word.language.draft", "start.safe_now", "start.later",
			"start.bye", "bot.name", "bot.short", "bot.description", "word.nudge", "hide.remains", "hide.face", "hide.face.health",
			"hide.face.food", "hide.face.documents", "hide.health", "hide.food", "hide.documents", "word.stop.done",
			"word.ended.nothing", "word.ended.perhaps", "bot.command.start", "bot.command.hide", "bot.command.services"} {
			if found := alarming.FindString(words.all(t, key)); found != "" {
				t.Errorf("%s %s shows %q to whoever glances at the screen", lang, key, found)
			}
		}
	}
}

func languageComesFirst(t *testing.T) {
	// The engine asks before the first step of start; no flow may ask a second time or say anything before.
	if first := readFlow(t, "start")[0]; first.Type != "choice" {
		t.Errorf("start says %s before it asks anything", first.Name)
	}
	for _, lang := range languages {
		readWords(t, lang).all(t, "word.language.ask")
	}
}

func safetyComesFirst(t *testing.T) {
	start := readFlow(t, "start")
	if start[0].Name != "safe_now" {
		t.Fatalf("the first question is %s, not whether this is a good moment", start[0].Name)
	}
	later := start[0].goes(t, "not_now")
	if later != "later" || start.get(t, later).goes(t, "close") != "end" {
		t.Error("not now must lead to a short way back and the end")
	}
	if !strings.Contains(readWords(t, "en").all(t, "start.later"), "Hide") {
		t.Error("not now must offer to hide")
	}
}

func limitsComeBeforeWords(t *testing.T) {
	report := readFlow(t, "report")
	report.inOrder(t, "limits", "seen", "begin", "age")
	for _, s := range report[:report.at(t, "begin")] {
		if s.asks() {
			t.Errorf("%s asks before the limits are told", s.Name)
		}
	}
	for lang, about := range map[string][]string{"en": {"child", "Telegram", "phone"}, "ar": {"طفل", "تيليغرام", "هاتف"}} {
		words := readWords(t, lang)
		for _, form := range words["report.limits"] {
			n := len(sentences(form)) + len(sentences(words.all(t, "report.seen")))
			if n > 4 {
				t.Errorf("%s: the limits take %d sentences", lang, n)
			}
			if !strings.Contains(form, "{Readers}") {
				t.Errorf("%s: the limits do not name who reads", lang)
			}
		}
		both := words.all(t, "report.limits") + words.all(t, "report.seen")
		for _, word := range about {
			if !strings.Contains(both, word) {
				t.Errorf("%s: the limits do not speak of %q", lang, word)
			}
		}
	}
}

func servicesWithoutReport(t *testing.T) {
	start, report := readFlow(t, "start"), readFlow(t, "report")
	if start.get(t, "menu").names(t)[0] != "services" {
		t.Error("services stand first in the menu")
	}
	for _, s := range start {
		if s.Type == "file" || s.Type == "text" {
			t.Errorf("start.%s would take a report", s.Name)
		}
	}
	if to := report.get(t, "begin").goes(t, "only_services"); report.get(t, to).Type != "services" {
		t.Error("before anything is told there must be a way to services alone")
	}
}

func onlyOneQuestionIsRequired(t *testing.T) {
	for _, name := range []string{"start", "report", "mailbox", "hide"} {
		for _, s := range readFlow(t, name) {
			if s.Required && (name != "report" || s.Name != "consent_complaint" || !s.Consent) {
				t.Errorf("%s.%s cannot be skipped", name, s.Name)
			}
		}
	}
	report := readFlow(t, "report")
	for _, name := range []string{"age", "organisation", "accused", "when"} {
		if !slices.Contains(report.get(t, name).names(t), "unknown") {
			t.Errorf("report.%s does not take: I do not know", name)
		}
	}
	for _, name := range []string{"danger", "knows", "involved", "ongoing", "followed"} {
		if !slices.Contains(report.get(t, name).names(t), "not_sure") {
			t.Errorf("report.%s does not take: not sure", name)
		}
	}
}

func reviewBeforeSending(t *testing.T) {
	report := readFlow(t, "report")
	i := report.at(t, "send")
	if report[i].Type != "file" || report[i-1].Type != "review" {
		t.Error("the review stands right before the sending")
	}
	for _, s := range report[:i] {
		if s.asks() {
			for _, lang := range languages {
				readWords(t, lang).all(t, "report."+s.Name+".title")
			}
		}
	}
	for _, s := range report[i:] {
		if s.asks() {
			t.Errorf("%s asks after the review", s.Name)
		}
	}
}

func privateViolenceIsNotAsked(t *testing.T) {
	report := readFlow(t, "report")
	report.inOrder(t, "accused", "outside", "concern", "when", "where", "story")
	if i := report.at(t, "outside"); report.firstText() < i {
		t.Error("free text is asked before it is known who did it")
	}
	outside := report.get(t, "outside")
	if !strings.HasPrefix(outside.Relevant, "accused = other and ") {
		t.Errorf("outside is asked when %q", outside.Relevant)
	}
	for _, answer := range []string{"show", ""} {
		to := report.at(t, outside.goes(t, answer))
		for _, s := range report[to:] {
			if s.asks() || s.Type == "file" {
				t.Errorf("%s asks on after help was shown", s.Name)
			}
		}
	}
}

func reportAsksWhatIsNeeded(t *testing.T) {
	report := readFlow(t, "report")
	for _, name := range []string{"organisation", "accused", "concern", "danger", "ongoing", "knows", "when", "area", "where", "story", "help"} {
		report.at(t, name)
	}
	report.inOrder(t, "story", "help", "call", "reach", "consent_complaint")
	if r := report.get(t, "reach"); r.Relevant != "call = yes" {
		t.Errorf("a way to be reached is asked when %q", r.Relevant)
	}
	for _, s := range report {
		if s.Type == "number" || s.Type == "location" {
			t.Errorf("%s asks for what is not needed", s.Name)
		}
	}
	for _, lang := range languages {
		if words := readWords(t, lang); strings.Contains(words.all(t, "report.when"), "date") {
			t.Errorf("%s: a band is asked, never a date", lang)
		}
	}
}

func thirdPartiesAreWelcome(t *testing.T) {
	report := readFlow(t, "report")
	if got := report.get(t, "who").names(t); !slices.Equal(got, []string{"me", "other", "staff", "rumour"}) {
		t.Errorf("who can write: %v", got)
	}
	if r := report.get(t, "knows").Relevant; !strings.Contains(r, "other") || strings.Contains(r, "me") && !strings.Contains(r, "rumour") {
		t.Errorf("what the person concerned knows is asked when %q", r)
	}
	for _, who := range []string{"staff", "rumour"} {
		if r := report.get(t, "no_proof").Relevant; !strings.Contains(r, "who = "+who) {
			t.Errorf("%s is not told that no proof is needed", who)
		}
	}
}

func nothingIsAttached(t *testing.T) {
	for _, lang := range languages {
		words := readWords(t, lang)
		for _, what := range []string{"picture", "document", "voice", "other"} {
			if len(sentences(words.all(t, "word.refused."+what))) < 2 {
				t.Errorf("%s: %s is refused without the reason, or without saying that it was not kept", lang, what)
			}
		}
	}
}

func voiceIsRefusedKindly(t *testing.T) {
	if s := readFlow(t, "report").get(t, "story"); !s.Voice {
		t.Error("the flow is not ready for voice")
	}
	for _, lang := range languages {
		readWords(t, lang).all(t, "word.refused.voice")
	}
}

func clockWheneverItMayMatter(t *testing.T) {
	report := readFlow(t, "report")
	both := "matter = sexual or matter = trafficking"
	for band, clock := range map[string]string{"within_72h": "clock_first", "ongoing": "clock_first", "within_120h": "clock_second", "earlier": "clock_later"} {
		if r := report.get(t, clock).Relevant; !strings.Contains(r, "when = "+band) {
			t.Errorf("%s is not shown for %s", clock, band)
		}
		if r := report.get(t, "clock_any").Relevant; !strings.Contains(r, "when != "+band) {
			t.Errorf("clock_any repeats what %s says", clock)
		}
	}
	for _, name := range []string{"when", "clock_any", "clock_child"} {
		if r := report.get(t, name).Relevant; !strings.Contains(r, both) {
			t.Errorf("%s is not for every matter in which it may count: %q", name, r)
		}
	}
	report.inOrder(t, "outside_clock", "outside_child", "lines")
	if report.get(t, "outside").goes(t, "show") != "outside_clock" {
		t.Error("harm by somebody in private life has no clock")
	}
	for _, name := range []string{"outside_clock", "outside_child"} {
		if !strings.HasPrefix(report.get(t, name).Relevant, "matter = sexual and age ") {
			t.Errorf("%s is shown when %q", name, report.get(t, name).Relevant)
		}
	}
	for lang, later := range map[string]string{"en": "never too late", "ar": "لا يفوت وقت"} {
		words := readWords(t, lang)
		for _, key := range []string{"report.clock_later", "report.clock_any", "report.clock_child", "report.outside_clock", "report.outside_child"} {
			if !strings.Contains(words.all(t, key), later) {
				t.Errorf("%s %s could be read as: too late", lang, key)
			}
		}
		// The hours belong to the place.
		for key, texts := range words {
			if strings.HasPrefix(key, "report.clock_") && regexp.MustCompile(`[0-9]`).MatchString(placeholder.ReplaceAllString(strings.Join(texts, ""), "")) {
				t.Errorf("%s %s states a number of its own", lang, key)
			}
		}
	}
}

func dangerComesEarly(t *testing.T) {
	report := readFlow(t, "report")
	report.inOrder(t, "age", "danger", "danger_call", "danger_lines", "matter", "organisation", "concern")
	if s := report.get(t, "danger_lines"); s.Type != "services" || s.Relevant != "danger = yes or danger = not_sure" {
		t.Error("danger must show the urgent lines, also to somebody who is not sure")
	}
	if !report.get(t, "danger").Hint || !slices.Contains(report.get(t, "help").names(t), "talk") {
		t.Error("thoughts of not living must find a place")
	}
}

func receiptStandsAlone(t *testing.T) {
	for _, lang := range languages {
		if !strings.HasSuffix(readWords(t, lang).all(t, "word.receipt"), "\n\n{Receipt}") {
			t.Errorf("%s: the number stands on a line of its own", lang)
		}
	}
}

func statesInWords(t *testing.T) {
	for _, lang := range languages {
		for _, state := range []string{"received", "read", "referred", "confirmed", "closed", "withdrawn"} {
			readWords(t, lang).all(t, "word.state."+state)
			readWords(t, lang).all(t, "staff.state."+state)
		}
	}
}

func withdrawalSaysWhatItCannot(t *testing.T) {
	mailbox := readFlow(t, "mailbox")
	mailbox.inOrder(t, "number", "what", "further", "send", "sure", "withdraw", "keep")
	if mailbox.get(t, "what").goes(t, "withdraw") != "sure" {
		t.Error("withdrawing must be said before it is done")
	}
	for lang, text := range map[string]string{"en": "cannot be called back", "ar": "لا يمكن استرجاعه"} {
		words := readWords(t, lang)
		for _, key := range []string{"mailbox.sure", "report.consent_complaint"} {
			if !strings.Contains(words.all(t, key), text) {
				t.Errorf("%s %s does not say what cannot be undone", lang, key)
			}
		}
	}
}

func hideSaysWhatRemains(t *testing.T) {
	hide := readFlow(t, "hide")
	if hide[0].Type != "wipe" {
		t.Error("hiding wipes before it says anything")
	}
	for lang, text := range map[string]string{"en": "stays in the list", "ar": "تبقى المحادثة في القائمة"} {
		if !strings.Contains(readWords(t, lang).all(t, "hide.remains"), text) {
			t.Errorf("%s: hiding does not say what remains", lang)
		}
	}
}

func nudgeIsChosenAndNeutral(t *testing.T) {
	report := readFlow(t, "report")
	report.inOrder(t, "consent_complaint", "nudge", "nudge_hours", "send")
	for _, lang := range languages {
		words := readWords(t, lang)
		if nudge := strings.TrimSuffix(words.all(t, "word.nudge"), "."); !strings.Contains(words.all(t, "report.nudge.hint"), nudge) {
			t.Errorf("%s: what comes later is not what was shown: %q", lang, nudge)
		}
	}
}

func nothingIsAskedAfterSending(t *testing.T) {
	report := readFlow(t, "report")
	for _, s := range report[report.at(t, "send")+1:] {
		if s.asks() {
			t.Errorf("%s asks after the sending", s.Name)
		}
	}
}

func readersAreSettledBeforeWords(t *testing.T) {
	report := readFlow(t, "report")
	report.inOrder(t, "involved", "involved_org", "involved_role", "oversight", "closed_now", "story")
	if report.firstText() < report.at(t, "closed_now") {
		t.Error("free text is asked before it is known who must not see it")
	}
	for _, name := range []string{"involved_org", "involved_role"} {
		if len(report.get(t, name).names(t)) != 0 || report.get(t, name).Type != "choice" {
			t.Errorf("%s is asked by list, never by name", name)
		}
	}
	for _, name := range []string{"closed", "closed_now"} {
		if s := report.get(t, name); s.Relevant != "readers = none" || s.goes(t, "") != "lines" {
			t.Errorf("%s: no reader, no report; services instead", name)
		}
	}
	if report[0].Name != "closed" {
		t.Error("no reader must be said before anything else")
	}
}

func noticesCarryACode(t *testing.T) {
	for _, lang := range languages {
		for key, texts := range readWords(t, lang) {
			if !strings.HasPrefix(key, "staff.notice.") || key == "staff.notice.place" {
				continue
			}
			for _, text := range texts {
				for _, name := range placeholder.FindAllString(text, -1) {
					if name != "{Code}" && name != "{Deadline}" {
						t.Errorf("%s %s carries %s", lang, key, name)
					}
				}
			}
		}
	}
}

// A child is asked little, and nothing about the event.
func TestChildren(t *testing.T) {
	report := readFlow(t, "report")
	report.inOrder(t, "age", "who", "matter")
	asked := 0
	for _, s := range report {
		if !s.asks() || strings.Contains(s.Relevant, "age != under_18") {
			continue
		}
		asked++
		if slices.Contains([]string{"concern", "when", "where", "ongoing"}, s.Name) {
			t.Errorf("%s is asked of a child", s.Name)
		}
	}
	if asked > 22 {
		t.Errorf("a child may be asked %d questions", asked)
	}
	for _, lang := range languages {
		words := readWords(t, lang)
		for _, key := range []string{"report.child_me", "report.child_other", "report.child_duty", "report.clock_child", "report.outside_child"} {
			words.all(t, key)
		}
	}
}

// Nothing in the invented camp may be taken for a real place, number or organisation.
func TestExampleIsInvented(t *testing.T) {
	src, err := fs.ReadFile(flows.FS, "profiles/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\s+phone: "(.*)"`).FindAllStringSubmatch(string(src), -1) {
		if !regexp.MustCompile(`^000-000\d$`).MatchString(m[1]) {
			t.Errorf("%s could be somebody's number", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)label: \{en: "([^"]*)", ar: "([^"]*)"\}`).FindAllStringSubmatch(string(src), -1) {
		if m[1] == "" || m[2] == "" {
			t.Errorf("a label has no words: %v", m)
		}
	}
}
