package telegram

import "sync/atomic"

// counts are the figures of a door: how often, never who.
type counts struct {
	Updates, Heard, Failed, Poison, Skipped, Groups, Wiped atomic.Int64
	Sent, Retries, Floods, Blocked, Refused, Dropped, Lost atomic.Int64
	Polls, PollErrors, Conflicts, Strangers                atomic.Int64
}

// Counts is a reading of the figures since the door was made.
type Counts struct {
	Updates    int64 // read from Telegram, repeats included
	Heard      int64 // committed by a Hearer
	Failed     int64 // attempts that a Hearer could not commit
	Poison     int64 // given up
	Skipped    int64 // nothing to hear in them, or not readable
	Groups     int64 // from a group or channel
	Wiped      int64 // messages that Telegram was asked to delete
	Sent       int64 // messages and edits that arrived
	Retries    int64 // calls repeated
	Floods     int64 // answers 429
	Blocked    int64 // chats found closed
	Refused    int64 // messages that Telegram would not take
	Dropped    int64 // answers taken back before they were sent: chat wiped or flooded by its person
	Lost       int64 // answers given up after ten minutes, notices handed back
	Polls      int64
	PollErrors int64
	Conflicts  int64 // answers 409, and webhooks that somebody else changed
	Strangers  int64 // requests to the webhook without its secret
}

// Counts reads the figures.
func (d *Door) Counts() Counts {
	c := &d.count
	return Counts{
		Updates: c.Updates.Load(), Heard: c.Heard.Load(), Failed: c.Failed.Load(), Poison: c.Poison.Load(),
		Skipped: c.Skipped.Load(), Groups: c.Groups.Load(), Wiped: c.Wiped.Load(), Sent: c.Sent.Load(),
		Retries: c.Retries.Load(), Floods: c.Floods.Load(), Blocked: c.Blocked.Load(), Refused: c.Refused.Load(),
		Dropped: c.Dropped.Load(), Lost: c.Lost.Load(), Polls: c.Polls.Load(), PollErrors: c.PollErrors.Load(),
		Conflicts: c.Conflicts.Load(), Strangers: c.Strangers.Load(),
	}
}
