package kvtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
)

// Process is one of several that share a database.
type Process interface {
	Engine
	kv.Elector
}

// Mission is an empty database and the processes on it.
type Mission struct {
	Processes []Process

	// Asking says how many hold an office or wait for it.
	Asking func(office string) int

	// Depose takes an office from whoever holds it, without a word to the holder.
	Depose func(office string)
}

// OpenMission opens a database for n processes, and sees to it that they are closed at the end.
type OpenMission func(t *testing.T, n int) Mission

// patience is how long the suite waits for what must happen; a moment for what must not.
const (
	patience = time.Minute
	moment   = 100 * time.Millisecond
)

// RunElector holds the elector of an engine to the contract.
func RunElector(t *testing.T, open OpenMission) {
	for _, test := range []struct {
		name string
		test func(*testing.T, OpenMission)
	}{
		{"Succession", testSuccession},
		{"Deposed", testDeposed},
		{"DeposedSettled", testDeposedSettled},
		{"Offices", testOffices},
		{"GivesUp", testGivesUp},
		{"ClosedHolder", testClosedHolder},
		{"Terms", testTerms},
	} {
		t.Run(test.name, func(t *testing.T) { test.test(t, open) })
	}
}

// election makes the steps of these tests short.
type election struct {
	t *testing.T
	Mission
}

func poll(t *testing.T, open OpenMission, n int) election {
	return election{t, open(t, n)}
}

// elected is how a campaign ended.
type elected struct {
	who int
	kv.Term
	err error
}

// campaign lets a process ask for an office, and returns once it has its place in the line.
func (e election) campaign(ctx context.Context, who int, office string) <-chan elected {
	e.t.Helper()
	before, ended := e.Asking(office), make(chan elected, 1)
	go func() {
		term, err := e.Processes[who].Campaign(ctx, office)
		ended <- elected{who, term, err}
	}()
	for end := time.Now().Add(patience); e.Asking(office) == before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			e.t.Fatalf("process %d does not ask for %s", who, office)
		}
	}
	return ended
}

func (e election) wins(ended <-chan elected) kv.Term {
	e.t.Helper()
	select {
	case won := <-ended:
		if won.err != nil {
			e.t.Fatalf("process %d: %v", won.who, won.err)
		}
		return won.Term
	case <-time.After(patience):
		e.t.Fatal("nobody wins")
	}
	return nil
}

func (e election) waits(all ...<-chan elected) {
	e.t.Helper()
	time.Sleep(moment)
	for _, ended := range all {
		select {
		case won := <-ended:
			e.t.Fatalf("process %d won an office that is held: %v", won.who, won.err)
		default:
		}
	}
}

func (e election) put(ctx context.Context, who int, key string) error {
	return e.Processes[who].Update(ctx, kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte(key), nil) })
}

// done waits until it is known at a term that it has ended.
func (e election) done(term kv.Term) {
	e.t.Helper()
	select {
	case <-term.Done():
	case <-time.After(patience):
		e.t.Fatal("a term that has ended does not say so")
	}
}

// lasts says that a term seems to go on.
func (e election) lasts(term kv.Term) {
	e.t.Helper()
	select {
	case <-term.Done():
		e.t.Fatal("a term says that it has ended")
	default:
	}
}

func (e election) refused(ctx context.Context, who int, key string) {
	e.t.Helper()
	if err := e.put(ctx, who, key); !errors.Is(err, kv.ErrDeposed) {
		e.t.Errorf("updating %q without the office: %v", key, err)
	}
	simple{e.t, e.Processes[0]}.absent(key)
}

func (e election) passes(ctx context.Context, who int, key string) {
	e.t.Helper()
	if err := e.put(ctx, who, key); err != nil {
		e.t.Errorf("updating %q: %v", key, err)
	}
}

