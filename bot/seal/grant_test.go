package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A copy opens for those whom it names and for nobody else, says the very words of the message, and looks like a message.
func TestCopy(t *testing.T) {
	seed, old, joins, stranger := must(NewSeed(rand.Reader)), newPerson(t), newPerson(t), newPerson(t)
	for _, body := range []string{"we heard you", strings.Repeat("ظلم ", 3000)} {
		message := newMessage(t, body, old.Public())
		h := Header{
			Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy",
			Readers: []Reader{{"joins", joins.Public()}, {"ana", old.Public()}},
		}
		g, err := SignCopy(seed, h, message, rand.Reader, old)
		if err != nil {
			t.Fatal(err)
		}
		if h.Readers[0].ID != "joins" {
			t.Error("the caller's readers were sorted")
		}
		file := must(g.File(message))
		if err := CheckMessage(file); err != nil || len(file) != len(message) || bytes.Equal(file[:headSize], message[:headSize]) {
			t.Error("a copy does not look like a message of the same size:", err)
		}
		if !bytes.Equal(file[headSize:], message[headSize:]) {
			t.Error("a copy has another payload")
		}
		for _, id := range []Identity{old, joins} {
			if got, err := OpenMessage(file, id); err != nil || string(got) != body {
				t.Errorf("it does not open: %v", err)
			}
		}
		_, err = OpenMessage(file, stranger)
		wantErr(t, err, ErrNotForYou)
		_, err = OpenMessage(message, joins)
		wantErr(t, err, ErrNotForYou)
		if err := g.Verify(seed.Public(), message); err != nil {
			t.Error(err)
		}
		wantErr(t, g.Verify(must(NewSeed(rand.Reader)).Public(), message), ErrSignature)
		wantErr(t, g.Verify(seed.Public(), newMessage(t, body, old.Public())), ErrSignature)
		wantErr(t, g.Verify(seed.Public(), nil), ErrMalformed)

		// Whoever came by a copy seals it on.
		more := newPerson(t)
		h.Readers = []Reader{{"more", more.Public()}}
		again := must(SignCopy(seed, h, file, rand.Reader, joins))
		if got, err := OpenMessage(must(again.File(message)), more); err != nil || string(got) != body {
			t.Errorf("a copy of a copy: %v", err)
		}
		_, err = SignCopy(seed, h, message, rand.Reader, stranger)
		wantErr(t, err, ErrNotForYou)
		_, err = SignCopy(seed, h, message, rand.Reader)
		wantErr(t, err, ErrNotForYou)
		damaged := bytes.Clone(message)
		damaged[headSize-2] ^= 1
		if _, err = SignCopy(seed, h, damaged, rand.Reader, old); err == nil {
			t.Error("a damaged head was sealed on")
		}
	}
}

// What a forger can put in front of a payload opens nothing else than the payload.
func TestCopyBindsTheWords(t *testing.T) {
	seed, old, joins := must(NewSeed(rand.Reader)), newPerson(t), newPerson(t)
	told, forged := newMessage(t, "what was told", old.Public()), newMessage(t, "what was not", old.Public(), joins.Public())
	h := Header{Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy", Readers: []Reader{{"joins", joins.Public()}}}
	g := must(SignCopy(seed, h, forged, rand.Reader, old))
	_, err := OpenMessage(must(g.File(told)), joins)
	wantErr(t, err, ErrTampered)
	wantErr(t, g.Verify(seed.Public(), told), ErrSignature)
}

func TestGrantFiles(t *testing.T) {
	seed, ana := must(NewSeed(rand.Reader)), newPerson(t)
	message := newMessage(t, "x", ana.Public())
	who := []Reader{{"ana", ana.Public()}}
	share := must(SignShare(seed, Header{Report: [16]byte{1}, Message: [16]byte{9}, Kind: "share", Readers: who}))
	one := must(SignCopy(seed, Header{Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy", Readers: who}, message, rand.Reader, ana))
	grants := []Grant{share}
	for range 1300 {
		grants = append(grants, one)
	}
	files := must(GrantFiles(grants))
	var back []Grant
	for _, f := range files {
		if len(f) > MaxGrants || !bytes.HasPrefix(f, []byte("amana grants 1\n")) {
			t.Errorf("a file of %d bytes", len(f))
		}
		back = append(back, must(ParseGrants(f))...)
	}
	if len(files) != 3 || len(back) != len(grants) || !cmp.Equal(back[0], share) || !cmp.Equal(back[1300], one) {
		t.Errorf("%d grants in %d files came back as %d", len(grants), len(files), len(back))
	}
	if files, err := GrantFiles(nil); err != nil || len(files) != 0 {
		t.Error("nothing to write, and a file")
	}

	good := must(GrantFiles([]Grant{share, one}))[0]
	everyByte(good, 700, 29, func(at int, changed []byte) {
		grants, err := ParseGrants(changed)
		for _, g := range grants {
			err = errors.Join(err, g.Verify(seed.Public(), message))
		}
		if err == nil {
			t.Errorf("byte %d changed unnoticed", at)
		}
	})
	for n := 0; n < len(good); n += 7 {
		if _, err := ParseGrants(good[:n]); err == nil {
			t.Errorf("cut to %d bytes unnoticed", n)
		}
	}
	other := one
	other.Header.Report[0] = 7
	for what, grants := range map[string][]Grant{
		"two reports":             {share, other},
		"a share of two":          {{Header: Header{Kind: "share", Message: [16]byte{1}, Readers: named("a", "b")}, Signature: share.Signature}},
		"a share with a head":     {{Header: share.Header, Signature: share.Signature, Head: one.Head}},
		"a copy without its head": {{Header: one.Header, Signature: one.Signature}},
		"no id":                   {{Header: Header{Kind: "share", Readers: who}, Signature: share.Signature}},
		"a state":                 {{Header: Header{Kind: "share", Message: [16]byte{1}, State: "closed", Readers: who}, Signature: share.Signature}},
	} {
		if _, err := GrantFiles(grants); err == nil {
			t.Errorf("%s: written", what)
		}
	}
	_, err := SignShare(seed, Header{Kind: "share", Message: [16]byte{1}, Readers: named("a", "b")})
	wantErr(t, err, ErrMalformed)
	_, err = SignCopy(seed, Header{Message: [16]byte{1}, Kind: "copy", Readers: who}, message, rand.Reader, ana)
	wantErr(t, err, ErrMalformed)
}

// A share and an answer cannot be taken for one another, though the seed be the same.
func TestGrantIsNoAnswer(t *testing.T) {
	seed, ana := must(NewSeed(rand.Reader)), newPerson(t)
	message := newMessage(t, "x", ana.Public())
	h := Header{Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy", Readers: []Reader{{"ana", ana.Public()}}}
	g := must(SignCopy(seed, h, message, rand.Reader, ana))
	dressed := append(append16([]byte(answerLine), g.Header.append(nil)), g.Signature...)
	_, err := ParseAnswer(append(dressed, must(g.File(message))...))
	wantErr(t, err, ErrMalformed)
	h.Of = [16]byte{}
	answer := must(ParseAnswer(must(SignAnswer(seed, h, message))))
	wantErr(t, Grant{Header: answer.Header, Signature: answer.Signature}.Verify(seed.Public(), nil), ErrSignature)
}
