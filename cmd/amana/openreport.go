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

// report is one opened report.
type openedReport struct {
	trusted
	code     string // empty if the file was renamed
	body     ticket.Body
	later    []ticket.Inside // what was written after it, in order
	unsealed int             // later messages that no one has sealed to this reader yet
}

// openReport opens every message of a packet and looks whether it belongs to the report that was asked for.
func openReport(p seal.Packet, t trusted, id seal.Identity) (*openedReport, error) {
	r := &openedReport{trusted: t}
	if len(p.Thread) == 0 {
		return nil, errors.New("the file holds no message: ask the staff bot for it again with `read`")
	}
	for i, file := range p.Thread {
		in, err := openInside(file, id)
		if errors.Is(err, seal.ErrNotForYou) && i > 0 {
			r.unsealed++
			continue
		}
		if errors.Is(err, seal.ErrNotForYou) {
			return nil, errors.New("the report itself is not sealed to you yet: ask a colleague who reads it, or a holder of a recovery key, to seal it to you")
		}
		if err != nil {
			return nil, err
		}
		if about, _ := in.About(); about != ticket.ID(p.Report) {
			return nil, errors.New(errLiar + "a message in the file belongs to another report")
		}
		switch {
		case i == 0 && in.Report == nil, i > 0 && in.Report != nil:
			return nil, errors.New(errLiar + "the file does not begin with the one report that it is about")
		case i == 0:
			r.body = *in.Report
		default:
			r.later = append(r.later, in)
		}
	}
	if seal.CheckPublic(r.body.Mailbox) != nil {
		return nil, errors.New("the report holds no mailbox to which an answer could be sealed: it is damaged, or of a later version")
	}
	return r, nil
}

func openInside(file []byte, id seal.Identity) (ticket.Inside, error) {
	text, err := seal.OpenMessage(file, id)
	if errors.Is(err, seal.ErrNotForYou) {
		return ticket.Inside{}, err
	}
	if err != nil {
		return ticket.Inside{}, errors.New("a message in the file is damaged: ask the staff bot for it again with `read`")
	}
	defer clear(text)
	in, err := ticket.DecodeInside(text)
	if err != nil {
		return ticket.Inside{}, errors.New("a message in the file is damaged, or of a later version of this program")
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
		case in.Reply != nil:
			s, told = in.Reply.State.Keep(), true
		case in.Message != nil && s == ticket.Closed:
			s = ticket.Received
		}
	}
	return s, told
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
