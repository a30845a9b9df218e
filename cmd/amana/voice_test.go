package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/telegram/telegramtest"
)

// spokenPlan is the shortest way to a report that is told aloud.
func spokenPlan() map[string]string {
	return map[string]string{"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "other", "involved": "no", "story": "aloud", "consent_complaint": "yes", "nudge": "!skip"}
}

// aloud answers a question with a voice message instead of words, and waits until it is kept and they are told so.
func (w *walker) aloud(step string, sound []byte) { w.speaks(step, sound, true) }

// speaks does the same. A server that is killed between keeping a message and saying so asks the question anew, which then
// has one message and can be ended: told says that nobody kills it.
func (w *walker) speaks(step string, sound []byte, told bool) {
	w.about = func(at string) {
		if at != step {
			return
		}
		w.about = nil
		kept := w.words(w.lang, "word.voice.kept", map[string]string{"Length": "0:42"})
		n := shownTimes(w.phone, kept)
		w.phone.SendVoiceAs(sound, 42, 0)
		_, err := w.phone.Wait(telegramtest.Within(endurance), func(s telegramtest.Screen) bool { // a server that is killed in the meantime starts anew
			q, ok := questionOn(s)
			_, done := q.data["!done"]
			return (!told || shownTimes(w.phone, kept) > n) && ok && done
		})
		if err != nil {
			w.Errorf("a voice message is not kept: %v\n%s", err, w.phone.Screen())
		}
	}
}

func aSound(words string, n int) []byte {
	return append([]byte("OggS"), bytes.Repeat([]byte(words), n/len(words))...)
}

// machineOf is the computer of somebody of the staff, with their key on it.
func (t *trial) machineOf(h *staffer) machine {
	t.Helper()
	device, err := seal.NewDeviceKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := seal.Wrap(h.key, testPassphrase, device, cheap)
	if err != nil {
		t.Fatal(err)
	}
	m := machine{dir: t.TempDir(), dice: rand.Reader, now: time.Now}
	w := wallet{filepath.Join(m.dir, "keys")}
	m.dir = w.dir
	if err := w.write(leaf{identityFile, wrapped}, leaf{deviceFile, []byte(device.RecoveryCode() + "\n")}); err != nil {
		t.Fatal(err)
	}
	if err := w.pin(t.coordinator); err != nil {
		t.Fatal(err)
	}
	return m
}

// listens lets somebody of the staff ask for a report, and opens it with `amana open` on their own machine: the sounds that
// lie there afterwards, in order.
func (t *trial) listens(h *staffer, code string, want int) (sounds [][]byte) {
	t.Helper()
	before := len(files(h.phone))
	t.press(h, "s:read:"+code)
	_, err := h.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool { return len(files(h.phone)) == before+1+want })
	if err != nil {
		t.Fatalf("%s got %d files: %v", h.id, len(files(h.phone))-before, err)
	}
	m, dir := t.machineOf(h), t.TempDir()
	args := []string{"open", "-dir", m.dir, "-lang", "en"}
	for n, file := range files(h.phone)[before:] {
		name := code + ".amana"
		if n > 0 {
			name = fmt.Sprintf("%s-voice-%d.amana", code, n)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if _, errs, status := m.run(testPassphrase+"\n", args...); status != 0 {
		t.Fatalf("amana open: %s", errs)
	}
	for n := range want {
		sound, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%s-voice-%d.ogg", code, n+1)))
		if err != nil {
			t.Fatal(err)
		}
		sounds = append(sounds, sound)
	}
	return sounds
}

func (t *trial) lying(what string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(t.database()+".voice", what))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestVoiceStory is the whole of it: somebody speaks, a focal point opens it on their own machine and hears the very bytes;
// somebody speaks again under the receipt; a backup brings all of it to another house, and the check names what is missing.
func TestVoiceStory(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{})
	tr.serve()
	tr.enrol()
	first, second := aSound("zqfirstvoice", 400_000), aSound("zqsecondvoice", 30_000)
	w := tr.walker(8_555_000_111, "en", spokenPlan())
	w.aloud("story", first)
	receipt, err := w.report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ana := tr.hands["ana"]
	code := tr.noticed(ana)
	if sounds := tr.listens(ana, code, 1); !bytes.Equal(sounds[0], first) {
		t.Errorf("the focal point hears %d bytes, the reporter said %d", len(sounds[0]), len(first))
	}
	if left := tr.lying("drafts"); len(left) != 0 {
		t.Errorf("%d drafts are left of what was sent", len(left))
	}
	w.plan, w.trace = map[string]string{"menu": "mailbox", "number": receipt, "what": "write", "further": "aloud"}, nil
	w.aloud("further", second)
	if err := w.walk(t.Context(), func() bool { return w.phone.Seen(tr.words("en", "mailbox.sent", nil)) }); err != nil {
		t.Fatal(err)
	}
	hana := tr.hands["hana"]
	tr.noticed(hana)
	if sounds := tr.listens(hana, code, 2); !bytes.Equal(sounds[0], first) || !bytes.Equal(sounds[1], second) {
		t.Error("another focal point does not hear both")
	}
	for _, m := range w.phone.Screen() {
		if m.File != nil {
			t.Error("a voice message is left in the chat")
		}
	}

	// A backup while it is served, a lost machine, and what is heard afterwards.
	backup := filepath.Join(tr.tmp, "copy.db")
	tr.amana("backup", "-config", tr.config(), backup)
	if status, _, errs := tr.try("backup", "-config", tr.config(), backup); status == 0 || !strings.Contains(errs, "never written over") {
		t.Errorf("a backup is written over: %d %s", status, errs)
	}
	tr.stop()
	for _, lost := range []string{tr.database(), tr.database() + ".voice"} {
		if err := os.RemoveAll(lost); err != nil {
			t.Fatal(err)
		}
	}
	tr.amana("restore", "-config", tr.config(), backup)
	tr.confirm()
	tr.serve()
	chi := tr.hands["chi"]
	tr.noticed(chi)
	if sounds := tr.listens(chi, code, 2); !bytes.Equal(sounds[1], second) {
		t.Error("after the restore the second is another")
	}

	// What is missing is named by the check, and nothing else is held up by it.
	sealed := tr.lying("sealed")
	if len(sealed) != 2 {
		t.Fatalf("%d files are sealed", len(sealed))
	}
	if err := os.Remove(filepath.Join(tr.database()+".voice", "sealed", sealed[0])); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := tr.try("check", "-config", tr.config()); status != 1 || !strings.Contains(out, "the file of a voice message is missing beside the database") {
		t.Errorf("the check says %d:\n%s", status, out)
	}
	tr.listensToWhatIsThere(chi, code)

	// Without FILE.voice the restore says so.
	tr.stop()
	for _, lost := range []string{tr.database(), tr.database() + ".voice", backup + ".voice"} {
		if err := os.RemoveAll(lost); err != nil {
			t.Fatal(err)
		}
	}
	if status, _, errs := tr.try("restore", "-config", tr.config(), backup); status != 0 || !strings.Contains(errs, "2 voice messages are of its reports not in this backup") {
		t.Errorf("the restore says %d %s", status, errs)
	}
	if log := tr.log(); strings.Contains(log, "voices/file") || strings.Contains(log, peopleToken) || strings.Contains(log, "zqfirst") {
		t.Error("the log says where a voice message lies, or what is in it")
	}
}

// listensToWhatIsThere asks for a report of which a voice message is missing.
func (t *trial) listensToWhatIsThere(h *staffer, code string) {
	t.Helper()
	before := len(files(h.phone))
	t.press(h, "s:read:"+code)
	_, err := h.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool { return len(files(h.phone)) == before+2 })
	if err != nil {
		t.Errorf("a missing voice message holds up the others: %v", err)
	}
}

