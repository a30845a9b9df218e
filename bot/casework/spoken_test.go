package casework_test

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
	"amana/bot/voice"
)

// speaking is a mission that takes voice messages.
type speaking struct {
	*mission
	shelf *voice.Shelf
	dir   string
	free  int64
}

func newSpeaking(t *testing.T, start func(testing.TB, ...func(*casework.Options)) *mission) *speaking {
	t.Helper()
	s := &speaking{dir: t.TempDir(), free: 1 << 40}
	s.mission = start(t, func(o *casework.Options) { // at each start a shelf of its own, as a program has
		s.shelf = must(voice.Open(voice.Options{Dir: s.dir, Rand: rand.Reader, Now: o.Now, Reserve: 1, Free: func(string) (int64, error) { return s.free, nil }}))
		o.Voices = s.shelf
	})
	return s
}

func spokenSound(n int) []byte {
	return append([]byte("OggS"), bytes.Repeat([]byte("zqspokenmark"), n/12)...)
}

// keeps keeps a sound as the chat does, and gives what stands in the draft.
func (s *speaking) keeps(sound []byte) bot.VoiceNote {
	s.t.Helper()
	return bot.VoiceNote{Ref: must(s.shelf.Keep(s.t.Context(), bytes.Clone(sound))), Seconds: 42}
}

// tells files a report with voice messages in its story.
func (s *speaking) tells(c *chat, text string, notes ...bot.VoiceNote) (receipt, code string, err error) {
	s.t.Helper()
	t := c.turn()
	f := facts("story", text)
	f[len(f)-1].Voices = notes
	t.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: f}
	done, err := c.commit(t)
	if err != nil {
		return "", "", err
	}
	return done.Receipt, c.code(done.Receipt), nil
}

// hears lets a reader ask for a report, and opens its voice messages with what stands in the messages.
func (s *speaking) hears(person, code string) (sounds [][]byte, names []string) {
	s.t.Helper()
	files, err := s.registry.ReadOut(s.t.Context(), person, code)
	ok(s.t, err)
	th := s.unpack(files, s.ids[person])
	known := map[ticket.ID]ticket.Voice{}
	for _, in := range th.inside {
		switch {
		case in.Report != nil:
			for _, a := range in.Report.Answers {
				for _, v := range a.Voices {
					known[v.ID] = v
				}
			}
		case in.Message != nil:
			for _, v := range in.Message.Voices {
				known[v.ID] = v
			}
		}
	}
	for _, f := range files {
		if f.Load == nil {
			continue
		}
		report, id, file, err := seal.OpenHandOutVoice(must(f.Load()), s.ids[person])
		ok(s.t, err)
		v := known[ticket.ID(id)]
		if report != th.packet.Report || v.Seconds != 42 {
			s.t.Errorf("%s is of another report, or of %d seconds", f.Name, v.Seconds)
		}
		sound, err := seal.OpenVoice(file, v.Key, v.Sum)
		ok(s.t, err)
		sounds, names = append(sounds, sound), append(names, f.Name)
	}
	return sounds, names
}

func (s *speaking) lying(dir string) int {
	s.t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.dir, dir))
	ok(s.t, err)
	return len(entries)
}

func (s *speaking) sound() {
	s.t.Helper()
	problems, err := s.registry.Verify(s.t.Context())
	ok(s.t, err)
	if len(problems) > 0 {
		s.t.Errorf("the shelves do not hold together: %v", problems)
	}
}

