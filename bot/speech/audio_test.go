package speech

import (
	"strings"
	"testing"
	"testing/fstest"
)

// spokenFile is the head of a file of Opus in Ogg, with some sound behind it.
func spokenFile(sound string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x00\x00\x00\x00\x05\x06\x07\x08\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00" + strings.Repeat(sound, 20))}
}

func TestSound(t *testing.T) {
	files := shelf{"en": {"a.b": "Hello", "a.c": "There"}, "ar": {"a.b": "مرحبا", "a.c": "هناك"}}.fs(t)
	files["ar/audio/a.b.ogg"] = spokenFile("one")
	files["ar/audio/a.c.ogg"] = spokenFile("two")
	own := fstest.MapFS{"ar/audio/a.c.ogg": spokenFile("three"), "ar/audio/.DS_Store": {Data: []byte("x")}}
	b := mustLoad(t, files, own)
	if got := strings.Join(b.Recorded("ar"), " "); got != "a.b a.c" || len(b.Recorded("en")) > 0 {
		t.Errorf("recorded: %q, %v", got, b.Recorded("en"))
	}
	name, load, ok := b.Sound("ar", "a.b")
	if data, err := load(); !ok || err != nil || !strings.HasSuffix(string(data), "oneone") || !strings.HasPrefix(name, "ar/a.b/") {
		t.Errorf("Sound = %q, %v, %v", name, err, ok)
	}
	other, load, _ := b.Sound("ar", "a.c")
	if data, err := load(); err != nil || !strings.HasSuffix(string(data), "threethree") {
		t.Errorf("the mission's recording does not win: %v", err)
	}
	if again, _, _ := mustLoad(t, files).Sound("ar", "a.c"); again == other {
		t.Error("two recordings of one text have one name: a door would send the old one")
	}
	for _, of := range [][2]string{{"en", "a.b"}, {"ar", "a.x"}, {"xx", "a.b"}} {
		if _, _, ok := b.Sound(of[0], of[1]); ok {
			t.Errorf("%v is recorded", of)
		}
	}
}

func TestRecordingsAreLookedOver(t *testing.T) {
	for name, c := range map[string]struct {
		file *fstest.MapFile
		want string
	}{
		"a.x.ogg":     {spokenFile("x"), "there is no text a.x"},
		"a.count.ogg": {spokenFile("x"), "changes with what is put into it"},
		"a.b.mp3":     {spokenFile("x"), "is no recording"},
		"a.b.ogg":     {&fstest.MapFile{Data: []byte("ID3 something else")}, "is not Opus in Ogg"},
		"a.c.ogg":     {spokenFile(strings.Repeat("x", MaxRecording/20+1)), "more than the"},
	} {
		files := shelf{"en": {"a.b": "Hello", "a.c": "There", "a.count": "{Count} left"}}.fs(t)
		files["en/audio/"+name] = c.file
		if _, err := Load(files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	refused(t, "own/en/audio/a.x.ogg: there is no text a.x", shelf{"en": {"a.b": "Hello"}}.fs(t), Named{"own", fstest.MapFS{"en/audio/a.x.ogg": spokenFile("x")}})
}
