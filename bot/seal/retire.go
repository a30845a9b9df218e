package seal

import (
	"os"
	"slices"
)

// KeyOf says which house key a stored value stands under, without opening it. A value that stands under none, or is cut off,
// gives false.
func KeyOf(value []byte) (KeyID, bool) { return readHead(value) }

// Retire ends the writing under a month's key: what stands under it still opens, and nothing more is sealed. It is for the
// moments in which a month is carried over and forgotten, and lasts as long as the program runs.
func (h *House) Retire(id KeyID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.retired == nil {
		h.retired = map[KeyID]bool{}
	}
	h.retired[id] = true
}

// Reinstate takes a retirement back: the month is not forgotten after all.
func (h *House) Reinstate(id KeyID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.retired, id)
}

func (h *House) isRetired(id KeyID) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.retired[id]
}

// Forgotten gives the ids of the keys that this directory has forgotten, as its ledger says, sorted by name.
func (h *House) Forgotten() []KeyID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := slices.Clone(h.forgotten)
	slices.Sort(out)
	return out
}

// Lying gives the forgotten keys whose files lie in the directory all the same: what should have deleted them could not.
func (h *House) Lying() (out []KeyID, err error) {
	entries, err := os.ReadDir(h.dir)
	for _, e := range entries {
		if id := KeyID(e.Name()); slices.Contains(h.Forgotten(), id) {
			out = append(out, id)
		}
	}
	return out, err
}
