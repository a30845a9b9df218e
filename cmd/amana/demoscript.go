package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot"
)

// A transcript is a conversation that was walked, written down so that it can be walked again: what the person did in
// words that belong to no language, and all that came of it. flows/testdata holds those that must never change unseen;
// flows/testdata/README.md explains the form. `amana demo -save` writes one more.
type transcript struct {
	story  string
	script []string
	chat   []string
	report []string
	notice []string
	never  []string
}

// String writes a transcript in txtar form.
func (t transcript) String() string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(t.story) + "\n")
	for _, section := range []struct {
		name  string
		lines []string
	}{{"script", t.script}, {"chat", t.chat}, {"report", t.report}, {"notice", t.notice}, {"never", t.never}} {
		fmt.Fprintf(&b, "-- %s --\n", section.name)
		for _, l := range section.lines {
			b.WriteString(strings.TrimRight(l, " ") + "\n")
		}
	}
	return b.String()
}

// recorder stands between a person's door and the room, and writes down what passes.
type recorder struct {
	*camp
	transcript
	lang  string               // of the transcript: that of the first choice
	shown []bot.Choice         // the buttons of the latest question
	asks  bool                 // the latest reply asks something
	masks []string             // pairs for a Replacer: receipts and codes, which differ each time
	own   []string             // what the person wrote in their own words
	filed func(receipt string) // told when a report was sent; may be nil
}

func newRecorder(c *camp) *recorder {
	return &recorder{camp: c, transcript: transcript{story: "A conversation that was walked in the demonstration."}}
}

// Hear passes a message on and writes down both sides.
func (r *recorder) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	if line := r.line(in); line != "" {
		r.script = append(r.script, line)
	}
	return r.pass(ctx, in)
}

// pass is Hear without a line in the script.
func (r *recorder) pass(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	r.chat = append(r.chat, "", "< "+r.spoken(in), "")
	_, word := r.book.Word(r.lang, in.Text)
	free := in.Kind == bot.Text && !word && len(r.shown) > 0 && len(r.present("")) == 0
	reply, err := r.room.Hear(ctx, in)
	if err != nil {
		return reply, err
	}
	r.asks = slices.ContainsFunc(reply.Outs, func(o bot.Outgoing) bool { return len(o.Rows) > 0 })
	if err := r.mask(ctx, reply); err != nil {
		return reply, err
	}
	r.answered(reply)
	if free {
		r.own = append(r.own, in.Text)
	}
	r.notices(r.carry(ctx))
	return reply, nil
}

// Delivered passes on that the receipt was shown.
func (r *recorder) Delivered(ctx context.Context, p bot.Person, id bot.ClosingID) error {
	return r.room.Delivered(ctx, p, id)
}

// mask notes the receipts and codes that are new.
func (r *recorder) mask(ctx context.Context, reply bot.Reply) error {
	for _, o := range reply.Outs {
		if o.Closing.IsZero() {
			continue
		}
		for _, row := range o.Rows {
			for _, c := range row {
				if c.Copy == "" || slices.Contains(r.masks, c.Copy) {
					continue
				}
				r.masks = append(r.masks, grouped(c.Copy), "{receipt}", c.Copy, "{receipt}")
				if r.filed != nil {
					r.filed(c.Copy)
				}
			}
		}
	}
	all, err := r.reports(ctx)
	for _, rep := range all {
		if !slices.Contains(r.masks, string(rep.Code)) {
			r.masks = append(r.masks, string(rep.Code), "{code}")
		}
	}
	return err
}

// passes lets time pass and writes down what came.
func (r *recorder) passes(ctx context.Context, d time.Duration) ([]bot.Outgoing, error) {
	r.script = append(r.script, "wait "+d.String())
	return r.later(ctx, d)
}

// later is passes without a line in the script.
func (r *recorder) later(ctx context.Context, d time.Duration) ([]bot.Outgoing, error) {
	r.chat = append(r.chat, "", ". "+passed(d)+" later", "")
	r.notice = append(r.notice, ". "+passed(d)+" later")
	before := len(r.told)
	lines, err := r.wait(ctx, d)
	for _, l := range lines {
		r.chat = append(r.chat, r.drawn(l)...)
	}
	r.notices(slices.Clone(r.told[before:]))
	return lines, err
}

// desk writes down what somebody of the staff did, what they were answered, and what came of it: notices to colleagues,
// and a line to the person if they chose one and it is a safe hour.
func (r *recorder) desk(ctx context.Context, id, did string, reply bot.Reply) ([]bot.Outgoing, error) {
	r.notice = append(r.notice, id+" < "+did)
	for _, o := range reply.Outs {
		r.notice = append(r.notice, "to "+id)
		r.notice = append(r.notice, r.drawn(o)...)
	}
	r.notices(r.carry(ctx))
	lines, err := r.nudges(ctx)
	for _, l := range lines {
		r.chat = append(append(r.chat, ""), r.drawn(l)...)
	}
	return lines, err
}
