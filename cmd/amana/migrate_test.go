package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/kv/mem"
	"amana/bot/seal"
)

// The scripts of migrate bring the database of a house from place to place.
func TestMigrateScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Files: []string{"testdata/script/migrate.txtar"},
		Setup: func(e *testscript.Env) error { e.Values[scriptKey{}] = &script{}; return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"amana": scriptProgram, "status": scriptStatus, "change": scriptChange,
			"equal": func(ts *testscript.TestScript, _ bool, args []string) {
				var sums []string
				for line := range strings.Lines(ts.ReadFile(args[0])) {
					sums = append(sums, strings.Fields(line)[0])
				}
				if len(sums) != 2 || sums[0] != sums[1] {
					ts.Fatalf("the digests are %v", sums)
				}
			},
		},
	})
}

// walkedCamp is a camp in which a report was told in conversation, answered and read.
func walkedCamp(t *testing.T) *player {
	t.Helper()
	p := newPlayer(t, exampleProfile, "en", readStory(t, filepath.Join(transcripts, "mailbox", "read.en.txtar")).script)
	p.walk("en")
	return p
}

// TestMigrateThereAndBack brings what real conversations left from engine to engine and back: it is the same at every stop,
// the records of settled updates too, and the shelves hold together at the end.
func TestMigrateThereAndBack(t *testing.T) {
	ctx, p := t.Context(), walkedCamp(t)
	want, err := kv.Digest(ctx, p.engine.(*mem.Store).Walk)
	if err != nil || want.Pairs < 50 || want.Settled == 0 {
		t.Fatalf("what was walked left %d pairs and %d records: %v", want.Pairs, want.Settled, err)
	}
	dir := t.TempDir()
	conf := missionAt(t, dir)
	if err := bolt.Fill(ctx, filepath.Join(dir, "db", "first.db"), p.engine.(*mem.Store).Walk); err != nil {
		t.Fatal(err)
	}
	stops := []string{"bbolt:db/first.db", "bbolt:db/second.db", "bbolt:db/third.db"}
	for n := range stops[1:] {
		out, errs, status := program("", "migrate", "-config", conf, "-from", stops[n], "-to", stops[n+1])
		if status != 0 || strings.Count(out, want.String()) != 2 {
			t.Fatalf("%s to %s: status %d\n%s%s", stops[n], stops[n+1], status, out, errs)
		}
	}
	last, err := bolt.Open(filepath.Join(dir, "db", "third.db"), bolt.Options{Now: p.now})
	if err != nil {
		t.Fatal(err)
	}
	defer last.Close()
	h, err := newHouse(ctx, p.config, ground{engine: last, keys: p.keys, roots: p.roots, now: p.now, rand: dice(1), kiln: seal.QuickKiln(), voices: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := h.registry.Verify(ctx); err != nil || len(problems) > 0 {
		t.Errorf("the shelves do not hold together: %v, %v", problems, err)
	}
}

// missionAt writes a configuration for commands that need nothing but places.
func missionAt(t *testing.T, dir string) (conf string) {
	t.Helper()
	conf = filepath.Join(dir, "amana.yaml")
	text := "profile: example\nstore: bbolt:db/first.db\nkeys: keys\nruntime: run\nzone: UTC\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return conf
}

// A database that is served is brought nowhere, and nothing is marked.
func TestMigrateRefusesWhatIsServed(t *testing.T) {
	dir := t.TempDir()
	conf, path := missionAt(t, dir), filepath.Join(dir, "db", "first.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	served, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, errs, status := program("", "migrate", "-config", conf, "-from", "bbolt:db/first.db", "-to", "bbolt:db/second.db")
	if status != 1 || !strings.Contains(errs, "is being served: stop the server first") {
		t.Errorf("status %d: %s", status, errs)
	}
	if err := served.Close(); err != nil {
		t.Fatal(err)
	}
	if served, err = bolt.Open(path, bolt.Options{}); err != nil {
		t.Fatalf("it was marked all the same: %v", err)
	}
	served.Close()
}

// weighty makes a file of so many pairs of 20 kB, each written under an id, and gives its sum: enough that a copy takes a while.
func weighty(t *testing.T, path string, pairs int) kv.Sum {
	t.Helper()
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	st, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for n := range pairs {
		err := st.Update(t.Context(), kv.ID{1, byte(n), byte(n >> 8)}, func(tx kv.Tx) error {
			return tx.Put(fmt.Appendf(nil, "k%d", n), slices.Repeat([]byte{byte(n)}, 20_000))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sum, err := kv.Digest(t.Context(), st.Walk)
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	return sum
}

// TestMigrateKilled kills migrations at every instant that chance finds. At most one of the two places can be opened by
// whoever would serve it, never a half copy, and the same call comes to its end at last. Where every kill came before the mark,
// as a busy machine may have it, nothing is shown, and another mission is moved.
func TestMigrateKilled(t *testing.T) {
	t.Parallel()
	for range 5 {
		if kills, marked := migratedByKills(t); marked > 0 {
			t.Logf("%d kills, %d of them between the mark and the end", kills, marked)
			return
		}
	}
	t.Error("no kill fell between the mark and the end: this proves nothing")
}

// migratedByKills gives how often a migration was killed before it came to its end, and how often of these its mark was there.
func migratedByKills(t *testing.T) (kills, marked int) {
	dir := t.TempDir()
	conf, first, second := missionAt(t, dir), filepath.Join(dir, "db", "first.db"), filepath.Join(dir, "db", "second.db")
	want := weighty(t, first, 400)
	served := func(path string) bool {
		st, err := bolt.Open(path, bolt.Options{})
		if err != nil {
			if !errors.Is(err, kv.ErrMoved) && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s: %v", path, err)
			}
			return false
		}
		if got, err := kv.Digest(context.Background(), st.Walk); err != nil || got != want {
			t.Errorf("%s would be served, and holds %d pairs of %d: %v", path, got.Pairs, want.Pairs, err)
		}
		st.Close()
		return true
	}
	for wait := 20 * time.Millisecond; ; wait += wait/16 + rand.N(wait/4) { // a program takes long to begin
		cmd := exec.Command(os.Args[0], "-test.run=^TestItself$", "--", "migrate", "-config", conf, "-from", "bbolt:db/first.db", "-to", "bbolt:db/second.db")
		cmd.Env = []string{childMark + "=1", "TMPDIR=" + t.TempDir()}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(wait, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
		err := cmd.Wait()
		timer.Stop()
		a, b := served(first), served(second)
		if a && b {
			t.Fatal("both places would be served")
		}
		if err == nil || b {
			break
		}
		if kills++; !a {
			marked++
		}
		if wait > time.Minute {
			t.Fatal("it never comes to its end")
		}
	}
	if !served(second) || served(first) {
		t.Error("at the end, the new place is not the one that is served")
	}
	return kills, marked
}

// Whoever goes to a cluster is told of the folder for voice messages, whether there are any yet or not.
func TestMigrateTellsOfVoices(t *testing.T) {
	dir := t.TempDir()
	conf, err := readConfig(missionAt(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	file, cluster := location{file: filepath.Join(dir, "db", "first.db")}, location{mission: "relief"}
	told := func(from, to location) string {
		var out strings.Builder
		migration{call: &call{stderr: &out}, config: conf, from: from, to: to}.told()
		return out.String()
	}
	if got := told(file, cluster); !strings.Contains(got, "`voices: FOLDER`, one that every machine reaches") {
		t.Error(got)
	}
	if err := os.MkdirAll(file.file+".voice", 0o700); err != nil {
		t.Fatal(err)
	}
	if got := told(file, cluster); !strings.Contains(got, "`voices: "+file.file+".voice`, where the voice messages stay") {
		t.Error(got)
	}
	conf.Voices = dir
	if got := told(file, cluster); strings.Contains(got, "voices:") {
		t.Error(got)
	}
}
