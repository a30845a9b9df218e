package seal

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"
)

// plan is how one kind of root steps. Epochs are counted from the clock, not from the last step, so that processes
// that began with the same root hold the same root in the same epoch.
type plan struct {
	name  string
	kind  byte // in front of values
	keep  int  // how many epochs are held, the present one included
	epoch func(time.Time) uint32
}

// The three kinds of roots. A draft dies after an hour of silence and a message can be wiped for 48 hours, so that two
// hours and three days hold whatever lives; pseudonyms are tried under this month's root and the one before.
var (
	draftPlan     = plan{"draft", 1, 2, func(t time.Time) uint32 { return uint32(t.Unix() / 3600) }}
	dailyPlan     = plan{"daily", 2, 3, func(t time.Time) uint32 { return uint32(t.Unix() / 86400) }}
	pseudonymPlan = plan{"pseudonym", 3, 2, func(t time.Time) uint32 {
		t = t.UTC()
		return uint32(t.Year()*12 + int(t.Month()) - 1)
	}}
)

// maxSteps bounds a step over an interval, so that a clock gone mad is refused instead of reckoned with: eleven years
// of hours.
const maxSteps = 100_000

// root is one epoch's root with all that is derived from it.
type root struct {
	epoch  uint32
	secret *[keySize]byte
	name   [8]byte // in front of values: roots of another life have another name
	values box
	person *[keySize]byte
	mark   *[keySize]byte
	block  atomic.Pointer[block] // the latest that a mark was made of
}

func newRoot(p plan, epoch uint32, secret *[keySize]byte) *root {
	name := derive(secret[:], nil, p.name+" name")
	return &root{
		epoch:  epoch,
		secret: secret,
		name:   [8]byte(name[:8]),
		values: newBox(derive(secret[:], nil, p.name+" values")),
		person: derive(secret[:], nil, p.name+" person"),
		mark:   derive(secret[:], nil, p.name+" mark"),
	}
}

// next is the root of the following epoch; there is no way back.
func (r *root) next(p plan) *root { return newRoot(p, r.epoch+1, derive(r.secret[:], nil, "next")) }

// lineage is the roots of one kind that are held, newest first.
type lineage struct {
	plan plan
	held []*root
}

// due says whether the clock has passed the newest epoch, or a step still waits for its commit.
func (l *lineage) due(now time.Time) bool {
	return l.plan.epoch(now) > l.held[0].epoch || len(l.kept()) < len(l.held)
}

// stepped gives the lineage with the roots up to now in front; those too old to be kept are held until the commit.
func (l *lineage) stepped(now time.Time) (*lineage, error) {
	target, newest := l.plan.epoch(now), l.held[0]
	if target <= newest.epoch {
		return l, nil
	}
	if target-newest.epoch > maxSteps {
		return nil, fmt.Errorf("stepping the %s root: the clock is years ahead of it: set the clock", l.plan.name)
	}
	var fresh []*root
	for newest.epoch < target {
		newest = newest.next(l.plan)
		if newest.epoch+uint32(l.plan.keep) > target { // others may have sealed under an epoch that we slept through
			fresh = append(fresh, newest)
		}
	}
	slices.Reverse(fresh)
	return &lineage{l.plan, append(fresh, l.held...)}, nil
}

// kept gives the roots that survive a commit.
func (l *lineage) kept() []*root {
	i := slices.IndexFunc(l.held, func(r *root) bool { return r.epoch+uint32(l.plan.keep) <= l.held[0].epoch })
	if i < 0 {
		return l.held
	}
	return l.held[:i:i]
}

// rootFile is a lineage as it lies in the runtime directory.
type rootFile struct {
	Amana string     `json:"amana"`
	Root  string     `json:"root"`
	Held  []heldRoot `json:"held"`
}

type heldRoot struct {
	Epoch uint32 `json:"epoch"`
	Key   string `json:"key"`
	Name  string `json:"name"` // catches damage
}

const rootFileKind = "runtime root 1"

func (l *lineage) encode() []byte {
	f := rootFile{Amana: rootFileKind, Root: l.plan.name}
	for _, r := range l.held {
		f.Held = append(f.Held, heldRoot{r.epoch, base64.StdEncoding.EncodeToString(r.secret[:]), hex.EncodeToString(r.name[:])})
	}
	return encodeJSON(f)
}

func decodeLineage(p plan, data []byte) (*lineage, error) {
	var f rootFile
	if err := decodeJSON(data, &f); err != nil {
		return nil, err
	}
	if f.Amana != rootFileKind || f.Root != p.name || len(f.Held) == 0 {
		return nil, fmt.Errorf("not the %s root of version 1", p.name)
	}
	l := &lineage{plan: p}
	for i, h := range f.Held {
		key, err := base64.StdEncoding.Strict().DecodeString(h.Key)
		if err != nil || len(key) != keySize || i > 0 && h.Epoch >= f.Held[i-1].Epoch {
			return nil, errors.New("a root in it is incomplete")
		}
		r := newRoot(p, h.Epoch, (*[keySize]byte)(key))
		if hex.EncodeToString(r.name[:]) != h.Name {
			return nil, errors.New("a root in it does not match its name")
		}
		l.held = append(l.held, r)
	}
	return l, nil
}

// readLineage reads the file of a kind.
func readLineage(dir string, p plan) (*lineage, error) {
	data, err := readSmall(dir, p.name)
	if err == nil {
		var l *lineage
		if l, err = decodeLineage(p, data); err == nil {
			return l, nil
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return nil, fmt.Errorf("reading %s: %w: remove it; what lives in memory only is then forgotten, as by a reboot", filepath.Join(dir, p.name), err)
}

// beginLineage reads the file of a kind, or makes the first root there, as after a reboot.
func beginLineage(dir string, p plan, now time.Time, rand io.Reader) (l *lineage, fresh bool, err error) {
	l, err = readLineage(dir, p)
	if !errors.Is(err, fs.ErrNotExist) {
		return l, false, err
	}
	secret, err := random(rand)
	if err != nil {
		return nil, false, err
	}
	l = &lineage{p, []*root{newRoot(p, p.epoch(now), secret)}}
	err = createFile(dir, p.name, l.encode())
	if errors.Is(err, fs.ErrExist) { // another process was faster: its root holds
		l, err = readLineage(dir, p)
		return l, false, err
	}
	return l, true, err
}
