package voice_test

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

	"amana/bot/seal"
	"amana/bot/voice"
)

var noon = time.Date(2026, 11, 23, 12, 34, 56, 0, time.UTC)

// sound is a voice message that a byte search finds again.
func sound(n int) []byte {
	return append([]byte("OggS"), bytes.Repeat([]byte("zqspokenmark"), n/12)...)
}

type shelf struct {
	*voice.Shelf
	t    *testing.T
	dir  string
	now  time.Time
	free int64
}

func open(t *testing.T, dir string) *shelf {
	t.Helper()
	s := &shelf{t: t, dir: dir, now: noon, free: 1 << 40}
	var err error
	s.Shelf, err = voice.Open(voice.Options{
		Dir: dir, Rand: rand.Reader, Now: func() time.Time { return s.now }, Reserve: 1 << 20, Free: func(string) (int64, error) { return s.free, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// beside opens a shelf as one of several processes, with a clock of its own.
func beside(t *testing.T, dir string) *shelf {
	t.Helper()
	s := &shelf{t: t, dir: dir, now: noon, free: 1 << 40}
	var err error
	s.Shelf, err = voice.Open(voice.Options{
		Dir: dir, Rand: rand.Reader, Now: func() time.Time { return s.now }, Reserve: 1, Free: func(string) (int64, error) { return s.free, nil }, Beside: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shelf) keep(b []byte) string {
	s.t.Helper()
	name, err := s.Keep(s.t.Context(), b)
	if err != nil {
		s.t.Fatal(err)
	}
	return name
}

// put seals a sound and writes it.
func (s *shelf) put(id byte) voice.ID {
	s.t.Helper()
	reader, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := seal.Voice(sound(5000), []string{reader.Public()}, rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.Put(voice.ID{id}, v.File); err != nil {
		s.t.Fatal(err)
	}
	return voice.ID{id}
}

// files are all that lie on the shelf.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDraftsAreLockedUnderTheirNames(t *testing.T) {
	s := open(t, t.TempDir())
	spoken := sound(200_000)
	name := s.keep(spoken)
	if got, err := s.Take(name); err != nil || !bytes.Equal(got, spoken) || !s.Has(name) {
		t.Fatalf("it gives %d bytes: %v", len(got), err)
	}
	s.put(1)
	for _, path := range files(t, s.dir) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("zqspoken")) || strings.Contains(path, name) || bytes.Contains(data, []byte(name)) {
			t.Errorf("%s holds the sound or its name", filepath.Base(path))
		}
		if info.Mode().Perm() != 0o600 || !info.ModTime().Equal(noon.Truncate(24*time.Hour)) {
			t.Errorf("a file has mode %v and says %v", info.Mode(), info.ModTime())
		}
	}
	s.Forget(name, "nonsense", "../../etc")
	if _, err := s.Take(name); !errors.Is(err, voice.ErrGone) || s.Has(name) {
		t.Errorf("after it was erased: %v", err)
	}
}

func TestDamagedDraftIsGone(t *testing.T) {
	s := open(t, t.TempDir())
	name := s.keep(sound(100))
	path := files(t, s.dir)[0]
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(name); !errors.Is(err, voice.ErrGone) {
		t.Errorf("damaged: %v", err)
	}
	if err := os.WriteFile(path, data[:100], 0o600); err != nil {
		t.Fatal(err)
	}
	if s.Has(name) {
		t.Error("a file of another length is taken for one")
	}
}

func TestSealedIsReadAsItWasWritten(t *testing.T) {
	s := open(t, t.TempDir())
	id := s.put(7)
	file, err := s.Read(id)
	if err != nil || seal.CheckVoice(file) != nil || !s.Whole(id) {
		t.Fatalf("reads %d bytes: %v", len(file), err)
	}
	if _, err := s.Read(voice.ID{8}); !errors.Is(err, voice.ErrGone) || s.Whole(voice.ID{8}) {
		t.Errorf("what is not there: %v", err)
	}
	if err := s.Put(voice.ID{9}, []byte("no voice")); err == nil {
		t.Error("anything is taken for a sealed voice message")
	}
	if ids, err := s.Sealed(); err != nil || !slices.Equal(ids, []voice.ID{id}) {
		t.Errorf("lists %v, %v", ids, err)
	}
}

func TestSweepDrafts(t *testing.T) {
	s := open(t, t.TempDir())
	named, nobodys := s.keep(sound(10)), s.keep(sound(10))
	live := func() ([]string, error) { return []string{named, "not a name"}, nil }
	none := func(voice.ID) (bool, error) { return false, nil }
	if n, err := s.Sweep(live, none); n != 0 || err != nil {
		t.Errorf("%d went while a draft may still be written: %v", n, err)
	}
	s.now = s.now.Add(11 * time.Minute)
	if _, err := s.Sweep(func() ([]string, error) { return nil, errors.New("cannot tell") }, none); err == nil || !s.Has(nobodys) {
		t.Error("what nobody could tell of went")
	}
	if n, err := s.Sweep(live, none); n != 1 || err != nil || s.Has(nobodys) || !s.Has(named) {
		t.Errorf("%d went: %v", n, err)
	}
	// After a stop nothing is young: what a crash left goes at once.
	left := s.keep(sound(10))
	s = open(t, s.dir)
	if n, err := s.Sweep(live, none); n != 1 || err != nil || s.Has(left) || !s.Has(named) {
		t.Errorf("%d went after a start: %v", n, err)
	}
}

func TestSweepSealed(t *testing.T) {
	s := open(t, t.TempDir())
	flies, filed, orphan, dropped := s.put(1), s.put(2), s.put(3), s.put(4)
	s.Settle(false, filed, orphan)
	s.Settle(true, dropped)
	if s.Whole(dropped) {
		t.Error("what was never filed is still there")
	}
	none := func() ([]string, error) { return nil, nil }
	if _, err := s.Sweep(none, func(voice.ID) (bool, error) { return false, errors.New("cannot tell") }); err == nil || !s.Whole(orphan) {
		t.Error("what nobody could tell of went")
	}
	n, err := s.Sweep(none, func(id voice.ID) (bool, error) { return id == filed, nil })
	if n != 1 || err != nil || !s.Whole(flies) || !s.Whole(filed) || s.Whole(orphan) {
		t.Errorf("%d went: %v", n, err)
	}
	s = open(t, s.dir)
	if n, err := s.Sweep(none, func(id voice.ID) (bool, error) { return id == filed, nil }); n != 1 || err != nil || s.Whole(flies) {
		t.Errorf("%d went after a start: %v", n, err)
	}
}

func TestDiskThatIsFull(t *testing.T) {
	s := open(t, t.TempDir())
	s.free = 1 << 20
	if _, err := s.Keep(t.Context(), sound(10)); !errors.Is(err, voice.ErrFull) {
		t.Errorf("a draft: %v", err)
	}
	s.free = 1 << 19
	if err := s.Put(voice.ID{1}, sealed(t)); !errors.Is(err, voice.ErrFull) {
		t.Errorf("a sealed one: %v", err)
	}
	if all := files(t, s.dir); len(all) != 0 {
		t.Errorf("something was left: %v", all)
	}
}

// What somebody was told is kept can be sent, also where no more is taken.
func TestWhatWasTakenIsSentFromADiskThatIsNearlyFull(t *testing.T) {
	s := open(t, t.TempDir())
	s.keep(sound(10))
	s.free = 1 << 20
	if err := s.Put(voice.ID{1}, sealed(t)); err != nil || !s.Whole(voice.ID{1}) {
		t.Errorf("a sealed one: %v", err)
	}
}

func sealed(t *testing.T) []byte {
	t.Helper()
	reader, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	v, err := seal.Voice(sound(10), []string{reader.Public()}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return v.File
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	s := open(t, t.TempDir())
	for _, d := range []string{"drafts", "sealed"} {
		dir := filepath.Join(s.dir, d)
		if err := os.Remove(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir, nil, 0o600); err != nil { // in the way, for root too
			t.Fatal(err)
		}
	}
	_, err := s.Keep(t.Context(), sound(10))
	err2 := s.Put(voice.ID{1}, sealed(t))
	for _, err := range []error{err, err2} {
		if err == nil || strings.Contains(err.Error(), s.dir) {
			t.Errorf("says %v", err)
		}
	}
}

func TestWhatACrashLeftHalfWrittenGoes(t *testing.T) {
	s := open(t, t.TempDir())
	for _, d := range []string{"drafts", "sealed"} {
		if err := os.WriteFile(filepath.Join(s.dir, d, ".new-123"), sound(10), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := voice.Open(voice.Options{Dir: s.dir, Beside: true}); err != nil || len(files(t, s.dir)) != 2 {
		t.Errorf("a second process takes away what the first may be writing: %v", err)
	}
	open(t, s.dir)
	if all := files(t, s.dir); len(all) != 0 {
		t.Errorf("still there: %v", all)
	}
}

// What one process has written, and not yet put on record, is nobody else's to sweep; what stays without a record goes.
func TestSweepBesideOthers(t *testing.T) {
	dir := t.TempDir()
	keeper, other := beside(t, dir), beside(t, dir)
	draft, lone := other.keep(sound(10)), other.keep(sound(10))
	late, filed, orphan := other.put(1), other.put(2), other.put(3)
	half := filepath.Join(dir, "sealed", ".new-123")
	if err := os.WriteFile(half, sound(10), 0o600); err != nil {
		t.Fatal(err)
	}
	named, known := []string{}, map[voice.ID]bool{filed: true}
	sweeps := func(after time.Duration) int {
		t.Helper()
		keeper.now = keeper.now.Add(after)
		n, err := keeper.Sweep(func() ([]string, error) { return named, nil }, func(id voice.ID) (bool, error) { return known[id], nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 10 { // a commit may take that long
		if n := sweeps(time.Minute); n != 0 || !keeper.Whole(late) || !keeper.Has(draft) {
			t.Fatalf("%d went that another process had written and not yet put on record", n)
		}
	}
	named, known[late] = append(named, draft), true
	if n := sweeps(2 * time.Minute); n != 2 || keeper.Whole(orphan) || keeper.Has(lone) {
		t.Errorf("%d went of what nobody put on record", n)
	}
	if _, err := os.Stat(half); err == nil || !keeper.Whole(late) || !keeper.Has(draft) || !keeper.Whole(filed) {
		t.Errorf("what was half written is still there, or what has its record is not: %v", err)
	}
	known[late] = false // forgotten, or withdrawn
	if n := sweeps(0); n != 1 || keeper.Whole(late) {
		t.Errorf("%d went of what was forgotten", n)
	}
	named = nil
	if n := sweeps(time.Minute); n != 0 {
		t.Errorf("%d drafts went at the first sweep that finds them unnamed", n)
	}
	keeper.now = keeper.now.Add(-time.Hour) // a clock that was set back tells nothing of how long
	if n := sweeps(0); n != 0 || sweeps(11*time.Minute) != 1 || keeper.Has(draft) {
		t.Errorf("after the clock was set back: %d", n)
	}
}
