package voice

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"amana/bot/seal"
)

// Longest is how many minutes a voice message may last. As phones record them, that fits into seal.MaxVoice.
const Longest = 3 * time.Minute

// StandardReserve is how many bytes of the disk stay free of voice messages.
const StandardReserve = 512 << 20

var (
	// ErrGone says that no sound is kept under a name: it was erased, or is damaged.
	ErrGone = errors.New("no such voice message")
	// ErrFull says that the disk has too little room left.
	ErrFull = errors.New("too little room on the disk for a voice message")
)

// ID names a sealed voice message.
type ID = [16]byte

// Options fits a shelf to its machine.
type Options struct {
	Dir     string
	Rand    io.Reader
	Now     func() time.Time
	Reserve int64                           // bytes to be left free, half of them by what is sent; StandardReserve if zero
	Free    func(dir string) (int64, error) // how many there are; nil asks the file system
	Beside  bool                            // other processes may be at work on the shelf: what nothing refers to is let alone for a while
}

// Shelf holds the files of one house. It is safe for use by many goroutines, and with Beside by many processes.
type Shelf struct {
	Options
	mu     sync.Mutex
	young  map[ID]time.Time // drafts' places, and when they were kept: their draft may not be written yet
	flying map[ID]bool      // sealed, and not yet settled

	sweeping sync.Mutex
	unnamed  map[string]time.Time // beside others: files that nothing referred to, and since which sweep
	filed    map[string]bool      // beside others: sealed ones whose record was there
}

// The folders of a shelf.
const (
	draftDir  = "drafts"
	sealedDir = "sealed"
)

// Open opens a shelf and makes its folders where there are none. What a crash left half written goes, unless another
// process may be writing it.
func Open(o Options) (*Shelf, error) {
	if o.Reserve == 0 {
		o.Reserve = StandardReserve
	}
	if o.Free == nil {
		o.Free = free
	}
	s := &Shelf{Options: o, young: map[ID]time.Time{}, flying: map[ID]bool{}, unnamed: map[string]time.Time{}, filed: map[string]bool{}}
	for _, d := range []string{draftDir, sealedDir} {
		dir := filepath.Join(o.Dir, d)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("making the folder for voice messages: %w", err)
		}
		names, err := list(dir)
		if err != nil {
			return nil, fmt.Errorf("opening the folder for voice messages: %w", err)
		}
		for _, name := range names {
			if !o.Beside && strings.HasPrefix(name, temp) {
				_ = os.Remove(filepath.Join(dir, name))
			}
		}
	}
	return s, nil
}

// Keep locks the sound of a draft and gives its name. It need not outlive the power: neither does the draft.
func (s *Shelf) Keep(_ context.Context, sound []byte) (name string, err error) {
	name, file, err := seal.DraftVoice(sound, s.Rand)
	if err != nil {
		return "", err
	}
	place, err := seal.DraftVoicePlace(name)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	s.young[place] = s.Now()
	s.mu.Unlock()
	if err := s.write(draftDir, place, file, false); err != nil {
		return "", fmt.Errorf("keeping a voice message: %w", err)
	}
	return name, nil
}

// Take gives the sound of a draft. ErrGone says that it is not there any more.
func (s *Shelf) Take(name string) ([]byte, error) {
	place, err := seal.DraftVoicePlace(name)
	if err != nil {
		return nil, ErrGone
	}
	file, err := s.read(draftDir, place, seal.DraftVoiceSizes())
	if err != nil {
		return nil, err
	}
	sound, err := seal.OpenDraftVoice(name, file)
	if err != nil {
		return nil, ErrGone
	}
	return sound, nil
}

// Has says whether the sound of a draft is there.
func (s *Shelf) Has(name string) bool {
	place, err := seal.DraftVoicePlace(name)
	return err == nil && s.has(draftDir, place, seal.DraftVoiceSizes())
}

// Forget erases the sound of drafts. What cannot be erased now goes with the next sweep.
func (s *Shelf) Forget(names ...string) {
	for _, name := range names {
		place, err := seal.DraftVoicePlace(name)
		if err != nil {
			continue
		}
		_ = os.Remove(s.path(draftDir, place))
		s.mu.Lock()
		delete(s.young, place)
		s.mu.Unlock()
	}
}

// Put writes a sealed voice message for good. Until Settle is called with its id, no sweep touches it.
func (s *Shelf) Put(id ID, file []byte) error {
	if err := seal.CheckVoice(file); err != nil {
		return err
	}
	s.mu.Lock()
	s.flying[id] = true
	s.mu.Unlock()
	if err := s.write(sealedDir, id, file, true); err != nil {
		s.Settle(true, id)
		return fmt.Errorf("writing a voice message: %w", err)
	}
	return nil
}

// Settle says that what wrote voice messages has ended; with drop, that no record refers to them.
func (s *Shelf) Settle(drop bool, ids ...ID) {
	for _, id := range ids {
		if drop {
			_ = os.Remove(s.path(sealedDir, id))
		}
		s.mu.Lock()
		delete(s.flying, id)
		s.mu.Unlock()
	}
}

// Read gives a sealed voice message.
func (s *Shelf) Read(id ID) ([]byte, error) { return s.read(sealedDir, id, seal.VoiceSizes()) }

// Whole says whether a sealed voice message is there, at one of the lengths that it can have.
func (s *Shelf) Whole(id ID) bool { return s.has(sealedDir, id, seal.VoiceSizes()) }

// Sealed lists the sealed voice messages.
func (s *Shelf) Sealed() ([]ID, error) { return s.ids(sealedDir) }

func (s *Shelf) ids(dir string) (ids []ID, err error) {
	names, err := list(filepath.Join(s.Dir, dir))
	for _, name := range names {
		if id, ok := idOf(name); ok {
			ids = append(ids, id)
		}
	}
	return ids, err
}

func (s *Shelf) path(dir string, id ID) string {
	return filepath.Join(s.Dir, dir, hex.EncodeToString(id[:]))
}

func idOf(name string) (id ID, ok bool) {
	b, err := hex.DecodeString(name)
	if err != nil || len(b) != len(id) || hex.EncodeToString(b) != name {
		return id, false
	}
	return ID(b), true
}

func list(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func (s *Shelf) read(dir string, id ID, sizes []int) ([]byte, error) {
	if !s.has(dir, id, sizes) {
		return nil, ErrGone
	}
	file, err := os.ReadFile(s.path(dir, id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrGone
	}
	if err != nil {
		return nil, fmt.Errorf("reading a voice message: %w", errors.Unwrap(err))
	}
	return file, nil
}

func (s *Shelf) has(dir string, id ID, sizes []int) bool {
	info, err := os.Stat(s.path(dir, id))
	return err == nil && info.Mode().IsRegular() && info.Size() <= math.MaxInt32 && slices.Contains(sizes, int(info.Size()))
}
