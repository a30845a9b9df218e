//go:build etcd

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/telegram/telegramtest"
)

// TestWentBack brings an earlier snapshot back, as the same cluster, beneath two machines that serve, while somebody presses
// send. Both end with what is to be done, nobody is shown a receipt or told that nothing was saved, and neither can be started
// over what came back. Done as they say, it is served again, and the press is heard then.
func TestWentBack(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2, trialOptions{}, nil)
	f.serveAll()
	f.enrol()
	ana := f.hands["ana"]
	tells := func(id int64) {
		t.Helper()
		if _, err := f.walker(id, "en", reporter("He wanted something for the card.")).report(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tells(8_111_222_331)
	before := f.noticed(ana)
	snapshot, err := f.cluster.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tells(8_111_222_332)
	lost := f.noticed(ana, before)

	w := f.walker(8_111_222_333, "en", reporter("It was the same man."))
	var once sync.Once
	var back sync.WaitGroup
	w.about = func(step string) {
		if step != "check" {
			return
		}
		once.Do(func() {
			for n := range f.cluster.Nodes() {
				f.cluster.Kill(n)
			}
			back.Go(func() { f.bringBack(snapshot, w) })
		})
	}
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	back.Wait()
	if n := w.copies(); n != 1 {
		t.Errorf("the receipt was shown %d times: %v", n, w.trace)
	}
	if n := shownTimes(w.phone, f.words("en", "word.saved.not", nil)); n > 0 {
		t.Error("somebody was told that nothing was saved, and was heard all the same")
	}
	f.noticed(ana, before, lost)
	if o := f.read(ana, before); o.body == nil {
		t.Error("what was sent before the snapshot opens to nobody")
	}
	f.quiet()
}

// bringBack is what happens while somebody waits for an answer.
func (f *fleet) bringBack(snapshot string, w *walker) {
	ctx := telegramtest.Within(patience)
	if err := f.cluster.Restore(ctx, snapshot, etcdtest.Restoring{}); err != nil {
		f.Error(err)
		return
	}
	begun := time.Now()
	for n, m := range f.machines {
		f.refused(n, m)
	}
	f.Logf("both ended %v after the nodes were back", time.Since(begun).Round(10*time.Millisecond))
	if n := len(receipts(w.phone)); n > 0 {
		f.Errorf("%d receipts were shown of what came after the snapshot was restored", n)
	}
	for n, m := range f.machines { // nor is it taken at the next start
		m.launch()
		f.refused(n, m)
	}

	file := filepath.Join(f.tmp, "brought-back")
	f.amana("backup", "-config", f.config(), file)
	prefix, err := etcd.Prefix("relief")
	if err == nil {
		_, err = f.cluster.Admin().Delete(ctx, prefix, clientv3.WithPrefix())
	}
	if err != nil {
		f.Error(err)
		return
	}
	f.amana("restore", "-config", f.config(), file)
	f.amana("confirm", "-config", f.config(), "-yes")
	f.serveAll()
}

// refused waits until a machine has ended, and holds what it says against what an operator needs.
func (f *fleet) refused(n int, m *station) {
	s := m.served
	select {
	case <-s.ended:
	case <-time.After(patience):
		f.Errorf("machine %d goes on", n)
		return
	}
	s.close()
	m.served = nil
	var exit *exec.ExitError
	if !errors.As(s.err, &exit) || exit.ExitCode() != 2 {
		f.Errorf("machine %d ended with %v", n, s.err)
	}
	said := tail(m.log(), 5000)
	for _, want := range []string{"database older than it was, by a snapshot of etcd", "by which it is held until the coordinator confirms the roster"} {
		if !strings.Contains(said, want) {
			f.Errorf("machine %d does not say %q: %s", n, want, said)
		}
	}
}

// TestSeenDamaged: a note that was cut short, or was never written, holds nothing back.
func TestSeenDamaged(t *testing.T) {
	c := &config{Runtime: t.TempDir()}
	for _, text := range []string{"", "{", `{"cluster":"7"`, "[]", `{"cluster":7}`} {
		if text != "" {
			if err := os.WriteFile(filepath.Join(c.Runtime, courseFile), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.seen(); got != (etcd.Seen{}) {
			t.Errorf("%q says %+v", text, got)
		}
	}
	if err := os.WriteFile(filepath.Join(c.Runtime, courseFile), []byte(`{"cluster":"7","database":"DB","revision":9}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := c.seen(); got != (etcd.Seen{Cluster: 7, Database: "DB", Revision: 9}) {
		t.Errorf("a whole one says %+v", got)
	}
}
