package main

import (
	"slices"
	"strings"
	"testing"

	"amana/bot"
)

// A mission may well put its police first. Whoever tells of a policeman is not shown them; of an official, last and by
// choice; a body that watches over the police is shown to everybody.
func TestLinesOfThePolice(t *testing.T) {
	book, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	said := func(en string) map[string]string { return map[string]string{"en": en} }
	h := &house{config: &config{Forces: map[string][]string{"police": {"blue"}}}, book: book, profile: &profile{Lines: []line{
		{Kind: "police", Label: said("Police"), Phone: "1"},
		{Kind: "health", Label: said("Clinic"), Phone: "2"},
		{Kind: "oversight", Label: said("Ombudsperson"), Phone: "3"},
		{Kind: "police", Label: said("Far police"), Phone: "4", Areas: []string{"far"}},
	}}}
	word, err := book.Text("en", "word.services.police", nil)
	if err != nil {
		t.Fatal(err)
	}
	fact := func(step, value string) bot.Fact {
		return bot.Fact{Flow: "report", Step: step, Values: []string{value}}
	}
	for name, c := range map[string]struct {
		told bot.Facts
		want []string
	}{
		"nothing told": {nil, []string{"Clinic", "Ombudsperson", "Police"}},
		"not yet":      {bot.Facts{fact("danger", "yes")}, []string{"Clinic", "Ombudsperson", "Police"}},
		"a policeman":  {bot.Facts{fact("matter", "sexual"), fact("accused", "police")}, []string{"Clinic", "Ombudsperson"}},
		"the police":   {bot.Facts{fact("organisation", "blue")}, []string{"Clinic", "Ombudsperson"}},
		"an official":  {bot.Facts{fact("accused", "official")}, []string{"Clinic", "Ombudsperson", word, "Police"}},
		"aid":          {bot.Facts{fact("accused", "ngo")}, []string{"Police", "Clinic", "Ombudsperson"}},
		"taken back":   {bot.Facts{{Flow: "report", Step: "accused", Skipped: true}}, []string{"Clinic", "Ombudsperson", "Police"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, l := range h.lines("en", "near", c.told) {
				first, _, _ := strings.Cut(l, "\n")
				got = append(got, first)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if got := h.lines("en", "", bot.Facts{fact("accused", "leader")}); len(got) != 5 {
		t.Errorf("without an area: %q", got)
	}
}
