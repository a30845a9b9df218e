package seal

import (
	"crypto/rand"
	"testing"
)

func BenchmarkMessage(b *testing.B) {
	var readers []string
	for range 6 {
		readers = append(readers, must(NewIdentity(rand.Reader)).Public())
	}
	body := make([]byte, 3000)
	for b.Loop() {
		must(Message(body, readers, readers[0], rand.Reader))
	}
}

func BenchmarkOpenMessage(b *testing.B) {
	reader := must(NewIdentity(rand.Reader))
	file := must(Message(make([]byte, 3000), []string{reader.Public()}, "", rand.Reader))
	for b.Loop() {
		must(OpenMessage(file, reader))
	}
}

func BenchmarkHouse(b *testing.B) {
	h := must(CreateHouse(b.TempDir(), november, rand.Reader))
	place, plain := []byte("report/0123456789abcdef"), make([]byte, 600)
	for b.Loop() {
		value := must(h.Seal("2026-11-report", place, plain))
		if _, _, err := h.Open(place, value); err != nil {
			b.Fatal(err)
		}
	}
}

// One receipt and the names of all its mailboxes in two years.
func BenchmarkStretch(b *testing.B) {
	h := must(CreateHouse(b.TempDir(), november, rand.Reader))
	k := NewKiln()
	for b.Loop() {
		at := must(h.Stretch(b.Context(), k, receipt))
		for range 6 {
			for _, p := range h.Peppers() {
				_ = at.MailboxID(p)
			}
		}
	}
}
