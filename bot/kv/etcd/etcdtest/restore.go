//go:build etcd

package etcdtest

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// token is what the nodes were told to start with; with their addresses it makes the number of the cluster.
func (c *Cluster) token() string { return filepath.Base(c.dir) }

// Snapshot writes down what the cluster holds, all missions and users, and gives the file.
func (c *Cluster) Snapshot(ctx context.Context) (file string, err error) {
	from, err := c.admin.Snapshot(ctx)
	if err != nil {
		return "", fmt.Errorf("asking for a snapshot: %w", err)
	}
	defer from.Close()
	to, err := os.CreateTemp(c.dir, "snapshot-")
	if err != nil {
		return "", err
	}
	if _, err = io.Copy(to, from); err == nil {
		err = to.Sync()
	}
	to.Close()
	if err != nil {
		return "", fmt.Errorf("reading a snapshot: %w", err)
	}
	return to.Name(), nil
}

// Restoring says how a snapshot is brought back.
type Restoring struct {
	Other bool  // as another cluster, with another number
	Raise int64 // by how much the revision is raised
}

// Restore takes all nodes away with what they hold, and starts others on a snapshot, at the same addresses. It waits until they
// are of use.
func (c *Cluster) Restore(ctx context.Context, file string, how Restoring) error {
	utl, err := Utl()
	if err != nil {
		return err
	}
	token := c.token()
	if how.Other {
		token += "-other"
	}
	for i := range c.nodes {
		c.Kill(i)
	}
	for _, n := range c.nodes {
		dir := filepath.Join(c.dir, n.name)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		args := []string{"snapshot", "restore", file, "--name", n.name, "--data-dir", dir, "--initial-cluster", n.members,
			"--initial-cluster-token", token, "--initial-advertise-peer-urls", n.advertised}
		if how.Raise > 0 {
			args = append(args, fmt.Sprint("--bump-revision=", how.Raise), "--mark-compacted")
		}
		if said, err := exec.CommandContext(ctx, utl, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("restoring a snapshot: %w\n%s", err, said)
		}
	}
	for i := range c.nodes {
		if err := c.Restart(i); err != nil {
			return err
		}
	}
	if err := c.Ready(ctx); err != nil {
		return err
	}
	// What signed in before would wait for these nodes to come as far as the others were.
	c.admin.Close()
	c.admin, err = c.dialAs(c.direct(), "root", rootPassword)
	return err
}
