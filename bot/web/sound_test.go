package web

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"testing"
)

// packet is one of speech of 20 ms, of some length.
func packet(n int) []byte { return append([]byte{0x08 | 1<<3}, bytes.Repeat([]byte{0xa5}, n)...) } // SILK, one frame

func spoken(n int) *opus {
	o := &opus{channels: 1, skip: 312}
	for i := range n {
		if err := o.add(packet(20 + i%500)); err != nil {
			panic(err)
		}
	}
	return o
}

func same(t *testing.T, got, want *opus) {
	t.Helper()
	if got.channels != want.channels || got.skip != want.skip || got.samples != want.samples || !slices.EqualFunc(got.packets, want.packets, bytes.Equal) {
		t.Errorf("the sound is another: %d packets and %d samples, want %d and %d", len(got.packets), got.samples, len(want.packets), want.samples)
	}
}

func TestOggRoundTrip(t *testing.T) {
	for _, n := range []int{1, 2, 49, 50, 51, 400} {
		want := spoken(n)
		file := want.ogg()
		got, err := readSound(file)
		if err != nil {
			t.Fatalf("%d packets: %v", n, err)
		}
		same(t, got, want)
		if again := got.ogg(); !bytes.Equal(again, file) {
			t.Errorf("%d packets: twice is another file than once", n)
		}
		// As bot/speech tells Opus in Ogg.
		if !bytes.HasPrefix(file, []byte("OggS")) || !bytes.Contains(file[:64], []byte("OpusHead")) {
			t.Error("it does not begin as Opus in Ogg does")
		}
	}
}

// A packet that is longer than a page holds in one piece goes on over two pages, and comments are left behind.
func TestOggFromElsewhere(t *testing.T) {
	w := &oggWriter{}
	w.page(begins, 0, [][]byte{append([]byte("OpusHead\x01\x02\x38\x01"), 0x80, 0xbb, 0, 0, 0, 0, 0)})
	w.page(0, 0, [][]byte{[]byte("OpusTags\x0b\x00\x00\x00Mozilla 999\x00\x00\x00\x00")})
	long := packet(700)
	w.part(long[:510], []byte{255, 255})
	half := &oggWriter{number: w.number}
	half.part(long[510:], []byte{191})
	fix := half.out
	fix[5] |= continued
	binary.LittleEndian.PutUint32(fix[22:], 0)
	binary.LittleEndian.PutUint32(fix[22:], oggSum(fix))
	got, err := readSound(append(w.out, fix...))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.packets) != 1 || !bytes.Equal(got.packets[0], long) || got.channels != 2 {
		t.Errorf("%d packets, the first of %d bytes", len(got.packets), len(got.packets[0]))
	}
	if bytes.Contains(got.ogg(), []byte("Mozilla")) {
		t.Error("the browser is still named")
	}
	if _, err := readSound(w.out); err == nil {
		t.Error("half a packet is taken")
	}
}

// part writes a page with lengths of its own.
func (w *oggWriter) part(body, lengths []byte) {
	b := append([]byte("OggS\x00"), 0)
	b = binary.LittleEndian.AppendUint64(b, 0)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, w.number)
	b = append(b, 0, 0, 0, 0, byte(len(lengths)))
	b = append(append(b, lengths...), body...)
	binary.LittleEndian.PutUint32(b[22:], oggSum(b))
	w.out, w.number = append(w.out, b...), w.number+1
}

// Whatever is cut off or changed in a sound, it is refused, or is still one that comes out whole.
func TestOggDamaged(t *testing.T) {
	file := spoken(120).ogg()
	for n := range len(file) {
		changed := bytes.Clone(file)
		changed[n] ^= 0x40
		if _, err := readSound(changed); err == nil {
			t.Errorf("a change at %d of %d is not seen", n, len(file))
		}
		if n%97 == 0 {
			if o, err := readSound(file[:n]); err == nil && o.samples == 0 {
				t.Errorf("nothing is taken for a sound at %d", n)
			}
		}
	}
}

// element is one of WebM.
func element(id uint32, body ...byte) []byte {
	var b []byte
	for shift := 24; shift >= 0; shift -= 8 {
		if c := byte(id >> shift); c != 0 || len(b) > 0 {
			b = append(b, c)
		}
	}
	b = append(b, 0x08) // a length of five bytes
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return append(b, body...)
}

