package web

import (
	"errors"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"amana/bot"
)

const (
	maxForm  = 64 << 10    // bytes of a form that is heard
	maxGiven = 4 * maxForm // bytes of one that is read, so that what was written can be given back
	maxParts = 16          // of a multipart form
	maxPart  = 4 << 10     // bytes of a part that is neither words nor sound
)

var (
	errLong = errors.New("a form is longer than any that is taken")
	errForm = errors.New("a form cannot be read")
)

// form is what one POST brings.
type form struct {
	word   string // of the conversation; empty if there is none yet, or none that can be one
	turn   int64
	shown  []bot.ClosingID
	lang   string // in which the page was
	pick   string // a language to begin in
	poster string
	tap    string
	done   string // the tap of Done
	text   string
	place  *bot.Place
	voice  []byte
	spoken bool // a voice message came, whether or not it can be used
	doubt  bool // it was sent before, and nobody knew whether it was saved
}

// readForm reads a form of either encoding, in memory. With errLong what was read of it is there all the same.
func readForm(r *http.Request, voice int) (*form, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil, errForm
	case kind == "application/x-www-form-urlencoded":
		return readPlain(r.Body)
	case kind == "multipart/form-data" && params["boundary"] != "":
		return readParts(multipart.NewReader(io.LimitReader(r.Body, int64(maxForm+voice)+maxParts<<10), params["boundary"]), voice)
	}
	return nil, errForm
}

func readPlain(body io.Reader) (*form, error) {
	data, err := io.ReadAll(io.LimitReader(body, maxGiven))
	if err != nil {
		return nil, errForm
	}
	f, rest := &form{}, string(data)
	for n := 0; rest != "" && n < 2*maxParts; n++ {
		var field string
		field, rest, _ = strings.Cut(rest, "&")
		name, value, _ := strings.Cut(field, "=")
		if i := strings.LastIndexByte(value, '%'); i >= 0 && len(value)-i < 3 {
			value = value[:i] // the end of what was read
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, errForm
		}
		f.set(name, value)
	}
	if len(data) > maxForm {
		return f, errLong
	}
	return f, nil
}

func readParts(parts *multipart.Reader, voice int) (*form, error) {
	f := &form{}
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return f, nil
		}
		if err != nil || n == maxParts {
			return nil, errForm
		}
		name, most := part.FormName(), maxPart
		switch name {
		case "text":
			most = maxForm
		case "voice":
			most = voice
		}
		value, err := io.ReadAll(io.LimitReader(part, int64(most)+1))
		switch {
		case err != nil:
			return nil, errForm
		case name == "voice":
			f.spoken = true
			if len(value) <= most {
				f.voice = value
			}
		case len(value) > most && name == "text":
			f.set(name, string(value))
			return f, errLong
		case len(value) <= most:
			f.set(name, string(value))
		}
	}
}

func (f *form) set(name, value string) {
	switch name {
	case "c":
		if aWord(value) {
			f.word = value
		}
	case "n":
		f.turn = turnOf(value)
	case "s":
		f.shown = shownOf(value)
	case "l":
		f.lang = value
	case "lang":
		f.pick = value
	case "p":
		f.poster = poster(value)
	case "t":
		f.tap = data(value)
	case "d":
		f.done = data(value)
	case "text":
		f.text = clean(value)
	case "u":
		f.doubt = value != ""
	case "place":
		f.place = placeOf(value)
	}
}

// data is what a button brings back: short and visible, as the room gave it.
func data(s string) string {
	if len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return s
}

// poster is a word that stood on one, as in the address that it names.
func poster(s string) string {
	if len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		return ""
	}
	return s
}

func placeOf(s string) *bot.Place {
	a, b, _ := strings.Cut(s, ",")
	lat, err := strconv.ParseFloat(a, 64)
	lon, err2 := strconv.ParseFloat(b, 64)
	if err != nil || err2 != nil || !(math.Abs(lat) <= 90) || !(math.Abs(lon) <= 180) {
		return nil
	}
	return &bot.Place{Lat: lat, Lon: lon}
}

// clean makes written words valid: no control characters but the ends of lines, which a browser sends as two.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\t':
			return ' '
		case r != '\n' && unicode.IsControl(r):
			return -1
		}
		return r
	}, s))
}
