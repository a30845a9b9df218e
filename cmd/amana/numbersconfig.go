package main

import (
	"fmt"
	"regexp"

	"amana/bot/casework"
)

// numbersConfig says what a mission publishes of its numbers, and on which day.
type numbersConfig struct {
	Period string `yaml:"period"` // month or quarter
	Day    int    `yaml:"day"`

	// Sexes are the choices of a step that is called sex, where a flow of the mission's own has one. No shipped flow asks.
	Sexes []string `yaml:"sexes"`
}

const numbersDay = 10

// check says what cannot work.
func (c *numbersConfig) check() (bad []string) {
	if c.Period != "" && c.Period != "month" && c.Period != "quarter" {
		bad = append(bad, fmt.Sprintf("numbers: period is %q; write month, or quarter where a month brings few reports", c.Period))
	}
	if c.Day != 0 && (c.Day < 2 || c.Day > 28) {
		bad = append(bad, fmt.Sprintf("numbers: day is %d; write a day from 2 to 28, on which the numbers of the period before come out", c.Day))
	}
	for _, x := range c.Sexes {
		if !isItemName.MatchString(x) {
			bad = append(bad, fmt.Sprintf("numbers: sexes: %q is no name of a choice; write the choices of the step sex as your flow writes them", x))
		}
	}
	return bad
}

// isItemName is what choices are called.
var isItemName = regexp.MustCompile(`^[a-z0-9][a-z0-9_]*$`)

// almanac says what is published, in the words of the mission's own lists.
func (h *house) almanac() casework.Almanac {
	a := casework.Almanac{
		Quarterly: h.config.Numbers.Period == "quarter", Day: h.config.Numbers.Day,
		Areas: itemNames(h.profile.Areas), Langs: h.offered, Sexes: h.config.Numbers.Sexes,
	}
	if a.Day == 0 {
		a.Day = numbersDay
	}
	return a
}
