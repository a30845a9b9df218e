//go:build etcd

package etcd_test

import (
	"context"
	"errors"
	"testing"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
)

// TestStray opens a database that was made in another cluster than the one that answers, as after a snapshot was restored: only
// to copy it, or to move it.
func TestStray(t *testing.T) {
	opt := options(shared, shared.Doors)
	fresh(t, opt)
	prefix, err := etcd.Prefix(opt.Mission)
	if err != nil {
		t.Fatal(err)
	}
	home := prefix + "\x00\x00h"
	was, err := shared.Admin().Get(t.Context(), home)
	if err != nil || len(was.Kvs) != 1 {
		t.Fatalf("it does not say where it was made: %v, %v", was, err)
	}
	if _, err := shared.Admin().Put(t.Context(), home, "0123456789abcdef"); err != nil {
		t.Fatal(err)
	}
	if _, err := etcd.Open(t.Context(), opt); !errors.Is(err, kv.ErrStray) {
		t.Errorf("opened as it is: %v", err)
	}
	for _, set := range []func(*etcd.Options){func(o *etcd.Options) { o.Stray = true }, func(o *etcd.Options) { o.AnyState = true }} {
		to := opt
		set(&to)
		st := reopen(t, to)
		if err := st.Walk(t.Context(), func(kv.Pair) error { return nil }); err != nil {
			t.Error(err)
		}
	}
	// A copy that was begun there is at home where it comes to its end.
	half := kv.State{Kind: kv.Filling, Note: "half"}
	to := opt
	to.AnyState = true
	if err := reopen(t, to).SetState(t.Context(), kv.State{}, half); err != nil {
		t.Fatal(err)
	}
	if err := etcd.Fill(t.Context(), opt, "whole", func(context.Context, func(kv.Pair) error) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := reopen(t, to).SetState(t.Context(), kv.State{Kind: kv.Filling, Note: "whole"}, kv.State{}); err != nil {
		t.Fatal(err)
	}
	reopen(t, opt)
}
