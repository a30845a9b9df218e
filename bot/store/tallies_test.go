package store

import (
	"bytes"
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// Counters are written as the library writes them, and read as it reads them: whatever they are called.
func TestTalliesAreJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := map[string]int{}
		var all tallies
		for _, name := range rapid.SliceOfN(rapid.OneOf(rapid.StringMatching(`[ -~]{0,6}`), rapid.String()), 0, 40).Draw(t, "names") {
			for range rapid.IntRange(1, 12).Draw(t, "times") {
				want[name]++
				all = all.add(name)
			}
		}
		written, err := all.encode()
		usual, err2 := encode(want)
		if err != nil || err2 != nil || !bytes.Equal(written, usual) {
			t.Fatalf("%s, %v; the library: %s, %v", written, err, usual, err2)
		}
		back, err := readTallies(written)
		got := map[string]int{}
		for _, one := range back {
			got[one.name] = one.n
		}
		if err != nil || !maps.Equal(got, want) || len(back) != len(want) {
			t.Fatalf("read again: %v, %v", got, err)
		}
	})
	for _, record := range []string{
		"", "{", "}", "[]", `{"a":1`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":01}`, `{"a":-1}`, `{"a":1.5}`, `{"a":1}x`, `{"a":1,"a":2}`, `{"b":1,"a":2}`,
		` {"a": 1 }`, `{"\u0061":1}`, `{"a":9223372036854775807}`, `{"a":9223372036854775808}`, `{"a":"1"}`, `{"a":null}`, "null", "{}", `{,}`, `{"a":1;"b":2}`,
	} {
		want := map[string]int{}
		wantErr := decode([]byte(record), &want)
		back, err := readTallies([]byte(record))
		got := map[string]int{}
		for _, one := range back {
			got[one.name] = one.n
		}
		if (err == nil) != (wantErr == nil) || err == nil && !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v; the library: %v, %v", record, got, err, want, wantErr)
		}
	}
}
