package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHouseBeginsWithFourMonths(t *testing.T) {
	h := newHouse(t)
	want := []KeyID{
		"2026-11-feedback", "2026-11-report", "2026-12-feedback", "2026-12-report",
		"2027-01-feedback", "2027-01-report", "2027-02-feedback", "2027-02-report", "standing-1",
	}
	if d := cmp.Diff(want, h.Living()); d != "" {
		t.Error(d)
	}
	again := must(OpenHouse(h.dir, rand.Reader))
	if d := cmp.Diff(want, again.Living()); d != "" {
		t.Error(d)
	}
	if h.ID() != again.ID() || h.ID() == newHouse(t).ID() {
		t.Error("the installation's id is not its own")
	}
	_, err := CreateHouse(h.dir, november, rand.Reader)
	wantErr(t, err, fs.ErrExist)
}

func TestEnsureMakesWhatIsMissingOnce(t *testing.T) {
	h := newHouse(t)
	if made := must(h.Ensure(november)); len(made) != 0 {
		t.Errorf("made %v a second time", made)
	}
	// The last evening of January in New York is February in UTC.
	newYork := time.FixedZone("", -5*3600)
	made := must(h.Ensure(time.Date(2027, 1, 31, 20, 0, 0, 0, newYork)))
	want := []KeyID{"2027-03-report", "2027-03-feedback", "2027-04-report", "2027-04-feedback", "2027-05-report", "2027-05-feedback"}
	if d := cmp.Diff(want, made); d != "" {
		t.Error(d)
	}
	if _, err := h.Ensure(time.Unix(0, 0)); err == nil {
		t.Error("made keys for 1970")
	}
}

func TestHouseOpensOnlyInPlace(t *testing.T) {
	h := newHouse(t)
	place, plain := []byte("report/1"), []byte("outer facts")
	for _, id := range h.Living() {
		value := must(h.Seal(id, place, plain))
		if len(value) != len(plain)+Overhead || bytes.Contains(value, plain) {
			t.Errorf("%s: value of %d bytes", id, len(value))
		}
		got, under, err := h.Open(place, value)
		if err != nil || under != id || !bytes.Equal(got, plain) {
			t.Errorf("%s: %q under %s, %v", id, got, under, err)
		}
		_, _, err = h.Open([]byte("report/2"), value)
		wantErr(t, err, ErrTampered)
	}
	if bytes.Equal(must(h.Seal("standing-1", place, plain)), must(h.Seal("standing-1", place, plain))) {
		t.Error("two sealings are alike")
	}
	_, _, err := newHouse(t).Open(place, must(h.Seal("standing-1", place, plain)))
	wantErr(t, err, ErrTampered)
}

func TestHouseNoticesEveryByte(t *testing.T) {
	h := newHouse(t)
	value := must(h.Seal("2026-11-report", []byte("k"), []byte("plain")))
	everyByte(value, len(value), 1, func(at int, changed []byte) {
		if got, _, err := h.Open([]byte("k"), changed); err == nil || got != nil {
			t.Errorf("byte %d changed unnoticed", at)
		}
	})
	for n := range len(value) {
		if _, _, err := h.Open([]byte("k"), value[:n]); err == nil {
			t.Errorf("cut to %d bytes unnoticed", n)
		}
	}
}

