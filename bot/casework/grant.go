package casework

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// The reasons for which a file of grants is refused, beside those of an answer.
const (
	NotThem   Refusal = "them"      // nobody who can become a reader of this report
	Full      Refusal = "full"      // fifteen readers and recovery keys are the most
	NoMessage Refusal = "message"   // a copy of what is not in the thread
	TooMany   Refusal = "copies"    // more copies of one message than anybody needs
	Withdrawn Refusal = "withdrawn" // its reporter asked that nothing more be done
)

// mostCopies bounds the copies of one message that one reader brings. Each is sealed to everybody who reads then, so that
// one for every change of a key is enough for many years. What one brings uses up nothing of the others': else a reader who
// wants a report to be read by nobody new could see to that.
const mostCopies = 64

// grantPage is how many copies are written in one transaction: each touches three records.
const grantPage = 20

// Granted says what became of a file of grants.
type Granted struct {
	Code    string
	Added   []string // names of those who read the report with it
	Copies  int      // taken now
	Again   bool     // all of it was taken before
	Missing []Lack   // who lacks a message all the same: what came meanwhile, or what the sender cannot open either
}

// Grant takes a file of shares and copies from a present reader: whoever is shared with joins the readers, and messages
// are sealed once more to those who read now. All of it is looked at before anything is written; then every share, and
// every page of copies, is one transaction, so that a file which was cut short by a stop can be sent again. Whatever
// is wrong is a Refusal. The reporter sees none of it.
func (r *Registry) Grant(ctx context.Context, person string, file []byte) (g Granted, err error) {
	if err := r.attend(ctx, person); err != nil {
		return g, err
	}
	grants, err := seal.ParseGrants(file)
	if err != nil {
		return g, Unreadable
	}
	d := &granting{Registry: r, person: person, grants: grants, told: map[string]bool{}}
	if d.ref, err = r.holds(ctx, person, grants[0].Header.Report); err != nil {
		return g, err
	}
	if err := d.look(ctx); err != nil {
		return g, err
	}
	g.Code, g.Again = d.code, len(d.shares)+len(d.copies) == 0
	for _, share := range d.shares {
		if err := d.share(ctx, share); err != nil {
			return g, err
		}
		g.Added = append(g.Added, d.name(share.Header.Readers[0].ID))
	}
	for page := range slices.Chunk(d.copies, grantPage) {
		if err := d.seal(ctx, page); err != nil {
			return g, err
		}
		g.Copies += len(page)
	}
	err = r.Store.View(ctx, func(rd *store.Read) error {
		g.Missing = nil
		rep, under, err := visible(rd, person, d.ref)
		if errors.Is(err, ErrUnknown) { // withdrawn from it meanwhile: what they sent counts all the same
			return nil
		}
		if err != nil {
			return err
		}
		thread, err := rd.Thread(under, rep.ID)
		g.Missing = lacking(thread, r.current().Recipients(rep))
		return err
	})
	return g, err
}

// holds finds the report with an id for one of its readers.
func (r *Registry) holds(ctx context.Context, person string, report store.ID) (ref store.Ref, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		found := false
		if ref, found, err = rd.ForReader(person, report); err == nil && !found {
			return NotYours
		}
		return err
	})
	return ref, err
}

// granting is a file of grants at work.
type granting struct {
	*Registry
	person         string
	ref            store.Ref
	grants         []seal.Grant
	code           string
	shares, copies []seal.Grant // what is new of it
	first          store.ID     // the report itself in its thread
	cover          coverage
	told           map[string]bool // who got a notice of this file
	keptOut        map[string]bool // organisations of which nobody may read
}

