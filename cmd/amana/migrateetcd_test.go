//go:build etcd

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/kv/etcd"
	"amana/bot/kv/etcd/etcdtest"
	"amana/bot/kv/mem"
)

// clusteredAt writes a configuration that knows a cluster.
func clusteredAt(t *testing.T, c *etcdtest.Cluster, dir string, lines ...string) (conf string) {
	t.Helper()
	ca, client := c.Files()
	for _, name := range []string{"password", "amana.key"} {
		data := []byte(etcdtest.Password + "\n")
		if name == "amana.key" {
			var err error
			if data, err = os.ReadFile(client.Key); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	conf = filepath.Join(dir, "amana.yaml")
	text := fmt.Sprintf("profile: example\nkeys: keys\nruntime: run\nruntime_on_disk: true\nzone: UTC\netcd: {endpoints: [%q], ca: %s, cert: %s, key: amana.key, user: %s, password_file: password}\n%s\n",
		c.Endpoints, ca, client.Cert, etcdtest.User, strings.Join(lines, "\n"))
	text = strings.ReplaceAll(text, `" "`, `", "`)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "[[", "["), "]]", "]")
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return conf
}

// clusterStore opens a mission in a cluster as whoever serves it does.
func clusterStore(t *testing.T, conf, mission string) (*etcd.Store, error) {
	t.Helper()
	c, err := readConfig(conf)
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.cluster(mission, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return etcd.Open(t.Context(), o)
}

// TestCluster holds what commands do with a cluster against three nodes.
func TestCluster(t *testing.T) {
	t.Parallel()
	cluster := startCluster(t)
	for name, test := range map[string]func(*testing.T, *etcdtest.Cluster){
		"there and back": testThroughCluster, "restored": testRestoreIntoCluster, "killed": testIntoClusterKilled,
		"looked at": testLookAtCluster, "without a quorum": testQuorumLost,
	} {
		t.Run(name, func(t *testing.T) { test(t, cluster) })
	}
}

// testThroughCluster brings what real conversations left into three nodes and back, and through a backup of either.
func testThroughCluster(t *testing.T, cluster *etcdtest.Cluster) {
	ctx, p := t.Context(), walkedCamp(t)
	want, err := kv.Digest(ctx, p.engine.(*mem.Store).Walk)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	conf := clusteredAt(t, cluster, dir, "store: bbolt:db/first.db")
	if err := bolt.Fill(ctx, filepath.Join(dir, "db", "first.db"), p.engine.(*mem.Store).Walk); err != nil {
		t.Fatal(err)
	}
	migrate := func(from, to string, says string) {
		t.Helper()
		out, errs, status := program("", "migrate", "-config", conf, "-from", from, "-to", to)
		if says == "" && (status != 0 || strings.Count(out, want.String()) != 2) || says != "" && (status == 0 || !strings.Contains(errs, says)) {
			t.Fatalf("%s to %s: status %d\n%s%s", from, to, status, out, errs)
		}
	}
	migrate("etcd:relief", "bbolt:db/none.db", "etcd:relief holds no database")
	migrate("bbolt:db/first.db", "etcd:relief", "")

	// Whoever serves it holds an office: it is not moved beneath them.
	st, err := clusterStore(t, conf, "relief")
	if err != nil {
		t.Fatal(err)
	}
	term, err := st.Campaign(ctx, "hear")
	if err != nil {
		t.Fatal(err)
	}
	migrate("etcd:relief", "bbolt:db/second.db", "etcd:relief is being served (hear)")
	if err := term.Resign(ctx); err != nil {
		t.Error(err)
	}

	// A backup of it is a file like that of a file.
	backup := filepath.Join(dir, "cluster.backup")
	if err := bolt.Copy(ctx, backup, st.Walk); err != nil {
		t.Fatal(err)
	}
	if got, err := kv.Digest(ctx, bolt.WalkFile(backup)); err != nil || got != want {
		t.Errorf("the backup holds %d records of %d: %v", got.Pairs, want.Pairs, err)
	}

	// From the instant of the move nobody writes there any more, who may have been overlooked.
	migrate("etcd:relief", "bbolt:db/second.db", "")
	err = st.Update(ctx, kv.ID{}, func(tx kv.Tx) error { return tx.Put([]byte("late"), nil) })
	if !errors.Is(err, kv.ErrMoved) {
		t.Errorf("a process that was overlooked wrote: %v", err)
	}
	st.Close()
	if _, err := clusterStore(t, conf, "relief"); !errors.Is(err, kv.ErrMoved) {
		t.Errorf("what was moved is served: %v", err)
	}
	if _, errs, status := program("", "migrate", "-config", conf, "-release", "etcd:relief"); status == 0 || !strings.Contains(errs, "and what came in since") {
		t.Errorf("two places would be served: %s", errs)
	}
	migrate("bbolt:db/second.db", "etcd:relief", "etcd:relief holds a database already")
}

// testRestoreIntoCluster restores a backup of a mission on a file into a cluster, and a backup of that on a file again.
func testRestoreIntoCluster(t *testing.T, cluster *etcdtest.Cluster) {
	dir := t.TempDir()
	house := filepath.Join(dir, "house")
	run := func(args ...string) string {
		t.Helper()
		_, errs, status := program("", args...)
		if status != 0 {
			t.Fatalf("amana %s: status %d\n%s", strings.Join(args, " "), status, errs)
		}
		return errs
	}
	run("init", "-runtime", filepath.Join(shortDir(t), "rt"), house)
	plain := filepath.Join(house, "amana.yaml")
	run("check", "-directory", "-config", plain) // it belongs to its key directory from then on
	run("backup", "-config", plain, filepath.Join(dir, "file.backup"))
	conf := clusteredAt(t, cluster, house, "store: etcd:restored")
	if _, errs, status := program("", "check", "-directory", "-config", conf); status != 2 && status != 1 || !strings.Contains(errs, "the cluster answers and holds no mission restored") {
		t.Errorf("a mission that is not there: status %d, %s", status, errs)
	}
	if said := run("restore", "-config", conf, filepath.Join(dir, "file.backup")); !strings.Contains(said, "restored: etcd:restored") {
		t.Error(said)
	}
	if _, errs, status := program("", "restore", "-config", conf, filepath.Join(dir, "file.backup")); status == 0 || !strings.Contains(errs, "etcd:restored is there already") {
		t.Errorf("a second restore: %s", errs)
	}
	run("check", "-directory", "-config", conf)
	run("backup", "-config", conf, filepath.Join(dir, "cluster.backup"))
	conf = clusteredAt(t, cluster, house, "store: bbolt:again.db")
	run("restore", "-config", conf, filepath.Join(dir, "cluster.backup"))
	run("check", "-directory", "-config", conf)
}

// testIntoClusterKilled kills a migration into a cluster in the midst of it: the half copy is not served, the file
// neither, and the same call begins anew and comes to its end.
func testIntoClusterKilled(t *testing.T, cluster *etcdtest.Cluster) {
	dir := t.TempDir()
	conf, first := clusteredAt(t, cluster, dir, "store: bbolt:db/first.db"), filepath.Join(dir, "db", "first.db")
	want := weighty(t, first, 500)
	args := []string{"migrate", "-config", conf, "-from", "bbolt:db/first.db", "-to", "etcd:killed"}
	kills, half := 0, 0
	for wait := 100 * time.Millisecond; ; wait += 200 * time.Millisecond {
		cmd := exec.Command(os.Args[0], append([]string{"-test.run=^TestItself$", "--"}, args...)...)
		cmd.Env = []string{childMark + "=1", "TMPDIR=" + t.TempDir()}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(wait, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
		ended := cmd.Wait()
		timer.Stop()
		there, err := clusterStore(t, conf, "killed")
		if err == nil {
			got, err := kv.Digest(t.Context(), there.Walk)
			if there.Close(); err != nil || got != want {
				t.Fatalf("half a copy is served: %d of %d pairs, %v", got.Pairs, want.Pairs, err)
			}
			if _, err := bolt.Open(first, bolt.Options{}); !errors.Is(err, kv.ErrMoved) {
				t.Fatalf("both are served: %v", err)
			}
			break
		}
		if ended == nil {
			t.Fatalf("it came to its end, and %v", err)
		}
		if kills++; errors.Is(err, kv.ErrFilling) {
			half++
		}
	}
	t.Logf("%d kills, %d of which left half a copy", kills, half)
	if half == 0 {
		t.Error("no kill left half a copy: this proves nothing")
	}
}

// testLookAtCluster looks at three nodes through the mission's user, at one that was given too much, and at one node less.
func testLookAtCluster(t *testing.T, cluster *etcdtest.Cluster) {
	ctx := t.Context()
	if err := cluster.AddUser(ctx, "looked", "looked horse", "amana/looked/"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	conf := clusteredAt(t, cluster, dir, "store: etcd:looked")
	said := func(user, password string, open bool) (said []string) {
		t.Helper()
		c, err := readConfig(conf)
		if err != nil {
			t.Fatal(err)
		}
		c.Etcd.User = user
		if err := os.WriteFile(filepath.Join(dir, "password"), []byte(password), 0o600); err != nil {
			t.Fatal(err)
		}
		f := c.clusterWithout(ctx, time.Now)
		if open {
			o, err := c.cluster("looked", time.Now)
			if err != nil {
				t.Fatal(err)
			}
			if err := etcd.Create(ctx, o); err != nil && !errors.Is(err, os.ErrExist) {
				t.Fatal(err)
			}
			e, err := openEngine(ctx, c, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			f = (&house{config: c, base: e, now: time.Now}).clusterOf(ctx)
		}
		if len(f.Doors) != 3 || f.Doors[1].Skew.Abs() > 3*time.Second {
			t.Errorf("seen: %+v", f)
		}
		for _, one := range checkCluster(c, f, time.Now()) {
			if !strings.Contains(one.What, "certificate of") { // those of tests end soon
				said = append(said, string(one.Level)+": "+one.What)
			}
		}
		return said
	}
	if got := said("looked", "looked horse", true); len(got) > 0 {
		t.Errorf("a sound cluster: %q", got)
	}
	if got := said(etcdtest.User, etcdtest.Password, true); len(got) != 1 || !strings.Contains(got[0], "reach what is not the mission's") {
		t.Errorf("a user who may do more: %q", got)
	}
	if got := said("looked", "looked horse", false); len(got) > 0 {
		t.Errorf("from outside: %q", got)
	}
	leader, err := cluster.Leader(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cluster.Kill((leader + 1) % 3)
	defer func() {
		if err := cluster.Restart((leader + 1) % 3); err != nil {
			t.Error(err)
		}
		if err := cluster.Ready(ctx); err != nil {
			t.Error(err)
		}
	}()
	got := strings.Join(said("looked", "looked horse", true), "\n")
	for _, want := range []string{"does not answer", "2 of 3 members answer: with the next one that is lost nothing is saved any more"} {
		if !strings.Contains(got, want) {
			t.Errorf("with one node less: %s", got)
		}
	}
}

// TestClusterFlags holds the flags of the unit for a node against those that the server knows.
func TestClusterFlags(t *testing.T) {
	t.Parallel()
	bin, err := etcdtest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	known, err := exec.Command(bin, "--help").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	unit, _, _ := strings.Cut(clusterTemplate, "\n## 3.")
	_, unit, _ = strings.Cut(unit, "\nExecStart=")
	n := 0
	for word := range strings.FieldsSeq(unit) {
		name, _, _ := strings.Cut(word, "=")
		if !strings.HasPrefix(name, "--") {
			continue
		}
		if n++; !strings.Contains(string(known), "  "+name+" ") && !strings.Contains(string(known), "  "+name+"\n") {
			t.Errorf("etcd knows no flag %s", name)
		}
	}
	if n < 15 {
		t.Errorf("%d flags stand in the unit", n)
	}
}

// testQuorumLost asks two nodes of three away: the check says so in bounded time, without the database, and a start fails as
// something that may be tried again.
func testQuorumLost(t *testing.T, cluster *etcdtest.Cluster) {
	dir := t.TempDir()
	house := filepath.Join(dir, "house")
	if _, errs, status := program("", "init", "-runtime", filepath.Join(shortDir(t), "rt"), house); status != 0 {
		t.Fatal(errs)
	}
	conf := clusteredAt(t, cluster, house, "store: etcd:alone")
	if _, errs, status := program("", "migrate", "-config", conf, "-from", "bbolt:amana.db", "-to", "etcd:alone"); status != 0 {
		t.Fatal(errs)
	}
	for _, n := range []int{0, 1} {
		cluster.Kill(n)
	}
	defer func() {
		for _, n := range []int{0, 1} {
			if err := cluster.Restart(n); err != nil {
				t.Error(err)
			}
		}
		if err := cluster.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	begun := time.Now()
	out, _, status := program("", "check", "-config", conf)
	if took := time.Since(begun); status != 1 || took > time.Minute {
		t.Errorf("status %d after %v", status, took)
	}
	for _, want := range []string{"database does not answer", "error: ", "of 3 nodes are well: nothing is saved", "does not answer:", "says that it is not well"} {
		if !strings.Contains(out, want) {
			t.Errorf("the check does not say %q:\n%s", want, out)
		}
	}
	if _, _, status := program("", "backup", "-config", conf, filepath.Join(dir, "b")); status != 1 {
		t.Errorf("status %d: a unit would not try again", status)
	}
}
