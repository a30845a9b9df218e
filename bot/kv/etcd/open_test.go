//go:build etcd

package etcd_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
)

// TestOpenNeverCreates: a wrong name is no fresh start.
func TestOpenNeverCreates(t *testing.T) {
	opt := options(shared, shared.Doors)
	if _, err := etcd.Open(t.Context(), opt); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what nobody made: %v", err)
	}
	st := fresh(t, opt)
	if err := update(t.Context(), st, kv.ID{}, "put a 1"); err != nil {
		t.Fatal(err)
	}
	if err := etcd.Create(t.Context(), opt); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made once more: %v", err)
	}
	if err := etcd.Fill(t.Context(), opt, "a test", st.Walk); !errors.Is(err, fs.ErrExist) {
		t.Errorf("filled although it is there: %v", err)
	}
	if got := value(t, reopen(t, opt), "a"); got != "1" {
		t.Errorf("opened again it holds %s", got)
	}
	// A mission whose name begins like that of another has nothing of it.
	longer := opt
	longer.Mission += "0"
	if _, err := etcd.Open(t.Context(), longer); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a longer name: %v", err)
	}
	prefix, err := etcd.Prefix(opt.Mission)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]error{"\x02": kv.ErrVersion, "": kv.ErrVersion, "\x01?": kv.ErrVersion, "\x01fsomebody": kv.ErrFilling, "\x01mbbolt:amana.db": kv.ErrMoved} {
		if _, err := shared.Admin().Put(t.Context(), prefix+"\x00\x00v", value); err != nil {
			t.Fatal(err)
		}
		if _, err := etcd.Open(t.Context(), opt); !errors.Is(err, want) {
			t.Errorf("version %q: %v, want %v", value, err, want)
		}
		if err := update(t.Context(), st, kv.ID{}, "put a 2"); !errors.Is(err, want) {
			t.Errorf("an update since it has version %q: %v, want %v", value, err, want)
		}
	}
	if _, err := shared.Admin().Delete(t.Context(), prefix+"\x00\x00v"); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"open": func() error { _, err := etcd.Open(t.Context(), opt); return err }(),
		"put":  update(t.Context(), st, kv.ID{}, "put a 2"),
	} {
		if !errors.Is(err, kv.ErrVersion) {
			t.Errorf("%s, without version: %v", what, err)
		}
	}
	if got := value(t, st, "a"); got != "1" {
		t.Errorf("it holds %s", got)
	}
}

// TestStates: whoever served a database that was moved away writes nothing more into it.
func TestStates(t *testing.T) {
	opt := options(shared, shared.Doors)
	served := fresh(t, opt)
	opt.AnyState = true
	mover := reopen(t, opt)
	moved := kv.State{Kind: kv.Moved, Note: "bbolt:amana.db"}
	if err := mover.SetState(t.Context(), moved, kv.State{}); err == nil {
		t.Error("marked from a state that it does not have")
	}
	if err := mover.SetState(t.Context(), kv.State{}, moved); err != nil {
		t.Fatal(err)
	}
	for _, id := range []kv.ID{{}, {1}} {
		if err := update(t.Context(), served, id, "put a 1"); !errors.Is(err, kv.ErrMoved) || !strings.Contains(err.Error(), moved.Note) {
			t.Errorf("written into what was moved: %v", err)
		}
	}
	if state, err := served.State(t.Context()); state != moved || err != nil {
		t.Errorf("its state is %v, %v", state, err)
	}
	if err := update(t.Context(), mover, kv.ID{}, "put a 1"); err != nil {
		t.Errorf("the mover: %v", err)
	}
}

// TestFillAnew breaks a copy off and begins it anew.
func TestFillAnew(t *testing.T) {
	opt := options(shared, shared.Doors)
	source := fresh(t, options(shared, shared.Doors))
	for i := range 3 {
		if err := update(t.Context(), source, kv.ID{byte(i + 1)}, "put a"+string(rune('0'+i))+" 1"); err != nil {
			t.Fatal(err)
		}
	}
	broken := errors.New("the cable was pulled")
	first := func(fn func(kv.Pair) error) error {
		for _, key := range []string{"left behind", "left behind too"} {
			if err := fn(kv.Pair{Key: []byte(key)}); err != nil {
				return err
			}
		}
		return nil
	}
	if err := etcd.Fill(t.Context(), opt, "first", onlyWalk(func(fn func(kv.Pair) error) error {
		return errors.Join(first(fn), broken)
	})); !errors.Is(err, broken) {
		t.Errorf("a copy that was broken off: %v", err)
	}
	if err := etcd.Fill(t.Context(), opt, "second", onlyWalk(func(fn func(kv.Pair) error) error {
		if err := first(fn); err != nil {
			return err
		}
		// And a third begins while the second goes on.
		return etcd.Fill(t.Context(), opt, "third", source.Walk)
	})); !errors.Is(err, kv.ErrFilling) {
		t.Errorf("a copy that another one overtook: %v", err)
	}
	opt.AnyState = true
	st := reopen(t, opt)
	want, err := kv.Digest(t.Context(), source.Walk)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := kv.Digest(t.Context(), st.Walk); got != want || err != nil || got.Pairs != 3 || got.Settled != 3 {
		t.Errorf("%v, want %v: %v", got, want, err)
	}
	if state, err := st.State(t.Context()); err != nil || state.Note != "third" {
		t.Errorf("%v, %v", state, err)
	}
}

