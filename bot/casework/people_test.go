package casework_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// chat is somebody with a phone.
type chat struct {
	*mission
	number string
}

func (m *mission) chat(n int) *chat { return &chat{m, strconv.Itoa(70_000_001 + n)} }

func (c *chat) address() bot.Address { return bot.Address("telegram:" + c.number) }

// incoming is a message of theirs, with its update number.
func (c *chat) incoming() bot.Incoming {
	c.mu.Lock()
	c.update++
	n := c.update
	c.mu.Unlock()
	in := bot.Incoming{Kind: bot.Text, Address: c.address(), Sent: c.now()}
	p, was := c.roots.Person("telegram", "7", c.number)
	k, kwas := c.roots.Mark("telegram", "7", n)
	in.Person, in.Was, in.Mark, in.MarkWas = p, was, k, kwas
	return in
}

func (c *chat) turn() bot.Turn {
	in := c.incoming()
	return bot.Turn{Person: in.Person, Was: in.Was, Mark: in.Mark, Address: in.Address, Lang: "en"}
}

func (c *chat) recall(in bot.Incoming) bot.Recall {
	c.t.Helper()
	r, err := c.registry.Recall(c.t.Context(), in)
	ok(c.t, err)
	return r
}

func (c *chat) commit(t bot.Turn) (bot.Done, error) { return c.registry.Commit(c.t.Context(), t) }

// facts are the answers of a report, step and value in turn.
func facts(pairs ...string) (f bot.Facts) {
	f = bot.Facts{
		{Flow: "report", Step: "age", Lang: "en", Values: []string{"adult"}},
		{Flow: "report", Step: "matter", Lang: "en", Values: []string{"sexual"}},
		{Flow: "report", Step: "consent_complaint", Lang: "en", Values: []string{"yes"}, Consent: true, Shown: "May this go to them?"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		fact := bot.Fact{Flow: "report", Step: pairs[i], Lang: "en", Values: []string{pairs[i+1]}}
		if pairs[i] == "story" {
			fact.Values, fact.Text = nil, pairs[i+1]
		}
		f = append(f, fact)
	}
	return f
}

// files sends a report, and gives its receipt and code.
func (c *chat) files(pairs ...string) (receipt, code string) {
	c.t.Helper()
	t := c.turn()
	t.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts(pairs...)}
	done, err := c.commit(t)
	ok(c.t, err)
	return done.Receipt, c.code(done.Receipt)
}

// code gives the code of the report that a receipt opens, as only a test can know it.
func (m *mission) code(receipt string) string { return string(m.report(receipt).Code) }

// report gives the outer record that a receipt leads to.
func (m *mission) report(receipt string) (rep ticket.Report) {
	m.t.Helper()
	s, err := theCamp().stretch(m.t.Context(), receipt)
	ok(m.t, err)
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		carried, err := r.CarriedPeppers()
		if err != nil {
			return err
		}
		for _, p := range slices.Concat(m.house.Peppers(), carried) {
			if ref, found, err := r.ByMailbox(s.MailboxID(p)); err != nil || found {
				if err == nil {
					rep, _, err = r.Report(ref)
				}
				return err
			}
		}
		return errors.New("no report for this receipt")
	}))
	return rep
}

// opens opens the mailbox of a receipt.
func (c *chat) opens(receipt string) bot.Mail {
	c.t.Helper()
	mail, err := c.registry.Open(c.t.Context(), c.incoming().Person, receipt)
	ok(c.t, err)
	return mail
}

// writes sends a further message.
func (c *chat) writes(receipt, text string) {
	c.t.Helper()
	box := c.opens(receipt).Box
	t := c.turn()
	t.Letter = &bot.Letter{Box: box, Text: text, Lang: "en"}
	_, err := c.commit(t)
	ok(c.t, err)
}

// thread is a report as a reader has opened it.
type thread struct {
	packet seal.Packet // the last of its parts
	items  []seal.Item
	inside []ticket.Inside // what opened
	files  [][]byte        // by which
	of     [][16]byte      // and its ids
	shut   int             // what did not
}

