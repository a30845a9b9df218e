package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"amana/bot/casework"
	"amana/bot/flow"
	"amana/bot/handover"
	"amana/bot/primero"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

const (
	// exampleMapping stands in the place of a mapping, and writes the shipped one.
	exampleMapping  = "example"
	turnWithdraw    = casework.TurnWithdraw
	primeroPassword = "AMANA_PRIMERO_PASSWORD"
)

// withoutReport does what needs no sealed file.
func (o *openCommand) withoutReport(ctx context.Context, t *tongue) error {
	if o.primero == exampleMapping {
		_, err := o.stdout.Write(primero.Example)
		return err
	}
	if o.from != "" {
		form, err := readForm(o.from)
		if err != nil {
			return err
		}
		return o.toPrimero(ctx, form, nil, t)
	}
	m, err := readMapping(o.primero, t.profile)
	if err == nil {
		fmt.Fprintf(o.stderr, "%s: nothing is wrong with it. It hands %s to %s, for %s\n", o.primero, strings.Join(m.Flows, ", "), m.Host(), m.Receiver)
	}
	return err
}

// readMapping reads a mapping, and holds it against the conversations and, where it is known, the mission's profile.
func readMapping(path string, p *profile) (*primero.Mapping, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, errConfig{fmt.Sprintf("%s: it cannot be read: %v; `amana open -primero example` writes one", path, errors.Unwrap(err))}
	}
	m, err := primero.ReadMapping(path, data)
	if err == nil {
		var place primero.Place
		if place, err = primeroPlace(p); err == nil {
			err = m.Check(path, place)
		}
	}
	var bad primero.Mistakes
	if errors.As(err, &bad) {
		return nil, errConfig(bad)
	}
	if m != nil && m.PasswordFile != "" && !filepath.IsAbs(m.PasswordFile) {
		m.PasswordFile = filepath.Join(filepath.Dir(path), m.PasswordFile)
	}
	return m, err
}

// primeroPlace gathers what the shipped conversations ask. A mission's own flows are not at hand where reports are opened.
func primeroPlace(p *profile) (place primero.Place, err error) {
	all, err := shippedFlows()
	if err != nil {
		return place, err
	}
	byName := map[string]*flow.Flow{}
	for _, f := range all {
		byName[f.Name] = f
	}
	place.Flows = map[string][]primero.Question{}
	for _, f := range all {
		if f.Kind == "" {
			continue
		}
		names := []string{f.Name}
		for _, sub := range f.Enters() {
			if s := byName[sub]; s != nil && s.Kind == "" {
				names = append(names, sub)
			}
		}
		for _, name := range names {
			for _, q := range byName[name].Questions() {
				place.Flows[f.Name] = append(place.Flows[f.Name], primero.Question(q))
			}
		}
	}
	if p != nil {
		place.Lists = map[string][]string{"areas": itemNames(p.Areas), "organisations": itemNames(p.Organisations), "roles": itemNames(p.Roles)}
		place.Forces = p.Forces
	}
	return place, nil
}

// planned makes what would be sent of a form, and says in words why nothing is.
func planned(m *primero.Mapping, f *handover.Form) (primero.Plan, error) {
	raw, err := hex.DecodeString(f.Handle)
	if err != nil || len(raw) != seal.HandleSize {
		return primero.Plan{}, errors.New("the form holds no handle: save it again")
	}
	where := m.URL()
	plan, err := m.Plan(f, func(kind string) string { return seal.RecordID([seal.HandleSize]byte(raw), where, kind) })
	if err != nil {
		return plan, fmt.Errorf("%s is not handed over: %w (leg: %s)", f.Code, err, m.Leg)
	}
	return plan, nil
}

