//go:build etcd

package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
)

// do plays steps of one update: "get k", "put k v", "del k", "scan from to limit".
func do(tx kv.Tx, steps ...string) error {
	for _, step := range steps {
		w := strings.Fields(step)
		var err error
		switch w[0] {
		case "get":
			_, _, err = tx.Get([]byte(w[1]))
		case "put":
			err = tx.Put([]byte(w[1]), []byte(w[2]))
		case "del":
			err = tx.Delete([]byte(w[1]))
		case "scan":
			limit := 0
			fmt.Sscan(w[3], &limit)
			to := []byte(w[2])
			if w[2] == "end" {
				to = nil
			}
			_, err = tx.Scan([]byte(w[1]), to, limit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func update(ctx context.Context, st kv.Store, id kv.ID, steps ...string) error {
	return st.Update(ctx, id, func(tx kv.Tx) error { return do(tx, steps...) })
}

// TestConflict lets another process write between the reading of an update and its commit. What it had read must still be
// so, or it runs again; what it had not read may be anything.
func TestConflict(t *testing.T) {
	opt := options(shared, shared.Doors)
	st, other := fresh(t, opt), reopen(t, opt)
	for i, c := range []struct {
		name   string
		read   []string
		others []string
		again  bool
	}{
		{"a key changed", []string{"get b"}, []string{"put b 2"}, true},
		{"a key written as it was", []string{"get b"}, []string{"put b 1"}, true},
		{"a key gone", []string{"get b"}, []string{"del b"}, true},
		{"a key gone and back", []string{"get b"}, []string{"del b", "+put b 1"}, true},
		{"a key that was not there", []string{"get x"}, []string{"put x 1"}, true},
		{"a key that was not there, come and gone", []string{"get x"}, []string{"put x 1", "+del x"}, false},
		{"another key", []string{"get b", "get x"}, []string{"put c 2", "put y 2"}, false},
		{"a key that it only wrote", []string{"put b 3"}, []string{"put b 2"}, false},
		{"a key that it wrote and then read", []string{"put b 3", "get b"}, []string{"put b 2"}, false},
		{"a key that it read and then wrote", []string{"get b", "put b 3"}, []string{"put b 2"}, true},
		{"a key that it only deleted", []string{"del b"}, []string{"put b 2"}, false},

		{"a pair changed", []string{"scan a e 10"}, []string{"put b 2"}, true},
		{"a pair gone", []string{"scan a e 10"}, []string{"del b"}, true},
		{"a newcomer", []string{"scan a e 10"}, []string{"put bb 2"}, true},
		{"a newcomer at the end", []string{"scan a e 10"}, []string{"put dd 2"}, true},
		{"a newcomer beyond the bound", []string{"scan a e 10"}, []string{"put e 2"}, false},
		{"a newcomer before the bound", []string{"scan b e 10"}, []string{"put aa 2"}, false},
		{"a newcomer where nothing was", []string{"scan p q 10"}, []string{"put p 2"}, true},
		{"a newcomer where nothing can be", []string{"scan q p 10"}, []string{"put p 2"}, false},
		{"a newcomer in all there is", []string{"scan a end 10"}, []string{"put zzz 2"}, true},
		{"a newcomer beyond the limit", []string{"scan a e 2"}, []string{"put bb 2"}, false},
		{"a newcomer within the limit", []string{"scan a e 2"}, []string{"put aa 2"}, true},
		{"a pair beyond the limit", []string{"scan a e 2"}, []string{"put c 2"}, false},
		{"the last pair of the limit", []string{"scan a e 2"}, []string{"put b 2"}, true},
		{"the last pair of the limit gone", []string{"scan a e 2"}, []string{"del b"}, true},
		{"as many as the limit", []string{"scan a e 4"}, []string{"put dd 2"}, false},
		{"one fewer than the limit", []string{"scan a e 5"}, []string{"put dd 2"}, true},

		{"behind a pair that it deleted", []string{"del a", "scan a e 1"}, []string{"put c 2"}, false},
		{"behind a pair that it deleted, the one seen", []string{"del a", "scan a e 1"}, []string{"put b 2"}, true},
		{"a pair that it deleted before it looked", []string{"del a", "scan a e 1"}, []string{"put a 2"}, true},
		{"behind a pair that it put", []string{"put aa 1", "scan a e 2"}, []string{"put b 2"}, false},
		{"before a pair that it put", []string{"put aa 1", "scan a e 2"}, []string{"put aaa 2"}, false},
		{"between pairs that it saw", []string{"put aa 1", "scan a e 2"}, []string{"put a0 2"}, true},
		{"two ranges, the first", []string{"scan a b 9", "scan c e 9"}, []string{"put aa 2"}, true},
		{"two ranges, between them", []string{"scan a b 9", "scan c e 9"}, []string{"put bb 2"}, false},
		{"two ranges, the second", []string{"scan a b 9", "scan c e 9"}, []string{"del d"}, true},
	} {
		for _, id := range []kv.ID{{}, {byte(i + 1), 1}} {
			t.Run(fmt.Sprintf("%s/named=%v", c.name, !id.IsZero()), func(t *testing.T) {
				clear := []string{"del aa", "del a0", "del aaa", "del bb", "del dd", "del e", "del p", "del x", "del y", "del zzz", "del out",
					"put a 1", "put b 1", "put c 1", "put d 1"}
				if err := update(t.Context(), other, kv.ID{}, clear...); err != nil {
					t.Fatal(err)
				}
				runs := 0
				err := st.Update(t.Context(), id, func(tx kv.Tx) error {
					if err := do(tx, c.read...); err != nil {
						return err
					}
					if runs++; runs == 1 {
						for _, group := range strings.Split(strings.Join(c.others, ";"), ";+") {
							if err := update(t.Context(), other, kv.ID{}, strings.Split(group, ";")...); err != nil {
								return err
							}
						}
					}
					return do(tx, "put out 1")
				})
				if err != nil || runs != 1 && !c.again || runs != 2 && c.again {
					t.Errorf("ran %d times: %v", runs, err)
				}
			})
		}
	}
}

// TestReadsOneRevision changes everything between two readings of one snapshot.
func TestReadsOneRevision(t *testing.T) {
	opt := options(shared, shared.Doors)
	st, other := fresh(t, opt), reopen(t, opt)
	set := func(v string) {
		t.Helper()
		if err := update(t.Context(), other, kv.ID{}, "put a "+v, "put b "+v, "put c "+v); err != nil {
			t.Fatal(err)
		}
	}
	set("1")
	check := func(r kv.Reader) error {
		a, _, err := r.Get([]byte("a"))
		if err != nil {
			return err
		}
		set("2")
		b, _, err := r.Get([]byte("b"))
		if err != nil {
			return err
		}
		pairs, err := r.Scan(nil, nil, 10)
		if err == nil && (string(a) != string(b) || len(pairs) != 3 || string(pairs[2].Value) != string(a)) {
			t.Errorf("one snapshot gave %s, %s and %s", a, b, pairs[2].Value)
		}
		return err
	}
	if err := st.View(t.Context(), check); err != nil {
		t.Error(err)
	}
	set("1")
	if err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return check(tx) }); err != nil {
		t.Error(err)
	}
	// What one process has acknowledged, the next View of another sees.
	for i := range 50 {
		set(fmt.Sprint(i))
		err := st.View(t.Context(), func(r kv.Reader) error {
			if v, _, err := r.Get([]byte("b")); err != nil || string(v) != fmt.Sprint(i) {
				t.Errorf("a view lags: %s, %v", v, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestBusy never lets an update be alone.
func TestBusy(t *testing.T) {
	opt := options(shared, shared.Doors)
	other := fresh(t, opt)
	opt.Patience = 3 * time.Second // enough for a few tries on a machine that has much to do
	st := reopen(t, opt)
	meddle := func(tx kv.Tx) error {
		if err := do(tx, "get a", "put out 1"); err != nil {
			return err
		}
		return update(t.Context(), other, kv.ID{}, "put a 1")
	}
	begun := time.Now()
	if err := st.Update(t.Context(), kv.ID{1}, meddle); !errors.Is(err, kv.ErrBusy) {
		t.Errorf("an update that was never alone: %v", err)
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it tried for %v", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := st.Update(ctx, kv.ID{1}, meddle); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an update that was never alone, for a caller who left: %v", err)
	}
	if settled, err := st.Settled(t.Context(), kv.ID{1}); settled || err != nil {
		t.Errorf("it is settled: %v, %v", settled, err)
	}
	if err := update(t.Context(), st, kv.ID{1}, "put a 2"); err != nil {
		t.Errorf("and the lane is free: %v", err)
	}
}

// TestFence binds updates to keys as offices do.
func TestFence(t *testing.T) {
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	key := "amana/" + opt.Mission + "/\x00\x02office"
	win := func() int64 {
		t.Helper()
		put, err := shared.Admin().Put(t.Context(), key, "")
		if err != nil {
			t.Fatal(err)
		}
		return put.Header.Revision
	}
	lose := func() {
		t.Helper()
		if _, err := shared.Admin().Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	rev := win()
	bound := etcd.Bind(t.Context(), key, rev)
	for i, steps := range [][]string{{"put a 1"}, {"get a"}, {"get a", "put a 2"}, {"scan a z 10", "put b 1"}, nil} {
		for _, id := range []kv.ID{{}, {byte(i + 1)}} {
			if err := update(bound, st, id, steps...); err != nil {
				t.Errorf("in office, %v: %v", steps, err)
			}
		}
	}
	refused := func(what string, ctx context.Context) {
		t.Helper()
		for i, steps := range [][]string{{"put a 9"}, {"get a"}, {"get a", "put a 9"}, {"scan a z 10", "put b 9"}, nil} {
			for _, id := range []kv.ID{{}, {byte(i + 1), 7}} {
				if err := update(ctx, st, id, steps...); !errors.Is(err, kv.ErrDeposed) {
					t.Errorf("%s, %v: %v", what, steps, err)
				}
			}
		}
		if _, err := st.Forget(ctx, 1<<30); !errors.Is(err, kv.ErrDeposed) {
			t.Errorf("%s, forgetting: %v", what, err)
		}
	}
	lose()
	refused("out of office", bound)
	// Committed before and asked for again: it is done, whoever holds the office.
	if err := update(bound, st, kv.ID{1}, "put a 9"); err != nil {
		t.Errorf("an update that was committed in office: %v", err)
	}
	again := win()
	refused("since lost, and won by another", bound)
	now := etcd.Bind(t.Context(), key, again)
	if err := update(now, st, kv.ID{}, "put a 3"); err != nil {
		t.Errorf("the new holder: %v", err)
	}
	refused("under two offices, one of them lost", etcd.Bind(now, key, rev))
	refused("under an office of another engine", kv.Fence(t.Context(), "something"))
	if err := st.View(t.Context(), func(r kv.Reader) error {
		for key, want := range map[string]string{"a": "3", "b": "1"} {
			if v, _, _ := r.Get([]byte(key)); string(v) != want {
				t.Errorf("%s is %s", key, v)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if n, err := st.Forget(now, 1<<30); n != 5 || err != nil {
		t.Errorf("the new holder forgot %d: %v", n, err)
	}
}