// reads lets a reader ask for a report and open it with their own key.
func (m *mission) reads(person, code string) thread {
	m.t.Helper()
	files, err := m.registry.ReadOut(m.t.Context(), person, code)
	ok(m.t, err)
	return m.unpack(files, m.ids[person])
}

func (m *mission) unpack(files []bot.File, keys ...seal.Identity) (out thread) {
	m.t.Helper()
	for _, f := range files {
		if f.Load != nil { // a voice message
			continue
		}
		p, err := seal.OpenHandOut(f.Bytes, keys...)
		ok(m.t, err)
		out.packet = p
		for _, item := range p.Thread {
			out.items = append(out.items, item)
			if item.Header != nil && item.Header.Kind == ticket.TypeShare {
				continue
			}
			file, plain, opens := opened(m.t, item, keys...)
			if !opens {
				out.shut++
				continue
			}
			in, err := ticket.DecodeInside(plain)
			ok(m.t, err)
			if id, _ := in.About(); id != ticket.ID(p.Report) {
				m.t.Fatal("a message of another report in the thread")
			}
			out.inside, out.files, out.of = append(out.inside, in), append(out.files, file), append(out.of, item.ID)
		}
	}
	return out
}

// opened opens a message of a thread by whatever of it names one of the keys.
func opened(t testing.TB, item seal.Item, keys ...seal.Identity) (file, plain []byte, opens bool) {
	t.Helper()
	files := [][]byte{item.File}
	for _, g := range item.Copies {
		files = append(files, must(g.File(item.File)))
	}
	for _, file := range files {
		plain, err := seal.OpenMessage(file, keys...)
		if !errors.Is(err, seal.ErrNotForYou) {
			ok(t, err)
			return file, plain, true
		}
	}
	return nil, nil, false
}

// verify asks that every answer, note, share and copy of an opened thread is signed by a reader of the report, and that
// nothing else claims to be.
func (th thread) verify(t testing.TB) {
	t.Helper()
	public := must(seal.ParseSeed(th.body(t).Seed)).Public()
	signed := map[[16]byte]bool{}
	for _, item := range th.items {
		if a, is := item.Answer(); is {
			signed[item.ID] = true
			if a.Header.Message != item.ID || a.Header.Report != th.packet.Report {
				t.Error("a signature for something else")
			}
			ok(t, a.Verify(public))
		}
		for _, g := range item.Copies {
			ok(t, g.Verify(public, item.File))
		}
	}
	for n, in := range th.inside {
		if written := in.Reply != nil || in.Note != nil; written != signed[th.of[n]] {
			t.Errorf("message %d is signed: %v", n, signed[th.of[n]])
		}
	}
}

// body is the report itself in an opened thread.
func (th thread) body(t testing.TB) *ticket.Body {
	t.Helper()
	i := slices.IndexFunc(th.inside, func(in ticket.Inside) bool { return in.Report != nil })
	if i < 0 {
		t.Fatal("the report does not open")
	}
	return th.inside[i].Report
}

func (th thread) texts() (out []string) {
	for _, in := range th.inside {
		switch {
		case in.Report != nil:
			out = append(out, "report")
		case in.Message != nil:
			out = append(out, in.Message.Text)
		case in.Reply != nil:
			out = append(out, in.Reply.Text)
		case in.Note != nil:
			out = append(out, "note: "+in.Note.Text)
		}
	}
	return out
}

// reply is an answer file in the making, as the program on a reader's machine makes it.
type reply struct {
	kind, state, text string
	leg               *ticket.Leg
	outcome           ticket.Outcome
	header            func(*seal.Header)
	sheet             []byte // what is sent in the place of the words, whomever the header names
}

