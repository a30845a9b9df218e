package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"amana/bot/flow"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// handed are files of one kind that the staff bot sent, as they were named.
type handed struct {
	paths []string
	raw   [][]byte
}

func (h *handed) add(path string, data []byte) {
	h.paths, h.raw = append(h.paths, path), append(h.raw, data)
}

// parted tells voice messages from the report that they belong to: by their lengths, none of which both can have.
func parted(paths []string, raw [][]byte) (packets, voices handed) {
	for i, data := range raw {
		if slices.Contains(seal.HandOutVoiceSizes(), len(data)) {
			voices.add(paths[i], data)
		} else {
			packets.add(paths[i], data)
		}
	}
	return packets, voices
}

// handedVoice is a voice message that came beside the report, still sealed.
type handedVoice struct {
	path string
	file []byte
}

// brought takes the outer seal off the voice messages that came with a report.
func (r *openedReport) brought(h handed, ids ...seal.Identity) error {
	r.sealed, r.heard = map[ticket.ID]handedVoice{}, map[ticket.ID]string{}
	for i, data := range h.raw {
		name := filepath.Base(h.paths[i])
		report, voice, file, err := seal.OpenHandOutVoice(data, ids...)
		switch {
		case errors.Is(err, seal.ErrNotForYou):
			return fmt.Errorf("%s is not sealed to your key: ask the staff bot for it yourself with “Get the sealed file”", name)
		case err != nil:
			return fmt.Errorf("%s is damaged, or was changed on the way: ask the staff bot for it again with “Get the sealed file”", name)
		case ticket.ID(report) != r.body.ID:
			return fmt.Errorf("%s belongs to another report: open each by itself", name)
		}
		r.sealed[ticket.ID(voice)] = handedVoice{h.paths[i], file}
	}
	return nil
}

// voices gives every voice message that the opened messages name, in their order.
func (r *openedReport) voices() (out []ticket.Voice) {
	for _, a := range r.body.Answers {
		out = append(out, a.Voices...)
	}
	for _, in := range r.later {
		out = append(out, voicesOf(in.Inside)...)
	}
	return out
}

func voicesOf(in ticket.Inside) []ticket.Voice {
	if in.Message != nil {
		return in.Message.Voices
	}
	return nil
}

// number gives the place of a voice message among those of its report, from 1.
func (r *openedReport) number(v ticket.Voice) int {
	return 1 + slices.IndexFunc(r.voices(), func(o ticket.Voice) bool { return o.ID == v.ID })
}

// sound opens a voice message, if its file came. Only the very sound that the reporter sent is given.
func (r *openedReport) sound(v ticket.Voice) (sound []byte, came bool, err error) {
	h, came := r.sealed[v.ID]
	if !came {
		return nil, false, nil
	}
	sound, err = seal.OpenVoice(h.file, v.Key, v.Sum)
	return sound, true, err
}

// listen writes each voice message beside the file in which it came, for its owner alone, and says what it could not do.
// The report is shown all the same.
func (r *openedReport) listen() (trouble []string) {
	left := len(r.sealed)
	for _, v := range r.voices() {
		sound, came, err := r.sound(v)
		if !came {
			continue
		}
		left--
		h := r.sealed[v.ID]
		if err != nil {
			trouble = append(trouble, filepath.Base(h.path)+" does not hold what the reporter said: "+errLiar+"it was damaged or exchanged")
			continue
		}
		path := filepath.Join(filepath.Dir(h.path), fmt.Sprintf("%s-voice-%d.ogg", r.name8(), r.number(v)))
		if there, err := os.ReadFile(path); err != nil || !bytes.Equal(there, sound) { // else it was written before
			if err := writeOnce(path, sound); err != nil {
				trouble = append(trouble, err.Error())
				continue
			}
		}
		clear(sound)
		r.heard[v.ID] = path
	}
	if left > 0 {
		trouble = append(trouble, count(left, "voice message belongs", "voice messages belong")+" to nothing that opens here")
	}
	return trouble
}

// voice says of a voice message where it was written; of one whose file was not named, how long it is.
func (t *tongue) voice(r *openedReport, v ticket.Voice) string {
	args := speech.Args{"Number": strconv.Itoa(r.number(v)), "Length": flow.Voice{Seconds: v.Seconds}.Length(), "File": r.heard[v.ID]}
	if args["File"] == "" {
		return t.say("word.voice.item", args)
	}
	return t.say("open.voice", args)
}

func (r *openedReport) jsonVoices(in []ticket.Voice) (out []jsonVoice) {
	for _, v := range in {
		out = append(out, jsonVoice{Number: r.number(v), Seconds: v.Seconds, File: r.heard[v.ID]})
	}
	return out
}
