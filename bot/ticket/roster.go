package ticket

import (
	"cmp"
	"slices"
)

// Role is what a person of the roster does with reports.
type Role string

// The roles of the roster. RoleManager and RoleOther occur in answers only: people who handle no reports themselves.
const (
	FocalPoint  Role = "focal_point"
	Backup      Role = "backup"
	Coordinator Role = "coordinator"
	Oversight   Role = "oversight" // reads where the others must not, or cannot
	Recovery    Role = "recovery"  // an offline key; never notified, never counted as a reader
	RoleManager Role = "manager"
	RoleOther   Role = "other"
)

// Status says whether a key still counts. What the coordinator has not confirmed is not in the roster at all.
type Status string

// The statuses of an entry.
const (
	StatusConfirmed Status = "confirmed"
	StatusRevoked   Status = "revoked"
)

// Entry is one key of the roster and what its holder reads.
type Entry struct {
	ID        string   `json:"id"`                  // [a-z0-9][a-z0-9_-]{0,31}; stands in reports, never changes
	Name      string   `json:"name"`                // name or function, as colleagues see it
	Org       string   `json:"org"`                 // a name of the mission's list of organisations
	Role      Role     `json:"role"`                //
	Areas     []string `json:"areas,omitempty"`     // none: all
	Kinds     []Kind   `json:"kinds,omitempty"`     // none: all
	Langs     []string `json:"langs,omitempty"`     // BCP 47 tags
	Backup    string   `json:"backup,omitempty"`    // id of who takes over
	Holder    string   `json:"holder,omitempty"`    // of a recovery key: id of the person of this roster who holds it
	Child     bool     `json:"child,omitempty"`     // specialist for children
	Oversight bool     `json:"oversight,omitempty"` // also of the oversight desk, beside the role
	Key       string   `json:"key"`                 // age recipient
	Status    Status   `json:"status"`
}

// Roster is the signed list of everyone to whom anything may be sealed. How a person is reached is not in it.
type Roster struct {
	Version uint64  `json:"version"` // each signed roster is one higher than the one before
	Entries []Entry `json:"entries"`
}

// Usable says that something may be sealed to the entry.
func (e Entry) Usable() bool { return e.Status == StatusConfirmed && e.Key != "" }

// OversightDesk says that the entry belongs to the oversight desk.
func (e Entry) OversightDesk() bool { return e.Role == Oversight || e.Oversight && e.Role != Recovery }

// Reads says that the areas and kinds of the entry cover a report; an entry without areas or kinds covers all, but for the
// kinds of care, which must be named. An area that is not known is covered only by those who have all of them.
func (e Entry) Reads(kind Kind, area string) bool {
	return e.Takes(kind) && fits(e.Areas, area)
}

// Takes says that reports of a kind are for the entry.
func (e Entry) Takes(kind Kind) bool {
	if kind.Care() {
		return slices.Contains(e.Kinds, kind)
	}
	return fits(e.Kinds, kind)
}

// MayRead says that a report of a kind may come before the entry at all, also where routing widens: what is for case workers
// before nobody else, and before case workers nothing but the kinds that they were enrolled for.
func (e Entry) MayRead(kind Kind) bool {
	if kind.Care() || slices.ContainsFunc(e.Kinds, Kind.Care) {
		return slices.Contains(e.Kinds, kind)
	}
	return true
}

// keepsChildren says that the entry is a specialist for children: marked so, or enrolled for what is told by them.
func (e Entry) keepsChildren() bool { return e.Child || slices.Contains(e.Kinds, Child) }

// Find looks an entry up by id.
func (r Roster) Find(id string) (Entry, bool) {
	i := slices.IndexFunc(r.Entries, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	return r.Entries[i], true
}

// Recipients gives the entries to whom what is written about a report is sealed now: its readers whose key still counts,
// then the recovery keys, without the excluded. It is in order of id within each. A message has room for MaxSealed: of
// recovery keys that joined the mission when a report was full the last are left out, rather than that nothing more can be
// sealed to anybody.
func (r Roster) Recipients(rep Report) []Entry {
	var out []Entry
	for _, x := range rep.Readers {
		if e, ok := r.Find(x.Person); ok && e.Usable() && e.Role != Recovery && !rep.IsExcluded(e.ID) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, byID)
	out = append(out, r.recovery(rep.Excluded)...)
	return out[:min(len(out), MaxSealed)]
}

// recovery gives the recovery keys but those that an excluded person holds.
func (r Roster) recovery(excluded []string) []Entry {
	var out []Entry
	for _, e := range r.Entries {
		if e.Role == Recovery && e.Usable() && !slices.Contains(excluded, e.ID) &&
			(e.Holder == "" || !slices.Contains(excluded, e.Holder)) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, byID)
	return out
}

func byID(a, b Entry) int { return cmp.Compare(a.ID, b.ID) }
