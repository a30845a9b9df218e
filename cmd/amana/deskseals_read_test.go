package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// reading is one kind of foreign bytes, and the programs' way to read it.
type reading struct {
	do    string
	whole []byte
	read  func([]byte) error
	ask   func([]byte) asked // nil: the bytes as they are
}

// Foreign bytes that the programs take are taken by the pages, and those that they refuse are refused.
func TestDeskSealsReadAlike(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	c.full(t)
	file := func(f []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	device, err := seal.NewDeviceKey(dice(44))
	if err != nil {
		t.Fatal(err)
	}
	note := c.thread[1]
	grants := file(first(seal.GrantFiles([]seal.Grant{c.thread[5].Copies[0], {Header: *c.thread[6].Header, Signature: c.thread[6].Signature}})))
	enrolment := file(seal.Enrolment{Public: c.own.Public(), Wrapped: file(seal.Wrap(c.own, testPassphrase, device, cheap))}.Encode())
	body := c.body()
	body.Answers, body.Consents[0].Text = body.Answers[:3], "May this go on?"
	inside := file(ticket.Inside{Report: body}.Encode())
	roster := file((&ticket.Roster{Version: 3, Entries: c.entries[2:]}).Encode())
	packet := c.opened(t, file(seal.HandOut(c.packet(), c.own.Public())))
	for _, k := range []reading{
		{"parseAnswer", file(seal.SignAnswer(c.seed, *note.Header, note.File)), func(b []byte) error { _, err := seal.ParseAnswer(b); return err }, nil},
		{"parseGrants", grants, func(b []byte) error { _, err := seal.ParseGrants(b); return err }, nil},
		{"unwrap", enrolment, func(b []byte) error {
			e, err := seal.ParseEnrolment(b)
			if err == nil {
				_, err = seal.Unwrap(e.Wrapped, testPassphrase, device)
			}
			return err
		}, func(b []byte) asked {
			return asked{"file": b, "passphrase": testPassphrase, "code": device.RecoveryCode()}
		}},
		{"inside", inside, func(b []byte) error { _, err := ticket.DecodeInside(b); return err }, nil},
		{"roster", roster, func(b []byte) error { _, err := ticket.DecodeRoster(b); return err }, func(b []byte) asked { return asked{"statement": b} }},
		{"recovery", []byte(device.RecoveryCode()), func(b []byte) error { _, err := seal.ParseRecoveryCode(string(b)); return err }, func(b []byte) asked { return asked{"typed": string(b)} }},
		{"handout", packet, func(b []byte) error { _, err := seal.OpenHandOut(c.sealed(t, b), c.own); return err },
			func(b []byte) asked { return asked{"file": c.sealed(t, b), "secret": c.own.Reveal()} }},
	} {
		t.Run(k.do, func(t *testing.T) { k.compare(t) })
	}
}

// The end of the record that a reader has seen is read alike, whatever is written in its place.
func TestDeskSealsSawAlike(t *testing.T) {
	t.Parallel()
	var bodies [][]byte
	var ask []asked
	for _, kind := range []string{"note", "answer", "message"} {
		for _, saw := range []string{
			`{"lines":4,"link":"04000000000000000000000000000000"}`, `{"lines":4,"link":"0400000000000000000000000000000A"}`, `null`, `{}`, `[]`, `{"lines":0,"link":"04000000000000000000000000000000"}`,
			`{"lines":-1,"link":"04000000000000000000000000000000"}`, `{"lines":4}`, `{"lines":4,"link":"04"}`, `{"lines":4.5,"link":"04000000000000000000000000000000"}`,
			`{"lines":"4","link":"04000000000000000000000000000000"}`, `{"lines":4,"link":"04000000000000000000000000000000","more":1}`,
		} {
			for version := range 4 {
				b := fmt.Appendf(nil, `{"v":%d,"type":%q,%[2]q:{"id":"01020304050607080000000000000000","time":"2026-11-23T09:30:00Z","text":"x","saw":%s`, version, kind, saw)
				switch kind {
				case "note":
					b = append(b, `,"by":"bashir"`...)
				case "answer":
					b = append(b, `,"role":"backup","state":"read"`...)
				}
				bodies = append(bodies, append(b, "}}"...))
				ask = append(ask, asked{"do": "inside", "file": bodies[len(bodies)-1]})
			}
		}
	}
	taken := 0
	for n, got := range pages(t, ask...) {
		_, err := ticket.DecodeInside(bodies[n])
		if (err == nil) != (got.Word == "") || errors.Is(err, ticket.ErrNewer) != (got.Word == "newer") {
			t.Errorf("the page says %q, the program: %v\n%s", got.Word, err, bodies[n])
		}
		if err == nil {
			taken++
		}
	}
	if taken < 6 || taken > 12 {
		t.Errorf("%d of %d are taken", taken, len(bodies))
	}
}

func first(files [][]byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return files[0], nil
}

func (k reading) compare(t *testing.T) {
	r := rand.New(rand.NewPCG(1, uint64(len(k.do))))
	cases, most := [][]byte{k.whole}, 160
	if k.do == "handout" {
		for _, line := range []string{"amana handout 1\n", "amana handout 2\n", "amana handout 3\n", "amana handout 12\n", "amana handout 03\n", "amana handout \n", "amana handout 99999\n"} {
			cases = append(cases, append([]byte(line), k.whole[len(line):]...))
		}
	}
	if len(k.whole) > 16<<10 {
		most = 60
	}
	for len(cases) < most {
		b := mistake(r, k.whole)
		// Go reads names of JSON fields in any case, and turns what is no UTF-8 into marks; nobody here writes either.
		if json.Valid(k.whole) && (strings.EqualFold(string(b), string(k.whole)) || !bytes.Equal(bytes.ToValidUTF8(b, nil), b)) {
			continue
		}
		if k.do == "recovery" && !bytes.Equal(bytes.ToValidUTF8(b, nil), b) {
			continue
		}
		cases = append(cases, b)
	}
	var ask []asked
	for _, b := range cases {
		a := asked{"file": b}
		if k.ask != nil {
			a = k.ask(b)
		}
		a["do"] = k.do
		ask = append(ask, a)
	}
	taken := 0
	for n, got := range pages(t, ask...) {
		err := k.read(cases[n])
		if err == nil {
			taken++
		}
		if (err == nil) != (got.Word == "") || k.do == "handout" && errors.Is(err, seal.ErrNewer) != (got.Word == "newer") {
			t.Errorf("case %d: the page says %q, the program: %v\n%q", n, got.Word, err, short(cases[n]))
		}
	}
	t.Logf("%d of %d are taken", taken, len(cases))
	if taken == 0 || taken == len(cases) {
		t.Errorf("%d of %d are taken: the cases prove nothing", taken, len(cases))
	}
}

func short(b []byte) string { return fmt.Sprintf("%.1500s", b) }

// mistake changes something in a file, mostly near its beginning, where its form stands.
func mistake(r *rand.Rand, whole []byte) []byte {
	b := bytes.Clone(whole)
	at := r.IntN(len(b))
	if r.IntN(3) > 0 {
		at = r.IntN(min(len(b), 600))
	}
	switch r.IntN(6) {
	case 0:
		return b[:at]
	case 1:
		return append(b, b[at:min(len(b), at+5)]...)
	case 2:
		return bytes.Join([][]byte{b[:at], b[max(0, at-r.IntN(30)):]}, nil)
	case 3:
		return append(b[:at], b[min(len(b), at+1+r.IntN(8)):]...)
	case 4:
		b[at] = byte(r.IntN(256))
	default:
		b[at] ^= 1 << r.IntN(8)
	}
	return b
}

// opened gives what stands in a hand-out, without its padding.
func (c *court) opened(t *testing.T, file []byte) []byte {
	t.Helper()
	id, err := age.ParseX25519Identity(c.own.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(file), id)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain[4 : 4+binary.BigEndian.Uint32(plain)]
}

// sealed seals a body in the form of a hand-out, whatever stands in it.
func (c *court) sealed(t *testing.T, body []byte) []byte {
	t.Helper()
	plain := make([]byte, 64<<10)
	binary.BigEndian.PutUint32(plain, uint32(len(body)))
	copy(plain[4:], body)
	return ageFile(t, plain, c.own.Public())
}

// Texts that people type and that strangers write are shown alike.
func TestDeskSealsShowAlike(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, uint64(time.Saturday)))
	alphabet := []rune("a ب\t\n\r\u0085\u00a0\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\x00\x1b\x7fক্ষ👩")
	var ask []asked
	var said []string
	for range 200 {
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		said = append(said, b.String())
		ask = append(ask, asked{"do": "plain", "text": b.String()})
	}
	for n, got := range pages(t, ask...) {
		var shown []byte
		unmarshal(t, got.OK, &shown)
		if string(shown) != plain(said[n]) {
			t.Errorf("%q is shown as %q in the page, and as %q by `amana open`", said[n], shown, plain(said[n]))
		}
	}
}
