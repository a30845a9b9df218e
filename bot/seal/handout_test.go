package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newPacket(t *testing.T, coordinator CoordinatorKey, reader Identity, messages int) Packet {
	t.Helper()
	p := Packet{Report: [16]byte{7}, Part: 1, Parts: 1, Roster: []byte("roster 3"), RosterSignature: SignRoster(coordinator, []byte("roster 3"))}
	var two [2][]byte // sealing sixty takes long with the race detector
	for i := range two {
		two[i] = newMessage(t, fmt.Sprint("message ", i), reader.Public())
	}
	for i := range messages {
		p.Thread = append(p.Thread, Item{ID: [16]byte{byte(i), 1}, File: two[i%2]})
	}
	for _, role := range []string{"reader", "recovery"} {
		p.Cards = append(p.Cards, SignCard(coordinator, Card{Version: 3, ID: "fp-1", Name: "Amina, صحة", Role: role, Key: reader.Public()}))
	}
	return p
}

func TestHandOut(t *testing.T) {
	if d := cmp.Diff([]int{65736, 262392, 1049016}, HandOutSizes()); d != "" {
		t.Fatal(d)
	}
	coordinator := must(NewCoordinatorKey(rand.Reader))
	reader, stranger := newPerson(t), newPerson(t)
	for messages, size := range map[int]int{0: 65736, 1: 65736, 11: 65736, 12: 262392, 45: 262392, 46: 1049016} {
		p := newPacket(t, coordinator, reader, messages)
		file := must(HandOut(p, reader.Public()))
		if len(file) != size {
			t.Errorf("%d messages: %d bytes, want %d", messages, len(file), size)
		}
		got, err := OpenHandOut(file, reader)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p, got) { // cmp is slow on long bytes
			t.Errorf("%d messages: another packet came back", messages)
		}
		for _, c := range got.Cards {
			if err := c.Verify(coordinator.Public()); err != nil {
				t.Error(err)
			}
		}
		for i, m := range got.Thread[:min(3, messages)] {
			if body := must(OpenMessage(m.File, reader)); string(body) != fmt.Sprint("message ", i%2) {
				t.Errorf("message %d says %q", i, body)
			}
		}
		_, err = OpenHandOut(file, stranger)
		wantErr(t, err, ErrNotForYou)
	}
}

func TestHandOutNoticesTampering(t *testing.T) {
	reader := newPerson(t)
	file := must(HandOut(newPacket(t, must(NewCoordinatorKey(rand.Reader)), reader, 1), reader.Public()))
	everyByte(file, sealedSize(1, 0)-chunkTag, 701, func(at int, changed []byte) {
		if _, err := OpenHandOut(changed, reader); err == nil {
			t.Errorf("byte %d changed unnoticed", at)
		}
	})
	for _, n := range []int{0, 100, 184, len(file) - 1} {
		_, err := OpenHandOut(file[:n], reader)
		wantErr(t, err, ErrMalformed)
	}
	_, err := HandOut(Packet{Part: 1, Parts: 1, Thread: []Item{{File: []byte("no message")}}}, reader.Public())
	wantErr(t, err, ErrMalformed)
	_, err = HandOut(Packet{}, reader.Public())
	wantErr(t, err, ErrMalformed)
	_, err = HandOut(Packet{Part: 1, Parts: 1}, reader.Reveal())
	wantErr(t, err, ErrBadKey)
}

// A thread that outgrows the largest size is handed out in parts, whole and in order.
func TestLongThreadsTravelInParts(t *testing.T) {
	reader := newPerson(t)
	p := newPacket(t, must(NewCoordinatorKey(rand.Reader)), reader, 1)
	long := must(Message(make([]byte, MaxBody), []string{reader.Public()}, "", rand.Reader))
	for range 70 {
		p.Thread = append(p.Thread, Item{File: long})
	}
	_, err := HandOut(p, reader.Public())
	wantErr(t, err, ErrTooLong)
	var thread []Item
	parts := Split(p)
	for i, part := range parts {
		got := must(OpenHandOut(must(HandOut(part, reader.Public())), reader))
		if got.Part != i+1 || got.Parts != len(parts) || len(got.Cards) != 2 || got.Report != p.Report {
			t.Errorf("part %d of %d with %d cards", got.Part, got.Parts, len(got.Cards))
		}
		thread = append(thread, got.Thread...)
	}
	if len(parts) != 3 || !reflect.DeepEqual(thread, p.Thread) {
		t.Errorf("%d parts hold %d of %d files", len(parts), len(thread), len(p.Thread))
	}
	if short := Split(Packet{}); len(short) != 1 || short[0].Part != 1 || short[0].Parts != 1 {
		t.Errorf("an empty thread gives %v", short)
	}
}

func TestCardsAreSigned(t *testing.T) {
	coordinator, other := must(NewCoordinatorKey(rand.Reader)), must(NewCoordinatorKey(rand.Reader))
	card := SignCard(coordinator, Card{Version: 3, ID: "fp-1", Name: "Amina", Role: "reader", Key: newPerson(t).Public()})
	if err := card.Verify(coordinator.Public()); err != nil {
		t.Fatal(err)
	}
	wantErr(t, card.Verify(other.Public()), ErrSignature)
	wantErr(t, card.Verify("nobody"), ErrBadKey)
	for what, change := range map[string]func(*Card){
		"version":   func(c *Card) { c.Version++ },
		"id":        func(c *Card) { c.ID = "fp-2" },
		"name":      func(c *Card) { c.Name = "Omar" },
		"role":      func(c *Card) { c.Role = "recovery" },
		"key":       func(c *Card) { c.Key = newPerson(t).Public() },
		"parts":     func(c *Card) { c.ID, c.Name = "fp-1A", "mina" },
		"signature": func(c *Card) { c.Signature = c.Signature[1:] },
	} {
		c := card
		change(&c)
		if err := c.Verify(coordinator.Public()); !errors.Is(err, ErrSignature) {
			t.Errorf("another %s: %v", what, err)
		}
	}
	// A signature on a roster is none on a card, though the bytes be the same.
	card.Signature = SignRoster(coordinator, card.statement())
	wantErr(t, card.Verify(coordinator.Public()), ErrSignature)
}

// What says nothing of the audit chain has the form of before there was one; what ends with it is of another version, and what
// only a newer program knows is told from what is damaged.
func TestHandOutVersions(t *testing.T) {
	p := newPacket(t, must(NewCoordinatorKey(rand.Reader)), must(NewIdentity(rand.Reader)), 1)
	first := p.append(nil)
	p.Trail = Trail{Lines: 3, Links: [][]byte{make([]byte, LinkSize)}}
	second := p.append(nil)
	for want, body := range map[string][]byte{"amana handout 1\n": first, "amana handout 2\n": second} {
		got, err := parsePacket(body)
		if err != nil || !bytes.HasPrefix(body, []byte(want)) || !got.Trail.Equal(map[bool]Trail{true: p.Trail}[bytes.Equal(body, second)]) {
			t.Errorf("%q: %+v, %v", body[:16], got.Trail, err)
		}
	}
	for line, newer := range map[string]bool{
		"amana handout 1\n": false, "amana handout 3\n": true, "amana handout 120\n": true, "amana handout 03\n": false, "amana handout x\n": false, "amana handout \n": false,
	} {
		_, err := parsePacket(append([]byte(line), second[16:]...))
		if !errors.Is(err, ErrMalformed) || errors.Is(err, ErrNewer) != newer {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := parsePacket(append([]byte("amana handout 2\n"), first[16:]...)); err == nil {
		t.Error("an audit chain that was cut off is taken")
	}
}