func TestForgottenStaysForgotten(t *testing.T) {
	h := newHouse(t)
	id := KeyID("2026-11-report")
	value := must(h.Seal(id, []byte("k"), []byte("plain")))
	other := must(h.Seal("2026-11-feedback", []byte("k"), []byte("plain")))
	path := filepath.Join(h.dir, string(id))
	copied := readFile(t, path)
	if err := h.Forget(id); err != nil {
		t.Fatal(err)
	}
	wantErr(t, h.Forget(id), ErrForgotten)

	if err := os.WriteFile(path, copied, 0o600); err != nil { // somebody puts the file back
		t.Fatal(err)
	}
	for _, h := range []*House{h, must(OpenHouse(h.dir, rand.Reader))} {
		_, _, err := h.Open([]byte("k"), value)
		wantErr(t, err, ErrForgotten)
		_, err = h.Seal(id, []byte("k"), nil)
		wantErr(t, err, ErrForgotten)
		_, err = h.Pepper(id)
		wantErr(t, err, ErrForgotten)
		_, err = h.MonthMAC(id, "code")
		wantErr(t, err, ErrForgotten)
		if _, _, err := h.Open([]byte("k"), other); err != nil {
			t.Errorf("another class was forgotten too: %v", err)
		}
		if _, err := h.Ensure(november); err == nil {
			t.Error("a forgotten month was made again")
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the key that was put back still lies there")
	}
}

// Two processes share a key directory; what one forgets, the other does not bring back.
func TestForgettingBesideAnotherProcess(t *testing.T) {
	a := newHouse(t)
	b := must(OpenHouse(a.dir, rand.Reader))
	if err := a.Forget("2026-11-report"); err != nil {
		t.Fatal(err)
	}
	must(b.Ensure(november.AddDate(0, 2, 0)))
	must(a.Ensure(november.AddDate(0, 2, 0)))
	c := must(OpenHouse(a.dir, rand.Reader))
	if slices.Contains(c.Living(), "2026-11-report") || slices.Contains(b.Living(), "2026-11-report") {
		t.Error("the month came back")
	}
	for _, id := range c.Living() {
		if _, _, err := a.Open(nil, must(b.Seal(id, nil, nil))); err != nil {
			t.Errorf("%s is another key in the other process: %v", id, err)
		}
	}
}

func TestStandingRotates(t *testing.T) {
	h := newHouse(t)
	old := must(h.Seal(h.Standing(), nil, []byte("roster")))
	if id := must(h.RotateStanding()); id != "standing-2" || h.Standing() != id {
		t.Errorf("rotated to %s, standing is %s", id, h.Standing())
	}
	h = must(OpenHouse(h.dir, rand.Reader))
	if _, under, err := h.Open(nil, old); err != nil || under != "standing-1" {
		t.Errorf("under %s: %v", under, err)
	}
	if h.Forget("standing-2") == nil {
		t.Error("forgot the standing key in use")
	}
	if err := h.Forget("standing-1"); err != nil {
		t.Fatal(err)
	}
	_, _, err := h.Open(nil, old)
	wantErr(t, err, ErrForgotten)
}

func TestIndexNames(t *testing.T) {
	h := newHouse(t)
	seen := map[[16]byte]string{}
	add := func(what string, m [16]byte) {
		if before, ok := seen[m]; ok {
			t.Errorf("%s and %s have one name", what, before)
		}
		seen[m] = what
	}
	add("ab", h.MAC("code", []byte("ab")))
	add("a,b", h.MAC("code", []byte("a"), []byte("b")))
	add("none", h.MAC("code"))
	add("other label", h.MAC("reader", []byte("ab")))
	for _, id := range h.Living() {
		add(string(id), must(h.MonthMAC(id, "code", []byte("ab"))))
	}
	if h.MAC("code", []byte("ab")) != must(OpenHouse(h.dir, nil)).MAC("code", []byte("ab")) {
		t.Error("a name changed with the start")
	}
}

func TestKeyIDs(t *testing.T) {
	for _, s := range []string{"2026-11-report", "2026-01-feedback", "9999-12-report", "standing-1", "standing-16777215"} {
		id, err := ParseKeyID(s)
		head, ok := id.head()
		if err != nil || !ok {
			t.Errorf("%s: %v", s, err)
		}
		if back, ok := readHead(head[:]); back != id || !ok {
			t.Errorf("%s came back as %s", s, back)
		}
	}
	for _, s := range []string{"", "report", "2026-13-report", "2026-1-report", "2019-01-report", "2026-11-other", "2026-11-", "standing-0",
		"standing-01", "standing--1", "standing-16777216", "2026-11-report/../x", "+026-11-report", "../installation", strings.Repeat("9", 400)} {
		if _, err := ParseKeyID(s); err == nil {
			t.Errorf("%q is no key id", s)
		}
	}
}

func TestCoordinatorIsPinnedOnce(t *testing.T) {
	h := newHouse(t)
	if _, ok := h.Coordinator(); ok {
		t.Error("a coordinator from nowhere")
	}
	one, two := must(NewCoordinatorKey(rand.Reader)), must(NewCoordinatorKey(rand.Reader))
	for range 2 {
		if err := h.PinCoordinator(" " + one.Public() + "\n"); err != nil {
			t.Fatal(err)
		}
	}
	h = must(OpenHouse(h.dir, rand.Reader))
	if public, ok := h.Coordinator(); !ok || public != one.Public() {
		t.Errorf("pinned %q", public)
	}
	wantErr(t, h.PinCoordinator(two.Public()), fs.ErrExist)
	err := h.PinCoordinator(two.Reveal())
	wantErr(t, err, ErrBadKey)
	if strings.Contains(err.Error(), two.Reveal()) {
		t.Error("the error shows a secret key")
	}
}
