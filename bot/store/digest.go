package store

import (
	"time"

	"amana/bot"
)

// Digested says how far the digests have come: of the latest fixed time for which they were laid on the shelf, and up to
// which receiver; none is left once All.
type Digested struct {
	At    time.Time `json:"at"`
	After string    `json:"after,omitempty"`
	All   bool      `json:"all,omitempty"`
}

// Digested gives that mark; found is false before the first.
func (r *Read) Digested() (d Digested, found bool, err error) {
	found, err = r.standing(key(meta, r.s.name("meta", "digested")), &d)
	return d, found, err
}

// PutDigested keeps it in place of the one before.
func (w *Write) PutDigested(d Digested) error {
	return w.putStanding(key(meta, w.s.name("meta", "digested")), d)
}

// Group is the chat of a team, to which digests go and nothing else.
type Group struct {
	Address bot.Address `json:"address"`
	Lang    string      `json:"lang"`
}

// Groups gives the groups by the names of their teams.
func (r *Read) Groups() (all map[string]Group, err error) {
	all = map[string]Group{}
	_, err = r.standing(key(meta, r.s.name("meta", "groups")), &all)
	return all, err
}

// PutGroups keeps that list in place of the one before.
func (w *Write) PutGroups(all map[string]Group) error {
	k := key(meta, w.s.name("meta", "groups"))
	if len(all) == 0 {
		return w.drop(k)
	}
	return w.putStanding(k, all)
}
