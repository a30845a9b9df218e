package main

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/kv/bolt"
	"amana/bot/seal"
	"amana/bot/store"
)

// shares is a machine of a mission that shares its database, which here is a file.
type shares struct {
	*config
	t *testing.T
}

func newShares(t *testing.T) shares {
	t.Helper()
	c, err := readConfig(missionAt(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	c.ground.kiln, c.Runtime = seal.QuickKiln(), filepath.Join(t.TempDir(), "run")
	if err := os.MkdirAll(filepath.Dir(c.Database), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Create(c.Database); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.CreateHouse(c.Keys, time.Now(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	return shares{c, t}
}

// opens opens the house as one of several machines.
func (s shares) opens() (*house, error) {
	s.t.Helper()
	keys, err := seal.OpenHouse(s.Keys, rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	base, err := bolt.Open(s.Database, bolt.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	h, err := openShared(s.t.Context(), s.config, ground{now: time.Now, rand: rand.Reader, kiln: s.ground.kiln, keys: keys}, base)
	if err != nil {
		base.Close()
	}
	return h, err
}

// serves opens it, looks, and closes it.
func (s shares) serves(look func(*house)) {
	s.t.Helper()
	h, err := s.opens()
	if err != nil {
		s.t.Fatal(err)
	}
	defer h.Close()
	if look != nil {
		look(h)
	}
}

func (s shares) refused(words ...string) {
	s.t.Helper()
	h, err := s.opens()
	if err == nil {
		h.Close()
		s.t.Fatal("it serves")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			s.t.Errorf("%q does not say %q", err, w)
		}
	}
}

// The folder for voice messages is known by its mark, whatever instant a stop or a full disk has chosen.
func TestOneShelf(t *testing.T) {
	s := newShares(t)
	mark := filepath.Join(s.voicesDir(), shelfMark)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(mark, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(mark, 0o700); err != nil { // nothing can be written there
		t.Fatal(err)
	}
	s.refused("marking the folder for voice messages")
	if err := os.Remove(mark); err != nil {
		t.Fatal(err)
	}
	write("") // cut short
	var noted string
	s.serves(func(h *house) {
		if !h.voices.Beside {
			t.Error("it tidies up in a folder in which others write")
		}
		err := h.store.Update(t.Context(), store.ID{}, func(w *store.Write) (err error) {
			if noted, err = w.ShelfMark(); err != nil {
				return err
			}
			return w.PutShelfMark("") // as before a stop between the two
		})
		if err != nil || noted == "" {
			t.Fatalf("mark %q: %v", noted, err)
		}
	})
	s.serves(func(h *house) {
		if data, err := os.ReadFile(mark); err != nil || trimmed(data) != noted {
			t.Errorf("the mark is %q, and was %q: %v", data, noted, err)
		}
	})
	write("ANOTHER\n")
	s.refused("is not the folder for voice messages", noted)
	if err := os.Remove(mark); err != nil {
		t.Fatal(err)
	}
	s.refused("lost the file shared")
	write(noted + "\n")
	s.serves(nil)
}

// A mission that went from several machines to one, was rebooted there, and goes back, is shared by whoever begins: nobody has
// the roots of before any more.
func TestTogetherAloneTogether(t *testing.T) {
	s := newShares(t)
	s.serves(nil)
	reboot := func() {
		t.Helper()
		if err := os.RemoveAll(s.Runtime); err != nil {
			t.Fatal(err)
		}
	}
	reboot()
	s.refused("is empty, as after a reboot")
	h, err := openHouse(t.Context(), s.config)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	s.serves(func(h *house) {
		err := h.store.View(t.Context(), func(r *store.Read) error {
			a, known, err := r.Alike()
			if !known || !h.roots.Fits(a.Roots) {
				t.Error("the other machines are not told its roots")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	reboot()
	s.refused("is empty, as after a reboot")
}

// A key backup that is older than the last keys brings the mission back without them, and says so.
func TestKeysThatNoMachineHas(t *testing.T) {
	s := newShares(t)
	var made []seal.KeyID
	s.serves(func(h *house) {
		var err error
		if made, err = h.keys.EnsureMonths(time.Now(), 6); err == nil {
			err = h.registry.Vouch(t.Context(), false)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	older := t.TempDir() // the key directory as the last key backup has it
	now, err := seal.OpenHouse(s.Keys, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range made {
		if err := os.Rename(filepath.Join(s.Keys, string(id)), filepath.Join(older, string(id))); err != nil {
			t.Fatal(err)
		}
	}
	writeLedger(t, s.Keys, slices.DeleteFunc(now.Living(), func(id seal.KeyID) bool { return slices.Contains(made, id) }))
	if err := os.RemoveAll(s.Runtime); err != nil {
		t.Fatal(err)
	}
	s.refused("keys of the other machines are missing on this one", string(made[0]), "`amana keys roots -new`")
	s.rootsAnew, s.anyState = true, true // as `amana restore` opens it
	s.serves(func(h *house) {
		var said strings.Builder
		if err := h.lostKeys(t.Context(), &said); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{string(made[0]) + " (0 records)", "nothing that was reported is lost", "`amana keys new -months 12`"} {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%q does not say %q", said.String(), want)
			}
		}
	})
	s.rootsAnew, s.anyState = false, false
	s.serves(func(h *house) {
		if len(h.lost) > 0 {
			t.Errorf("it still asks for %v", h.lost)
		}
		if _, err := h.keys.EnsureMonths(time.Now(), 6); err != nil {
			t.Error(err)
		}
	})
}

func writeLedger(t *testing.T, keys string, living []seal.KeyID) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"amana": "house ledger 1", "living": living})
	if err == nil {
		err = os.WriteFile(filepath.Join(keys, "ledger"), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
