package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// browserSide is what is served to browsers on a port of its own: the desk, or the chat page.
type browserSide struct {
	server *http.Server
	last   time.Duration // how long those who are being answered are waited for at the end
	ended  atomic.Bool   // nobody is heard there, though the program goes on
}

// keyed lets TLS end here, with a certificate that is read again when it is renewed.
func (s *browserSide) keyed(cert, key string) error {
	kept := &certificate{cert: cert, key: key}
	if _, err := kept.get(nil); err != nil {
		return err
	}
	s.server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: kept.get}
	return nil
}

// serve hears until it is closed, and notes it if it ends before.
func (s *browserSide) serve(l net.Listener) {
	var err error
	if s.server.TLSConfig != nil {
		err = s.server.ServeTLS(l, "", "")
	} else {
		err = s.server.Serve(l)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		s.ended.Store(true)
	}
}

// close ends once those who are being answered have their answer.
func (s *browserSide) close() {
	ctx, done := context.WithTimeout(context.Background(), s.last)
	defer done()
	if s.server.Shutdown(ctx) != nil {
		s.server.Close()
	}
}
