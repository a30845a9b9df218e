package directory

import "strings"

// Tag brings a language tag to the one form in which tags are kept (BCP 47: "bn", "kmr-Arab-IQ"), so that two spellings of
// one language are one. Ok is false for what is no tag.
func Tag(s string) (tag string, ok bool) {
	parts := strings.Split(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "_", "-"), "-")
	for i, p := range parts[1:] {
		if len(p) == 1 { // what follows is an extension, in small letters
			break
		}
		switch {
		case len(p) == 4 && p[0] > '9': // a script
			parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
		case len(p) == 2: // a region
			parts[i+1] = strings.ToUpper(p)
		}
	}
	tag = strings.Join(parts, "-")
	return tag, len(tag) <= 35 && isTag.MatchString(tag)
}
