package seal

import (
	"strings"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"
)

// The keys that we write are the keys that age writes, and back.
func TestKeysAreThoseOfAge(t *testing.T) {
	for range 50 {
		theirs := must(age.GenerateX25519Identity())
		ours := must(ParseIdentity("\n " + theirs.String() + " "))
		if ours.Public() != theirs.Recipient().String() || ours.Reveal() != theirs.String() {
			t.Fatal("read another key")
		}
		if err := CheckPublic(ours.Public()); err != nil {
			t.Fatal(err)
		}
	}
	seed := steady(1)
	for range 50 {
		ours := must(NewIdentity(seed))
		theirs := must(age.ParseX25519Identity(ours.Reveal()))
		if theirs.Recipient().String() != ours.Public() {
			t.Fatal("wrote another key")
		}
	}
}

func TestBech32(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z][a-z-]{0,20}`).Draw(t, "name")
		data := rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "data")
		s := encodeBech32(name, data)
		back, err := decodeBech32(name, s)
		if err != nil || string(back) != string(data) {
			t.Fatalf("%s: %x, %v", s, back, err)
		}
		at := rapid.IntRange(len(name)+1, len(s)-1).Draw(t, "at")
		to := bech32Digits[rapid.IntRange(0, 31).Draw(t, "to")]
		if wrong := s[:at] + string(to) + s[at+1:]; wrong != s {
			if _, err := decodeBech32(name, wrong); err == nil {
				t.Fatalf("%s for %s", wrong, s)
			}
		}
	})
}

func TestUnusablePublicKeys(t *testing.T) {
	good := newPerson(t)
	zero, one := make([]byte, 32), make([]byte, 32)
	one[0] = 1
	for what, s := range map[string]string{
		"nothing":        "",
		"secret":         good.Reveal(),
		"secret, lower":  strings.ToLower(good.Reveal()),
		"capitals":       strings.ToUpper(good.Public()),
		"space":          good.Public() + " ",
		"slip":           good.Public()[:20] + "q" + good.Public()[21:] + "p",
		"short":          encodeBech32("age", make([]byte, 31)),
		"hybrid":         "age1pq1qqqq",
		"coordinator's":  must(NewCoordinatorKey(steady(2))).Public(),
		"point of zeros": encodeBech32("age", zero),
		"point of one":   encodeBech32("age", one),
	} {
		err := CheckPublic(s)
		wantErr(t, err, ErrBadKey)
		if err != nil && len(s) > 8 && strings.Contains(err.Error(), s) {
			t.Errorf("%s: the error repeats it", what)
		}
		if _, err := Message(nil, []string{s}, "", steady(3)); err == nil {
			t.Errorf("%s: sealed to it", what)
		}
	}
}

func TestIdentityFile(t *testing.T) {
	a, b := newPerson(t), newPerson(t)
	got := must(ParseIdentities([]byte("# created: today\r\n# public key: x\r\n" + a.Reveal() + "\r\n\n" + b.Reveal())))
	if len(got) != 2 || got[0].Public() != a.Public() || got[1].Public() != b.Public() {
		t.Error("other keys")
	}
	for _, s := range []string{"", "# nothing", a.Public(), a.Reveal() + " " + b.Reveal(), strings.Repeat("x", 1<<17)} {
		_, err := ParseIdentities([]byte(s))
		wantErr(t, err, ErrBadKey)
	}
}
