package flows_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"amana/bot/flow"
	"amana/flows"
)

// load puts the shipped flows together with the lists of an invented place.
func load(t *testing.T) *flow.Set {
	t.Helper()
	files, err := fs.Glob(flows.FS, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []*flow.Flow
	for _, file := range files {
		src, err := fs.ReadFile(flows.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := flow.Parse("flows/"+file, src)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	set, err := flow.NewSet(all, []flow.List{
		{Name: "areas", Items: []string{"block_a", "town"}},
		{Name: "organisations", Items: []string{"example_relief", "example_health"}},
		{Name: "roles", Items: []string{"focal_point", "backup", "coordinator", "manager", "other"}},
		{Name: "kinds", Items: []string{"cmr", "health", "legal"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// readers plays a small mission: one desk when it is not known who is involved, nobody when the manager is.
func readers(_ string, facts flow.Facts) string {
	switch {
	case facts.Get("involved") == "not_sure":
		return flow.ReadersOversight
	case facts.Get("involved_role") == "manager":
		return flow.ReadersNone
	}
	return flow.ReadersEnough
}

// Walks of the flows, answer by answer: a name is a choice, !word a reserved word, 'text one's own words, +a,b several.
// The asked steps must be exactly these; what is said must hold these notes, and never those.
var walks = []struct {
	name, answers, asked, said, never string
}{
	{
		name:    "not now, and back within the hour",
		answers: "not_now now services forced a-1 enough close",
		asked:   "start.safe_now start.later start.menu services.need services.where services.find start.more",
		said:    "start.here start.bounds services.clock services.clock_second start.bye",
	},
	{
		name:    "a kind out of the long list, down to an area, further and wider",
		answers: "yes services other legal a-2 !back a-2 a-2-3 more wider other other health enough close",
		asked:   "start.safe_now start.menu services.need services.kind services.where services.find services.need services.kind services.find start.more",
		never:   "services.clock word.cards.none",
	},
	{
		name:    "services looked up in the middle of a report",
		answers: "yes report go_on adult !services talk a-1 enough me",
		asked:   "start.safe_now start.menu report.begin report.age report.who services.need services.where services.find report.who report.danger",
		said:    "word.services.here word.services.back",
	},
	{
		name:    "offices for remedy, and nobody is written to",
		answers: "yes topics remedy town enough close",
		asked:   "start.safe_now start.menu start.topics remedy.area remedy.offices remedy.want",
		said:    "remedy.first remedy.pathways remedy.papers",
	},
	{
		name:    "not now, and away",
		answers: "not_now close",
		asked:   "start.safe_now start.later",
		never:   "start.here",
	},
	{
		name:    "only services",
		answers: "yes report only_services",
		asked:   "start.safe_now start.menu report.begin",
		said:    "report.limits report.seen word.services.here",
	},
	{
		name:    "about oneself, everything answered",
		answers: "yes report go_on adult me no sexual example_relief ngo +sexual_assault no within_72h block_a way 'words !done no +health yes '000 !done yes yes yes evening send",
		asked: "start.safe_now start.menu report.begin report.age report.who report.danger report.matter report.organisation report.accused report.concern " +
			"report.involved report.when report.area report.where report.story report.ongoing report.help report.call report.reach report.consent_complaint " +
			"report.consent_help report.nudge report.nudge_hours report.check",
		said:  "report.not_your_fault report.clock_first report.after_read report.after_answer report.after_aid start.bye",
		never: "report.closed report.no_proof report.child_me report.not_sent report.not_taken report.outside_clock word.services.here",
	},
	{
		name:    "a child is asked nothing about the event",
		answers: "yes report go_on under_18 me yes sexual !skip unknown !skip !skip !skip !skip !skip yes !skip send",
		asked: "start.safe_now start.menu report.begin report.age report.who report.danger report.matter report.organisation report.accused report.involved " +
			"report.area report.story report.help report.call report.consent_complaint report.nudge report.check",
		said:  "report.child_me report.child_duty report.danger_call word.services.here report.not_your_fault report.clock_child report.after_read",
		never: "report.child_other report.clock_any report.clock_first",
	},
	{
		name:    "harm in private life is not asked about",
		answers: "yes report go_on adult me no sexual none other show close",
		asked:   "start.safe_now start.menu report.begin report.age report.who report.danger report.matter report.organisation report.accused report.outside support.begin",
		said:    "report.not_your_fault support.first support.clock word.services.here start.bye",
		never:   "child.clock report.not_sent sent.after_read",
	},
	{
		name:    "a child harmed in private life",
		answers: "yes report go_on under_18 other no yes sexual none other !skip !skip",
		asked:   "start.safe_now start.menu report.begin report.age report.who report.danger report.knows report.matter report.organisation report.accused report.outside child.begin",
		said:    "report.child_other child.first child.clock word.services.here",
		never:   "support.clock report.not_your_fault",
	},
	{
		name:    "a rumour, and nobody who could read it safely",
		answers: "yes report go_on unknown rumour not_sure no sexual unknown unknown !skip yes example_health manager",
		asked: "start.safe_now start.menu report.begin report.age report.who report.danger report.knows report.matter report.organisation report.accused report.concern " +
			"report.involved report.involved_org report.involved_role",
		said:  "report.no_proof report.danger_call report.quiet report.closed_now word.services.here",
		never: "report.not_your_fault report.not_sent report.outside_clock",
	},
	{
		name:    "staff, not sure who is involved",
		answers: "yes report go_on adult staff no retaliation yes example_health partner not_sure town home !skip !skip !skip !skip no erase",
		asked: "start.safe_now start.menu report.begin report.age report.who report.danger report.matter report.followed report.organisation report.accused " +
			"report.involved report.area report.where report.story report.ongoing report.help report.call report.consent_complaint drop.sure",
		said:  "report.staff_rules report.no_proof report.oversight report.not_sent word.services.here",
		never: "report.after_read report.not_taken report.closed_now",
	},
	{
		name:    "everything skipped that can be",
		answers: "!skip report !skip !skip !skip !skip !skip !skip !skip !skip !skip !skip !skip !skip !skip !skip yes !skip send",
		asked: "start.safe_now start.menu report.begin report.age report.who report.danger report.matter report.organisation report.accused " +
			"report.involved report.area report.where report.story report.ongoing report.help report.call report.consent_complaint report.nudge report.check",
		said: "report.after_read",
	},
	{
		name:    "the mailbox: write again",
		answers: "yes mailbox '4821773055169042 write 'more !done",
		asked:   "start.safe_now start.menu mailbox.number mailbox.what mailbox.further",
		said:    "mailbox.sent start.bye",
		never:   "mailbox.not_done mailbox.ended",
	},
	{
		name:    "the mailbox: withdraw, told before it is done",
		answers: "yes mailbox '4821773055169042 withdraw withdraw",
		asked:   "start.safe_now start.menu mailbox.number mailbox.what mailbox.sure",
		said:    "mailbox.withdrawn",
		never:   "mailbox.kept",
	},
	{
		name:    "the mailbox: nothing written, nothing sent",
		answers: "yes mailbox '4821773055169042 write !skip",
		asked:   "start.safe_now start.menu mailbox.number mailbox.what mailbox.further",
		never:   "mailbox.sent mailbox.not_done",
	},
	{
		name:    "hidden in the middle",
		answers: "yes report go_on adult me !hide food",
		asked:   "start.safe_now start.menu report.begin report.age report.who report.danger hide.face",
		said:    "hide.remains hide.food",
	},
}

func TestWalks(t *testing.T) {
	set := load(t)
	for _, w := range walks {
		t.Run(w.name, func(t *testing.T) {
			asked, said := walk(t, set, w.answers)
			if got := strings.Join(asked, " "); got != w.asked {
				t.Errorf("asked\n  %s\nwant\n  %s", got, w.asked)
			}
			for key := range strings.FieldsSeq(w.said) {
				if !slices.Contains(said, key) {
					t.Errorf("%s was not said", key)
				}
			}
			for key := range strings.FieldsSeq(w.never) {
				if slices.Contains(said, key) {
					t.Errorf("%s was said", key)
				}
			}
		})
	}
}

// walk answers in turn and gives the steps that were asked, each once, and all keys that were said.
func walk(t *testing.T, set *flow.Set, answers string) (asked, said []string) {
	t.Helper()
	env := flow.Env{Readers: readers, Langs: languages, Help: country{}}
	st, out := set.Begin("en", [4]byte{1}, env)
	hear := func() {
		for {
			for _, s := range out.Say {
				said = append(said, s.Key)
			}
			if a := out.Ask; !a.IsZero() {
				if step := a.Flow + "." + a.Step; len(asked) == 0 || asked[len(asked)-1] != step {
					asked = append(asked, step)
				}
			}
			switch {
			case out.End || out.Act.Do == "":
				return
			case out.Act.Do == flow.ActHide:
				st, out = set.Enter(flow.HideFlow, "en", [4]byte{2}, env)
			default:
				st, out = set.Step(st, flow.Input{Kind: flow.InResult, Result: flow.ResultOK}, env)
			}
		}
	}
	hear()
	for answer := range strings.FieldsSeq(answers) {
		if out.End {
			t.Fatalf("the conversation is over before %q", answer)
		}
		st, out = set.Step(st, input(answer), env)
		if slices.ContainsFunc(out.Say, func(s flow.Say) bool { return strings.HasPrefix(s.Key, "word.notunderstood") }) {
			t.Fatalf("%q is no answer to %s", answer, asked[len(asked)-1])
		}
		hear()
	}
	return asked, said
}

func input(answer string) flow.Input {
	switch answer[0] {
	case '!':
		return flow.Input{Kind: flow.InWord, Choice: answer[1:]}
	case '+':
		return flow.Input{Kind: flow.InChoices, Choices: strings.Split(answer[1:], ",")}
	case '\'':
		return flow.Input{Kind: flow.InText, Text: answer[1:]}
	}
	return flow.Input{Kind: flow.InChoice, Choice: answer}
}
