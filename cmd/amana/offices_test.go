package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"amana/bot/kv"
	"amana/bot/kv/mem"
	"amana/bot/seal"
)

// The script of share brings keys and roots from one machine to another.
func TestShareScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Files: []string{"testdata/script/share.txtar"},
		Setup: func(e *testscript.Env) error { e.Values[scriptKey{}] = &script{}; return nil },
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"amana": scriptProgram, "status": scriptStatus},
	})
}

// A process that has lost an office without knowing writes nothing under it, and waits for it again; the work of the next
// term begins anew. A stop gives the office back.
func TestHoldAnOffice(t *testing.T) {
	first := mem.New(nil)
	second := first.Join(nil)
	log := slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(t.Context())
	begun, write, wrote := make(chan int, 10), make(chan struct{}), make(chan error, 10)
	ended := make(chan error, 1)
	term := 0
	go func() {
		ended <- offices{first, log}.hold(ctx, keepOffice, func(ctx context.Context) error {
			term++
			begun <- term
			for {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-write:
					wrote <- first.Update(ctx, kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) })
				}
			}
		})
	}()
	<-begun
	write <- struct{}{}
	if err := <-wrote; err != nil {
		t.Fatal(err)
	}
	other, leave := context.WithCancel(t.Context())
	took, left := make(chan struct{}), make(chan error, 1)
	go func() {
		left <- offices{second, log}.hold(other, keepOffice, func(ctx context.Context) error {
			close(took)
			<-ctx.Done()
			return nil
		})
	}()
	for first.Asking(keepOffice) < 2 {
		time.Sleep(time.Millisecond)
	}
	first.Depose(keepOffice)
	<-took
	write <- struct{}{}
	if err := <-wrote; !errors.Is(err, kv.ErrDeposed) {
		t.Fatalf("who lost the office writes: %v", err)
	}
	for first.Asking(keepOffice) < 2 {
		time.Sleep(time.Millisecond)
	}
	leave()
	if err := <-left; err != nil {
		t.Error(err)
	}
	if n := <-begun; n != 2 {
		t.Errorf("term %d", n)
	}
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := first.Asking(keepOffice); n != 0 {
		t.Errorf("%d hold an office after a stop", n)
	}
}

// What only the process that keeps the house may do is done under its term, is refused in the others with what to do about
// it, and is done by a command where nobody has the office.
func TestAsKeeper(t *testing.T) {
	base := mem.New(nil)
	machine := func() *house { return &house{engine: base.Join(nil), process: [16]byte{1}} }
	keeps, other, command := machine(), machine(), machine()
	ctx, stop := context.WithCancel(t.Context())
	began, ended := make(chan struct{}), make(chan error, 1)
	for _, h := range []*house{keeps, other} {
		h.keeping.Store(&keeperClock{})
	}
	go func() {
		ended <- keeps.offices(slog.New(slog.DiscardHandler)).hold(ctx, keepOffice, func(ctx context.Context) error {
			keeps.keeping.Load().whileKeeping(ctx)
			close(began)
			<-ctx.Done()
			return nil
		})
	}()
	<-began
	done := 0
	work := func(ctx context.Context) error {
		done++
		if len(kv.Fences(ctx)) == 0 {
			t.Error("done without a term")
		}
		return nil
	}
	if err := keeps.asKeeper(t.Context(), work); err != nil || done != 1 {
		t.Error(err, done)
	}
	hurry, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	for _, h := range []*house{other, command} {
		if err := h.asKeeper(hurry, work); !errors.Is(err, errElsewhere) || done != 1 {
			t.Error(err, done)
		}
	}
	stop()
	<-ended
	if err := command.asKeeper(t.Context(), work); err != nil || done != 2 || base.Asking(keepOffice) != 0 {
		t.Error(err, done)
	}
}

// lasting is memory in the place of a cluster.
type lasting struct{ *mem.Store }

