package main

import (
	"strings"
	"testing"
)

// The longest report of every flow, each of its characters as long as one can be inside, passes through the whole house:
// it is sealed, filed, handed out, opened, and nothing of it is cut.
func TestLongestReports(t *testing.T) {
	const contact = "way=phone|reach: ×300|!done|hours=morning,midday,evening,night,any|answers=trusted|cover=own|cover_words: ×200|!done"
	const end = "nudge=yes|nudge_hours=evening|check=send"
	for name, c := range map[string]struct{ reader, script string }{
		"report": {"health", "menu=report|begin=go_on|age=adult|who=other|danger=not_sure|knows=not_sure|matter=sexual|organisation=example_children|accused=contractor|" +
			"concern=sex_for_aid,sexual_assault,harassment,hiring,relationship,other|involved=no|inside=may|when=within_120h|area=river_side|where=distribution|" +
			"story: ×4000|voice 150|voice 150|voice 150|voice 150|!done|ongoing=not_sure|help=health,safe_place,talk,legal,money|call=yes|reach: ×300|!done|consent_complaint=yes|consent_help=yes|" + end},
		"support": {"care", "menu=support|age=unknown|danger=not_sure|by=unknown|begin=go_on|who=staff|help=health,safe_place,talk,legal,money|when=within_120h|area=river_side|" +
			"prefer=woman,language,access|" + contact + "|consent_send=yes|consent_help=yes|" + end},
		"child": {"playroom", "menu=child|age=under_18|who=staff|danger=not_sure|by=unknown|begin=go_on|how=me_first,woman,not_home,not_phone,school|help=health,safe_place,talk,other|" +
			"area=river_side|" + contact + "|consent_send=yes|consent_help=yes|" + end},
		"remedy": {"relief", "menu=topics|topics=remedy|area=river_side|offices=enough|want=legal|age=unknown|question: ×1500|voice 150|voice 150|voice 150|voice 150|!done|prefer=woman,language,access|" + contact + "|consent_send=yes|consent_help=yes|" + end},
		"participate": {"health", "menu=topics|topics=participate|what=kept_out|which=women|area=river_side|organisation=example_relief|involved=yes|involved_org=example_relief|involved_role=focal_point|" +
			"story: ×2000|voice 150|voice 150|voice 150|voice 150|!done|" + contact + "|consent_complaint=yes|" + end},
		"feedback": {"health", "menu=feedback|about=left_out|organisation=example_relief|area=river_side|age=adult|hurt=not_sure|lane_late=no|involved=yes|involved_org=example_relief|" +
			"involved_role=focal_point|story: ×3000|voice 150|voice 150|voice 150|voice 150|!done|" + contact + "|consent_complaint=yes|" + end},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlayer(t, exampleProfile, "ar", nil)
			p.long = true
			texts := 0
			for _, line := range strings.Split("door with voice|start|!language=this|safe_now=yes|"+c.script+"|@"+c.reader+" read", "|") {
				p.at = line
				if head, count, ok := strings.Cut(line, ": ×"); ok {
					line = head + ": " + longest(t, count)
					texts += len([]rune(line)) - len(head) - 2
				}
				p.play(line)
			}
			all, err := p.reports(t.Context())
			if err != nil || len(all) != 1 {
				t.Fatalf("%d reports, %v", len(all), err)
			}
			in, err := p.readAs(t.Context(), c.reader, string(all[0].Code))
			if err != nil {
				t.Fatal(err)
			}
			read, heard := 0, 0
			for _, a := range in.body.Answers {
				for _, v := range a.Voices {
					if sound, _, err := in.sound(v); err == nil && len(sound) == 300_004 {
						heard++
					}
				}
				read += len([]rune(a.Text))
			}
			if read != texts {
				t.Errorf("%d of %d characters are read", read, texts)
			}
			if said := strings.Count(c.script, "voice "); heard != said {
				t.Errorf("%d of %d voice messages are heard", heard, said)
			}
		})
	}
}

// longest gives a text of so many characters, which take six bytes each inside a sealed message.
func longest(t *testing.T, count string) string {
	t.Helper()
	n := map[string]int{"200": 200, "300": 300, "1500": 1500, "2000": 2000, "3000": 3000, "4000": 4000}[count]
	if n == 0 {
		t.Fatalf("no text of %s characters", count)
	}
	return "a" + strings.Repeat("\u2028", n-2) + "z"
}
