package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"

	"filippo.io/age"
)

func sounds() [][]byte {
	var out [][]byte
	for _, n := range []int{0, 1, chunk - lengthPrefix, chunk - lengthPrefix + 1, 3*chunk + 7, MaxVoice} {
		s := make([]byte, n)
		_, _ = rand.Read(s)
		out = append(out, s)
	}
	return out
}

func TestVoiceIsForTheReadersOfItsMessage(t *testing.T) {
	a, b := must(NewIdentity(rand.Reader)), must(NewIdentity(rand.Reader))
	for _, sound := range sounds() {
		v, err := Voice(sound, []string{a.Public()}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(VoiceSizes(), len(v.File)) || bytes.Contains(v.File, sound) && len(sound) > 3 {
			t.Errorf("a sound of %d bytes is sealed as %d", len(sound), len(v.File))
		}
		got, err := OpenVoice(v.File, v.Key, v.Sum)
		if err != nil || !bytes.Equal(got, sound) {
			t.Fatalf("it opens to %d bytes: %v", len(got), err)
		}
		// Any age program opens it with a reader's key, and with nobody else's.
		if got, err := openSound(v.File, a); err != nil || !bytes.Equal(got, sound) {
			t.Errorf("the reader gets %d bytes: %v", len(got), err)
		}
		if _, err := openSound(v.File, b); !errors.Is(err, ErrNotForYou) {
			t.Errorf("somebody else gets %v", err)
		}
	}
	if _, err := Voice(make([]byte, MaxVoice+1), []string{a.Public()}, rand.Reader); !errors.Is(err, ErrTooLong) {
		t.Errorf("one byte more: %v", err)
	}
	v, err := Voice([]byte("sound"), []string{a.Public()}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Voice([]byte("other"), []string{a.Public()}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenVoice(other.File, other.Key, v.Sum); !errors.Is(err, ErrTampered) {
		t.Errorf("another sound in its place: %v", err)
	}
	v.File[len(v.File)-1] ^= 1
	if _, err := OpenVoice(v.File, v.Key, v.Sum); !errors.Is(err, ErrTampered) {
		t.Errorf("changed: %v", err)
	}
	if _, err := OpenVoice(v.File, v.Key[1:], v.Sum); !errors.Is(err, ErrBadKey) {
		t.Errorf("a short key: %v", err)
	}
	if s := fmt.Sprintf("%v %+v %#v", v, &v, v); bytes.Contains([]byte(s), v.Key) || s == "" {
		t.Error("the key is printed")
	}
}

func TestDraftVoice(t *testing.T) {
	for _, sound := range sounds() {
		name, file, err := DraftVoice(sound, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(DraftVoiceSizes(), len(file)) {
			t.Errorf("a sound of %d bytes is locked as %d", len(sound), len(file))
		}
		got, err := OpenDraftVoice(name, file)
		if err != nil || !bytes.Equal(got, sound) {
			t.Fatalf("it opens to %d bytes: %v", len(got), err)
		}
		another, _, err := DraftVoice(sound, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenDraftVoice(another, file); !errors.Is(err, ErrNotForYou) {
			t.Errorf("another name opens it: %v", err)
		}
		here, err := DraftVoicePlace(name)
		if err != nil {
			t.Fatal(err)
		}
		if there, _ := DraftVoicePlace(another); there == here {
			t.Error("two names have one place")
		}
	}
	for _, bad := range []string{"", "a", "../../etc/passwd", string(bytes.Repeat([]byte("A"), 44))} {
		if _, err := DraftVoicePlace(bad); !errors.Is(err, ErrBadKey) {
			t.Errorf("%q is a name: %v", bad, err)
		}
	}
}

func TestHandOutVoice(t *testing.T) {
	a, b := must(NewIdentity(rand.Reader)), must(NewIdentity(rand.Reader))
	for _, size := range HandOutVoiceSizes() {
		if slices.Contains(HandOutSizes(), size) {
			t.Errorf("a packet and a voice message both have %d bytes", size)
		}
	}
	for _, sound := range sounds() {
		v, err := Voice(sound, []string{a.Public()}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		out, err := HandOutVoice([16]byte{1}, [16]byte{2}, v.File, b.Public())
		if err != nil || !slices.Contains(HandOutVoiceSizes(), len(out)) {
			t.Fatalf("%d bytes are handed out: %v", len(out), err)
		}
		report, voice, file, err := OpenHandOutVoice(out, b)
		if err != nil || report != [16]byte{1} || voice != [16]byte{2} || !bytes.Equal(file, v.File) {
			t.Errorf("it opens to %v %v %d: %v", report, voice, len(file), err)
		}
		if _, _, _, err := OpenHandOutVoice(out, a); !errors.Is(err, ErrNotForYou) {
			t.Errorf("somebody else: %v", err)
		}
		if _, err := OpenHandOut(out, b); !errors.Is(err, ErrMalformed) {
			t.Errorf("it is taken for a packet: %v", err)
		}
	}
}

// Foreign bytes never open, and never make the parser fall.
func FuzzOpenHandOutVoice(f *testing.F) {
	id, err := NewIdentity(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	v, err := Voice([]byte("OggS"), []string{id.Public()}, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(voiceLine))
	f.Add(append([]byte(voiceLine), v.File...))
	f.Fuzz(func(t *testing.T, body []byte) {
		to, err := recipient(id.Public())
		if err != nil {
			t.Fatal(err)
		}
		if len(body) > chunk {
			body = body[:chunk]
		}
		plain, err := pad(body, chunk+voiceHead)
		if err != nil {
			t.Fatal(err)
		}
		out, err := encrypt(plain, []age.Recipient{to})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, file, err := OpenHandOutVoice(out, id); err == nil && CheckVoice(file) != nil {
			t.Error("what is no voice message was taken for one")
		}
	})
}
