package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var november = time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)

// steady gives the same random bytes in every run.
func steady(seed byte) *mathrand.ChaCha8 { return mathrand.NewChaCha8([32]byte{seed}) }

func newHouse(t *testing.T) *House {
	t.Helper()
	h, err := CreateHouse(filepath.Join(t.TempDir(), "keys"), november, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func newPerson(t *testing.T) Identity {
	t.Helper()
	id, err := NewIdentity(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newPeople(t *testing.T, n int) (ids []Identity, public []string) {
	t.Helper()
	for range n {
		id := newPerson(t)
		ids, public = append(ids, id), append(public, id.Public())
	}
	return ids, public
}

func newMessage(t *testing.T, body string, readers ...string) []byte {
	t.Helper()
	file, err := Message([]byte(body), readers, "", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// named gives readers with keys that belong to their ids, the same in every run.
func named(ids ...string) (out []Reader) {
	for _, id := range ids {
		seed := [32]byte{}
		copy(seed[:], id)
		out = append(out, Reader{ID: id, Key: must(NewIdentity(mathrand.NewChaCha8(seed))).Public()})
	}
	return out
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// everyByte calls try with copies of data in each of which one byte is changed: every one of the first bytes, where the
// structure is, and every step-th of the others.
func everyByte(data []byte, first, step int, try func(at int, changed []byte)) {
	for i := 0; i < len(data); i++ {
		if i >= first && (i-first)%step != 0 && i != len(data)-1 {
			continue
		}
		c := bytes.Clone(data)
		c[i] ^= 1 << (i % 8)
		try(i, c)
	}
}

func base64Raw(s string) ([]byte, error) { return base64.RawStdEncoding.DecodeString(s) }
