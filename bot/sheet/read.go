package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// MaxFile is how many bytes a file may have that somebody wrote by hand.
const MaxFile = 1 << 20

// Mistake is one thing that is wrong in a file.
type Mistake struct {
	Line int    // from 1; 0 when it concerns the whole file
	What string // what is wrong
	Hint string // what to do about it
}

// Read gives the tree of the one document that a file holds. Begin says what to do about an empty file.
func Read(src []byte, begin string) (*yaml.Node, *Mistake) {
	if m := written(src); m != nil {
		return nil, m
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, &Mistake{0, "the file is empty", begin}
	case err != nil:
		return nil, slip(src, err)
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, &Mistake{more.Line, "a second document follows", "one file holds one: take out the line --- and what follows it"}
	}
	if len(doc.Content) != 1 {
		return nil, &Mistake{0, "the file is empty", begin}
	}
	if m := plain(doc.Content[0]); m != nil {
		return nil, m
	}
	return doc.Content[0], nil
}

// written refuses what is no text, or is written as text in another way.
func written(src []byte) *Mistake {
	const asText = "save it as UTF-8; in Notepad: Save as, Encoding"
	switch {
	case len(src) > MaxFile:
		return &Mistake{0, "the file is larger than 1 MiB", "is it the right file? Nobody writes so much by hand"}
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")):
		return &Mistake{0, "the file is not UTF-8 but UTF-16", asText}
	case bytes.HasPrefix(src, []byte("\xef\xbb\xbf")):
		return &Mistake{1, "the file begins with a byte order mark, which cannot be seen", "save it as UTF-8 without BOM; in Notepad: Save as, Encoding UTF-8"}
	case bytes.IndexByte(src, 0) >= 0:
		return &Mistake{0, "the file is not a text file", "is it the right file? A configuration is plain text"}
	}
	for at, line := 0, 1; at < len(src); {
		r, n := utf8.DecodeRune(src[at:])
		switch {
		case r == utf8.RuneError && n == 1:
			return &Mistake{line, "the file is not UTF-8: a letter of this line is written in another way", asText}
		case r == '\n':
			line++
		case r < ' ' && r != '\t' && r != '\r', r >= 0x7f && r < 0xa0 && r != 0x85:
			return &Mistake{line, "the line holds a character that cannot be seen", "is it the right file? If so, write the line anew"}
		}
		at += n
	}
	return nil
}

// plain refuses anchors, aliases, merges and tags in the whole tree.
func plain(n *yaml.Node) *Mistake {
	const hint = "write the thing itself, each time"
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return &Mistake{n.Line, "anchors and aliases (& and *) are not used here", hint + "; a value that begins with & or * stands between quotation marks"}
	case n.Tag == "!!merge":
		return &Mistake{n.Line, "merging with << is not used here", hint}
	case n.Style&yaml.TaggedStyle != 0:
		return &Mistake{n.Line, "tags such as " + clip(n.Tag) + " are not used here", hint + "; a value that begins with ! stands between quotation marks"}
	}
	for _, c := range n.Content {
		if m := plain(c); m != nil {
			return m
		}
	}
	return nil
}

// clip shortens what is quoted from a file.
func clip(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}
