//go:build linux || darwin

package bolt_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
)

const killRounds = 40

// TestKill kills a process that writes, again and again. Every id that it acknowledged must be there, with both of its
// values; no update may be there by half; and the file must pass the full check, which every start after a kill does.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db", "amana.db")
	if err := bolt.Create(path); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	acknowledged := map[string]bool{}
	unlisted := 0
	for round := range killRounds {
		cmd, out := child(t, "write", path, fmt.Sprint(round))
		if line, err := out.ReadString('\n'); line != "open\n" {
			t.Fatalf("round %d: child said %q, %v", round, line, err)
		}
		time.Sleep(instant(random, 25*time.Millisecond, round, len(acknowledged)))
		cmd.Process.Kill()
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				break // a line without its end was never acknowledged
			}
			acknowledged[strings.TrimSpace(line)] = true
		}
		cmd.Wait()
		if bolt.FreelistPage(t, path) == 0 {
			unlisted++
		}
		verify(t, path, acknowledged)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	if len(acknowledged) < killRounds {
		t.Errorf("only %d updates were acknowledged in all: too few to prove anything", len(acknowledged))
	}
	if unlisted < killRounds/10 || unlisted > killRounds*9/10 { // about half, where nothing else keeps the machine busy
		t.Errorf("in %d of %d rounds the kill left no free list: one of both ways is hardly ever gone", unlisted, killRounds)
	}
	t.Logf("%d acknowledged", len(acknowledged))
}

// instant gives when to kill, within so long; later where a disk that has much to do lets few updates through.
func instant(random *rand.Rand, within time.Duration, rounds, acknowledged int) time.Duration {
	if acknowledged < 2*rounds {
		within *= 10
	}
	return time.Duration(random.Int64N(int64(within)))
}

// verify opens the file after a kill.
func verify(t *testing.T, path string, acknowledged map[string]bool) {
	t.Helper()
	st, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if !st.Checked() {
		t.Error("the start after a kill did not check the file")
	}
	stored := map[string]int{}
	for _, shelf := range []string{"report/", "outbox/"} {
		from, to := kv.Prefix([]byte(shelf))
		for from != nil {
			err := st.View(t.Context(), func(r kv.Reader) error {
				pairs, err := r.Scan(from, to, kv.MaxScan)
				from = nil
				for _, p := range pairs {
					id, ok := strings.CutPrefix(string(p.Key), shelf)
					if !ok || string(p.Value[:len(id)]) != id {
						t.Errorf("value of %s begins otherwise", shelf)
					}
					stored[id]++
					from = kv.After(p.Key)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for id, n := range stored {
		if n != 2 {
			t.Errorf("update %s is there by half", id)
		}
	}
	for id := range acknowledged {
		if stored[id] != 2 {
			t.Errorf("acknowledged update %s is lost", id)
		}
	}
	// The records of outcomes agree with what is there; some are enough.
	n := 0
	for id := range stored {
		var raw kv.ID
		hex.Decode(raw[:], []byte(id))
		if settled, err := st.Settled(t.Context(), raw); !settled || err != nil {
			t.Errorf("update %s is stored and not settled: %v", id, err)
		}
		if n++; n == 20 {
			break
		}
	}
}

// childWrite writes from many sides and says each id once it is acknowledged. In every other round the file has no free
// list meanwhile.
func childWrite(args []string) error { return childWriteOn(args, nil) }

// childWriteOn does so beside something else.
func childWriteOn(args []string, beside func(*bolt.Store) error) error {
	st, err := bolt.Open(args[0], bolt.Options{})
	if err != nil {
		return err
	}
	if round, _ := strconv.Atoi(args[1]); round%2 == 1 {
		if err := st.Check(context.Background()); err != nil {
			return err
		}
	}
	fmt.Println("open")
	failed := make(chan error)
	if beside != nil {
		go func() { failed <- beside(st) }()
	}
	for w := range 6 {
		go func() {
			for i := 0; ; i++ {
				var id kv.ID
				copy(id[:], fmt.Sprintf("%s.%d.%d", args[1], w, i))
				name := hex.EncodeToString(id[:])
				err := st.Update(context.Background(), id, func(tx kv.Tx) error {
					body := append([]byte(name), make([]byte, i%7*500)...)
					if err := tx.Put([]byte("report/"+name), body); err != nil {
						return err
					}
					return tx.Put([]byte("outbox/"+name), []byte(name))
				})
				if err != nil {
					failed <- err
				}
				os.Stdout.WriteString(name + "\n")
			}
		}()
	}
	return <-failed
}

// TestCreationCut kills a process that makes databases. A name that is there must belong to a good database.
func TestCreationCut(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	whole := 0
	for round := range 12 {
		dir := filepath.Join(t.TempDir(), "db")
		cmd, out := child(t, "create", dir)
		if _, err := out.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(15_000)) * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()
		for i := 0; ; i++ {
			path := filepath.Join(dir, fmt.Sprintf("%d.db", i))
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				// The one that was cut: nothing stands in the way of making it now.
				if err := bolt.Create(path); err != nil {
					t.Fatalf("round %d: after the cut: %v", round, err)
				}
				reopen(t, path)
				break
			}
			if err := bolt.Verify(t.Context(), path); err != nil {
				t.Fatalf("round %d, database %d: %v", round, i, err)
			}
			whole++
		}
	}
	t.Logf("%d databases were complete", whole)
}

func childCreate(args []string) error {
	fmt.Println("begin")
	for i := 0; ; i++ {
		if err := bolt.Create(filepath.Join(args[0], fmt.Sprintf("%d.db", i))); err != nil {
			return err
		}
	}
}
