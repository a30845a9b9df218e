package flows_test

import (
	"testing"

	"amana/bot/flow"
	"amana/bot/speech"
	"amana/locales"
)

// texts shows the catalogs to the checker, with labels for the lists of the invented place.
type texts struct {
	speech.Sources
	book *speech.Book
}

func (t texts) Keys(string) []string { return t.book.Keys() }

// Text gives list items a label of their own, as a profile does.
func (t texts) Text(lang, key string) (string, []string, bool) {
	if len(key) > 5 && key[:5] == "list." {
		return key[5:], nil, true
	}
	return t.Sources.Text(lang, key)
}

// given are the placeholders that the chat fills in any sentence: from the route, the profile and the clocks.
var given = []string{"Readers", "Count", "Hours", "Accused", "Window1", "Window2", "Morning", "Midday", "Evening", "Night"}

// Every path of every flow in every language, with the real engine: each step reachable, each path ends, a way out
// everywhere, no text missing, left over, too long or typed like another.
func TestEveryPath(t *testing.T) {
	book, err := speech.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	report := flow.Check(load(t), texts{book.Sources(), book}, flow.Limits{
		Text: 4096, Label: 48, Data: 64, Args: given, Lines: []string{"remedies"},
		Others: []string{"bot.", "staff.", "open.", "word.guess", "word.when.", "service.kind.", "service.for.", "service.language.", "card.", "hours.", "pathway.", "page.", "desk.", "demo."},
	})
	for _, p := range report.Problems {
		t.Error(p)
	}
	t.Logf("%d flows, %d steps, %d states, %d paths, %d texts in %d languages",
		report.Flows, report.Steps, report.States, report.Paths, report.Texts, report.Languages)
	if report.Flows != len(flowNames) || report.Languages < len(languages) {
		t.Errorf("checked %d flows in %d languages", report.Flows, report.Languages)
	}
}
