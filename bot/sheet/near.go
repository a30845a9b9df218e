package sheet

import "strings"

// Near finds the one name among those known that somebody probably meant who wrote this: other capitals or a hyphen, a
// slip or two, a beginning. Names of one and two letters are never guessed: they are all alike.
func Near(word string, known []string) (string, bool) {
	typed := tidy(word)
	best, least, alone := "", 1+slips(typed), false
	for _, k := range known {
		name := tidy(k)
		d := distance(typed, name)
		if d > 0 && len(typed) >= 3 && strings.HasPrefix(name, typed) {
			d = 1
		}
		switch {
		case d < least:
			best, least, alone = k, d, true
		case d == least:
			alone = false
		}
	}
	return best, alone && (least == 0 || len([]rune(typed)) >= 3)
}

// Known says which name was probably meant, or which there are.
func Known(word string, known []string) string {
	if near, ok := Near(word, known); ok {
		return "did you mean " + near + "?"
	}
	if len(known) == 0 {
		return "take it out"
	}
	return "known here: " + strings.Join(known, ", ")
}

func tidy(s string) string {
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(s))
}

// slips is how many letters may be wrong.
func slips(word string) int { return min(3, (len([]rune(word))+1)/3) }

// longest is the length beyond which nothing is compared: names are short.
const longest = 64

// distance counts the letters that were added, left out, changed, or swapped with their neighbour.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > longest || len(t) > longest {
		return longest
	}
	before, last, here := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := range s {
		here[0] = i + 1
		for j := range t {
			d := last[j]
			if s[i] != t[j] {
				d++
			}
			d = min(d, last[j+1]+1, here[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				d = min(d, before[j-1]+1)
			}
			here[j+1] = d
		}
		before, last, here = last, here, before
	}
	return last[len(t)]
}
