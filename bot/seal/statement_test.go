package seal_test

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"amana/bot/seal"
)

// Statements are verified with the key of their own house alone, and no bit of them can be changed. The key comes back with
// the key directory.
func TestStatements(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	dir := filepath.Join(t.TempDir(), "keys")
	house, err := seal.CreateHouse(dir, at, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.CreateHouse(filepath.Join(t.TempDir(), "keys"), at, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("forgotten: 2026-11-report\n")
	signature := house.SignStatement(text)
	again, err := seal.OpenHouse(dir, rand.Reader)
	if err != nil || again.StatementKey() != house.StatementKey() {
		t.Fatalf("another key after a start: %v", err)
	}
	if err := seal.VerifyStatement(again.StatementKey(), text, signature); err != nil {
		t.Error(err)
	}
	if err := seal.VerifyStatement(other.StatementKey(), text, signature); !errors.Is(err, seal.ErrSignature) {
		t.Errorf("under another house: %v", err)
	}
	for i := range text {
		changed := slices.Clone(text)
		changed[i] ^= 1
		if err := seal.VerifyStatement(house.StatementKey(), changed, signature); !errors.Is(err, seal.ErrSignature) {
			t.Errorf("changed at %d: %v", i, err)
		}
	}
	for _, key := range []string{"", "amana-house1", "age1xyz", house.StatementKey() + "q"} {
		if err := seal.VerifyStatement(key, text, signature); !errors.Is(err, seal.ErrBadKey) {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

// What stands under a retired month still opens, and nothing more is sealed under it; what is forgotten stands in the ledger.
func TestRetire(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	house, err := seal.CreateHouse(filepath.Join(t.TempDir(), "keys"), at, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	month := seal.MonthID(at, seal.Reports)
	value, err := house.Seal(month, []byte("k"), []byte("v"))
	if err != nil {
		t.Fatal(err)
	}
	if under, is := seal.KeyOf(value); !is || under != month {
		t.Errorf("it stands under %q", under)
	}
	if _, is := seal.KeyOf(value[:3]); is {
		t.Error("what is cut off stands under a key")
	}
	house.Retire(month)
	if _, err := house.Seal(month, []byte("k"), []byte("v")); !errors.Is(err, seal.ErrForgotten) {
		t.Errorf("sealed under a retired month: %v", err)
	}
	if plain, _, err := house.Open([]byte("k"), value); err != nil || string(plain) != "v" {
		t.Errorf("opened: %v", err)
	}
	house.Reinstate(month)
	if _, err := house.Seal(month, []byte("k"), []byte("v")); err != nil {
		t.Error(err)
	}
	if err := house.Forget(month); err != nil {
		t.Fatal(err)
	}
	if got := house.Forgotten(); !slices.Equal(got, []seal.KeyID{month}) {
		t.Errorf("forgotten: %v", got)
	}
}
