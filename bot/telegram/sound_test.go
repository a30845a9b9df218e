package telegram_test

import (
	"context"
	"errors"
	"testing"

	"amana/bot"
	"amana/bot/telegram/telegramtest"
)

// A recording is uploaded once; whoever listens next gets it by the id that the bot has for it.
func TestARecordingIsSentOnce(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		loads := 0
		s := w.start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			sound := &bot.Sound{Name: "en/start.menu/1", Load: func() ([]byte, error) { loads++; return []byte("OggS and so on"), nil }}
			return bot.Reply{Outs: []bot.Outgoing{{Lang: "en", Sound: sound, Text: "1 · English"}, ask("What next?", "Yes")}}, nil
		})
		for _, id := range []int64{11, 12, 13} {
			u := s.user(id)
			u.Start("")
			screen := s.shows(u, "What next?")
			var heard []telegramtest.Message
			for _, m := range screen {
				if m.FromBot && m.File != nil {
					heard = append(heard, m)
				}
			}
			if len(heard) != 1 || heard[0].File.Kind != "voice" || string(heard[0].File.Bytes) != "OggS and so on" || heard[0].Text != "1 · English" {
				t.Fatalf("person %d hears %+v", id, heard)
			}
		}
		if loads != 1 {
			t.Errorf("the recording was uploaded %d times", loads)
		}
	})
}

// A recording that is gone stops nothing: the words stand on the screen.
func TestALostRecordingStopsNothing(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		s := w.start(t, func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
			sound := &bot.Sound{Name: "en/start.menu/1", Load: func() ([]byte, error) { return nil, errors.New("gone") }}
			empty := &bot.Sound{Name: "en/start.here/1", Load: func() ([]byte, error) { return []byte{}, nil }}
			return bot.Reply{Outs: []bot.Outgoing{{Lang: "en", Sound: sound}, {Lang: "en", Sound: empty}, ask("What next?", "Yes")}}, nil
		})
		u := s.user(11)
		u.Start("")
		s.shows(u, "What next?")
	})
}
