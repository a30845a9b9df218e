//go:build etcd

package main

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"amana/bot/seal"
)

var voiceKills = flag.Int("voice-kills", 1, "how often TestVoicesTogether kills a machine while it writes a voice message")

// secondName gives another path to a folder: a mount of its own where the system allows that, a link where it does not.
func secondName(tb testing.TB, dir string) string {
	other := filepath.Join(tb.TempDir(), "voices")
	if err := os.Mkdir(other, 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := syscall.Mount(dir, other, "", syscall.MS_BIND, ""); err == nil {
		tb.Cleanup(func() {
			if err := syscall.Unmount(other, syscall.MNT_DETACH); err != nil {
				tb.Error(err)
			}
		})
		return other
	}
	tb.Log("nothing can be mounted here: the second machine reaches the folder through a link")
	if err := os.Remove(other); err != nil {
		tb.Fatal(err)
	}
	if err := os.Symlink(dir, other); err != nil {
		tb.Fatal(err)
	}
	return other
}

// TestVoicesTogether keeps the voice messages of two machines in one folder, which each of them reaches by a path of its own.
// What is spoken at one is sent and read out at the other; a start, and the sweep that comes with it, takes nothing away that
// the other is about to put on record; and a machine that is killed while it writes leaves nothing that is lost, or read out.
func TestVoicesTogether(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "voices")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	names := []string{dir, secondName(t, dir)}
	v := &shelved{dir: dir, fleet: newFleet(t, 2, trialOptions{}, func(n int) string { return "voices: " + names[n] })}
	v.serveAll()
	v.enrol()
	v.toTheOther()
	v.stopped()
	v.spared()
	for n := range *voiceKills {
		v.killed(n)
	}
	v.whole()
	v.ended(1 + *voiceKills)
}

type shelved struct {
	*fleet
	dir   string
	codes []string
}