// TestVoiceIsKilled kills the server again and again while somebody speaks and sends: there is never a report without its
// voice, and never a file that nobody refers to after a start.
func TestVoiceIsKilled(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{})
	tr.serve()
	tr.enrol()
	sound := aSound("zqkilledvoice", 200_000)
	const people = 5
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var walkers []*walker
	done := make(chan error, people)
	for n := range people {
		w := tr.walker(8_556_000_111+int64(n), "en", spokenPlan())
		w.speaks("story", sound, false)
		walkers = append(walkers, w)
		go func() {
			_, err := w.report(ctx)
			done <- err
		}()
	}
	ended := 0
	for kills := 0; ended < people; {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			ended++
		case <-time.After(time.Duration(300+170*kills) * time.Millisecond): // the later ones leave time to come through
			if kills < 12 {
				tr.kill()
				tr.serve()
			}
			kills++
		}
	}
	tr.kill()
	if err := os.WriteFile(filepath.Join(tr.database()+".voice", "sealed", hex.EncodeToString(make([]byte, 16))), make([]byte, slices.Min(seal.VoiceSizes())), 0o600); err != nil {
		t.Fatal(err)
	}
	tr.serve()
	deadline := time.Now().Add(patience)
	for len(tr.lying("sealed")) != people && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	if n := len(tr.lying("sealed")); n != people {
		t.Errorf("%d files are sealed for %d reports", n, people)
	}
	for _, w := range walkers {
		if n := len(receipts(w.phone)); n != 1 {
			t.Errorf("somebody was shown %d receipts", n)
		}
	}
	tr.stop()
	h := tr.house()
	defer h.Close()
	problems, err := h.registry.Verify(t.Context())
	if err != nil || len(problems) > 0 {
		t.Errorf("the shelves do not hold together: %v %v", problems, err)
	}
	if n, err := h.missingVoices(t.Context()); n != 0 || err != nil {
		t.Errorf("%d voice messages are missing: %v", n, err)
	}
}