func TestWhatWasSaidIsHeardByItsReaders(t *testing.T) {
	s := newSpeaking(t, newMission)
	a := s.chat(1)
	first, second, later := spokenSound(300_000), spokenSound(10), spokenSound(100_000)
	receipt, code, err := s.tells(a, "beside it", s.keeps(first), s.keeps(second))
	ok(t, err)
	box := a.opens(receipt).Box
	turn := a.turn()
	turn.Letter = &bot.Letter{Box: box, Voices: []bot.VoiceNote{s.keeps(later)}, Lang: "en"}
	_, err = a.commit(turn)
	ok(t, err)
	sounds, names := s.hears("ana", code)
	if strings.Join(names, " ") != code+"-voice-1.amana "+code+"-voice-2.amana "+code+"-voice-3.amana" ||
		!bytes.Equal(sounds[0], first) || !bytes.Equal(sounds[1], second) || !bytes.Equal(sounds[2], later) {
		t.Errorf("hears %v", names)
	}
	s.sound()
	s.restart()
	if sounds, _ := s.hears("bea", code); len(sounds) != 3 || !bytes.Equal(sounds[2], later) {
		t.Error("after a stop another reader does not hear the same")
	}
	s.sound()
}

// Who is shown a report later, by a copy of its message, listens to what was said in it as well.
func TestWhoIsSharedWithHears(t *testing.T) {
	s := newSpeaking(t, newMission)
	said := spokenSound(5000)
	_, code, err := s.tells(s.chat(1), "", s.keeps(said))
	ok(t, err)
	s.sign([]ticket.Entry{s.entry("dora", "health", ticket.FocalPoint)})
	s.reach("dora", "staff:dora")
	s.grantsBy("ana", code, "dora")
	if sounds, _ := s.hears("dora", code); len(sounds) != 1 || !bytes.Equal(sounds[0], said) {
		t.Error("the new reader does not hear what was said")
	}
}

func TestNothingIsFiledWithoutItsVoice(t *testing.T) {
	s := newSpeaking(t, newMission)
	a := s.chat(1)
	there, gone := s.keeps(spokenSound(10)), s.keeps(spokenSound(10))
	s.shelf.Forget(gone.Ref)
	_, _, err := s.tells(a, "words", there, gone)
	wantErr(t, err, bot.ErrNoVoice)
	_, _, err = s.tells(a, "words", there, bot.VoiceNote{Ref: "../../../etc/passwd"})
	wantErr(t, err, bot.ErrNoVoice)
	_, _, err = s.tells(a, strings.Repeat("x", 40_000), there)
	wantErr(t, err, bot.ErrTooLong)
	s.free = 0
	_, _, err = s.tells(a, "words", there)
	wantErr(t, err, bot.ErrNotSaved)
	if n := s.lying("sealed"); n != 0 {
		t.Errorf("%d files are left of what was not filed", n)
	}
	s.free = 1 << 40
	if lines := must(s.registry.Inbox(t.Context(), "ana")); len(lines) != 0 {
		t.Errorf("%d reports were filed", len(lines))
	}
	_, code, err := s.tells(a, "words", there)
	ok(t, err)
	if sounds, _ := s.hears("ana", code); len(sounds) != 1 {
		t.Error("what was refused cannot be sent afterwards")
	}
}

// A letter is prepared anew when its readers change on the way; only the files of the one that was written stay.
func TestOnlyWhatWasWrittenStays(t *testing.T) {
	s := newSpeaking(t, newMission)
	a := s.chat(1)
	receipt, code, err := s.tells(a, "", s.keeps(spokenSound(10)))
	ok(t, err)
	turn := a.turn()
	turn.Letter = &bot.Letter{Box: a.opens(receipt).Box, Voices: []bot.VoiceNote{s.keeps(spokenSound(99))}, Lang: "en"}
	for range 2 { // the update comes twice
		_, err = a.commit(turn)
		ok(t, err)
	}
	if n := s.lying("sealed"); n != 2 {
		t.Errorf("%d files for two voice messages", n)
	}
	if sounds, _ := s.hears("ana", code); len(sounds) != 2 {
		t.Errorf("%d are heard", len(sounds))
	}
}

