package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// spokenTo is a report with a voice message in it and one in a further message, and what the staff bot hands out of them.
type spokenTo struct {
	machine
	*desk
	packet string
	voices []string
	sounds [][]byte
}

func newSpokenTo(t *testing.T) *spokenTo {
	t.Helper()
	m := newMachine(t, 1)
	d := newDesk(t, m.key(t))
	if err := (wallet{m.dir}).pin(d.coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	s := &spokenTo{machine: m, desk: d}
	dir := t.TempDir()
	s.now = func() time.Time { return someDay }
	var readers []string
	for _, e := range d.entries {
		readers = append(readers, e.Key)
	}
	say := func(n byte, words string) ticket.Voice {
		sound := append([]byte("OggS"), bytes.Repeat([]byte(words), 1000)...)
		v, err := seal.Voice(sound, readers, dice(60+n))
		if err != nil {
			t.Fatal(err)
		}
		out, err := seal.HandOutVoice(d.report, [16]byte{n}, v.File, m.key(t))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "BDFGHJ-voice-"+string('0'+rune(n))+".amana")
		if err := os.WriteFile(path, out, 0o600); err != nil {
			t.Fatal(err)
		}
		s.voices, s.sounds = append(s.voices, path), append(s.sounds, sound)
		return ticket.Voice{ID: ticket.ID{n}, Key: v.Key, Sum: v.Sum, Seconds: 60*int(n) + 5}
	}
	body := d.body()
	for i := range body.Answers {
		if body.Answers[i].Step == "story" {
			body.Answers[i].Text, body.Answers[i].Voices = "", []ticket.Voice{say(1, "first")}
		}
	}
	d.thread = nil
	d.add(t, ticket.Inside{Report: body})
	d.add(t, ticket.Inside{Message: &ticket.Message{ID: d.report, Time: someDay, Lang: "en", Voices: []ticket.Voice{say(2, "second")}}})
	s.packet = hand(t, dir, "BDFGHJ.amana", d.packet(), m.key(t))
	return s
}

func (s *spokenTo) opens(args ...string) (out, errs string, status int) {
	return s.run(testPassphrase+"\n", append([]string{"open", "-dir", s.dir, "-lang", "en"}, args...)...)
}

func TestOpenWritesWhatWasSaid(t *testing.T) {
	t.Parallel()
	s := newSpokenTo(t)
	for range 2 { // a second time, as for an answer, it finds what it wrote
		out, errs, status := s.opens(append([]string{s.packet}, s.voices...)...)
		if status != 0 {
			t.Fatal(errs)
		}
		for n, sound := range s.sounds {
			path := filepath.Join(filepath.Dir(s.packet), "BDFGHJ-voice-"+string('1'+rune(n))+".ogg")
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, sound) {
				t.Errorf("voice message %d is written as %d bytes: %v", n+1, len(got), err)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("it is open to others: %v", err)
			}
			if !strings.Contains(out, path) {
				t.Errorf("nobody is told of %s:\n%s", path, out)
			}
		}
		if !strings.Contains(out, "1:05") || !strings.Contains(out, "2:05") {
			t.Errorf("the lengths are not told:\n%s", out)
		}
	}
	out, errs, status := s.opens(append([]string{"-json", s.packet}, s.voices...)...)
	if status != 0 || !strings.Contains(out, `"seconds": 65`) || !strings.Contains(out, "BDFGHJ-voice-2.ogg") {
		t.Errorf("as JSON: %d %s\n%s", status, errs, out)
	}
}

func TestOpenWithoutTheVoiceFiles(t *testing.T) {
	t.Parallel()
	s := newSpokenTo(t)
	out, errs, status := s.opens(s.packet)
	if status != 0 || strings.Count(out, "Voice message, ") != 2 || strings.Contains(out, ".ogg") {
		t.Errorf("%d %s\n%s", status, errs, out)
	}
	if _, errs, status = s.opens(s.voices[0]); status != 1 || !strings.Contains(errs, "name the file of their report as well") {
		t.Errorf("a voice message alone: %d %s", status, errs)
	}
}

func TestOpenWritesOverNothing(t *testing.T) {
	t.Parallel()
	s := newSpokenTo(t)
	path := filepath.Join(filepath.Dir(s.packet), "BDFGHJ-voice-1.ogg")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, status := s.opens(s.packet, s.voices[0])
	if status != 0 || !strings.Contains(errs, "is never written over") || !strings.Contains(out, "Voice message, ") {
		t.Errorf("%d %s\n%s", status, errs, out)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "mine" {
		t.Errorf("what was there is %q: %v", got, err)
	}
}

// A server that lies puts another sound in the place of one, or a voice message of another report beside this one.
func TestOpenBelievesNoOtherVoice(t *testing.T) {
	t.Parallel()
	s := newSpokenTo(t)
	forge := func(report ticket.ID, id byte, to string) string {
		v, err := seal.Voice([]byte("OggS another"), []string{s.key(t)}, dice(70))
		if err != nil {
			t.Fatal(err)
		}
		out, err := seal.HandOutVoice(report, [16]byte{id}, v.File, to)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "BDFGHJ-voice-1.amana")
		if err := os.WriteFile(path, out, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	out, errs, status := s.opens(s.packet, forge(s.report, 1, s.key(t)))
	if status != 0 || !strings.Contains(errs, "tell the coordinator by voice") || strings.Contains(out, ".ogg") {
		t.Errorf("another sound: %d %s\n%s", status, errs, out)
	}
	if _, errs, status = s.opens(s.packet, forge(s.report, 9, s.key(t))); status != 0 || !strings.Contains(errs, "1 voice message belongs to nothing that opens here") {
		t.Errorf("one that no message names: %d %s", status, errs)
	}
	if _, errs, status = s.opens(s.packet, forge(ticket.ID{9}, 1, s.key(t))); status != 1 || !strings.Contains(errs, "belongs to another report") {
		t.Errorf("of another report: %d %s", status, errs)
	}
	if _, errs, status = s.opens(s.packet, forge(s.report, 1, newIdentity(t, 55).Public())); status != 1 || !strings.Contains(errs, "is not sealed to your key") {
		t.Errorf("of somebody else: %d %s", status, errs)
	}
	data, err := os.ReadFile(s.voices[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1] ^= 1
	if err := os.WriteFile(s.voices[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status = s.opens(s.packet, s.voices[0]); status != 1 || !strings.Contains(errs, "is damaged") {
		t.Errorf("damaged: %d %s", status, errs)
	}
}
