package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"amana/bot/store"
)

// The deeds of an import. The files are read by the command, never by the server that people depend on: a hostile sheet
// can exhaust the command alone. What reaches the server are finished pages, a few at a time.

type pagesDeed struct {
	Of   store.ID `json:"of"`
	From int      `json:"from"`
}

type putDeed struct {
	ID    store.ID `json:"id"`
	From  int      `json:"from"`
	Pages [][]byte `json:"pages"`
}

type switchDeed struct {
	Next     store.Generation `json:"next"`
	Compared store.ID         `json:"compared"`
}

type undoDeed struct {
	Looked store.ID `json:"looked"`
}

func doDirectory(ctx context.Context, h *house, _ json.RawMessage) (any, error) {
	return h.directories(ctx)
}

func (h *house) directories(ctx context.Context) (g store.Generations, err error) {
	err = h.store.View(ctx, func(r *store.Read) (err error) {
		g, err = r.Directories()
		return err
	})
	return g, err
}

func doDirectoryPages(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d pagesDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	return h.pages(ctx, d)
}

// pages gives some pages of a directory that is in force, or was before.
func (h *house) pages(ctx context.Context, d pagesDeed) (pages [][]byte, err error) {
	err = h.store.View(ctx, func(r *store.Read) error {
		pages = nil
		g, err := r.Directories()
		if err != nil {
			return err
		}
		for _, one := range []*store.Generation{g.Now, g.Before} {
			if one == nil || one.ID != d.Of {
				continue
			}
			for n := d.From; n < min(one.Pages, d.From+store.PagesAtOnce); n++ {
				page, err := r.DirectoryPage(one.ID, n)
				if err != nil {
					return err
				}
				pages = append(pages, page)
			}
			return nil
		}
		return store.ErrOvertaken
	})
	return pages, err
}

// doDirectoryBegin begins a directory, after what earlier ones left behind is taken away.
func doDirectoryBegin(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var id store.ID
	if err := json.Unmarshal(with, &id); err != nil {
		return nil, err
	}
	return "", h.beginDirectory(ctx, id)
}

func (h *house) beginDirectory(ctx context.Context, id store.ID) error {
	if err := h.store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.BeginDirectory(id) }); err != nil {
		return err
	}
	return h.sweepDirectories(ctx)
}

func (h *house) sweepDirectories(ctx context.Context) error {
	for left := true; left; {
		if err := h.store.Update(ctx, store.ID{}, func(w *store.Write) (err error) {
			left, err = w.SweepDirectories()
			return err
		}); err != nil {
			return fmt.Errorf("taking away what an earlier directory left: %w", err)
		}
	}
	return nil
}

func doDirectoryPut(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d putDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	return "", h.putDirectoryPages(ctx, d)
}

func (h *house) putDirectoryPages(ctx context.Context, d putDeed) error {
	return h.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		for n, page := range d.Pages {
			if err := w.PutDirectoryPage(d.ID, d.From+n, page); err != nil {
				return err
			}
		}
		return nil
	})
}

func doDirectorySwitch(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d switchDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	d.Next.Made = h.now().UTC()
	return "", h.changeDirectory(ctx, "operator", "directory imported", func(w *store.Write) error { return w.SwitchDirectory(d.Next, d.Compared) })
}

func doDirectoryUndo(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d undoDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	return "", h.changeDirectory(ctx, "operator", "directory undone", func(w *store.Write) error { return w.UndoDirectory(d.Looked) })
}

// changeDirectory puts another directory in force, and writes into the audit chain of the mission who did it.
func (h *house) changeDirectory(ctx context.Context, who, did string, change func(*store.Write) error) error {
	today := store.DayOf(h.now())
	if err := h.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		if err := change(w); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: today, Who: who, Did: did})
	}); err != nil {
		return err
	}
	// People are shown the new one at once, also where taking away what is left of an older one has to wait.
	return errors.Join(h.renewGuide(ctx), h.sweepDirectories(ctx))
}
