package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newAnswer(t *testing.T) (seed Seed, h Header, file []byte) {
	t.Helper()
	seed = must(NewSeed(rand.Reader))
	h = Header{
		Report: [16]byte{1}, Message: [16]byte{2}, Kind: "answer", State: "referred",
		Readers: named("fp-1", "fp-2", "recovery-1"), Nudge: make([]byte, NudgeSize),
	}
	return seed, h, newMessage(t, "we heard you", newPerson(t).Public())
}

func TestAnswer(t *testing.T) {
	seed, h, file := newAnswer(t)
	shuffled := h
	shuffled.Readers = named("recovery-1", "fp-1", "fp-2")
	answer := must(SignAnswer(seed, shuffled, file))
	if shuffled.Readers[0].ID != "recovery-1" {
		t.Error("the caller's readers were sorted")
	}
	if !bytes.HasPrefix(answer, []byte("amana answer 1\n")) || len(answer) > MaxAnswer() {
		t.Error("the file does not say what it is")
	}
	got := must(ParseAnswer(answer))
	if d := cmp.Diff(h, got.Header); d != "" {
		t.Error(d)
	}
	if !bytes.Equal(got.File, file) {
		t.Error("another age file")
	}
	if err := got.Verify(seed.Public()); err != nil {
		t.Error(err)
	}
	// The signature is the one that the protocol writes down.
	sum := sha256.Sum256(file)
	blob := sha256.Sum256(h.Nudge)
	bareHeader := bytes.Replace(h.append(nil), append16(nil, h.Nudge), append16(nil, blob[:]), 1)
	said := append(append([]byte("amana/1"), bareHeader...), sum[:]...)
	if !ed25519.Verify(seed.Public(), said, got.Signature) {
		t.Error("signed something else")
	}
	wantErr(t, got.Verify(must(NewSeed(rand.Reader)).Public()), ErrSignature)
	wantErr(t, got.Verify(nil), ErrSignature)
	// It verifies without the return address, and not with another or without any.
	got.Header = h.Bare()
	if err := got.Verify(seed.Public()); err != nil || len(got.Header.Nudge) != sha256.Size {
		t.Error("bare:", err)
	}
	for _, nudge := range [][]byte{nil, bytes.Repeat([]byte{1}, NudgeSize), make([]byte, sha256.Size)} {
		got.Header.Nudge = nudge
		wantErr(t, got.Verify(seed.Public()), ErrSignature)
	}

	bare := Header{Kind: "note", Readers: named("fp-1")}
	got = must(ParseAnswer(must(SignAnswer(seed, bare, file))))
	if d := cmp.Diff(bare, got.Header); d != "" {
		t.Error(d)
	}
}

// One bit anywhere, and the answer is refused.
func TestAnswerNoticesEveryByte(t *testing.T) {
	seed, h, file := newAnswer(t)
	answer := must(SignAnswer(seed, h, file))
	everyByte(answer, len(answer)-len(file), 17, func(at int, changed []byte) {
		a, err := ParseAnswer(changed)
		if err == nil {
			err = a.Verify(seed.Public())
		}
		if err == nil {
			t.Errorf("byte %d changed unnoticed", at)
		} else if !errors.Is(err, ErrSignature) && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrReaders) {
			t.Errorf("byte %d: %v", at, err)
		}
	})
	for n := 0; n < len(answer); n += 13 {
		if _, err := ParseAnswer(answer[:n]); err == nil {
			t.Errorf("cut to %d bytes unnoticed", n)
		}
	}
	_, err := ParseAnswer(append(answer, 'x'))
	wantErr(t, err, ErrMalformed)
	_, err = ParseAnswer(append(answer, make([]byte, 1<<20)...))
	wantErr(t, err, ErrMalformed)
}

func TestHeaderHasOneSpelling(t *testing.T) {
	seed, good, file := newAnswer(t)
	for what, change := range map[string]func(*Header){
		"no kind":         func(h *Header) { h.Kind = "" },
		"kind in letters": func(h *Header) { h.Kind = "Answer" },
		"long kind":       func(h *Header) { h.Kind = strings.Repeat("a", 33) },
		"odd state":       func(h *Header) { h.State = "read\n" },
		"no readers":      func(h *Header) { h.Readers = nil },
		"many readers":    func(h *Header) { h.Readers = named(strings.Split("abcdefghijklmnop", "")...) },
		"a reader twice":  func(h *Header) { h.Readers = named("a", "a") },
		"empty reader":    func(h *Header) { h.Readers = named("") },
		"reader in words": func(h *Header) { h.Readers = named("a b") },
		"long reader":     func(h *Header) { h.Readers = named(strings.Repeat("a", 65)) },
		"a secret key":    func(h *Header) { h.Readers = []Reader{{"a", must(NewIdentity(steady(1))).Reveal()}} },
		"no key":          func(h *Header) { h.Readers = []Reader{{"a", ""}} },
		"a copy":          func(h *Header) { h.Of[3] = 1 },
		"a bare header":   func(h *Header) { *h = h.Bare() },
		"short address":   func(h *Header) { h.Nudge = h.Nudge[1:] },
	} {
		h := good
		change(&h)
		if _, err := SignAnswer(seed, h, file); err == nil {
			t.Errorf("%s: signed", what)
		}
		if strings.HasPrefix(what, "a copy") || strings.HasPrefix(what, "a bare") { // a good header, but none of an answer
			continue
		}
		if got, err := parseHeader(h.append(nil)); err == nil && cmp.Equal(got, h) {
			t.Errorf("%s: read", what)
		}
	}
	unsorted := good
	unsorted.Readers = named("b", "a")
	if _, err := parseHeader(unsorted.append(nil)); err == nil {
		t.Error("read readers in another order")
	}
	if _, err := SignAnswer(seed, good, []byte("no age file")); err == nil {
		t.Error("signed what is no message")
	}
	most := good
	most.Kind, most.State, most.Readers = strings.Repeat("k", maxName), strings.Repeat("s", maxName), nil
	for i := range MaxReaders {
		most.Readers = append(most.Readers, named(strings.Repeat("r", maxReaderID-1)+string(rune('a'+i)))...)
	}
	long := must(Message(make([]byte, MaxBody), []string{newPerson(t).Public()}, "", rand.Reader))
	if got := len(must(SignAnswer(seed, most, long))); got != MaxAnswer() {
		t.Errorf("the longest answer has %d bytes, MaxAnswer says %d", got, MaxAnswer())
	}
}

func TestSeed(t *testing.T) {
	seed := must(NewSeed(rand.Reader))
	if back := must(ParseSeed(seed.Reveal())); !bytes.Equal(back.Public(), seed.Public()) {
		t.Error("another seed came back")
	}
	_, err := ParseSeed(make([]byte, 31))
	wantErr(t, err, ErrBadKey)
}