// testSuccession: one holds the office, and whoever asked first is next.
func testSuccession(t *testing.T, open OpenMission) {
	e, ctx := poll(t, open, 3), t.Context()
	held := e.wins(e.campaign(ctx, 2, "hear"))
	line := []<-chan elected{e.campaign(ctx, 0, "hear"), e.campaign(ctx, 1, "hear"), e.campaign(ctx, 2, "hear")}
	e.waits(line...)
	e.passes(held.Bind(ctx), 2, "first")
	for i, next := range line {
		if err := held.Resign(ctx); err != nil {
			t.Fatal(err)
		}
		if n := e.Asking("hear"); n != len(line)-i { // the next need not wait until it is missed
			t.Errorf("%d stand in the line after one has resigned, want %d", n, len(line)-i)
		}
		e.done(held)
		term := e.wins(next)
		e.waits(line[i+1:]...)
		e.refused(held.Bind(ctx), i, "resigned")
		e.lasts(term)
		e.passes(term.Bind(ctx), i, "next")
		held = term
	}
	for range 2 { // once more is no error
		if err := held.Resign(ctx); err != nil {
			t.Error(err)
		}
	}
}

// testDeposed: whoever lost an office without a word is refused, and knows it then.
func testDeposed(t *testing.T, open OpenMission) {
	e, ctx := poll(t, open, 2), t.Context()
	old := e.wins(e.campaign(ctx, 0, "hear"))
	bound := old.Bind(ctx)
	e.passes(bound, 0, "held")
	next := e.campaign(ctx, 1, "hear")
	e.Depose("hear")
	e.refused(bound, 0, "deposed")
	term := e.wins(next)
	e.refused(bound, 0, "after the next")
	e.done(old)
	e.passes(ctx, 0, "bound to nothing")
	e.passes(term.Bind(ctx), 1, "the next")
	if err := old.Resign(ctx); err != nil {
		t.Errorf("resigning what was lost: %v", err)
	}
	e.passes(term.Bind(ctx), 1, "still the next") // the old one resigned nobody else's office
	again := e.campaign(ctx, 0, "hear")
	e.Depose("hear")
	back := e.wins(again)
	e.passes(back.Bind(ctx), 0, "back")
	e.refused(bound, 0, "an old term in a new one")

	// Nothing of a refused update is written, nor is its id settled.
	id := kv.ID{7}
	err := e.Processes[0].Update(bound, id, func(tx kv.Tx) error { return tx.Put([]byte("with an id"), nil) })
	if !errors.Is(err, kv.ErrDeposed) {
		t.Errorf("with an id: %v", err)
	}
	if settled, err := e.Processes[0].Settled(ctx, id); settled || err != nil {
		t.Errorf("an update that was refused is settled: %v, %v", settled, err)
	}
}

// testDeposedSettled: what was committed while the term lasted stays so, and asking again by its id says so.
func testDeposedSettled(t *testing.T, open OpenMission) {
	e, ctx := poll(t, open, 1), t.Context()
	term := e.wins(e.campaign(ctx, 0, "hear"))
	id := kv.ID{1}
	for range 2 {
		err := e.Processes[0].Update(term.Bind(ctx), id, func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) })
		if err != nil {
			t.Error(err)
		}
		e.Depose("hear")
	}
}

// testOffices: each office for itself, and a context bound to two needs both.
func testOffices(t *testing.T, open OpenMission) {
	e, ctx := poll(t, open, 2), t.Context()
	hear, keep := e.wins(e.campaign(ctx, 0, "hear")), e.wins(e.campaign(ctx, 0, "keep"))
	both := keep.Bind(hear.Bind(ctx))
	other := e.wins(e.campaign(ctx, 1, "hears")) // a name that begins alike is another
	e.passes(other.Bind(ctx), 1, "other")
	e.passes(both, 0, "both")
	e.Depose("keep")
	e.refused(both, 0, "one of two")
	e.passes(hear.Bind(ctx), 0, "the one")
	e.refused(keep.Bind(ctx), 0, "the other")
	if again := e.wins(e.campaign(ctx, 0, "keep")); true {
		e.passes(again.Bind(hear.Bind(ctx)), 0, "both again")
	}
	e.passes(other.Bind(ctx), 1, "other still")
	e.passes(hear.Bind(ctx), 1, "another process for the one") // a term is bound to a context and to no process
}

