package main

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/store"
	"amana/bot/tally"
)

// aMonth is what was published of a month, with an area that would be a formula and a word that would be a tag.
func aMonth(period string) tally.Publication {
	raw := tally.Raw{
		Period: period, Total: 40, Apart: 3, ApartOf: map[string]int{"ana": 3},
		By: map[string]map[string]int{
			"kind": {"sea": 20, "fraud": 17, "other": 3}, "area": {"=HYPERLINK(0)": 25, "<script>": 15},
		},
		Steps:  map[string]int{"acknowledged": 30, "referred": 12, "confirmed": 2},
		Took:   map[string]tally.Took{"acknowledged": {tally.BandOf(3600): 20, tally.BandOf(72 * 3600): 10}, "referred": {tally.BandOf(86400): 12}},
		InTime: map[string]int{"acknowledged": 24, "referred": 11}, Sought: 9,
		SoughtBy: map[string]map[string]int{"kind": {"health": 9}}, Gaps: []tally.Gap{{Kind: "legal", Area: "block_a", Times: 6}, {Kind: "cash", Times: 2}},
	}
	p := raw.Publish([]tally.List{{Name: "kind", Words: []string{"sea", "fraud", "other"}}, {Name: "area", Words: []string{"=HYPERLINK(0)", "<script>"}}},
		[]tally.List{{Name: "kind", Open: true}}, nil)
	p.Cross = tally.NewCross([]tally.Publication{p}, "kind", "person", tally.List{Name: "person", Words: []string{"adult", "under_18"}},
		map[string]map[string]int{"sea": {"adult": 12, "under_18": 8}, "fraud": {"adult": 17}})
	return p
}

// What an operator is shown: nothing before the first day, then what was published and nothing else, in each form.
func TestStats(t *testing.T) {
	t.Parallel()
	m := newTrial(t, trialOptions{})
	status, _, errs := m.try("stats", "-config", m.config())
	if status != 1 || !strings.Contains(errs, "no numbers were published yet; the numbers of "+time.Now().UTC().Format("2006-01")+" come out on ") {
		t.Errorf("%d %s", status, errs)
	}
	now := time.Now().UTC()
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	months := []string{first.AddDate(0, -2, 0).Format("2006-01"), first.AddDate(0, -1, 0).Format("2006-01")}
	h := m.house()
	for _, month := range months {
		body, err := json.Marshal(aMonth(month))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.store.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.PutPublished(month, body) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	show := func(args ...string) string {
		return m.amana(append([]string{"stats", "-config", m.config()}, args...)...)
	}
	told := show()
	for _, line := range []string{
		months[1] + ", received\n", "  sea                     20\n", "not shown\n", "kept apart", "  median                  at most 1 h\n", "  nine of ten             at most 72 h\n",
		"  in time                 80 %\n", "  in time                 at least 66 %\n", "  legal, block_a          6\n",
	} {
		if !strings.Contains(squeezed(told), squeezed(line)) {
			t.Errorf("%q is not in\n%s", line, told)
		}
	}
	if strings.Contains(told, months[0]) || strings.Contains(told, "cash") {
		t.Errorf("more than was asked for, or than was published:\n%s", told)
	}
	if both := show("-from", months[0]); !strings.Contains(squeezed(both), "sea 40 ") || !strings.Contains(squeezed(both), "fraud not shown other not shown") {
		t.Errorf("sums:\n%s", both)
	}
	if one := show("-month", months[0], "-format", "json"); !strings.Contains(one, `"period": "`+months[0]+`"`) || strings.Contains(one, months[1]) {
		t.Error(one)
	}

	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(show("-format", "csv"), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	guarded := false
	for n, row := range rows {
		if n == 1 && (row[0] != "#date+period" || row[5] != "#indicator+value+num") {
			t.Errorf("tags: %q", row)
		}
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a formula: %q", row)
			}
			guarded = guarded || cell == "'=HYPERLINK(0)"
		}
	}
	if !guarded {
		t.Error("the area that would be a formula is not there")
	}

	out := filepath.Join(t.TempDir(), "out")
	written := strings.Fields(show("-format", "svg", "-out", out))
	if len(written) != 5 { // the page, kind and area, what was done, what was looked for
		t.Errorf("%q", written)
	}
	for _, name := range written {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "<script") {
			t.Errorf("%s holds a script", name)
		}
		for d := xml.NewDecoder(strings.NewReader(string(text))); strings.HasSuffix(name, ".svg"); {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	if status, _, errs := m.try("stats", "-config", m.config(), "-format", "svg", "-out", out); status != 1 || !strings.Contains(errs, "never written over") {
		t.Errorf("%d %s", status, errs)
	}
	if status, _, errs := m.try("stats", "-config", m.config(), "-month", "2001-01"); status != 1 || !strings.Contains(errs, months[0]+", "+months[1]) {
		t.Errorf("%d %s", status, errs)
	}
	for _, c := range []struct {
		args, says string
	}{
		{"-month 2026-13", "write a month as 2026-11"}, {"-format pdf", "table, csv, svg, json"}, {"-format svg", "name a folder"},
		{"-month 2026-11 -to 2026-12", "one or the other"}, {"-from 2026-12 -to 2026-11", "lies before"}, {"extra", "takes flags only"},
	} {
		if status, _, errs := m.try(append([]string{"stats", "-config", m.config()}, strings.Fields(c.args)...)...); status != 2 || !strings.Contains(errs, c.says) {
			t.Errorf("%s: %d %s", c.args, status, errs)
		}
	}
}

// squeezed leaves one space where there are several.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// What cannot be meant in the configuration is told with its line.
func TestNumbersConfig(t *testing.T) {
	for lines, says := range map[string]string{
		"numbers: {period: week}":       "numbers: period is",
		"numbers: {day: 31}":            "a day from 2 to 28",
		"numbers: {day: 1}":             "a day from 2 to 28",
		"numbers: {sexes: [Woman]}":     "no name of a choice",
		"numbers: {period: quarter}":    "",
		"numbers: {day: 2, sexes: [w]}": "",
	} {
		path := filepath.Join(t.TempDir(), "amana.yaml")
		if err := os.WriteFile(path, []byte(soundConfig+lines+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readConfig(path)
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "amana.yaml:15")) {
			t.Errorf("%s: %v", lines, err)
		}
	}
}
