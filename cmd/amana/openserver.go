package main

import (
	"slices"
	"time"

	"amana/bot/casework"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// server says what only the server can know of a report, as the server's word: that its reporter asked to withdraw it,
// or took that back. Nobody's signature stands behind it, and days are all that is known of when.
func (t *tongue) server(r *openedReport) (said []string) {
	state := ticket.State(r.standing)
	for _, turn := range r.turns {
		said = nil
		when := speech.Args{"When": time.Unix(int64(turn.Day)*86400, 0).UTC().Format(time.DateOnly)}
		switch turn.What {
		case casework.TurnWithdraw:
			switch {
			case state.IsWithdrawn():
				said = []string{t.say("open.server.withdraw", when)}
			case state == ticket.Closed && !r.wroteAfter(turn.Day+7): // else they wrote again, and it was closed anew
				said = []string{t.say("open.server.final", when)}
			}
		case casework.TurnKeep:
			said = []string{t.say("open.server.keep", when)}
		}
	}
	return said
}

// wroteAfter says whether the reporter wrote after a day.
func (r *openedReport) wroteAfter(day uint32) bool {
	return slices.ContainsFunc(r.later, func(e entry) bool {
		return e.Message != nil && uint32(ticket.DayOf(e.Message.Time)) > day
	})
}
