package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
)

// maxDepth is far deeper than a tree of any file that a disk can hold.
const maxDepth = 64

// What a page was found to be.
const (
	pageUnseen = iota
	pageFree
	pageUsed
)

// checker walks one state of a file: every page is in the tree once or free once, every tree is in order, every
// element lies within its page. In a state without a free list, what is not in the tree is free.
type checker struct {
	ctx    context.Context
	im     *image
	meta   meta
	seen   []uint8
	toward []byte               // where given, only the way to this key in each bucket is walked
	bufs   [maxDepth + 1][]byte // one for each page between the root and here
}

// quickCheck is what every start does: the file is as long as its head says, and the free list is sound, if there is
// one. It reads a few pages.
func quickCheck(im *image, m meta) (*checker, error) {
	if have := im.size / int64(m.pageSize); m.high < 4 || m.high > uint64(have) {
		return nil, fmt.Errorf("file has %d pages and should have %d", have, m.high)
	}
	c := &checker{ctx: context.Background(), im: im, meta: m, seen: make([]uint8, m.high)}
	c.seen[0], c.seen[1] = pageUsed, pageUsed
	if m.freelist != noFreelist {
		if err := c.freelist(); err != nil {
			return nil, err
		}
	}
	if m.root >= m.high || c.seen[m.root] != pageUnseen {
		return nil, fmt.Errorf("page %d cannot be the root", m.root)
	}
	return c, nil
}

// freelist marks the pages of the free list, and those that it names.
func (c *checker) freelist() error {
	list, err := c.im.page(c.meta, c.meta.freelist, nil)
	if err != nil {
		return fmt.Errorf("free list: %w", err)
	}
	if list.flags != freelistPage {
		return fmt.Errorf("page %d is no free list", c.meta.freelist)
	}
	if err := c.use(list); err != nil {
		return err
	}
	free, err := list.free()
	if err != nil {
		return err
	}
	for _, id := range free {
		if id >= c.meta.high || c.seen[id] != pageUnseen {
			return fmt.Errorf("page %d is free and in use", id)
		}
		c.seen[id] = pageFree
	}
	return nil
}

// fullCheck reads every page that is in use.
func fullCheck(ctx context.Context, im *image, m meta) error {
	c, err := quickCheck(im, m)
	if err != nil {
		return err
	}
	c.ctx = ctx
	if err := c.tree(m.root, nil, nil, 0); err != nil {
		return err
	}
	for id, state := range c.seen {
		if state == pageUnseen && m.freelist != noFreelist {
			return fmt.Errorf("page %d is lost: neither free nor in use", id)
		}
	}
	return nil
}

// use marks a page and what it covers.
func (c *checker) use(p page) error {
	for id := p.id; id <= p.id+p.overflow; id++ {
		switch c.seen[id] {
		case pageFree:
			return fmt.Errorf("page %d is in use and free", id)
		case pageUsed:
			return fmt.Errorf("page %d is in use twice", id)
		}
		c.seen[id] = pageUsed
	}
	return nil
}

// tree walks a page and all below it. Keys are at least low and less than high, where those are given.
func (c *checker) tree(id uint64, low, high []byte, depth int) error {
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	if depth > maxDepth {
		return errors.New("tree is too deep")
	}
	p, err := c.im.page(c.meta, id, c.bufs[depth])
	if err != nil {
		return err
	}
	c.bufs[depth] = p.data
	if err := c.use(p); err != nil {
		return err
	}
	if p.flags != branchPage && p.flags != leafPage {
		return fmt.Errorf("page %d is neither branch nor leaf", id)
	}
	if p.flags == branchPage && p.count == 0 {
		return fmt.Errorf("branch %d leads nowhere", id)
	}
	return c.elements(p, low, high, depth)
}

func (c *checker) elements(p page, low, high []byte, depth int) error {
	var before []byte
	for i := range p.count {
		e, err := p.element(i)
		if err != nil {
			return err
		}
		if i > 0 && bytes.Compare(e.key, before) <= 0 || i == 0 && bytes.Compare(e.key, low) < 0 ||
			high != nil && bytes.Compare(e.key, high) >= 0 {
			return fmt.Errorf("element %d of page %d is out of order", i, p.id)
		}
		before = e.key
		switch {
		case p.flags == branchPage:
			end := high
			if i+1 < p.count {
				next, err := p.element(i + 1)
				if err != nil {
					return err
				}
				end = next.key
			}
			if c.leadsAside(e.key, end, i) {
				continue
			}
			err = c.tree(e.child, e.key, end, depth+1)
		case e.bucket:
			err = c.bucket(e.value, depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// leadsAside says that child i of a branch, with keys from low to below end, need not be walked.
func (c *checker) leadsAside(low, end []byte, i int) bool {
	if c.toward == nil {
		return false
	}
	return i > 0 && bytes.Compare(c.toward, low) < 0 || end != nil && bytes.Compare(c.toward, end) >= 0
}

// bucket walks what a bucket holds: a tree of its own, or a leaf inside its description if it is small.
func (c *checker) bucket(value []byte, depth int) error {
	if len(value) < 16 {
		return errors.New("description of a bucket is too short")
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return c.tree(root, nil, nil, depth)
	}
	p, err := parsePage(value[16:])
	if err != nil {
		return err
	}
	if p.flags != leafPage {
		return errors.New("small bucket is no leaf")
	}
	return c.elements(p, nil, nil, depth)
}
