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
	{"H12 voice", voiceWhereSomebodyTells, ""},
	{"H13 a disclosure elsewhere is taken up", disclosureIsTakenUpGently, ""},
	{"H14 never judge, never why, never promise", TestPlain, ""},
	{"H15 never mediation", noTalkWithWhoHarmed, ""},
	{"H16 medical clock", clockWheneverItMayMatter, ""},
	{"H17 danger and self-harm", dangerComesEarly, ""},
	{"H18 receipt at once", receiptStandsAlone, ""},
	{"H19 states in words", statesInWords, ""},
	{"H20 two-way, withdrawal", withdrawalSaysWhatItCannot, ""},
	{"H21 clean-up says what remains", hideSaysWhatRemains, ""},
	{"H22 no push with content", nudgeIsChosenAndNeutral, ""},
	{"H23 feedback on the service only", feedbackIsAboutTheService, ""},
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
var alarming = regexp.MustCompile(`(?i)report|abuse|harm|danger|violence|sex|police|complain|wrong|secret|safe\b|بلاغ|إساءة|أذى|خطر|عنف|جنس|شرطة|شكوى|خاطئ|سر|` +
	`signal|abus|grave|viol|plain|normal|` +
	`denuncia|abuso|daño|peligro|violencia|polic[ií]a|queja|no está bien|a salvo|segur[oa]|` +
	`রিপোর্ট|নির্যাতন|ক্ষতি|বিপদ|সহিংস|যৌন|শারীরিক|পুলিশ|অভিযোগ|অন্যায়|গোপন|নিরাপদ`)

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
	for _, name := range filing[1:] {
		f := readFlow(t, name)
		f.inOrder(t, "limits", "contact", f.consent(t), "line", "check", "send")
		if s := f.get(t, "limits"); s.Flow != "limits" || s.Relevant != "" {
			t.Errorf("%s: the limits are told when %q", name, s.Relevant)
		}
		if first := f.firstText(); first >= 0 && first < f.at(t, "limits") {
			t.Errorf("%s: free text is asked before the limits are told", name)
		}
	}
	for _, lang := range languages {
		words := readWords(t, lang)
		if !slices.Equal(slices.Sorted(slices.Values(words["limits.who"])), slices.Sorted(slices.Values(words["report.limits"]))) || words.all(t, "limits.seen") != words.all(t, "report.seen") {
			t.Errorf("%s: the limits are told in two ways", lang)
		}
	}
	report := readFlow(t, "report")
	report.inOrder(t, "limits", "seen", "begin", "age")
	for _, s := range report[:report.at(t, "begin")] {
		if s.asks() {
			t.Errorf("%s asks before the limits are told", s.Name)
		}
	}
	for lang, about := range map[string][]string{"en": {"child", "Telegram", "phone"}, "ar": {"طفل", "تيليغرام", "هاتف"}, "fr": {"enfant", "Telegram", "téléphone"},
		"es": {"menor", "Telegram", "celular"}, "bn": {"শিশু", "টেলিগ্রাম", "ফোন"}} {
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
	for _, step := range []string{"menu", "more", "topics"} {
		if n := len(start.get(t, step).names(t)); n > 8 {
			t.Errorf("start.%s has %d choices, which a small screen does not show at once", step, n)
		}
	}
	for _, s := range start {
		if s.Type == "file" || s.Type == "text" {
			t.Errorf("start.%s would take a report", s.Name)
		}
	}
	if f := readFlow(t, start.get(t, "services").Flow); len(f) == 0 || f[0].Name != "need" || f.firstText() >= 0 {
		t.Error("services begin with what is needed, and take no words")
	}
	for _, s := range readFlow(t, "services") { // somebody may be in the middle of a report
		if !slices.Contains([]string{"choice", "note", "place", "services"}, s.Type) || s.Required || s.Consent {
			t.Errorf("services.%s of type %s has no business there", s.Name, s.Type)
		}
	}
	if to := report.get(t, "begin").goes(t, "only_services"); report.get(t, to).Type != "services" {
		t.Error("before anything is told there must be a way to services alone")
	}
	// Harm in private life: services come first, and leaving then files nothing.
	for _, name := range []string{"support", "child"} {
		f := readFlow(t, name)
		f.inOrder(t, "first", "age", "clock", "lines", "by", "closed", "begin", "send")
		if s := f.get(t, "lines"); s.Type != "services" || s.Relevant != "" {
			t.Errorf("%s: services are shown when %q", name, s.Relevant)
		}
		for _, answer := range []string{"close", ""} {
			if to := f.get(t, "begin").goes(t, answer); to != "end" {
				t.Errorf("%s: whoever does not go on is led to %s", name, to)
			}
		}
	}
}

