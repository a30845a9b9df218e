//go:build etcd

package etcd_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
)

// TestFull fills a cluster up to its quota. The server says that it is full of the last update that it applies too: that
// one is done, those behind it are not, and none is in doubt.
func TestFull(t *testing.T) {
	c := etcdtest.Start(t, etcdtest.Options{Nodes: 1, Args: []string{"--quota-backend-bytes=6291456"}})
	st := fresh(t, options(c, c.Doors))
	large := make([]byte, kv.MaxValue)
	put := func(id kv.ID, key string) error {
		return st.Update(t.Context(), id, func(tx kv.Tx) error {
			if _, _, err := tx.Get([]byte(key)); err != nil {
				return err
			}
			return tx.Put([]byte(key), large)
		})
	}
	for round := range 2 {
		last, refused := 0, 0
		for i := 0; i < 300 && refused < 3; i++ {
			id := kv.ID{byte(i), byte(i >> 8), byte(round + 1)}
			err := put(id, fmt.Sprint("k", i))
			switch {
			case err == nil && refused == 0:
				last = i
			case err == nil:
				t.Errorf("update %d was taken behind one that was refused", i)
			case errors.Is(err, kv.ErrFull) && !errors.Is(err, kv.ErrUnknown):
				refused++
				if got := value(t, st, fmt.Sprint("k", i)); round == 0 && got != "none" {
					t.Errorf("update %d was refused and is there", i)
				}
				if _, err := st.Settled(t.Context(), id); !errors.Is(err, kv.ErrFull) {
					t.Errorf("asked for the outcome: %v", err)
				}
			default:
				t.Fatalf("update %d: %v", i, err)
			}
		}
		if last == 0 || refused == 0 {
			t.Fatalf("round %d: full after %d updates", round, last)
		}
		for i := range last + 1 {
			if got := value(t, st, fmt.Sprint("k", i)); len(got) != len(large) {
				t.Errorf("update %d was acknowledged, and holds %d bytes", i, len(got))
			}
		}
		if err := put(kv.ID{}, "unnamed"); !errors.Is(err, kv.ErrFull) {
			t.Errorf("an update without id: %v", err)
		}
		// What frees room needs no room, if it names itself to nobody.
		for i := range last + 1 {
			if err := update(t.Context(), st, kv.ID{}, fmt.Sprintf("del k%d", i)); err != nil {
				t.Fatalf("deleting: %v", err)
			}
		}
		if err := errors.Join(c.Compact(t.Context()), c.Defragment(t.Context(), 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Admin().AlarmDisarm(t.Context(), &clientv3.AlarmMember{}); err != nil {
			t.Fatal(err)
		}
		if err := update(t.Context(), st, kv.ID{}, "put again 1"); err != nil {
			t.Errorf("there is room again: %v", err)
		}
	}
}

// TestFullAtOnce lets many pass the gate of the server before it notices that there is room for few of them.
func TestFullAtOnce(t *testing.T) {
	c := etcdtest.Start(t, etcdtest.Options{Nodes: 1, Args: []string{"--quota-backend-bytes=25165824"}})
	st := fresh(t, options(c, c.Doors))
	const writers, each, keys = 24, 3, 15 // a megabyte each
	var outcomes [writers][each]error
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				outcomes[w][i] = st.Update(t.Context(), kv.ID{byte(w + 1), byte(i)}, func(tx kv.Tx) error {
					for k := range keys {
						if err := tx.Put(fmt.Appendf(nil, "k%d.%d.%d", w, i, k), make([]byte, kv.MaxValue)); err != nil {
							return err
						}
					}
					return nil
				})
			}
		})
	}
	all.Wait()
	done := 0
	for w := range writers {
		for i, err := range outcomes[w] {
			got := value(t, st, fmt.Sprintf("k%d.%d.%d", w, i, i))
			switch {
			case err == nil && len(got) == kv.MaxValue:
				done++
			case err == nil:
				t.Errorf("%d.%d was acknowledged and is not there", w, i)
			case !errors.Is(err, kv.ErrFull) || errors.Is(err, kv.ErrUnknown) || got != "none":
				t.Errorf("%d.%d holds %d bytes: %v", w, i, len(got), err)
			}
		}
	}
	if done == 0 || done == writers*each {
		t.Errorf("%d of %d were done", done, writers*each)
	}
	if st.Squeezed() == 0 {
		t.Log("the server noticed in time: none was refused that had been applied")
	}
}

