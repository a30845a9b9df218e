package voice

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"amana/bot/seal"
)

// youth is how long the draft of a sound may take to be written: longer than any turn.
const youth = 10 * time.Minute

// Sweep erases what nothing refers to any more: sounds that no draft names, and sealed messages that no record knows. Live
// gives the names that stand in drafts now; filed says whether a record refers to a sealed message. Where either cannot
// tell, nothing goes. It returns how many files went.
func (s *Shelf) Sweep(live func() ([]string, error), filed func(ID) (bool, error)) (gone int, err error) {
	s.sweeping.Lock()
	defer s.sweeping.Unlock()
	n, err := s.sweepDrafts(live)
	m, err2 := s.sweepSealed(filed)
	if s.Beside {
		err2 = errors.Join(err2, s.sweepHalves())
	}
	return n + m, errors.Join(err, err2)
}

// erase takes away a file that nothing refers to, unless that may be since another process is still about it.
func (s *Shelf) erase(path string) bool {
	if s.Beside && !s.filed[path] {
		at, seen := s.unnamed[path]
		if since := s.Now().Sub(at); !seen || since < 0 {
			s.unnamed[path] = s.Now()
			return false
		} else if since <= youth {
			return false
		}
	}
	delete(s.unnamed, path)
	return os.Remove(path) == nil
}

// named notes that something refers to a file; a sealed one is then on its way no longer.
func (s *Shelf) named(path string, sealed bool) {
	delete(s.unnamed, path)
	if sealed && s.Beside {
		s.filed[path] = true
	}
}

// sweepHalves erases what a crash of another process left half written, and lets go of what is known of files that are gone.
func (s *Shelf) sweepHalves() error {
	there := map[string]bool{}
	for _, d := range []string{draftDir, sealedDir} {
		dir := filepath.Join(s.Dir, d)
		names, err := list(dir)
		if err != nil {
			return err
		}
		for _, name := range names {
			path := filepath.Join(dir, name)
			there[path] = true
			if strings.HasPrefix(name, temp) {
				s.erase(path)
			}
		}
	}
	maps.DeleteFunc(s.unnamed, func(path string, _ time.Time) bool { return !there[path] })
	maps.DeleteFunc(s.filed, func(path string, _ bool) bool { return !there[path] })
	return nil
}

func (s *Shelf) sweepDrafts(live func() ([]string, error)) (gone int, err error) {
	ids, err := s.ids(draftDir)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	// First what is young, then what is named: a draft that was written between the two is either.
	spare := map[ID]bool{}
	s.mu.Lock()
	for id, at := range s.young {
		if since := s.Now().Sub(at); since > youth || since < 0 {
			delete(s.young, id)
		} else {
			spare[id] = true
		}
	}
	s.mu.Unlock()
	names, err := live()
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		if place, err := seal.DraftVoicePlace(name); err == nil {
			spare[place] = true
		}
	}
	for _, id := range ids {
		if path := s.path(draftDir, id); spare[id] {
			s.named(path, false)
		} else if s.erase(path) {
			gone++
		}
	}
	return gone, nil
}

func (s *Shelf) sweepSealed(filed func(ID) (bool, error)) (gone int, err error) {
	ids, err := s.ids(sealedDir)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		s.mu.Lock()
		flies := s.flying[id]
		s.mu.Unlock()
		if flies {
			continue
		}
		known, ferr := filed(id) // asked only now: what has ceased to fly has its record
		if ferr != nil {
			return gone, errors.Join(err, ferr)
		}
		if path := s.path(sealedDir, id); known {
			s.named(path, true)
		} else if s.erase(path) {
			gone++
		}
	}
	return gone, err
}
