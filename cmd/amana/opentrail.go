package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"amana/bot/seal"
)

// trailsFile is where this machine remembers how the audit chains ended of the reports that were opened on it. A report is
// named by a hash of its id, which is random: whoever finds the file learns of no report, but how many were opened.
const trailsFile = "trails.seen"

// mostTrails is of how many reports that is remembered; the oldest give way.
const mostTrails = 1000

// seenTrail is how a chain ended when it was seen last.
type seenTrail struct {
	report string
	lines  int
	link   []byte
}

func trailName(report [16]byte) string {
	sum := sha256.Sum256(append([]byte("amana trail "), report[:]...))
	return hex.EncodeToString(sum[:16])
}

// trails reads what is remembered, the latest last. A line that is damaged is passed over: it warns of nothing any more.
func (w wallet) trails() (out []seenTrail) {
	data, err := os.ReadFile(w.path(trailsFile))
	if err != nil {
		return nil
	}
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		var t seenTrail
		var link string
		if _, err := fmt.Sscan(s.Text(), &t.report, &t.lines, &link); err != nil {
			continue
		}
		if t.link, err = hex.DecodeString(link); err == nil && len(t.link) == seal.LinkSize && t.lines > 0 {
			out = append(out, t)
		}
	}
	return out
}

// remembersTrail holds the end of a chain against what this machine saw of it before, and remembers the longer one. Older
// says that the file ends before that, as one does that was handed out earlier.
func (w wallet) remembersTrail(report [16]byte, t seal.Trail) (holds, older bool, err error) {
	var kept []seenTrail
	holds, name := true, trailName(report)
	now := seenTrail{name, t.Lines, t.Last()}
	for _, s := range w.trails() {
		if s.report != name {
			kept = append(kept, s)
			continue
		}
		if older = t.Lines < s.lines; older {
			now = s
			continue
		}
		holds = t.Holds(s.lines, s.link)
	}
	if now.lines == 0 {
		return holds, older, nil
	}
	kept = append(kept, now)
	var b strings.Builder
	for _, s := range kept[max(0, len(kept)-mostTrails):] {
		fmt.Fprintf(&b, "%s %d %x\n", s.report, s.lines, s.link)
	}
	return holds, older, w.replace(trailsFile, []byte(b.String()))
}

// watchTrail says where the record of who did what ends otherwise than a reader has seen it end: on their machine, by what
// they wrote, or on this one.
func (o *openCommand) watchTrail(r *openedReport, t *tongue) {
	holds, older, err := o.wallet.remembersTrail(r.body.ID, r.trail)
	if r.cut || !holds {
		r.cut = true
		fmt.Fprintln(o.stderr, t.say("desk.trail.broken", nil))
	} else if older {
		fmt.Fprintln(o.stderr, "amana: this file is older than one that was opened here before. If the staff bot sent it just now, its record of who did what was cut: tell the coordinator by voice")
	}
	if err != nil {
		fmt.Fprintf(o.stderr, "amana: how its record ends could not be remembered: %v\n", err)
	}
}
