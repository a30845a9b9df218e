//go:build etcd

package etcdtest

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Options of a cluster. The zero Options give what a mission is told to run: three nodes with the stock timeouts.
type Options struct {
	Nodes    int           // 3 if zero
	Election time.Duration // of a node that misses its leader; zero is the stock second. A tenth of it is the heartbeat.
	Disk     bool          // keep data in the directory for temporary files rather than in memory, where there is that choice
	Args     []string      // more flags for every node
	Slow     bool          // the server can be made to flush slowly (SlowDisk); it is built for that
}

// The user whom every cluster knows. May read and write below Prefix and nothing else.
const (
	User     = "amana"
	Password = "correct horse"
	Prefix   = "amana/"

	rootPassword = "root horse"
)

// Cluster is some etcd processes with what stands between them.
type Cluster struct {
	*Doors // the usual ways of clients

	dir     string
	opt     Options
	nodes   []*node
	ca      *authority
	client  Certificate
	tls     *tls.Config
	admin   *clientv3.Client
	between [][]*Link // from, to
}

type node struct {
	name    string
	process *process
	paused  bool
	gate    *peerGate
	args    []string
	env     []string
	log     string
	slow    string // the file that says how long a flush waits
	metrics string // where it tells about itself, past all proxies
	door    string

	advertised, members string // as it is told to start
}

// Start starts a cluster for one test.
func Start(t testing.TB, opt Options) *Cluster {
	t.Helper()
	c, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(c.Logs())
		}
		c.Close()
	})
	return c
}

// New starts a cluster, which somebody must close: the way for a TestMain whose tests share one.
func New(opt Options) (*Cluster, error) {
	var err error
	for range 3 { // a port that was free may be taken a moment later
		var c *Cluster
		if c, err = begin(opt); err == nil {
			return c, nil
		}
	}
	return nil, fmt.Errorf("starting an etcd cluster: %w", err)
}

func begin(opt Options) (_ *Cluster, err error) {
	program := Binary
	if opt.Slow {
		program = SlowBinary
	}
	bin, err := program()
	if err != nil {
		return nil, err
	}
	if opt.Nodes == 0 {
		opt.Nodes = 3
	}
	place := "/dev/shm"
	if _, err := os.Stat(place); err != nil || opt.Disk {
		place = ""
	}
	c := &Cluster{opt: opt}
	sweep(cmp.Or(place, os.TempDir()))
	if c.dir, err = os.MkdirTemp(place, fmt.Sprintf("amana-etcd-%d-", os.Getpid())); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\n%s", err, c.Logs())
			c.Close()
		}
	}()
	if c.ca, err = newAuthority(c.dir); err != nil {
		return nil, err
	}
	if c.client, err = c.ca.client("client"); err != nil {
		return nil, err
	}
	if c.tls, err = c.ca.config(c.client); err != nil {
		return nil, err
	}
	if err := c.layOut(bin); err != nil {
		return nil, err
	}
	for i := range c.nodes {
		if err := c.Restart(i); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for i := range c.nodes {
		if err := c.ready(ctx, i); err != nil {
			return nil, err
		}
	}
	return c, c.protect(ctx)
}

