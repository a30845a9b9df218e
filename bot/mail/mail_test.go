package mail_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"amana/bot"
	"amana/bot/mail"
	"amana/bot/mail/mailtest"
)

var at = time.Date(2026, 11, 20, 14, 37, 21, 0, time.UTC)

// mixed is a subject in which letters of ASCII and others take turns, over more than a line.
const mixed = "Nešto čeka na vas, and a tail of plain words that is longer than a word of a header may be, još"

func say(lang, key string) string {
	if lang == "ar" {
		return map[string]string{"mail.subject": "شيء بانتظارك", "mail.footer": "لا تجب على هذه الرسالة."}[key]
	}
	if lang == "bs" {
		return map[string]string{"mail.subject": mixed, "mail.footer": "Ne odgovarajte."}[key]
	}
	return map[string]string{"mail.subject": "Something waits for you", "mail.footer": "Please do not answer."}[key]
}

func door(t *testing.T, s *mailtest.Server, fit func(*mail.Options)) *mail.Door {
	t.Helper()
	o := mail.Options{
		Host: s.Host, Port: s.Port, CA: s.CA, From: "notes@mission.example.org", Say: say, Timeout: 5 * time.Second,
		Now: func() time.Time { return at },
	}
	if fit != nil {
		fit(&o)
	}
	d, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func notice(file []byte) (bot.Notice, bot.Outgoing) {
	n := bot.Notice{ID: [16]byte{7}, Reader: "ana", Address: "mail:ana.a@example.org", Lang: "en", Event: "report", Code: "QRSTUV"}
	if file != nil {
		n.File = &bot.File{Name: "QRSTUV.amana", Bytes: file}
	}
	return n, bot.Outgoing{Lang: "en", Text: "A new report: QRSTUV. Please acknowledge it by 2026-11-22 10:00."}
}

// read takes a mail apart: its headers, its text, and its file.
func read(t *testing.T, raw []byte) (h netmail.Header, text string, name string, file []byte) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind == "text/plain" {
		return m.Header, unquote(t, m.Body), "", nil
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return m.Header, text, name, file
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.FileName() == "" {
			text = unquote(t, p)
			continue
		}
		name = p.FileName()
		if file, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, p)); err != nil {
			t.Fatal(err)
		}
	}
}

func unquote(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(quotedprintable.NewReader(r))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}

// Every header that goes out is one of these, with this in it: nothing names this machine, the program, the code or the
// minute. The other side is told no name of this machine either.
func TestHeaders(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	n, words := notice(nil)
	if err := door(t, s, nil).Notify(t.Context(), n, words); err != nil {
		t.Fatal(err)
	}
	m := s.Mails()[0]
	h, text, _, _ := read(t, m.Raw)
	want := map[string]string{
		"Auto-Submitted": "auto-generated", "Content-Transfer-Encoding": "quoted-printable", "Content-Type": "text/plain; charset=UTF-8",
		"Date": "Fri, 20 Nov 2026 14:00:00 +0000", "From": "<notes@mission.example.org>", "Mime-Version": "1.0",
		"Reply-To": "<nobody@no-answer.invalid>", "Subject": "Something waits for you", "To": "<ana.a@example.org>",
		"X-Auto-Response-Suppress": "All", "Message-Id": h.Get("Message-Id"),
	}
	got := map[string]string{}
	for k, v := range h {
		got[k] = strings.Join(v, "|")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if id := h.Get("Message-Id"); len(id) != 1+32+len("@mission.example.org>") || !strings.HasSuffix(id, "@mission.example.org>") {
		t.Errorf("the mail is called %s", id)
	}
	if want := words.Text + "\n\n-- \nPlease do not answer.\n"; text != want {
		t.Errorf("the mail says %q, want %q", text, want)
	}
	if m.From != "notes@mission.example.org" || m.To != "ana.a@example.org" || m.Hello != "mission.example.org" {
		t.Errorf("the server was told %q, %q, %q", m.From, m.To, m.Hello)
	}
	if name, err := os.Hostname(); err != nil || name != "localhost" && bytes.Contains(m.Raw, []byte(name)) {
		t.Errorf("the mail names this machine: %v", err)
	}
}

// The reader's language is in the mail whole, and the subject is the same whatever happened.
func TestLanguage(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{Implicit: true})
	d := door(t, s, func(o *mail.Options) { o.Implicit = true })
	for _, event := range []string{"report", "digest", "late"} {
		n, _ := notice(nil)
		n.Event, n.Urgent = event, event == "late"
		if err := d.Notify(t.Context(), n, bot.Outgoing{Lang: "ar", Text: "بلاغ جديد: \u2068QRSTUV\u2069."}); err != nil {
			t.Fatal(err)
		}
	}
	n, words := notice(nil)
	words.Lang = "bs"
	if err := d.Notify(t.Context(), n, words); err != nil {
		t.Fatal(err)
	}
	mails := s.Mails()
	last := mails[len(mails)-1]
	h, _, _, _ := read(t, last.Raw)
	if subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); err != nil || subject != mixed {
		t.Errorf("the subject is %q (%v)", subject, err)
	}
	for _, m := range mails[:len(mails)-1] {
		h, text, _, _ := read(t, m.Raw)
		subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
		if err != nil || subject != "شيء بانتظارك" {
			t.Errorf("the subject is %q (%v)", subject, err)
		}
		if text != "بلاغ جديد: \u2068QRSTUV\u2069.\n\n-- \nلا تجب على هذه الرسالة.\n" {
			t.Errorf("the mail says %q", text)
		}
		for _, line := range strings.Split(string(m.Raw), "\r\n") {
			if len(line) > 78 || line == "Subject:" || slices.ContainsFunc([]byte(line), func(b byte) bool { return b > 0x7e }) {
				t.Errorf("a line that some servers break: %q", line)
			}
		}
	}
}