func onlyOneQuestionIsRequired(t *testing.T) {
	for _, name := range flowNames {
		required := 0
		for _, s := range readFlow(t, name) {
			if !s.Required {
				continue
			}
			if required++; !s.Consent || !strings.HasPrefix(s.Name, "consent_") || s.goes(t, "no") != "drop" {
				t.Errorf("%s.%s cannot be skipped", name, s.Name)
			}
		}
		if slices.Contains(filing, name) != (required == 1) {
			t.Errorf("%s has %d questions that cannot be skipped", name, required)
		}
	}
	for _, name := range flowNames {
		for _, s := range readFlow(t, name) {
			own := s.names(t)
			if s.Name == "age" && !slices.Contains(own, "unknown") || slices.Contains([]string{"danger", "hurt", "by", "organisation", "lane", "lane_late"}, s.Name) &&
				!slices.Contains(own, "not_sure") && !slices.Contains(own, "unknown") {
				t.Errorf("%s.%s does not take: I do not know", name, s.Name)
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
	for _, name := range filing {
		f := readFlow(t, name)
		i := f.at(t, "send")
		if f[i].Type != "file" || f[i-1].Type != "review" {
			t.Errorf("%s: the review stands right before the sending", name)
		}
		for _, s := range f[:i] {
			if s.asks() {
				for _, lang := range languages {
					readWords(t, lang).all(t, name+"."+s.Name+".title")
				}
			}
		}
		for _, s := range f[i:] {
			if s.asks() {
				t.Errorf("%s.%s asks after the review", name, s.Name)
			}
		}
	}
}

// mayAsk is all that may be asked about harm in private life: the area, the kind of help wanted, a band of time, whether
// the person is under 18, preferences, and a safe way to answer, which needs to know for whom it is; whether there is
// danger now; and whether it belongs into another flow.
var mayAsk = map[string][]string{
	"support": {"age", "danger", "by", "begin", "who", "help", "when", "area", "prefer", "consent_send", "consent_help"},
	"child":   {"age", "who", "danger", "by", "begin", "how", "help", "area", "consent_send", "consent_help"},
	"contact": {"way", "reach", "hours", "answers", "cover", "cover_words"},
	"line":    {"nudge", "nudge_hours"},
	"limits":  nil,
	"sent":    nil,
}

func privateViolenceIsNotAsked(t *testing.T) {
	report := readFlow(t, "report")
	report.inOrder(t, "accused", "outside", "concern", "when", "where", "story")
	if i := report.at(t, "outside"); report.firstText() < i {
		t.Error("free text is asked before it is known who did it")
	}
	outside := report.get(t, "outside")
	if !strings.HasPrefix(outside.Relevant, "accused = other and ") || !strings.HasSuffix(outside.Relevant, " and by != yes") {
		t.Errorf("outside is asked when %q", outside.Relevant)
	}
	for _, answer := range []string{"show", ""} {
		if outside.goes(t, answer) != "to_child" {
			t.Errorf("harm in private life leads to %s", outside.goes(t, answer))
		}
	}
	report.inOrder(t, "to_child", "to_support")
	if c, s := report.get(t, "to_child"), report.get(t, "to_support"); c.Relevant != "age = under_18" || c.Flow != "child" || s.Relevant != "" || s.Flow != "support" {
		t.Error("under 18 leads to child, everybody else to support")
	}
	for name, may := range mayAsk {
		for _, s := range readFlow(t, name) {
			if s.asks() && !slices.Contains(may, s.Name) {
				t.Errorf("%s asks for %s", name, s.Name)
			}
			if s.Type == "flow" && mayAsk[s.Flow] == nil && !slices.Contains([]string{"limits", "sent", "report", "drop"}, s.Flow) {
				t.Errorf("%s leads to %s", name, s.Flow)
			}
		}
	}
	// What was answered on the way is not asked again.
	for step, from := range map[string][]string{
		"support.age": {"report", "feedback", "child"}, "support.danger": {"report", "child"}, "support.who": {"report", "child"}, "support.area": {"feedback"},
		"child.age": {"report", "support", "feedback"}, "child.danger": {"report"}, "child.who": {"report"}, "child.area": {"feedback"},
		"report.age": {"support", "child", "feedback"}, "report.danger": {"support", "child"}, "report.who": {"child"},
		"report.organisation": {"feedback"}, "report.area": {"feedback"},
	} {
		flow, name, _ := strings.Cut(step, ".")
		for _, f := range from {
			if !slices.Contains(readFlow(t, flow).get(t, name).Known, f) {
				t.Errorf("%s is asked again of somebody who comes from %s", step, f)
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

// A disclosure in the wrong place is met with a guess that is shown as one, can be put aside with one tap, and leads into
// the right flow.
func disclosureIsTakenUpGently(t *testing.T) {
	f := readFlow(t, "feedback")
	f.inOrder(t, "about", "lane", "organisation", "area", "age", "hurt", "lane_late", "story")
	for lane, why := range map[string][]string{"lane": {"about = asked", "about = safety"}, "lane_late": {"hurt = yes", "hurt = not_sure", "age = under_18 and lane != no"}} {
		s := f.get(t, lane)
		for _, w := range why {
			if !strings.Contains(s.Relevant, w) {
				t.Errorf("%s does not take up %s", lane, w)
			}
		}
		for answer, to := range map[string]string{"aid": "to_report", "someone": "to_support", "unknown": "to_support"} {
			if s.goes(t, answer) != to {
				t.Errorf("%s %s leads to %s", lane, answer, s.goes(t, answer))
			}
		}
		for _, answer := range []string{"no", ""} {
			if to := s.goes(t, answer); f.at(t, to) < f.at(t, lane) || f.at(t, to) > f.at(t, "story") {
				t.Errorf("%s cannot be put aside: it leads to %s", lane, to)
			}
		}
	}
	for lang, perhaps := range map[string]string{"en": "Perhaps", "ar": "ربما", "fr": "Peut-être", "es": "Tal vez", "bn": "হয়তো"} {
		words := readWords(t, lang)
		for _, key := range []string{"feedback.lane", "feedback.lane_late"} {
			if first, _, _ := strings.Cut(words.all(t, key), sentenceEnd.FindString(words.all(t, key))); !strings.Contains(first, perhaps) {
				t.Errorf("%s %s does not say that it only guesses", lang, key)
			}
		}
	}
}

// Disputes are over water, land or aid. Where somebody was hurt, no talk between the two is offered.
func noTalkWithWhoHarmed(t *testing.T) {
	TestPlain(t)
	f := readFlow(t, "participate")
	if got := f.get(t, "over").names(t); !slices.Equal(got, []string{"water", "land", "aid"}) {
		t.Errorf("disputes are taken over %v", got)
	}
	f.inOrder(t, "what", "hurt", "apart", "over", "story", "never_meet", "to_support")
	if h := f.get(t, "hurt"); h.Relevant != "what = dispute" || h.goes(t, "yes") != "never_meet" || f.get(t, "apart").Relevant != "hurt = not_sure" {
		t.Error("a dispute goes on without asking whether somebody was hurt")
	}
	if i := f.at(t, "never_meet"); f[i+1].Flow != "support" || f[i].Relevant != "" {
		t.Error("where somebody was hurt, help follows")
	}
	for name := range mayAsk {
		for _, s := range readFlow(t, name) {
			if s.Flow == "participate" {
				t.Errorf("%s leads into disputes", name)
			}
		}
	}
}

// What is asked as feedback is asked about aid, and nothing follows a sending.
func feedbackIsAboutTheService(t *testing.T) {
	nothingIsAskedAfterSending(t)
	f := readFlow(t, "feedback")
	for _, s := range f {
		if s.asks() && slices.Contains([]string{"when", "where", "matter", "concern", "accused", "ongoing"}, s.Name) {
			t.Errorf("feedback asks about an event: %s", s.Name)
		}
	}
	rights := readFlow(t, "rights")
	if to := rights.get(t, "about").goes(t, "chat"); rights.get(t, to).Flow != "feedback" || !slices.Contains(f.get(t, "about").Known, "rights") {
		t.Error("a complaint about the chat does not lead into feedback")
	}
}

// A kind is read by whom it is for: no flow about private harm opens without such readers.
func TestNobodyReadsInTheirPlace(t *testing.T) {
	for _, name := range []string{"support", "child", "remedy", "feedback", "participate"} {
		f := readFlow(t, name)
		closed := f.get(t, "closed")
		if closed.Relevant != "readers = none" || closed.Type != "note" {
			t.Errorf("%s opens without readers", name)
		}
		to := closed.goes(t, "")
		if to != "end" && f.get(t, to).Type != "services" {
			t.Errorf("%s leads on to %s without readers", name, to)
		}
		if first := f.firstText(); first >= 0 && first < f.at(t, "closed") || f.at(t, "limits") < f.at(t, "closed") {
			t.Errorf("%s asks before it is known that somebody reads", name)
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

// A voice tells who speaks: it is taken where somebody tells in their own words, and nowhere else.
func voiceWhereSomebodyTells(t *testing.T) {
	tells := map[string]string{"report": "story", "feedback": "story", "participate": "story", "remedy": "question", "mailbox": "further"}
	files, err := fs.Glob(flows.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".yaml")
		for _, s := range readFlow(t, name) {
			if want := tells[name] != "" && tells[name] == s.Name; s.Voice != want {
				t.Errorf("%s.%s takes voice messages: %v", name, s.Name, s.Voice)
			}
		}
	}
	for _, lang := range languages {
		for _, key := range []string{"word.refused.voice", "word.voice.may", "word.voice.long", "word.voice.full", "word.voice.lost"} {
			readWords(t, lang).all(t, key)
		}
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
	// Where sexual violence is possible and nobody asks, the clock is shown to everybody, before any question about help.
	for _, name := range []string{"support", "child"} {
		f := readFlow(t, name)
		if c := f.get(t, "clock"); c.Type != "note" || c.Relevant != "" {
			t.Errorf("%s: the clock is shown when %q", name, c.Relevant)
		}
		f.inOrder(t, "clock", "lines", "by", "begin")
	}
	// Whoever looks for care after sex by force is told of both ends of it before anything else is asked.
	look := readFlow(t, "services")
	for _, name := range []string{"clock", "clock_second"} {
		if c := look.get(t, name); c.Type != "note" || c.Relevant != "need = forced" {
			t.Errorf("services: %s is shown when %q", name, c.Relevant)
		}
	}
	look.inOrder(t, "need", "kind", "clock", "clock_second", "where", "find")
	support := readFlow(t, "support")
	for band, clock := range map[string]string{"within_72h": "clock_first", "ongoing": "clock_first", "within_120h": "clock_second", "earlier": "clock_later"} {
		if r := support.get(t, clock).Relevant; !strings.Contains(r, "when = "+band) {
			t.Errorf("support: %s is not shown for %s", clock, band)
		}
	}
	for lang, later := range map[string]string{"en": "never too late", "ar": "لا يفوت وقت", "fr": "jamais trop tard", "es": "unca es tarde", "bn": "কখনো বেশি দেরি হয় না"} {
		words := readWords(t, lang)
		for _, key := range []string{"report.clock_later", "report.clock_any", "report.clock_child", "support.clock", "support.clock_later", "child.clock", "services.clock"} {
			if !strings.Contains(words.all(t, key), later) {
				t.Errorf("%s %s could be read as: too late", lang, key)
			}
		}
		// The hours belong to the place.
		for key, texts := range words {
			if strings.Contains(key, ".clock") && regexp.MustCompile(`[0-9]`).MatchString(placeholder.ReplaceAllString(strings.Join(texts, ""), "")) {
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
	for lang, text := range map[string]string{"en": "cannot be called back", "ar": "لا يمكن استرجاعه", "fr": "ne peut plus être repris",
		"es": "no se puede traer de vuelta", "bn": "ফেরত নেওয়া যায় না"} {
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
	for lang, text := range map[string]string{"en": "stays in the list", "ar": "تبقى المحادثة في القائمة", "fr": "reste dans la liste",
		"es": "sigue en la lista", "bn": "চ্যাট তালিকায় থাকে"} {
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
		if nudge := strings.TrimRight(words.all(t, "word.nudge"), ".।။።"); !strings.Contains(words.all(t, "report.nudge.hint"), nudge) {
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
	for _, name := range []string{"feedback", "participate"} {
		f := readFlow(t, name)
		f.inOrder(t, "avoid", "closed_now", "story")
		if f.firstText() < f.at(t, "closed_now") || f.get(t, "closed_now").Relevant != "readers = none" {
			t.Errorf("%s: free text is asked before it is known who must not see it", name)
		}
	}
	for _, s := range readFlow(t, "avoid") {
		if s.Type == "text" {
			t.Errorf("avoid.%s asks for a name", s.Name)
		}
	}
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
	asked, child := 0, readFlow(t, "child")
	for _, s := range child {
		if s.asks() {
			asked++
		}
		if s.Type == "text" {
			t.Errorf("child.%s asks a child for words", s.Name)
		}
	}
	if asked > 10 {
		t.Errorf("a child may be asked %d questions", asked)
	}
	child.inOrder(t, "limits", "duty", "free", "how", "contact", "consent_send")
	for _, name := range []string{"support", "report"} {
		f := readFlow(t, name)
		if !slices.ContainsFunc(f, func(s step) bool { return s.Flow == "child" }) {
			t.Errorf("%s does not lead to child", name)
		}
	}
	report := readFlow(t, "report")
	report.inOrder(t, "age", "who", "matter")
	asked = 0
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
		for _, key := range []string{"report.child_me", "report.child_other", "report.child_duty", "report.clock_child", "child.clock", "child.duty", "child.free"} {
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
	labels := regexp.MustCompile(`(?m)label: \{.*?\}`).FindAllString(string(src), -1)
	if len(labels) == 0 {
		t.Error("there is no label")
	}
	words := placeWords(t, "example")
	for _, label := range labels {
		english := regexp.MustCompile(`\ben: "([^"]+)"`).FindStringSubmatch(label)
		for _, lang := range languages {
			if !regexp.MustCompile(`\b`+lang+`: "[^"]+"`).MatchString(label) && (english == nil || words[lang][english[1]] == "") {
				t.Errorf("a label has no words in %s: %s", lang, label)
			}
		}
	}
}