func (lasting) State(context.Context) (kv.State, error)            { return kv.State{}, nil }
func (lasting) SetState(context.Context, kv.State, kv.State) error { return nil }

// One machine after another opens the house of a mission in a cluster: with what was shared it serves, and with keys or roots
// that others do not have it says so and changes nothing.
func TestOpenTogether(t *testing.T) {
	base := mem.New(nil)
	words := seal.For{Passphrase: "six words that were drawn by dice"}
	machine := func() *config {
		c, err := readConfig(missionAt(t, t.TempDir()))
		if err != nil {
			t.Fatal(err)
		}
		c.place, c.ground.kiln = location{mission: "relief"}, seal.QuickKiln()
		c.Runtime = filepath.Join(t.TempDir(), "run")
		if _, err := seal.CreateHouse(c.Keys, time.Now(), rand.Reader); err != nil {
			t.Fatal(err)
		}
		return c
	}
	opens := func(c *config) (*house, error) {
		keys, err := seal.OpenHouse(c.Keys, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return openShared(t.Context(), c, ground{now: time.Now, rand: rand.Reader, kiln: c.ground.kiln, keys: keys}, lasting{base.Join(nil)})
	}
	one := machine()
	h, err := opens(one)
	if err != nil {
		t.Fatal(err)
	}
	if !h.shared() || h.voices != nil {
		t.Error("it does not know that others have the database open, or keeps voice messages where only it can read them")
	}
	refused := func(c *config, words ...string) {
		t.Helper()
		h, err := opens(c)
		if err == nil {
			h.Close()
			t.Fatal("it serves")
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q does not say %q", err, w)
			}
		}
	}
	refused(machine()) // of another mission altogether
	two := machine()
	share := func(c *config) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "out.age")
		f, err := os.Create(path)
		if err == nil {
			err = h.keys.Share(f, h.roots, words)
		}
		if err == nil {
			_, err = f.Seek(0, 0)
		}
		if err == nil {
			_, err = seal.Join(f, c.Keys, c.Runtime, time.Now(), words)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(two.Keys); err != nil {
		t.Fatal(err)
	}
	share(two)
	second, err := opens(two)
	if err != nil {
		t.Fatal(err)
	}
	if second.registry.Roster().Version != h.registry.Roster().Version {
		t.Error("two processes have two rosters")
	}
	second.Close()
	if err := os.RemoveAll(two.Runtime); err != nil { // a reboot
		t.Fatal(err)
	}
	refused(two, "is empty, as after a reboot", "`amana keys share`", "`amana keys join`")
	if seal.HasRoots(two.Runtime) {
		t.Error("it made roots that nobody else has")
	}
	if _, err := seal.OpenRoots(two.Runtime, time.Now(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	refused(two, "the roots in the runtime directory are not those of the other machines")
	if err := os.RemoveAll(two.Runtime); err != nil {
		t.Fatal(err)
	}
	share(two)
	again, err := opens(two)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	if _, err := h.keys.EnsureMonths(time.Now(), 7); err != nil {
		t.Fatal(err)
	}
	if err := h.registry.Vouch(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	refused(two, "keys of the other machines are missing on this one", "`amana keys join`")
	h.Close()
}

// The check says weeks before that month keys run out.
func TestMonthsRunOut(t *testing.T) {
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	ends := monthsLeft([]seal.KeyID{"2026-11-report", "2026-11-feedback", "2026-12-report", "2026-12-feedback", "2027-01-report"}, now)
	if want := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC); !ends.Equal(want) {
		t.Errorf("keys until %v", ends)
	}
	for days, want := range map[int]string{100: "", 30: "December 2026", 0: "no key for this month", -3: "no key for this month"} {
		found := checkMonths(&ends, ends.AddDate(0, 0, -days))
		if want == "" && len(found) != 0 || want != "" && (len(found) != 1 || !strings.Contains(found[0].What, want)) {
			t.Errorf("%d days before: %v", days, found)
		}
	}
	if found := checkMonths(nil, now); found != nil {
		t.Error(found)
	}
}