// A sealed file travels byte for byte under a name that tells nothing.
func TestFile(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	sealed := bytes.Repeat([]byte{0, 1, 2, 255, '.', '\r', '\n'}, 64<<10/7)
	n, words := notice(sealed)
	if err := door(t, s, nil).Notify(t.Context(), n, words); err != nil {
		t.Fatal(err)
	}
	raw := s.Mails()[0].Raw
	_, text, name, file := read(t, raw)
	if !bytes.Equal(file, sealed) || name != "file.age" || !strings.HasPrefix(text, words.Text) {
		t.Errorf("%d bytes called %q, with %q", len(file), name, text)
	}
	if head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n")); bytes.Contains(head, []byte("QRSTUV")) || bytes.Contains(raw, []byte("QRSTUV.amana")) {
		t.Error("a header holds the code")
	}
	n.File = &bot.File{Load: func() ([]byte, error) { return []byte("loaded"), nil }}
	if err := door(t, s, nil).Notify(t.Context(), n, words); err != nil {
		t.Fatal(err)
	}
	if _, _, _, file := read(t, s.Mails()[1].Raw); string(file) != "loaded" {
		t.Errorf("the file that is loaded late is %q", file)
	}
}

// Whatever a server lacks, nothing is sent to it in clear, and no password.
func TestNoMailWithoutTLS(t *testing.T) {
	for name, c := range map[string]struct {
		server   mailtest.Options
		implicit bool
		strange  bool // the door does not know the authority
		want     string
	}{
		"it offers none":           {mailtest.Options{Plain: true, User: "u", Password: "secret"}, false, false, "the mail server offers no TLS: nothing was sent"},
		"the certificate's name":   {mailtest.Options{Name: "other.example.org"}, false, false, "the certificate of the mail server is for another name than host: under mail: in the configuration"},
		"another name, implicit":   {mailtest.Options{Name: "other.example.org", Implicit: true}, true, false, "the certificate of the mail server is for another name than host: under mail: in the configuration"},
		"nobody knows who signed":  {mailtest.Options{}, false, true, "the certificate of the mail server is signed by nobody who is trusted here: name its authority as ca: under mail: in the configuration"},
		"nobody knows, implicit":   {mailtest.Options{Implicit: true}, true, true, "the certificate of the mail server is signed by nobody who is trusted here: name its authority as ca: under mail: in the configuration"},
		"the certificate is over":  {mailtest.Options{Ended: true}, false, false, "the certificate of the mail server is not valid at this time"},
		"it speaks an old version": {mailtest.Options{MaxTLS: tls.VersionTLS11}, false, false, "no TLS came about with the mail server: see port and tls under mail: in the configuration"},
		"TLS where none is spoken": {mailtest.Options{}, true, false, "no TLS came about with the mail server: see port and tls under mail: in the configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.Start(t, c.server)
			n, words := notice(nil)
			err := door(t, s, func(o *mail.Options) {
				o.Implicit, o.User, o.Password = c.implicit, "u", "secret"
				if c.strange {
					o.CA = x509.NewCertPool()
				}
			}).Notify(t.Context(), n, words)
			if err == nil || err.Error() != c.want || errors.Is(err, mail.ErrGone) {
				t.Errorf("it says %q, want %q", err, c.want)
			}
			if s.Tried() != 0 || len(s.Mails()) != 0 {
				t.Error("a mail was sent")
			}
		})
	}
}

