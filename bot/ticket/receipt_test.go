package ticket

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func TestReceiptRoundTrip(t *testing.T) {
	for range 200 {
		r, err := NewReceipt(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{r.Digits(), r.Groups(), strings.ReplaceAll(r.Groups(), " ", "-")} {
			if got, err := ParseReceipt(typed); err != nil || got != r {
				t.Fatalf("%q was not taken for what it is: %v", typed, err)
			}
		}
	}
}

func TestReceiptNoticesEveryWrongDigitAndEverySwap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := NewReceipt(bytes.NewReader(rapid.SliceOfN(rapid.ByteMax(249), 15, 15).Draw(t, "random")))
		if err != nil {
			t.Fatal(err)
		}
		right := []byte(r.Digits())
		for i := range right {
			for d := byte('0'); d <= '9'; d++ {
				wrong := slices.Clone(right)
				wrong[i] = d
				if _, err := ParseReceipt(string(wrong)); (err == nil) != (d == right[i]) {
					t.Fatalf("digit %d of %s as %c: %v", i, right, d, err)
				}
			}
			if i > 0 && right[i] != right[i-1] {
				wrong := slices.Clone(right)
				wrong[i], wrong[i-1] = wrong[i-1], wrong[i]
				if _, err := ParseReceipt(string(wrong)); !errors.Is(err, ErrReceipt) {
					t.Fatalf("digits %d and %d of %s swapped: %v", i-1, i, right, err)
				}
			}
		}
	})
}

func TestReceiptKnownCheckDigit(t *testing.T) {
	// 572 has the check digit 4 in Damm's own example; zeros in front change nothing.
	if _, err := ParseReceipt("0000 0000 0000 5724"); err != nil {
		t.Fatal(err)
	}
}

func TestReceiptRefuses(t *testing.T) {
	for _, typed := range []string{
		"", "0", "000000000000000", "00000000000000000", "0000 0000 0000 572x", "٠000000000000000", "０000000000000000",
		"+000000000000000", "0000\n0000 0000 5724", strings.Repeat("0", 1<<16),
	} {
		if _, err := ParseReceipt(typed); !errors.Is(err, ErrReceipt) {
			t.Errorf("%.40q: %v", typed, err)
		}
	}
}

func TestReceiptDrawsEveryDigitAlike(t *testing.T) {
	// Every byte once: 250 of them count, each digit 25 times.
	count := map[byte]int{}
	for b := range 256 {
		d, err := draw(bytes.NewReader([]byte{byte(b), 7}), 10)
		if err != nil {
			t.Fatal(err)
		}
		if b < 250 {
			count[d]++
		} else if d != 7 {
			t.Fatalf("byte %d was not thrown away", b)
		}
	}
	for d, n := range count {
		if n != 25 {
			t.Errorf("digit %d comes from %d bytes", d, n)
		}
	}
}

func TestReceiptBrokenSource(t *testing.T) {
	if _, err := NewReceipt(iotest.ErrReader(errors.New("gone"))); err == nil {
		t.Error("no error from a source that fails")
	}
	if _, err := NewReceipt(bytes.NewReader(bytes.Repeat([]byte{255}, 1<<12))); err == nil {
		t.Error("no error from a source that repeats itself")
	}
	if _, err := NewReceipt(bytes.NewReader([]byte{1, 2, 3})); err == nil {
		t.Error("no error from a source that ends")
	}
}

func TestReceiptHides(t *testing.T) {
	r, err := ParseReceipt("0000 0000 0000 5724")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "receipt", r)
	shown := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%U"} {
		shown += fmt.Sprintf(verb, r) + fmt.Sprintf(verb, &r)
	}
	if b, err := json.Marshal(r); err == nil {
		t.Errorf("encoded as %s", b)
	}
	for _, leak := range []string{"572", "353732", "53 55 50"} {
		if strings.Contains(shown, leak) {
			t.Errorf("shown: %s", shown)
		}
	}
	if (Receipt{}).Groups() != "" || (Receipt{}).Digits() != "" || !(Receipt{}).IsZero() || r.IsZero() {
		t.Error("no receipt is not empty")
	}
}

func TestCode(t *testing.T) {
	seen := map[byte]bool{}
	for range 2000 {
		c, err := NewCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if len(c) != CodeLetters || strings.ContainsAny(string(c), "AEIOUYQ") {
			t.Fatalf("code %s", c)
		}
		for i := range len(c) {
			seen[c[i]] = true
		}
		for _, typed := range []string{string(c), strings.ToLower(string(c)), string(c[:3]) + " - " + string(c[3:])} {
			if got, err := ParseCode(typed); err != nil || got != c {
				t.Fatalf("%q: %v", typed, err)
			}
		}
	}
	if len(seen) != len(codeAlphabet) {
		t.Errorf("only %d letters occur", len(seen))
	}
	for _, typed := range []string{"", "BDFGH", "BDFGHJK", "BDFGHA", "BDFGH1", "BBBDFG", "BDFGHÉ", "ſDFGHJ"} {
		if c, err := ParseCode(typed); !errors.Is(err, ErrCode) {
			t.Errorf("%q is taken for %s", typed, c)
		}
	}
	if _, err := NewCode(bytes.NewReader(make([]byte, 1<<12))); err == nil {
		t.Error("a source of zeros gives a code")
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "code", Code("BDFGHJ"), "id", ID{1})
	if s := log.String(); strings.Contains(s, "BDF") || strings.Contains(s, "01") && strings.Contains(s, "id=01") {
		t.Errorf("logged: %s", s)
	}
}

func TestID(t *testing.T) {
	id, err := NewID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := id.MarshalText()
	var got ID
	if err := got.UnmarshalText(text); err != nil || got != id {
		t.Fatalf("%s: %v", text, err)
	}
	for _, bad := range []string{"", "00", strings.Repeat("g", 32), strings.Repeat("0", 34)} {
		if err := got.UnmarshalText([]byte(bad)); err == nil || got != id {
			t.Errorf("%q was read, or changed the id", bad)
		}
	}
}

func FuzzReceipt(f *testing.F) {
	f.Add("0000 0000 0000 5724")
	f.Add("0000-0000-0000-5725")
	f.Fuzz(func(t *testing.T, typed string) {
		r, err := ParseReceipt(typed)
		if err != nil {
			if !errors.Is(err, ErrReceipt) || r != (Receipt{}) {
				t.Fatalf("refused as %v with %q left over", err, r.Digits())
			}
			return
		}
		if again, err := ParseReceipt(r.Groups()); err != nil || again != r {
			t.Fatalf("%q is not read again: %v", r.Groups(), err)
		}
		bare := strings.NewReplacer(" ", "", "-", "").Replace(typed)
		if bare != r.Digits() {
			t.Fatalf("%q was read as %s", typed, r.Digits())
		}
	})
}