// toPrimero shows what would be sent, sends it once somebody has said yes, and writes the note for the other readers. R is nil
// for a saved form, for which no note can be made.
func (o *openCommand) toPrimero(ctx context.Context, f *handover.Form, r *openedReport, t *tongue) error {
	m, err := readMapping(o.primero, t.profile)
	if err != nil {
		return err
	}
	plan, err := planned(m, f)
	if err != nil {
		return err
	}
	path := ""
	if r != nil && !o.dry {
		if path, err = o.freeNote(r); err != nil {
			return err
		}
	}
	shown, err := showPlan(m, plan)
	if err != nil {
		return err
	}
	if _, err := o.stdout.Write(shown); err != nil {
		return err
	}
	_, people := o.onTerminal()
	if o.dry || !people && !o.yes {
		fmt.Fprintln(o.stderr, "nothing was sent: this is what would be. -yes sends it without asking")
		return nil
	}
	if r != nil { // who can read the note
		fmt.Fprintf(o.stderr, "\n%s\n\n", t.readers(r))
	}
	if !o.yes {
		if err := o.agree(t, t.say("open.primero.ask", speech.Args{"Name": m.Receiver})); err != nil {
			return err
		}
	}
	password, err := passwordOf(o.call, m)
	if err != nil {
		return err
	}
	sent, err := primero.NewClient(m, password, o.transport).Send(ctx, plan)
	if err != nil {
		return fmt.Errorf("handing over to %s: %w", m.Host(), err)
	}
	for _, kind := range sent.Already {
		fmt.Fprintf(o.stderr, "the %s was there from an earlier time, and is as it was\n", kind)
	}
	fmt.Fprintf(o.stderr, "%s has it:%s\n", m.Host(), plan)
	if r == nil {
		fmt.Fprintf(o.stderr, "note it for the other readers at the desk, or open the sealed file with -primero once more\n")
		return nil
	}
	return o.noteSent(r, t, m, plan, path)
}

// showPlan writes what would be sent, character for character, in a form that no terminal obeys.
func showPlan(m *primero.Mapping, plan primero.Plan) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(struct {
		Server   string            `json:"server"`
		User     string            `json:"user"`
		Requests []primero.Request `json:"requests"`
	}{m.URL().String(), m.User, plan.Requests()})
	return out.Bytes(), err
}

// passwordOf gives the password of the user there: from the environment, from its file, or asked.
func passwordOf(c *call, m *primero.Mapping) (string, error) {
	if pass := c.env(primeroPassword); pass != "" {
		return pass, nil
	}
	if m.PasswordFile != "" {
		info, err := os.Stat(m.PasswordFile)
		if err != nil {
			return "", fmt.Errorf("reading the password for %s: %w", m.Host(), err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			return "", fmt.Errorf("%s can be read by others on this machine: chmod 600 it, and change the password if somebody may have", m.PasswordFile)
		}
		pass, err := passphraseFile(m.PasswordFile)
		if err != nil {
			return "", fmt.Errorf("the password for %s: its file is empty, or cannot be read", m.Host())
		}
		return pass, nil
	}
	if _, people := c.onTerminal(); people {
		return askSecret(c, fmt.Sprintf("password of %s at %s:", m.User, m.Host()))
	}
	return "", fmt.Errorf("there is no password for %s: put it into %s, or name a file under password_file in the mapping", m.Host(), primeroPassword)
}

// noteSent writes what the other readers learn: which way, to whom, and under which ids. A machine took it: that somebody
// there has seen it is for a person to note.
func (o *openCommand) noteSent(r *openedReport, t *tongue, m *primero.Mapping, plan primero.Plan, path string) error {
	state := ""
	from, _ := r.state()
	if m.Leg == ticket.LegComplaint && from != ticket.Referred && slices.Contains(r.moves(), ticket.Referred) {
		state = string(ticket.Referred) // the reporter is told, as the desk tells them
	}
	return o.noteHanded(r, t, path, state, ticket.Note{
		Lang: speech.Base, Leg: &ticket.Leg{Leg: m.Leg, To: m.Receiver, State: ticket.LegSent}, Text: m.Host() + plan.String(),
	})
}
