package seal

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"
)

// Roots are the keys that live in memory only: a directory on a memory file system, lost with the power. Under them
// stand drafts, closing records, message ids and waiting nudges; from them come pseudonyms and update marks. They step
// forward with the clock, and what the old ones sealed is gone with them. Safe for use by many goroutines.
type Roots struct {
	quiet
	dir    string
	rand   io.Reader
	memory bool
	fresh  bool

	mu    sync.RWMutex
	lines [3]*lineage // draft, daily, pseudonym
}

const (
	draftLine = iota
	dailyLine
	pseudonymLine
)

// OpenRoots reads the roots of a runtime directory, or makes new ones where there are none. Whether the directory is
// on a memory file system is for the caller to ask and to act on (Memory).
func OpenRoots(dir string, now time.Time, rand io.Reader) (*Roots, error) {
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("opening runtime directory: %w", err)
	}
	r := &Roots{dir: dir, rand: rand}
	var err error
	if r.memory, err = inMemory(dir); err != nil {
		return nil, fmt.Errorf("opening runtime directory %s: %w", dir, err)
	}
	if err := sweepTemps(dir, now); err != nil {
		return nil, fmt.Errorf("opening runtime directory %s: %w", dir, err)
	}
	for i, p := range [...]plan{draftPlan, dailyPlan, pseudonymPlan} {
		l, fresh, err := beginLineage(dir, p, now, rand)
		if err != nil {
			return nil, fmt.Errorf("opening runtime directory %s: %w", dir, err)
		}
		r.lines[i], r.fresh = l, r.fresh || fresh
	}
	return r, nil
}

// Memory says whether the runtime directory is on a memory file system. Elsewhere its files outlive the power, and
// with them drafts and pseudonyms.
func (r *Roots) Memory() bool { return r.memory }

// Fresh says that at least one root was made anew when the directory was opened: the first start, or a reboot.
func (r *Roots) Fresh() bool { return r.fresh }

// Due says whether a step is due, or one that was begun still waits for its commit.
func (r *Roots) Due(now time.Time) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, l := range r.lines {
		if l.due(now) {
			return true
		}
	}
	return false
}

// Next begins the steps that are due: new roots stand beside the old ones, everything sealed from now on stands under
// the new ones, and everything old can still be opened. It says whether any root stepped. The caller seals again what
// lives and is Stale, and then calls Commit; a stop between the two loses nothing.
func (r *Roots) Next(now time.Time) (stepped bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, l := range r.lines {
		if l.plan.epoch(now) <= l.held[0].epoch {
			continue
		}
		next, err := l.stepped(now)
		if err != nil {
			return stepped, err
		}
		if err := r.save(next); err != nil {
			return stepped, err
		}
		r.lines[i], stepped = next, true
	}
	return stepped, nil
}

// Commit ends a step: the roots that are too old are gone, and what was not sealed again is ErrForgotten.
func (r *Roots) Commit() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, l := range r.lines {
		kept := l.kept()
		if len(kept) == len(l.held) {
			continue
		}
		next := &lineage{l.plan, kept}
		if err := r.save(next); err != nil {
			return err
		}
		r.lines[i] = next
	}
	return nil
}

func (r *Roots) save(l *lineage) error {
	if err := replaceFile(r.dir, l.plan.name, l.encode()); err != nil {
		return fmt.Errorf("stepping the %s root: %w", l.plan.name, err)
	}
	return nil
}

// Person gives the pseudonym of a chat under the present root, and under the one before while that one lives;
// otherwise was is zero.
func (r *Roots) Person(door, botID, chatID string) (cur, was [16]byte) {
	return r.names(func(t *root) [16]byte {
		return mac(t.person, "person", []byte(door), []byte(botID), []byte(chatID))
	})
}

// markBlock is how many updates in a row have marks with the same first half.
const markBlock = 64

// block is what the marks of one block have in common.
type block struct {
	door, botID string
	number      int64
	half        [8]byte
}

// Mark gives the keyed number of one update of a door, in the same two ways. The first half is that of its block, the
// second its own: what comes in together then lies together in the database, where marks that lie all over it cost two
// thirds of a busy commit. It tells a thief which marks are neighbours, and no more: not when, nor in which order.
func (r *Roots) Mark(door, botID string, update int64) (cur, was [16]byte) {
	half := func(t *root, what string, n int64) (half [8]byte) {
		m := mac(t.mark, what, []byte(door), []byte(botID), []byte(strconv.FormatInt(n, 10)))
		copy(half[:], m[:])
		return half
	}
	return r.names(func(t *root) (m [16]byte) {
		b := t.block.Load() // of the update before, mostly
		if b == nil || b.door != door || b.botID != botID || b.number != update/markBlock {
			b = &block{door, botID, update / markBlock, half(t, "block", update/markBlock)}
			t.block.Store(b)
		}
		own := half(t, "mark", update)
		copy(m[:8], b.half[:])
		copy(m[8:], own[:])
		return m
	})
}

