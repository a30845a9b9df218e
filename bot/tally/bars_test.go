package tally_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"amana/bot/tally"
)

// allowed is all that a chart is made of: nothing that loads, links, runs, or needs a style sheet.
var allowed = map[string][]string{
	"svg":   {"xmlns", "role", "lang", "direction", "viewBox", "width", "height", "aria-labelledby", "fill", "font-size"},
	"title": {"id"}, "desc": {"id"},
	"text": {"x", "y"}, "rect": {"x", "y", "width", "height", "fill", "stroke", "stroke-dasharray"},
}

// drawn reads a chart, and fails on anything in it that is not allowed.
func drawn(t *testing.T, svg string) (found []xml.StartElement, texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found, texts
		}
		if err != nil {
			t.Fatal(err, svg)
		}
		switch x := token.(type) {
		case xml.StartElement:
			found = append(found, x)
			for _, a := range x.Attr {
				if !slices.Contains(allowed[x.Name.Local], a.Name.Local) {
					t.Errorf("<%s %s>", x.Name.Local, a.Name.Local)
				}
			}
		case xml.CharData:
			texts = append(texts, string(x))
		}
	}
}

func number(t *testing.T, e xml.StartElement, name string) int {
	t.Helper()
	for _, a := range e.Attr {
		if a.Name.Local == name {
			n, err := strconv.Atoi(a.Value)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("<%s> has no %s", e.Name.Local, name)
	return 0
}

func TestSVG(t *testing.T) {
	c := tally.Chart{ID: "area", Title: `By "area" & more`, Lang: "en", Hidden: "not shown", Bars: []tally.Bar{
		{"Block <A>", tally.Number{N: 40}}, {"Block B", tally.Number{Hidden: true}}, {strings.Repeat("long ", 20), tally.Number{N: 10}},
	}}
	left, texts := drawn(t, c.SVG())
	if texts[0] != c.Title || !strings.Contains(texts[1], "Block <A>: 40; Block B: not shown; long") {
		t.Errorf("%q", texts)
	}
	if !slices.Contains(texts, "Block <A>") || !slices.Contains(texts, "not shown") || slices.Contains(texts, c.Bars[2].Label) {
		t.Errorf("%q", texts)
	}
	c.RTL = true
	right, _ := drawn(t, c.SVG())
	if len(left) != len(right) {
		t.Fatal(len(left), len(right))
	}
	bars := 0
	for i, e := range left {
		switch e.Name.Local {
		case "rect":
			bars++
			if x, w := number(t, e, "x"), number(t, e, "width"); x+w+number(t, right[i], "x") != 320 {
				t.Errorf("bar %d begins at %d and ends at %d, and mirrored it begins at %d", bars, x, x+w, number(t, right[i], "x"))
			}
		case "text":
			if number(t, e, "x")+number(t, right[i], "x") != 320 {
				t.Error("a text is not mirrored")
			}
		}
	}
	if bars != 3 || number(t, left[4], "width") != 4*number(t, left[len(left)-2], "width") {
		t.Errorf("%d bars, of %v", bars, left)
	}
}

// How long the bar of a hidden number is says nothing about it, and a chart of nothing is one.
func TestHiddenBars(t *testing.T) {
	draw := func(n int) string {
		return tally.Chart{ID: "x", Bars: []tally.Bar{{"a", tally.Number{N: n, Hidden: true}}, {"b", tally.Number{N: 30}}}}.SVG()
	}
	if draw(0) != draw(90) {
		t.Error("the number shows through")
	}
	if found, _ := drawn(t, tally.Chart{}.SVG()); len(found) != 3 {
		t.Error(found)
	}
}
