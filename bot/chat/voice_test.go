package chat_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// phone is what a door would fetch a voice message from.
type phone struct {
	sound []byte
	err   error
	asked *int
}

func (p phone) Fetch(context.Context) ([]byte, error) {
	if p.asked != nil {
		*p.asked++
	}
	return bytes.Clone(p.sound), p.err
}

// speaks sends a voice message of so many seconds.
func (p *person) speaks(seconds int, from phone) bot.Reply {
	p.t.Helper()
	in := p.incoming()
	in.Kind = bot.Voice
	in.Voice = &bot.Recording{Seconds: seconds, Size: int64(len(from.sound)), From: from}
	return p.hear(in)
}

func (p *person) drafts() int {
	p.t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.voices.Dir, "drafts"))
	p.ok(err)
	return len(entries)
}

// toStory comes to the story of a report.
func (p *person) toStory() {
	p.t.Helper()
	p.loud = true
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("You can also send a voice message")
}

// toReview goes on from there to what would be sent.
func (p *person) toReview() {
	p.t.Helper()
	p.taps("Done")
	p.skipTo("May this go to")
	p.taps("Yes, it may go")
	p.skipTo("This is what would be sent")
}

var spoken = append([]byte("OggS"), bytes.Repeat([]byte("zqspokenmark"), 1000)...)

func TestAVoiceMessageIsAnAnswer(t *testing.T) {
	m := newMission(t)
	p := m.person(1)
	p.toStory()
	p.speaks(42, phone{sound: spoken})
	p.sees("The voice message of")
	p.sees("0:42")
	if p.last.Erase != bot.EraseTyped || p.drafts() != 1 {
		t.Errorf("it is erased from the chat: %v, %d are kept", p.last.Erase, p.drafts())
	}
	p.types("beside it")
	p.speaks(5, phone{sound: spoken})
	p.taps("Back")
	if p.drafts() != 1 {
		t.Error("what back took out is still kept")
	}
	p.toReview()
	p.sees("Voice message, ")
	p.sees("beside it")
	p.taps("Send")
	p.receipt()
	if p.drafts() != 0 {
		t.Error("what was sent is still kept in the draft's place")
	}
	inbox, err := m.registry.Inbox(t.Context(), "ana")
	m.ok(err)
	files, err := m.registry.ReadOut(t.Context(), "ana", inbox[0].Code)
	m.ok(err)
	if len(files) != 2 || files[1].Load == nil {
		t.Fatalf("%d files are handed out", len(files))
	}
	packet, err := seal.OpenHandOut(files[0].Bytes, m.readers["ana"])
	m.ok(err)
	plain, err := seal.OpenMessage(packet.Thread[0].File, m.readers["ana"])
	m.ok(err)
	in, err := ticket.DecodeInside(plain)
	m.ok(err)
	out, err := files[1].Load()
	m.ok(err)
	_, _, sealed, err := seal.OpenHandOutVoice(out, m.readers["ana"])
	m.ok(err)
	for _, a := range in.Report.Answers {
		if a.Step != "story" {
			continue
		}
		sound, err := seal.OpenVoice(sealed, a.Voices[0].Key, a.Voices[0].Sum)
		m.ok(err)
		if !bytes.Equal(sound, spoken) || a.Text != "beside it" || a.Voices[0].Seconds != 42 {
			t.Errorf("what arrives is %d bytes beside %q", len(sound), a.Text)
		}
	}
}

// Words can stand under a voice message that was forwarded: they leave the chat with it, and must not be lost.
func TestWordsUnderAVoiceMessageArrive(t *testing.T) {
	m := newMission(t)
	p := m.person(1)
	p.toStory()
	in := p.incoming()
	in.Kind, in.Text, in.Voice = bot.Voice, "under it", &bot.Recording{Seconds: 3, From: phone{sound: spoken}}
	p.hear(in)
	if p.sees("is kept here"); p.last.Erase != bot.EraseTyped {
		t.Errorf("it is erased from the chat: %v", p.last.Erase)
	}
	p.toReview()
	p.sees("under it")
	p.taps("Send")
	p.receipt()
	if !strings.Contains(m.told("ana"), "under it") {
		t.Error("what was written under it did not arrive")
	}
}

