package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"amana/bot"
)

// sounds are the recordings that were offered on a page, by a name that does not say what is heard. There are as many as
// the mission has recorded.
type sounds struct {
	mu sync.Mutex
	of map[string]func() ([]byte, error)
}

func (s *sounds) put(sound *bot.Sound) string {
	sum := sha256.Sum256([]byte(sound.Name))
	name := hex.EncodeToString(sum[:12])
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[string]func() ([]byte, error){}
	}
	s.of[name] = sound.Load
	return name
}

func (s *sounds) get(name string) func() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of[name]
}

// listen serves a recording.
func (d *Door) listen(w http.ResponseWriter, r *http.Request) {
	load := d.sounds.get(r.PathValue("name"))
	if load == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	data, err := load()
	if err != nil {
		d.opt.Log.Warn("a recording could not be read", "error", err)
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "audio/ogg")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// recorded is a voice message that came with a form.
type recorded struct{ sound []byte }

// recording gives what a room needs to decide whether it wants to have it.
func (d *Door) recording(b []byte) *bot.Recording {
	o, err := readSound(b)
	if err != nil {
		return &bot.Recording{From: recorded{}}
	}
	sound := o.ogg()
	return &bot.Recording{Seconds: o.seconds(), Size: int64(len(sound)), From: recorded{sound}}
}

// Fetch gives the sound, or says that it was none.
func (r recorded) Fetch(context.Context) ([]byte, error) {
	if r.sound == nil {
		return nil, errSound
	}
	return bytes.Clone(r.sound), nil
}
