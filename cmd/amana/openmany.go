package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"amana/bot/seal"

	"amana/bot/ticket"
)

// bundle is one report among many whose files were named together.
type bundle struct {
	paths []string
	raw   [][]byte
}

// sealMany seals many reports again in one call, for a colleague whose key was replaced. Done is false where the files are of
// one report: that is shown and asked about as ever. Each report is trusted, opened and sealed as if it stood alone; the
// question who will read is asked once, for the roster that all of them must carry. A report that cannot be sealed holds up no
// other, and is told at the end.
func (o *openCommand) sealMany(files []string, raw [][]byte, coordinator string, t *tongue) (done bool, err error) {
	packets, _ := parted(files, raw)
	bundles, err := o.bundles(packets.paths, packets.raw)
	if err != nil || len(bundles) < 2 {
		return false, err
	}
	if o.out != "" {
		return true, usagef("open: -out names one file, and these are %d reports: leave it out", len(bundles))
	}
	seen, version := o.wallet.seen(coordinator), uint64(0)
	written, whole := 0, 0
	var failed []error
	for _, b := range bundles {
		n, roster, err := o.sealOne(b, coordinator, seen, version, t)
		if version == 0 {
			version = roster
		}
		switch {
		case errors.Is(err, errDeclined), errors.Is(err, errNobody):
			return true, err
		case err != nil:
			failed = append(failed, fmt.Errorf("%s: %w", filepath.Base(b.paths[0]), err))
		case n == 0:
			whole++
		default:
			written += n
		}
	}
	if version != 0 && version != seen {
		if err := o.wallet.see(coordinator, version); err != nil {
			fmt.Fprintf(o.stderr, "amana: the version of the roster could not be remembered: %v\n", err)
		}
	}
	fmt.Fprintf(o.stderr, "%s written, %s that nobody lacks anything of\n", count(written, "file", "files"), count(whole, "report", "reports"))
	return true, errors.Join(failed...)
}

var errDeclined = errors.New("nothing was sealed")

// bundles puts the parts of each report together, in the order in which they were named.
func (o *openCommand) bundles(paths []string, raw [][]byte) (out []bundle, err error) {
	at := map[[16]byte]int{}
	for i, data := range raw {
		p, err := seal.OpenHandOut(data, o.ids...)
		if err != nil { // said in words where one report is opened
			_, err = openHandOuts(paths[i:i+1], raw[i:i+1], o.ids...)
			return nil, err
		}
		n, known := at[p.Report]
		if !known {
			n = len(out)
			at[p.Report], out = n, append(out, bundle{})
		}
		out[n].paths, out[n].raw = append(out[n].paths, paths[i]), append(out[n].raw, data)
	}
	return out, nil
}

// sealOne seals what somebody lacks of one report. Version is the roster that was agreed to; zero asks.
func (o *openCommand) sealOne(b bundle, coordinator string, seen, version uint64, t *tongue) (files int, roster uint64, err error) {
	packet, err := openHandOuts(b.paths, b.raw, o.ids...)
	if err != nil {
		return 0, 0, err
	}
	trusted, err := trust(packet, coordinator, o.ids, o.identity != "", seen, o.version)
	if err != nil {
		return 0, 0, err
	}
	roster = trusted.roster.Version
	if version != 0 && roster != version {
		return 0, 0, fmt.Errorf("it carries roster %d and the first one roster %d: ask for all of them again", roster, version)
	}
	r, err := openReport(packet, trusted, o.ids...)
	if err != nil {
		return 0, 0, err
	}
	defer r.wipe()
	r.code = codeOf(b.paths[0])
	todo := r.toSeal(nil, o.all)
	if len(todo) == 0 {
		if len(r.lacks()) > 0 {
			return 0, 0, errors.New("what they lack does not open with your key either")
		}
		return 0, 0, nil
	}
	if version == 0 && !o.yes {
		if err := o.agreeToRoster(trusted.roster, t); err != nil {
			return 0, 0, err
		}
	}
	grants, err := o.grants(r, nil, todo, r.trusted.readers)
	if err != nil {
		return 0, 0, err
	}
	packed, err := seal.GrantFiles(grants)
	if err != nil {
		return 0, 0, err
	}
	paths, err := o.writeAll(r.name8(), "seal", packed)
	return len(paths), roster, err
}

// agreeToRoster shows everybody who can be a reader, since each report has readers of its own among them.
func (o *openCommand) agreeToRoster(roster ticket.Roster, t *tongue) error {
	for _, e := range roster.Entries {
		if e.Usable() {
			fmt.Fprintln(o.stderr, t.reader(e))
		}
	}
	if t.err != nil {
		return t.err
	}
	if err := o.agree(t, t.say("open.seal.ask", nil)); err != nil {
		return fmt.Errorf("%w: %w", errDeclined, err)
	}
	return nil
}
