package main

import (
	"context"
	"log/slog"
	"time"

	"amana/bot"
	"amana/bot/web"
)

// newSides opens the two pages over one camp. A session at the desk lasts by the clock of this machine, so that nobody has to
// sign in again because time was let pass.
func newSides(p *play, host string) (sides, error) {
	o := p.pageOptions(slog.New(slog.DiscardHandler))
	o.Hearer, o.Closer = overheard{p}, overheard{p}
	o.Framed = true
	o.Rates = web.Rates{Pace: 50, Burst: 1000} // a single visitor
	phone, err := web.New(o)
	if err != nil {
		return sides{}, err
	}
	return sides{
		phone: phone,
		desk:  p.newDesk(deskOptions{address: "http://" + host, frameSelf: true, demo: true, now: time.Now}),
	}, nil
}

// overheard stands between the phone and the room: it keeps the latest number, so that the page can write it into the
// phone again.
type overheard struct{ p *play }

func (o overheard) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	reply, err := o.p.room.Hear(ctx, in)
	for _, out := range reply.Outs {
		if out.Closing.IsZero() {
			continue
		}
		for _, row := range out.Rows {
			for _, c := range row {
				if c.Copy != "" {
					o.p.mu.Lock()
					o.p.receipt = c.Copy
					o.p.mu.Unlock()
				}
			}
		}
	}
	return reply, err
}

// Delivered passes on that the number was shown.
func (o overheard) Delivered(ctx context.Context, person bot.Person, id bot.ClosingID) error {
	return o.p.room.Delivered(ctx, person, id)
}
