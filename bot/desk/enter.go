package desk

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"amana/bot/casework"
	"amana/bot/speech"
)

// Language is one that the page speaks.
type Language struct {
	Tag  string `json:"tag"`
	Name string `json:"name"`
	Dir  string `json:"dir"`
}

// Here is where the page finds itself, as GET /api/place tells it. What is served from the mission's server is never local,
// pinned or offline.
type Here struct {
	Name        string     `json:"name"`
	Languages   []Language `json:"languages"`
	Coordinator string     `json:"coordinator"`
	Local       bool       `json:"local"`
	Pinned      bool       `json:"pinned"`
	Offline     bool       `json:"offline"`
	Demo        bool       `json:"demo"`
	Zone        string     `json:"zone"`
	Version     string     `json:"version"`
	Server      string     `json:"server,omitempty"` // host behind pages that are served locally

	Promised map[string]int    `json:"promised,omitempty"` // urgency: hours within which a report is to be opened
	Values   map[string]string `json:"values,omitempty"`   // what stands for the placeholders in labels of choices
}

func getPlace(_ context.Context, a *asked) (any, error) {
	p := Here{
		Name: a.Place.Name, Coordinator: a.Place.Coordinator, Demo: a.Place.Demo, Zone: a.Zone.String(), Version: a.Place.Version,
		Promised: a.Place.Promised, Values: a.Place.Values,
	}
	p.Languages = Languages(a.Book, a.Offered)
	return p, nil
}

// Languages names languages in themselves.
func Languages(book *speech.Book, tags []string) (out []Language) {
	for _, tag := range tags {
		if l, ok := book.Language(tag); ok {
			out = append(out, Language{l.Tag, l.Name, l.Direction})
		}
	}
	return out
}

// postInvitation says for whom a link is. It uses nothing up, so that a look at it by the wrong eyes costs nothing.
func postInvitation(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Word string `json:"word"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	if err := a.pace.enter(ctx, []byte("invitation"), []byte(in.Word)); err != nil {
		return nil, err
	}
	g, err := a.Registry.Peek(ctx, in.Word)
	if err != nil {
		return nil, err
	}
	return struct {
		Person string `json:"person"` // stands on the paper with the recovery code
		Name   string `json:"name"`
		Org    string `json:"org"`
		Lang   string `json:"lang"`
	}{g.ID, g.Name, g.Org, g.Lang}, nil
}

// postEnrol brings a key, from the browser in which it was made.
func postEnrol(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Word    string   `json:"word"`
		File    []byte   `json:"file"`
		Proof   secret32 `json:"proof"`
		Browser secret32 `json:"browser"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	if err := a.pace.enter(ctx, []byte("enrol"), []byte(in.Word)); err != nil {
		return nil, err
	}
	person, fingerprint, err := a.Registry.EnrolAtDesk(ctx, in.Word, in.File, casework.Browser{Secret: in.Browser, Proof: in.Proof})
	if err != nil {
		return nil, err
	}
	return struct {
		Person      string `json:"person"`
		Fingerprint string `json:"fingerprint"`
	}{person, fingerprint}, nil
}

// postBegin gives a challenge, or the digits that are read out to the coordinator.
func postBegin(ctx context.Context, a *asked) (any, error) {
	var in struct {
		Person  string   `json:"person"`
		Proof   secret32 `json:"proof"`
		Browser secret32 `json:"browser"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	asker := [][]byte{[]byte("begin"), []byte(in.Person), in.Browser[:]}
	if err := a.pace.enter(ctx, asker...); err != nil {
		return nil, err
	}
	c, err := a.Registry.Challenge(ctx, in.Person, in.Proof, in.Browser)
	if err != nil {
		return nil, err
	}
	if c.Wait != "" {
		return struct {
			Wait string `json:"wait"`
		}{c.Wait}, nil
	}
	me, err := a.Registry.WhoAmI(ctx, in.Person)
	if err != nil {
		return nil, err
	}
	id, err := a.challenges.put(who{in.Person, me.Fingerprint, c.Browser, nameOf(asker)}, c.Secret)
	if err != nil {
		return nil, err
	}
	return struct {
		ID        string `json:"id"`
		Wrapped   []byte `json:"wrapped"`
		Challenge []byte `json:"challenge"`
	}{id, c.Wrapped, c.Sealed}, nil
}

// postFinish opens a session for whoever opened the challenge.
func postFinish(ctx context.Context, a *asked) (any, error) {
	var in struct {
		ID     string `json:"id"`
		Answer []byte `json:"answer"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	w, ok := a.challenges.answer(in.ID, in.Answer)
	if !ok {
		a.counts.refused.Add(1)
		return nil, errSignIn
	}
	me, err := a.Registry.WhoAmI(ctx, w.person)
	if errors.Is(err, casework.ErrUnknown) || err == nil && me.Fingerprint != w.key { // revoked meanwhile, or their key replaced
		return nil, errSignIn
	}
	if err != nil {
		return nil, err
	}
	if lets, err := a.Registry.Lets(ctx, w.person, w.browser); err != nil || !lets { // forgotten meanwhile
		return nil, cmp.Or(err, errSignIn)
	}
	a.sessions.end(a.token())
	token, err := a.sessions.begin(w)
	if err != nil {
		return nil, err
	}
	a.counts.signedIn.Add(1)
	a.pace.entered(w.name)
	http.SetCookie(a.w, a.cookie(token))
	a.me = me
	return getMe(ctx, a)
}

// cookie carries a token, or takes it away. It ends with the browser's window.
func (d *Desk) cookie(token string) *http.Cookie {
	c := &http.Cookie{Name: CookieName, Value: token, Path: "/", HttpOnly: true, Secure: d.Secure, SameSite: http.SameSiteStrictMode}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

// secret32 is 32 bytes in base64, no more and no fewer.
type secret32 [32]byte

// UnmarshalText is what JSON calls for a string.
func (s *secret32) UnmarshalText(text []byte) error {
	raw, err := decode64(text)
	if err != nil || len(raw) != len(s) {
		return errBad
	}
	copy(s[:], raw)
	return nil
}
