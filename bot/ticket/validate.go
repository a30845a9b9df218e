package ticket

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxEntries bounds a roster far above the largest mission.
const maxEntries = 1000

// Validate gives every reason why a roster must not be signed, or nil. Names are compared by voice before they are
// signed, so nothing may be in them that shows otherwise than it reads.
func (r Roster) Validate() error {
	var errs []error
	bad := func(e Entry, format string, args ...any) {
		errs = append(errs, fmt.Errorf("entry %q: %s", e.ID, fmt.Sprintf(format, args...)))
	}
	if r.Version == 0 {
		errs = append(errs, errors.New("version: must be 1 or more"))
	}
	if len(r.Entries) > maxEntries {
		return fmt.Errorf("checking the roster: %d entries, at most %d", len(r.Entries), maxEntries)
	}
	ids, keys := map[string]int{}, map[string]string{}
	for _, e := range r.Entries {
		ids[e.ID]++
		if ids[e.ID] == 2 {
			bad(e, "this id stands twice")
		}
		if !isRosterID(e.ID) {
			bad(e, "an id is [a-z0-9][a-z0-9_-]{0,31}")
		}
		if err := plainName(e.Name); err != nil {
			bad(e, "name: %v", err)
		}
		if !isName(e.Org, 24) {
			bad(e, "organisation: a name of the list, [a-z0-9][a-z0-9_]{0,23}")
		}
		if !slices.Contains([]Role{FocalPoint, Backup, Coordinator, Oversight, Recovery}, e.Role) {
			bad(e, "role %q: one of focal_point, backup, coordinator, oversight, recovery", e.Role)
		}
		if e.Status != StatusConfirmed && e.Status != StatusRevoked {
			bad(e, "status %q: confirmed or revoked", e.Status)
		}
		if !isRecipient(e.Key) {
			bad(e, "key: an age recipient beginning with age1")
		} else if other, ok := keys[e.Key]; ok && other != e.ID {
			bad(e, "its key is also that of %q", other)
		}
		keys[e.Key] = e.ID
		for _, k := range e.Kinds {
			if !k.Valid() {
				bad(e, "kind %q is not known", k)
			}
		}
		for _, a := range e.Areas {
			if !isName(a, 24) {
				bad(e, "area: a name of the list, [a-z0-9][a-z0-9_]{0,23}")
			}
		}
		for _, l := range e.Langs {
			if l == "" || tidyLang(l) == "" {
				bad(e, "language: a tag such as ar or zh-Hant")
			}
		}
	}
	for _, e := range r.Entries {
		errs = append(errs, r.links(e)...)
	}
	if len(errs) > 0 {
		return fmt.Errorf("checking the roster: %w", errors.Join(errs...))
	}
	return nil
}

// links checks what an entry says about others.
func (r Roster) links(e Entry) []error {
	var errs []error
	bad := func(what, why string) { errs = append(errs, fmt.Errorf("entry %q: %s: %s", e.ID, what, why)) }
	if b, ok := r.Find(e.Backup); e.Backup != "" {
		switch {
		case e.Backup == e.ID:
			bad("backup", "somebody else, not the same person")
		case !ok:
			bad("backup", "no such entry: "+strconv.Quote(e.Backup))
		case b.Role == Recovery:
			bad("backup", "a recovery key reads nothing by itself")
		}
	}
	if e.Role == Recovery && (e.Backup != "" || e.Child || e.Oversight || len(e.Areas)+len(e.Kinds) > 0) {
		bad("role", "a recovery key has no backup, areas, kinds or desk")
	}
	if h, ok := r.Find(e.Holder); e.Holder != "" {
		switch {
		case e.Role != Recovery:
			bad("holder", "only a recovery key has one")
		case !ok || h.Role == Recovery:
			bad("holder", "no such person: "+strconv.Quote(e.Holder))
		}
	}
	return errs
}

func isRosterID(s string) bool {
	return isName(strings.ReplaceAll(s, "-", "_"), 32) && s[0] != '-'
}

// isRecipient looks at the shape only; whoever seals parses it in full.
func isRecipient(s string) bool {
	rest, ok := strings.CutPrefix(s, "age1")
	if !ok || len(rest) < 50 || len(s) > maxText {
		return false
	}
	for i := range len(rest) {
		if (rest[i] < 'a' || rest[i] > 'z') && (rest[i] < '0' || rest[i] > '9') {
			return false
		}
	}
	return true
}

func plainName(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return errors.New("missing")
	case s != strings.TrimSpace(s):
		return errors.New("space at an end")
	case utf8.RuneCountInString(s) > 80:
		return errors.New("at most 80 characters")
	case !utf8.ValidString(s):
		return errors.New("not UTF-8")
	}
	for _, c := range s {
		if unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			return errors.New("holds a character that cannot be seen")
		}
	}
	return nil
}
