package main

import (
	"context"
	"errors"
	"fmt"
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
// way asks the one that was there when its message came. Whoever comes last reads last, so that of two imports at once the
// later one stays.
func (h *house) loadGuide(ctx context.Context) error {
	h.guiding.Lock()
	defer h.guiding.Unlock()
	return h.readGuide(ctx)
}

// mostReads is how often a directory is read anew that was taken away while it was read.
const mostReads = 5

func (h *house) readGuide(ctx context.Context) error {
	d, of, err := h.directoryNow(ctx)
	for n := 1; n < mostReads && errors.Is(err, store.ErrOvertaken); n++ {
		d, of, err = h.directoryNow(ctx)
	}
	if err != nil {
		return fmt.Errorf("reading the service directory: %w", err)
	}
	guide := h.profile.guide(d, h)
	h.records.Store(d)
	h.guide.Store(guide)
	h.guided.Store(&of)
	return nil
}

// directoryNow reads the directory in force whole, and gives its id; an empty one if there is none.
func (h *house) directoryNow(ctx context.Context) (*directory.Directory, store.ID, error) {
	g, err := h.directories(ctx)
	if err != nil || g.Now == nil {
		return &directory.Directory{}, store.ID{}, err
	}
	d, err := directory.Unpack(h.reads(ctx, *g.Now))
	return d, g.Now.ID, err
}

// reads gives a reader of one directory on the house's own shelf.
func (h *house) reads(ctx context.Context, of store.Generation) *pageReader {
	return &pageReader{of: of, pages: func(from int) ([][]byte, error) { return h.pages(ctx, pagesDeed{of.ID, from}) }}
}

// guideNow gives the guide to the directory in force. It is read when somebody first asks for it: most commands never do.
func (h *house) guideNow() *guide.Guide {
	if g := h.guide.Load(); g != nil {
		return g // also while another is being read
	}
	h.guiding.Lock()
	defer h.guiding.Unlock()
	if h.guide.Load() == nil && h.readGuide(context.Background()) != nil { // serve has read it before anybody could ask
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

// Called says what a language is called by those who speak it.
func (k kindWords) Called(tag string) (string, bool) { return k.book.Called(tag) }

var _ tell.Words = kindWords{}

// label names an item of a list as people read it.
func (h *house) label(lang, list, name string) (string, bool) {
	if list != kindList {
		return h.profile.label(lang, list, name)
	}
	label, err := kindWords{h.book, h.profile}.Text(lang, kindKey+name, nil)
	return label, err == nil
}

// kindNames lists all kinds of service that the mission knows, its own first.
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
