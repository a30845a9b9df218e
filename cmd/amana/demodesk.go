package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// What the staff of an invented camp do, with the very code that `amana open` runs on a focal point's own machine.

// tongue is how somebody of the staff is spoken to.
func (c *camp) tongue() (*tongue, error) {
	t := &tongue{book: c.book, lang: c.lang, profile: c.profile, filed: map[string]ticket.Kind{}}
	for _, f := range c.wording.flows {
		t.filed[f.Name] = ticket.Kind(f.Kind)
	}
	return t, nil
}

// open opens what was handed to somebody, and believes the coordinator's signatures alone.
func (c *camp) open(id string, files ...bot.File) (*openedReport, error) {
	var names []string
	var raw [][]byte
	for _, f := range files {
		data := f.Bytes
		if f.Load != nil {
			var err error
			if data, err = f.Load(); err != nil {
				return nil, err
			}
		}
		names, raw = append(names, f.Name), append(raw, data)
	}
	packets, voices := parted(names, raw)
	packet, err := openHandOuts(packets.paths, packets.raw, c.people[id])
	if err != nil {
		return nil, err
	}
	trusted, err := trust(packet, c.coordinator.Public(), []seal.Identity{c.people[id]}, false, 1, 0)
	if err != nil {
		return nil, err
	}
	r, err := openReport(packet, trusted, c.people[id])
	if err != nil {
		return nil, err
	}
	r.code = codeOf(packets.paths[0])
	return r, r.brought(voices, c.people[id])
}

// show prints an opened report as `amana open` does.
func (c *camp) show(w io.Writer, r *openedReport) error {
	t, err := c.tongue()
	if err != nil {
		return err
	}
	return r.show(w, t, c.config.zone())
}

// write makes the signed answer file. A note is for colleagues only, and changes no state.
func (c *camp) write(r *openedReport, text string, state ticket.State) (bot.File, error) {
	t, err := c.tongue()
	if err != nil {
		return bot.File{}, err
	}
	o := &openCommand{
		call: &call{stdin: strings.NewReader(text), stdout: io.Discard, stderr: io.Discard},
		rand: c.registry.Rand, now: c.now, zone: c.config.zone(), text: "-", state: string(state), written: r.language(),
		answer: state != "", note: state == "",
	}
	in, head, err := o.compose(r, t)
	if err != nil {
		return bot.File{}, err
	}
	file, err := o.sealed(r, in, head)
	return bot.File{Name: r.code + "-answer.amana", Bytes: file}, err
}

// reports gives the outer records of what was sent.
func (c *camp) reports(ctx context.Context) (all []ticket.Report, err error) {
	err = c.store.View(ctx, func(r *store.Read) error {
		all = nil
		return r.Reports(func(_ store.Ref, rep ticket.Report) error {
			all = append(all, rep)
			return nil
		})
	})
	return all, err
}

// readAs gets the report with a code for somebody, and opens it.
func (c *camp) readAs(ctx context.Context, id, code string) (*openedReport, error) {
	files, err := c.registry.ReadOut(ctx, id, code)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("nothing was handed out")
	}
	return c.open(id, files...)
}
