package desk

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"time"

	"amana/bot/casework"
	"amana/bot/speech"
)

func decode64(text []byte) ([]byte, error) { return base64.StdEncoding.AppendDecode(nil, text) }

// done is the answer where there is nothing to tell.
type done struct{}

// me is what the page knows of who sits before it.
type me struct {
	Person      string `json:"person"`
	Name        string `json:"name"`
	Org         string `json:"org"`
	Role        string `json:"role"`
	Lang        string `json:"lang"`
	Confirmed   bool   `json:"confirmed"`
	Fingerprint string `json:"fingerprint"`
	Coordinator bool   `json:"coordinator"`
	Held        bool   `json:"held"`
	Elsewhere   bool   `json:"elsewhere"` // they are told of reports somewhere beside the desk
	Idle        int    `json:"idle"`      // minutes
	Proves      bool   `json:"proves"`    // another place for their notices waits for the digits that were sent there
}

func getMe(_ context.Context, a *asked) (any, error) {
	m := a.me
	return me{
		m.Person, m.Name, m.Org, m.Role, m.Lang, m.Confirmed, m.Fingerprint, m.Coordinator, m.Held, m.Elsewhere,
		int(a.Idle / time.Minute), m.Proves != "",
	}, nil
}

// proved is what came of digits: "" where they were right, "wrong", or "none" where none are waited for any more.
type proved struct {
	Not string `json:"not"`
}

// postProof takes the digits that came at the place where somebody is to be told of reports.
func postProof(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Digits string `json:"digits"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	switch err := a.Registry.Prove(ctx, a.me.Person, a.me.Person, speech.Digits(in.Digits)); {
	case errors.Is(err, casework.ErrProof):
		return proved{"wrong"}, nil
	case errors.Is(err, casework.ErrNoProof):
		return proved{"none"}, nil
	default:
		return proved{}, err
	}
}

// postMe keeps the language in which somebody is spoken to.
func postMe(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Lang string `json:"lang"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	if !slices.Contains(a.Offered, in.Lang) {
		return nil, errBad
	}
	return done{}, a.Registry.Speak(ctx, a.me.Person, in.Lang)
}

// postLeave ends this session, or all that its owner has, on whatever device and at whatever process.
func postLeave(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Everywhere bool `json:"everywhere"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	a.sessions.end(a.token())
	if in.Everywhere {
		a.sessions.endAll(a.me.Person)
		if err := a.Registry.LeaveEverywhere(ctx, a.me.Person); err != nil {
			return nil, err
		}
	}
	http.SetCookie(a.w, a.cookie(""))
	return done{}, nil
}

// postAbsence notes that somebody is away: oneself, or anybody if a coordinator says so.
func postAbsence(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Person string `json:"person"`
		Until  string `json:"until"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	if in.Person != a.me.Person && !a.me.Coordinator {
		return nil, errAllowed
	}
	until, err := day(in.Until)
	if err != nil {
		return nil, err
	}
	return done{}, a.Registry.Absent(ctx, a.me.Person, in.Person, until)
}
