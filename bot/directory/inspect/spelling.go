package inspect

import (
	"slices"
	"strings"
	"unicode"

	"amana/bot/speech"
)

// longEnough is how many letters a word has in which a slip is looked for. Shorter ones, and those with digits, are all
// alike: Camp 1 and Camp 2, Block A and Block B.
const longEnough = 4

// alike says that two folded texts are one, written in two ways: other spaces, another order of the words, or one slip in
// one word. Texts that are the same are not alike.
func alike(a, b string) bool {
	if a == b || a == "" || b == "" {
		return false
	}
	if squash(a) == squash(b) {
		return true
	}
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	odd := -1
	for i := range x {
		if x[i] == y[i] {
			continue
		}
		if odd >= 0 {
			odd = -1
			break
		}
		odd = i
	}
	if odd >= 0 {
		return slip(x[odd], y[odd])
	}
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func squash(s string) string { return strings.ReplaceAll(s, " ", "") }

// slip says that two words differ by one letter that was changed, added or left out, or by two that were swapped.
func slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < longEnough || len(y)-len(x) > 1 || strings.ContainsFunc(a+b, unicode.IsNumber) {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) < len(y) {
		return slices.Equal(x[i:], y[i+1:])
	}
	return slices.Equal(x[i+1:], y[i+1:]) || i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
}

// pair is two of a list.
type pair struct{ a, b int }

// pairs finds those of a list of folded texts that are alike, without comparing each with each: two that are alike are the
// same once their spaces, their order or one of their words is left out.
func pairs(texts []string) (out []pair) {
	heaps := map[string][]int{}
	for i, text := range texts {
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		sorted := slices.Sorted(slices.Values(words))
		keys := []string{"s " + squash(text), "o " + strings.Join(sorted, " ")}
		for n := range words {
			without := slices.Clone(words)
			without[n] = "*"
			keys = append(keys, strings.Join(without, " "))
		}
		for _, k := range keys {
			heaps[k] = append(heaps[k], i)
		}
	}
	seen := map[pair]bool{}
	for _, heap := range heaps {
		for i, a := range heap[:min(len(heap), mostAlike)] {
			for _, b := range heap[i+1 : min(len(heap), mostAlike)] {
				if p := (pair{a, b}); !seen[p] && alike(texts[a], texts[b]) {
					seen[p] = true
					out = append(out, p)
				}
			}
		}
	}
	slices.SortFunc(out, func(x, y pair) int {
		if x.a != y.a {
			return x.a - y.a
		}
		return x.b - y.b
	})
	return out
}

// mostAlike bounds how many texts with one word apart are compared with each other: beyond it the word is a name or a
// number, as in a list of all villages.
const mostAlike = 1000

func fold(s string) string { return speech.Fold("", s) }
