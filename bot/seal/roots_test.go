package seal

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func newRoots(t *testing.T, now time.Time) *Roots {
	t.Helper()
	r, err := OpenRoots(filepath.Join(t.TempDir(), "run"), now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func step(t *testing.T, r *Roots, now time.Time) {
	t.Helper()
	must(r.Next(now))
	if err := r.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestDraftDiesWithItsRoot(t *testing.T) {
	r := newRoots(t, november)
	place := []byte("draft/1")
	value := must(r.SealDraft(place, []byte("words")))
	if len(value) != len("words")+RootOverhead || bytes.Contains(value, []byte("words")) {
		t.Error("not sealed")
	}
	step(t, r, november.Add(time.Hour))
	if got, err := r.OpenDraft(place, value); err != nil || string(got) != "words" {
		t.Errorf("an hour later: %q, %v", got, err)
	}
	step(t, r, november.Add(2*time.Hour))
	_, err := r.OpenDraft(place, value)
	wantErr(t, err, ErrForgotten)
	// Nor does the directory give it back.
	_, err = must(OpenRoots(r.dir, november.Add(2*time.Hour), rand.Reader)).OpenDraft(place, value)
	wantErr(t, err, ErrForgotten)
}

func TestDailyLivesThreeDays(t *testing.T) {
	r := newRoots(t, november)
	value := must(r.SealDaily(nil, []byte("id")))
	for day := 1; day < 3; day++ {
		step(t, r, november.AddDate(0, 0, day))
		if _, err := r.OpenDaily(nil, value); err != nil {
			t.Errorf("day %d: %v", day, err)
		}
	}
	step(t, r, november.AddDate(0, 0, 3))
	_, err := r.OpenDaily(nil, value)
	wantErr(t, err, ErrForgotten)
}

func TestPseudonymsOfTwoMonths(t *testing.T) {
	r := newRoots(t, november)
	a, none := r.Person("telegram", "7", "42")
	am, _ := r.Mark("telegram", "7", 42)
	if none != [16]byte{} {
		t.Error("a root before the first")
	}
	for what, other := range map[string][16]byte{
		"chat": first(r.Person("telegram", "7", "43")), "bot": first(r.Person("telegram", "8", "42")), "door": first(r.Person("web", "7", "42")),
		"parts": first(r.Person("telegram", "74", "2")), "mark": am,
	} {
		if other == a {
			t.Errorf("another %s has the same name", what)
		}
	}
	december := november.AddDate(0, 1, 0)
	step(t, r, december)
	b, was := r.Person("telegram", "7", "42")
	bm, wasMark := r.Mark("telegram", "7", 42)
	if was != a || b == a || wasMark != am || bm == am {
		t.Error("the pseudonym of the month before is lost")
	}
	step(t, r, december.AddDate(0, 1, 0))
	if _, was := r.Person("telegram", "7", "42"); was != b {
		t.Error("the older root lives on")
	}
}

// Marks of one block begin alike, so that they lie together; no two are the same, and no two blocks begin alike.
func TestMarksLieTogether(t *testing.T) {
	r := newRoots(t, november)
	seen, heads := map[[16]byte]bool{}, map[[8]byte]bool{}
	for update := int64(0); update < 4*markBlock; update++ {
		m := first(r.Mark("telegram", "7", update))
		seen[m], heads[[8]byte(m[:8])] = true, true
	}
	other := first(r.Mark("telegram", "8", 0))
	if heads[[8]byte(other[:8])] {
		t.Error("two bots share a block")
	}
	if len(seen) != 4*markBlock || len(heads) != 4 {
		t.Errorf("%d marks in %d blocks", len(seen), len(heads))
	}
}

func first(a, _ [16]byte) [16]byte { return a }

// A step is two: between them a stop loses nothing, and only the commit forgets.
func TestStepInTwoPhases(t *testing.T) {
	r := newRoots(t, november)
	old := must(r.SealDraft([]byte("k"), []byte("words")))
	if r.Due(november.Add(20 * time.Minute)) {
		t.Error("due within the hour")
	}
	later := november.Add(5 * time.Hour) // the process was stopped
	if !r.Due(later) {
		t.Error("not due after five hours")
	}
	if !must(r.Next(later)) || must(r.Next(later)) {
		t.Error("a step is taken once")
	}
	r = must(OpenRoots(r.dir, later, rand.Reader)) // killed in between
	if r.Fresh() {
		t.Error("a restart is no reboot")
	}
	if !r.Due(later) || !r.Stale(old) {
		t.Error("the commit that is missing is not noticed")
	}
	plain := must(r.OpenDraft([]byte("k"), old))
	saved := must(r.SealDraft([]byte("k"), plain))
	if r.Stale(saved) {
		t.Error("what was sealed again is stale")
	}
	if err := r.Commit(); err != nil {
		t.Fatal(err)
	}
	if r.Due(later) {
		t.Error("still due after the commit")
	}
	_, err := r.OpenDraft([]byte("k"), old)
	wantErr(t, err, ErrForgotten)
	if got := must(r.OpenDraft([]byte("k"), saved)); string(got) != "words" {
		t.Errorf("saved as %q", got)
	}
	if r.Due(november) || must(r.Next(november)) {
		t.Error("stepped back with the clock")
	}
}

// Two processes begin with the same roots and step at different times, in different leaps.
func TestProcessesStepAlike(t *testing.T) {
	a := newRoots(t, november)
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(dir, os.DirFS(a.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, e := range must(os.ReadDir(dir)) {
		if err := os.Chmod(filepath.Join(dir, e.Name()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := must(OpenRoots(dir, november, rand.Reader))

	ahead := must(func() ([]byte, error) { step(t, a, november.Add(time.Hour)); return a.SealDraft(nil, []byte("x")) }())
	if _, err := b.OpenDraft(nil, ahead); err != nil {
		t.Errorf("a process one step behind cannot read: %v", err)
	}
	end := november.AddDate(0, 2, 3)
	for now := november.Add(2 * time.Hour); !now.After(end); now = now.Add(7 * time.Hour) {
		step(t, a, now)
	}
	step(t, a, end)
	step(t, b, end) // in one leap
	for i := range a.lines {
		if !bytes.Equal(a.lines[i].encode(), b.lines[i].encode()) {
			t.Errorf("the %s roots differ", a.lines[i].plan.name)
		}
	}
	for _, now := range []time.Time{end, end.Add(time.Hour)} {
		step(t, a, now)
		value := must(a.SealDraft([]byte("k"), []byte("x")))
		if _, err := b.OpenDraft([]byte("k"), value); err != nil {
			t.Error(err)
		}
	}
}

func TestRebootForgets(t *testing.T) {
	r := newRoots(t, november)
	if !r.Fresh() {
		t.Error("the first start is fresh")
	}
	value, draft := must(r.SealDaily(nil, []byte("closing record"))), must(r.SealDraft(nil, []byte("words")))
	if r.Gone(value) || r.Gone(draft) {
		t.Error("what was just sealed is gone")
	}
	a, _ := r.Person("telegram", "7", "42")
	if err := os.RemoveAll(r.dir); err != nil {
		t.Fatal(err)
	}
	r = must(OpenRoots(r.dir, november, rand.Reader))
	_, err := r.OpenDaily(nil, value)
	wantErr(t, err, ErrForgotten) // and not ErrTampered: the epoch is the same, the root another
	if !r.Gone(value) || !r.Gone(draft) {
		t.Error("what was sealed before the reboot is not gone")
	}
	if b, _ := r.Person("telegram", "7", "42"); !r.Fresh() || a == b {
		t.Error("a pseudonym outlived the reboot")
	}
}

func TestRootsNoticeTampering(t *testing.T) {
	r := newRoots(t, november)
	value := must(r.SealDraft([]byte("k"), []byte("words")))
	everyByte(value, len(value), 1, func(at int, changed []byte) {
		if _, err := r.OpenDraft([]byte("k"), changed); err == nil {
			t.Errorf("byte %d changed unnoticed", at)
		}
	})
	_, err := r.OpenDraft([]byte("l"), value)
	wantErr(t, err, ErrTampered)
	_, err = r.OpenDaily([]byte("k"), value)
	wantErr(t, err, ErrTampered)
	_, err = r.OpenDraft([]byte("k"), nil)
	wantErr(t, err, ErrTampered)
}

func TestDamagedRuntimeDirectory(t *testing.T) {
	for _, data := range []string{"", "{}", `{"amana":"runtime root 1","root":"daily","held":[]}`,
		`{"amana":"runtime root 1","root":"draft","held":[{"epoch":1,"key":"AAAA","name":""}]}`} {
		r := newRoots(t, november)
		if err := os.WriteFile(filepath.Join(r.dir, "draft"), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := OpenRoots(r.dir, november, rand.Reader)
		if err == nil || !strings.Contains(err.Error(), filepath.Join(r.dir, "draft")) || !strings.Contains(err.Error(), "remove it") {
			t.Errorf("%q: error %v", data, err)
		}
	}
	r := newRoots(t, november)
	if _, err := r.Next(november.AddDate(40, 0, 0)); err == nil {
		t.Error("stepped over forty years")
	}
	if err := os.Chmod(r.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRoots(r.dir, november, rand.Reader); err == nil {
		t.Error("opened a runtime directory that everybody reads")
	}
}

// On Linux /dev/shm is a memory file system wherever it exists, and /proc never is.
func TestMemoryIsRecognised(t *testing.T) {
	dir, err := os.MkdirTemp("/dev/shm", "seal")
	if err != nil {
		t.Logf("no memory file system to look at: %v", err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if !must(OpenRoots(filepath.Join(dir, "run"), november, rand.Reader)).Memory() {
		t.Error("a memory file system is not recognised")
	}
	if yes, err := inMemory("/proc"); yes || err != nil {
		t.Errorf("/proc: %v, %v", yes, err)
	}
}
