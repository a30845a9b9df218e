package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What can become of a notice. Of an answer these keep the status alone.
var (
	// ErrGone says that the other side wants no more notices here.
	ErrGone = errors.New("the webhook is closed: the other side wants no more notices")

	errUnknown  = errors.New("under webhooks: in the configuration stands none of this name")
	errRedirect = errors.New("the webhook leads elsewhere, and no redirect is followed: write its last address under webhooks: in the configuration")
	errTooLong  = errors.New("the other side of the webhook takes nothing that is so long: let it, and the web server before it, take 2 MiB")
	errRefused  = errors.New("the other side of the webhook does not take the notice")
	errBusy     = errors.New("the other side of the webhook takes nothing just now")
	errDial     = errors.New("the other side of the webhook cannot be reached")
	errName     = errors.New("the host of the webhook is not found")
	errSlow     = errors.New("the other side of the webhook does not answer in time")
	errCut      = errors.New("the connection to the webhook broke before an answer came")
	errTLS      = errors.New("no TLS came about with the webhook")
	errCert     = errors.New("the certificate of the webhook is not trusted: it must be valid, for the host of its address, and of a known authority or that of its ca: in the configuration")
)

// fault is one of these with the status of the answer, and how long it asks to wait.
type fault struct {
	what   error
	status int
	after  time.Duration
}

func (f *fault) Error() string { return fmt.Sprintf("%v (%d)", f.what, f.status) }
func (f *fault) Unwrap() error { return f.what }

// longestAfter bounds what somebody else may ask to wait.
const longestAfter = time.Hour

// After gives how long the other side asks to wait before the next try.
func After(err error) (time.Duration, bool) {
	var f *fault
	if errors.As(err, &f) && f.after > 0 {
		return f.after, true
	}
	return 0, false
}

// judge says what an answer means; nil is that the notice was taken.
func judge(r *http.Response, now time.Time) error {
	f := &fault{status: r.StatusCode, what: errRefused}
	switch s := r.StatusCode; {
	case s >= 200 && s < 300:
		return nil
	case s == http.StatusGone:
		f.what = ErrGone
	case s >= 300 && s < 400:
		f.what = errRedirect
	case s == http.StatusRequestEntityTooLarge:
		f.what = errTooLong
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable:
		f.what, f.after = errBusy, retryAfter(r.Header.Get("Retry-After"), now)
	case s >= 500:
		f.what = errBusy
	}
	return f
}

// retryAfter reads the header in its two forms.
func retryAfter(text string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestAfter)
}

// broken puts into words of this room why no answer came.
func broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var (
		cert *tls.CertificateVerificationError
		name x509.HostnameError
		dns  *net.DNSError
		op   *net.OpError
		slow net.Error
	)
	switch {
	case errors.As(err, &cert), errors.As(err, &name):
		return errCert
	case errors.As(err, &dns):
		return errName
	case errors.As(err, &slow) && slow.Timeout():
		return errSlow
	case errors.As(err, &op) && op.Op == "dial":
		return errDial
	case strings.Contains(err.Error(), "tls: "), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return errTLS
	}
	return errCut
}
