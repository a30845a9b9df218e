package casework

import (
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// coverage says which public keys open which message of a thread. It is what the server knows: to whom it sealed
// itself, and to whom a reader said, with a signature, that they sealed.
type coverage map[store.ID]map[string]bool

// covered reckons it from a whole thread. Shares, which hold nothing to open, are not in it.
func covered(thread []store.Message) coverage {
	c := coverage{}
	for _, m := range thread {
		switch m.Kind {
		case ticket.TypeShare:
		case ticket.TypeCopy:
			c.add(m.Of, m.To...)
		default:
			c.add(m.ID, m.To...)
		}
	}
	return c
}

func (c coverage) add(id store.ID, keys ...string) {
	if c[id] == nil {
		c[id] = map[string]bool{}
	}
	for _, k := range keys {
		c[id][k] = true
	}
}

// lacks counts the messages that a key does not open.
func (c coverage) lacks(key string) (n int) {
	for _, open := range c {
		if !open[key] {
			n++
		}
	}
	return n
}

// clone gives one that can be changed without touching the first.
func (c coverage) clone() coverage {
	out := coverage{}
	for id, keys := range c {
		out.add(id)
		for k := range keys {
			out[id][k] = true
		}
	}
	return out
}

// told is the first message of a thread: the report itself, without which the others are of no use to anybody.
func told(thread []store.Message) (id store.ID) {
	if len(thread) > 0 && thread[0].Kind == ticket.TypeReport { // else it is damaged
		id = thread[0].ID
	}
	return id
}

// mostHeads is how many copies of one message are handed out to the reader whom they name. One is enough; the others are
// there in case that one of them opens less than its maker said.
const mostHeads = 4

// heads gives the copies that are handed out with each message, newest first: those for the asking reader, and one for
// each recovery key, so that its holder can help a reader whose own key opens nothing.
func heads(thread []store.Message, readers []ticket.Entry, own string) (map[store.ID][]seal.Grant, error) {
	out, left := map[store.ID][]seal.Grant{}, map[store.ID]map[string]int{}
	for _, m := range slices.Backward(thread) {
		if m.Kind != ticket.TypeCopy {
			continue
		}
		if left[m.Of] == nil {
			left[m.Of] = map[string]int{own: mostHeads}
			for _, e := range readers {
				if e.Role == ticket.Recovery && len(left[m.Of]) <= mostHeads {
					left[m.Of][e.Key] = 1
				}
			}
		}
		wanted := false
		for _, k := range m.To {
			if left[m.Of][k] > 0 {
				left[m.Of][k]--
				wanted = true
			}
		}
		if !wanted {
			continue
		}
		h, err := seal.ParseHeader(m.Header)
		if err != nil {
			return nil, err
		}
		out[m.Of] = append(out[m.Of], seal.Grant{Header: h, Head: m.File, Signature: m.Signature})
	}
	return out, nil
}

// items gives a thread as one of its readers is handed it: each message once, with the copies that are of use.
func items(thread []store.Message, readers []ticket.Entry, own string) ([]seal.Item, error) {
	cover := covered(thread)
	copies, err := heads(thread, readers, own)
	if err != nil {
		return nil, err
	}
	var out []seal.Item
	for _, m := range thread {
		if m.Kind == ticket.TypeCopy {
			continue
		}
		i := seal.Item{ID: m.ID, Signature: m.Signature, Copies: copies[m.ID]}
		if len(m.File) > 0 {
			i.File = m.File
		}
		if len(m.Header) > 0 {
			h, err := seal.ParseHeader(m.Header)
			if err != nil {
				return nil, err
			}
			i.Header = &h
		}
		for at, e := range readers {
			if open, sealed := cover[m.ID]; sealed && !open[e.Key] {
				i.Lacks = append(i.Lacks, at)
			}
		}
		out = append(out, i)
	}
	return out, nil
}

// Lack is a reader who cannot open some messages of a report yet.
type Lack struct {
	Person string // roster id
	Name   string
	Count  int
}

// lacking lists the present readers and recovery keys who lack a message.
func lacking(thread []store.Message, readers []ticket.Entry) (out []Lack) {
	cover := covered(thread)
	for _, e := range readers {
		if n := cover.lacks(e.Key); n > 0 {
			out = append(out, Lack{Person: e.ID, Name: e.Name, Count: n})
		}
	}
	return out
}