func TestSweepOfVoices(t *testing.T) {
	s := newSpeaking(t, onDisk)
	a := s.chat(1)
	_, code, err := s.tells(a, "", s.keeps(spokenSound(10)))
	ok(t, err)
	drafted, nobodys := s.keeps(spokenSound(10)), s.keeps(spokenSound(10))
	turn := a.turn()
	turn.Draft = []byte(drafted.Ref)
	_, err = a.commit(turn)
	ok(t, err)
	named := func(draft []byte) []string { return []string{string(draft)} }
	orphan := must(seal.Voice(spokenSound(10), []string{s.ids["ana"].Public()}, rand.Reader))
	ok(t, s.shelf.Put(voice.ID{9}, orphan.File)) // killed between the file and the record
	s.restart()
	ok(t, s.registry.SweepVoices(t.Context(), named))
	if s.shelf.Whole(voice.ID{9}) || s.shelf.Has(nobodys.Ref) || !s.shelf.Has(drafted.Ref) {
		t.Error("what a crash left is not what goes")
	}
	if sounds, _ := s.hears("ana", code); len(sounds) != 1 {
		t.Error("what was filed has gone")
	}
	s.sound()
	// A reboot takes the root with it: nobody can open the draft, so nobody needs its sound.
	s.reboot()
	ok(t, s.registry.SweepVoices(t.Context(), named))
	if s.shelf.Has(drafted.Ref) {
		t.Error("the sound of a draft that nobody opens any more is still there")
	}
	// A month that is forgotten takes its voice messages with it.
	ok(t, s.house.Forget("2026-11-report"))
	ok(t, s.registry.SweepVoices(t.Context(), named))
	if n := s.lying("sealed"); n != 0 {
		t.Errorf("%d files are left of a forgotten month", n)
	}
}

func TestMissingVoiceIsTold(t *testing.T) {
	s := newSpeaking(t, newMission)
	_, code, err := s.tells(s.chat(1), "words", s.keeps(spokenSound(10)), s.keeps(spokenSound(99)))
	ok(t, err)
	ids := must(s.shelf.Sealed())
	ok(t, os.Remove(filepath.Join(s.dir, "sealed", hexOf(ids[0]))))
	problems, err := s.registry.Verify(t.Context())
	ok(t, err)
	if len(problems) != 1 || !strings.HasPrefix(problems[0], "2026-11-report: the file of a voice message is missing") {
		t.Errorf("the check says %v", problems)
	}
	if sounds, names := s.hears("ana", code); len(sounds) != 1 || len(names) != 1 {
		t.Errorf("the others are held up: %v", names)
	}
}

func hexOf(id voice.ID) string { return ticket.ID(id).String() }

// What an excluded person is answered does not depend on what was said.
func TestVoiceIsForReadersAlone(t *testing.T) {
	s := newSpeaking(t, newMission)
	_, code, err := s.tells(s.chat(1), "", s.keeps(spokenSound(10)))
	ok(t, err)
	_, err = s.registry.ReadOut(t.Context(), "nobody", code)
	wantErr(t, err, casework.ErrUnknown)
}

// The bytes that were spoken, and the names under which they were kept, are nowhere on the disk.
func TestVoiceIsNowhereInClear(t *testing.T) {
	s := newSpeaking(t, onDisk)
	a := s.chat(1)
	note := s.keeps(spokenSound(50_000))
	turn := a.turn()
	turn.Draft = []byte("draft " + note.Ref)
	_, err := a.commit(turn)
	ok(t, err)
	_, _, err = s.tells(a, "", note)
	ok(t, err)
	s.wait(time.Minute)
	found := 0
	for _, dir := range []string{s.mission.dir, s.dir} {
		ok(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found++
			for what, mark := range map[string]string{"the sound": "zqspokenmark", "its name": note.Ref} {
				if bytes.Contains(data, []byte(mark)) || strings.Contains(path, mark) {
					t.Errorf("%s stands in %s", what, filepath.Base(path))
				}
			}
			return nil
		}))
	}
	if found < 3 {
		t.Errorf("only %d files were searched", found)
	}
}
