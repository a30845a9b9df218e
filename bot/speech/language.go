package speech

import (
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/text/language"
)

// Base is the language that all others are compared with: what it says, each of them must say.
const Base = "en"

// Language describes one loaded language; it is the content of its language.json.
type Language struct {
	Tag       string `json:"tag"`       // BCP 47, the name of its folder
	Name      string `json:"name"`      // what its speakers call it, in its own script
	English   string `json:"english"`   // what it is called in English
	Direction string `json:"direction"` // "ltr" or "rtl"
	Script    string `json:"script"`    // ISO 15924, such as "Arab"
	Review    string `json:"review"`    // "source", "begun", "draft", "peer" or "native"
	Reviewer  string `json:"reviewer"`  // who stands for the review: a role or an organisation
	Plural    string `json:"plural"`    // tag whose plural rule counts here; "other" when words never change with a number; empty takes the tag's own
}

// RTL says that the language is written from right to left.
func (l Language) RTL() bool { return l.Direction == "rtl" }

// Draft says that nobody but its author has read this translation yet.
func (l Language) Draft() bool { return l.Review == "draft" }

// Begun says that the translation is not complete. Nobody is spoken to in it.
func (l Language) Begun() bool { return l.Review == "begun" }

// Source says that the sentences were written in this language, and that no reader from a place has signed them. There is
// nothing that they could be a wrong translation of, so they may be offered.
func (l Language) Source() bool { return l.Review == "source" }

// readLanguage reads a language.json and checks what can be checked without the catalogs.
func readLanguage(layer fs.FS, path, shown, folder string) (Language, Problems) {
	src, problem := readText(layer, path, shown)
	if problem != nil {
		return Language{}, Problems{*problem}
	}
	var l Language
	if err := strict(src, &l); err != nil {
		what, remedy := slip(err, fieldsOf(Language{}))
		return Language{}, Problems{{shown, lineOf(src, err), "not a language: " + what, remedy}}
	}
	var problems Problems
	wrong := func(field, remedy, what string, args ...any) {
		line := 1
		if at := strings.Index(string(src), `"`+field+`"`); at >= 0 {
			line = lineAt(src, at)
		}
		problems = append(problems, Problem{shown, line, fmt.Sprintf(what, args...), remedy})
	}
	if key := repeated(src); key != "" {
		wrong(key, "keep one of them", "%q stands twice", key)
	}
	if l.Tag != folder {
		wrong("tag", "the tag is the name of the folder", "the tag is %q in the folder %q", l.Tag, folder)
	}
	if _, err := language.Raw.Parse(l.Tag); err != nil {
		wrong("tag", `use a BCP 47 tag such as "ar" or "kmr-Arab-IQ"`, "%q is not a language tag", l.Tag)
	}
	if strings.TrimSpace(l.Name) == "" || strings.TrimSpace(l.English) == "" {
		wrong("name", "give the name in the language itself and in English", "the language has no name")
	}
	if bad := badRune(l.Name + l.English + l.Reviewer); bad != "" {
		wrong("name", "remove it", "a name holds %s", bad)
	}
	if l.Direction != "ltr" && l.Direction != "rtl" {
		wrong("direction", `"ltr" or "rtl"`, "the direction is %q", l.Direction)
	} else if _, err := language.ParseScript(l.Script); err != nil || len(l.Script) != 4 {
		wrong("script", `a four-letter code of ISO 15924 such as "Latn" or "Arab"`, "the script is %q", l.Script)
	} else if l.RTL() != rightToLeft(l.Script) {
		wrong("direction", "one of the two is wrong", "the script %s does not run %s", l.Script, l.Direction)
	} else if Direction(l.Tag) != l.Direction {
		wrong("tag", "name the script in the tag, such as ku-Arab", "the tag %q does not tell that it runs %s", l.Tag, l.Direction)
	}
	switch l.Review {
	case "draft", "peer", "native":
	case "begun":
		if folder == Base {
			wrong("review", "write every text, and \"source\" here", "the review is \"begun\", and all others are compared with %s", Base)
		}
	case "source":
		if folder != Base {
			wrong("review", `a translation begins as "draft"`, "the review is \"source\", which only %s is", Base)
		}
	default:
		wrong("review", `"begun" while texts are missing, then "draft", "peer" or "native"; "source" for `+Base+" alone", "the review is %q", l.Review)
	}
	return l, problems
}
