package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// cutTrail takes the last lines off the chain of the one report of a place, as somebody can who holds the house keys: what is
// left holds together.
func (p *place) cutTrail(t *testing.T, lines int) {
	t.Helper()
	ctx := context.Background()
	var gone []kv.Pair
	var head kv.Pair
	err := p.engine.View(ctx, func(r kv.Reader) error {
		pairs, err := r.Scan([]byte{'A'}, []byte{'A' + 1}, kv.MaxScan)
		if err != nil {
			return err
		}
		kept := pairs[1 : len(pairs)-lines]
		head, gone = pairs[0], pairs[len(pairs)-lines:]
		end := kept[len(kept)-1]
		plain, under, err := p.keys.Open(end.Key, end.Value)
		if err != nil {
			return err
		}
		var last struct {
			Chain []byte `json:"chain"`
		}
		if err := json.Unmarshal(plain, &last); err != nil {
			return err
		}
		forged, err := json.Marshal(map[string]any{"next": len(kept), "chain": last.Chain})
		if err != nil {
			return err
		}
		head.Value, err = p.keys.Seal(under, head.Key, forged)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = p.engine.Update(ctx, kv.ID{}, func(tx kv.Tx) error {
		for _, line := range gone {
			if err := tx.Delete(line.Key); err != nil {
				return err
			}
		}
		return tx.Put(head.Key, head.Value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever holds the house keys cuts lines off the end of a report's record. The reader who wrote after them has said in a
// sealed word how the record ended, so that every other reader is warned; and who only looked is warned by their own machine.
func TestOpenNoticesACutRecord(t *testing.T) {
	const warning = "This record was changed, or is damaged."
	p := newPlace(t)
	p.join(t, ticket.Entry{ID: "dora", Name: "Dora", Org: "example_health", Role: ticket.FocalPoint}, 61)
	p.confirm(t)
	_, code := p.file(t)
	amina := p.readers["amina"]
	look := func(who string) string {
		t.Helper()
		_, errs, status := p.opens(t, who, code)
		if status != 0 {
			t.Fatal(errs)
		}
		return errs
	}
	hand := func(who string, args ...string) {
		t.Helper()
		t.Chdir(t.TempDir())
		if _, errs, status := amina.run(testPassphrase+"\nWe go on.\n.\n", append([]string{"open", "-dir", amina.dir, "-lang", "en", "-yes"}, append(args, p.read(t, who, code)...)...)...); status != 0 {
			t.Fatal(errs)
		}
	}
	for range 2 {
		if errs := look("amina"); strings.Contains(errs, warning) {
			t.Fatalf("warned of nothing: %s", errs)
		}
	}

	// What was only looked at: the handing out that came behind it is not seen by anybody yet, and the line before is.
	p.cutTrail(t, 1)
	if errs := look("amina"); strings.Contains(errs, warning) {
		t.Errorf("nobody saw that line: %s", errs)
	}
	p.cutTrail(t, 2)
	for range 3 {
		look("dora") // other lines grow in their place
	}
	if errs := look("amina"); !strings.Contains(errs, warning) {
		t.Errorf("other lines in their place: %s", errs)
	}
	p.cutTrail(t, 3)
	if errs := look("amina"); !strings.Contains(errs, "older than one that was opened here before") {
		t.Errorf("shorter than it was: %s", errs)
	}

	// What was seen by whoever wrote: anybody is warned, on a machine that never saw the report before.
	hand("amina", "-note")
	note, err := os.ReadFile(code + "-note.amana")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.registry.Answer(context.Background(), "amina", note); err != nil {
		t.Fatal(err)
	}
	fresh := p.readers["dora"]
	if err := os.Remove(fresh.dir + "/" + trailsFile); err != nil {
		t.Fatal(err)
	}
	if errs := look("dora"); strings.Contains(errs, warning) {
		t.Fatalf("warned of nothing: %s", errs)
	}
	if err := os.Remove(fresh.dir + "/" + trailsFile); err != nil {
		t.Fatal(err)
	}
	p.cutTrail(t, 4)
	if errs := look("dora"); !strings.Contains(errs, warning) {
		t.Errorf("on a machine that saw it first: %s", errs)
	}
}

// What is remembered names no report, and is bounded.
func TestTrailsAreRemembered(t *testing.T) {
	w := wallet{t.TempDir()}
	links := func(n int, salt byte) seal.Trail {
		var all [][32]byte
		for i := range n {
			all = append(all, [32]byte{byte(i), byte(i >> 8), salt})
		}
		return seal.TrailOf(all)
	}
	is := func(report byte, tr seal.Trail, wantHolds, wantOlder bool) {
		t.Helper()
		holds, older, err := w.remembersTrail(ticket.ID{report}, tr)
		if holds != wantHolds || older != wantOlder || err != nil {
			t.Errorf("holds %v, older %v, %v", holds, older, err)
		}
	}
	is(1, seal.Trail{}, true, false)
	is(1, links(5, 0), true, false)
	is(2, links(2, 9), true, false)
	is(1, links(9, 0), true, false)
	is(1, links(7, 0), true, true)
	is(1, seal.Trail{}, true, true) // a server that says nothing of it
	is(1, links(9, 1), false, false)
	is(1, links(400, 1), true, false)
	is(1, links(900, 0), true, false) // what lies before the links that travel cannot be told
	is(1, links(1000, 3), false, false)
	data, err := os.ReadFile(w.path(trailsFile))
	if err != nil || len(strings.Split(strings.TrimSpace(string(data)), "\n")) != 2 || strings.Contains(string(data), ticket.ID{1}.String()) {
		t.Errorf("%v\n%s", err, data)
	}
	if err := w.replace(trailsFile, append(data, "nonsense\nx -1 zz\n"...)); err != nil {
		t.Fatal(err)
	}
	if n := len(w.trails()); n != 2 {
		t.Errorf("%d are remembered", n)
	}
}
