package kvtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"amana/bot/kv"
)

// Engine is what the suite tests.
type Engine interface {
	kv.Store
	kv.Settler
}

// Open gives an empty engine with a clock of the test, and sees to it that it is closed at the end.
type Open func(t *testing.T, now func() time.Time) Engine

// Run holds an engine to the contract of package kv.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		test func(*testing.T, Open)
	}{
		{"Values", testValues},
		{"Copies", testCopies},
		{"Scan", testScan},
		{"ScanOwnWrites", testScanOwnWrites},
		{"Limits", testLimits},
		{"LimitsStick", testLimitsStick},
		{"Reserved", testReserved},
		{"FailingClosure", testFailingClosure},
		{"PanickingClosure", testPanickingClosure},
		{"Context", testContext},
		{"KeptTx", testKeptTx},
		{"Counter", testCounter},
		{"Snapshot", testSnapshot},
		{"Skew", testSkew},
		{"Newcomers", testNewcomers},
		{"Queue", testQueue},
		{"Capacity", testCapacity},
		{"OnDuty", testOnDuty},
		{"Company", testCompany},
		{"Settled", testSettled},
		{"SettledOnce", testSettledOnce},
		{"Forget", testForget},
		{"Closed", testClosed},
	} {
		t.Run(test.name, func(t *testing.T) { test.test(t, open) })
	}
}

// simple wraps an engine for tests that want one thing at a time.
type simple struct {
	t *testing.T
	Engine
}

func begin(t *testing.T, open Open) simple {
	return simple{t, open(t, time.Now)}
}

func (s simple) update(fn func(tx kv.Tx) error) {
	s.t.Helper()
	if err := s.Update(s.t.Context(), kv.ID{}, fn); err != nil {
		s.t.Fatalf("update: %v", err)
	}
}

func (s simple) put(key, value string) {
	s.t.Helper()
	s.update(func(tx kv.Tx) error { return tx.Put([]byte(key), []byte(value)) })
}

func (s simple) get(key string) (string, bool) {
	s.t.Helper()
	var value []byte
	var found bool
	err := s.View(s.t.Context(), func(r kv.Reader) (err error) {
		value, found, err = r.Get([]byte(key))
		return err
	})
	if err != nil {
		s.t.Fatalf("view: %v", err)
	}
	return string(value), found
}

func (s simple) absent(keys ...string) {
	s.t.Helper()
	for _, key := range keys {
		if v, found := s.get(key); found {
			s.t.Errorf("%q holds %q and should not be there", key, v)
		}
	}
}

func (s simple) wantError(what string, want error, fn func(tx kv.Tx) error) {
	s.t.Helper()
	if err := s.Update(context.Background(), kv.ID{}, fn); !errors.Is(err, want) {
		s.t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

// flat writes pairs as one line, to compare and to read.
func flat(pairs []kv.Pair) string {
	line := ""
	for _, p := range pairs {
		line += string(p.Key) + "=" + string(p.Value) + " "
	}
	return line
}
