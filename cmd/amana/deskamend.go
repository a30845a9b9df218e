package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"

	webdesk "amana/bot/desk"
	"amana/bot/directory"
	"amana/bot/store"
)

// What somebody at the desk says of a service is written at once: the directory in force is written anew with it and takes
// its own place, so that everything that reads it, people first, reads the same. The sheets that it came from say what they
// said: the next import tells what it would change back.

// mostTries is how often a correction begins again that an import overtook.
const mostTries = 5

// Verify says that these records are right today.
func (d deskServices) Verify(ctx context.Context, by webdesk.Checker, ids []string) error {
	today, org := d.today(), d.profile.orgName("en", by.Org)
	return d.amend(ctx, by.Person, "services verified", ids, func(s *directory.Service) error {
		s.Verify(today, org)
		return nil
	})
}

// Correct puts one field of a record right.
func (d deskServices) Correct(ctx context.Context, by webdesk.Checker, id, field, value string) error {
	c := directory.Correction{Field: field, Value: value, Lang: by.Lang, On: d.today(), By: d.profile.orgName("en", by.Org)}
	kinds := d.profile.indexed(d.config.zone()).Kinds
	return d.amend(ctx, by.Person, "service corrected", []string{id}, func(s *directory.Service) error {
		if wrong := s.Correct(c, kinds); len(wrong) > 0 {
			return webdesk.Wrong{Finding: wrong[0]}
		}
		return nil
	})
}

// amend changes some services. All of them are there and can be changed, or none is.
func (h *house) amend(ctx context.Context, person, did string, ids []string, change func(*directory.Service) error) error {
	h.amending.Lock()
	defer h.amending.Unlock()
	asked := map[string]bool{}
	for _, id := range ids {
		asked[id] = true
	}
	var err error
	for range mostTries {
		if err = h.amendOnce(ctx, person, did, asked, change); !errors.Is(err, store.ErrOvertaken) {
			return err
		}
	}
	return err
}

func (h *house) amendOnce(ctx context.Context, person, did string, asked map[string]bool, change func(*directory.Service) error) error {
	g, err := h.directories(ctx)
	if err != nil {
		return err
	}
	if g.Now == nil {
		return webdesk.ErrNoService
	}
	// It is tried before anything is written: what cannot be taken must not cost a whole directory.
	if err := amended(io.Discard, h.reads(ctx, *g.Now), asked, change); err != nil {
		return err
	}
	next := *g.Now
	if _, err := rand.Read(next.ID[:]); err != nil {
		return err
	}
	if err := h.beginDirectory(ctx, next.ID); err != nil {
		return err
	}
	p := &pageWriter{id: next.ID, put: func(pages putDeed) error { return h.putDirectoryPages(ctx, pages) }}
	if err := amended(p, h.reads(ctx, *g.Now), asked, change); err != nil {
		return err
	}
	if err := p.flush(); err != nil {
		return err
	}
	next.Pages, next.Made = p.next, h.now().UTC()
	return h.changeDirectory(ctx, person, did, func(w *store.Write) error { return w.AmendDirectory(next, g.Now.ID) })
}

// amended writes a directory with some services changed.
func amended(w io.Writer, r io.Reader, asked map[string]bool, change func(*directory.Service) error) error {
	found := 0
	err := directory.Amend(w, r, func(s *directory.Service) error {
		if !asked[s.ID] {
			return nil
		}
		found++
		return change(s)
	})
	if err == nil && found < len(asked) {
		return webdesk.ErrNoService
	}
	return err
}
