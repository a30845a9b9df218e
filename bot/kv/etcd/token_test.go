//go:build etcd

package etcd_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
)

// tokenTime is how long a token is good for in these tests; the stock is five minutes.
const tokenTime = 2 * time.Second

// jwt gives the flag by which nodes sign their tokens instead of remembering them.
func jwt(t *testing.T) string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{
		"public.pem":  {Type: "PUBLIC KEY", Bytes: public},
		"private.pem": {Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return "--auth-token=jwt,pub-key=" + filepath.Join(dir, "public.pem") + ",priv-key=" + filepath.Join(dir, "private.pem") + ",sign-method=RS256,ttl=" + tokenTime.String()
}

// TestTokens lets tokens end beneath stores that write, and beneath ones that rested: no update is lost or refused for it, and
// an office goes on. A password that was changed is told as such, and in no doubt; when it is right again, so is the store.
func TestTokens(t *testing.T) {
	t.Parallel()
	for name, flag := range map[string]func() string{
		"remembered by the nodes": func() string { return "--auth-token-ttl=2" },
		"signed by the nodes":     func() string { return jwt(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := etcdtest.Start(t, etcdtest.Options{Args: []string{flag()}})
			tr := begin(t, c, nil)
			term, err := tr.stores[0].Campaign(t.Context(), "hear")
			if err != nil {
				t.Fatal(err)
			}
			rested := reopen(t, tr.opt)
			for end := time.Now().Add(3 * tokenTime / 2); time.Now().Before(end); {
				tr.goesOn(20)
			}
			for n := range 2 { // each is asked for the first time, with a token that has ended
				if n == 1 {
					time.Sleep(3 * tokenTime / 2)
				}
				id := kv.ID{1, byte(n)}
				if err := update(t.Context(), rested, id, "put rested 1"); err != nil {
					t.Errorf("an update with a token that has ended: %v", err)
				}
				if settled, err := rested.Settled(t.Context(), id); !settled || err != nil {
					t.Errorf("it is not settled: %v", err)
				}
			}
			if n := tr.playing.Refused(); n > 0 {
				t.Errorf("%d updates were refused: %v", n, tr.playing)
			}
			select {
			case <-term.Done():
				t.Error("the office ended with the token")
			default:
			}
			if err := update(term.Bind(t.Context()), tr.stores[0], kv.ID{2}, "put bound 1"); err != nil {
				t.Errorf("under the office: %v", err)
			}
			tr.end()

			change := func(password string) {
				t.Helper()
				if _, err := c.Admin().UserChangePassword(t.Context(), etcdtest.User, password); err != nil {
					t.Fatal(err)
				}
			}
			change("another horse")
			begun := time.Now()
			err = update(t.Context(), rested, kv.ID{3}, "put late 1")
			if err == nil || !strings.Contains(err.Error(), "the cluster does not let us: ") || !strings.Contains(err.Error(), "look at the user, its password") ||
				errors.Is(err, kv.ErrUnknown) || errors.Is(err, kv.ErrAway) {
				t.Errorf("with the password of before, after %v: %v", time.Since(begun), err)
			}
			if _, err := etcd.Open(t.Context(), tr.opt); err == nil || !strings.Contains(err.Error(), "the cluster does not let us: ") {
				t.Errorf("opened with the password of before: %v", err)
			}
			change(etcdtest.Password)
			if err := update(t.Context(), rested, kv.ID{3}, "put late 1"); err != nil {
				t.Errorf("with the right password again: %v", err)
			}
		})
	}
}
