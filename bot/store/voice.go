package store

import (
	"errors"

	"amana/bot/seal"
)

// Voice says whether a sealed voice message belongs to a report. One whose month was forgotten belongs to none; one whose
// record is damaged is not given up.
func (r *Read) Voice(id ID) (found bool, err error) {
	_, _, found, err = r.get(key(voices, id))
	if errors.Is(err, seal.ErrForgotten) {
		return false, nil
	}
	return found, unless(err, seal.ErrTampered)
}

// Voices walks the sealed voice messages of the living months, with the key under which the record of each stands.
func (r *Read) Voices(fn func(id ID, under seal.KeyID) error) error {
	return r.scan([]byte{byte(voices)}, 500, func(k, value []byte) (bool, error) {
		_, under, err := r.s.house.Open(k, value)
		if errors.Is(err, seal.ErrForgotten) {
			return true, nil
		}
		return true, fn(ID(k[1:]), under) // of a damaged record the key alone says enough
	})
}

// voices looks whether every voice message that a thread names has its record, and no other has one.
func (v *verifier) voices() error {
	err := v.Voices(func(id ID, under seal.KeyID) error {
		plain, _, _, err := v.get(key(voices, id))
		of, named := v.spoken[id]
		switch {
		case err != nil || len(plain) != len(of):
			v.say(under, "the record of a voice message cannot be read")
		case !named && ID(plain) != v.moves:
			v.say(under, "a voice message that no thread names")
		case named && ID(plain) != of:
			v.say(under, "a voice message belongs to another report")
		}
		delete(v.spoken, id)
		return nil
	})
	if len(v.spoken) > 0 {
		v.say("index", "%d records of %q are missing", len(v.spoken), voices)
	}
	return err
}
