package directory

import (
	"strings"
)

// Tag brings a language tag to the one form in which tags are kept (BCP 47: "bn", "kmr-Arab-IQ"), so that two spellings of
// one language are one. Ok is false for what is no tag.
func Tag(s string) (tag string, ok bool) {
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"), "-")
	for i, p := range parts {
		p = strings.ToLower(p)
		if i > 0 && len(p) == 4 && p[0] > '9' {
			p = strings.ToUpper(p[:1]) + p[1:]
		}
		if i > 0 && len(p) == 2 && len(parts[i-1]) > 1 { // behind a single letter stands an extension
			p = strings.ToUpper(p)
		}
		parts[i] = p
	}
	tag = strings.Join(parts, "-")
	return tag, len(tag) <= 35 && isTag.MatchString(tag)
}