// look parts what is new from what was taken before, and refuses the whole file for anything that is wrong in it.
func (d *granting) look(ctx context.Context) error {
	return d.Store.View(ctx, func(rd *store.Read) error {
		d.shares, d.copies = nil, nil
		rep, under, err := visible(rd, d.person, d.ref)
		if errors.Is(err, ErrUnknown) {
			return NotYours
		}
		if err != nil {
			return err
		}
		thread, err := rd.Thread(under, rep.ID)
		if err != nil {
			return err
		}
		d.keptOut = d.orgsKeptOut(rd, under, rep.ID)
		d.code, d.first, d.cover = string(rep.Code), told(thread), covered(thread)
		known, copies := map[store.ID]store.Message{}, map[store.ID]int{}
		for _, m := range thread {
			known[m.ID] = m
			if m.By == d.person {
				copies[m.Of]++
			}
		}
		for _, g := range d.grants {
			of, id := known[g.Header.Of], g.Header.Message
			switch {
			case g.IsCopy() != (g.Header.Kind == ticket.TypeCopy), !g.IsCopy() && g.Header.Kind != ticket.TypeShare:
				return Unreadable
			case g.IsCopy() && (len(of.File) == 0 || of.Kind == ticket.TypeCopy):
				return NoMessage
			case g.Verify(rep.SigningKey[:], of.File) != nil:
				return BadSignature
			}
			if before, found := known[id]; found {
				if !bytes.Equal(before.Hash, hashGrant(g)) {
					return OtherBytes
				}
				continue
			}
			known[id] = store.Message{Hash: hashGrant(g)}
			if !g.IsCopy() {
				if rep, _, err = d.shared(rep, g.Header.Readers[0]); err != nil {
					return err
				}
				d.shares = append(d.shares, g)
				continue
			}
			if copies[of.ID]++; copies[of.ID] > mostCopies {
				return TooMany
			}
			d.copies = append(d.copies, g)
		}
		return d.present(rep, d.copies)
	})
}

func hashGrant(g seal.Grant) []byte { return store.HashFile(g.Bytes()) }

// shared adds a reader. They have to be a person of the signed roster, with the key that the sharer saw there, and not
// one for whom the report does not exist. Added is false for somebody who sees it already.
func (d *granting) shared(rep ticket.Report, to seal.Reader) (next ticket.Report, added bool, err error) {
	roster := d.current()
	e, found := roster.Find(to.ID)
	if !found || !e.Usable() || e.Role == ticket.Recovery || e.Key != to.Key || rep.IsExcluded(e.ID) || !e.MayRead(rep.Kind) || d.keptOut[e.Org] {
		return rep, false, NotThem
	}
	if ticket.MaySee(rep, e.ID) {
		return rep, false, nil
	}
	if rep.State.IsWithdrawn() {
		return rep, false, Withdrawn
	}
	recovery := 0
	for _, r := range roster.Recipients(rep) {
		if r.Role == ticket.Recovery {
			recovery++
		}
	}
	next, ok := rep.Share(e.ID, recovery)
	if !ok {
		return rep, false, Full
	}
	return next, true, nil
}

// orgsKeptOut gives the organisations that were kept out of a report when it was filed, by the marks in its chain, and by those
// of their people who stood in the roster then. A chain that is damaged holds up no sharing: the check names it, and the
// readers' own programs keep out whom the report names.
func (r *Registry) orgsKeptOut(rd *store.Read, under seal.KeyID, report store.ID) map[string]bool {
	orgs, roster := map[string]bool{}, r.current()
	chain, _ := rd.ReportChain(under, report)
	for _, line := range chain {
		if line.Who != "reporter" || line.Did != didKeepOut && line.Did != didMarkOut {
			continue
		}
		marks := strings.Fields(line.Whom)
		for _, e := range roster.Entries {
			if line.Did == didKeepOut && slices.Contains(marks, e.ID) || line.Did == didMarkOut && slices.Contains(marks, r.outMark(report, e.Org)) {
				orgs[e.Org] = true
			}
		}
	}
	return orgs
}

// present refuses copies that are sealed to anybody who does not read now, or to a key that somebody no longer has.
func (d *granting) present(rep ticket.Report, copies []seal.Grant) error {
	now := presentKeys(d.current().Recipients(rep))
	for _, g := range copies {
		for _, to := range g.Header.Readers {
			if now[to.ID] != to.Key {
				return Removed
			}
		}
	}
	return nil
}

// presentKeys gives the key of everybody to whom something may be sealed.
func presentKeys(readers []ticket.Entry) map[string]string {
	keys := map[string]string{}
	for _, e := range readers {
		keys[e.ID] = e.Key
	}
	return keys
}
