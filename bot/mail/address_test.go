package mail_test

import (
	netmail "net/mail"
	"strings"
	"testing"

	"amana/bot/mail"
)

func TestCheckAddress(t *testing.T) {
	for in, want := range map[string]string{
		"ana@example.org": "ana@example.org", "Ana.B+x@EXAMPLE.org": "Ana.B+x@example.org", "a@xn--bcher-kva.example": "a@xn--bcher-kva.example",
		"a@b.xn--p1ai": "a@b.xn--p1ai", "o'neil@example.org": "o'neil@example.org",
		strings.Repeat("a", 64) + "@example.org": strings.Repeat("a", 64) + "@example.org",
	} {
		if got, err := mail.CheckAddress(in); got != want || err != nil {
			t.Errorf("%q gives %q, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "ana", "@example.org", "ana@", "ana@@example.org", "ana@example", "ana@example.org.", "ana@.example.org", "ana@exa_mple.org",
		"ana@example.org\r\nBcc: eve@example.org", "ana@example.org\nx", "ana @example.org", " ana@example.org", "ana@example.org ", "ana@example.org\x00",
		"Ana <ana@example.org>", "<ana@example.org>", "ana@example.org,eve@example.org", "ana@example.org;eve@example.org", `"ana b"@example.org`,
		"ana@[192.0.2.1]", "ana@192.0.2.1", ".ana@example.org", "ana.@example.org", "a..b@example.org", "ana(x)@example.org", "ana@example.org(x)",
		"аna@example.org", "ana@exаmple.org", "ana@bücher.example", "ana@example.org\u202e", "ana\u200b@example.org", "ana@-a.org", "ana@a-.org",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("b", 64) + ".org", "a@" + strings.Repeat("bcd.", 63) + "org", "ana@example.o", "ana@example.0rg",
		"ana@ex%0d%0aample.org", "ana@example.org\x7f", "mail:ana@example.org@x",
	} {
		if got, err := mail.CheckAddress(in); err == nil || got != "" || len(in) > 16 && strings.Contains(err.Error(), in) {
			t.Errorf("%q is taken as %q, or told again: %v", in, got, err)
		}
	}
}

// Whatever is taken is one address for everybody else too, and breaks no line.
func FuzzCheckAddress(f *testing.F) {
	for _, s := range []string{"ana@example.org", "a@b.org\r\nBcc: c@d.org", "a.b@xn--p1ai.org", "a@b.org,c@d.org", "'@a.aa"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := mail.CheckAddress(s)
		if err != nil {
			return
		}
		all, err := netmail.ParseAddressList(got)
		if err != nil || len(all) != 1 || all[0].Address != got || all[0].Name != "" || strings.ContainsAny(got, "\r\n\t <>,;:\"()[]\\") {
			t.Errorf("%q is taken as %q, and read as %v, %v", s, got, all, err)
		}
		if again, err := mail.CheckAddress(got); again != got || err != nil {
			t.Errorf("%q is another the second time: %q, %v", got, again, err)
		}
	})
}
