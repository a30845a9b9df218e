package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"amana/bot/speech"
)

// scripts are the letters in which a language is written.
var scripts = map[string]*unicode.RangeTable{
	"Arab": unicode.Arabic, "Beng": unicode.Bengali, "Cyrl": unicode.Cyrillic, "Ethi": unicode.Ethiopic, "Latn": unicode.Latin,
	"Mymr": unicode.Myanmar, "Sinh": unicode.Sinhala, "Taml": unicode.Tamil,
}

// latin are the words in Latin letters that stand in sentences of every script: names, what is typed as it stands, and what a
// telephone calls a thing in that language too.
var latin = regexp.MustCompile(`(?i)^([a-z]|un|location|amana|keys|new|telegram|zawgyi|unicode|sms|whatsapp|facebook|hiv|id|hide|start|stop|` +
	`services|help|language|back|skip|done|privacy)$`)

var latinWords, changing = regexp.MustCompile(`\p{Latin}+`), regexp.MustCompile(`\{[a-z ]+\}`)

// Nothing of one language stands in a conversation of another: neither letters of another script, but for names, nor a whole
// sentence that only another catalog has.
func TestAConversationSpeaksOneLanguage(t *testing.T) {
	t.Parallel()
	book, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	whose := sentences(t, book)
	var picker []string
	for _, l := range book.Languages() {
		ask, err := book.Text(l.Tag, "word.language.ask", nil)
		if err != nil {
			t.Fatal(err)
		}
		picker = append(picker, ask)
	}
	for _, file := range transcriptFiles(t) {
		lang := strings.Split(filepath.Base(file), ".")[1]
		l, ok := book.Language(lang)
		if !ok {
			t.Fatalf("%s is in no language", file)
		}
		for _, line := range botLines(t, file, l.Name) {
			if slices.Contains(picker, line) { // the conversation is over, and a new one has no language yet
				continue
			}
			if owners := whose[line]; len(owners) > 0 && !slices.Contains(owners, lang) {
				t.Errorf("%s: %q is a sentence of %v", file, line, owners)
			}
			if stranger := strangeLetters(line, l, book); stranger != "" {
				t.Errorf("%s: %q in %q is not written as %s is", file, stranger, line, l.English)
			}
		}
	}
}

// sentences gives the lines of all catalogs that are long enough to be nobody's name, with the languages that say them.
func sentences(t *testing.T, book *speech.Book) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, l := range book.Languages() {
		for _, key := range book.Keys() {
			text, err := book.Text(l.Tag, key, argsOf(book, l.Tag, key))
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(text, "\n") {
				if len(strings.Fields(line)) > 3 && !slices.Contains(out[line], l.Tag) {
					out[line] = append(out[line], l.Tag)
				}
			}
		}
	}
	return out
}

func argsOf(book *speech.Book, lang, key string) speech.Args {
	args := speech.Args{}
	for _, name := range book.Placeholders(lang, key) {
		args[name] = "7"
	}
	return args
}

// transcriptFiles are those in which one language is spoken from the choice of it on.
func transcriptFiles(t *testing.T) (out []string) {
	t.Helper()
	files, err := filepath.Glob(transcripts + "/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		switched := false
		for _, f := range a.Files {
			switched = switched || f.Name == "script" && (strings.Contains(string(f.Data), "!language=other") || strings.Count(string(f.Data), "!language") > 1)
		}
		if !switched {
			out = append(out, file)
		}
	}
	return out
}

// botLines are what the bot says, and its buttons, after the language was chosen, without what the person wrote.
func botLines(t *testing.T, file, name string) (out []string) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		if f.Name != "chat" {
			continue
		}
		chosen, own := false, []string{}
		for _, line := range strings.Split(string(f.Data), "\n") {
			if line == "< /start" {
				chosen = false
			}
			if strings.HasPrefix(line, ". in place of the buttons: ") && strings.HasSuffix(line, name) {
				chosen = true
				continue
			}
			if wrote, ok := strings.CutPrefix(line, "< "); ok && len(wrote) > 3 {
				own = append(own, wrote)
			}
			if said, ok := strings.CutPrefix(line, "> "); ok && chosen {
				for _, words := range own {
					said = strings.ReplaceAll(said, words, "")
				}
				out = append(out, changing.ReplaceAllString(said, ""))
			}
		}
	}
	return out
}

// strangeLetters gives a word that is written in letters of a script that is not the language's.
func strangeLetters(line string, l speech.Language, book *speech.Book) string {
	for _, other := range book.Languages() { // a button may call a language by its own name
		if strings.Contains(line, other.Name) && other.Tag != l.Tag {
			line = strings.ReplaceAll(line, other.Name, "")
		}
	}
	for _, begun := range book.Unfinished() { // also one that nobody is asked in yet
		line = strings.ReplaceAll(line, begun.Name, "")
	}
	own := scripts[l.Script]
	line = latinWords.ReplaceAllStringFunc(line, func(w string) string {
		if l.Script == "Latn" || latin.MatchString(w) {
			return ""
		}
		return w
	})
	for _, w := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		for _, r := range w {
			if unicode.IsLetter(r) && !unicode.Is(own, r) && !unicode.Is(unicode.Common, r) {
				return w
			}
		}
	}
	return ""
}