// TestLargest sends the largest update that there can be to a server with its usual settings: a hundred of the longest keys
// read and written, a megabyte in all, under an id and as many offices as may be, in a mission with the longest name.
func TestLargest(t *testing.T) {
	opt := options(shared, shared.Doors)
	opt.Mission = strings.Repeat("m", 64)
	st, other := fresh(t, opt), reopen(t, opt)
	ctx := t.Context()
	for i := range etcd.MaxFences {
		key := fmt.Sprintf("amana/%s/\x00\x02%s%d", opt.Mission, strings.Repeat("o", 60), i)
		won, err := shared.Admin().Put(t.Context(), key, "")
		if err != nil {
			t.Fatal(err)
		}
		ctx = etcd.Bind(ctx, key, won.Header.Revision)
	}
	key := func(i int) []byte { return append(bytes.Repeat([]byte("k"), kv.MaxKey-3), fmt.Sprintf("%03d", i)...) }
	value := make([]byte, kv.MaxWritten/kv.MaxTouched-kv.MaxKey)
	for i, c := range []struct {
		name string
		fn   func(tx kv.Tx) error
	}{
		{"read and written", func(tx kv.Tx) error {
			for i := range kv.MaxTouched {
				if _, _, err := tx.Get(key(i)); err != nil {
					return err
				}
				if err := tx.Put(key(i), value); err != nil {
					return err
				}
			}
			return nil
		}},
		{"scanned and deleted", func(tx kv.Tx) error {
			pairs, err := tx.Scan(key(0), nil, kv.MaxTouched-1)
			if err != nil {
				return err
			}
			for _, p := range pairs {
				if err := tx.Delete(p.Key); err != nil {
					return err
				}
			}
			return nil
		}},
		{"nothing but empty ranges", func(tx kv.Tx) error {
			for i := range kv.MaxTouched {
				if _, err := tx.Scan([]byte{'x', byte(i)}, []byte{'x', byte(i + 1)}, 1); err != nil {
					return err
				}
			}
			return nil
		}},
		{"deleted, and looked for what is behind", func(tx kv.Tx) error {
			for i := range 60 {
				if err := tx.Delete(key(i)); err != nil {
					return err
				}
			}
			for i := range 10 {
				if _, err := tx.Scan(key(i), nil, 1); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		// Once in vain, so that the answer that brings everything back is the largest as well.
		runs := 0
		if err := update(t.Context(), other, kv.ID{}, "put x 1"); err != nil {
			t.Fatal(err)
		}
		err := st.Update(ctx, kv.ID{byte(i + 1)}, func(tx kv.Tx) error {
			if err := c.fn(tx); err != nil {
				return err
			}
			if runs++; runs == 1 && i == 0 {
				return other.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error { return tx.Put(key(7), value) })
			}
			return nil
		})
		if err != nil || i == 0 && runs != 2 {
			t.Errorf("%s: ran %d times: %v", c.name, runs, err)
		}
	}
}

// TestClosed leaves nothing behind that waits.
func TestClosed(t *testing.T) {
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	if err := update(t.Context(), st, kv.ID{}, "put a 1", "put b 1"); err != nil {
		t.Fatal(err)
	}
	walking, ended := make(chan struct{}), make(chan error)
	go func() {
		n := 0
		ended <- st.Walk(t.Context(), func(kv.Pair) error {
			if n++; n == 1 {
				close(walking)
				time.Sleep(200 * time.Millisecond)
			}
			return nil
		})
	}()
	<-walking
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, kv.ErrClosed) {
		t.Errorf("a walk through what was closed: %v", err)
	}
	if _, err := st.State(t.Context()); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("the state of what was closed: %v", err)
	}
}
