package ticket

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answers are facts as a test writes them; several choices are parted by commas.
type answers map[string]string

func (a answers) Get(step string) string {
	v, _, _ := strings.Cut(a[step], ",")
	return v
}

func (a answers) Has(step, value string) bool {
	return value != "" && slices.Contains(strings.Split(a[step], ","), value)
}

// with gives the same answers and some more, written as "step=value".
func (a answers) with(more ...string) answers {
	out := answers{}
	for k, v := range a {
		out[k] = v
	}
	for _, m := range more {
		k, v, _ := strings.Cut(m, "=")
		out[k] = v
	}
	return out
}

func say(more ...string) answers { return answers{}.with(more...) }

func TestKindOfFacts(t *testing.T) {
	for _, c := range []struct {
		filed Kind
		facts answers
		want  Kind
	}{
		{SEA, say(), SEA},
		{"", say(), Other},
		{"made_up", say(), Other},
		{SEA, say("matter=sexual"), SEA},
		{SEA, say("matter=trafficking"), Trafficking},
		{SEA, say("matter=force"), Force},
		{SEA, say("matter=favours"), Fraud},
		{SEA, say("matter=retaliation"), Retaliation},
		{SEA, say("matter=other"), Other},
		{Fraud, say("matter=made_up"), Fraud},
		{Fraud, say("matter=favours", "concern=hiring,sex_for_aid"), SEA},
		{Fraud, say("matter=other", "concern=sexual_assault"), SEA},
		{Fraud, say("matter=other", "concern=relationship"), SEA},
		{Fraud, say("concern=harassment"), SEA},
		{Fraud, say("matter=favours", "concern=hiring,other"), Fraud},
		{SEA, say("matter=trafficking", "concern=sexual_assault"), Trafficking},
		{SEA, say("matter=force", "concern=sexual_assault"), Force},
		{SEA, say("matter=retaliation", "concern=harassment"), Retaliation},
		{Other, say("accused=police"), Force},
		{SEA, say("matter=sexual", "accused=police"), SEA},
	} {
		if got := Classify(c.filed, "en", c.facts); got.Kind != c.want || got.Class != ClassReport {
			t.Errorf("%s with %v: %s, class %s, want %s", c.filed, c.facts, got.Kind, got.Class, c.want)
		}
	}
}

func TestUrgency(t *testing.T) {
	for _, c := range []struct {
		facts answers
		want  Urgency
	}{
		{say(), Normal},
		{say("age=under_18"), Urgent},
		{say("age=adult"), Normal},
		{say("age=unknown"), Normal},
		{say("danger=yes"), Urgent},
		{say("danger=not_sure"), Normal},
		{say("danger=no"), Normal},
		{say("matter=sexual", "when=within_72h"), Urgent},
		{say("matter=trafficking", "when=within_72h"), Urgent},
		{say("matter=favours", "when=within_72h"), Normal},
		{say("matter=force", "when=within_72h"), Normal},
		{say("matter=force", "concern=sexual_assault", "when=within_72h"), Urgent},
		{say("matter=sexual", "when=within_120h"), Normal},
		{say("matter=sexual", "when=earlier"), Normal},
		{say("matter=sexual", "when=unknown"), Normal},
		{say("matter=sexual"), Normal},
		{say("matter=favours", "age=under_18"), Urgent},
	} {
		if got := Classify(Fraud, "en", c.facts).Urgency; got != c.want {
			t.Errorf("%v: %s, want %s", c.facts, got, c.want)
		}
	}
}

func TestClassifyReadsTheRest(t *testing.T) {
	got := Classify(SEA, "ar", say("age=under_18", "accused=ngo", "organisation=blue", "area=north", "involved=yes",
		"involved_org=green", "involved_role=backup"))
	want := Case{
		Kind: SEA, Class: ClassReport, Urgency: Urgent, Age: Under18, Child: true, Accused: "ngo", Org: "blue", Area: "north",
		Lang: "ar", Involved: Involved, InvolvedOrg: "green", InvolvedRole: Backup,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	unsaid := Classify(SEA, "en", say("accused=unknown", "organisation=unknown", "area=none", "age=unknown", "involved=no"))
	want = Case{Kind: SEA, Class: ClassReport, Urgency: Normal, Lang: "en", Involved: NotInvolved}
	if d := cmp.Diff(want, unsaid); d != "" {
		t.Errorf("unknown and none: %s", d)
	}
	if c := Classify(SEA, "en", say("involved=not_sure", "involved_org=blue")); c.InvolvedOrg != "" {
		t.Errorf("an answer that no longer counts is kept: %+v", c)
	}
}

// Whatever a flow lets through, no person's own words get into the outer record by way of a list.
func TestClassifyLetsNoWordsThrough(t *testing.T) {
	for _, words := range []string{"my name is Amina", "Blue", "كلمة", "a b", "_x", strings.Repeat("a", 25), "x\x00"} {
		c := Classify(Kind(words), words, say("area="+words, "organisation="+words, "accused="+words, "age="+words,
			"involved=yes", "involved_org="+words, "involved_role="+words))
		for _, f := range []string{string(c.Kind), c.Area, c.Org, c.Accused, string(c.Age), c.InvolvedOrg, string(c.InvolvedRole)} {
			if f == words {
				t.Errorf("%q got through: %+v", words, c)
			}
		}
	}
	if tidyLang("my name") != "" || tidyLang("zh-Hant-TW") == "" {
		t.Error("languages")
	}
}
