package main

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// certificate is read anew when its file changes, so that one that was renewed needs no restart.
type certificate struct {
	cert, key string

	mu   sync.Mutex
	made time.Time // of the file that was read
	pair *tls.Certificate
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err == nil && (c.pair == nil || !info.ModTime().Equal(c.made)) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			c.pair, c.made = &pair, info.ModTime()
		}
	}
	if c.pair != nil {
		return c.pair, nil // the one before, while a new one is half written
	}
	return nil, fmt.Errorf("the certificate or its key cannot be read: %w; name two files in PEM, such as those of your certificate's issuer", cmp.Or(errors.Unwrap(err), err))
}
