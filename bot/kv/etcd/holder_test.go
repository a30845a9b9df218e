//go:build etcd

package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/kvtest"
)

// holds asks for the office and then writes under it, one entry NAME.NUMBER after the other, and says each once it is
// acknowledged. It ends when it is refused.
func holds(p part, st *etcd.Store) error {
	ctx := context.Background()
	term, err := st.Campaign(ctx, "hear")
	if err != nil {
		return err
	}
	fmt.Println("elected")
	for i := 0; ; i++ {
		line := p.Name + "." + strconv.Itoa(i)
		err := st.Update(term.Bind(ctx), kv.ID{}, func(tx kv.Tx) error {
			was, _, err := tx.Get([]byte("line"))
			if err != nil {
				return err
			}
			return tx.Put([]byte("line"), append(was, line+" "...))
		})
		switch {
		case errors.Is(err, kv.ErrDeposed):
			fmt.Println("deposed")
			<-term.Done()
			fmt.Println("done")
			return nil
		case errors.Is(err, kv.ErrUnknown), errors.Is(err, kv.ErrAway): // it goes on when the cluster does
			continue
		case err != nil:
			return err
		}
		fmt.Println(line)
		time.Sleep(10 * time.Millisecond)
	}
}

// asking waits until so many ask for the office.
func asking(t *testing.T, c *etcdtest.Cluster, m kvtest.Mission, n int) {
	t.Helper()
	for end := time.Now().Add(patience); m.Asking("hear") < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not %d ask for the office", n)
		}
	}
}

// TestHolders pauses the process that holds an office for longer than its lease lives, and kills the one that follows. The
// paused one is refused when it goes on, without having written a thing after its successor had begun, and everything that
// was acknowledged is there.
func TestHolders(t *testing.T) {
	t.Parallel()
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	m := mission(t, shared, opt.Mission)
	paused := hire(t, shared, part{Name: "paused", Mission: opt.Mission})
	paused.waits("elected")
	killed := hire(t, shared, part{Name: "killed", Mission: opt.Mission})
	asking(t, shared, m, 2)
	last := hire(t, shared, part{Name: "last", Mission: opt.Mission})
	asking(t, shared, m, 3)

	paused.waits("paused.5")
	begun := time.Now()
	paused.cmd.Process.Signal(syscall.SIGSTOP)
	t.Logf("the office of a process that was paused is taken over within %v", killed.waits("killed.0").Sub(begun).Round(10*time.Millisecond))
	paused.cmd.Process.Signal(syscall.SIGCONT)
	paused.waits("deposed")
	paused.waits("done")

	killed.waits("killed.5")
	begun = time.Now()
	killed.kill()
	took := last.waits("last.0").Sub(begun)
	t.Logf("the office of a process that was killed is taken over within %v", took.Round(10*time.Millisecond))
	if took > 2*mostTakeOver { // beside all else that runs here; TestTakeOvers looks closer
		t.Errorf("nobody held the office for %v", took)
	}
	last.waits("last.5")
	last.kill()

	var line string
	err := st.View(t.Context(), func(r kv.Reader) error {
		value, _, err := r.Get([]byte("line"))
		line = string(value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	there, term := map[string]bool{}, 0
	names := []string{"paused", "killed", "last"}
	for _, entry := range strings.Fields(line) {
		name, _, _ := strings.Cut(entry, ".")
		if name != names[term] {
			if term++; term == len(names) || name != names[term] {
				t.Fatalf("%s wrote after its successor: %s", name, line)
			}
		}
		if there[entry] {
			t.Errorf("%s is there twice", entry)
		}
		there[entry] = true
	}
	for _, h := range []*child{paused, killed, last} {
		for _, entry := range h.acked() {
			if !there[entry] {
				t.Errorf("%s was acknowledged and is lost", entry)
			}
		}
	}
}