// writesAnswer makes the signed answer file of a reader.
func (m *mission) writesAnswer(th thread, r reply) []byte {
	m.t.Helper()
	body := th.body(m.t)
	now := m.now().UTC()
	h := seal.Header{Report: th.packet.Report, Kind: "answer", State: r.state}
	_, err := io.ReadFull(rand.Reader, h.Message[:])
	ok(m.t, err)
	if r.kind != "" {
		h.Kind = r.kind
	}
	var keys []string
	for _, c := range th.packet.Cards {
		h.Readers, keys = append(h.Readers, seal.Reader{ID: c.ID, Key: c.Key}), append(keys, c.Key)
	}
	in, to := ticket.Inside{Note: &ticket.Note{ID: body.ID, Time: now, By: "ana", Leg: r.leg, Text: r.text}}, ""
	if h.Kind == "answer" {
		h.Nudge, to = body.Nudge, body.Mailbox
		in = ticket.Inside{Reply: &ticket.Reply{ID: body.ID, Time: now, Lang: "en", Role: ticket.FocalPoint, State: ticket.Read, Text: r.text}}
		if r.outcome != "" {
			in.Reply.State, in.Reply.Outcome = ticket.Closed, r.outcome
		}
	}
	if r.header != nil {
		r.header(&h)
	}
	file := r.sheet
	if file == nil {
		plain, err := in.Encode()
		ok(m.t, err)
		file, err = seal.Message(plain, keys, to, rand.Reader)
		ok(m.t, err)
	}
	seed, err := seal.ParseSeed(body.Seed)
	ok(m.t, err)
	signed, err := seal.SignAnswer(seed, h, file)
	ok(m.t, err)
	return signed
}

// answers lets a reader answer a report.
func (m *mission) answers(person, code, text, state string) casework.Taken {
	m.t.Helper()
	taken, err := m.registry.Answer(m.t.Context(), person, m.writesAnswer(m.reads(person, code), reply{text: text, state: state}))
	ok(m.t, err)
	return taken
}

// notices gives what somebody was told until now and has not looked at yet, as "event code".
func (m *mission) notices(person string) (out []string) {
	m.t.Helper()
	for _, n := range m.carried() {
		m.told[n.Reader] = append(m.told[n.Reader], n.Event+" "+n.Code)
	}
	out, m.told[person] = m.told[person], nil
	return out
}

// carried takes everything that is due off the shelf.
func (m *mission) carried() (out []bot.Notice) {
	m.t.Helper()
	for {
		due, err := m.registry.Notices(m.t.Context(), 50, nil)
		ok(m.t, err)
		if len(due) == 0 {
			return out
		}
		for _, n := range due {
			_, err := m.registry.NoticeTake(m.t.Context(), n)
			ok(m.t, err)
			ok(m.t, m.registry.NoticeDone(m.t.Context(), n))
		}
		out = append(out, due...)
	}
}

// audit gives what the chain of a report tells.
func (m *mission) audit(receipt string) (out []string) {
	m.t.Helper()
	rep := m.report(receipt)
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		_, under, err := r.Report(store.RefOf(rep.Day, rep.ID))
		if err != nil {
			return err
		}
		chain, err := r.ReportChain(under, rep.ID)
		for _, e := range chain {
			out = append(out, fmt.Sprintf("%s %s %s", e.Who, e.Did, e.Whom))
		}
		return err
	}))
	return out
}

// enrolment makes the file that a focal point's program makes, with a new key.
func (m *mission) enrolment(id string) []byte {
	m.t.Helper()
	key := must(seal.NewIdentity(rand.Reader))
	m.ids[id] = key
	wrapped, err := seal.Wrap(key, "a long passphrase", must(seal.NewDeviceKey(rand.Reader)), 10)
	ok(m.t, err)
	file, err := seal.Enrolment{Public: key.Public(), Wrapped: wrapped}.Encode()
	ok(m.t, err)
	return file
}

// firstMessage gives the id under which the report itself lies in its thread.
func (m *mission) firstMessage(receipt string) (id [16]byte) {
	m.t.Helper()
	rep := m.report(receipt)
	ok(m.t, m.store.View(m.t.Context(), func(r *store.Read) error {
		_, under, err := r.Report(store.RefOf(rep.Day, rep.ID))
		if err != nil {
			return err
		}
		thread, err := r.Thread(under, rep.ID)
		if err == nil {
			id = thread[0].ID
		}
		return err
	}))
	return id
}
