package desk

import (
	"context"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/tally"
	"amana/bot/ticket"
)

// Registry is all that a desk asks of the room that knows reports.
type Registry interface {
	Comers
	People
	Inbox
	Files
	Leaving
	Holding
	Trails
	Roster
	Coordinating
	Mission
}

// Comers brings in whoever is on the way: into the roster, or back to their desk.
type Comers interface {
	Peek(ctx context.Context, word string) (casework.Guest, error)
	EnrolAtDesk(ctx context.Context, word string, file []byte, b casework.Browser) (person, fingerprint string, err error)
	Challenge(ctx context.Context, person string, proof, browser [32]byte) (casework.Challenge, error)
	Lets(ctx context.Context, person string, browser [16]byte) (bool, error)
	LeaveEverywhere(ctx context.Context, person string) error
}

// People says who somebody is, and keeps what they choose.
type People interface {
	WhoAmI(ctx context.Context, person string) (casework.Me, error)
	Speak(ctx context.Context, person, lang string) error
	Absent(ctx context.Context, by, person string, until ticket.Day) error
	NoteHaste(ctx context.Context, person string) error
	Prove(ctx context.Context, by, person, digits string) error
}

// Inbox is what somebody has to do, and the first thing that they do about it.
type Inbox interface {
	Desk(ctx context.Context, person string, all bool) ([]casework.Line, error)
	Standing(ctx context.Context, person, code string) (casework.Standing, error)
	Acknowledge(ctx context.Context, person, code string) (again bool, err error)
}

// Files go out sealed and come back sealed.
type Files interface {
	ReadOut(ctx context.Context, person, code string) ([]bot.File, error)
	Left(ctx context.Context, person, code, way string) error
	Answer(ctx context.Context, person string, file []byte) (casework.Taken, error)
	Grant(ctx context.Context, person string, file []byte) (casework.Granted, error)
}

// Leaving is how somebody steps back from a report.
type Leaving interface {
	MayRecuse(ctx context.Context, person, code string) error
	Recuse(ctx context.Context, person, code string) error
	Takers(ctx context.Context, person, code string) ([]casework.Taker, error)
	HandOver(ctx context.Context, person, code, to string) error
}

// Holding keeps a report beyond the end of its month.
type Holding interface {
	Hold(ctx context.Context, person, code, reason string) (again bool, err error)
	Unhold(ctx context.Context, person, code string) (again bool, err error)
	HoldOf(ctx context.Context, person, code string) (casework.Held, bool, error)
}

// Trails are the audit chains.
type Trails interface {
	ReportTrail(ctx context.Context, person, code string) ([]casework.Trace, error)
	SharedTrail(ctx context.Context, person string) ([]casework.Trace, error)
}

// Roster is who reads, for everybody of it to look at.
type Roster interface {
	RosterView(ctx context.Context) (casework.RosterView, error)
	Browsers(ctx context.Context) ([]casework.Waiting, error)
	Propose(ctx context.Context) (casework.Proposal, error)
}

// Coordinating is what only a coordinator does.
type Coordinating interface {
	Apply(ctx context.Context, s casework.Signed) error
	InviteBy(ctx context.Context, by string, e ticket.Entry, lang string, sealed bool, at bot.Address) (word string, err error)
	AllowBrowser(ctx context.Context, by string, id [16]byte, allow bool) error
}

// Mission is what was published of the numbers of the whole mission. It says the same to everybody.
type Mission interface {
	Published(ctx context.Context) ([]tally.Publication, error)
}