// unended is an element that a browser leaves open while it records.
func unended(id uint32) []byte {
	head := element(id)
	return append(head[:len(head)-5], 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
}

func webm(o *opus, grouped bool) []byte {
	head := append([]byte("OpusHead\x01"), o.channels, byte(o.skip), byte(o.skip>>8), 0x80, 0xbb, 0, 0, 0, 0, 0)
	var b []byte
	b = append(b, element(webmHead, element(0x4282, []byte("webm")...)...)...)
	b = append(b, unended(webmSegment)...)
	b = append(b, element(0x1549A966, element(0x4D80, []byte("Chrome")...)...)...)
	track := slices.Concat(element(webmNumber, 1), element(webmCodec, []byte("A_OPUS")...), element(webmPrivate, head...))
	b = append(b, element(webmTracks, element(webmTrack, track...)...)...)
	b = append(b, unended(webmCluster)...)
	b = append(b, element(0xE7, 0)...)
	for _, p := range o.packets {
		block := append([]byte{0x81, 0, 0, 0x80}, p...)
		if grouped {
			b = append(b, element(webmGroup, element(webmBlock, block...)...)...)
		} else {
			b = append(b, element(webmSimple, block...)...)
		}
	}
	return b
}

func TestWebM(t *testing.T) {
	for _, grouped := range []bool{false, true} {
		want := spoken(120)
		got, err := readSound(webm(want, grouped))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want)
		if out := got.ogg(); bytes.Contains(out, []byte("Chrome")) {
			t.Error("the browser is still named")
		} else if back, err := readSound(out); err != nil {
			t.Error(err)
		} else {
			same(t, back, want)
		}
	}
	whole := webm(spoken(3), false)
	for what, b := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "a head alone": element(webmHead),
		"an end within": whole[:len(whole)-3],
		"no codec":      bytes.Replace(whole, []byte("A_OPUS"), []byte("A_VORB"), 1),
		"no head":       bytes.Replace(whole, []byte("OpusHead"), []byte("OpusHeap"), 1),
		"another track": bytes.Replace(whole, []byte{0x81, 0, 0, 0x80}, []byte{0x82, 0, 0, 0x80}, 1),
		"laced blocks":  bytes.Replace(whole, []byte{0x81, 0, 0, 0x80}, []byte{0x81, 0, 0, 0x86}, 1),
		"two tracks":    append(bytes.Clone(whole), element(webmTrack)...),
		"an open block": append(bytes.Clone(whole), unended(webmSimple)...),
		"many channels": bytes.Replace(whole, []byte("OpusHead\x01\x01"), []byte("OpusHead\x01\x08"), 1),
	} {
		if _, err := readSound(b); err == nil {
			t.Errorf("%s is taken for a sound", what)
		}
	}
}

// What Chromium records is taken as it is.
func TestChromiumRecording(t *testing.T) {
	b, err := os.ReadFile("testdata/chromium.webm")
	if err != nil {
		t.Fatal(err)
	}
	o, err := readSound(b)
	if err != nil {
		t.Fatal(err)
	}
	if s := o.seconds(); s < 1 || s > 9 {
		t.Errorf("it lasts %d seconds", s)
	}
	if out := o.ogg(); strings.Contains(string(out), "Chrom") || len(out) > len(b) {
		t.Errorf("of %d bytes %d come out, or the browser is named", len(b), len(out))
	}
}

func TestLasts(t *testing.T) {
	for _, c := range []struct {
		packet []byte
		want   int
	}{
		{nil, 0}, {[]byte{0}, 480}, {[]byte{3 << 3}, 2880}, {[]byte{12 << 3}, 480}, {[]byte{13 << 3}, 960}, {[]byte{16 << 3}, 120}, {[]byte{31 << 3}, 960},
		{[]byte{31<<3 | 1}, 1920}, {[]byte{31<<3 | 2}, 1920}, {[]byte{31<<3 | 3}, 0}, {[]byte{31<<3 | 3, 6}, 5760}, {[]byte{31<<3 | 3, 7}, 0}, {[]byte{3<<3 | 3, 2}, 5760},
	} {
		if got := lasts(c.packet); got != c.want {
			t.Errorf("a packet that begins with %x lasts %d samples, want %d", c.packet, got, c.want)
		}
	}
}

// FuzzSound: whatever comes, a sound that is taken comes out as one that is the same.
func FuzzSound(f *testing.F) {
	f.Add(spoken(3).ogg())
	f.Add(webm(spoken(3), false))
	f.Add(webm(spoken(2), true))
	if b, err := os.ReadFile("testdata/chromium.webm"); err == nil {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		o, err := readSound(b)
		if !bytes.Equal(b, before) {
			t.Error("reading changes the sound")
		}
		if err != nil {
			return
		}
		out := o.ogg()
		back, err := readSound(out)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		same(t, back, o)
		if o.seconds() != back.seconds() || o.seconds() < 0 {
			t.Error("it lasts another time")
		}
	})
}
