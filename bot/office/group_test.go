package office_test

import (
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/office"
)

// The group of a team is joined with its word, once; in it nothing that is typed is answered, it follows the group to a new
// number, and when the bot is taken out there is none.
func TestGroupOfATeam(t *testing.T) {
	m := newMission(t)
	m.registry.Digest = casework.Digest{Times: []time.Duration{8 * time.Hour}}
	m.registry.Routes.Teams = map[string][]string{"night": {"ana", "bea"}}
	word, err := m.registry.InviteTeam(t.Context(), "night", "en")
	if err != nil {
		t.Fatal(err)
	}
	in := func(kind bot.Kind, a bot.Address, payload string) string {
		t.Helper()
		reply, err := m.office.Hear(t.Context(), bot.Incoming{Kind: kind, Group: true, Address: a, Payload: payload, Moved: "telegram:-2"})
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, o := range reply.Outs {
			texts = append(texts, o.Text)
			if len(o.Rows) > 0 {
				t.Error("a group has buttons")
			}
		}
		return strings.Join(texts, "|")
	}
	teams := func() string {
		got, err := m.registry.GroupsOfTeams(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(got, " ")
	}
	const not = "This works only in a chat with one person."
	if got := in(bot.Start, "telegram:-1", office.LinkHead+"nothing"); got != not {
		t.Errorf("a wrong word: %q", got)
	}
	if got := in(bot.Other, "telegram:-1", ""); got != not {
		t.Errorf("a strange group: %q", got)
	}
	if _, err := m.registry.Follow(t.Context(), "telegram:5", word); err != casework.ErrInvitation {
		t.Errorf("a person follows the word of a team: %v", err)
	}
	if got := in(bot.Start, "telegram:-1", office.LinkHead+word); !strings.HasPrefix(got, "This group belongs to the team now.") || teams() != "night" {
		t.Errorf("the word: %q, %s", got, teams())
	}
	if got := in(bot.Start, "telegram:-9", office.LinkHead+word); got != not {
		t.Errorf("the word in a second group: %q", got)
	}
	for _, kind := range []bot.Kind{bot.Other, bot.Moved} {
		if got := in(kind, "telegram:-1", ""); got != "" {
			t.Errorf("in the group of the team: %q", got)
		}
	}
	if got := in(bot.Other, "telegram:-2", ""); got != "" { // where it moved to
		t.Errorf("after it moved: %q", got)
	}
	in(bot.Left, "telegram:-1", "") // the old number
	if teams() != "night" {
		t.Error("the old number was left, and the group is gone")
	}
	if in(bot.Left, "telegram:-2", ""); teams() != "" {
		t.Errorf("left, and %q has a group", teams())
	}
	if _, err := m.registry.InviteTeam(t.Context(), "day", "en"); err == nil {
		t.Error("a team that is none was invited")
	}
}
