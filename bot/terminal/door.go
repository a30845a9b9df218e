package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"amana/bot"
)

// Hearer is the room that a door hears for.
type Hearer interface {
	Hear(context.Context, bot.Incoming) (bot.Reply, error)
}

// Closer is told which closing message was shown.
type Closer interface {
	Delivered(context.Context, bot.Person, bot.ClosingID) error
}

// Options is what a door needs; only Hearer and Out are required.
type Options struct {
	Hearer  Hearer
	Closer  Closer // nil: nothing has a closing record
	Out     io.Writer
	Person  bot.Person
	Address bot.Address
	Lang    string              // what the person's phone is set to: sorts the list of languages
	Width   func() int          // columns of the terminal; nil, or less than 20: 80
	Quiet   func(string) string // how a line in brackets looks; nil leaves it as it is
	Now     func() time.Time    // nil: messages carry no time
	Mark    func() bot.Mark     // nil: messages carry no mark
}

// Door is one chat. It is for one goroutine.
type Door struct {
	Options
	keys []bot.Choice // of the latest message that had buttons
}

// New opens a door.
func New(o Options) *Door {
	if o.Quiet == nil {
		o.Quiet = func(s string) string { return s }
	}
	return &Door{Options: o}
}

// Begin opens the chat, as a person does who taps Start.
func (d *Door) Begin(ctx context.Context) error {
	return d.hear(ctx, bot.Incoming{Kind: bot.Start})
}

// Type sends one typed line. An empty line sends nothing.
func (d *Door) Type(ctx context.Context, line string) error {
	line = clean(line)
	if line == "" {
		return nil
	}
	if n, ok := pressed(line); ok {
		return d.press(ctx, n)
	}
	if name, ok := strings.CutPrefix(line, "/"); ok && name != "" && !strings.ContainsFunc(name, unicode.IsSpace) {
		if name == "start" {
			return d.Begin(ctx)
		}
		return d.hear(ctx, bot.Incoming{Kind: bot.Command, Text: name})
	}
	return d.hear(ctx, bot.Incoming{Kind: bot.Text, Text: line})
}

// Bring sends a file, as a member of staff does.
func (d *Door) Bring(ctx context.Context, f bot.File) error {
	return d.hear(ctx, bot.Incoming{Kind: bot.Document, File: &f})
}

// Run begins the chat and sends each line of in, until it ends or ctx does. Both are a clean end.
func (d *Door) Run(ctx context.Context, in io.Reader) error {
	if err := d.Begin(ctx); err != nil {
		return err
	}
	lines := Read(in)
	for {
		line, err := lines.Next(ctx)
		switch {
		case errors.Is(err, ErrLongLine):
			err = d.Note(err.Error())
		case Ended(err):
			return nil
		case err == nil:
			err = d.Type(ctx, line)
		}
		if err != nil {
			return err
		}
	}
}

// Send shows what comes unasked: a notice, or a line for which the hour has come. Whoever it is for sits here.
func (d *Door) Send(_ context.Context, _ bot.Address, outs []bot.Outgoing) error {
	for _, o := range outs {
		if err := d.show(o); err != nil {
			return err
		}
	}
	return nil
}

// pressed reads #3.
func pressed(line string) (n int, ok bool) {
	digits, ok := strings.CutPrefix(line, "#")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

func (d *Door) press(ctx context.Context, n int) error {
	if n < 1 || n > len(d.keys) {
		return d.Note(fmt.Sprintf("there is no button #%d just now", n))
	}
	if key := d.keys[n-1]; key.Copy != "" {
		return d.Note("the phone has copied: " + key.Copy)
	}
	return d.hear(ctx, bot.Incoming{Kind: bot.Tap, Tap: d.keys[n-1].Data})
}

// hear hands one message over and shows what comes back.
func (d *Door) hear(ctx context.Context, in bot.Incoming) error {
	in.Person, in.Address, in.Lang = d.Person, d.Address, d.Lang
	if d.Now != nil {
		in.Sent = d.Now()
	}
	if d.Mark != nil {
		in.Mark = d.Mark()
	}
	reply, err := d.Hearer.Hear(ctx, in)
	if err != nil {
		return err
	}
	return d.reply(ctx, reply)
}

func (d *Door) reply(ctx context.Context, r bot.Reply) error {
	for _, line := range []struct {
		when bool
		text string
	}{
		{r.Answered != "", "in place of the buttons now stands: " + r.Answered},
		{r.Toast != "", "for a moment: " + r.Toast},
		{r.Erase == bot.EraseTyped, "the bot has taken your message out of the chat"},
		{r.Erase == bot.EraseAll, "the bot has cleared the chat, as far as it can"},
	} {
		if !line.when {
			continue
		}
		if err := d.Note(line.text); err != nil {
			return err
		}
	}
	if r.Answered != "" {
		d.keys = nil
	}
	for _, o := range r.Outs {
		if err := d.show(o); err != nil {
			return err
		}
		if o.Closing.IsZero() || d.Closer == nil {
			continue
		}
		if err := d.Closer.Delivered(ctx, d.Person, o.Closing); err != nil {
			return err
		}
	}
	return nil
}

// clean makes a typed line what a phone would send: valid, trimmed, without control characters.
func clean(line string) string {
	line = strings.ToValidUTF8(line, "\uFFFD")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, line))
}