// TestWalkCompacted takes the revision away from under a walk.
func TestWalkCompacted(t *testing.T) {
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	for i := range 4 {
		if err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error {
			for j := range 90 {
				if err := tx.Put([]byte{'k', byte(i), byte(j)}, nil); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	err := st.Walk(t.Context(), func(kv.Pair) error {
		if n++; n == 1 {
			if err := update(t.Context(), st, kv.ID{}, "put other 1"); err != nil {
				return err
			}
			return shared.Compact(t.Context())
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "--auto-compaction-retention") {
		t.Errorf("after %d pairs: %v", n, err)
	}
	// An update whose revision is gone begins again; a view cannot.
	runs := 0
	if err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error {
		if err := do(tx, "get other"); err != nil {
			return err
		}
		if runs++; runs == 1 {
			if err := update(t.Context(), reopen(t, opt), kv.ID{}, "put other 2"); err != nil {
				return err
			}
			if err := shared.Compact(t.Context()); err != nil {
				return err
			}
		}
		return do(tx, "get another", "put out 1")
	}); err != nil || runs != 2 {
		t.Errorf("ran %d times: %v", runs, err)
	}
}

// TestReach says what is wrong with a way to the cluster.
func TestReach(t *testing.T) {
	t.Parallel()
	good := options(shared, shared.Doors)
	good.Attempt, good.Patience = 500*time.Millisecond, 2*time.Second
	if err := etcd.Create(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*etcd.Options)
		want   string
		is     error
	}{
		"no endpoints":        {func(o *etcd.Options) { o.Endpoints = nil }, "no endpoints", nil},
		"in the clear":        {func(o *etcd.Options) { o.Endpoints, o.TLS = []string{"http://192.0.2.1:2379"}, nil }, "in the clear", nil},
		"clear and encrypted": {func(o *etcd.Options) { o.Endpoints = append(o.Endpoints, "http://127.0.0.1:2379") }, "must be https", nil},
		"no authority":        {func(o *etcd.Options) { o.TLS = nil }, "authority", nil},
		"no port":             {func(o *etcd.Options) { o.Endpoints = []string{"https://127.0.0.1"} }, "https://host:port", nil},
		"no scheme":           {func(o *etcd.Options) { o.Endpoints = []string{"127.0.0.1:2379"} }, "write https://", nil},
		"no password":         {func(o *etcd.Options) { o.Password = "" }, "needs a password", nil},
		"a wrong password":    {func(o *etcd.Options) { o.Password = "wrong" }, "does not let us", nil},
		"an unknown user":     {func(o *etcd.Options) { o.User = "nobody" }, "does not let us", nil},
		"no user":             {func(o *etcd.Options) { o.User, o.Password = "", "" }, "does not let us", nil},
		"a mission with a /":  {func(o *etcd.Options) { o.Mission = "a/b" }, "name of the mission", nil},
		"no mission":          {func(o *etcd.Options) { o.Mission = "" }, "name of the mission", nil},
		"nobody there":        {func(o *etcd.Options) { o.Endpoints = []string{"https://127.0.0.1:1"} }, "refused", kv.ErrAway},
		"a foreign authority": {func(o *etcd.Options) { o.TLS = &tls.Config{RootCAs: x509.NewCertPool()} }, "certificate", kv.ErrAway},
		"no certificate": {func(o *etcd.Options) {
			o.TLS = shared.TLS()
			o.TLS.Certificates = nil
		}, "certificate", kv.ErrAway},
	} {
		for try := range 3 { // a machine that has much to do may not come so far in time, and is given four times as long
			opt := good
			opt.Attempt, opt.Patience = good.Attempt<<(2*try), good.Patience<<(2*try)
			c.change(&opt)
			begun := time.Now()
			_, err := etcd.Open(t.Context(), opt)
			if took := time.Since(begun); took > 5*opt.Patience {
				t.Errorf("%s took %v", name, took)
			}
			if err != nil && strings.Contains(err.Error(), c.want) && (c.is == nil || errors.Is(err, c.is)) {
				break
			}
			if err == nil || !errors.Is(err, kv.ErrAway) || try == 2 {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
}

// TestForeignPrefix opens with a user who may do nothing below the prefix of the mission.
func TestForeignPrefix(t *testing.T) {
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	if err := shared.AddUser(t.Context(), "stranger", "strange horse", "amana/elsewhere/"); err != nil {
		t.Fatal(err)
	}
	if err := update(t.Context(), st, kv.ID{1}, "put a 1"); err != nil { // although the users have changed
		t.Error(err)
	}
	opt.User, opt.Password = "stranger", "strange horse"
	if _, err := etcd.Open(t.Context(), opt); err == nil || !strings.Contains(err.Error(), "does not let us") {
		t.Errorf("a stranger opened it: %v", err)
	}
	opt.Mission = "elsewhere"
	if err := update(t.Context(), fresh(t, opt), kv.ID{1}, "put a 1"); err != nil {
		t.Errorf("at home: %v", err)
	}
}

func onlyWalk(walk func(func(kv.Pair) error) error) kv.Walk {
	return func(_ context.Context, fn func(kv.Pair) error) error { return walk(fn) }
}
