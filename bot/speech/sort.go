package speech

import (
	"slices"
	"strings"
)

// tag is the part of a language tag that matters here.
type tag struct {
	base   string // language, after macro
	script string // as written, "" when not
	whole  string // lower case, "_" made "-", extensions dropped
}

// macro leads a language code to the one that its speakers will recognise in a list. Only members of the same
// language stand here; a neighbour that somebody may also read does not.
var macro = map[string]string{
	"kmr": "ku", "sdh": "ku-x", // Southern Kurdish is neither of the two in print
	"knc": "kr", "kby": "kr", "krt": "kr",
	"dik": "din", "dip": "din", "diw": "din", "dib": "din", "dks": "din",
	"arb": "ar", "acm": "ar", "apc": "ar", "ajp": "ar", "apd": "ar", "acw": "ar", "ayn": "ar", "acq": "ar", "ayl": "ar", "arz": "ar", "shu": "ar",
	"swh": "sw", "swc": "sw", "gaz": "om", "hae": "om", "orc": "om",
	"pes": "fa", "prs": "fa", "pbt": "ps", "pbu": "ps", "pst": "ps",
	"fuv": "ff", "fuc": "ff", "fuq": "ff", "fue": "ff", "fub": "ff",
	"npi": "ne", "iw": "he", "in": "id", "lvs": "lv", "swa": "sw", "ara": "ar", "som": "so", "hau": "ha",
}

// usualScript is the script of a tag that names none. x/text is asked only about languages that are not here.
var usualScript = map[string]string{
	"en": "Latn", "fr": "Latn", "es": "Latn", "so": "Latn", "om": "Latn", "ha": "Latn", "sw": "Latn", "ku": "Latn", "kr": "Latn",
	"din": "Latn", "nus": "Latn", "shk": "Latn", "pga": "Latn", "bs": "Latn", "hr": "Latn", "ff": "Latn", "yo": "Latn", "guc": "Latn",
	"ar": "Arab", "ckb": "Arab", "ku-x": "Arab", "fa": "Arab", "ps": "Arab", "ur": "Arab", "rhg": "Arab",
	"sr": "Cyrl", "uk": "Cyrl", "am": "Ethi", "ti": "Ethi", "bn": "Beng", "ctg": "Beng", "my": "Mymr", "rki": "Mymr",
	"ne": "Deva", "si": "Sinh", "ta": "Taml",
}

// parseTag reads what matters from a tag. Whatever is given, it answers; a tag that is not one matches nothing.
func parseTag(s string) tag {
	whole := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"))
	subtags := strings.Split(whole, "-")
	t := tag{base: subtags[0]}
	kept := 1
	for _, sub := range subtags[1:] {
		if len(sub) == 1 { // an extension or private use: says nothing about the language
			break
		}
		if len(sub) == 4 && sub[0] >= 'a' && t.script == "" {
			t.script = strings.ToUpper(sub[:1]) + sub[1:]
		}
		kept++
	}
	t.whole = strings.Join(subtags[:kept], "-")
	if to, ok := macro[t.base]; ok {
		t.base = to
	}
	return t
}

func (t tag) usual() string {
	if t.script != "" {
		return t.script
	}
	return usualScript[t.base]
}

// near ranks how likely somebody whose client speaks t uses the offered language: 0 the same tag, 1 the same
// language and script, 2 the same language in another script, 3 nothing is known.
func (t tag) near(offered tag) int {
	switch {
	case t.whole == "" || t.base != offered.base:
		return 3
	case t.whole == offered.whole:
		return 0
	case t.usual() == offered.usual():
		return 1
	}
	return 2
}

// Sort puts the languages that the client's language makes likely in front and leaves the others in the order
// offered. It decides nothing: no language is added, dropped or chosen, and a client in a language that is not
// offered changes nothing, least of all towards English.
func (b *Book) Sort(client string, offered []string) []string {
	t := parseTag(client)
	sorted := slices.Clone(offered)
	slices.SortStableFunc(sorted, func(x, y string) int {
		return t.near(parseTag(x)) - t.near(parseTag(y))
	})
	return sorted
}
