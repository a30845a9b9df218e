package casework_test

import (
	"errors"
	"strings"
	"testing"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/seal"
	"amana/bot/store"
)

// The mission's chain is cut at its end in the file itself, head and all, by somebody who holds the house keys: what was noted
// beside the keys tells.
func TestMissionChainIsCut(t *testing.T) {
	m := onDisk(t)
	for _, did := range []string{"one", "two", "three"} {
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error { return w.AuditShared(store.Entry{Day: 1, Who: "operator", Did: did}) }))
	}
	ok(t, m.registry.NoteChain(t.Context()))
	m.whole()
	n, before := 0, []byte(nil)
	ok(t, m.store.View(t.Context(), func(r *store.Read) (err error) {
		if n, _, err = r.SharedEnd(); err == nil {
			before, err = r.SharedLink(n - 1)
		}
		return err
	}))
	at := func(n byte) []byte { return append([]byte{'G'}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n) }
	forged := []byte(asJSON(map[string]any{"next": n - 1, "chain": before}))
	head, err := m.house.Seal(m.house.Standing(), at(0), forged)
	ok(t, err)
	ok(t, m.file.Close())
	m.file = must(bolt.Open(m.database(), bolt.Options{Now: m.now}))
	m.engine = m.file
	ok(t, m.engine.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return errors.Join(tx.Put(at(0), head), tx.Delete(at(byte(n)))) }))
	m.open()
	if _, err := m.registry.SharedTrail(t.Context(), "ana"); err != nil {
		t.Fatalf("the forged chain does not hold together: this proves nothing: %v", err)
	}
	ok(t, m.registry.NoteChain(t.Context())) // does not paint over it
	problems, err := m.registry.Verify(t.Context())
	ok(t, err)
	if len(problems) != 1 || !strings.Contains(problems[0], "does not hold them any more") {
		t.Errorf("%q", problems)
	}
	ok(t, m.house.DropNotedChain())
	m.whole()
}

// A byte that is changed in the file is noticed, whatever it belongs to.
func TestTamperedRecords(t *testing.T) {
	m := onDisk(t)
	m.someone(0, "answered")
	m.someone(1, "held")
	for _, shelf := range "TABKP" {
		var spoilt kv.Pair
		ok(t, m.engine.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error {
			pairs, err := tx.Scan([]byte{byte(shelf)}, []byte{byte(shelf) + 1}, 1)
			ok(t, err)
			spoilt = kv.Pair{Key: pairs[0].Key, Value: append([]byte(nil), pairs[0].Value...)}
			if _, is := seal.KeyOf(spoilt.Value); !is {
				t.Fatal("not under a house key")
			}
			pairs[0].Value[len(pairs[0].Value)/2] ^= 4
			return tx.Put(pairs[0].Key, pairs[0].Value)
		}))
		if problems, err := m.registry.Verify(t.Context()); err != nil || len(problems) == 0 {
			t.Errorf("shelf %q: nothing is noticed (%v)", shelf, err)
		}
		ok(t, m.engine.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Put(spoilt.Key, spoilt.Value) }))
	}
	m.whole()
}
