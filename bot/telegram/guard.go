package telegram

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// guard carries one call over the network for the library and stands between it and everything that could leak or
// hang: it binds the call to a context, caps the answer, and turns whatever goes wrong into a Fault with fixed words.
// An error of net/http holds the whole URL and with it the token; an error of the JSON decoder may hold what a
// person wrote. Neither leaves this file.
type guard struct {
	ctx    context.Context
	client *http.Client
	method string
	limit  int64 // bytes of an answer

	status int           // of the answer
	after  time.Duration // from its Retry-After header
}

// Do is the library's HTTPClient.
func (g *guard) Do(req *http.Request) (*http.Response, error) {
	resp, err := g.client.Do(req.WithContext(g.ctx))
	if err != nil {
		if req.Body != nil {
			req.Body.Close() // ends the library's multipart writer if the transport never touched it
		}
		return nil, g.fault(err)
	}
	defer resp.Body.Close()
	g.status = resp.StatusCode
	g.after = retryAfter(resp.Header.Get("Retry-After"))
	body, err := io.ReadAll(io.LimitReader(resp.Body, g.limit+1))
	if err != nil {
		return nil, g.fault(err)
	}
	if int64(len(body)) > g.limit {
		return nil, g.garbled("answer too large", body)
	}
	if !botAPIShaped(body) {
		if resp.StatusCode >= 200 && resp.StatusCode < 300 {
			return nil, g.garbled("answer not understood", body)
		}
		// A page of a proxy: its status says all that we want to know.
		return nil, &Fault{Method: g.method, Code: resp.StatusCode, After: g.after, kind: temporary, what: "not an answer of the Bot API"}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// botAPIShaped says whether body is one whole JSON object that says ok, one way or the other.
func botAPIShaped(body []byte) bool {
	var shape struct {
		OK *bool `json:"ok"`
	}
	return json.Unmarshal(body, &shape) == nil && shape.OK != nil
}

var updateID = regexp.MustCompile(`"update_id"\s*:\s*([0-9]{1,18})[^0-9.eE]`)

// garbled is the fault of an answer that cannot be read; if it begins with an update, it says which.
func (g *guard) garbled(what string, body []byte) *Fault {
	f := &Fault{Method: g.method, Code: g.status, kind: garbled, what: what}
	if m := updateID.FindSubmatch(body); m != nil {
		f.skip, _ = strconv.ParseInt(string(m[1]), 10, 64)
	}
	return f
}

func retryAfter(header string) time.Duration {
	n, err := strconv.Atoi(header)
	if err != nil || n <= 0 {
		return 0
	}
	return min(time.Duration(n)*time.Second, 24*time.Hour)
}

// fault words an error of the transport without repeating any of it.
func (g *guard) fault(err error) *Fault {
	f := &Fault{Method: g.method, kind: temporary, what: transportWords(err)}
	if errors.Is(g.ctx.Err(), context.Canceled) {
		f.kind, f.what = interrupted, "interrupted"
	}
	return f
}

func transportWords(err error) string {
	var (
		dns     *net.DNSError
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		timeout interface{ Timeout() bool }
		op      *net.OpError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timed out"
	case errors.As(err, &dns):
		return "the server's name cannot be resolved"
	case errors.As(err, &host):
		return "the certificate is for another host"
	case errors.As(err, &unknown):
		return "the certificate is signed by nobody we know"
	case errors.As(err, &cert):
		return "the certificate is not valid"
	case errors.As(err, &record), errors.As(err, &alert):
		return "TLS could not be agreed"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "no way to the server"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed early"
	case errors.As(err, &op):
		return "connection broke"
	}
	return "no answer"
}
