package bolt

import (
	"context"
	"io"
	"log"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
)

// alarm is what bbolt takes for its logger. It writes nothing, and hears of an error before bbolt takes the commit back.
//
// Without a free list in the file, taking back means that bbolt walks the whole tree to learn anew what is free, in a
// goroutine of its own, where damage would end the process. So the whole file is checked first, by us, and damage stops
// the commit here with a panic, for guarded to catch.
type alarm struct {
	bbolt.DefaultLogger
	look atomic.Pointer[func() error] // nil while nothing is being committed
}

func newAlarm() *alarm {
	return &alarm{DefaultLogger: bbolt.DefaultLogger{Logger: log.New(io.Discard, "", 0)}}
}

func (a *alarm) Errorf(string, ...any) {
	look := a.look.Load()
	if look == nil {
		return
	}
	if err := (*look)(); err != nil {
		panic(err)
	}
}

// watched runs a commit under the alarm. However many errors bbolt tells of, the file is checked once.
func (s *Store) watched(commit func() error) error {
	look := sync.OnceValue(s.checkUnlisted)
	return guarded(s.path, func() error {
		s.alarm.look.Store(&look)
		defer s.alarm.look.Store(nil)
		return commit()
	})
}

// checkUnlisted does the full check on the present state if that has no free list, unless it is the one that was checked
// last: on a full disk one commit fails after the other.
func (s *Store) checkUnlisted() error {
	im, err := imageOf(s.file)
	if err != nil {
		return errDamaged(s.path, "%v", err)
	}
	m := im.newest()
	if m.freelist != noFreelist || m.txid == s.walked.Load() {
		return nil
	}
	if err := fullCheck(context.Background(), im, m); err != nil {
		return errDamaged(s.path, "%v", err)
	}
	s.walked.Store(m.txid)
	return nil
}
