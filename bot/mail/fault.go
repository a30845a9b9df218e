package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// What can become of a mail. Of a server's answer these keep the numbers alone: its words name the address.
var (
	// ErrGone says that the server takes nothing for this address, and never will.
	ErrGone = errors.New("the mail server does not know the address, or has closed it")
	// ErrRefused says that the server does not take this mail, whomever it is for.
	ErrRefused = errors.New("the mail server does not take the mail as it is")

	errSettings  = errors.New("the settings of mail: do not go together")
	errDial      = errors.New("the mail server cannot be reached")
	errName      = errors.New("the name of the mail server is not found")
	errSlow      = errors.New("the mail server does not answer in time")
	errCut       = errors.New("the connection to the mail server broke before it took the mail")
	errNoTLS     = errors.New("the mail server offers no TLS: nothing was sent")
	errTLS       = errors.New("no TLS came about with the mail server: see port and tls under mail: in the configuration")
	errCert      = errors.New("the certificate of the mail server is not trusted")
	errCertName  = errors.New("the certificate of the mail server is for another name than host: under mail: in the configuration")
	errCertCA    = errors.New("the certificate of the mail server is signed by nobody who is trusted here: name its authority as ca: under mail: in the configuration")
	errCertEnded = errors.New("the certificate of the mail server is not valid at this time")
	errAuth      = errors.New("the mail server refuses user or password")
	errNoAuth    = errors.New("the mail server lets nobody sign in here: see port and user under mail: in the configuration")
	errSender    = errors.New("the mail server does not take mails from this sender")
	errPolicy    = errors.New("the mail server refuses, though not because of the address")
	errBusy      = errors.New("the mail server takes nothing just now")
)

// fault is one of these with the numbers that the server gave.
type fault struct {
	what     error
	code     int
	enhanced string
}

func (f *fault) Error() string {
	switch {
	case f.code == 0:
		return f.what.Error()
	case f.enhanced == "":
		return fmt.Sprintf("%v (%d)", f.what, f.code)
	}
	return fmt.Sprintf("%v (%d %s)", f.what, f.code, f.enhanced)
}

func (f *fault) Unwrap() error { return f.what }

var enhancedForm = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)

// judge puts into words of this room why nothing was sent.
func judge(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var s *gomail.SendError
	if errors.As(err, &s) && s.ErrorCode() != 0 {
		f := &fault{code: s.ErrorCode()}
		if enhancedForm.MatchString(s.EnhancedStatusCode()) {
			f.enhanced = s.EnhancedStatusCode()
		}
		f.what = refusal(s.Reason, f.code, f.enhanced)
		if f.what == ErrGone && f.enhanced == "" && ofPolicy(s.Error()) {
			f.what = errPolicy
		}
		return f
	}
	return broken(err)
}

var (
	someAddress = regexp.MustCompile(`\S+@\S+`)
	policyWords = regexp.MustCompile(`(?i)relay|authenticat|prohibit|policy|spam|block|black ?list|listed|denied`)
)

// ofPolicy says whether a refusal without an enhanced code, which the same number gives for an address that nobody has and for
// mails that a server does not pass on, is one of the latter. Exim and others tell them apart in words alone.
func ofPolicy(words string) bool {
	words, _, _ = strings.Cut(words, ", affected recipient(s)") // the library's, with the address
	return policyWords.MatchString(someAddress.ReplaceAllString(words, ""))
}

// refusal says what a server means with which it was spoken.
func refusal(at gomail.SendErrReason, code int, enhanced string) error {
	class, detail, _ := strings.Cut(strings.TrimPrefix(enhanced, "5."), ".")
	switch {
	case code < 500:
		return errBusy
	case at == gomail.ErrSMTPMailFrom:
		return errSender
	case enhanced == "5.2.2" || enhanced == "5.2.3": // full, or too long: both pass
		return refusedBy(at, errBusy)
	case class == "1" || class == "2" && detail == "1" || class == "4":
		return ErrGone
	case class == "7" || code == 530 || code == 554 && enhanced == "":
		return refusedBy(at, errPolicy)
	case at == gomail.ErrSMTPRcptTo:
		return ErrGone
	}
	return ErrRefused
}

// refusedBy is what a refusal means, unless it came when the server had seen the mail: then it may be about that.
func refusedBy(at gomail.SendErrReason, otherwise error) error {
	if at == gomail.ErrSMTPRcptTo {
		return otherwise
	}
	return ErrRefused
}

// broken says what went wrong with a connection.
func broken(err error) error {
	var (
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		dns     *net.DNSError
		op      *net.OpError
		answer  *textproto.Error
		timed   net.Error
	)
	switch {
	case errors.As(err, &name):
		return errCertName
	case errors.As(err, &unknown):
		return errCertCA
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return errCertEnded
	case errors.As(err, &cert):
		return errCert
	case errors.As(err, &record), err != nil && strings.Contains(err.Error(), "tls: "): // an alert has no type of its own
		return errTLS
	case errors.As(err, &dns):
		return errName
	case errors.As(err, &timed) && timed.Timeout():
		return errSlow
	case errors.As(err, &op) && op.Op == "dial":
		return errDial
	case errors.As(err, &answer):
		what := errPolicy
		switch {
		case answer.Code < 500: // at the sign-in too: what looks passwords up is away
			what = errBusy
		case strings.Contains(err.Error(), "AUTH"):
			what = errAuth
		}
		return &fault{what: what, code: answer.Code}
	case err != nil && strings.Contains(err.Error(), "STARTTLS"):
		return errNoTLS
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered), err != nil && strings.Contains(err.Error(), "does not support SMTP AUTH"):
		return errNoAuth
	case err != nil && strings.Contains(err.Error(), "AUTH"):
		return errAuth
	}
	return errCut
}
