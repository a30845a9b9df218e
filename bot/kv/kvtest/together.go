package kvtest

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"amana/bot/kv"
)

// atOnce runs fn n times at once and waits for all.
func atOnce(n int, fn func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { fn(i) })
	}
	all.Wait()
}

// testCounter counts from many sides: an update that did not see the one before would lose a count.
func testCounter(t *testing.T, open Open) {
	st := begin(t, open)
	const people, times = 8, 20
	atOnce(people, func(int) {
		for range times {
			st.update(func(tx kv.Tx) error {
				v, _, err := tx.Get([]byte("n"))
				if err != nil {
					return err
				}
				n, _ := strconv.Atoi(string(v))
				return tx.Put([]byte("n"), strconv.AppendInt(nil, int64(n+1), 10))
			})
		}
	})
	if v, _ := st.get("n"); v != strconv.Itoa(people*times) {
		t.Errorf("counted %s, want %d", v, people*times)
	}
}

// testSnapshot moves ten tokens about between keys while views count them.
func testSnapshot(t *testing.T, open Open) {
	st := begin(t, open)
	const tokens, moves = 10, 40
	st.update(func(tx kv.Tx) error {
		for i := range tokens {
			if err := tx.Put(fmt.Appendf(nil, "t%03d", i), nil); err != nil {
				return err
			}
		}
		return nil
	})
	atOnce(4, func(who int) {
		for i := range moves {
			if who < 2 {
				st.update(func(tx kv.Tx) error {
					pairs, err := tx.Scan(nil, nil, tokens)
					if err != nil {
						return err
					}
					if err := tx.Delete(pairs[i%tokens].Key); err != nil {
						return err
					}
					return tx.Put(fmt.Appendf(nil, "t%03d.%d.%d", (i*37)%1000, who, i), nil)
				})
				continue
			}
			err := st.View(t.Context(), func(r kv.Reader) error {
				first, err := r.Scan(nil, nil, tokens/2)
				if err != nil {
					return err
				}
				rest, err := r.Scan(kv.After(first[len(first)-1].Key), nil, 10*tokens)
				if n := len(first) + len(rest); n != tokens && err == nil {
					t.Errorf("a view saw %d tokens of %d", n, tokens)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// testSkew lets two updates read both keys and write one each, if the other is not there: never may both win.
func testSkew(t *testing.T, open Open) {
	st := begin(t, open)
	for round := range 10 {
		a, b := fmt.Sprintf("a%d", round), fmt.Sprintf("b%d", round)
		atOnce(2, func(i int) {
			mine, other := a, b
			if i == 1 {
				mine, other = b, a
			}
			st.update(func(tx kv.Tx) error {
				if _, taken, err := tx.Get([]byte(other)); taken || err != nil {
					return err
				}
				return tx.Put([]byte(mine), nil)
			})
		})
		_, foundA := st.get(a)
		_, foundB := st.get(b)
		if foundA == foundB {
			t.Errorf("round %d: both %v", round, foundA)
		}
	}
}

// testNewcomers lets many updates look at a range and add to it only if it is empty.
func testNewcomers(t *testing.T, open Open) {
	st := begin(t, open)
	for round := range 5 {
		from, to := kv.Prefix(fmt.Appendf(nil, "r%d/", round))
		atOnce(8, func(i int) {
			st.update(func(tx kv.Tx) error {
				if there, err := tx.Scan(from, to, 1); len(there) > 0 || err != nil {
					return err
				}
				return tx.Put(fmt.Appendf(nil, "r%d/%d", round, i), nil)
			})
		})
		err := st.View(t.Context(), func(r kv.Reader) error {
			there, err := r.Scan(from, to, 10)
			if len(there) != 1 {
				t.Errorf("round %d: %d came in", round, len(there))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// testCompany mixes updates that fail in every way with updates that do not: each gets its own outcome.
func testCompany(t *testing.T, open Open) {
	st := begin(t, open)
	const people, rounds = 24, 4
	atOnce(people, func(i int) {
		for round := range rounds {
			key := fmt.Appendf(nil, "%d.%d", i, round)
			func() {
				defer func() {
					if p := recover(); (p != nil) != (i%4 == 3) {
						t.Errorf("%s: panic %v", key, p)
					}
				}()
				err := st.Update(t.Context(), kv.ID{}, func(tx kv.Tx) error {
					if err := tx.Put(key, nil); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return errOwn
					case 2:
						return tx.Put(key, make([]byte, kv.MaxValue+1))
					case 3:
						panic("company")
					}
					return nil
				})
				if (err == nil) != (i%4 == 0) {
					t.Errorf("%s: %v", key, err)
				}
			}()
		}
	})
	for i := range people {
		for round := range rounds {
			if _, found := st.get(fmt.Sprintf("%d.%d", i, round)); found != (i%4 == 0) {
				t.Errorf("%d.%d is stored: %v", i, round, found)
			}
		}
	}
}
