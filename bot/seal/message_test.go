package seal

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
)

func TestMessageSizesAreFour(t *testing.T) {
	if d := cmp.Diff([]int{5766, 9862, 18054, 34438}, MessageSizes()); d != "" {
		t.Fatal(d)
	}
	reader := newPerson(t)
	for length, size := range map[int]int{
		0: 5766, 1: 5766, 4092: 5766, 4093: 9862, 8188: 9862, 8189: 18054, 16380: 18054, 16381: 34438, MaxBody: 34438,
	} {
		body := bytes.Repeat([]byte{0xff}, length)
		file := must(Message(body, []string{reader.Public()}, "", rand.Reader))
		if len(file) != size {
			t.Errorf("%d bytes: a file of %d, want %d", length, len(file), size)
		}
		if got, err := OpenMessage(file, reader); err != nil || !bytes.Equal(got, body) {
			t.Errorf("%d bytes: %d came back, %v", length, len(got), err)
		}
	}
	_, err := Message(make([]byte, MaxBody+1), []string{reader.Public()}, "", rand.Reader)
	wantErr(t, err, ErrTooLong)
}

// Whoever reads, from outside two messages differ in nothing but random bytes.
func TestMessageHasSixteenPlaces(t *testing.T) {
	_, readers := newPeople(t, MaxReaders)
	reporter := newPerson(t)
	for _, n := range []int{1, 2, 7, 14, 15} {
		for _, to := range []string{"", reporter.Public(), readers[0]} {
			file := must(Message([]byte("x"), readers[:n], to, rand.Reader))
			head := must(age.ExtractHeader(bytes.NewReader(file)))
			if got := bytes.Count(head, []byte("\n-> X25519 ")); got != Places {
				t.Errorf("%d readers: %d places", n, got)
			}
			if got := bytes.Count(head, []byte("\n-> ")); got != Places {
				t.Errorf("%d readers: %d places of any kind", n, got)
			}
			if err := CheckMessage(file); err != nil {
				t.Error(err)
			}
			distinct := map[string]bool{}
			for _, line := range bytes.Split(head, []byte("\n")) {
				distinct[string(line)] = true
			}
			if want := 1 + 2*Places + 1 + 1; len(distinct) != want {
				t.Errorf("%d different lines in a head, want %d", len(distinct), want)
			}
		}
	}
	_, err := Message(nil, nil, reporter.Public(), rand.Reader)
	wantErr(t, err, ErrReaders)
	_, more := newPeople(t, MaxReaders+1)
	_, err = Message(nil, more, "", rand.Reader)
	wantErr(t, err, ErrReaders)
	if _, err := Message(nil, append(readers, readers...), "", rand.Reader); err != nil {
		t.Errorf("repeated readers: %v", err)
	}
}

func TestMessageOpensForItsReadersAlone(t *testing.T) {
	people, readers := newPeople(t, 3)
	reporter, stranger := newPerson(t), newPerson(t)
	const body = "ما حدث"
	with := must(Message([]byte(body), readers, reporter.Public(), rand.Reader))
	without := newMessage(t, body, readers...)
	for _, p := range append(people, reporter) {
		if got, err := OpenMessage(with, stranger, p); err != nil || string(got) != body {
			t.Errorf("%q, %v", got, err)
		}
	}
	_, err := OpenMessage(with, stranger)
	wantErr(t, err, ErrNotForYou)
	_, err = OpenMessage(without, reporter)
	wantErr(t, err, ErrNotForYou)
	_, err = OpenMessage(with)
	wantErr(t, err, ErrNotForYou)
	_, err = OpenMessage(with, Identity{})
	wantErr(t, err, ErrNotForYou)
}

// placeOf gives the place that an identity opens, by giving it one place at a time.
func placeOf(t *testing.T, file []byte, id Identity) int {
	t.Helper()
	for i := range Places {
		lines := strings.Split(string(file[len(ageIntro)+i*placeSize:]), "\n")
		body := must(base64Raw(lines[1]))
		s := &age.Stanza{Type: "X25519", Args: []string{strings.TrimPrefix(lines[0], placeStart)}, Body: body}
		if _, err := id.key().Unwrap([]*age.Stanza{s}); err == nil {
			return i
		}
	}
	t.Fatal("no place opens")
	return -1
}

