//go:build etcd

package main

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/kv/etcd/etcdtest"
)

// What the proofs of several processes stand on: one mission in a cluster of three real nodes, and machines that serve it, each
// with a key directory, a runtime directory and a way to Telegram of its own. Keys and roots come to them as they come to
// those of an operator.

// fleet is a mission and its machines. The first one is the trial itself.
type fleet struct {
	*trial
	cluster  *etcdtest.Cluster
	machines []*station
}

// station is a machine that serves.
type station struct {
	*trial
	ear *ear
}

// clusters are how many of these proofs may have one at the same time: what three nodes each do is to be looked at, and not how
// many of them a machine can bear.
var clusters = make(chan struct{}, 3)

// startCluster starts one when there is room.
func startCluster(tb testing.TB) *etcdtest.Cluster {
	tb.Helper()
	clusters <- struct{}{}
	tb.Cleanup(func() { <-clusters })
	return etcdtest.Start(tb, etcdtest.Options{})
}

// newFleet makes a mission, moves it into a cluster, and makes the machines. Lines are those of the configuration that differ
// between them.
func newFleet(tb testing.TB, n int, o trialOptions, lines func(n int) string) *fleet {
	tb.Helper()
	cluster := startCluster(tb)
	f := &fleet{trial: newTrial(tb, o), cluster: cluster}
	first, err := os.ReadFile(f.config())
	if err != nil {
		tb.Fatal(err)
	}
	near := func(n int, run string) string {
		ca, client := cluster.Files()
		text := strings.Replace(string(first), "\ndatabase: amana.db\n", "\nstore: etcd:relief\n", 1)
		text = strings.Replace(text, filepath.Join(f.run, "rt"), filepath.Join(run, "rt"), 1)
		text += fmt.Sprintf("\netcd: {endpoints: [%s], ca: %s, cert: %s, key: %s, user: %s, password_file: etcd.password}\n",
			`"`+strings.Join(cluster.Endpoints, `", "`)+`"`, ca, client.Cert, client.Key, etcdtest.User)
		if lines != nil {
			text += lines(n) + "\n"
		}
		return text
	}
	for i := range n {
		t := *f.trial
		if i > 0 {
			t.dir, t.run, t.tmp = filepath.Join(tb.TempDir(), "mission"), shortDir(tb), tb.TempDir()
		}
		m := &station{trial: &t, ear: newEar(tb, f.api.URL())}
		t.env = append(slices.Clone(f.env), "AMANA_TELEGRAM_API="+m.ear.URL)
		f.machines = append(f.machines, m)
		if err := os.MkdirAll(t.dir, 0o700); err != nil {
			tb.Fatal(err)
		}
		m.put("amana.yaml", near(i, t.run))
		m.put("etcd.password", etcdtest.Password+"\n")
		m.put("words", "six words that were drawn by dice\n")
		tb.Cleanup(func() {
			m.stop()
			if tb.Failed() {
				tb.Logf("the end of the log of machine %d:\n%s", i, tail(m.log(), 4000))
			}
		})
		if i == 0 {
			m.amana("migrate", "-config", m.config(), "-from", "bbolt:amana.db", "-to", "etcd:relief")
			continue
		}
		shared := filepath.Join(t.tmp, "shared.age")
		f.machines[0].amana("keys", "share", "-config", f.machines[0].config(), "-passphrase", filepath.Join(f.dir, "words"), shared)
		m.amana("keys", "join", "-config", m.config(), "-passphrase", filepath.Join(t.dir, "words"), shared)
	}
	f.trial = f.machines[0].trial
	return f
}

// put writes a file of the mission.
func (t *trial) put(name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(t.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// serveAll starts every machine, one after the other.
func (f *fleet) serveAll() {
	f.Helper()
	for _, m := range f.machines {
		m.serve()
	}
}

func (f *fleet) stopAll() {
	f.Helper()
	for _, m := range f.machines {
		m.stop()
	}
}

// hearer waits until a machine that serves asks Telegram for what people write, and gives it.
func (f *fleet) hearer() *station {
	f.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		for _, m := range f.machines {
			if m.served != nil && m.ear.asks() {
				return m
			}
		}
	}
	f.Fatal("nobody asks Telegram for what people write")
	return nil
}

// ear is the way of one machine to Telegram, by which it is known who asks for updates.
type ear struct {
	*httptest.Server
	mu    sync.Mutex
	asked []time.Time // when updates of the bot for people began to be asked for
	now   int         // how many such questions are open
	gate  *gate       // what keeps messages to staff; nil: nothing does
	both  int         // how many were refused because somebody else asked
}

func newEar(tb testing.TB, api string) *ear {
	to, err := url.Parse(api)
	if err != nil {
		tb.Fatal(err)
	}
	e := &ear{}
	pass := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:      log.New(discard{}, "", 0),
		FlushInterval: -1,
		ModifyResponse: func(r *http.Response) error {
			if r.StatusCode == http.StatusConflict {
				e.mu.Lock()
				e.both++
				e.mu.Unlock()
			}
			return nil
		},
	}
	e.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, peopleToken) && strings.HasSuffix(r.URL.Path, "/getUpdates") {
			e.mu.Lock()
			e.asked = append(e.asked, time.Now())
			e.now++
			e.mu.Unlock()
			defer func() {
				e.mu.Lock()
				e.now--
				e.mu.Unlock()
			}()
		}
		if strings.Contains(r.URL.Path, staffToken) && strings.HasSuffix(r.URL.Path, "/sendMessage") && !e.passes(r) {
			panic(http.ErrAbortHandler)
		}
		pass.ServeHTTP(w, r)
	}))
	e.Config.ErrorLog = pass.ErrorLog
	e.Start()
	tb.Cleanup(func() { e.CloseClientConnections(); e.Close() })
	return e
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// asks says whether a question is open.
func (e *ear) asks() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now > 0
}

// after gives when updates were asked for first after a moment.
func (e *ear) after(at time.Time) (time.Time, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := slices.IndexFunc(e.asked, func(t time.Time) bool { return t.After(at) }); n >= 0 {
		return e.asked[n], true
	}
	return time.Time{}, false
}
