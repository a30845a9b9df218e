package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"amana/bot/seal"
)

// machine is a key directory and a runtime directory.
type machine struct {
	t         *testing.T
	keys, run string
	house     *seal.House
	roots     *seal.Roots
}

func (m *machine) open(now time.Time) *machine {
	m.t.Helper()
	var err error
	if m.house, err = seal.OpenHouse(m.keys, rand.Reader); err != nil {
		m.t.Fatal(err)
	}
	if m.roots, err = seal.OpenRoots(m.run, now, rand.Reader); err != nil {
		m.t.Fatal(err)
	}
	return m
}

// newMachine gives folders in which nothing lies yet.
func newMachine(t *testing.T) *machine {
	dir := t.TempDir()
	return &machine{t: t, keys: filepath.Join(dir, "keys"), run: filepath.Join(dir, "run")}
}

func firstMachine(t *testing.T, now time.Time) *machine {
	t.Helper()
	m := newMachine(t)
	if _, err := seal.CreateHouse(m.keys, now, rand.Reader); err != nil {
		t.Fatal(err)
	}
	return m.open(now)
}

func (m *machine) shares(to seal.For) *bytes.Buffer {
	m.t.Helper()
	var out bytes.Buffer
	if err := m.house.Share(&out, m.roots, to); err != nil {
		m.t.Fatal(err)
	}
	return &out
}

var shared = time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC)