// What a server refuses is put into words that hold neither its own nor the address; only what it says of the address
// ends a notice.
func TestRefusals(t *testing.T) {
	words := "<ana.a@example.org>: sorry, no mailbox; see https://help.example.org"
	no := func(code int, enhanced ...int) error {
		var e [3]int
		copy(e[:], enhanced)
		return mailtest.Refusal(code, e, words)
	}
	bare := func(words string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.NoEnhancedCode, Message: words}
	}
	for name, c := range map[string]struct {
		address, mail, sender error
		password              string
		want                  string
		gone                  bool
	}{
		"nobody there":            {address: no(550, 5, 1, 1), want: "the mail server does not know the address, or has closed it (550 5.1.1)", gone: true},
		"closed":                  {address: no(550, 5, 2, 1), want: "the mail server does not know the address, or has closed it (550 5.2.1)", gone: true},
		"nobody, seen late":       {mail: no(550, 5, 1, 1), want: "the mail server does not know the address, or has closed it (550 5.1.1)", gone: true},
		"full":                    {address: no(552, 5, 2, 2), want: "the mail server takes nothing just now (552 5.2.2)"},
		"relaying, in words":      {address: bare("relay not permitted"), want: "the mail server refuses, though not because of the address (550)"},
		"nobody, in words":        {address: bare("Unrouteable address"), want: "the mail server does not know the address, or has closed it (550)", gone: true},
		"nobody called so":        {address: bare("<relay.denied@spam.example.org>: no such user"), want: "the mail server does not know the address, or has closed it (550)", gone: true},
		"relaying":                {address: no(554, 5, 7, 1), want: "the mail server refuses, though not because of the address (554 5.7.1)"},
		"grey list":               {address: no(450, 4, 7, 1), want: "the mail server takes nothing just now (450 4.7.1)"},
		"later, after the mail":   {mail: no(451, 4, 3, 0), want: "the mail server takes nothing just now (451 4.3.0)"},
		"it looks like an advert": {mail: no(554, 5, 7, 1), want: "the mail server does not take the mail as it is (554 5.7.1)"},
		"not from there":          {sender: no(550, 5, 7, 1), want: "the mail server does not take mails from this sender (550 5.7.1)"},
		"a wrong password":        {password: "wrong", want: "the mail server refuses user or password (535)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.Start(t, mailtest.Options{User: "u", Password: "right"})
			if c.address != nil {
				s.RefuseAddress(c.address)
			}
			if c.mail != nil {
				s.RefuseMail(c.mail)
			}
			if c.sender != nil {
				s.RefuseSender(c.sender)
			}
			n, out := notice(nil)
			d := door(t, s, func(o *mail.Options) { o.User, o.Password = "u", "right"+c.password })
			err := d.Notify(t.Context(), n, out)
			if err == nil || err.Error() != c.want || errors.Is(err, mail.ErrGone) != c.gone {
				t.Fatalf("it says %q, want %q", err, c.want)
			}
			if len(s.Mails()) != 0 {
				t.Error("a mail was taken")
			}
			if c.sender != nil || c.password != "" {
				return
			}
			if err := d.Notify(t.Context(), n, out); err != nil || len(s.Mails()) != 1 {
				t.Errorf("the next try: %v", err)
			}
		})
	}
}

// A server that lets nobody sign in, or cannot look passwords up just now, is not taken for one that refuses the password.
func TestNoSignIn(t *testing.T) {
	n, out := notice(nil)
	fit := func(o *mail.Options) { o.User, o.Password = "u", "right" }
	s := mailtest.Start(t, mailtest.Options{})
	if err := door(t, s, fit).Notify(t.Context(), n, out); err == nil || err.Error() != "the mail server lets nobody sign in here: see port and user under mail: in the configuration" || len(s.Mails()) > 0 {
		t.Errorf("where nobody signs in it says %v", err)
	}
	s = mailtest.Start(t, mailtest.Options{User: "u", Password: "right"})
	s.RefuseSignIn(mailtest.Refusal(454, [3]int{4, 7, 0}, "Temporary authentication failure"))
	if err := door(t, s, fit).Notify(t.Context(), n, out); err == nil || err.Error() != "the mail server takes nothing just now (454)" || len(s.Mails()) > 0 {
		t.Errorf("where the passwords are away it says %v", err)
	}
}

