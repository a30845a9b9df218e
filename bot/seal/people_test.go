package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const testWork = 10 // 2^10 instead of 2^18: milliseconds

func TestWrappedKeyOpensWithBoth(t *testing.T) {
	id, device := newPerson(t), must(NewDeviceKey(rand.Reader))
	const composed, decomposed, wide = "caf\u00e9 سلام 1", "cafe\u0301 سلام 1", "ｃａｆé سلام １"
	file := must(Wrap(id, composed, device, testWork))
	for _, pass := range []string{composed, decomposed, wide} { // one keyboard or another
		if got, err := Unwrap(file, pass, device); err != nil || got.Reveal() != id.Reveal() {
			t.Errorf("%+q: %v", pass, err)
		}
	}
	for _, pass := range []string{"cafe سلام 1", "Café سلام 1", composed + "-"} {
		_, err := Unwrap(file, pass, device)
		wantErr(t, err, ErrPassphrase)
	}
	_, err := Unwrap(file, composed, must(NewDeviceKey(rand.Reader)))
	wantErr(t, err, ErrPassphrase)
	_, err = Unwrap(file, " ", device)
	wantErr(t, err, ErrPassphrase)
	_, err = Wrap(id, "\t", device, testWork)
	wantErr(t, err, ErrPassphrase)

	// Without us: age itself, with the passphrase as it is written down, gives a file that age takes as identity.
	code := strings.ReplaceAll(device.RecoveryCode(), "-", "")
	r := must(age.Decrypt(bytes.NewReader(file), must(age.NewScryptIdentity(composed+"-"+code[:26]))))
	ids := must(age.ParseIdentities(r))
	if len(ids) != 1 || ids[0].(*age.X25519Identity).String() != id.Reveal() {
		t.Error("age finds another key in it")
	}
}

func TestWrappedKeyNoticesTampering(t *testing.T) {
	id, device := newPerson(t), must(NewDeviceKey(rand.Reader))
	file := must(Wrap(id, "open sesame", device, testWork))
	everyByte(file, 0, 3, func(at int, changed []byte) {
		if _, err := Unwrap(changed, "open sesame", device); err == nil {
			t.Errorf("byte %d changed unnoticed", at)
		} else if strings.Contains(err.Error(), "sesame") {
			t.Errorf("error %v", err)
		}
	})
	for _, work := range []int{0, WrapWork + 1, 31} {
		if _, err := Wrap(id, "open sesame", device, work); err == nil {
			t.Errorf("wrapped with work %d", work)
		}
	}
	// A file that asks for 4 GiB is refused at once.
	heavy := bytes.Replace(file, []byte(" 10\n"), []byte(" 22\n"), 1)
	_, err := Unwrap(heavy, "open sesame", device)
	wantErr(t, err, ErrTampered)
	// A key of another kind, wrapped in the same way, is not taken for this one.
	other := must(WrapCoordinator(must(NewCoordinatorKey(rand.Reader)), "open sesame", device, testWork))
	_, err = Unwrap(other, "open sesame", device)
	wantErr(t, err, ErrBadKey)
	_, err = UnwrapCoordinator(file, "open sesame", device)
	wantErr(t, err, ErrBadKey)
}

func TestRecoveryCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		device := must(ParseDeviceKey(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "key")))
		code := device.RecoveryCode()
		if len(code) != 35 || strings.Count(code, "-") != 5 {
			t.Fatalf("code of %d characters", len(code))
		}
		for _, typed := range []string{
			code, strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "-", ""), "\u2066" + code + "\u2069\n",
			strings.NewReplacer("O", "0", "I", "1", "B", "8", "-", "–").Replace(code),
		} {
			if back, err := ParseRecoveryCode(typed); err != nil || !bytes.Equal(back.Reveal(), device.Reveal()) {
				t.Fatalf("%q: %v", typed, err)
			}
		}
	})
	code := must(ParseDeviceKey(bytes.Repeat([]byte{0x5a}, 16))).RecoveryCode()
	missed := 0
	for i, c := range code {
		for _, d := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" {
			if c != '-' && c != d {
				if _, err := ParseRecoveryCode(code[:i] + string(d) + code[i+1:]); err == nil {
					missed++
				} else {
					wantErr(t, err, ErrBadKey)
				}
			}
		}
	}
	if missed > 0 {
		t.Errorf("%d slips of one character were not noticed", missed)
	}
	for _, s := range []string{"", code[:34], code + "A", strings.Repeat("é", 30), strings.Replace(code, code[:1], "9", 1)} {
		_, err := ParseRecoveryCode(s)
		wantErr(t, err, ErrBadKey)
	}
	_, err := ParseDeviceKey(nil)
	wantErr(t, err, ErrBadKey)
}

