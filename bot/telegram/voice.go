package telegram

import (
	"bytes"
	"context"
	"errors"
	"time"

	"amana/bot"
)

// How long one try to fetch a voice message may take, and all of them: a turn has to end well before its own time does,
// so that the person is told what became of it.
const (
	voiceTry   = 15 * time.Second
	voiceTime  = 25 * time.Second
	voiceTries = 3
)

// recording is a voice message that Telegram still holds.
type recording struct {
	d *Door
	v voice
}

// recording gives what a room needs to decide whether it wants to have it; nothing is fetched before.
func (d *Door) recording(v voice) *bot.Recording {
	if v.FileID == "" || v.MIME != "" && v.MIME != "audio/ogg" {
		return nil
	}
	return &bot.Recording{Seconds: max(v.Seconds, 0), Size: max(v.Size, 0), From: recording{d, v}}
}

// What is wrong with a voice message that did come. None of them says whose it is.
var (
	errVoiceSize = errors.New("fetching a voice message: it has another length than was announced")
	errVoiceForm = errors.New("fetching a voice message: it is no Ogg file")
	errVoiceLong = errors.New("fetching a voice message: it is longer than any that is taken")
)

// Fetch gets it from the server that the bot talks to, and from no other, as it was announced or not at all.
func (r recording) Fetch(ctx context.Context) ([]byte, error) {
	if r.v.Size > maxVoice {
		return nil, errVoiceLong
	}
	ctx, done := context.WithTimeout(ctx, voiceTime)
	defer done()
	var sound []byte
	var err error
	for try := 1; ; try++ {
		if sound, err = r.d.wire.download(ctx, r.v.FileID, maxVoice, voiceTry); err == nil {
			break
		}
		r.d.opt.Log.Warn("a voice message could not be fetched", "error", err, "tries", try)
		f, ok := err.(*Fault)
		if try == voiceTries || !ok || !f.Temporary() || !sleep(ctx, max(f.After, backoff(r.d.opt.Retry, try))) {
			return nil, err
		}
	}
	if err := r.check(sound); err != nil {
		r.d.opt.Log.Warn("a voice message was not taken", "error", err)
		return nil, err
	}
	return sound, nil
}

func (r recording) check(sound []byte) error {
	switch {
	case r.v.Size > 0 && int64(len(sound)) != r.v.Size:
		return errVoiceSize
	case !bytes.HasPrefix(sound, []byte("OggS")):
		return errVoiceForm
	}
	return nil
}
