package seal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// EnsureMonths makes the keys of this month and of a number of months ahead, where they are missing. It is for whoever makes
// them on one machine to share them with others; Ensure does the same for three months.
func (h *House) EnsureMonths(now time.Time, ahead int) ([]KeyID, error) { return h.ensure(now, ahead) }

// TakeIn takes in the keys that were brought into the directory since it was opened, and names them.
func (h *House) TakeIn() (taken []KeyID, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	data, err := readSmall(h.dir, ledgerFile)
	if err != nil {
		return nil, damaged(h.dir, ledgerFile, err)
	}
	var l ledger
	if err := decodeJSON(data, &l); err != nil {
		return nil, damaged(h.dir, ledgerFile, err)
	}
	return h.adopt(l)
}

// adopt takes in the key files that another process has put into the directory, whether its ledger knows them yet or not.
func (h *House) adopt(l ledger) (taken []KeyID, err error) {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		id := KeyID(e.Name())
		if _, is := id.head(); !is || h.keys[id] != nil || slices.Contains(h.forgotten, id) || slices.Contains(l.Forgotten, id) {
			continue
		}
		secret, err := readKey(h.dir, string(id))
		if errors.Is(err, fs.ErrNotExist) {
			continue // forgotten at this moment
		}
		if err != nil {
			return taken, err
		}
		h.add(id, secret)
		h.unlisted = h.unlisted || !slices.Contains(l.Living, id)
		taken = append(taken, id)
	}
	return taken, nil
}

// Print is the keyed fingerprint of a key: it tells whether two machines have the same, and nothing of what it is.
func (h *House) Print(id KeyID) ([]byte, error) {
	mac, err := h.MonthMAC(id, "print")
	return bytes.Clone(mac[:]), err
}

// RootName tells the root of an epoch from others; it stands in front of every value under it.
type RootName struct {
	Line  string  `json:"line"`
	Epoch uint32  `json:"epoch"`
	Name  [8]byte `json:"name"`
}

// Names gives the present root of each kind.
func (r *Roots) Names() (out []RootName) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, l := range r.lines {
		out = append(out, RootName{l.plan.name, l.held[0].epoch, l.held[0].name})
	}
	return out
}

// Fits says whether these roots are of the same lines as others, which were named by Names.
func (r *Roots) Fits(names []RootName) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, n := range names {
		for _, l := range r.lines {
			if l.plan.name == n.Line && !l.fits(n.Epoch, n.Name) {
				return false
			}
		}
	}
	return true
}

// Reached says whether others have stepped at least as far as these roots.
func (r *Roots) Reached(names []RootName) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, l := range r.lines {
		i := slices.IndexFunc(names, func(n RootName) bool { return n.Line == l.plan.name })
		if i < 0 || names[i].Epoch < l.held[0].epoch {
			return false
		}
	}
	return true
}

// HasRoots says whether a runtime directory holds all roots. Where it does not, OpenRoots makes new ones.
func HasRoots(dir string) bool {
	for _, p := range [...]plan{draftPlan, dailyPlan, pseudonymPlan} {
		if _, err := os.Lstat(filepath.Join(dir, p.name)); err != nil {
			return false
		}
	}
	return true
}
