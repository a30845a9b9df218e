package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/ticket"
)

// mostRoster is the length of the longest roster with its cards, as it comes signed.
const mostRoster = 1 << 20

// absence is until when somebody is away, and who stands in.
type absence struct {
	Until  string `json:"until"`
	Backup string `json:"backup"`
}

// listed is one entry of the roster. Nothing in it is secret.
type listed struct {
	ticket.Entry
	Fingerprint string   `json:"fingerprint"`
	Absence     *absence `json:"absence"`
}

// browser is one that waits for the coordinator to hear its digits.
type browser struct {
	ID     string `json:"id"`
	Person string `json:"person"`
	Name   string `json:"name"`
	Digits string `json:"digits"`
	Day    string `json:"day"`
}

type roster struct {
	Version   uint64             `json:"version"`
	Held      bool               `json:"held"`
	Statement []byte             `json:"statement"`
	Signature []byte             `json:"signature"`
	Entries   []listed           `json:"entries"`
	Proposal  *casework.Proposal `json:"proposal,omitempty"`
	Browsers  []browser          `json:"browsers,omitempty"`
	Mail      bool               `json:"mail,omitempty"` // the coordinator can name a mail address for somebody
}

// getRoster gives the roster, and to the coordinator what waits for them.
func getRoster(ctx context.Context, a *asked) (any, error) {
	if !a.me.Confirmed {
		return nil, errAllowed
	}
	v, err := a.Registry.RosterView(ctx)
	if err != nil {
		return nil, err
	}
	out := roster{Version: v.Version, Held: v.Held, Statement: v.Statement, Signature: v.Signature, Entries: []listed{}}
	for _, l := range v.Entries {
		e := listed{Entry: l.Entry, Fingerprint: l.Fingerprint}
		if l.Absence != nil {
			e.Absence = &absence{dated(l.Absence.Until), l.Absence.Backup}
		}
		out.Entries = append(out.Entries, e)
	}
	if !a.me.Coordinator {
		return out, nil
	}
	propose := a.Registry.Propose
	if a.Propose != nil {
		propose = a.Propose
	}
	p, err := propose(ctx)
	if err != nil {
		return nil, err
	}
	out.Proposal, out.Mail = &p, a.Mail != nil
	waiting, err := a.Registry.Browsers(ctx)
	for _, w := range waiting {
		out.Browsers = append(out.Browsers, browser{hex.EncodeToString(w.ID[:]), w.Person, w.Name, w.Digits, dated(w.Day)})
	}
	return out, err
}

// postRoster puts a roster in force that was signed in the coordinator's browser. Only the signature counts.
func postRoster(ctx context.Context, a *asked) (any, error) {
	if !a.me.Coordinator {
		return nil, errAllowed
	}
	var s casework.Signed
	if err := read(a.w, a.r, mostRoster, &s); err != nil {
		return nil, err
	}
	if err := a.Registry.Apply(ctx, s); err != nil {
		if errors.Is(err, casework.ErrOldRoster) {
			return nil, err
		}
		// Whatever is wrong with it, or with the order that came with it. The cause may name somebody, and is not logged.
		a.Log.Warn("a signed roster was not taken", "remedy", "`amana confirm` does the same on the server, and says what is wrong")
		return nil, errBad
	}
	for _, p := range a.sessions.people() {
		if _, err := a.Registry.WhoAmI(ctx, p); errors.Is(err, casework.ErrUnknown) {
			a.sessions.endAll(p)
		}
	}
	return done{}, nil
}

// postInvite makes a one-time link to this desk.
func postInvite(ctx context.Context, a *asked) (any, error) {
	if !a.me.Coordinator {
		return nil, errAllowed
	}
	var in struct {
		ticket.Entry
		Lang   string `json:"lang"`
		Sealed bool   `json:"sealed"`
		Mail   string `json:"mail"` // where notices go, once that was proved
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	e := in.Entry
	if e.Key != "" || e.Role == ticket.Recovery {
		return nil, errBad
	}
	e.Status = ticket.StatusConfirmed
	if in.Lang == "" {
		in.Lang = a.Offered[0]
	}
	if !slices.Contains(a.Offered, in.Lang) {
		return nil, errBad
	}
	if a.Entry != nil {
		var err error
		if e, err = a.Entry(e); err != nil {
			return nil, errBad
		}
	}
	var at bot.Address
	if in.Mail != "" {
		if a.Mail == nil {
			return nil, errBad
		}
		var err error
		if at, err = a.Mail(in.Mail); err != nil {
			return nil, errBad
		}
	}
	word, err := a.Registry.InviteBy(ctx, a.me.Person, e, in.Lang, in.Sealed, at)
	if err != nil {
		return nil, err
	}
	return struct {
		Link string `json:"link"`
	}{JoinLink(a.Address, word)}, nil
}

// JoinLink is the one-time link of an invitation. The word stands behind the number sign, which a browser sends nowhere.
func JoinLink(address, word string) string {
	return strings.TrimSuffix(address, "/") + "/#/join/" + word
}

// postBrowser lets a browser sign in, or refuses it, after its owner has read its digits to the coordinator.
func postBrowser(ctx context.Context, a *asked) (any, error) {
	var in struct {
		ID    string `json:"id"`
		Allow bool   `json:"allow"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	raw, err := hex.DecodeString(in.ID)
	if err != nil || len(raw) != 16 {
		return nil, errBad
	}
	return done{}, a.Registry.AllowBrowser(ctx, a.me.Person, [16]byte(raw), in.Allow)
}
