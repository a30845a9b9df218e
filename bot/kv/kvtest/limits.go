package kvtest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"amana/bot/kv"
)

func testLimits(t *testing.T, open Open) {
	st := begin(t, open)
	key := func(i int) []byte { return fmt.Appendf(nil, "k%04d", i) }
	long := bytes.Repeat([]byte("k"), kv.MaxKey)
	large := bytes.Repeat([]byte("v"), kv.MaxValue)
	puts := func(n int, value []byte) func(kv.Tx) error {
		return func(tx kv.Tx) error {
			for i := range n {
				if err := tx.Put(key(i), value); err != nil {
					return err
				}
			}
			return nil
		}
	}
	// Each just within a limit. Whole is how many large values fit into one update.
	whole := kv.MaxWritten / (kv.MaxValue + len(key(0)))
	for name, fn := range map[string]func(kv.Tx) error{
		"longest key":    func(tx kv.Tx) error { return tx.Put(long, nil) },
		"largest value":  func(tx kv.Tx) error { return tx.Put(key(0), large) },
		"most keys":      puts(kv.MaxTouched, nil),
		"most bytes":     puts(whole, large),
		"same key often": func(tx kv.Tx) error { return again(2*kv.MaxTouched, func() error { return tx.Put(key(0), large) }) },
		"scan of the rest": func(tx kv.Tx) error {
			_, err := tx.Scan(key(0), nil, kv.MaxTouched-1)
			return err
		},
		"longest bounds": func(tx kv.Tx) error {
			_, err := tx.Scan(kv.After(long), kv.After(long), 1)
			return err
		},
		"read and written": func(tx kv.Tx) error {
			for i := range kv.MaxTouched {
				if _, _, err := tx.Get(key(i)); err != nil {
					return err
				}
				if err := tx.Put(key(i), nil); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		if err := st.Update(t.Context(), kv.ID{1}, fn); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := st.Forget(t.Context(), 1<<30); err != nil { // so that the id is new again
			t.Fatal(err)
		}
	}
	// Each just beyond.
	for name, fn := range map[string]func(kv.Tx) error{
		"empty key":        func(tx kv.Tx) error { return tx.Put(nil, nil) },
		"key too long":     func(tx kv.Tx) error { return tx.Put(append(long, 'k'), nil) },
		"reserved key":     func(tx kv.Tx) error { return tx.Put([]byte("\x00k"), nil) },
		"value too large":  func(tx kv.Tx) error { return tx.Put(key(0), append(large, 'v')) },
		"too many keys":    puts(kv.MaxTouched+1, nil),
		"too many bytes":   puts(whole+1, large),
		"scan without end": func(tx kv.Tx) error { _, err := tx.Scan(nil, nil, 0); return err },
		"scan too long":    func(tx kv.Tx) error { _, err := tx.Scan(nil, nil, kv.MaxScan+1); return err },
		"bound too long":   func(tx kv.Tx) error { _, err := tx.Scan(append(kv.After(long), 0), nil, 1); return err },
		"pairs of a scan":  func(tx kv.Tx) error { _, err := tx.Scan(key(0), nil, kv.MaxTouched); return err },
		"empty scans": func(tx kv.Tx) error {
			return again(kv.MaxTouched+1, func() error { _, err := tx.Scan([]byte("x"), []byte("y"), 1); return err })
		},
		"too many reads": func(tx kv.Tx) error {
			for i := range kv.MaxTouched + 1 {
				if _, _, err := tx.Get(key(i)); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		st.wantError(name, kv.ErrLimit, func(tx kv.Tx) error {
			if err := tx.Put([]byte("witness"), nil); err != nil {
				return err
			}
			return fn(tx)
		})
	}
	st.absent("witness")
	for name, fn := range map[string]func(kv.Reader) error{
		"empty key":     func(r kv.Reader) error { _, _, err := r.Get(nil); return err },
		"key too long":  func(r kv.Reader) error { _, _, err := r.Get(append(long, 'k')); return err },
		"reserved key":  func(r kv.Reader) error { _, _, err := r.Get([]byte("\x00k")); return err },
		"scan too long": func(r kv.Reader) error { _, err := r.Scan(nil, nil, kv.MaxScan+1); return err },
		"scan of none":  func(r kv.Reader) error { _, err := r.Scan(nil, nil, 0); return err },
	} {
		if err := st.View(t.Context(), fn); !errors.Is(err, kv.ErrLimit) {
			t.Errorf("view, %s: %v", name, err)
		}
	}
}

func again(n int, fn func() error) error {
	for range n {
		if err := fn(); err != nil {
			return err
		}
	}
	return nil
}

// testLimitsStick looks away from an error: the update must fail all the same.
func testLimitsStick(t *testing.T, open Open) {
	st := begin(t, open)
	st.wantError("error of Put ignored", kv.ErrLimit, func(tx kv.Tx) error {
		tx.Put([]byte("a"), nil)
		tx.Put([]byte("b"), make([]byte, kv.MaxValue+1))
		return nil
	})
	st.wantError("error of Get ignored", kv.ErrLimit, func(tx kv.Tx) error {
		tx.Get(nil)
		return tx.Put([]byte("a"), nil)
	})
	st.absent("a", "b")
	if err := st.View(t.Context(), func(r kv.Reader) error { r.Scan(nil, nil, -1); return nil }); !errors.Is(err, kv.ErrLimit) {
		t.Errorf("error of Scan ignored in a view: %v", err)
	}
}

// testReserved sees that nobody sees what the engine keeps for itself.
func testReserved(t *testing.T, open Open) {
	st := begin(t, open)
	if err := st.Update(t.Context(), kv.ID{1}, func(tx kv.Tx) error { return tx.Put([]byte{1}, nil) }); err != nil {
		t.Fatal(err)
	}
	for _, from := range [][]byte{nil, {0}, {0, 1}, {0, 0xff}} {
		err := st.View(t.Context(), func(r kv.Reader) error {
			pairs, err := r.Scan(from, nil, 10)
			if len(pairs) != 1 || pairs[0].Key[0] != 1 {
				t.Errorf("scan from %v gives %v", from, pairs)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
