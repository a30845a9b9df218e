package speech

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io/fs"
	"slices"
	"strings"
)

// MaxRecording is how large one recording may be: two minutes of speech are a third of it.
const MaxRecording = 1 << 20

// recording is one spoken text of a language: <tag>/audio/<key>.ogg.
type recording struct {
	layer fs.FS
	path  string
	shown string // where it lies, in problems
	name  string // of the sound: changes with its content
}

// readAudio finds the recordings of one layer of a language. Their keys are looked over once all layers are known.
func readAudio(d *draft, layer fs.FS, dir, shown string) (problems Problems) {
	files, err := fs.ReadDir(layer, dir)
	if err != nil {
		return Problems{{shown, 0, "cannot be read: " + why(err), "a folder of recordings, one KEY.ogg a text"}}
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), ".") {
			continue
		}
		path, file := dir+"/"+f.Name(), shown+"/"+f.Name()
		key, ogg := strings.CutSuffix(f.Name(), ".ogg")
		if !ogg || f.IsDir() {
			problems = append(problems, Problem{file, 0, "is no recording", "name it KEY.ogg, after the key of its text; Opus in Ogg, as phones record it"})
			continue
		}
		data, err := fs.ReadFile(layer, path)
		switch {
		case err != nil:
			problems = append(problems, Problem{file, 0, "cannot be read: " + why(err), "put the recording there again"})
			continue
		case len(data) > MaxRecording:
			problems = append(problems, Problem{file, 0, fmt.Sprintf("has %d bytes, more than the %d that a phone with little credit should load", len(data), MaxRecording), "record it as speech, in Opus with 16 kbit a second"})
			continue
		case !opus(data):
			problems = append(problems, Problem{file, 0, "is not Opus in Ogg", "convert it: ffmpeg -i IN -c:a libopus -b:a 16k -ac 1 OUT.ogg"})
			continue
		}
		sum := fnv.New128a()
		sum.Write(data)
		if d.audio == nil {
			d.audio = map[string]recording{}
		}
		d.audio[key] = recording{layer, path, file, d.lang.Tag + "/" + key + "/" + hex.EncodeToString(sum.Sum(nil))}
	}
	return problems
}

// opus says that a file begins as Opus in Ogg does (RFC 7845).
func opus(data []byte) bool {
	return len(data) > 64 && bytes.HasPrefix(data, []byte("OggS")) && bytes.Contains(data[:64], []byte("OpusHead"))
}

// recorded checks that each recording says a text that stays the same: one with a value in it would tell what is not so.
func (c *catalog) recorded(d *draft) (problems Problems) {
	for _, key := range sortedKeys(d.audio) {
		t := c.texts[key]
		file := d.audio[key].shown
		switch {
		case t == nil:
			problems = append(problems, Problem{file, 0, "there is no text " + key, "name the recording after the key of what is spoken"})
		case len(t.places) > 0:
			problems = append(problems, Problem{file, 0, "the text " + key + " changes with what is put into it", "it cannot be recorded once for all"})
		default:
			if c.audio == nil {
				c.audio = map[string]recording{}
			}
			c.audio[key] = d.audio[key]
		}
	}
	return problems
}

// Sound gives the recording of a text: a name that is the same as long as the recording is, and the way to its bytes. False
// where nobody has recorded it.
func (b *Book) Sound(lang, key string) (name string, load func() ([]byte, error), ok bool) {
	c := b.catalog(lang)
	if c == nil {
		return "", nil, false
	}
	r, ok := c.audio[key]
	if !ok {
		return "", nil, false
	}
	return r.name, func() ([]byte, error) {
		data, err := fs.ReadFile(r.layer, r.path)
		if err != nil {
			return nil, fmt.Errorf("reading recording %s: %s", r.path, why(err))
		}
		return data, nil
	}, true
}

// Recorded lists the keys of a language that somebody has recorded, sorted.
func (b *Book) Recorded(lang string) []string {
	if c := b.catalog(lang); c != nil {
		return slices.Clone(sortedKeys(c.audio))
	}
	return nil
}
