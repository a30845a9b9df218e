package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/directory"
	"amana/bot/directory/tell"
	"amana/bot/flow"
	"amana/bot/guide"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
)

// loadGuide puts the directory in force before people: read whole from the store, and indexed. A conversation that is under
// way asks the one that was there when its message came.
func (h *house) loadGuide(ctx context.Context) error {
	d := &directory.Directory{}
	var g store.Generations
	if err := h.store.View(ctx, func(r *store.Read) (err error) {
		g, err = r.Directories()
		return err
	}); err != nil {
		return fmt.Errorf("reading the service directory: %w", err)
	}
	if g.Now != nil {
		if err := directory.Walk(&storedPages{ctx: ctx, of: h.store, gen: *g.Now}, func(r directory.Record) error {
			switch {
			case r.Area != nil:
				d.Areas = append(d.Areas, *r.Area)
			case r.Organisation != nil:
				d.Organisations = append(d.Organisations, *r.Organisation)
			case r.Service != nil:
				d.Services = append(d.Services, r.Service)
			}
			return nil
		}); err != nil {
			return fmt.Errorf("reading the service directory: %w", err)
		}
	}
	h.guide.Store(h.profile.guide(d, h))
	return nil
}

// guideNow gives the guide to the directory in force. It is read when somebody first asks for it: most commands never do.
func (h *house) guideNow() *guide.Guide {
	h.guiding.Lock()
	defer h.guiding.Unlock()
	if g := h.guide.Load(); g != nil {
		return g
	}
	if err := h.loadGuide(context.Background()); err != nil { // serve has read it before anybody could ask
		h.guide.Store(h.profile.guide(&directory.Directory{}, h))
	}
	return h.guide.Load()
}

// renewGuide reads the directory anew after another was put in force, if people are asking.
func (h *house) renewGuide(ctx context.Context) error {
	if h.guide.Load() == nil {
		return nil
	}
	defer debug.FreeOSMemory() // of the directory before, and of reading this one
	return h.loadGuide(ctx)
}

// guide makes the guide of a directory. One without areas has those of the profile, so that people are asked where they are
// also before anything was imported.
func (p *profile) guide(d *directory.Directory, h *house) *guide.Guide {
	if len(d.Areas) == 0 {
		for _, i := range p.Areas {
			area := directory.Area{ID: i.Name}
			for _, l := range p.Languages {
				area.Name = area.Name.Put(l, i.Label[l])
			}
			d.Areas = append(d.Areas, area)
		}
	}
	index := directory.NewIndex(d, p.indexed(h.config.zone()))
	o := guide.Options{Now: h.now}
	bound := p.bind(index.Areas())
	for _, i := range p.Areas {
		if id, ok := bound.place(i.Name); ok {
			o.Places = append(o.Places, guide.Place{Name: i.Name, Area: id})
		}
	}
	return guide.New(index, o)
}

// storedPages reads a packed directory out of the store, a page at a time.
type storedPages struct {
	ctx  context.Context
	of   *store.Store
	gen  store.Generation
	next int
	left []byte
}

// Read gives the bytes of the pages, one page after another.
func (s *storedPages) Read(into []byte) (int, error) {
	for len(s.left) == 0 {
		if s.next >= s.gen.Pages {
			return 0, io.EOF
		}
		if err := s.of.View(s.ctx, func(r *store.Read) (err error) {
			s.left, err = r.DirectoryPage(s.gen.ID, s.next)
			return err
		}); err != nil {
			return 0, err
		}
		s.next++
	}
	n := copy(into, s.left)
	s.left = s.left[n:]
	return n, nil
}

// noPolice says that whoever has told this must not be sent to the police.
func (h *house) noPolice(told bot.Facts) bool {
	return len(told) > 0 && h.routes().Police(told) == ticket.PoliceNever
}

// kindWords says the kinds of service that a profile adds in its own words, and everything else in those of the book.
type kindWords struct {
	book    *speech.Book
	profile *profile
}

const kindKey = "service.kind."

// Text says a key.
func (k kindWords) Text(lang, key string, args speech.Args) (string, error) {
	if name, ok := strings.CutPrefix(key, kindKey); ok {
		if label, ok := k.profile.label(lang, kindList, name); ok {
			return label, nil
		}
	}
	return k.book.Text(lang, key, args)
}

var _ tell.Words = kindWords{}

// label names an item of a list as people read it: in the words of the profile, and a kind of service in those of the book
// where the profile has none.
func (h *house) label(lang, list, name string) (string, bool) {
	if label, ok := h.profile.label(lang, list, name); ok || list != kindList {
		return label, ok
	}
	label, err := h.book.Text(lang, kindKey+name, nil)
	return label, err == nil
}

// kindNames lists the kinds of service that people can ask for by name, the mission's own first. A kind that is never
// shown in a list of its own is left to the words of the flow.
func (p *profile) kindNames() (names []string) {
	for _, k := range p.Kinds {
		names = append(names, k.Name)
	}
	for _, k := range directory.Standard() {
		if !slices.Contains(names, k.Name) {
			names = append(names, k.Name)
		}
	}
	return names
}

// kindsAsked is the list from which a flow lets people choose a kind of service by its name: the mission's own, and those
// that the flow services has no other word for.
func (p *profile) kindsAsked(named []flow.Asked) flow.List {
	names := slices.DeleteFunc(p.kindNames(), func(kind string) bool {
		own := slices.ContainsFunc(p.Kinds, func(k ownKind) bool { return k.Name == kind })
		return !own && slices.ContainsFunc(named, func(a flow.Asked) bool { return a.Flow == flow.ServicesFlow && a.Kind == kind && !a.Listed })
	})
	return flow.List{Name: kindList, Items: names}
}
