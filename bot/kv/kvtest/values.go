package kvtest

import (
	"bytes"
	"fmt"
	"testing"

	"amana/bot/kv"
)

func testValues(t *testing.T, open Open) {
	st := begin(t, open)
	st.absent("a")
	st.put("a", "1")
	st.put("empty", "")
	st.update(func(tx kv.Tx) error { return tx.Put([]byte("nil"), nil) })
	st.put("a", "2")
	for key, want := range map[string]string{"a": "2", "empty": "", "nil": ""} {
		if v, found := st.get(key); v != want || !found {
			t.Errorf("%s: %q, %v", key, v, found)
		}
	}
	err := st.View(t.Context(), func(r kv.Reader) error {
		for _, key := range []string{"empty", "nil"} {
			if v, found, err := r.Get([]byte(key)); v == nil || !found || err != nil {
				t.Errorf("an empty value came back as %#v, %v, %v", v, found, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	st.update(func(tx kv.Tx) error {
		if err := tx.Delete([]byte("never")); err != nil {
			return err
		}
		if err := tx.Delete([]byte("a")); err != nil {
			return err
		}
		if _, found, err := tx.Get([]byte("a")); found || err != nil {
			t.Errorf("deleted key in its own update: %v, %v", found, err)
		}
		return tx.Put([]byte("b"), []byte("3"))
	})
	st.absent("a", "never")
	if v, _ := st.get("b"); v != "3" {
		t.Errorf("b: %q", v)
	}
	// Deleted and put again, put and deleted again, within one update.
	st.update(func(tx kv.Tx) error {
		tx.Delete([]byte("b"))
		tx.Put([]byte("b"), []byte("4"))
		tx.Put([]byte("c"), []byte("5"))
		return tx.Delete([]byte("c"))
	})
	st.absent("c")
	if v, _ := st.get("b"); v != "4" {
		t.Errorf("b: %q", v)
	}
}

// testCopies changes every slice that went in or came out; nothing stored may follow.
func testCopies(t *testing.T, open Open) {
	st := begin(t, open)
	for range 2 { // the second time over what is there already
		st.update(func(tx kv.Tx) error {
			key, value := []byte("key"), []byte("value")
			if err := tx.Put(key, value); err != nil {
				return err
			}
			copy(key, "xxx")
			copy(value, "xxxxx")
			for range 2 {
				got, _, _ := tx.Get([]byte("key"))
				pairs, _ := tx.Scan(nil, nil, 10)
				if string(got) != "value" || flat(pairs) != "key=value " {
					t.Errorf("in the update: %q and %s", got, flat(pairs))
				}
				spoil(got)
				spoil(pairs[0].Key)
				spoil(pairs[0].Value)
			}
			return nil
		})
		var kept [][]byte
		err := st.View(t.Context(), func(r kv.Reader) error {
			got, _, _ := r.Get([]byte("key"))
			pairs, _ := r.Scan(nil, nil, 10)
			kept = append(kept, got, pairs[0].Key, pairs[0].Value)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range kept {
			spoil(b)
		}
		if v, found := st.get("key"); v != "value" || !found {
			t.Errorf("stored: %q, %v", v, found)
		}
	}
}

func spoil(b []byte) { copy(b, bytes.Repeat([]byte("#"), len(b))) }

func testScan(t *testing.T, open Open) {
	st := begin(t, open)
	for i, key := range []string{"a", "a\x00", "aa", "ab", "b", "b\xff", "b\xff\xff", "c", "\xff", "\xff\xff"} {
		st.put(key, fmt.Sprint(i))
	}
	prefix := func(p string) [2][]byte {
		from, to := kv.Prefix([]byte(p))
		return [2][]byte{from, to}
	}
	bounds := func(from, to string) [2][]byte { return [2][]byte{[]byte(from), []byte(to)} }
	for _, c := range []struct {
		bounds [2][]byte
		limit  int
		want   string
	}{
		{[2][]byte{nil, nil}, 1000, "a=0 a\x00=1 aa=2 ab=3 b=4 b\xff=5 b\xff\xff=6 c=7 \xff=8 \xff\xff=9 "},
		{[2][]byte{nil, nil}, 3, "a=0 a\x00=1 aa=2 "},
		{bounds("a", "b"), 10, "a=0 a\x00=1 aa=2 ab=3 "},
		{bounds("a", "a"), 10, ""},
		{bounds("b", "a"), 10, ""},
		{bounds("aab", "ab"), 10, ""},
		{prefix("a"), 10, "a=0 a\x00=1 aa=2 ab=3 "},
		{prefix("b\xff"), 10, "b\xff=5 b\xff\xff=6 "},
		{prefix("\xff"), 10, "\xff=8 \xff\xff=9 "},
		{prefix("nothing"), 10, ""},
		{[2][]byte{kv.After([]byte("a")), nil}, 2, "a\x00=1 aa=2 "},
		{[2][]byte{kv.After([]byte("\xff\xff")), nil}, 2, ""},
	} {
		check := func(r kv.Reader) {
			pairs, err := r.Scan(c.bounds[0], c.bounds[1], c.limit)
			if got := flat(pairs); got != c.want || err != nil {
				t.Errorf("scan %q to %q, %d: got %q, %v, want %q", c.bounds[0], c.bounds[1], c.limit, got, err, c.want)
			}
		}
		if err := st.View(t.Context(), func(r kv.Reader) error { check(r); return nil }); err != nil {
			t.Error(err)
		}
		st.update(func(tx kv.Tx) error {
			if c.limit < kv.MaxTouched {
				check(tx)
			}
			return nil
		})
	}
}

func testScanOwnWrites(t *testing.T, open Open) {
	st := begin(t, open)
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		st.put(key, "0")
	}
	st.update(func(tx kv.Tx) error {
		tx.Delete([]byte("a"))
		tx.Delete([]byte("c"))
		tx.Put([]byte("d"), []byte("1"))
		tx.Put([]byte("bb"), []byte("1"))
		tx.Put([]byte("z"), []byte("1"))
		tx.Delete([]byte("y"))
		for limit, want := range []string{1: "b=0 ", 2: "b=0 bb=1 ", 3: "b=0 bb=1 d=1 ", 4: "b=0 bb=1 d=1 e=0 ", 5: "b=0 bb=1 d=1 e=0 z=1 ", 6: "b=0 bb=1 d=1 e=0 z=1 "} {
			if limit == 0 {
				continue
			}
			if pairs, err := tx.Scan(nil, nil, limit); flat(pairs) != want || err != nil {
				t.Errorf("first %d: %q, %v, want %q", limit, flat(pairs), err, want)
			}
		}
		if pairs, err := tx.Scan([]byte("b"), []byte("d"), 9); flat(pairs) != "b=0 bb=1 " || err != nil {
			t.Errorf("b to d: %q, %v", flat(pairs), err)
		}
		return nil
	})
}
