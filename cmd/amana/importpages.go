package main

import (
	"context"
	"crypto/rand"
	"io"

	"amana/bot/directory"
	"amana/bot/store"
)

// pageReader reads a packed directory out of the store, some pages at a time: a command through the server, if one runs, and
// the server from its own shelf.
type pageReader struct {
	pages func(from int) ([][]byte, error)
	of    store.Generation
	next  int
	left  []byte
	more  [][]byte
}

// reads gives a reader of one directory.
func (r *reach) reads(ctx context.Context, of store.Generation) *pageReader {
	return &pageReader{of: of, pages: func(from int) (pages [][]byte, err error) {
		return pages, r.ask(ctx, "directory pages", pagesDeed{of.ID, from}, &pages)
	}}
}

// Read gives the bytes of the pages, one page after another.
func (p *pageReader) Read(into []byte) (int, error) {
	for len(p.left) == 0 {
		if len(p.more) == 0 {
			if p.next >= p.of.Pages {
				return 0, io.EOF
			}
			var err error
			if p.more, err = p.pages(p.next); err != nil {
				return 0, err
			}
			if len(p.more) == 0 {
				return 0, io.ErrUnexpectedEOF
			}
			p.next += len(p.more)
		}
		p.left, p.more = p.more[0], p.more[1:]
	}
	n := copy(into, p.left)
	p.left = p.left[n:]
	return n, nil
}

// pageWriter writes a packed directory into the store beside the one in force: a command through the server, if one runs,
// and the server onto its own shelf.
type pageWriter struct {
	id   store.ID
	put  func(putDeed) error
	next int
	page []byte
	held [][]byte
}

// Write cuts the bytes into pages.
func (p *pageWriter) Write(data []byte) (int, error) {
	whole := len(data)
	for len(data) > 0 {
		n := min(len(data), store.PageSize-len(p.page))
		p.page = append(p.page, data[:n]...)
		data = data[n:]
		if len(p.page) == store.PageSize {
			if err := p.turn(); err != nil {
				return whole - len(data), err
			}
		}
	}
	return whole, nil
}

func (p *pageWriter) turn() error {
	p.held = append(p.held, p.page)
	p.page = nil
	if len(p.held) < store.PagesAtOnce {
		return nil
	}
	return p.flush()
}

func (p *pageWriter) flush() error {
	if len(p.page) > 0 {
		p.held = append(p.held, p.page)
		p.page = nil
	}
	if len(p.held) == 0 {
		return nil
	}
	if err := p.put(putDeed{p.id, p.next, p.held}); err != nil {
		return err
	}
	p.next += len(p.held)
	p.held = nil
	return nil
}

// putDirectory writes a directory and puts it in force.
func putDirectory(ctx context.Context, to *reach, d *directory.Directory, now *store.Generation, told func(pages int)) error {
	var nothing string
	p := &pageWriter{put: func(pages putDeed) error {
		err := to.ask(ctx, "directory put", pages, &nothing)
		if err == nil {
			told(pages.From + len(pages.Pages))
		}
		return err
	}}
	if _, err := rand.Read(p.id[:]); err != nil {
		return err
	}
	if err := to.ask(ctx, "directory begin", p.id, &nothing); err != nil {
		return err
	}
	if err := directory.Pack(p, d); err != nil {
		return err
	}
	if err := p.flush(); err != nil {
		return err
	}
	next := switchDeed{Next: store.Generation{ID: p.id, Pages: p.next, Areas: len(d.Areas), Organisations: len(d.Organisations), Services: len(d.Services)}}
	if now != nil {
		next.Compared = now.ID
	}
	return to.ask(ctx, "directory switch", next, &nothing)
}
