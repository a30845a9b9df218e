package kv

import (
	"context"
	"errors"
)

// ErrDeposed says that an update was refused because the office under which it was made has gone to somebody else.
// Nothing was written.
var ErrDeposed = errors.New("office lost")

// Elector lets the processes that share a database agree on which of them does what only one may do. Every engine is
// one; where a single process holds the database, it is elected at once and for good.
type Elector interface {
	// Campaign waits until this process holds the office, or ctx ends. An office is a short word of ours, such as
	// "hear"; whoever asks first is next.
	Campaign(ctx context.Context, office string) (Term, error)
}

// Term is the time for which this process holds an office.
type Term interface {
	// Bind gives a context under which every Update commits only while the term lasts. That is decided in the commit
	// itself and not by a clock, so that a process which was paused, and does not know how long, is refused too:
	// ErrDeposed. A context that is bound to several terms needs all of them.
	Bind(ctx context.Context) context.Context

	// Done is closed once it is known here that the term has ended. It may have ended long before.
	Done() <-chan struct{}

	// Resign ends the term, so that the next one need not wait until this one is missed.
	Resign(ctx context.Context) error
}

type fencesKey struct{}

// Fence adds what an engine compares in every update under the context that comes back. Engines call it in Bind.
func Fence(ctx context.Context, fence any) context.Context {
	old := Fences(ctx)
	return context.WithValue(ctx, fencesKey{}, append(old[:len(old):len(old)], fence))
}

// Fences gives what an update under this context must compare, each as its engine gave it to Fence.
func Fences(ctx context.Context) []any {
	fences, _ := ctx.Value(fencesKey{}).([]any)
	return fences
}

// Alone is the elector of an engine that one process holds.
type Alone struct{}

// Campaign elects at once.
func (Alone) Campaign(ctx context.Context, _ string) (Term, error) { return forGood{}, ctx.Err() }

type forGood struct{}

func (forGood) Bind(ctx context.Context) context.Context { return ctx }
func (forGood) Done() <-chan struct{}                    { return nil }
func (forGood) Resign(context.Context) error             { return nil }
