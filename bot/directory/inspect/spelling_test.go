package inspect

import (
	"fmt"
	"slices"
	"testing"
)

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"example relief", "example releif", true}, {"example relief", "example relif", true}, {"example relief", "example reliefs", true}, {"example relief", "example relkef", true},
		{"example relief", "exam ple relief", true}, {"example relief", "relief example", true}, {"camp 4 ext", "camp 4ext", true},
		{"example relief", "example relief", false}, {"example relief", "example health", false}, {"example relief", "exmaple releif", false},
		{"camp 21", "camp 22", false}, {"block a", "block b", false}, {"camp i", "camp ii", false}, {"north camp", "south camp", false}, {"camp21", "camp22", false},
		{"ইজাম্পল ত্রাণ", "ইজাম্পল তরাণ", true}, {"إغاثة مثال", "إغاثه مثال", true}, {"", "example", false}, {"", "", false}, {"abcd", "abdc", true}, {"abc", "acb", false},
		{"abcde", "abced", true}, {"abcd", "bcde", false},
	} {
		if alike(c.a, c.b) != c.want || alike(c.b, c.a) != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, !c.want)
		}
	}
}

// Pairs are the same as if each text were compared with each.
func TestPairs(t *testing.T) {
	texts := []string{"example relief", "example releif", "relief example", "example health", "example heatlh", "health", "heatlh", "hea lth", "camp 1", "camp 2", "example women union", "example woman union", "", "x"}
	var want []pair
	for i := range texts {
		for j := i + 1; j < len(texts); j++ {
			if alike(texts[i], texts[j]) {
				want = append(want, pair{i, j})
			}
		}
	}
	if got := pairs(texts); !slices.Equal(got, want) || len(want) < 5 {
		t.Errorf("%v, want %v", got, want)
	}
	var many []string
	for n := range 5000 {
		many = append(many, fmt.Sprintf("example village %d", n))
	}
	if got := pairs(many); len(got) > 0 {
		t.Errorf("%d numbered villages are alike", len(got))
	}
}

func TestLines(t *testing.T) {
	at := func(line bool, numbers ...int) (out []place) {
		for _, n := range numbers {
			out = append(out, place{n: n, line: line})
		}
		return out
	}
	for want, at := range map[string][]place{
		"line 4": at(true, 4), "lines 2-4, 9": at(true, 9, 3, 2, 4), "services 1-2": at(false, 2, 1), "service 7": at(false, 7, 7), "in no line that is known": at(true, 0, 0),
		"lines 1, 3, 5, 7, 9, 11, 13, 15 and 2 more": at(true, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19),
	} {
		if got := lines(at); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
