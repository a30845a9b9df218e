package kvtest

import (
	"cmp"
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

// Compared is what Compare measured, each the median of its rounds.
type Compared struct {
	Flushes float64 // lone commits of two flushes a second, see Flushes
	Speed   Speed   // see Rate
	Ratio   float64 // of the second to the first
}

// Compare measures an engine against the disk in dir that keeps it, in turns of a tenth of a second, so that whatever
// else the machine does weighs on both. The first round only fills the engine.
func Compare(st kv.Store, dir string, writers, rounds int) (Compared, error) {
	const turn = 100 * time.Millisecond
	var flushes, ratios []float64
	var speeds []Speed
	if _, err := Rate(st, writers, 5*turn); err != nil {
		return Compared{}, err
	}
	for range rounds {
		before, err := Flushes(dir, turn)
		if err != nil {
			return Compared{}, err
		}
		speed, err := Rate(st, writers, 2*turn)
		if err != nil {
			return Compared{}, err
		}
		after, err := Flushes(dir, turn)
		if err != nil {
			return Compared{}, err
		}
		lone := (before + after) / 2
		flushes, speeds, ratios = append(flushes, lone), append(speeds, speed), append(ratios, speed.PerSecond/lone)
	}
	slices.Sort(flushes)
	slices.Sort(ratios)
	slices.SortFunc(speeds, func(a, b Speed) int { return cmp.Compare(a.PerSecond, b.PerSecond) })
	return Compared{flushes[rounds/2], speeds[rounds/2], ratios[rounds/2]}, nil
}
