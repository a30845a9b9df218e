package telegram

import (
	"context"
	"encoding/json"
	"sync"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// sounds remembers under which id this bot has sent a recording: from the second time on, Telegram has it already. An id
// belongs to one bot, and is forgotten with the process: then the recording is sent once more.
type sounds struct {
	mu  sync.Mutex
	ids map[string]string // by name of the sound
}

func (s *sounds) id(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ids[name]
}

func (s *sounds) set(name, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil {
		s.ids = map[string]string{}
	}
	if id == "" {
		delete(s.ids, name)
		return
	}
	s.ids[name] = id
}

// sound sends a recording, by the id that it has since it was sent first. One that cannot be read, or is not taken, is left
// out without an answer: the words stand on the screen as well.
func (s *sending) sound(ctx context.Context, markup string) (json.RawMessage, error) {
	d, params := s.d, fileParams(s.chat, s.caption, markup, s.out.Protect)
	if id := d.sounds.id(s.out.Sound.Name); id != "" {
		params["voice"] = id
		raw, err := d.wire.call(ctx, "sendVoice", params)
		if err == nil || kindOf(err) != refused {
			return raw, err
		}
		d.sounds.set(s.out.Sound.Name, "")
		return nil, errMore
	}
	data, err := s.out.Sound.Load()
	if err != nil || len(data) == 0 {
		d.opt.Log.Warn("a recording cannot be read", "error", err)
		return nil, nil
	}
	raw, err := d.wire.call(ctx, "sendVoice", params, tg.RequestFile{Name: "voice", Data: tg.FileBytes{Name: "voice.ogg", Bytes: data}})
	if err != nil {
		if kindOf(err) == refused {
			d.opt.Log.Warn("a recording was not taken", "error", err)
			return nil, nil
		}
		return nil, err
	}
	var sent struct {
		Voice struct {
			ID string `json:"file_id"`
		} `json:"voice"`
	}
	if json.Unmarshal(raw, &sent) == nil {
		d.sounds.set(s.out.Sound.Name, sent.Voice.ID)
	}
	return raw, nil
}
