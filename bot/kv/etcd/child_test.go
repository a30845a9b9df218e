//go:build etcd

package etcd_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
)

// childVar says what part this test binary plays when a test runs it again as another process.
const childVar = "AMANA_ETCD_CHILD"

// part is what such a process is told.
type part struct {
	Name, Mission string
	Endpoints     []string
	CA, Cert, Key string
	Writes        bool // it writes, rather than to hold an office
}

// play plays the part that the environment names.
func play() error {
	var p part
	if err := json.Unmarshal([]byte(os.Getenv(childVar)), &p); err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(p.Cert, p.Key)
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(p.CA)
	if err != nil {
		return err
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(ca)
	st, err := etcd.Open(context.Background(), etcd.Options{
		Endpoints: p.Endpoints, Mission: p.Mission, User: etcdtest.User, Password: etcdtest.Password,
		TLS: &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: trusted},
	})
	if err != nil {
		return err
	}
	fmt.Println("open")
	if p.Writes {
		return writes(p, st)
	}
	return holds(p, st)
}

// child is another process, and what it has said.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	ended chan struct{} // closed once it says nothing any more

	mu   sync.Mutex
	said []string
	at   []time.Time
}

func hire(t *testing.T, c *etcdtest.Cluster, p part) *child {
	t.Helper()
	ca, cert := c.Files()
	p.Endpoints, p.CA, p.Cert, p.Key = c.Endpoints, ca, cert.Cert, cert.Key
	told, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := &child{t: t, cmd: exec.Command(self)}
	h.cmd.Env = append(os.Environ(), childVar+"="+string(told))
	h.cmd.Stderr = os.Stderr
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h.ended = make(chan struct{})
	go func() {
		defer close(h.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			h.mu.Lock()
			h.said, h.at = append(h.said, lines.Text()), append(h.at, time.Now())
			h.mu.Unlock()
		}
	}()
	t.Cleanup(h.kill)
	h.waits("open")
	return h
}

// kill ends it at once, and hears what it said last.
func (h *child) kill() {
	h.cmd.Process.Kill()
	<-h.ended
	h.cmd.Wait()
}

// waits waits until the child says something, and gives when it did.
func (h *child) waits(what string) time.Time {
	h.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		h.mu.Lock()
		for i, line := range h.said {
			if line == what {
				defer h.mu.Unlock()
				return h.at[i]
			}
		}
		h.mu.Unlock()
	}
	h.t.Fatalf("a child never says %q", what)
	return time.Time{}
}

// heard says whether the child has said something.
func (h *child) heard(what string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Contains(h.said, what)
}

// acked gives the entries that the child was told are written.
func (h *child) acked() (lines []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, line := range h.said {
		if strings.Contains(line, ".") {
			lines = append(lines, line)
		}
	}
	return lines
}
