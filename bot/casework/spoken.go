package casework

import (
	"context"
	"errors"
	"fmt"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
	"amana/bot/voice"
)

// spoken are the voice messages of one report or further message, between the file and the record.
type spoken struct {
	shelf *voice.Shelf
	ids   []store.ID
}

// settle ends that: with drop, there is no record that refers to them.
func (s spoken) settle(drop bool) {
	if s.shelf != nil {
		s.shelf.Settle(drop, s.ids...)
	}
}

// speak seals voice messages to those who read what they hang to, each in a file that is on the disk when it returns.
func (r *Registry) speak(notes []bot.VoiceNote, to []ticket.Entry, s *spoken) (out []ticket.Voice, err error) {
	readers, _ := keys(to)
	var gone bot.Lost // all of them, so that whoever spoke is asked once
	for _, n := range notes {
		if r.Voices == nil {
			gone = append(gone, n.Ref)
			continue
		}
		sound, err := r.Voices.Take(n.Ref)
		if errors.Is(err, voice.ErrGone) {
			gone = append(gone, n.Ref)
			continue
		}
		if err != nil {
			return nil, err
		}
		sealed, err := seal.Voice(sound, readers, r.Rand)
		clear(sound)
		if err != nil {
			return nil, err
		}
		id, err := r.id()
		if err != nil {
			return nil, err
		}
		if err := r.Voices.Put(id, sealed.File); err != nil {
			return nil, err
		}
		s.ids = append(s.ids, store.ID(id))
		out = append(out, ticket.Voice{ID: id, Key: sealed.Key, Sum: sealed.Sum, Seconds: n.Seconds})
	}
	if len(gone) > 0 {
		return nil, gone
	}
	return out, nil
}

// SweepVoices erases the voice messages that nobody drafts any more and those that no report refers to. Named gives the
// names of those that a draft holds.
func (r *Registry) SweepVoices(ctx context.Context, named func(draft []byte) []string) error {
	if r.Voices == nil {
		return nil
	}
	_, err := r.Voices.Sweep(
		func() (names []string, err error) {
			err = r.Store.View(ctx, func(rd *store.Read) error {
				names = nil
				for after := (bot.Person{}); ; {
					found, err := rd.Drafts(after, 5*page)
					if err != nil || len(found) == 0 {
						return err
					}
					for _, k := range found {
						names = append(names, named(k.Body)...)
					}
					after = found[len(found)-1].Person
				}
			})
			return names, err
		},
		func(id voice.ID) (known bool, err error) {
			err = r.Store.View(ctx, func(rd *store.Read) (err error) {
				known, err = rd.Voice(store.ID(id))
				return err
			})
			return known, err
		})
	if err != nil {
		return fmt.Errorf("sweeping voice messages: %w", err)
	}
	return nil
}

// voicesFor gives the voice messages of a report to one of its readers, in the order in which they were sent. Each is read
// and sealed when it is its turn to go: together they may be more than memory should hold.
func (r *Registry) voicesFor(w reading) (files []bot.File) {
	n := 0
	for _, m := range w.thread {
		for _, id := range m.Voices {
			if n++; r.Voices == nil || !r.Voices.Whole(id) {
				continue // the check names it; the others are not concerned
			}
			files = append(files, bot.File{Name: fmt.Sprintf("%s-voice-%d.amana", w.report.Code, n), Load: func() ([]byte, error) {
				file, err := r.Voices.Read(id)
				if err != nil {
					return nil, err
				}
				return seal.HandOutVoice(w.report.ID, id, file, w.me.Key)
			}})
		}
	}
	return files
}

// silent says of which months voice messages are missing beside the database.
func (r *Registry) silent(rd *store.Read) (problems []string, err error) {
	if r.Voices == nil {
		return nil, nil
	}
	err = rd.Voices(func(id store.ID, under seal.KeyID) error {
		if !r.Voices.Whole(id) {
			problems = append(problems, string(under)+": the file of a voice message is missing beside the database, or damaged")
		}
		return nil
	})
	return problems, err
}
