package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"amana/bot/retention"
)

// retentionConfig says how long reports are kept. What is left out is as in retention.StandardRules.
type retentionConfig struct {
	Report    months `yaml:"report"`
	Feedback  months `yaml:"feedback"`
	Withdrawn months `yaml:"withdrawn"`
	Automatic bool   `yaml:"automatic"`
}

// months is a time in the form "24 months".
type months struct {
	n   int
	set bool
}

// UnmarshalText reads a number of months; its error says what to write.
func (m *months) UnmarshalText(b []byte) error {
	fields := strings.Fields(string(b))
	n, err := 0, error(nil)
	if len(fields) > 0 {
		n, err = strconv.Atoi(fields[0])
	}
	if len(fields) != 2 || err != nil || n < 0 || fields[1] != "months" && fields[1] != "month" {
		return fmt.Errorf("%q is not a number of months; write for example 24 months", b)
	}
	m.n, m.set = n, true
	return nil
}

// rules gives the rules of the mission.
func (r retentionConfig) rules() retention.Rules {
	out := retention.StandardRules()
	out.Automatic = r.Automatic
	for _, s := range []struct {
		from months
		to   *int
	}{{r.Report, &out.Report}, {r.Feedback, &out.Feedback}, {r.Withdrawn, &out.Withdrawn}} {
		if s.from.set {
			*s.to = s.from.n
		}
	}
	return out
}

// check says what cannot be, by the setting.
func (r retentionConfig) check() map[string]string {
	bad := r.rules().Check()
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		bad[name] = fmt.Sprintf("retention: %s: %s; write for example %s: 24 months", name, bad[name], name)
	}
	return bad
}
