//go:build etcd

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"amana/bot/kv/etcd/etcdtest"
)

func init() { stores["etcd"] = onThreeNodes }

// onThreeNodes brings a mission that was just made into three real nodes: on a real disk where figures are printed, in memory
// else. Two machines serve it under a load, with keys and roots that were shared; one asks for updates and the other stands by.
func onThreeNodes(t *trial) *backing {
	cluster := etcdtest.Start(t.TB, etcdtest.Options{Disk: *bars, Slow: true})
	ca, client := cluster.Files()
	key, err := os.ReadFile(client.Key)
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string][]byte{"amana.key": key, "password": []byte(etcdtest.Password + "\n")}
	for name, data := range secrets {
		if err := os.WriteFile(filepath.Join(t.dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rewrite(t, t.config(), "\ndatabase: amana.db\n", fmt.Sprintf("\nstore: etcd:load\nvoices: %s\netcd: {endpoints: [%s], ca: %s, cert: %s, key: amana.key, user: %s, password_file: password}\n",
		filepath.Join(t.TempDir(), "voices"), strings.Join(cluster.Endpoints, ", "), ca, client.Cert, etcdtest.User))
	t.amana("migrate", "-config", t.config(), "-from", "bbolt:amana.db", "-to", "etcd:load")
	k := &backing{
		join: func(m *mob) { m.second(secrets) },
		size: func() []grown { return nodeSizes(t, cluster) },
		whole: func() {
			for n := range cluster.Nodes() {
				cluster.Kill(n) // what is not needed any more takes nothing from what is measured next
			}
		},
		slow: func(_ *mob, d time.Duration) (string, func()) {
			every := func(d time.Duration) {
				for n := range cluster.Nodes() {
					if err := cluster.SlowDisk(n, d); err != nil {
						t.Error(err)
					}
				}
			}
			every(d)
			return fmt.Sprintf("each flush of each node, of its log and of its database, takes %v more; ", d), func() { every(0) }
		},
		falls: []fall{{"the process that asks for updates is killed", (*mob).killHearing}, {"the node that leads is killed", func(*mob) func() {
			led, err := cluster.Leader(context.Background())
			if err != nil {
				t.Error(err)
			}
			cluster.Kill(led)
			return func() {
				if err := cluster.Restart(led); err != nil {
					t.Error(err)
				}
				if err := cluster.Ready(context.Background()); err != nil {
					t.Error(err)
				}
			}
		}}},
		more: byWebhook,
	}
	return k
}

// second lets another machine serve the same mission: its configuration, and keys and roots as they are brought over.
func (m *mob) second(secrets map[string][]byte) {
	m.Helper()
	words, shared := filepath.Join(m.TempDir(), "words"), filepath.Join(m.TempDir(), "shared")
	if err := os.WriteFile(words, []byte("six words that were drawn by dice\n"), 0o600); err != nil {
		m.Fatal(err)
	}
	m.amana("keys", "share", "-config", m.config(), "-passphrase", words, shared)
	two := *m.trial
	two.dir, two.run, two.served = filepath.Join(m.TempDir(), "mission"), shortDir(m), nil
	if err := os.Mkdir(two.dir, 0o700); err != nil {
		m.Fatal(err)
	}
	text, err := os.ReadFile(m.config())
	if err != nil {
		m.Fatal(err)
	}
	files := map[string][]byte{"amana.yaml": text}
	for name, data := range secrets {
		files[name] = data
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(two.dir, name), data, 0o600); err != nil {
			m.Fatal(err)
		}
	}
	rewrite(m, two.config(), "runtime: "+filepath.Join(m.run, "rt"), "runtime: "+filepath.Join(two.run, "rt"))
	if m.listen[0] != "" {
		rewrite(m, two.config(), m.listen[0], m.listen[1])
	}
	m.amana("keys", "join", "-config", two.config(), "-passphrase", words, shared)
	m.machines = append(m.machines, &two)
	m.Cleanup(func() {
		two.stop()
		if m.Failed() {
			m.Logf("the end of the log of the second machine:\n%s", tail(two.log(), 6000))
		}
	})
	m.startOn(1)
}

// killHearing kills the process that asks for updates, or one of two that updates are brought to, and starts it again at once,
// as the service manager of its machine does. The other one takes over.
func (m *mob) killHearing() func() {
	was := m.hears
	m.machines[was].kill()
	m.pids[was].Store(0)
	m.hears = 1 - was
	begin := time.Now()
	m.startOn(was)
	m.away = time.Since(begin)
	return func() {}
}

// nodeSizes are those of the database of one node, as it stands and after what is done for it once in a while.
func nodeSizes(t *trial, c *etcdtest.Cluster) []grown {
	ctx := context.Background()
	size := func(name string) grown {
		most := int64(0)
		for n := range c.Nodes() {
			s, err := c.Admin().Status(ctx, c.Endpoints[n])
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, s.DbSize)
		}
		return grown{name: name, size: most}
	}
	before := size("a node")
	if err := c.Compact(ctx); err != nil {
		t.Error(err)
	}
	for n := range c.Nodes() {
		if err := c.Defragment(ctx, n); err != nil {
			t.Error(err)
		}
	}
	return []grown{before, size("compacted, defragmented")}
}

// byWebhook is a load where updates are brought to both machines, through a balancer that knows nothing of conversations.
func byWebhook(b *barTable, l loadSize) {
	spread := &roundRobin{}
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, Transport: spread})
	b.Cleanup(front.Close)
	m := newMob(b.T, l.pause, nil, func(m *mob) {
		m.listen = [2]string{freePort(b.T), freePort(b.T)}
		spread.to = m.listen
		m.api.Forward("hook.example", front.Listener.Addr().String())
		text, err := os.ReadFile(m.config())
		if err == nil {
			err = os.WriteFile(m.config(), fmt.Appendf(text, "\ntelegram: {webhook: \"https://hook.example/%s\", listen: %q}\n", hiddenPath, m.listen[0]), 0o600)
		}
		if err != nil {
			m.Fatal(err)
		}
	})
	w := m.watch()
	part := m.arrive(l.rate, l.spell)
	b.figures(fmt.Sprintf("people who come at %g a second, by webhook to two machines", l.rate), "0 errors", w.end(part), "")
	b.fall(m, l, fall{"one of two machines with a webhook is killed", (*mob).killHearing})
	m.idly = true
	w = m.watch()
	part = m.rush(l.seats, l.spell)
	b.figures(fmt.Sprintf("%d people who never pause and send no report, by webhook to two machines", l.seats), "0 errors", w.end(part), "")
	m.leave()
	for n := range spread.took {
		if spread.took[n].Load() == 0 {
			b.Errorf("machine %d was brought nothing", n+1)
		}
	}
}

// roundRobin passes each request on to the next machine, or to the other where that one does not answer.
type roundRobin struct {
	to   [2]string
	next atomic.Int64
	took [2]atomic.Int64
}

func (b *roundRobin) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	first := int(b.next.Add(1))
	for n := range b.to {
		at := (first + n) % len(b.to)
		again := req.Clone(req.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		again.URL.Scheme, again.URL.Host = "http", b.to[at]
		if resp, err = http.DefaultTransport.RoundTrip(again); err == nil {
			b.took[at].Add(1)
			return resp, nil
		}
	}
	return nil, err
}
