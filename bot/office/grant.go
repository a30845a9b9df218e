package office

import (
	"context"
	"errors"
	"strconv"

	"amana/bot/casework"
	"amana/bot/speech"
)

// grant hears a file with which a reader shares a report, or seals its messages again.
func (v *visit) grant(ctx context.Context) error {
	g, err := v.Registry.Grant(ctx, v.me.ID, v.in.File.Bytes)
	if why := casework.Refusal(""); errors.As(err, &why) {
		v.say("staff.grant.refused", speech.Args{"Reason": v.text("staff.answer.reason."+string(why), nil)})
		return nil
	}
	if err != nil {
		return err
	}
	if g.Again {
		v.say("staff.grant.already", nil)
	}
	for _, name := range g.Added {
		v.say("staff.grant.added", speech.Args{"Name": name, "Code": g.Code})
	}
	if g.Copies > 0 {
		v.say("staff.grant.sealed", speech.Args{"Code": g.Code, "Count": strconv.Itoa(g.Copies)})
	}
	for _, l := range g.Missing {
		v.say("staff.grant.missing", speech.Args{"Name": l.Name, "Code": g.Code, "Count": strconv.Itoa(l.Count)})
	}
	if len(g.Missing) == 0 && !g.Again {
		v.say("staff.grant.whole", speech.Args{"Code": g.Code})
	}
	return nil
}