func TestEnrolment(t *testing.T) {
	id, device := newPerson(t), must(NewDeviceKey(rand.Reader))
	e := Enrolment{Public: id.Public(), Wrapped: must(Wrap(id, "open sesame", device, testWork))}
	file := must(e.Encode())
	if !bytes.HasPrefix(file, []byte("amana enrolment 1\nage1")) || len(file) > MaxEnrolment || bytes.Contains(file, []byte(id.Reveal())) {
		t.Errorf("file:\n%s", file)
	}
	for what, data := range map[string][]byte{
		"as written":    file,
		"from Windows":  bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")),
		"blank line at": append(bytes.Clone(file), '\n'),
	} {
		got, err := ParseEnrolment(data)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if d := cmp.Diff(e, got); d != "" {
			t.Errorf("%s: %s", what, d)
		}
		if back := must(Unwrap(got.Wrapped, "open sesame", device)); back.Public() != got.Public {
			t.Errorf("%s: another key", what)
		}
	}
	armored := file[bytes.Index(file, []byte("-----BEGIN")):]
	if plain := must(io.ReadAll(armor.NewReader(bytes.NewReader(armored)))); !bytes.Equal(plain, e.Wrapped) {
		t.Error("age reads another file from the block")
	}
}

func TestEnrolmentRefusesOtherThings(t *testing.T) {
	id, device := newPerson(t), must(NewDeviceKey(rand.Reader))
	wrapped := must(Wrap(id, "open sesame", device, testWork))
	good := string(must(Enrolment{Public: id.Public(), Wrapped: wrapped}.Encode()))
	for what, data := range map[string]string{
		"nothing":       "",
		"version 2":     strings.Replace(good, "enrolment 1", "enrolment 2", 1),
		"secret key":    strings.Replace(good, id.Public(), id.Reveal(), 1),
		"no armor":      good[:strings.Index(good, "-----")],
		"cut":           good[:len(good)-30],
		"more behind":   good + "x",
		"too long":      good + strings.Repeat("\n", MaxEnrolment),
		"an identity":   id.Reveal(),
		"weak point":    strings.Replace(good, id.Public(), encodeBech32("age", make([]byte, 32)), 1),
		"lines swapped": id.Public() + "\namana enrolment 1\n",
	} {
		_, err := ParseEnrolment([]byte(data))
		if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrBadKey) {
			t.Errorf("%s: %v", what, err)
		}
		if err != nil && strings.Contains(err.Error(), id.Reveal()) {
			t.Errorf("%s: the error shows the secret key", what)
		}
	}
	for what, file := range map[string][]byte{
		"a message":      newMessage(t, "x", id.Public()),
		"the bare key":   []byte(id.Reveal()),
		"light work":     must(Wrap(id, "open sesame", device, minWork-1)),
		"heavy work":     bytes.Replace(wrapped, []byte(" 10\n"), []byte(" 19\n"), 1),
		"odd work":       bytes.Replace(wrapped, []byte(" 10\n"), []byte(" 010\n"), 1),
		"another secret": must(wrap("hello", "open sesame", device, testWork)),
		"nothing":        nil,
	} {
		_, err := Enrolment{Public: id.Public(), Wrapped: file}.Encode()
		wantErr(t, err, ErrMalformed)
		if err == nil {
			t.Errorf("%s was enrolled", what)
		}
	}
}

func TestFingerprintIsReadAloud(t *testing.T) {
	a, b := Fingerprint(newPerson(t).Public()), Fingerprint(newPerson(t).Public())
	if a == b || len(a) != 35 || strings.Trim(a, "0123456789 ") != "" || len(strings.Fields(a)) != 6 {
		t.Errorf("%q, %q", a, b)
	}
}

func TestCoordinator(t *testing.T) {
	k, other := must(NewCoordinatorKey(rand.Reader)), must(NewCoordinatorKey(rand.Reader))
	roster := []byte("version 4")
	signature := SignRoster(k, roster)
	if err := VerifyRoster(k.Public(), roster, signature); err != nil {
		t.Error(err)
	}
	wantErr(t, VerifyRoster(other.Public(), roster, signature), ErrSignature)
	wantErr(t, VerifyRoster(k.Public(), append(roster, 0), signature), ErrSignature)
	wantErr(t, VerifyRoster(k.Public(), roster, nil), ErrSignature)
	wantErr(t, VerifyRoster(k.Reveal(), roster, signature), ErrBadKey)
	wantErr(t, CheckCoordinator("age1"), ErrBadKey)

	if back := must(ParseCoordinatorKey(" " + k.Reveal() + "\n")); back.Public() != k.Public() {
		t.Error("another key came back")
	}
	_, err := ParseCoordinatorKey(k.Public())
	wantErr(t, err, ErrBadKey)

	device := must(NewDeviceKey(rand.Reader))
	file := must(WrapCoordinator(k, "open sesame", device, testWork))
	if back := must(UnwrapCoordinator(file, "open sesame", device)); back.Public() != k.Public() {
		t.Error("another key came out")
	}
	_, err = UnwrapCoordinator(file, "open", device)
	wantErr(t, err, ErrPassphrase)
}
