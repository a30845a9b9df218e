package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"amana/bot/directory/table"
	"amana/bot/handover"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// handing is what of a report is handed to others, and where to. Each way writes or sends in clear what was sealed, so each
// needs the consent of its leg, and none has a flag to do without.
type handing struct {
	primero  string // file of the mapping
	from     string // file of a saved form
	dry      bool
	referral string // file to write
	csv      string // file to write
	leg      string

	transport http.RoundTripper // nil: the usual one
}

func (h *handing) flags(f *flag.FlagSet) {
	f.StringVar(&h.primero, "primero", "", "hand the report to the Primero of this mapping, after showing what would be sent; without a FILE the mapping is looked at alone; example writes one")
	f.BoolVar(&h.dry, "dry-run", false, "with -primero: show what would be sent, and send nothing")
	f.StringVar(&h.from, "from", "", "with -primero, in place of a sealed file: a form that the desk saved, or -referral wrote")
	f.StringVar(&h.referral, "referral", "", "write the referral form of the report to this file, as JSON in clear")
	f.StringVar(&h.csv, "csv", "", "write a table with HXL tags of one report or several to this file, in clear and without own words")
	f.StringVar(&h.leg, "leg", "", "with -csv: complaint for those who look into it, or assistance for those who help")
}

// hands says that a report is to be handed over.
func (h *handing) hands() bool { return h.primero != "" || h.referral != "" || h.csv != "" }

func (h *handing) consistent(o *openCommand, files, writes int) error {
	ways := 0
	for _, way := range []string{h.primero, h.referral, h.csv} {
		if way != "" {
			ways++
		}
	}
	switch {
	case ways > 1:
		return usagef("open: -primero, -referral and -csv each hand over in another way; choose one, and call again for another")
	case writes > 0 || o.json || o.all || o.text != "" || o.state != "" || o.written != "":
		return usagef("open: what hands over does nothing else; answer, note, share, seal or print JSON in another call")
	case o.identity != "":
		return usagef("open: the holder of a recovery key reads, seals again and shares; readers hand over")
	case h.primero == "" && (h.from != "" || h.dry || o.yes):
		return usagef("open: -from, -dry-run and -yes belong to -primero here; -csv and -referral name the file that they write")
	case h.csv != "" && o.out != "":
		return usagef("open: -out does not belong to -csv: it writes a note for each report, CODE-handed-csv.amana")
	case h.csv == "" && h.leg != "":
		return usagef("open: -leg belongs to -csv; for -primero the mapping says it")
	case h.csv != "" && !slices.Contains(ticket.Legs(), h.leg):
		return usagef("open: -csv needs -leg complaint or -leg assistance: each has a consent of its own")
	case h.from != "" && files > 0:
		return usagef("open: -from takes the place of a sealed file; leave one of them out")
	case h.primero == "" && files == 0:
		return usagef("open: name the file that the staff bot sent, or all its parts")
	case h.primero == exampleMapping && (files > 0 || h.from != ""):
		return usagef("open: `amana open -primero example > primero.yaml` writes a mapping; name that file then")
	}
	return nil
}

// handOver opens what was named, and hands it on.
func (o *openCommand) handOver(ctx context.Context, packets, voices handed, coordinator string, t *tongue) error {
	if len(voices.paths) > 0 {
		return errors.New("voice messages are not handed on: they can be recognised. Leave their files out")
	}
	groups, err := o.grouped(packets)
	if err != nil {
		return err
	}
	if len(groups) > 1 && o.csv == "" {
		return errors.New("these files are of several reports, and only -csv takes several: name the parts of one")
	}
	var forms []*handover.Form
	var notes []handedNote
	for _, g := range groups {
		r, err := o.openedOf(g, coordinator)
		if err != nil {
			return err
		}
		defer r.wipe()
		o.watchTrail(r, t)
		if err := r.mayHandOver(); err != nil {
			return fmt.Errorf("%s is not handed over: %w", r.name8(), err)
		}
		form, err := r.form(o, t)
		if err != nil {
			return err
		}
		if o.primero != "" {
			return o.toPrimero(ctx, form, r, t)
		}
		path, err := o.freeNote(r)
		if err != nil {
			return err
		}
		forms, notes = append(forms, form), append(notes, handedNote{r, path})
	}
	if o.csv != "" {
		if err := o.writeTable(forms, t); err != nil {
			return err
		}
		return o.noteAll(notes, t.label("desk.leg.", o.leg)+": CSV (HXL)", t)
	}
	if err := o.writeForm(forms[0], t); err != nil {
		return err
	}
	return o.noteAll(notes, t.bare("desk.did.saved_the_referral_form", nil), t)
}

