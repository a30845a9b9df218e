package office

import (
	"context"
	"errors"
	"strings"

	"amana/bot"
	"amana/bot/casework"
)

// group hears what a door tells of a group: that it says the word of a team, has another address, or is left. In the group
// of a team nothing else is ever answered, since whoever types there may think that somebody reads it; any other group is
// told that this is not the place.
func (v *visit) group(ctx context.Context) error {
	switch v.in.Kind {
	case bot.Start:
		word, ours := strings.CutPrefix(v.in.Payload, LinkHead)
		if !ours {
			return v.elsewhere(ctx)
		}
		lang, err := v.Registry.JoinGroup(ctx, v.in.Address, word)
		if errors.Is(err, casework.ErrInvitation) {
			return v.elsewhere(ctx)
		}
		if err != nil {
			return err
		}
		v.speak(lang)
		v.say("staff.group.joined", nil)
		return nil
	case bot.Moved:
		return v.Registry.GroupMoved(ctx, v.in.Address, v.in.Moved)
	case bot.Left:
		return v.Registry.GroupLeft(ctx, v.in.Address)
	}
	return v.elsewhere(ctx)
}

// elsewhere answers a group that belongs to no team.
func (v *visit) elsewhere(ctx context.Context) error {
	is, err := v.Registry.IsGroup(ctx, v.in.Address)
	if err == nil && !is {
		v.say("word.refused.group", nil)
	}
	return err
}
