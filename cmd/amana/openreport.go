package main

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// openedReport is one opened report.
type openedReport struct {
	trusted
	code     string // empty if the file was renamed
	body     ticket.Body
	items    []seal.Item               // the thread as it was handed out
	first    entry                     // the report itself
	later    []entry                   // what was written after it, in order
	unsealed int                       // later messages that no one has sealed to this reader yet
	forged   int                       // what claims to come from a reader, and is not signed by one
	spoilt   int                       // later messages that open to nothing that could be shown
	newer    int                       // how many of these a newer program wrote
	standing string                    // where it stands, by the server's word
	turns    []seal.Turn               // what else the server says
	trail    seal.Trail                // where the audit chain ends, by its word too
	cut      bool                      // and a reader has seen another end of it
	sealed   map[ticket.ID]handedVoice // voice messages that came with it
	heard    map[ticket.ID]string      // files to which they were written
}

// entry is one opened message of a thread, or a share.
type entry struct {
	ticket.Inside
	item   seal.Item
	file   []byte // by which it was opened: the original or a copy
	added  string // of a share: the roster id of whoever joined
	forged bool
}

// openReport opens every message of a packet, looks whether it belongs to the report that was asked for, and whether a
// reader signed what claims to come from one.
func openReport(p seal.Packet, t trusted, ids ...seal.Identity) (*openedReport, error) {
	r := &openedReport{trusted: t, items: p.Thread, standing: p.State, turns: p.Turns, trail: p.Trail}
	if len(p.Thread) == 0 {
		return nil, errors.New("the file holds no message: ask the staff bot for it again with “Get the sealed file”")
	}
	if err := r.openFirst(p.Thread[0], p.Report, ids); err != nil {
		return nil, err
	}
	seed, err := seal.ParseSeed(r.body.Seed)
	if err != nil {
		return nil, errors.New("the report holds no seed with which its answers are signed: it is damaged, or of a later version")
	}
	v := verifier{report: p.Report, public: seed.Public(), ids: ids}
	if r.first.forged = v.forgedCopy(r.first); r.first.forged {
		r.forged++
	}
	seen := map[[16]byte]bool{p.Thread[0].ID: true}
	for _, item := range p.Thread[1:] {
		if seen[item.ID] {
			return nil, errors.New(errLiar + "a message stands in the file twice")
		}
		seen[item.ID] = true
		e, sealed, err := v.open(item)
		if errors.Is(err, errSpoilt) {
			if r.spoilt++; errors.Is(err, errUpdate) {
				r.newer++
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if e.forged {
			r.forged++
		}
		if !sealed {
			r.unsealed++
			continue
		}
		r.later = append(r.later, e)
		if saw := e.Saw(); saw != nil && !e.forged && !p.Trail.Holds(saw.Lines, saw.Link[:]) {
			r.cut = true
		}
	}
	if seal.CheckPublic(r.body.Mailbox) != nil {
		return nil, errors.New("the report holds no mailbox to which an answer could be sealed: it is damaged, or of a later version")
	}
	return r, nil
}

// errUnsealed is what a reader with a new key meets, until somebody has sealed the report to it.
var errUnsealed = errors.New("the report itself is not sealed to you yet: ask a colleague who reads it to open it and to choose “Seal again”. " +
	"If nobody else reads it, write the file for the holder of a recovery key with -for-recovery ID")

// openFirst opens the report itself, in which the seed lies that everything else is verified with.
func (r *openedReport) openFirst(item seal.Item, report [16]byte, ids []seal.Identity) error {
	if len(item.File) == 0 {
		return errNotFirst
	}
	in, file, err := openItem(item, item.Copies, ids)
	if errors.Is(err, seal.ErrNotForYou) {
		return errUnsealed
	}
	if err != nil {
		return err
	}
	if about, _ := in.About(); about != ticket.ID(report) {
		return errOther
	}
	if in.Report == nil || item.Header != nil {
		return errNotFirst
	}
	r.body, r.first = *in.Report, entry{Inside: in, item: item, file: file}
	return nil
}

var (
	errNotFirst = errors.New(errLiar + "the file does not begin with the one report that it is about")
	errOther    = errors.New(errLiar + "a message in the file belongs to another report")
)

// openItem opens a message by the original, or by the first copy that is sealed to one of the keys and whole: one that is
// not hides no other. File is what it was opened by.
func openItem(item seal.Item, copies []seal.Grant, ids []seal.Identity) (in ticket.Inside, file []byte, err error) {
	text, err := seal.OpenMessage(item.File, ids...)
	if in, err = inside(text, err); err == nil {
		return in, item.File, nil
	}
	for _, g := range copies {
		text, damage := g.Open(item.File, ids...)
		if in, damage = inside(text, damage); damage == nil {
			file, err = g.File(item.File)
			return in, file, err
		}
		if errors.Is(err, seal.ErrNotForYou) {
			err = damage
		}
	}
	return in, nil, err
}

var errDamaged = errors.New("a message in the file is damaged: ask the staff bot for it again with “Get the sealed file”")

var errNewer = errors.New("a message in the file is damaged, or of a later version of this program")

var errUpdate = errors.New("a message in the file was written by a newer program: bring this one up to date, and open it again")

// inside reads what was opened, and wipes it.
func inside(text []byte, err error) (ticket.Inside, error) {
	if errors.Is(err, seal.ErrNotForYou) {
		return ticket.Inside{}, err
	}
	if err != nil {
		return ticket.Inside{}, errDamaged
	}
	defer clear(text)
	in, err := ticket.DecodeInside(text)
	if errors.Is(err, ticket.ErrNewer) {
		return ticket.Inside{}, errUpdate
	}
	if err != nil {
		return ticket.Inside{}, errNewer
	}
	return in, nil
}

// wipe overwrites what can be overwritten.
func (r *openedReport) wipe() { clear(r.body.Seed) }

// state gives where the report stands as far as its thread tells. The server knows better only about a button that was
// tapped and about a withdrawal, and refuses an answer that is not possible any more.
func (r *openedReport) state() (s ticket.State, told bool) {
	s = ticket.Received
	for _, in := range r.later {
		switch {
		case in.forged:
		case in.Reply != nil:
			s, told = in.Reply.State.Keep(), true
		case in.noted() != "":
			s, told = in.noted(), true
		case in.Message != nil && s == ticket.Closed:
			s = ticket.Received
		}
	}
	return s, told
}

// noted gives the state to which a note moves its report, as a reader signed it beside the sealed words. None closes one.
func (e entry) noted() ticket.State {
	if e.Note == nil || e.forged || e.item.Header == nil {
		return ""
	}
	s := ticket.State(e.item.Header.State).Keep()
	if !s.Valid() || s == ticket.Closed {
		return ""
	}
	return s
}

// moves gives the states to which an answer can bring the report. To answer is to read.
func (r *openedReport) moves() (out []ticket.State) {
	from, _ := r.state()
	for _, to := range []ticket.State{ticket.Read, ticket.Referred, ticket.Confirmed, ticket.Closed} {
		if ticket.Allowed(ticket.ByReader, from, to) {
			out = append(out, to)
		}
	}
	return out
}

// language is that of what the reporter wrote last.
func (r *openedReport) language() string {
	lang := r.body.Lang
	for _, in := range r.later {
		if in.Message != nil && in.Message.Lang != "" {
			lang = in.Message.Lang
		}
	}
	return lang
}

// facts gives the answers in the form in which they were routed, to say kind and urgency as the server knows them.
func (r *openedReport) facts() bot.Facts {
	var out bot.Facts
	for _, a := range r.body.Answers {
		out = append(out, bot.Fact{Flow: a.Flow, Step: a.Step, Lang: a.Lang, Values: a.Values, Text: a.Text, Skipped: a.Skipped})
	}
	return out
}

// class gives kind and urgency.
func (r *openedReport) class(filed ticket.Kind) ticket.Case {
	return ticket.Classify(filed, r.body.Lang, r.facts())
}

// saw is the end of the audit chain that goes into what is written now.
func (r *openedReport) saw() *ticket.Saw {
	if r.trail.Lines == 0 {
		return nil
	}
	return &ticket.Saw{Lines: r.trail.Lines, Link: ticket.ID(r.trail.Last())}
}

// name8 names the report in files: by its code, or by the beginning of its id.
func (r *openedReport) name8() string {
	if r.code != "" {
		return r.code
	}
	return r.body.ID.String()[:8]
}

// name gives how a reader of the roster is called.
func (r *openedReport) name(id string) string {
	if e, ok := r.roster.Find(id); ok {
		return e.Name
	}
	return plain(id)
}

// wants says that the reporter asked to be called.
func (r *openedReport) wants(step, value string) bool { return r.facts().Has(step, value) }

// plain drops from foreign words everything with which a text could move a cursor, colour a screen or turn its
// neighbours around; line ends stay.
func plain(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "�")
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n':
			return c
		case c == '\t':
			return ' '
		case c < ' ', c >= 0x7f && c < 0xa0, slices.Contains(turners, c), c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069:
			return -1
		}
		return c
	}, s)
}

// turners are single characters that end lines or turn text around.
var turners = []rune{0x2028, 0x2029, 0x200e, 0x200f, 0x061c, 0xfeff}
