package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"amana/bot"
	"amana/bot/kv"
	"amana/bot/store"
)

// wentBack is an engine that lies in a cluster which went back.
type wentBack struct{ err error }

func (w wentBack) View(context.Context, func(kv.Reader) error) error      { return w.err }
func (w wentBack) Update(context.Context, kv.ID, func(kv.Tx) error) error { return w.err }

// TestOver: whoever hears people is told that this process is over, and not that nothing was saved; an operator reads what the
// engine said.
func TestOver(t *testing.T) {
	for _, c := range []struct {
		err  error
		over bool
	}{{kv.ErrBack, true}, {kv.ErrStray, true}, {kv.ErrAway, false}, {kv.ErrUnknown, false}} {
		was := fmt.Errorf("reading: %w", c.err)
		st := store.New(wentBack{was}, nil, nil)
		for name, err := range map[string]error{
			"view":   st.View(t.Context(), func(*store.Read) error { return nil }),
			"update": st.Update(t.Context(), store.ID{}, func(*store.Write) error { return nil }),
		} {
			if errors.Is(err, bot.ErrOver) != c.over || errors.Is(err, bot.ErrPerhaps) != c.over || !errors.Is(err, c.err) || err.Error() != was.Error() {
				t.Errorf("%s after %v: %v", name, c.err, err)
			}
		}
	}
}