func (r *Roots) names(name func(*root) [16]byte) (cur, was [16]byte) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	held := r.lines[pseudonymLine].held
	cur = name(held[0])
	if len(held) > 1 {
		was = name(held[1])
	}
	return cur, was
}

// RootOverhead is how many bytes longer a value under a root is than what is in it.
const RootOverhead = rootHead + boxOverhead

// rootHead is the length of what names the root in front of a value: format, kind, epoch, name.
const rootHead = 1 + 1 + 4 + 8

// SealDraft seals a value to be stored at dbKey under the present draft root: gone in one to two hours.
func (r *Roots) SealDraft(dbKey, plain []byte) ([]byte, error) {
	return r.seal(draftLine, dbKey, plain)
}

// OpenDraft undoes SealDraft; the error is ErrForgotten once the root is gone, also by a reboot.
func (r *Roots) OpenDraft(dbKey, value []byte) ([]byte, error) {
	return r.open(draftLine, dbKey, value)
}

// SealDaily seals a value to be stored at dbKey under the present daily root: gone in two to three days.
func (r *Roots) SealDaily(dbKey, plain []byte) ([]byte, error) {
	return r.seal(dailyLine, dbKey, plain)
}

// OpenDaily undoes SealDaily; the error is ErrForgotten once the root is gone, also by a reboot.
func (r *Roots) OpenDaily(dbKey, value []byte) ([]byte, error) {
	return r.open(dailyLine, dbKey, value)
}

func (r *Roots) seal(line int, dbKey, plain []byte) ([]byte, error) {
	r.mu.RLock()
	l := r.lines[line]
	r.mu.RUnlock()
	newest := l.held[0]
	head := binary.BigEndian.AppendUint32([]byte{1, l.plan.kind}, newest.epoch)
	head = append(head, newest.name[:]...)
	value, err := newest.values.seal(r.rand, head, dbKey, plain)
	if err != nil {
		return nil, fmt.Errorf("sealing a value under the %s root: %w", l.plan.name, err)
	}
	return value, nil
}

func (r *Roots) open(line int, dbKey, value []byte) ([]byte, error) {
	r.mu.RLock()
	l := r.lines[line]
	r.mu.RUnlock()
	under, err := l.find(value)
	if err == nil {
		var plain []byte
		if plain, err = under.values.open(value, rootHead, dbKey); err == nil {
			return plain, nil
		}
	}
	return nil, fmt.Errorf("opening a value under the %s root: %w", l.plan.name, err)
}

// ahead is by how many epochs another process may have stepped before us.
const ahead = 2

// find gives the root that a value names, also one into which this process has not stepped yet.
func (l *lineage) find(value []byte) (*root, error) {
	if len(value) < rootHead || value[0] != 1 || value[1] != l.plan.kind {
		return nil, ErrTampered
	}
	epoch, name := binary.BigEndian.Uint32(value[2:6]), [8]byte(value[6:rootHead])
	for _, t := range l.held {
		if t.epoch == epoch && t.name == name {
			return t, nil
		}
	}
	for i, t := 0, l.held[0]; i < ahead && t.epoch < epoch; i++ {
		if t = t.next(l.plan); t.epoch == epoch && t.name == name {
			return t, nil
		}
	}
	return nil, ErrForgotten
}

// Gone says of a value that was sealed by SealDraft or SealDaily that no root here opens it any more. It looks at the name of
// the root alone, and opens nothing.
func (r *Roots) Gone(value []byte) bool {
	r.mu.RLock()
	lines := r.lines
	r.mu.RUnlock()
	for _, l := range lines {
		if _, err := l.find(value); err == nil {
			return false
		}
	}
	return true
}

// Stale says of a value under the draft or daily root that the next Commit forgets it: what lives is sealed again.
func (r *Roots) Stale(value []byte) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, l := range r.lines {
		under, err := l.find(value)
		if err != nil {
			continue
		}
		return under.epoch+uint32(l.plan.keep) <= l.held[0].epoch
	}
	return false
}
