package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var sample = regexp.MustCompile(`^([a-z_]+)(?:\{([a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*)\})? (\S+)$`)

// exposed reads a page of metrics as strictly as Prometheus does, and gives its samples.
func exposed(t *testing.T, page string) map[string]float64 {
	t.Helper()
	values, seen, typed, meant := map[string]float64{}, []string{}, "", ""
	if !strings.HasSuffix(page, "\n") {
		t.Error("the last line does not end")
	}
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		if words := strings.Fields(line); len(words) > 3 && words[0] == "#" && words[1] == "HELP" {
			meant = words[2]
			continue
		}
		if words := strings.Fields(line); len(words) == 4 && words[0] == "#" && words[1] == "TYPE" {
			if typed = words[2]; slices.Contains(seen, typed) || words[3] != "counter" && words[3] != "gauge" {
				t.Errorf("%q: stands twice, or is of no type", line)
			}
			if typed != meant {
				t.Errorf("%q: nothing says what it means", line)
			}
			seen = append(seen, typed)
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil || m[1] != typed {
			t.Fatalf("%q is no sample of %s", line, typed)
		}
		v, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			t.Errorf("%q: %v", line, err)
		}
		key := m[1] + "{" + m[2] + "}"
		if _, twice := values[key]; twice {
			t.Errorf("%q stands twice", line)
		}
		values[key] = v
	}
	return values
}
