package speech

import (
	"unicode"
	"unicode/utf8"
)

// shortest is the number of letters below which a word is never guessed: too many short words are one letter apart.
const shortest = 4

// nearest finds the one option with a label near in spelling.
func (m *matcher) nearest() (index int, found bool) {
	letters := countLetters(m.typed)
	if letters < shortest {
		return 0, false
	}
	typed := []rune(m.typed)
	return m.unique(func(label string) bool {
		n := min(letters, countLetters(label))
		if n < shortest || !sameDigits(m.typed, label) {
			return false
		}
		limit := slips(n)
		return within(typed, label, limit)
	})
}

// slips is how many mistakes a word of n letters may hold and still be taken for it.
func slips(n int) int {
	switch {
	case n < shortest:
		return 0
	case n < 8:
		return 1
	case n < 14:
		return 2
	}
	return 3
}

func countLetters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// sameDigits says that two texts hold the same digits in the same order: camp 4 is not a misspelt camp 5.
func sameDigits(a, b string) bool {
	i, j := 0, 0
	for {
		for i < len(a) && (a[i] < '0' || a[i] > '9') {
			i++
		}
		for j < len(b) && (b[j] < '0' || b[j] > '9') {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if a[i] != b[j] {
			return false
		}
		i++
		j++
	}
}

// longestNear is the length, in characters, up to which spellings are compared.
const longestNear = 96

// within says that a and b are at most limit slips apart: a letter added, left out, changed, or two neighbours swapped.
func within(a []rune, label string, limit int) bool {
	var buffer [longestNear]rune
	if utf8.RuneCountInString(label) > longestNear || len(a) > longestNear {
		return false
	}
	b := buffer[:0]
	for _, r := range label {
		b = append(b, r)
	}
	if d := len(a) - len(b); d > limit || -d > limit {
		return false
	}
	var rows [3][longestNear + 1]int
	before, last, here := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		here[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, here[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			here[j] = d
			least = min(least, d)
		}
		if least > limit {
			return false
		}
		before, last, here = last, here, before
	}
	return last[len(b)] <= limit
}
