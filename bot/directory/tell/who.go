package tell

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"amana/bot/speech"
)

// unlisted are languages of the missions whose names the tables of x/text lack, or where they do not tell two apart that
// their speakers do. They stand in the catalogs.
var unlisted = map[string]bool{
	"rhg": true, "ctg": true, "shu": true, "mrt": true, "pga": true, "shk": true, "wba": true, "guc": true, "rki": true, "kmr": true, "ckb": true,
}

// namer also knows what languages are called by those who speak them; *speech.Book does.
type namer interface {
	Called(tag string) (name string, ok bool)
}

// Language names a language that a service speaks; a tag that nobody has a name for stands as it is.
func (t *Teller) Language(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if first, _, _ := strings.Cut(strings.ToLower(tag), "-"); unlisted[first] { // what parsing makes of it is wider: kmr is ku
		return t.Say("service.language." + first)
	}
	base, _ := parsed.Base()
	for _, one := range []language.Tag{parsed, language.Make(base.String())} {
		if names := display.Languages(language.Make(t.lang)); names != nil {
			if name := names.Name(one); name != "" {
				return name
			}
		}
		if name := display.Self.Name(one); name != "" { // what its speakers call it
			return name
		}
	}
	if names, knows := t.words.(namer); knows {
		for _, one := range []string{tag, base.String()} {
			if name, ok := names.Called(one); ok {
				return name
			}
		}
	}
	return tag
}

// Languages names all of them.
func (t *Teller) Languages(tags []string) string {
	var names []string
	for _, tag := range tags {
		names = append(names, t.Language(tag))
	}
	return speech.List(t.lang, names)
}

// quiet is a group that is not named where others may read: whoever is seen at a place that names it is in danger.
const quiet = "lgbtqi"

// For names the groups that a service is for, without those that may put somebody in danger.
func (t *Teller) For(groups []string) string {
	var names []string
	for _, g := range groups {
		if g != quiet {
			names = append(names, t.Say("service.for."+g))
		}
	}
	return speech.List(t.lang, names)
}
