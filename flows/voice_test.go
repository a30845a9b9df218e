package flows_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// How Amana speaks to people: short, quiet, plain, and never as if it doubted.

func TestShort(t *testing.T) {
	for _, lang := range languages {
		for key, texts := range readWords(t, lang) {
			if !toPeople(key) {
				continue
			}
			for _, text := range texts {
				for paragraph := range strings.SplitSeq(text, "\n\n") {
					all := sentences(paragraph)
					if len(all) > 3 {
						t.Errorf("%s %s: %d sentences in one breath: %q", lang, key, len(all), paragraph)
					}
					for _, s := range all {
						if n := countWords(s); n > 12 {
							t.Errorf("%s %s: %d words in one sentence: %q", lang, key, n, s)
						}
					}
				}
			}
		}
	}
}

// countWords leaves out what stands alone between spaces and is not a word: French parts « » ? ; : from the words.
func countWords(s string) int {
	n := 0
	for field := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(field, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

func TestButtonsAreShort(t *testing.T) {
	for _, lang := range languages {
		words := readWords(t, lang)
		for _, name := range flowNames {
			for _, s := range readFlow(t, name) {
				for _, c := range s.names(t) {
					key := name + "." + s.Name + "." + c
					for _, text := range words[key] {
						if n := utf8.RuneCountInString(text); n > 40 {
							t.Errorf("%s %s: %d characters do not fit a button on a small phone", lang, key, n)
						}
					}
					if len(words[key]) == 0 {
						t.Errorf("%s %s: the button has no words", lang, key)
					}
				}
			}
		}
	}
}

func TestQuiet(t *testing.T) {
	for _, lang := range languages {
		for key, texts := range readWords(t, lang) {
			for _, text := range texts {
				if strings.Contains(text, "!") {
					t.Errorf("%s %s: no exclamation marks: %q", lang, key, text)
				}
				for word := range strings.FieldsSeq(placeholder.ReplaceAllString(text, "")) {
					if toPeople(key) && len(word) > 3 && word == strings.ToUpper(word) && word != strings.ToLower(word) {
						t.Errorf("%s %s: no capitals: %q", lang, key, word)
					}
				}
				for _, r := range text {
					if unicode.Is(unicode.So, r) {
						t.Errorf("%s %s: no picture carries meaning here: %q", lang, key, text)
					}
				}
			}
		}
	}
}

// Words of the trade, of doubt, of command and of promise; and words that guess who somebody is.
var unsaid = map[string]*regexp.Regexp{
	"en": regexp.MustCompile(`(?i)\b(SEA|GBV|PSEA|perpetrators?|incidents?|allegations?|alleged|beneficiar(y|ies)|submit|cases?|confidential(ity)?|victims?|survivors?|` +
		`why|did you|you must|you should|we will|we promise|guarantee|brave|courage|honest|truth|proof of|evidence|lie|lies|` +
		`husband|wife|parents?|mother|father|he|she|his|her|mediat\w*|reconcil\w*|forgive)\b`),
	"ar": regexp.MustCompile(`(لماذا|الضحية|الناجية|الجاني|المعتدي|المتهم|اغتصاب|زنا|هتك|شرف|فاحشة|ادعاء|مزاعم|نعدك|نضمن|سنساعد|شجاع|زوج|والد|ولي الأمر|وساطة|صلح|` +
		`متأكدة|متأكد|تريد|اكتبي|اضغطي|عليك أن|يجب عليك)`),
	// Also words of one gender, cash ("retrait"), private hospitals ("clinique"), and a touch that is no tap.
	"fr": regexp.MustCompile(`(?i)(^|[^\pL])(VBG|EAS|PEAS|auteurs?|agresseurs?|coupables?|accusée?s?|suspects?|incidents?|allégations?|présumée?s?|bénéficiaires?|soumettre|dossiers?|` +
		`confidentiel\pL*|confidentialité|victimes?|survivante?s?|viols?|violée?s?|prostitu\pL*|adultère|honneur|honte|pourquoi|avez-vous|vous devez|il faut que|nous allons|` +
		`nous promettons|garanti\pL*|courag\pL*|honnête\pL*|vérités?|preuves? de|ment|mentir|mensonges?|maris?|épou\pL+|femme de|parents|mère|père|tuteurs?|` +
		`médiation|réconcili\pL*|pardon\pL*|(suis|êtes) (sûre?|certaine?|prête?)|touchez|retrait|cliniques?)([^\pL]|$)`),
	// «Sapo», «informante» and «cooperante» call somebody an informer, which is a death sentence where armed groups rule.
	"es": regexp.MustCompile(`(?i)(v[ií]ctima|sobreviviente|perpetrador|agresor|victimario|acusad[oa]|presunt[oa]|supuest[oa]|incidente|\bcasos?\b|beneficiari[oa]|confidencial|` +
		`\bpor qué\b|usted debe|debe usted|deber[ií]a|prometemos|garantiza|valient|valor para|honest|verdad|evidencia|mentira|miente|denunci|violaci|violad|honra|` +
		`informante|informer|\bsap[oe]|delat|cooperante|colaborador|desaparec|limpiar|retenci|retener|` +
		`\bmarido|espos[oa]|\bpadres?\b|\bmadres?\b|\bella\b|\bseñora?\b|segur[oa] de que|mediaci|mediar|concilia|perdon)`),
	"bn": regexp.MustCompile(`(ভিকটিম|ভুক্তভোগী|সারভাইভার|অপরাধী|অভিযুক্ত|আসামি|নির্যাতন|ধর্ষ|ইজ্জত|সম্ভ্রম|শ্লীলতা|জেনা|যিনা|ব্যভিচার|পতিতা|অবৈধ সম্পর্ক|নালিশ|কথিত|` +
		`সুবিধাভোগী|গোপনীয়|কথা দিচ্ছি|নিশ্চয়তা|সাহসী|স্বামী|অভিভাবক|মীমাংসা|সালিশ|আপস|অবশ্যই|উচিত|আপনাকে করতেই হবে)|(^|[^\p{L}\p{M}])(কেন|তুমি|তোমার|তুই|মা|বাবা)($|[^\p{L}\p{M}])`),
}

// unsaidIn gives what must not be said in a language: from the table above, or from testdata/unsaid, where whoever read the
// language a second time wrote it down.
func unsaidIn(t *testing.T, lang string) *regexp.Regexp {
	t.Helper()
	if r := unsaid[lang]; r != nil {
		return r
	}
	src, err := os.ReadFile("testdata/unsaid/" + lang + ".txt")
	if err != nil {
		t.Fatalf("nobody has written down what must not be said in %s: %v", lang, err)
	}
	var words []string
	for line := range strings.SplitSeq(string(src), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			words = append(words, regexp.QuoteMeta(line))
		}
	}
	if len(words) < 8 {
		t.Fatalf("%s: %d words are not all that must not be said", lang, len(words))
	}
	return regexp.MustCompile("(?i)" + strings.Join(words, "|"))
}

func TestPlain(t *testing.T) {
	for _, lang := range languages {
		never := unsaidIn(t, lang)
		for key, texts := range readWords(t, lang) {
			for _, text := range texts {
				if found := never.FindString(text); found != "" && toPeople(key) {
					t.Errorf("%s %s: %q is not for people: %q", lang, key, found, text)
				}
			}
		}
	}
}

// "What happened is not your fault" is said in one place, to the one person it is meant for.
func TestNotYourFaultOnce(t *testing.T) {
	for lang, words := range map[string]string{"en": "fault", "ar": "ذنب", "fr": "faute", "es": "culpa", "bn": "দোষ"} {
		var where []string
		for key, texts := range readWords(t, lang) {
			if strings.Contains(strings.Join(texts, " "), words) {
				where = append(where, key)
			}
		}
		if len(where) != 1 || where[0] != "report.not_your_fault" {
			t.Errorf("%s: said in %v, want report.not_your_fault alone", lang, where)
		}
	}
	if s := readFlow(t, "report").get(t, "not_your_fault"); !strings.HasPrefix(s.Relevant, "who = me and ") {
		t.Errorf("it is said when %q, want only to whom it happened", s.Relevant)
	}
}

// A language that runs from the right begins each paragraph with one of its letters, or with a value that stands alone.
func TestParagraphsBeginInTheirScript(t *testing.T) {
	for _, lang := range []string{"ar", "ckb"} {
		for key, texts := range readWords(t, lang) {
			paragraphsBeginInScript(t, lang, key, texts)
		}
	}
}

func paragraphsBeginInScript(t *testing.T, lang, key string, texts []string) {
	t.Helper()
	for _, text := range texts {
		for paragraph := range strings.SplitSeq(text, "\n") {
			// A value is isolated when it is put in, so that the first letter behind it decides.
			rest := strings.TrimLeft(placeholder.ReplaceAllString(paragraph, ""), " «»\"،(:")
			if !strings.ContainsFunc(rest, unicode.IsLetter) || strings.HasPrefix(rest, "/") || rest == "amana keys new" {
				continue
			}
			if r, _ := utf8.DecodeRuneInString(rest); !unicode.Is(unicode.Arabic, r) && !strings.HasSuffix(key, ".also") {
				t.Errorf("%s %s: %q begins with %q", lang, key, paragraph, r)
			}
		}
	}
}