// grouped puts the files of each report together, in the order in which they were named.
func (o *openCommand) grouped(h handed) (groups []handed, err error) {
	at := map[[16]byte]int{}
	for i, data := range h.raw {
		p, err := seal.OpenHandOut(data, o.ids...)
		if err != nil { // told in its place
			_, err = openHandOuts(h.paths[i:i+1], h.raw[i:i+1], o.ids...)
			return nil, err
		}
		n, known := at[p.Report]
		if !known {
			n = len(groups)
			at[p.Report], groups = n, append(groups, handed{})
		}
		groups[n].add(h.paths[i], data)
	}
	return groups, nil
}

// openedOf opens one report of several.
func (o *openCommand) openedOf(h handed, coordinator string) (*openedReport, error) {
	packet, trusted, err := o.trusted(h, coordinator)
	if err != nil {
		return nil, err
	}
	r, err := openReport(packet, trusted, o.ids...)
	if err == nil {
		r.code = codeOf(h.paths[0])
	}
	return r, err
}

// mayHandOver refuses what nobody should pass on, whatever was agreed to.
func (r *openedReport) mayHandOver() error {
	switch {
	case ticket.State(r.standing).IsWithdrawn() || r.withdrawnForGood():
		return errors.New("the server says that the reporter has withdrawn it")
	case r.first.forged:
		return errors.New("no reader of it has signed the copy that opens here: tell the coordinator by voice")
	}
	return nil
}

// withdrawnForGood says that a withdrawal took effect, after which nobody wrote again.
func (r *openedReport) withdrawnForGood() bool {
	last := seal.Turn{}
	for _, turn := range r.turns {
		last = turn
	}
	return last.What == turnWithdraw && ticket.State(r.standing) == ticket.Closed && !r.wroteAfter(last.Day+7)
}

// notAgreed says in words why a leg is closed.
func notAgreed(a ticket.Agreement, leg string) error {
	why := "the reporter was never asked whether it may go there"
	if a == ticket.Refused {
		why = "the reporter was asked, and said no"
	}
	return fmt.Errorf("%s (%s)", why, leg)
}

// writeTable writes the reports as rows. One that may not go this leg holds up all, so that none is left out unseen.
func (o *openCommand) writeTable(forms []*handover.Form, t *tongue) error {
	for i, f := range forms {
		if slices.ContainsFunc(forms[:i], func(g *handover.Form) bool { return g.Code == f.Code }) {
			return fmt.Errorf("two reports would stand as %s: give their files back the names that the staff bot gave them", f.Code)
		}
	}
	sheet, codes, err := handover.Sheet(o.leg, forms, t)
	if errors.Is(err, handover.ErrNotAgreed) {
		return fmt.Errorf("the reporter did not agree to the leg %s, or was not asked: %s. Leave the file out; nothing was written", o.leg, strings.Join(codes, ", "))
	}
	if err != nil {
		return err
	}
	var out strings.Builder
	if err := table.WriteCSV(&out, sheet); err != nil {
		return err
	}
	return o.writeClear(o.csv, []byte(out.String()), t)
}

// Area names an area of the mission in the reader's language.
func (t *tongue) Area(name string) string { return plain(t.item("areas", name)) }

// writeForm writes the form of one report, if it may go anywhere at all.
func (o *openCommand) writeForm(f *handover.Form, t *tongue) error {
	if f.May(ticket.LegComplaint) != ticket.Given && f.May(ticket.LegAssistance) != ticket.Given {
		return fmt.Errorf("%s is not handed over: %w, and %w. Nothing was written",
			f.Code, notAgreed(f.May(ticket.LegComplaint), ticket.LegComplaint), notAgreed(f.May(ticket.LegAssistance), ticket.LegAssistance))
	}
	data, err := f.JSON()
	if err != nil {
		return err
	}
	return o.writeClear(o.referral, data, t)
}

// writeClear writes what has no lock any more, for its owner alone, and says so.
func (o *openCommand) writeClear(path string, data []byte, t *tongue) error {
	if err := writeOnce(path, data); err != nil {
		return err
	}
	fmt.Fprintf(o.stderr, "%s\n%s\n", path, t.say("desk.paper.nolock.file", nil))
	return t.err
}

// readForm reads a form that was saved before.
func readForm(path string) (*handover.Form, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, errors.Unwrap(err))
	}
	if info.IsDir() || info.Size() > handover.MaxForm {
		return nil, fmt.Errorf("%s is no referral form of the desk or of `amana open -referral`", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, errors.Unwrap(err))
	}
	f, err := handover.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, text := range f.Fields { // somebody may have written the file by hand, and it is shown at a terminal
		f.Fields[name] = plain(text)
	}
	return f, nil
}
