package flows_test

import (
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
						if n := len(strings.Fields(s)); n > 12 {
							t.Errorf("%s %s: %d words in one sentence: %q", lang, key, n, s)
						}
					}
				}
			}
		}
	}
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
}

func TestPlain(t *testing.T) {
	for _, lang := range languages {
		for key, texts := range readWords(t, lang) {
			for _, text := range texts {
				if found := unsaid[lang].FindString(text); found != "" && toPeople(key) {
					t.Errorf("%s %s: %q is not for people: %q", lang, key, found, text)
				}
			}
		}
	}
}

// "What happened is not your fault" is said in one place, to the one person it is meant for.
func TestNotYourFaultOnce(t *testing.T) {
	for lang, words := range map[string]string{"en": "fault", "ar": "ذنب"} {
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
	for key, texts := range readWords(t, "ar") {
		for _, text := range texts {
			for paragraph := range strings.SplitSeq(text, "\n") {
				// A value is isolated when it is put in, so that the first letter behind it decides.
				rest := strings.TrimLeft(placeholder.ReplaceAllString(paragraph, ""), " ")
				if rest == "" || strings.HasPrefix(rest, "/") || rest == "amana keys new" {
					continue
				}
				if r, _ := utf8.DecodeRuneInString(rest); !unicode.Is(unicode.Arabic, r) && !strings.HasSuffix(key, ".also") {
					t.Errorf("%s: %q begins with %q", key, paragraph, r)
				}
			}
		}
	}
}