// A server that takes no such file gets the notice without, at once.
func TestWithoutTheFile(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{MostBytes: 20 << 10})
	n, words := notice(make([]byte, 64<<10))
	if err := door(t, s, nil).Notify(t.Context(), n, words); err != nil {
		t.Fatal(err)
	}
	if _, text, _, file := read(t, s.Mails()[0].Raw); file != nil || !strings.HasPrefix(text, words.Text) {
		t.Errorf("%d bytes with %q", len(file), text)
	}
}

// A connection that breaks in the middle leaves nothing taken; the next try is known for the same mail.
func TestCut(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	s.Cut(1)
	d := door(t, s, nil)
	n, words := notice(make([]byte, 256<<10))
	err := d.Notify(t.Context(), n, words)
	if err == nil || err.Error() != "the connection to the mail server broke before it took the mail" || len(s.Mails()) != 0 {
		t.Fatalf("it says %v", err)
	}
	for range 2 {
		if err := d.Notify(t.Context(), n, words); err != nil {
			t.Fatal(err)
		}
	}
	one, _, _, _ := read(t, s.Mails()[0].Raw)
	two, _, _, _ := read(t, s.Mails()[1].Raw)
	if one.Get("Message-Id") != two.Get("Message-Id") {
		t.Error("a repeat has another name")
	}
	n.ID[3]++
	if err := d.Notify(t.Context(), n, words); err != nil {
		t.Fatal(err)
	}
	if three, _, _, _ := read(t, s.Mails()[2].Raw); three.Get("Message-Id") == one.Get("Message-Id") {
		t.Error("another notice has the same name")
	}
}

// A server that is slow costs the time-out and no more, and whoever stops the program does not wait for it.
func TestSlow(t *testing.T) {
	n, words := notice(nil)
	t.Run("before the first word", func(t *testing.T) {
		s := mailtest.Start(t, mailtest.Options{SilentStart: true})
		began := time.Now()
		err := door(t, s, func(o *mail.Options) { o.Timeout = 200 * time.Millisecond }).Notify(t.Context(), n, words)
		if err == nil || err.Error() != "the mail server does not answer in time" || time.Since(began) > time.Minute {
			t.Errorf("after %v it says %v", time.Since(began), err)
		}
	})
	t.Run("after the mail", func(t *testing.T) {
		s := mailtest.Start(t, mailtest.Options{})
		s.Wait(6 * time.Second)
		began := time.Now()
		err := door(t, s, func(o *mail.Options) { o.Timeout = 300 * time.Millisecond }).Notify(t.Context(), n, words)
		if err == nil || time.Since(began) > 5900*time.Millisecond {
			t.Errorf("after %v it says %v", time.Since(began), err)
		}
	})
	t.Run("a file on a slow line", func(t *testing.T) {
		s := mailtest.Start(t, mailtest.Options{})
		s.Wait(time.Second)
		n, words := notice(make([]byte, 64<<10))
		if err := door(t, s, func(o *mail.Options) { o.Timeout = 300 * time.Millisecond }).Notify(t.Context(), n, words); err != nil {
			t.Error(err)
		}
	})
	t.Run("told to stop", func(t *testing.T) {
		s := mailtest.Start(t, mailtest.Options{})
		s.Wait(6 * time.Second)
		ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer stop()
		began := time.Now()
		err := door(t, s, nil).Notify(ctx, n, words)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 5900*time.Millisecond {
			t.Errorf("after %v it says %v", time.Since(began), err)
		}
	})
	t.Run("nobody listens", func(t *testing.T) {
		s := mailtest.Start(t, mailtest.Options{})
		err := door(t, s, func(o *mail.Options) { o.Port = 1 }).Notify(t.Context(), n, words)
		if err == nil || err.Error() != "the mail server cannot be reached" {
			t.Errorf("it says %v", err)
		}
	})
}

// What was never an address gets no connection; settings that cannot work are refused when the door is made.
func TestNotAnAddress(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{})
	for _, a := range []bot.Address{"telegram:5", "mail:", "mail:ana", "mail:ana@example.org>\r\nRCPT TO:<eve@example.org", "ana@example.org"} {
		n, words := notice(nil)
		n.Address = a
		if err := door(t, s, nil).Notify(t.Context(), n, words); !errors.Is(err, mail.ErrGone) || s.Tried() > 0 {
			t.Errorf("%q: %v", a.Reveal(), err)
		}
	}
	for _, o := range []mail.Options{{From: "a@example.org"}, {Host: "mx.example.org", From: "Me <a@example.org>"}, {Host: "mx.example.org", From: "a@example.org", Password: "x"}} {
		if _, err := mail.New(o); err == nil {
			t.Errorf("%+v makes a door", o)
		}
	}
}
