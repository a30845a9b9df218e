package inspect

import (
	"fmt"
	"slices"
	"strings"

	"amana/bot/directory"
)

// What makes a number suspect.
const (
	placeholder   = 6  // digits at its end that are all the same, or that count up or down
	international = 8  // digits that a number has at least with its country code
	two           = 13 // digits that no number has within its country
	sharing       = 3  // organisations that have one number
)

// dead says what is wrong with a number, or nothing.
func dead(number string) (level directory.Level, what string) {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	switch {
	case strings.Trim(number, "+*#0123456789") != "":
		return directory.Refused, "has letters or spaces in it and cannot be dialled"
	case strings.LastIndexByte(number, '+') > 0:
		return directory.Refused, "has a plus in the middle: these are two numbers"
	case len(digits) < 3:
		return directory.Refused, "is too short to be dialled"
	case len(digits) > 15:
		return directory.Refused, "is too long to be dialled: no number has more than 15 digits"
	case len(digits) >= two && !strings.HasPrefix(number, "+") && !strings.HasPrefix(number, "00"):
		return directory.Warning, fmt.Sprintf("has %d digits and no country code: these may be two numbers", len(digits))
	case strings.HasPrefix(number, "+0"):
		return directory.Warning, "begins with +0, and no country code begins with 0"
	case strings.HasPrefix(number, "+") && len(digits) < international:
		return directory.Warning, "is too short for one with a country code"
	case strings.Trim(digits, "0") == "", row(digits) >= placeholder:
		return directory.Warning, "looks like one that was filled in until somebody knows it"
	case len(digits) > 3 && row(digits) == len(digits):
		return directory.Note, "looks like one that was filled in until somebody knows it"
	}
	return "", ""
}

// row counts the digits at the end of a number that are all the same, or of which each is one more or one less than the
// one before.
func row(digits string) int {
	longest := 1
	for _, step := range []int{0, 1, 9} { // nine more is one less
		n := 1
		for i := len(digits) - 1; i > 0 && (int(digits[i-1]-'0')+step)%10 == int(digits[i]-'0'); i-- {
			n++
		}
		longest = max(longest, n)
	}
	return longest
}

// phones looks at the numbers of services and organisations, and who shares one.
func (l *look) phones() {
	type sharers struct {
		at      place
		orgs    []string
		hotline bool
	}
	shared := map[string]*sharers{}
	var order []string
	each := func(at place, phones []directory.Phone, org string, hotline bool) {
		seen := map[directory.Phone]bool{}
		for _, p := range phones {
			if level, what := dead(p.Number); level != "" {
				l.say(Phones, level, at, "phone", fmt.Sprintf("the number %q %s", clip(p.Number), what), "call it, and write it as it is dialled there")
			}
			same := directory.Phone{Number: p.Number, Ext: p.Ext, Use: p.Use}
			if seen[same] {
				l.say(Phones, directory.Note, at, "phone", fmt.Sprintf("the number %q stands twice", clip(p.Number)), "keep one")
			}
			seen[same] = true
			key := strings.TrimPrefix(strings.TrimPrefix(p.Number, "+"), "00")
			if p.Use == "fax" || key == "" {
				continue
			}
			s := shared[key]
			if s == nil {
				s = &sharers{at: at}
				shared[key] = s
				order = append(order, key)
			}
			s.hotline = s.hotline || hotline
			if org != "" && !slices.Contains(s.orgs, org) {
				s.orgs = append(s.orgs, org)
			}
		}
	}
	for _, s := range l.d.Services {
		each(ofService(s), s.Phones, s.Org, slices.Contains(s.Kinds, "hotline"))
	}
	for i := range l.d.Organisations {
		o := &l.d.Organisations[i]
		each(placeOf(o.Source, "organisation", o.ID), o.Phones, o.ID, false)
	}
	for _, key := range order {
		s := shared[key]
		if len(s.orgs) < sharing {
			continue
		}
		level := directory.Warning
		if s.hotline || len(key) <= 5 {
			level = directory.Note // a line that many use is made for that
		}
		l.say(Phones, level, s.at, "phone", fmt.Sprintf("the number %q stands with %d organisations: %s", key, len(s.orgs), few(s.orgs)), "if it is no line that they share, ask each for its own")
	}
}
