package casework

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/store"
)

// toGroup puts the notice for the group of a team together; ok is false for everything but a digest.
func (r *Registry) toGroup(rd *store.Read, n store.Waiting, out bot.Notice) (bot.Notice, bool, error) {
	team := strings.TrimPrefix(n.Reader, teamHead)
	groups, err := rd.Groups()
	g, there := groups[team]
	if _, kept := r.Routes.Teams[team]; err != nil || !there || !kept || n.Event != EventDigest {
		return out, false, err
	}
	out.Address, out.Lang = g.Address, g.Lang
	return out, true, nil
}

// InviteTeam makes the word with which a group becomes the one of a team: once, within a day. It is an error without
// digests, since a group gets nothing else, and for a team that the mission does not have.
func (r *Registry) InviteTeam(ctx context.Context, team, lang string) (word string, err error) {
	switch _, there := r.Routes.Teams[team]; {
	case !there:
		return "", errors.New("inviting a group: the mission has no such team")
	case len(r.Digest.Times) == 0:
		return "", errors.New("inviting a group: a group gets nothing but digests, and this mission has none")
	}
	raw := make([]byte, 15)
	if _, err := io.ReadFull(r.Rand, raw); err != nil {
		return "", errors.New("inviting a group: no random bytes")
	}
	word = linkWord(raw)
	now := r.Now()
	return word, r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if err := w.PutInvitation(word, store.Invitation{Team: team, Lang: lang, Until: now.Add(invitationLives).UTC()}); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(now), Who: "operator", Did: "invited the group of a team", Whom: team})
	})
}

// JoinGroup makes a group the one of the team whose word was said in it, in the place of an earlier one, and uses the word
// up. It gives the language of the team. The same word said again in that very group changes nothing. It is ErrInvitation
// for any other word.
func (r *Registry) JoinGroup(ctx context.Context, a bot.Address, word string) (lang string, err error) {
	now := r.Now()
	err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		i, found, err := w.Invitation(word)
		if err != nil {
			return err
		}
		if !found || i.Team == "" || now.After(i.Until) || i.Taken != "" && i.Taken != a {
			return ErrInvitation
		}
		if lang = i.Lang; i.Taken == a {
			return nil
		}
		groups, err := w.Groups()
		if err != nil {
			return err
		}
		groups[i.Team] = store.Group{Address: a, Lang: i.Lang}
		if err := w.PutGroups(groups); err != nil {
			return err
		}
		i.Taken = a // it stays until its day is over: the update may come twice
		if err := w.PutInvitation(word, i); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(now), Who: "operator", Did: "a group joined", Whom: i.Team})
	})
	return lang, err
}

// IsGroup says that an address is the group of a team.
func (r *Registry) IsGroup(ctx context.Context, a bot.Address) (is bool, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		groups, err := rd.Groups()
		is = false
		for _, g := range groups {
			is = is || g.Address == a
		}
		return err
	})
	return is, err
}

// GroupMoved follows a group to a new address; GroupLeft forgets one that the bot was taken out of.
func (r *Registry) GroupMoved(ctx context.Context, from, to bot.Address) error {
	return r.changeGroups(ctx, from, func(groups map[string]store.Group, team string) string {
		g := groups[team]
		g.Address = to
		groups[team] = g
		return "a group moved"
	})
}

// GroupLeft forgets a group that the bot was taken out of: its team has none from then on.
func (r *Registry) GroupLeft(ctx context.Context, a bot.Address) error {
	return r.changeGroups(ctx, a, func(groups map[string]store.Group, team string) string {
		delete(groups, team)
		return "a group left"
	})
}

func (r *Registry) changeGroups(ctx context.Context, a bot.Address, change func(map[string]store.Group, string) string) error {
	if is, err := r.IsGroup(ctx, a); err != nil || !is {
		return err
	}
	now := r.Now()
	return r.Store.Update(ctx, store.ID{}, func(w *store.Write) error {
		groups, err := w.Groups()
		if err != nil {
			return err
		}
		for _, team := range slices.Sorted(maps.Keys(groups)) {
			if groups[team].Address != a {
				continue
			}
			if err := w.AuditShared(store.Entry{Day: store.DayOf(now), Who: "telegram", Did: change(groups, team), Whom: team}); err != nil {
				return err
			}
		}
		return w.PutGroups(groups)
	})
}

// GroupsOfTeams lists the teams that have a group, for the check.
func (r *Registry) GroupsOfTeams(ctx context.Context) (teams []string, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		groups, err := rd.Groups()
		teams = slices.Sorted(maps.Keys(groups))
		return err
	})
	return teams, err
}