// Over many messages a reader and the reporter stand in every place about equally often.
func TestPlacesTellNothing(t *testing.T) {
	people, readers := newPeople(t, 2)
	reporter := newPerson(t)
	seed := steady(4)
	const rounds = 48 // 3 expected in each of 16 places
	people = []Identity{people[0], reporter}
	count := make([][Places]int, len(people))
	for range rounds {
		file := must(Message(nil, readers, reporter.Public(), seed))
		for i, p := range people {
			count[i][placeOf(t, file, p)]++
		}
	}
	for i := range people {
		var chi float64
		for _, n := range count[i] {
			d := float64(n) - rounds/Places
			chi += d * d / (rounds / Places)
		}
		if chi > 37.7 { // 15 degrees of freedom, one in a thousand; the shuffle is the same in every run
			t.Errorf("person %d of %d stands at %v, chi² %.1f", i, len(people), count[i], chi)
		}
	}
}

func TestMessageNoticesEveryByte(t *testing.T) {
	reader := newPerson(t)
	file := newMessage(t, "words", reader.Public())
	everyByte(file, len(ageIntro)+placeSize, 43, func(at int, changed []byte) {
		got, err := OpenMessage(changed, reader)
		if err == nil || got != nil {
			t.Errorf("byte %d changed unnoticed", at)
		}
		if !errors.Is(err, ErrTampered) && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrNotForYou) {
			t.Errorf("byte %d: %v", at, err)
		}
	})
	for _, n := range []int{0, 1, 22, 120, 5765} {
		_, err := OpenMessage(file[:n], reader)
		wantErr(t, err, ErrMalformed)
	}
	_, err := OpenMessage(append(bytes.Clone(file), 0), reader)
	wantErr(t, err, ErrMalformed)
}

// Files that age opens and that are not of our form are refused before a key is tried.
func TestForeignAgeFiles(t *testing.T) {
	reader := newPerson(t)
	own := reader.key().Recipient()
	places := func(n int) (out []age.Recipient) {
		for range n {
			out = append(out, own)
		}
		return out
	}
	plain := make([]byte, 4096)
	bad := bytes.Clone(plain)
	bad[4000] = 1 // behind the end of an empty body
	long := bytes.Clone(plain)
	long[0] = 0xff // longer than the file
	odd := must(encrypt(make([]byte, 4096+98), places(15)))
	if len(odd) != 5766 {
		t.Fatalf("the odd file has %d bytes", len(odd))
	}
	for what, file := range map[string][]byte{
		"one place":        must(encrypt(plain, places(1))),
		"seventeen places": must(encrypt(plain, places(17))),
		"right length":     odd,
		"behind the end":   must(encrypt(bad, places(16))),
		"length beyond":    must(encrypt(long, places(16))),
	} {
		if _, err := OpenMessage(file, reader); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestShuffleFavoursNone(t *testing.T) {
	seed := steady(5)
	var count [3][3]int
	for range 6000 {
		s := []int{0, 1, 2}
		if err := shuffle(s, seed); err != nil {
			t.Fatal(err)
		}
		for place, v := range s {
			count[place][v]++
		}
	}
	for _, row := range count {
		for _, n := range row {
			if n < 1850 || n > 2150 {
				t.Errorf("%v", count)
			}
		}
	}
	if err := shuffle(make([]int, 3), strings.NewReader("abc")); err == nil {
		t.Error("shuffled without randomness")
	}
}

// TestNobodysShare asks that a place of nobody holds what X25519 would put there: a point of the same kind as in every other
// place, or whoever counts could tell them apart.
func TestNobodysShare(t *testing.T) {
	for n := range byte(50) {
		secret := bytes.Repeat([]byte{n * 5}, 32)
		places, err := nobody{bytes.NewReader(append(secret, make([]byte, 32)...))}.Wrap(nil)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ecdh.X25519().NewPrivateKey(secret)
		if err != nil {
			t.Fatal(err)
		}
		if want := base64.RawStdEncoding.EncodeToString(key.PublicKey().Bytes()); places[0].Args[0] != want {
			t.Fatalf("secret %x: share %s, want %s", secret, places[0].Args[0], want)
		}
	}
}
