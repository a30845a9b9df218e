package voice

import (
	"errors"
	"os"
	"time"

	"amana/bot/seal"
)

// youth is how long the draft of a sound may take to be written: longer than any turn.
const youth = 10 * time.Minute

// Sweep erases what nothing refers to any more: sounds that no draft names, and sealed messages that no record knows. Live
// gives the names that stand in drafts now; filed says whether a record refers to a sealed message. Where either cannot
// tell, nothing goes. It returns how many files went.
func (s *Shelf) Sweep(live func() ([]string, error), filed func(ID) (bool, error)) (gone int, err error) {
	n, err := s.sweepDrafts(live)
	m, err2 := s.sweepSealed(filed)
	return n + m, errors.Join(err, err2)
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
		if !spare[id] && os.Remove(s.path(draftDir, id)) == nil {
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
		if !known && os.Remove(s.path(sealedDir, id)) == nil {
			gone++
		}
	}
	return gone, err
}