// testGivesUp: who stops waiting stands in nobody's way.
func testGivesUp(t *testing.T, open OpenMission) {
	e, ctx := poll(t, open, 3), t.Context()
	held := e.wins(e.campaign(ctx, 0, "hear"))
	waiting, stop := context.WithCancel(ctx)
	first, second := e.campaign(waiting, 1, "hear"), e.campaign(ctx, 2, "hear")
	stop()
	if got := <-first; !errors.Is(got.err, context.Canceled) || got.Term != nil {
		t.Errorf("a campaign that was ended: %v, %v", got.Term, got.err)
	}
	e.waits(second)
	if err := held.Resign(ctx); err != nil {
		t.Fatal(err)
	}
	e.wins(second)
	if _, err := e.Processes[0].Campaign(waiting, "keep"); !errors.Is(err, context.Canceled) {
		t.Errorf("a campaign that was ended before it began: %v", err)
	}
	if n := e.Asking("keep"); n != 0 {
		t.Errorf("%d ask for an office that nobody wants", n)
	}
}

// testClosedHolder: a process that closes leaves its offices, and those that it waits for.
func testClosedHolder(t *testing.T, open OpenMission) {
	e, ctx := poll(t, open, 3), t.Context()
	held := e.wins(e.campaign(ctx, 1, "hear"))
	mine, next := e.campaign(ctx, 1, "hear"), e.campaign(ctx, 2, "hear")
	if err := e.Processes[1].Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-mine; !errors.Is(got.err, kv.ErrClosed) {
		t.Errorf("a campaign of a process that closed: %v", got.err)
	}
	e.done(held)
	if n := e.Asking("hear"); n != 1 { // the next need not wait until they are missed
		t.Errorf("%d stand in the line after a process has closed", n)
	}
	e.passes(e.wins(next).Bind(ctx), 2, "next")
	if _, err := e.Processes[1].Campaign(ctx, "keep"); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("a campaign of a process that is closed: %v", err)
	}
	if err := e.put(ctx, 1, "closed"); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("an update of a process that is closed: %v", err)
	}
}

// testTerms lets processes hold an office by turns, some until they resign and some until they lose it. Each term writes
// its number with all that it counts; a count that another term's follows would show two at once.
func testTerms(t *testing.T, open OpenMission) {
	const people, terms, counts = 4, 6, 5
	e, ctx := poll(t, open, people), t.Context()
	sum := make(chan int, people)
	atOnce(people, func(who int) {
		counted := 0
		defer func() { sum <- counted }()
		for i := range terms {
			term, err := e.Processes[who].Campaign(ctx, "count")
			if err != nil {
				t.Error(err)
				return
			}
			bound, mine := term.Bind(ctx), fmt.Sprintf("%d.%d", who, i)
			for step := range counts {
				err := e.Processes[who].Update(bound, kv.ID{}, func(tx kv.Tx) error {
					was, _, err := tx.Get([]byte("count"))
					if err != nil {
						return err
					}
					return tx.Put([]byte("count"), append(was, mine+" "...))
				})
				if errors.Is(err, kv.ErrDeposed) {
					break
				} else if err != nil {
					t.Error(err)
					break
				}
				if counted++; i%2 == 1 && step == counts/2 {
					e.Depose("count")
				}
			}
			if err := term.Resign(ctx); err != nil {
				t.Error(err)
			}
		}
	})
	want := 0
	for range people {
		want += <-sum
	}
	all, _ := simple{t, e.Processes[0]}.get("count")
	if got := len(strings.Fields(all)); got != want || want < people*terms/2 {
		t.Errorf("counted %d, acknowledged %d", got, want)
	}
	over := map[string]bool{}
	for i, words := 0, strings.Fields(all); i < len(words); i++ {
		if i > 0 && words[i] != words[i-1] {
			over[words[i-1]] = true
		}
		if over[words[i]] {
			t.Errorf("%s wrote after its successor: %s", words[i], all)
			break
		}
	}
}