// sweep takes away what a test process left that was killed before it could.
func sweep(place string) {
	left, _ := filepath.Glob(filepath.Join(place, "amana-etcd-*-*"))
	for _, dir := range left {
		var pid int
		if _, err := fmt.Sscanf(filepath.Base(dir), "amana-etcd-%d-", &pid); err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
}

// layOut decides ports, names, certificates and ways, and what each node is told.
func (c *Cluster) layOut(bin string) error {
	ports, err := freePorts(3 * c.opt.Nodes)
	if err != nil {
		return err
	}
	at := func(i int) string { return fmt.Sprintf("127.0.0.1:%d", ports[i]) }
	var members, doors []string
	where := map[string]string{} // of a peer by its name and port
	for i := range c.opt.Nodes {
		n := &node{name: fmt.Sprintf("node%d.etcdtest.invalid", i), door: at(3 * i), metrics: "http://" + at(3*i+1)}
		n.log, n.slow = filepath.Join(c.dir, n.name+".log"), filepath.Join(c.dir, n.name+".slow")
		c.nodes = append(c.nodes, n)
		doors = append(doors, n.door)
		host := fmt.Sprintf("%s:%d", n.name, ports[3*i+2])
		where[host] = at(3*i + 2)
		members = append(members, n.name+"=https://"+host)
	}
	if c.Doors, err = newDoors(doors); err != nil {
		return err
	}
	election := c.opt.Election
	if election == 0 {
		election = time.Second
	}
	for i, n := range c.nodes {
		c.between = append(c.between, make([]*Link, c.opt.Nodes))
		links := map[string]*Link{}
		for j, m := range members {
			if _, host, _ := strings.Cut(m, "=https://"); i != j {
				c.between[i][j] = newLink()
				links[host] = c.between[i][j]
			}
		}
		if n.gate, err = newPeerGate(links, where); err != nil {
			return err
		}
		cert, err := c.ca.node(n.name)
		if err != nil {
			return err
		}
		_, advertised, _ := strings.Cut(members[i], "=")
		n.advertised, n.members = advertised, strings.Join(members, ",")
		n.env = []string{"HTTPS_PROXY=http://" + n.gate.gate.Addr().String(), slowVar + "=" + n.slow}
		n.args = append([]string{bin,
			"--name", n.name, "--data-dir", filepath.Join(c.dir, n.name),
			"--initial-cluster", n.members, "--initial-cluster-token", c.token(),
			"--initial-advertise-peer-urls", advertised, "--listen-peer-urls", "https://" + at(3*i+2),
			"--advertise-client-urls", c.Endpoints[i], "--listen-client-urls", "https://" + n.door,
			"--listen-metrics-urls", n.metrics,
			"--peer-client-cert-auth", "--peer-trusted-ca-file", c.ca.file(), "--peer-cert-file", cert.Cert, "--peer-key-file", cert.Key,
			"--client-cert-auth", "--trusted-ca-file", c.ca.file(), "--cert-file", cert.Cert, "--key-file", cert.Key,
			"--election-timeout", fmt.Sprint(election.Milliseconds()), "--heartbeat-interval", fmt.Sprint(election.Milliseconds() / 10),
			"--bcrypt-cost", "4", "--enable-grpc-gateway=false", "--log-level", "warn"}, c.opt.Args...)
	}
	return nil
}

// freePorts looks below the ports that the system gives to who dials, so that a node finds its own again.
func freePorts(n int) (ports []int, err error) {
	for range 1000 {
		port := 20000 + rand.IntN(12000)
		if slices.Contains(ports, port) {
			continue
		}
		probe, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		probe.Close()
		if ports = append(ports, port); len(ports) == n {
			return ports, nil
		}
	}
	return nil, errors.New("looking for free ports: found none")
}

// protect makes the users and asks everybody for a password from then on.
func (c *Cluster) protect(ctx context.Context) error {
	open, err := c.dialAs(c.direct(), "", "")
	if err != nil {
		return err
	}
	defer open.Close()
	if _, err := open.UserAdd(ctx, "root", rootPassword); err != nil {
		return fmt.Errorf("adding the user root: %w", err)
	}
	if _, err := open.UserGrantRole(ctx, "root", "root"); err != nil {
		return fmt.Errorf("letting root do everything: %w", err)
	}
	if err := addUser(ctx, open, User, Password, Prefix); err != nil {
		return err
	}
	if _, err := open.AuthEnable(ctx); err != nil {
		return fmt.Errorf("asking for passwords: %w", err)
	}
	c.admin, err = c.dialAs(c.direct(), "root", rootPassword)
	return err
}

// AddUser adds a user who may read and write below a prefix. Requests under way may be asked to sign in anew, as with
// every change of users.
func (c *Cluster) AddUser(ctx context.Context, name, password, prefix string) error {
	return addUser(ctx, c.admin, name, password, prefix)
}

func addUser(ctx context.Context, by *clientv3.Client, name, password, prefix string) error {
	if _, err := by.RoleAdd(ctx, name); err != nil {
		return fmt.Errorf("adding a role: %w", err)
	}
	if _, err := by.RoleGrantPermission(ctx, name, prefix, clientv3.GetPrefixRangeEnd(prefix), clientv3.PermissionType(clientv3.PermReadWrite)); err != nil {
		return fmt.Errorf("granting a prefix: %w", err)
	}
	if _, err := by.UserAdd(ctx, name, password); err != nil {
		return fmt.Errorf("adding a user: %w", err)
	}
	if _, err := by.UserGrantRole(ctx, name, name); err != nil {
		return fmt.Errorf("granting a role: %w", err)
	}
	return nil
}

// Close kills the nodes and clears all away.
func (c *Cluster) Close() {
	if c.admin != nil {
		c.admin.Close()
	}
	for i := range c.nodes {
		c.Kill(i)
	}
	for _, n := range c.nodes {
		if n.gate != nil {
			n.gate.close()
		}
	}
	if c.Doors != nil {
		c.Doors.Close()
	}
	os.RemoveAll(c.dir)
}

// direct is where the nodes are, past all proxies.
func (c *Cluster) direct() (endpoints []string) {
	for _, n := range c.nodes {
		endpoints = append(endpoints, "https://"+n.door)
	}
	return endpoints
}

func (c *Cluster) dialAs(endpoints []string, user, password string) (*clientv3.Client, error) {
	client, err := clientv3.New(clientv3.Config{
		Endpoints: endpoints, TLS: c.tls, Username: user, Password: password, DialTimeout: 10 * time.Second, Logger: quiet,
	})
	if err != nil {
		return nil, fmt.Errorf("reaching the nodes: %w", err)
	}
	return client, nil
}
