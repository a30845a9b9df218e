// Package mailtest is a mail server for tests: a real one on loopback, with a certificate of its own, that can be told to
// fail in the ways in which mail servers do. Nothing of the program imports it.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mail is one that was taken.
type Mail struct {
	From, To string
	Hello    string // how the other side called itself
	Raw      []byte
}

// Options says how a server behaves. The zero value is one that takes everything, by STARTTLS.
type Options struct {
	Implicit       bool   // TLS from the first byte
	Plain          bool   // it offers no TLS
	Name           string // in the certificate; empty: the address at which it listens
	Ended          bool   // the certificate is over
	MaxTLS         uint16 // the highest version that it speaks
	User, Password string // who may send; empty: everybody
	MostBytes      int64  // how long a mail may be
	SilentStart    bool   // it accepts a connection and says nothing
}

// Server is a mail server.
type Server struct {
	Host string
	Port int
	CA   *x509.CertPool
	PEM  []byte // of its authority

	mu     sync.Mutex
	mails  []Mail
	rcpt   []error // what is answered to the next RCPT
	data   []error // to the next mail, once it was read
	sender error
	signIn error
	cut    int           // of how many mails the connection is cut in the middle
	wait   time.Duration // before the answer to a mail
	tried  int
}

// Start makes a server that ends with the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	host := "127.0.0.1"
	s := &Server{Host: host}
	config := s.certificate(t, o)
	l, err := net.Listen("tcp", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = l.Addr().(*net.TCPAddr).Port
	if o.SilentStart {
		t.Cleanup(func() { l.Close() })
		return s // nobody accepts: the system holds the connection open
	}
	server := smtp.NewServer(&backend{s, o})
	server.Domain, server.ErrorLog = "mx.example.org", log.New(io.Discard, "", 0)
	server.MaxMessageBytes, server.AllowInsecureAuth = o.MostBytes, o.Plain
	if !o.Plain {
		server.TLSConfig = config
	}
	if o.Implicit {
		l = tls.NewListener(l, config)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	return s
}

// certificate makes an authority and what it signs.
func (s *Server) certificate(t testing.TB, o Options) *tls.Config {
	t.Helper()
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	ends := time.Now().Add(time.Hour)
	if o.Ended {
		ends = time.Now().Add(-time.Minute)
	}
	root, rootKey := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "EXAMPLE authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}, key()
	signed, err := x509.CreateCertificate(rand.Reader, root, root, &rootKey.PublicKey, rootKey)
	if err != nil {
		t.Fatal(err)
	}
	leaf, leafKey := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: ends,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, key()
	if o.Name != "" {
		leaf.DNSNames = []string{o.Name}
	} else {
		leaf.IPAddresses = []net.IP{net.ParseIP(s.Host)}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, root, &leafKey.PublicKey, rootKey)
	if err != nil {
		t.Fatal(err)
	}
	s.PEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	s.CA = x509.NewCertPool()
	s.CA.AppendCertsFromPEM(s.PEM)
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: leafKey}}, MaxVersion: o.MaxTLS, MinVersion: tls.VersionTLS10,
	}
}

// Refusal is what a server answers in place of yes.
func Refusal(code int, enhanced [3]int, words string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode(enhanced), Message: words}
}

// RefuseAddress answers the next recipients so, one each; RefuseMail, the next mails once they were read; RefuseSender,
// every sender from now on.
func (s *Server) RefuseAddress(with ...error) { s.set(func() { s.rcpt = append(s.rcpt, with...) }) }

// RefuseMail answers the next mails so, once they were read.
func (s *Server) RefuseMail(with ...error) { s.set(func() { s.data = append(s.data, with...) }) }

// RefuseSender answers every sender so.
func (s *Server) RefuseSender(with error) { s.set(func() { s.sender = with }) }

// RefuseSignIn answers everybody so who signs in.
func (s *Server) RefuseSignIn(with error) { s.set(func() { s.signIn = with }) }

// Cut ends the connection in the middle of the next n mails.
func (s *Server) Cut(n int) { s.set(func() { s.cut = n }) }

// Wait lets so much time pass before a mail is answered.
func (s *Server) Wait(d time.Duration) { s.set(func() { s.wait = d }) }

// Mails gives what was taken.
func (s *Server) Mails() (all []Mail) {
	s.set(func() { all = append(all, s.mails...) })
	return all
}

// Tried counts the mails that came to an end or not.
func (s *Server) Tried() (n int) {
	s.set(func() { n = s.tried })
	return n
}

func (s *Server) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

type backend struct {
	*Server
	o Options
}

// NewSession begins to listen to somebody.
func (b *backend) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{backend: b, conn: c}, nil
}

type session struct {
	*backend
	conn  *smtp.Conn
	known bool
	mail  Mail
}

// AuthMechanisms names those that most servers know.
func (s *session) AuthMechanisms() []string {
	if s.o.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth hears who somebody says they are.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) (err error) {
		if s.set(func() { err = s.signIn }); err != nil {
			return err
		}
		if user != s.o.User || password != s.o.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

// Mail hears from whom a mail is.
func (s *session) Mail(from string, _ *smtp.MailOptions) (err error) {
	if s.o.User != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	s.set(func() { err = s.sender })
	s.mail = Mail{From: from, Hello: s.conn.Hostname()}
	return err
}

// Rcpt hears for whom.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) (err error) {
	s.set(func() { err = next(&s.rcpt) })
	s.mail.To = to
	return err
}

// Data reads it.
func (s *session) Data(r io.Reader) error {
	var wait time.Duration
	var cut bool
	s.set(func() {
		s.tried++
		wait = s.wait
		if cut = s.cut > 0; cut {
			s.cut--
		}
	})
	if cut {
		_, _ = io.CopyN(io.Discard, r, 100)
		s.conn.Conn().Close()
		return errors.New("cut")
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	time.Sleep(wait)
	s.set(func() {
		if err = next(&s.data); err == nil {
			s.mail.Raw = bytes.Clone(raw)
			s.mails = append(s.mails, s.mail)
		}
	})
	return err
}

// Reset forgets a mail that was begun.
func (s *session) Reset() { s.mail = Mail{} }

// Logout ends it.
func (s *session) Logout() error { return nil }

func next(of *[]error) error {
	if len(*of) == 0 {
		return nil
	}
	err := (*of)[0]
	*of = (*of)[1:]
	return err
}
