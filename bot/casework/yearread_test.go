package casework_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// Every report is opened with the key of somebody who holds it. Where it is one of the sample (see yearSize), each of its
// readers opens it, and what is written about it is sealed to all of them and opened by each. Of the others the second reader
// is taken to open what the server says that they open, and what is written about them are blank sheets, sealed to their
// writer: most of a year would be spent in doing the same once more. The header names all readers in either case, and
// nothing else is seen by the program.

// reads asks for the sealed file, and opens it. Whoever has it open already goes on with that, unless somebody else has
// come or gone, or got another key.
func (c *matter) reads(ctx context.Context, m *member) (th thread, ok bool) {
	version := c.registry.Roster().Version
	if c.open.by == m && c.open.version == version && c.open.at.After(c.hands) {
		return c.open.thread, true
	}
	files, err := c.registry.ReadOut(ctx, m.id, c.code)
	if errors.Is(err, casework.ErrUnknown) {
		c.owner = nil
		return th, false
	}
	if err != nil {
		c.errorf(c, "%s reads: %v", m.id, err)
		return th, false
	}
	c.handouts++
	if c.sampled {
		th = c.unpack(files, c.ids[m.id])
		if th.shut == 0 {
			th.verify(c.t)
		}
	} else {
		th = c.looksInto(files, c.ids[m.id])
	}
	c.opened = c.opened || th.shut == 0
	if th.shut == 0 && !th.lacking() {
		c.open = onScreen{m, version, c.now(), th}
	}
	return th, true
}

// lacking says that somebody cannot open all of a thread.
func (th thread) lacking() bool {
	return slices.ContainsFunc(th.items, func(i seal.Item) bool { return len(i.Lacks) > 0 })
}

// looksInto opens the report of a thread, unless that was done, and takes for open what else names the key of its reader.
func (c *matter) looksInto(files []bot.File, key seal.Identity) (th thread) {
	for _, f := range files {
		p, err := seal.OpenHandOut(f.Bytes, key)
		ok(c.t, err)
		th.packet = p
		me := slices.IndexFunc(p.Cards, func(c seal.Card) bool { return c.Key == key.Public() })
		for n, item := range p.Thread {
			th.items = append(th.items, item)
			switch {
			case item.Header != nil && item.Header.Kind == ticket.TypeShare:
			case me < 0 || slices.Contains(item.Lacks, me):
				th.shut++
			case p.Part > 1 || n > 0:
			case c.body == nil:
				c.opens(&th, item, key)
			default:
				th.inside = append(th.inside, ticket.Inside{Report: c.body})
			}
		}
	}
	return th
}

// opens opens one message of a thread.
func (c *matter) opens(th *thread, item seal.Item, keys ...seal.Identity) {
	file, plain, opens := opened(c.t, item, keys...)
	if !opens {
		th.shut++
		return
	}
	in, err := ticket.DecodeInside(plain)
	ok(c.t, err)
	if id, _ := in.About(); id != ticket.ID(th.packet.Report) && (c.sampled || in.Note == nil) {
		c.errorf(c, "a message of another report in the thread")
	}
	if in.Report != nil {
		c.body = in.Report
	}
	th.inside, th.files, th.of = append(th.inside, in), append(th.files, file), append(th.of, item.ID)
}

// grants seals the thread again, for whoever lacks something of it and for those with whom it is shared.
func (c *matter) grants(m *member, th thread, share ...string) (casework.Granted, error) {
	g := grants{share: share, with: c.ids[m.id]}
	if !c.sampled {
		g.others = c.pens
		c.opensAll(&th, g)
	}
	return c.registry.Grant(c.t.Context(), m.id, c.writesGrants(th, g))
}

// opensAll opens all of a thread with the keys of a grant.
func (c *matter) opensAll(th *thread, g grants) {
	th.inside, th.files, th.of, th.shut = nil, nil, nil, 0
	for _, item := range th.items {
		if item.Header == nil || item.Header.Kind != ticket.TypeShare {
			c.opens(th, item, append([]seal.Identity{g.with}, g.others...)...)
		}
	}
	if th.shut > 0 {
		c.errorf(c, "%d of its messages open for nobody who wrote or reads them", th.shut)
	}
}

