package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// A reader whose own key opens nothing yet, and whom no colleague can help, hands the sealed file on to the holder of a
// recovery key: sealed to that key alone, so that the secret half need not leave the holder's machine. The holder seals
// the report to the reader's new key, and the reader sends the result to the staff bot.

// identities gives the keys at this machine: the person's own, or those of a recovery key's file.
func (o *openCommand) identities() ([]seal.Identity, error) {
	if o.identity == "" {
		id, err := o.wallet.identity(o.call)
		return []seal.Identity{id}, err
	}
	data, err := os.ReadFile(o.identity)
	if err != nil {
		return nil, fmt.Errorf("reading the recovery key: %w", err)
	}
	defer clear(data)
	ids, err := seal.ParseIdentities(data)
	if err != nil {
		return nil, fmt.Errorf("%s holds no age identity (AGE-SECRET-KEY-1…): name the file that `amana keys recovery` wrote", o.identity)
	}
	return ids, nil
}

// handOn seals what was handed out once more, to a recovery key whose card the coordinator signed, and to nobody else.
func (o *openCommand) handOn(p seal.Packet, t trusted, code string, say *tongue) error {
	var keys []string
	var to ticket.Entry
	for _, e := range t.readers {
		if e.Role != ticket.Recovery {
			continue
		}
		if keys = append(keys, e.ID); e.ID == o.forRecovery {
			to = e
		}
	}
	switch {
	case len(keys) == 0:
		return errors.New("no recovery key opens this report")
	case to.ID == "":
		return fmt.Errorf("no recovery key of this report has the id %q; there are: %s", o.forRecovery, strings.Join(keys, ", "))
	}
	var files [][]byte
	for _, part := range seal.Split(p) {
		file, err := seal.HandOut(part, to.Key)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	if code == "" {
		code = ticket.ID(p.Report).String()[:8]
	}
	paths, err := o.writeAll(code, "for-"+to.ID, files)
	if err != nil {
		return err
	}
	fmt.Fprintln(o.stderr, say.say("open.handed.written", speech.Args{"File": strings.Join(paths, "\n")}))
	return say.err
}
