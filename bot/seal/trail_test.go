package seal

import (
	"bytes"
	"crypto/rand"
	"testing"
)

func TestTrail(t *testing.T) {
	var links [][32]byte
	var last [32]byte
	for n := range 300 {
		last = Chain(last, []byte{byte(n)})
		links = append(links, last)
	}
	all, cut := TrailOf(links), TrailOf(links[:290])
	for line, want := range map[int]bool{1: true, 44: true, 45: true, 290: true, 291: false, 300: false} {
		if got := cut.Holds(line, links[line-1][:LinkSize]); got != want {
			t.Errorf("line %d of a chain that was cut to 290: %v", line, got)
		}
	}
	for line, want := range map[int]bool{44: true, 45: false, 300: false} { // 256 links travel
		if got := all.Holds(line, make([]byte, LinkSize)); got != want {
			t.Errorf("another link at line %d: %v", line, got)
		}
	}
	if !(Trail{}).Holds(0, nil) || (Trail{}).Holds(1, all.Last()) {
		t.Error("a chain of which nothing is said")
	}
	reader := newPerson(t)
	for _, want := range []Trail{{}, TrailOf(links[:1]), all} {
		p := newPacket(t, must(NewCoordinatorKey(rand.Reader)), reader, 1)
		p.Trail = want
		got := must(OpenHandOut(must(HandOut(p, reader.Public())), reader))
		if !got.Trail.Equal(want) || got.Trail.Lines != want.Lines {
			t.Errorf("%d lines came back as %d", want.Lines, got.Trail.Lines)
		}
		body := must(p.encode())
		for _, bad := range [][]byte{append(bytes.Clone(body), 0), body[:len(body)-1]} {
			if _, err := parsePacket(bad); err == nil {
				t.Errorf("%d lines: a byte more or less is taken", want.Lines)
			}
		}
	}
	for _, bad := range []Trail{{Lines: 1}, {Links: all.Links[:1]}, {Lines: 1, Links: all.Links[:2]}, {Lines: 1, Links: [][]byte{{1}}}, {Lines: 300, Links: append(all.Links, all.Links[0])}} {
		if bad.check() == nil {
			t.Errorf("%d lines and %d links are taken", bad.Lines, len(bad.Links))
		}
	}
}
