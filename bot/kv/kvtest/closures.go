package kvtest

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"amana/bot/kv"
)

var errOwn = errors.New("the closure's own")

func testFailingClosure(t *testing.T, open Open) {
	st := begin(t, open)
	st.put("a", "1")
	err := st.Update(t.Context(), kv.ID{1}, func(tx kv.Tx) error {
		tx.Put([]byte("a"), []byte("2"))
		tx.Put([]byte("b"), []byte("2"))
		return errOwn
	})
	if err != errOwn {
		t.Errorf("the closure's error came back as %v", err)
	}
	st.absent("b")
	if v, _ := st.get("a"); v != "1" {
		t.Errorf("a is %q", v)
	}
	if settled, err := st.Settled(t.Context(), kv.ID{1}); settled || err != nil {
		t.Errorf("a failed update is settled: %v, %v", settled, err)
	}
	if err := st.View(t.Context(), func(kv.Reader) error { return errOwn }); err != errOwn {
		t.Errorf("the error of a view came back as %v", err)
	}
}

func testPanickingClosure(t *testing.T, open Open) {
	st := begin(t, open)
	for name, end := range map[string]func(){
		"panic":  func() { panic(errOwn) },
		"Goexit": runtime.Goexit,
	} {
		for what, run := range map[string]func(){
			"update": func() {
				st.Update(context.Background(), kv.ID{2}, func(tx kv.Tx) error {
					tx.Put([]byte("a"), nil)
					end()
					return nil
				})
			},
			"view": func() { st.View(context.Background(), func(kv.Reader) error { end(); return nil }) },
		} {
			done := make(chan any)
			returned := false
			go func() {
				defer func() { done <- recover() }()
				run()
				returned = true
			}()
			if got := <-done; name == "panic" && got != errOwn {
				t.Errorf("panic in %s reached the caller as %v", what, got)
			}
			if returned {
				t.Errorf("%s in %s: the call returned", name, what)
			}
		}
	}
	st.absent("a")
	if settled, err := st.Settled(t.Context(), kv.ID{2}); settled || err != nil {
		t.Errorf("a panicked update is settled: %v, %v", settled, err)
	}
	st.put("b", "it still works")
}

func testContext(t *testing.T, open Open) {
	st := begin(t, open)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	never := func() { t.Error("a closure ran although its context had ended") }
	for name, err := range map[string]error{
		"update": st.Update(gone, kv.ID{1}, func(kv.Tx) error { never(); return nil }),
		"view":   st.View(gone, func(kv.Reader) error { never(); return nil }),
		"settled": func() error {
			_, err := st.Settled(gone, kv.ID{1})
			return err
		}(),
		"forget": func() error {
			_, err := st.Forget(gone, 1)
			return err
		}(),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A context that ends while the closure runs changes nothing: the true outcome comes back.
	late, cancel := context.WithCancel(t.Context())
	err := st.Update(late, kv.ID{}, func(tx kv.Tx) error {
		cancel()
		return tx.Put([]byte("late"), []byte("1"))
	})
	if v, found := st.get("late"); err != nil || v != "1" || !found {
		t.Errorf("context ended in the closure: %v, stored %q, %v", err, v, found)
	}
}

func testKeptTx(t *testing.T, open Open) {
	st := begin(t, open)
	st.put("a", "1")
	var kept kv.Tx
	var seen kv.Reader
	st.update(func(tx kv.Tx) error { kept = tx; return nil })
	if err := st.View(t.Context(), func(r kv.Reader) error { seen = r; return nil }); err != nil {
		t.Fatal(err)
	}
	_, _, get := kept.Get([]byte("a"))
	_, scan := kept.Scan(nil, nil, 1)
	_, _, view := seen.Get([]byte("a"))
	for name, err := range map[string]error{
		"get": get, "scan": scan, "put": kept.Put([]byte("b"), nil), "delete": kept.Delete([]byte("a")), "view": view,
	} {
		if !errors.Is(err, kv.ErrClosed) {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
	st.absent("b")
}

func testClosed(t *testing.T, open Open) {
	st := begin(t, open)
	st.put("a", "1")
	for range 2 {
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, settled := st.Settled(t.Context(), kv.ID{1})
	_, forgotten := st.Forget(t.Context(), 1)
	for name, err := range map[string]error{
		"update":  st.Update(t.Context(), kv.ID{}, func(kv.Tx) error { t.Error("ran"); return nil }),
		"view":    st.View(t.Context(), func(kv.Reader) error { t.Error("ran"); return nil }),
		"settled": settled,
		"forget":  forgotten,
	} {
		if !errors.Is(err, kv.ErrClosed) {
			t.Errorf("%s of a closed store: %v", name, err)
		}
	}
}
