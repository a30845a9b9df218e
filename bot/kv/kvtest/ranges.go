package kvtest

import (
	"fmt"
	"testing"

	"amana/bot/kv"
)

// testQueue lets many take the first of what waits: each thing is taken once, and none is passed over.
func testQueue(t *testing.T, open Open) {
	st := begin(t, open)
	const things, people = 30, 6
	st.update(func(tx kv.Tx) error {
		for i := range things {
			if err := tx.Put(fmt.Appendf(nil, "due/%02d", i), nil); err != nil {
				return err
			}
		}
		return nil
	})
	from, to := kv.Prefix([]byte("due/"))
	atOnce(people, func(who int) {
		for n, taking := 0, true; taking; n++ {
			st.update(func(tx kv.Tx) error {
				first, err := tx.Scan(from, to, 1)
				if taking = len(first) == 1; err != nil || !taking {
					return err
				}
				if err := tx.Delete(first[0].Key); err != nil {
					return err
				}
				// Nobody looks at it before it is there: it is told apart by who took it as which.
				return tx.Put(fmt.Appendf(nil, "taken/%s/%d.%d", first[0].Key, who, n), nil)
			})
		}
	})
	if got := st.count("taken/"); got != things {
		t.Errorf("%d things were taken %d times", things, got)
	}
}

// testCapacity lets many come in while there is room. Whoever looked sees nobody come in beside.
func testCapacity(t *testing.T, open Open) {
	st := begin(t, open)
	const people, room = 8, 3
	for round := range 4 {
		shelf := fmt.Sprintf("room%d/", round)
		from, to := kv.Prefix([]byte(shelf))
		atOnce(people, func(who int) {
			st.update(func(tx kv.Tx) error {
				in, err := tx.Scan(from, to, room)
				if err != nil || len(in) == room {
					return err
				}
				return tx.Put(fmt.Appendf(nil, "%s%d", shelf, (who*5)%people), nil)
			})
		})
		if got := st.count(shelf); got != room {
			t.Errorf("round %d: %d came in, there is room for %d", round, got, room)
		}
	}
}

// testOnDuty lets everybody leave who is not the last: each takes away what another had counted.
func testOnDuty(t *testing.T, open Open) {
	st := begin(t, open)
	const people = 6
	for round := range 4 {
		shelf := fmt.Sprintf("duty%d/", round)
		from, to := kv.Prefix([]byte(shelf))
		name := func(who int) []byte { return fmt.Appendf(nil, "%s%d", shelf, who) }
		st.update(func(tx kv.Tx) error {
			for who := range people {
				if err := tx.Put(name(who), nil); err != nil {
					return err
				}
			}
			return nil
		})
		atOnce(people, func(who int) {
			st.update(func(tx kv.Tx) error {
				there, err := tx.Scan(from, to, 2)
				if err != nil || len(there) < 2 {
					return err
				}
				return tx.Delete(name(who))
			})
		})
		if got := st.count(shelf); got != 1 {
			t.Errorf("round %d: %d stayed", round, got)
		}
	}
}

// count counts what begins with a prefix.
func (s simple) count(prefix string) (n int) {
	s.t.Helper()
	err := s.View(s.t.Context(), func(r kv.Reader) error {
		from, to := kv.Prefix([]byte(prefix))
		pairs, err := r.Scan(from, to, kv.MaxScan)
		n = len(pairs)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}