// recovers lets somebody who sees it, and was told that nobody opens it, seal it again with the recovery key, whose holder
// they have asked. The next look of the book finds whether that has helped.
func (c *matter) recovers(m *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.again, c.vault = true, false
	if m.gone() || c.state == ticket.Closed || !c.withdrew.IsZero() {
		return
	}
	files, err := c.registry.ReadOut(c.t.Context(), m.id, c.code)
	if errors.Is(err, casework.ErrUnknown) {
		return
	}
	if err != nil {
		c.errorf(c, "%s reads it with the recovery key: %v", m.id, err)
		return
	}
	c.handouts++
	th, g := c.looksInto(files, c.ids[m.id]), grants{with: c.ids[yearVault], others: c.pens}
	c.opensAll(&th, g)
	if _, err := c.registry.Grant(c.t.Context(), m.id, c.writesGrants(th, g)); err != nil {
		c.errorf(c, "%s seals it again with the recovery key: %v", m.id, err)
	}
	c.sums.recovered.Add(1)
}

// writes makes an answer or a note.
func (c *matter) writes(m *member, th thread, kind string, to ticket.State) []byte {
	r := reply{kind: kind, text: "We have read it, and this is what we do.", state: string(to)}
	if !c.sampled {
		r.sheet = c.sheet(m, c.answers+c.notes)
		if key := c.ids[m.id]; !slices.ContainsFunc(c.pens, func(k seal.Identity) bool { return k.Public() == key.Public() }) {
			c.pens = append(c.pens, key)
		}
	}
	return c.writesAnswer(th, r)
}

// sheet gives a blank sheet of somebody, sealed to their key. The chain of a report tells its messages apart by what they are
// sealed as, so each of them is another.
func (y *year) sheet(m *member, n int) []byte {
	y.mu.Lock()
	defer y.mu.Unlock()
	key := y.ids[m.id].Public()
	for len(y.sheets[key]) <= n {
		plain, err := ticket.Inside{Note: &ticket.Note{ID: ticket.ID{1}, Time: y.now().UTC(), By: m.id, Text: "-"}}.Encode()
		ok(y.t, err)
		y.sheets[key] = append(y.sheets[key], must(seal.Message(plain, []string{key}, "", rand.Reader)))
	}
	return y.sheets[key][n]
}

// onScreen is a report as somebody has it open.
type onScreen struct {
	by      *member
	version uint64
	at      time.Time
	thread  thread
}

// opensForSomebody opens a report with the key of somebody who sees it, as it lies on the shelf; of some reports, with the key
// of everybody to whom it was sealed.
func (c *matter) opensForSomebody(r *store.Read, rep ticket.Report, under seal.KeyID) {
	messages, err := r.Thread(under, rep.ID)
	if err != nil || len(messages) == 0 {
		c.errorf(c, "its thread has %d messages: %v", len(messages), err)
		return
	}
	first := seal.Item{File: messages[0].File}
	for _, m := range messages {
		if m.Kind == ticket.TypeCopy {
			h, err := seal.ParseHeader(m.Header)
			ok(c.t, err)
			if h.Of == messages[0].ID {
				first.Copies = append(first.Copies, seal.Grant{Header: h, Head: m.File, Signature: m.Signature})
			}
		}
	}
	open := func(id string) bool {
		_, _, opens := opened(c.t, first, c.ids[id])
		return opens
	}
	asked := map[string]bool{}
	chain, err := r.ReportChain(under, rep.ID)
	ok(c.t, err)
	for _, line := range chain {
		if line.Who == "clock" && line.Did == "asked to seal again" {
			asked[line.Whom] = true
		}
	}
	opens, roster := false, c.registry.Roster()
	for _, id := range rep.Handed() {
		e, found := roster.Find(id)
		switch {
		case !found || !e.Usable():
		case open(id):
			opens = true
		case !asked[id]:
			c.errorf(c, "%s sees it and cannot open it, and nobody was asked to seal it again", id)
		}
	}
	c.opened = c.opened || opens
	i := slices.IndexFunc(c.staff, func(m *member) bool { return slices.Contains(rep.Handed(), m.id) && !m.gone() })
	if !opens && open(yearVault) {
		if i >= 0 && !c.vault { // or they come back, and it is looked at again
			c.vault = true
			c.later(c, c.staff[i].works(c.now(), oneDay), func() { c.recovers(c.staff[i]) })
		}
	} else if !opens {
		c.errorf(c, "it opens for none of %v, nor with the recovery key", rep.Handed())
	}
	if c.all {
		return
	}
	c.all = true
	for _, e := range c.registry.Roster().Recipients(rep) {
		if !open(e.ID) && slices.Contains(messages[0].To, e.Key) {
			c.errorf(c, "it was sealed to %s, and does not open for them", e.ID)
		}
	}
}
