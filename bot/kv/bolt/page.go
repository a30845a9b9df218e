package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
)

// The file format of bbolt, version 2, in the byte order of the machine. A page has a header of 16 bytes: its own
// number (8), what it is (2), how many elements follow (2), and how many pages more it covers (4).
const (
	headerSize  = 16
	elementSize = 16
	metaSize    = 64

	branchPage   = 0x01
	leafPage     = 0x02
	metaPage     = 0x04
	freelistPage = 0x10

	bucketElement = 0x01

	metaMagic   = 0xED0CDAED
	metaVersion = 2

	minPageSize = 1 << 10
	maxPageSize = 1 << 16

	noFreelist = 1<<64 - 1 // in place of the page of the free list: whatever is not in the tree is free
)

// meta is one of the two pages at the head of the file: the root of one state of the whole file.
type meta struct {
	pageSize uint32
	root     uint64 // page where the tree of buckets begins
	freelist uint64 // page where the list of free pages begins
	high     uint64 // all pages lie below
	txid     uint64 // the higher of two valid ones is the present state
}

// image is a file of bbolt, read without mapping it.
type image struct {
	file  io.ReaderAt
	size  int64
	metas []meta // the valid ones
}

var errNoMeta = errors.New("neither head page is valid")

// openImage reads the head pages.
func openImage(file io.ReaderAt, size int64) (*image, error) {
	im := &image{file: file, size: size}
	first, err := im.meta(0)
	if err == nil {
		im.metas = append(im.metas, first)
	}
	// The second lies one page further on. If the first is unreadable, the size of a page has to be tried.
	for ps := int64(minPageSize); ps <= maxPageSize; ps *= 2 {
		second, errSecond := im.meta(ps)
		if errSecond == nil && int64(second.pageSize) == ps && (err != nil || first.pageSize == second.pageSize) {
			im.metas = append(im.metas, second)
			break
		}
	}
	if len(im.metas) == 0 {
		return nil, errNoMeta
	}
	return im, nil
}

// newest gives the present state, and the one with a given transaction id if id is not zero.
func (im *image) newest() meta {
	best := im.metas[0]
	for _, m := range im.metas {
		if m.txid > best.txid {
			best = m
		}
	}
	return best
}

// state gives the head page of one transaction, if it has not been written over since.
func (im *image) state(txid uint64) (meta, bool) {
	for _, m := range im.metas {
		if m.txid == txid {
			return m, true
		}
	}
	return meta{}, false
}

func (im *image) meta(at int64) (meta, error) {
	var buf [headerSize + metaSize]byte
	if _, err := im.file.ReadAt(buf[:], at); err != nil {
		return meta{}, fmt.Errorf("reading head page: %w", err)
	}
	order, body := binary.NativeEndian, buf[headerSize:]
	sum := fnv.New64a()
	sum.Write(body[:56])
	m := meta{
		pageSize: order.Uint32(body[8:]),
		root:     order.Uint64(body[16:]),
		freelist: order.Uint64(body[32:]),
		high:     order.Uint64(body[40:]),
		txid:     order.Uint64(body[48:]),
	}
	switch {
	case order.Uint16(buf[8:]) != metaPage, order.Uint32(body) != metaMagic, order.Uint32(body[4:]) != metaVersion:
		return meta{}, errors.New("not a head page")
	case order.Uint64(body[56:]) != sum.Sum64():
		return meta{}, errors.New("head page does not match its checksum")
	case m.pageSize < minPageSize, m.pageSize > maxPageSize, m.pageSize&(m.pageSize-1) != 0:
		return meta{}, errors.New("size of a page out of range")
	}
	return m, nil
}

// page is a run of pages in memory. Its accessors never read beyond it.
type page struct {
	id       uint64
	flags    uint16
	count    int
	overflow uint64
	data     []byte // all of it, header included
}

// element is an entry of a branch or a leaf.
type element struct {
	key, value []byte // a leaf has both
	bucket     bool   // the value describes a bucket
	child      uint64 // a branch leads here
}

// page reads a page and what it covers. It uses a buffer if there is one and makes another if that is too small; the
// page keeps it.
func (im *image) page(m meta, id uint64, buf []byte) (page, error) {
	if id < 2 || id >= m.high {
		return page{}, fmt.Errorf("page %d lies outside of the file", id)
	}
	one, at := int(m.pageSize), int64(id)*int64(m.pageSize)
	buf = slices.Grow(buf[:0], one)[:one]
	if _, err := im.file.ReadAt(buf, at); err != nil {
		return page{}, fmt.Errorf("reading page %d: %w", id, err)
	}
	p, err := parsePage(buf)
	if err != nil {
		return page{}, err
	}
	if p.id != id {
		return page{}, fmt.Errorf("page %d calls itself %d", id, p.id)
	}
	if p.overflow >= m.high-id {
		return page{}, fmt.Errorf("page %d covers more than the file", id)
	}
	if rest := int(p.overflow) * one; rest > 0 {
		p.data = slices.Grow(buf, rest)[:one+rest]
		if _, err := im.file.ReadAt(p.data[one:], at+int64(one)); err != nil {
			return page{}, fmt.Errorf("reading page %d: %w", id, err)
		}
	}
	return p, nil
}

// parsePage reads the header of a page that is in memory, such as the one inside a small bucket.
func parsePage(data []byte) (page, error) {
	if len(data) < headerSize {
		return page{}, errors.New("page shorter than its header")
	}
	order := binary.NativeEndian
	return page{
		id:       order.Uint64(data),
		flags:    order.Uint16(data[8:]),
		count:    int(order.Uint16(data[10:])),
		overflow: uint64(order.Uint32(data[12:])),
		data:     data,
	}, nil
}

// element gives entry i of a branch or a leaf.
func (p page) element(i int) (element, error) {
	at := headerSize + i*elementSize
	if at+elementSize > len(p.data) {
		return element{}, fmt.Errorf("page %d is shorter than its %d elements", p.id, p.count)
	}
	order, raw := binary.NativeEndian, p.data[at:at+elementSize]
	var e element
	var pos, ksize, vsize uint64
	if p.flags == branchPage {
		pos, ksize = uint64(order.Uint32(raw)), uint64(order.Uint32(raw[4:]))
		e.child = order.Uint64(raw[8:])
	} else {
		e.bucket = order.Uint32(raw)&bucketElement != 0
		pos, ksize, vsize = uint64(order.Uint32(raw[4:])), uint64(order.Uint32(raw[8:])), uint64(order.Uint32(raw[12:]))
	}
	begin := uint64(at) + pos
	if begin+ksize+vsize > uint64(len(p.data)) {
		return element{}, fmt.Errorf("element %d of page %d ends outside of it", i, p.id)
	}
	e.key = p.data[begin : begin+ksize]
	e.value = p.data[begin+ksize : begin+ksize+vsize]
	return e, nil
}

// free gives the numbers in a page of the free list.
func (p page) free() ([]uint64, error) {
	order, rest, n := binary.NativeEndian, p.data[headerSize:], uint64(p.count)
	if p.count == 0xffff { // more than fit the header: the first number is the count
		n, rest = order.Uint64(rest), rest[8:]
	}
	if n > uint64(len(rest)/8) {
		return nil, fmt.Errorf("free list of %d pages ends outside of page %d", n, p.id)
	}
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = order.Uint64(rest[i*8:])
	}
	return ids, nil
}
