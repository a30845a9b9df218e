//go:build etcd

package etcdtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// quiet keeps a client from writing to the test's output.
var quiet = zap.NewNop()

// Nodes says how many there are.
func (c *Cluster) Nodes() int { return len(c.nodes) }

// Kill ends a node as a power cut would, but for what the machine's own memory keeps.
func (c *Cluster) Kill(i int) {
	if n := c.nodes[i]; n.process != nil {
		n.process.kill()
		n.process, n.paused = nil, false
	}
}

// Pause stops a node in its tracks; its connections stay.
func (c *Cluster) Pause(i int) {
	c.nodes[i].process.cmd.Process.Signal(syscall.SIGSTOP)
	c.nodes[i].paused = true
}

// Resume lets a paused node go on.
func (c *Cluster) Resume(i int) {
	c.nodes[i].process.cmd.Process.Signal(syscall.SIGCONT)
	c.nodes[i].paused = false
}

// Restart starts a node that was killed, with its data. It does not wait until the node is of use: Ready does.
func (c *Cluster) Restart(i int) (err error) {
	c.Kill(i)
	n := c.nodes[i]
	n.process, err = start(n.log, n.env, n.args[0], n.args[1:]...)
	return err
}

// Ready waits until all nodes that run answer with a leader's word.
func (c *Cluster) Ready(ctx context.Context) error {
	for i, n := range c.nodes {
		if n.process == nil || n.paused {
			continue
		}
		if err := c.ready(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) ready(ctx context.Context, i int) error {
	n := c.nodes[i]
	for {
		if n.process.ended() {
			return fmt.Errorf("node %d ended by itself", i)
		}
		if _, err := n.ask(ctx, "/readyz"); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for node %d: %w", i, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ask asks a node past all proxies what it knows of itself.
func (n *node) ask(ctx context.Context, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.metrics+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := past.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return body, err
}

// past keeps no connection to a node that may be killed.
var past = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// Leader waits until exactly one of the nodes that run says that it leads.
func (c *Cluster) Leader(ctx context.Context) (int, error) {
	for {
		leader, n := 0, 0
		for i, node := range c.nodes {
			if node.process == nil || node.paused {
				continue
			}
			if said, err := node.ask(ctx, "/metrics"); err == nil && bytes.Contains(said, []byte("\netcd_server_is_leader 1\n")) {
				leader = i
				n++
			}
		}
		if n == 1 {
			return leader, nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("waiting for one leader: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Way is the link on which one node asks another. Nodes talk on both, the one and the other way round.
func (c *Cluster) Way(from, to int) *Link { return c.between[from][to] }

// Isolate holds everything between a node and its peers, both ways. Clients reach it still.
func (c *Cluster) Isolate(i int) {
	for j := range c.nodes {
		if j != i {
			c.between[i][j].Hold(Both)
			c.between[j][i].Hold(Both)
		}
	}
}

// HealAll opens every way between nodes and the usual ways of clients.
func (c *Cluster) HealAll() {
	for i := range c.nodes {
		for j := range c.nodes {
			if j != i {
				c.between[i][j].Heal()
			}
		}
	}
	c.Each((*Link).Heal)
}

// NewDoors gives ways to the nodes for one client alone.
func (c *Cluster) NewDoors() (*Doors, error) {
	var nodes []string
	for _, n := range c.nodes {
		nodes = append(nodes, n.door)
	}
	return newDoors(nodes)
}

// TLS is how a client speaks to the nodes.
func (c *Cluster) TLS() *tls.Config { return c.tls.Clone() }

// Files are what a client needs to speak to the nodes, as files.
func (c *Cluster) Files() (ca string, client Certificate) { return c.ca.file(), c.client }

// Admin is a client that may do everything and goes past all proxies.
func (c *Cluster) Admin() *clientv3.Client { return c.admin }

// Compact does away with all revisions of the past.
func (c *Cluster) Compact(ctx context.Context) error {
	now, err := c.admin.Get(ctx, Prefix)
	if err != nil {
		return fmt.Errorf("asking for the revision: %w", err)
	}
	if _, err := c.admin.Compact(ctx, now.Header.Revision, clientv3.WithCompactPhysical()); err != nil {
		return fmt.Errorf("compacting: %w", err)
	}
	return nil
}

// Defragment gives back what a node's file holds and does not need.
func (c *Cluster) Defragment(ctx context.Context, i int) error {
	if _, err := c.admin.Defragment(ctx, "https://"+c.nodes[i].door); err != nil {
		return fmt.Errorf("defragmenting node %d: %w", i, err)
	}
	return nil
}

// Logs gives the end of what each node said.
func (c *Cluster) Logs() string {
	var all strings.Builder
	for _, n := range c.nodes {
		said, _ := os.ReadFile(n.log)
		if len(said) > 2000 {
			said = said[len(said)-2000:]
		}
		fmt.Fprintf(&all, "%s said:\n%s\n", n.name, said)
	}
	return all.String()
}
