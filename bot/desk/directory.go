package desk

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"amana/bot/casework"
	"amana/bot/directory"
	"amana/bot/ticket"
)

// Services is the service directory as people of the roster work with it.
type Services interface {
	// Find lists what fits, for somebody who refers people: also what the public is not shown, and what is closed. The
	// place of a shelter is in none of it.
	Find(ctx context.Context, lang string, q ServiceQuery) (ServicePage, error)
	// Verify says that these records are right today. ErrNoService if one is not there; then none is changed.
	Verify(ctx context.Context, by Checker, ids []string) error
	// Correct puts one field of directory.Corrected right. Wrong if the value cannot be taken; otherwise as Verify.
	Correct(ctx context.Context, by Checker, id, field, value string) error
}

// Checker is who looked at a record. Their organisation stands in it, and they themselves in the audit chain alone: a
// directory is passed on.
type Checker struct{ Person, Org, Lang string }

// ErrNoService says that a record is not there, or no longer.
var ErrNoService = errors.New("no such service")

// Wrong is a value that cannot be taken, with what is wrong and what to do.
type Wrong struct{ directory.Finding }

// ServicesPerPage is how many services a page has, and how many can be verified at once.
const ServicesPerPage = 20

// ServiceQuery is what is looked for. What is left empty does not count.
type ServiceQuery struct {
	Area  string // id of a ServiceChoice; in it and in all that lies in it
	Kind  string
	Name  string // a part of the name of the service or of its organisation
	Stale bool   // only what is out of date
	Page  int    // from 0
}

// ServiceChoice is something to look for, as people read it.
type ServiceChoice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ServicePage is one page of what fits, what is out of date first.
type ServicePage struct {
	Services []Service       `json:"services"`
	Total    int             `json:"total"`
	Stale    int             `json:"stale"` // how many of all that fit are out of date
	Size     int             `json:"size"`  // of a page
	Areas    []ServiceChoice `json:"areas"`
	Kinds    []ServiceChoice `json:"kinds"`
	May      bool            `json:"may"` // whoever looks may verify and correct
}

// Service is one record, in the words of whoever looks.
type Service struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Org        string         `json:"org"`
	Kinds      []string       `json:"kinds"`
	Area       []string       `json:"area"` // names, the largest first
	Place      string         `json:"place"`
	Hidden     bool           `json:"hidden"`     // its place is never shown
	Visibility string         `json:"visibility"` // public, on request, referrer only
	Phones     []ServicePhone `json:"phones"`
	Email      string         `json:"email"`
	Hours      []string       `json:"hours"` // in words, a line for each part
	Says       string         `json:"says"`  // what it does for people
	Status     string         `json:"status"`
	Verified   string         `json:"verified"` // YYYY-MM-DD, or empty
	VerifiedBy string         `json:"verifiedBy"`
	Stale      bool           `json:"stale"`
	// Typed is what can be corrected, by field, as it can be typed again.
	Typed map[string]string `json:"typed"`
}

// ServicePhone is a number to dial, or one for messages.
type ServicePhone struct {
	Number string `json:"number"`
	Ext    string `json:"ext"`
	Use    string `json:"use"`
}

// Bounds of what is typed, in bytes.
const (
	longestName  = 200
	longestID    = 300
	longestValue = 4000
)

// mostPages bounds how far a directory can be leafed through.
const mostPages = 10_000

// refers says whether somebody may see what only those see who refer people.
func (a *asked) refers() error {
	switch {
	case a.Services == nil:
		return errNothing
	case a.me.Held:
		return casework.ErrHeld
	case !a.me.Confirmed:
		return errAllowed
	}
	return nil
}

// checks says whether somebody may also change it.
func (a *asked) checks() error {
	if err := a.refers(); err != nil {
		return err
	}
	if !a.mayCheck() {
		return errAllowed
	}
	return nil
}

func (a *asked) mayCheck() bool {
	return a.me.Coordinator || a.me.Role == string(ticket.FocalPoint)
}

func (a *asked) checker() Checker { return Checker{a.me.Person, a.me.Org, a.lang()} }

// lang is the language in which somebody reads.
func (a *asked) lang() string {
	if slices.Contains(a.Offered, a.me.Lang) {
		return a.me.Lang
	}
	return a.Offered[0]
}

// getDirectory lists services.
func getDirectory(ctx context.Context, a *asked) (any, error) {
	if err := a.refers(); err != nil {
		return nil, err
	}
	form := a.r.URL.Query()
	q := ServiceQuery{Area: form.Get("area"), Kind: form.Get("kind"), Name: strings.TrimSpace(form.Get("name")), Stale: form.Get("stale") != ""}
	if text := form.Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > mostPages {
			return nil, errBad
		}
		q.Page = n
	}
	if len(q.Name) > longestName || len(q.Area) > longestID || len(q.Kind) > longestID {
		return nil, errBad
	}
	page, err := a.Services.Find(ctx, a.lang(), q)
	page.Size, page.May = ServicesPerPage, a.mayCheck()
	return page, err
}

// postVerify says that records are right today.
func postVerify(ctx context.Context, a *asked) (any, error) {
	if err := a.checks(); err != nil {
		return nil, err
	}
	var in struct {
		IDs []string `json:"ids"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	tooLong := func(id string) bool { return id == "" || len(id) > longestID }
	if len(in.IDs) == 0 || len(in.IDs) > ServicesPerPage || slices.ContainsFunc(in.IDs, tooLong) {
		return nil, errBad
	}
	return done{}, a.Services.Verify(ctx, a.checker(), in.IDs)
}

// postCorrect puts one field of a record right.
func postCorrect(ctx context.Context, a *asked) (any, error) {
	if err := a.checks(); err != nil {
		return nil, err
	}
	var in struct {
		ID    string `json:"id"`
		Field string `json:"field"`
		Value string `json:"value"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	if in.ID == "" || len(in.ID) > longestID || len(in.Value) > longestValue || !slices.Contains(directory.Corrected(), in.Field) {
		return nil, errBad
	}
	return done{}, a.Services.Correct(ctx, a.checker(), in.ID, in.Field, in.Value)
}