// lying lists one of the two folders.
func (v *shelved) lying(what string) (names []string) {
	v.Helper()
	entries, err := os.ReadDir(filepath.Join(v.dir, what))
	if err != nil {
		v.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// other gives the machine beside one.
func (v *shelved) other(m *station) *station {
	return v.machines[1-slices.Index(v.machines, m)]
}

// at does something when a step is about to be answered, once, and whatever was to be done about it before.
func (w *walker) at(step string, do func()) {
	before := w.about
	var once sync.Once
	var both func(string)
	both = func(now string) {
		if before != nil {
			before(now)
			if w.about == nil {
				before = nil
			}
			w.about = both
		}
		if now == step {
			once.Do(do)
		}
	}
	w.about = both
}

// toTheOther lets somebody speak at one machine and send at the other, which reads it out; then the first does, too.
func (v *shelved) toTheOther() {
	sound := aSound("zqfirstvoice", 400_000)
	w := v.walker(8_555_000_111, "en", spokenPlan())
	w.aloud("story", sound)
	var first *station
	w.at("check", func() {
		if n := len(v.lying("drafts")); n != 1 {
			v.Errorf("%d drafts lie in the folder", n)
		}
		first = v.hearer()
		first.stop()
	})
	if _, err := w.report(v.Context()); err != nil {
		v.Fatal(err)
	}
	if drafts, sealed := v.lying("drafts"), v.lying("sealed"); len(drafts) != 0 || len(sealed) != 1 {
		v.Errorf("%d drafts and %d sealed files lie there", len(drafts), len(sealed))
	}
	code := v.hears("ana", sound)
	first.serve()
	v.other(first).stop()
	if got := v.listens(v.hands["hana"], code, 1); !bytes.Equal(got[0], sound) {
		v.Error("the machine that took it reads out something else")
	}
	v.other(first).serve()
}

// hears waits for the notice of the newest report, and listens to its one voice message.
func (v *shelved) hears(who string, sound []byte) (code string) {
	v.Helper()
	h := v.hands[who]
	code = v.noticed(h, v.codes...)
	v.codes = append(v.codes, code)
	if got := v.listens(h, code, 1); !bytes.Equal(got[0], sound) {
		v.Errorf("%d bytes are heard, and %d were spoken", len(got[0]), len(sound))
	}
	return code
}

// stopped lets somebody speak at one machine, and end the conversation at the other: nothing of theirs is left.
func (v *shelved) stopped() {
	w := v.walker(8_555_000_222, "en", spokenPlan())
	w.aloud("story", aSound("zqtakenback", 50_000))
	w.at("check", func() {
		h := v.hearer()
		h.kill()
		v.otherAfter(h, time.Now())
		h.serve()
		if n := len(v.lying("drafts")); n != 1 {
			v.Errorf("%d drafts lie in the folder", n)
		}
	})
	w.instead = func(q question) string { return map[string]string{"check": "!stop", "!stop": "yes"}[q.step] }
	_ = w.walk(v.Context(), func() bool { return len(v.lying("drafts")) == 0 })
	if n := len(v.lying("drafts")); n != 0 {
		v.Errorf("%d drafts are left of a conversation that was ended", n)
	}
}

// spared puts down what a machine leaves that has written a file and not yet its record, or not yet the whole file, and starts
// both anew, one after the other: each of them keeps the house then, and sweeps.
func (v *shelved) spared() {
	size := slices.Min(seal.VoiceSizes())
	flying := []string{
		filepath.Join(v.dir, "drafts", ".new-1234"), filepath.Join(v.dir, "sealed", ".new-5678"),
		filepath.Join(v.dir, "sealed", hex.EncodeToString(bytes.Repeat([]byte{7}, 16))), filepath.Join(v.dir, "drafts", hex.EncodeToString(bytes.Repeat([]byte{8}, 16))),
	}
	for _, path := range flying {
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			v.Fatal(err)
		}
	}
	for _, m := range v.machines {
		m.stop()
		m.serve()
	}
	for _, m := range v.machines {
		m.quiet() // by when whoever keeps the house has swept
	}
	for _, path := range flying {
		if _, err := os.Stat(path); err != nil {
			v.Errorf("a start has taken away what the other machine is about to put on record: %v", err)
		}
		_ = os.Remove(path)
	}
}

// killed kills the machine that hears at the instant in which a file of somebody's voice appears: while it is kept, or while it
// is sealed. The other machine is brought the same, and what is filed holds the whole of it, once.
func (v *shelved) killed(n int) {
	sound := aSound(fmt.Sprintf("zqkilledvoice%d", n), 900_000)
	w := v.walker(8_555_000_333+int64(n), "en", spokenPlan())
	folder, step := "drafts", "story"
	if n%2 == 0 {
		folder, step = "sealed", "check"
	}
	var back sync.WaitGroup
	strike := func() {
		h := v.hearer()
		before := v.lying(folder)
		back.Go(func() {
			for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(200 * time.Microsecond) {
				now, err := os.ReadDir(filepath.Join(v.dir, folder))
				if err == nil && len(now) > len(before) {
					break
				}
			}
			h.kill()
			h.serve()
		})
	}
	w.speaks("story", sound, false)
	if begin := w.about; step == "story" {
		w.about = func(at string) {
			if at == "story" {
				strike()
			}
			begin(at)
		}
	} else {
		w.at(step, strike)
	}
	if _, err := w.report(v.Context()); err != nil {
		v.Fatal(err)
	}
	back.Wait()
	if got := len(receipts(w.phone)); got != 1 || w.lost > 0 {
		v.Errorf("%d receipts, and somebody had to write again %d times", got, w.lost)
	}
	v.hears("ana", sound)
}

// whole says that no report lacks its voice, on either machine.
func (v *shelved) whole() {
	for _, m := range v.machines {
		if _, out, errs := m.try("check", "-config", m.config()); strings.Contains(out+errs, "the file of a voice message is missing") {
			v.Errorf("the check says\n%s%s", out, errs)
		}
	}
}
