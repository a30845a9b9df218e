package kvtest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"amana/bot/kv"
)

// op is one step of a random update.
type op struct {
	kind     string // put, delete, get, scan
	key, end []byte
	value    []byte
	limit    int
}

// Model plays random updates and views on an engine and on a map, and compares all that they answer. Reopen, if not
// nil, ends an engine in some way and gives it back with what was committed.
func Model(t *testing.T, st Engine, reopen func(Engine) Engine) {
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		prefix := fmt.Sprintf("%d/", round) // a space of its own for each run
		m := &model{rt: rt, ctxT: t, st: st, truth: map[string]string{}, prefix: prefix}
		actions := map[string]func(*rapid.T){
			"update": m.update,
			"view":   m.view,
			"retry":  m.retry,
		}
		if reopen != nil {
			actions["reopen"] = func(rt *rapid.T) {
				if rapid.IntRange(0, 9).Draw(rt, "now") == 0 {
					st = reopen(st)
					m.st = st
				}
			}
		}
		rt.Repeat(actions)
	})
}

type model struct {
	rt     *rapid.T
	ctxT   *testing.T
	st     Engine
	truth  map[string]string
	prefix string
	ids    int
	last   kv.ID
}

func (m *model) ops(rt *rapid.T, kinds ...string) []op {
	key := rapid.Custom(func(rt *rapid.T) []byte {
		return append([]byte(m.prefix), rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 'b', 0xfe, 0xff}), 0, 3).Draw(rt, "key")...)
	})
	return rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) op {
		o := op{kind: rapid.SampledFrom(kinds).Draw(rt, "kind"), key: key.Draw(rt, "key")}
		switch o.kind {
		case "put":
			o.value = []byte(rapid.StringN(0, 6, -1).Draw(rt, "value"))
			if rapid.IntRange(0, 9).Draw(rt, "large") == 0 { // runs over several pages of a file
				o.value = bytes.Repeat([]byte{'v'}, rapid.IntRange(0, 3*kv.MaxValue/4).Draw(rt, "size"))
			}
		case "scan":
			o.end = key.Draw(rt, "end")
			o.limit = rapid.IntRange(1, 12).Draw(rt, "limit")
		}
		return o
	}), 0, 7).Draw(rt, "ops")
}

var errModel = errors.New("the model gives up")

// update runs random steps; a third of the updates ends in an error and must leave no trace.
func (m *model) update(rt *rapid.T) {
	ops := m.ops(rt, "put", "put", "delete", "get", "scan")
	fails := rapid.IntRange(0, 2).Draw(rt, "fails") == 0
	m.ids++
	id := kv.ID{}
	copy(id[:], fmt.Sprintf("%s%d", m.prefix, m.ids))
	var after map[string]string
	err := m.st.Update(m.ctxT.Context(), id, func(tx kv.Tx) error {
		after = maps.Clone(m.truth)
		if err := play(tx, tx, after, ops); err != nil {
			return err
		}
		if fails {
			return errModel
		}
		return nil
	})
	switch {
	case fails && err != errModel, !fails && err != nil:
		rt.Fatalf("update: %v", err)
	case !fails:
		m.truth, m.last = after, id
	}
}

// retry sends the last update that was committed once more.
func (m *model) retry(rt *rapid.T) {
	if m.last.IsZero() {
		return
	}
	err := m.st.Update(m.ctxT.Context(), m.last, func(kv.Tx) error { return errModel })
	if err != nil {
		rt.Fatalf("retry: %v", err)
	}
}

func (m *model) view(rt *rapid.T) {
	ops := append(m.ops(rt, "get", "scan"), op{kind: "scan", key: []byte(m.prefix), end: []byte(m.prefix + "\xff\xff\xff\xff"), limit: kv.MaxScan})
	err := m.st.View(m.ctxT.Context(), func(r kv.Reader) error { return play(r, nil, m.truth, ops) })
	if err != nil {
		rt.Fatalf("view: %v", err)
	}
}

// play does each step on both sides.
func play(r kv.Reader, tx kv.Tx, truth map[string]string, ops []op) error {
	for _, o := range ops {
		switch o.kind {
		case "put":
			truth[string(o.key)] = string(o.value)
			if err := tx.Put(o.key, o.value); err != nil {
				return err
			}
		case "delete":
			delete(truth, string(o.key))
			if err := tx.Delete(o.key); err != nil {
				return err
			}
		case "get":
			got, found, err := r.Get(o.key)
			want, there := truth[string(o.key)]
			if err != nil || found != there || string(got) != want {
				return fmt.Errorf("get %q: %d bytes, %v, %v, want %d bytes, %v", o.key, len(got), found, err, len(want), there)
			}
		case "scan":
			got, err := r.Scan(o.key, o.end, o.limit)
			if err != nil {
				return err
			}
			var want []kv.Pair
			for _, key := range slices.Sorted(maps.Keys(truth)) {
				if key >= string(o.key) && key < string(o.end) && len(want) < o.limit {
					want = append(want, kv.Pair{Key: []byte(key), Value: []byte(truth[key])})
				}
			}
			if err := same(got, want); err != nil {
				return fmt.Errorf("scan %q to %q, %d: %w", o.key, o.end, o.limit, err)
			}
		}
	}
	return nil
}

func same(got, want []kv.Pair) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d pairs, want %d", len(got), len(want))
	}
	for i := range got {
		if cmp.Or(bytes.Compare(got[i].Key, want[i].Key), bytes.Compare(got[i].Value, want[i].Value)) != 0 {
			return fmt.Errorf("pair %d has key %q, want %q, or another value", i, got[i].Key, want[i].Key)
		}
	}
	return nil
}
