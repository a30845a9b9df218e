package kvtest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"amana/bot/kv"
)

// Flushes measures how many lone commits of two flushes a disk makes in a second: 4 KiB written and flushed, 4 KiB
// written and flushed again, in a file that does not grow. It is what durable updates are held against.
func Flushes(dir string, d time.Duration) (perSecond float64, err error) {
	const block, blocks = 4 << 10, 256
	f, err := os.CreateTemp(dir, "flushes-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := slices.Repeat([]byte("amana..."), block/8)
	for i := range blocks {
		if _, err := f.WriteAt(page, int64(i*block)); err != nil {
			return 0, err
		}
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	begin := time.Now()
	n := 0
	for ; time.Since(begin) < d; n++ {
		for _, at := range []int{2 + n%(blocks-2), n % 2} { // somewhere, then at the head
			if _, err := f.WriteAt(page, int64(at*block)); err != nil {
				return 0, err
			}
			if err := flush(f); err != nil {
				return 0, err
			}
		}
	}
	return float64(n) / time.Since(begin).Seconds(), nil
}

// Speed is what Rate measured.
type Speed struct {
	PerSecond float64
	P50, P99  time.Duration // of one update
}

// Rate measures how many updates an engine makes durable in a second when so many writers ask at once. Each update
// writes one value of 2 KB and the record of its id.
func Rate(st kv.Store, writers int, d time.Duration) (Speed, error) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	value := make([]byte, 2000)
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	begin := time.Now()
	atOnce(writers, func(w int) {
		var mine []time.Duration
		var err error
		for i := 0; ctx.Err() == nil && err == nil; i++ {
			var id kv.ID
			copy(id[:], fmt.Sprintf("%x.%x.%x", begin.UnixNano()&0xffffff, w, i))
			t := time.Now()
			err = st.Update(context.Background(), id, func(tx kv.Tx) error {
				return tx.Put(fmt.Appendf(nil, "rate/%d", (w*7919+i)%4096), value)
			})
			mine = append(mine, time.Since(t))
		}
		mu.Lock()
		defer mu.Unlock()
		took = append(took, mine...)
		if err != nil {
			failed = err
		}
	})
	all := time.Since(begin).Seconds()
	slices.Sort(took)
	return Speed{
		PerSecond: float64(len(took)) / all,
		P50:       took[len(took)/2],
		P99:       took[len(took)*99/100],
	}, failed
}
