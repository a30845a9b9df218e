package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"amana/bot/office"
	"amana/bot/sheet"
)

// inviteTeamDeed asks for the word with which a group becomes that of a team.
type inviteTeamDeed struct{ Team, Lang string }

// inviteTeam prints the link that adds the staff bot to a group and makes it the one of a team.
func inviteTeam(ctx context.Context, c *call, conf *config, p *profile, team, lang string, person bool) error {
	_, there := conf.Teams[team]
	switch {
	case person:
		return usagef("invite: -team is for a group and for no person; only -lang goes with it")
	case !there:
		return usagef("invite: %s has no team %q; %s", conf.at("teams"), team, sheet.Known(team, slices.Sorted(maps.Keys(conf.Teams))))
	case len(conf.Notices.Digest) == 0:
		return usagef("invite: %s: a group gets nothing but digests, and there are none; add digest: [\"08:00\", \"16:00\"] to notices:", conf.at("notices"))
	}
	if lang == "" {
		lang = p.Languages[0]
	}
	var word string
	if err := ask(ctx, conf, "team", inviteTeamDeed{team, lang}, &word); err != nil {
		return err
	}
	token := c.env("AMANA_STAFF_TOKEN")
	if token == "" {
		token = c.env("AMANA_TELEGRAM_TOKEN")
	}
	payload := office.LinkHead + word
	if token != "" {
		if user, err := botUser(ctx, token, c.env("AMANA_TELEGRAM_API")); err == nil && user != "" {
			_, err := fmt.Fprintf(c.stdout, "https://t.me/%s?startgroup=%s\n", user, payload)
			return err
		}
	}
	fmt.Fprintln(c.stderr, "the name of the staff bot could not be asked for (no token, or no way to Telegram): add it to the group and send this line there, with @ and its name behind /start")
	_, err := fmt.Fprintf(c.stdout, "/start %s\n", payload)
	return err
}

func doInviteTeam(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d inviteTeamDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	if !slices.Contains(h.offered, d.Lang) {
		return nil, fmt.Errorf("invite: -lang %q is not on offer here; %s", d.Lang, sheet.Known(d.Lang, h.offered))
	}
	return h.registry.InviteTeam(ctx, d.Team, d.Lang)
}
