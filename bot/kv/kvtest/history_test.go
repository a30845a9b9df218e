package kvtest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/kvtest"
	"amana/bot/kv/mem"
)

// engine is a memory store with something wrong.
type engine struct {
	kvtest.Engine
	update func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error
	view   func(ctx context.Context, st kvtest.Engine, fn func(kv.Reader) error) error
}

func (e engine) Update(ctx context.Context, id kv.ID, fn func(kv.Tx) error) error {
	if e.update == nil {
		return e.Engine.Update(ctx, id, fn)
	}
	return e.update(ctx, e.Engine, id, fn)
}

func (e engine) View(ctx context.Context, fn func(kv.Reader) error) error {
	if e.view == nil {
		return e.Engine.View(ctx, fn)
	}
	return e.view(ctx, e.Engine, fn)
}

// now and then is true for one in many.
func nowAndThen() bool { return rand.N(20) == 0 }

// stale is what a reader saw when it looked last.
type stale struct {
	sync.Mutex
	values map[string]string
}

// look gives what was seen, and keeps what is seen instead.
func (s *stale) look(key, now string) (was string, had bool) {
	s.Lock()
	defer s.Unlock()
	was, had = s.values[key]
	s.values[key] = now
	return was, had
}

// TestHistory plays on engines that break one promise each, and on one that breaks none: the check finds which.
func TestHistory(t *testing.T) {
	lost := func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
		switch err := st.Update(ctx, id, fn); {
		case err != nil || !nowAndThen():
			return err
		}
		return fmt.Errorf("the answer was lost: %w", kv.ErrUnknown)
	}
	old := &stale{values: map[string]string{}}
	for name, test := range map[string]struct {
		engine engine
		want   string // of the error; none if all is well
	}{
		"good":         {},
		"lost answers": {engine: engine{update: lost}},
		"lost requests": {engine: engine{update: func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			if nowAndThen() {
				return fmt.Errorf("the request was lost: %w", kv.ErrUnknown)
			}
			return st.Update(ctx, id, fn)
		}}},
		"never answers": {engine: engine{update: func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			if id[0] >= 5 {
				return st.Update(ctx, id, fn)
			}
			if id[1]%2 == 0 {
				if err := st.Update(ctx, id, fn); err != nil {
					return err
				}
			}
			return fmt.Errorf("not heard of again: %w", kv.ErrUnknown)
		}}},
		"forgets": {engine{update: func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			if nowAndThen() {
				return nil
			}
			return st.Update(ctx, id, fn)
		}}, "acknowledged and is lost"},
		"doubles": {engine{update: func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			return lost(ctx, st, kv.ID{}, fn) // asked again it knows nothing of the first time
		}}, "there twice"},
		"does what it refuses": {engine{update: func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			if err := st.Update(ctx, id, fn); err != nil || !nowAndThen() {
				return err
			}
			return fmt.Errorf("refused: %w", kv.ErrAway)
		}}, "was refused"},
		"fails for no reason": {engine{update: func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			if nowAndThen() {
				return errors.New("a bad day")
			}
			return st.Update(ctx, id, fn)
		}}, "another reason"},
		"writes by half": {engine{update: func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			half := nowAndThen()
			return st.Update(ctx, id, func(tx kv.Tx) error {
				err := fn(tx)
				if half && err == nil {
					from, to := kv.Prefix([]byte("notice/"))
					if pairs, _ := tx.Scan(from, to, 1); len(pairs) > 0 {
						err = tx.Delete(pairs[0].Key)
					}
				}
				return err
			})
		}}, "of notice/"},
		// What a reader sees is what it, or another one, could have seen a moment before.
		"reads what was": {engine{view: func(ctx context.Context, st kvtest.Engine, fn func(kv.Reader) error) error {
			return st.View(ctx, func(r kv.Reader) error { return fn(remembers{r, old}) })
		}}, "no order"},
		// An update that reads old values and writes over new ones.
		"no isolation": {engine{update: func() func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
			var turn atomic.Int64
			return func(ctx context.Context, st kvtest.Engine, id kv.ID, fn func(kv.Tx) error) error {
				if turn.Add(1)%10 != 0 {
					return st.Update(ctx, id, fn)
				}
				return st.Update(ctx, id, func(tx kv.Tx) error { return fn(blind{tx}) })
			}
		}()}, "lost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := mem.New(nil)
			defer st.Close()
			test.engine.Engine = st
			playing := kvtest.Play([]kvtest.Engine{test.engine}, 4, time.Millisecond)
			time.Sleep(400 * time.Millisecond)
			for end := time.Now().Add(time.Minute); playing.Acknowledged(0, playing.Since()) < 50; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("too few updates were acknowledged: %v", playing)
				}
			}
			playing.Stop(100 * time.Millisecond)
			err := playing.Check(t.Context(), st)
			if test.want == "" && err != nil {
				t.Errorf("%v\n%v", playing, err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v\nfound %v, want %q", playing, err, test.want)
			}
		})
	}
}

// remembers gives what was seen when a key was last read.
type remembers struct {
	kv.Reader
	old *stale
}

func (r remembers) Get(key []byte) ([]byte, bool, error) {
	now, found, err := r.Reader.Get(key)
	if was, had := r.old.look(string(key), string(now)); had {
		return []byte(was), true, nil
	}
	return now, found, err
}

// blind sees nothing of what is there.
type blind struct{ kv.Tx }

func (b blind) Get([]byte) ([]byte, bool, error) { return nil, false, nil }
