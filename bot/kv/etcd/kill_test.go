//go:build etcd

package etcd_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/kvtest"
)

// TestKill kills a process that writes, again and again. Every id that it acknowledged must be there, with both of its
// values, and settled; no update may be there by half.
func TestKill(t *testing.T) {
	t.Parallel()
	opt := options(shared, shared.Doors)
	st := fresh(t, opt)
	acknowledged := map[string]bool{}
	rounds := max(4, *kills/10)
	for round := range rounds {
		writer := hire(t, shared, part{Name: fmt.Sprint(round), Mission: opt.Mission, Writes: true})
		for end := time.Now().Add(time.Minute); len(writer.acked()) < 12 && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(rand.N(200 * time.Millisecond))
		writer.kill()
		for _, line := range writer.acked() {
			acknowledged[strings.TrimPrefix(line, "acked.")] = true
		}
	}
	if len(acknowledged) < 10*rounds {
		t.Errorf("only %d updates were acknowledged in all: too few to prove anything", len(acknowledged))
	}
	stored := map[string]int{}
	for _, shelf := range []string{"report/", "outbox/"} {
		pairs, err := kvtest.All(t.Context(), st, shelf)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pairs {
			id := strings.TrimPrefix(string(p.Key), shelf)
			if !strings.HasPrefix(string(p.Value), id) {
				t.Errorf("the value of %s is another one's", p.Key)
			}
			stored[id]++
		}
	}
	for id, n := range stored {
		if n != 2 {
			t.Errorf("update %s is there by half", id)
		}
		var raw kv.ID
		hex.Decode(raw[:], []byte(id))
		if settled, err := st.Settled(t.Context(), raw); !settled || err != nil {
			t.Errorf("update %s is stored and not settled: %v", id, err)
		}
	}
	for id := range acknowledged {
		if stored[id] != 2 {
			t.Errorf("acknowledged update %s is lost", id)
		}
	}
	t.Logf("%d kills, %d acknowledged, %d stored", rounds, len(acknowledged), len(stored))
}

// writes writes from many sides and says each id once it is acknowledged.
func writes(p part, st *etcd.Store) error {
	failed := make(chan error)
	for w := range 6 {
		go func() {
			for i := 0; ; i++ {
				var id kv.ID
				copy(id[:], fmt.Sprintf("%s.%d.%d", p.Name, w, i))
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
				os.Stdout.WriteString("acked." + name + "\n")
			}
		}()
	}
	return <-failed
}