// Two machines with shared roots, whose clocks lie two minutes apart and who step at other moments, arrive at the same ones,
// and open what the other has sealed all the while.
func TestMachinesStepAlike(t *testing.T) {
	id, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a, b := firstMachine(t, shared), newMachine(t)
	joined, err := seal.Join(a.shares(seal.For{Recipient: id.Public()}), b.keys, b.run, shared, seal.For{Identities: []seal.Identity{id}})
	if err != nil || !joined.Roots || len(joined.Keys) != len(a.house.Living()) {
		t.Fatalf("%+v, %v", joined, err)
	}
	b.open(shared)
	if !slices.Equal(a.house.Living(), b.house.Living()) || a.house.ID() != b.house.ID() {
		t.Error("the keys are others")
	}
	for _, dir := range []string{b.keys, b.run} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", dir, info.Mode(), err)
		}
	}
	const apart = 2 * time.Minute
	for at := shared; at.Before(shared.Add(50 * time.Hour)); at = at.Add(7 * time.Minute) {
		for n, m := range []*machine{a, b} {
			if at.Minute()%3 == n { // not every time, and not together
				continue
			}
			if _, err := m.roots.Next(at.Add(time.Duration(n) * apart)); err != nil {
				t.Fatal(err)
			}
			if err := m.roots.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		for _, pair := range [][2]*machine{{a, b}, {b, a}} {
			value, err := pair[0].roots.SealDraft([]byte("k"), []byte("v"))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := pair[1].roots.OpenDraft([]byte("k"), value); err != nil || string(plain) != "v" {
				t.Fatalf("at %v: what one machine sealed is lost on the other: %v", at, err)
			}
		}
	}
	for _, m := range []*machine{a, b} {
		if _, err := m.roots.Next(shared.Add(60 * time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(a.roots.Names(), b.roots.Names()) || !a.roots.Fits(b.roots.Names()) {
		t.Errorf("%v and %v", a.roots.Names(), b.roots.Names())
	}
	pa, _ := a.roots.Person("telegram", "7", "70000001")
	if pb, _ := b.roots.Person("telegram", "7", "70000001"); pa != pb {
		t.Error("one person has two names")
	}
}

// Joining again brings what is missing alone; what was forgotten on one machine is forgotten on the other.
func TestJoinAgain(t *testing.T) {
	words := seal.For{Passphrase: "six words that nobody could guess"}
	a, b := firstMachine(t, shared), newMachine(t)
	first := a.shares(words)
	if _, err := seal.Join(first, b.keys, b.run, shared, words); err != nil {
		t.Fatal(err)
	}
	b.open(shared)
	made, err := a.house.EnsureMonths(shared, 6)
	if err != nil || len(made) != 6 {
		t.Fatalf("%v, %v", made, err)
	}
	gone := seal.MonthID(shared, seal.Feedback)
	if err := a.house.Forget(gone); err != nil {
		t.Fatal(err)
	}
	if _, err := a.roots.Next(shared.Add(5 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	joined, err := seal.Join(a.shares(words), b.keys, b.run, shared.Add(5*time.Hour), words)
	slices.Sort(made)
	if err != nil || joined.Roots || !slices.Equal(joined.Keys, made) {
		t.Fatalf("%+v, %v, want %v", joined, err, made)
	}
	if taken, err := b.house.TakeIn(); err != nil || len(taken) != len(made) {
		t.Errorf("a process that serves takes in %v, %v", taken, err)
	}
	b.open(shared.Add(5 * time.Hour))
	if !slices.Equal(a.house.Living(), b.house.Living()) || !slices.Equal(b.house.Forgotten(), []seal.KeyID{gone}) {
		t.Errorf("%v and %v, forgotten %v", a.house.Living(), b.house.Living(), b.house.Forgotten())
	}
	if _, err := os.Lstat(filepath.Join(b.keys, string(gone))); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file of a forgotten key lies there")
	}
}

// What is joined while a process serves stays, whatever that process writes before it looks.
func TestJoinWhileItServes(t *testing.T) {
	id, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	to, with := seal.For{Recipient: id.Public()}, seal.For{Identities: []seal.Identity{id}}
	a, b := firstMachine(t, shared), newMachine(t)
	if _, err := seal.Join(a.shares(to), b.keys, b.run, shared, with); err != nil {
		t.Fatal(err)
	}
	b.open(shared) // and serves
	made, err := a.house.EnsureMonths(shared, 12)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Join(a.shares(to), b.keys, b.run, shared, with); err != nil {
		t.Fatal(err)
	}
	gone := seal.MonthID(shared, seal.Feedback)
	if err := b.house.Forget(gone); err != nil {
		t.Fatal(err)
	}
	ledger, err := os.ReadFile(filepath.Join(b.keys, "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range made {
		if _, err := b.house.Print(id); err != nil || !bytes.Contains(ledger, []byte(id)) {
			t.Errorf("%s was joined and is lost: %v", id, err)
		}
	}
	if _, err := b.house.TakeIn(); err != nil || slices.Contains(b.house.Living(), gone) {
		t.Errorf("what was forgotten is taken in: %v", err)
	}
}

// Nothing is written over what differs, and nothing at all is changed then.
func TestJoinRefuses(t *testing.T) {
	id, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	to, with := seal.For{Recipient: id.Public()}, seal.For{Identities: []seal.Identity{id}}
	a := firstMachine(t, shared)
	joins := func(m *machine, data []byte, with seal.For) error {
		before := listing(t, m)
		_, err := seal.Join(bytes.NewReader(data), m.keys, m.run, shared, with)
		if after := listing(t, m); err != nil && !slices.Equal(before, after) {
			t.Errorf("%v changed what is there: %v, before %v", err, after, before)
		}
		return err
	}
	good := a.shares(to).Bytes()
	stranger := firstMachine(t, shared)
	if err := joins(stranger, good, with); !errors.Is(err, seal.ErrDiffers) {
		t.Errorf("another mission: %v", err)
	}
	sameKeys := newMachine(t)
	if err := joins(sameKeys, good, with); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"draft", "daily", "pseudonym"} {
		if err := os.Remove(filepath.Join(sameKeys.run, name)); err != nil {
			t.Fatal(err)
		}
	}
	sameKeys.open(shared)
	if err := joins(sameKeys, good, with); !errors.Is(err, seal.ErrDiffers) {
		t.Errorf("roots that were made here alone: %v", err)
	}
	fresh := newMachine(t)
	if err := joins(fresh, good, seal.For{Identities: []seal.Identity{other}}); !errors.Is(err, seal.ErrNotForYou) {
		t.Errorf("somebody else's identity: %v", err)
	}
	for _, cut := range []int{0, 10, len(good) / 2, len(good) - 1} {
		if err := joins(fresh, good[:cut], with); err == nil {
			t.Errorf("%d bytes of it were taken in", cut)
		}
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	if err := joins(fresh, flipped, with); err == nil {
		t.Error("a changed byte was taken in")
	}
	var backup bytes.Buffer
	if _, err := a.house.Backup(&backup, []string{id.Public()}); err != nil {
		t.Fatal(err)
	}
	if err := joins(fresh, backup.Bytes(), with); !errors.Is(err, seal.ErrMalformed) {
		t.Errorf("a key backup, which has no roots: %v", err)
	}
}

// listing names what lies on a machine, with its bytes.
func listing(t *testing.T, m *machine) (out []string) {
	t.Helper()
	for _, dir := range []string{m.keys, m.run} {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, e.Name()+string(data))
		}
	}
	return out
}