func TestAVoiceMessageThatIsNotKept(t *testing.T) {
	m := newMission(t)
	p := m.person(1)
	asked := 0
	p.start()
	p.speaks(3, phone{sound: spoken, asked: &asked})
	p.sees("Voice messages cannot be taken at this question")
	p = m.person(2)
	p.toStory()
	for name, c := range map[string]struct {
		seconds int
		from    phone
		says    string
		asks    int
	}{
		"too long by its length": {181, phone{sound: spoken}, "up to 3 minutes fit", 0},
		"too long by its size":   {3, phone{sound: make([]byte, seal.MaxVoice+1)}, "up to 3 minutes fit", 0},
		"that does not come":     {3, phone{sound: spoken, err: errors.New("no")}, "did not arrive whole", 1},
	} {
		asked = 0
		c.from.asked = &asked
		p.speaks(c.seconds, c.from)
		if p.sees(c.says); p.last.Erase != bot.EraseNothing || p.drafts() != 0 || asked != c.asks {
			t.Errorf("%s: erased %v, kept %d, asked %d times", name, p.last.Erase, p.drafts(), asked)
		}
	}
	for range 4 {
		p.speaks(3, phone{sound: spoken})
		p.sees("is kept here")
	}
	asked = 0
	p.speaks(3, phone{sound: spoken, asked: &asked})
	if p.sees("No more voice messages fit here"); asked != 0 || p.drafts() != 4 {
		t.Errorf("asked %d times, %d are kept", asked, p.drafts())
	}
	in := p.incoming() // another kind of sound
	in.Kind = bot.Voice
	p.hear(in)
	p.sees("Voice messages cannot be taken")
}

// A door without voice messages never speaks of them.
func TestADoorWithoutVoice(t *testing.T) {
	m := newMission(t)
	p := m.person(1)
	p.toStory()
	p.loud = false
	p.types("Help")
	if strings.Contains(p.text(), "voice message") {
		t.Errorf("says %q", p.text())
	}
	in := p.incoming()
	in.Kind, in.Voice = bot.Voice, &bot.Recording{From: phone{sound: spoken}}
	p.hear(in)
	p.sees("Voice messages cannot be taken at this question")
}

func TestVoiceGoesWithTheDraft(t *testing.T) {
	for name, end := range map[string]func(*person){
		"hide": func(p *person) { p.taps("Hide") },
		"stop": func(p *person) { p.taps("Stop"); p.taps("Yes") },
		"skip": func(p *person) { p.taps("Skip") },
		"left": func(p *person) { in := p.incoming(); in.Kind = bot.Left; p.hear(in) },
		"expired, and they come back": func(p *person) {
			p.now = p.now.Add(2 * time.Hour)
			p.types("hello")
		},
		"expired, and they do not": func(p *person) {
			p.now = p.now.Add(2 * time.Hour)
			p.ok(p.registry.Sweep(p.t.Context(), p.room.Live))
			p.ok(p.registry.SweepVoices(p.t.Context(), p.room.Named))
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMission(t)
			p := m.person(1)
			p.toStory()
			p.speaks(3, phone{sound: spoken})
			if p.drafts() != 1 {
				t.Fatal("nothing was kept")
			}
			p.now = p.now.Add(15 * time.Minute)
			p.ok(p.registry.SweepVoices(p.t.Context(), p.room.Named))
			if p.drafts() != 1 {
				t.Fatal("a live draft lost its voice")
			}
			if end(p); p.drafts() != 0 {
				t.Error("it is still kept")
			}
		})
	}
}

// What is lost on the disk before it is sent is told of, and nothing is sent without it. What is whole stays, and is sent.
func TestVoiceThatIsGoneIsToldOf(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"erased":  os.Remove,
		"damaged": func(path string) error { return flip(path) },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMission(t)
			p := m.person(1)
			p.toStory()
			p.speaks(3, phone{sound: spoken})
			first, err := os.ReadDir(filepath.Join(m.voices.Dir, "drafts"))
			m.ok(err)
			p.speaks(7, phone{sound: spoken})
			p.toReview()
			m.ok(spoil(filepath.Join(m.voices.Dir, "drafts", first[0].Name())))
			p.taps("Send")
			p.sees("A voice message of 0:03 is gone")
			if strings.Contains(p.text(), "0:07") || p.drafts() != 1 {
				t.Errorf("%d are kept; what is said: %s", p.drafts(), p.text())
			}
			if inbox, err := m.registry.Inbox(t.Context(), "ana"); err != nil || len(inbox) != 0 {
				t.Errorf("%d reports were filed: %v", len(inbox), err)
			}
			p.types("in words then")
			p.toReview()
			p.taps("Send")
			p.receipt()
			if told := m.told("ana"); !strings.Contains(told, "in words then") || !strings.Contains(told, `"seconds":7`) || strings.Contains(told, `"seconds":3`) {
				t.Errorf("what arrived: %s", told)
			}
		})
	}
}

func flip(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data[len(data)-1] ^= 1
	return os.WriteFile(path, data, 0o600)
}

func TestAVoiceMessageThatComesAgainIsKeptOnce(t *testing.T) {
	m := newMission(t)
	p := m.person(1)
	p.toStory()
	asked := 0
	in := p.incoming()
	in.Kind, in.Voice = bot.Voice, &bot.Recording{Seconds: 3, From: phone{sound: spoken, asked: &asked}}
	p.hear(in)
	again := p.hear(in)
	if asked != 1 || p.drafts() != 1 || again.Erase != bot.EraseTyped {
		t.Errorf("fetched %d times, %d are kept, erased %v", asked, p.drafts(), again.Erase)
	}
}
