//go:build etcd && linux

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"amana/bot/kv/etcd"
	"amana/bot/kv/kvtest"
)

var badDays = flag.Bool("bad-days", false, "let TestRunbook lose nodes, a quorum and a whole cluster too, and fill one")

// badDay is a step of TestRunbook that takes long.
const badDay = "a bad day"

// TestRunbook does everything once that the operator of a cluster is told to do, with the lines of the text and with what the
// check says, and looks at the check before and after. A line that does not work fails it, and, with -bad-days,
// one that is typed by nobody.
func TestRunbook(t *testing.T) {
	t.Parallel()
	r := newRunbook(t)
	r.signs()
	var three []*labNode
	for n, host := range r.hosts[:3] {
		three = append(three, r.node(fmt.Sprint("node", n+1), host, nil))
	}
	r.starts(three...)
	steps := []struct {
		name string
		do   func()
	}{
		{"users", r.users}, {"mission", r.mission}, {"every day", func() { r.everyday(three) }}, {"passwords", r.passwords}, {"rights", r.rights},
		{badDay, func() { r.snapshots(three) }}, {badDay, func() { three = r.replaces(three) }}, {badDay, func() { r.fills(three) }},
		{badDay, func() { three = r.quorumless(three) }}, {"restored", r.restores}, {"back", r.goesBack},
	}
	for _, s := range steps {
		if s.name == badDay && !*badDays {
			continue
		}
		begun, used := time.Now(), processorTime()
		s.do()
		t.Logf("%s: %v, of processors %v", s.name, time.Since(begun).Round(10*time.Millisecond), (processorTime() - used).Round(10*time.Millisecond))
	}
	for _, line := range r.toType() {
		if *badDays && !r.typed[line] {
			t.Errorf("nobody typed %q", line)
		}
	}
}

// starts runs nodes and waits for them.
func (r *runbook) starts(nodes ...*labNode) {
	r.Helper()
	for _, n := range nodes {
		r.start(n)
	}
	r.ready(nodes...)
}

// processorTime is what this process and those of its children that have ended have taken.
func processorTime() (sum time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

type blanks = map[string]string

// users is part 3.
func (r *runbook) users() {
	const root, own = "root horse", "own horse"
	r.types("export ETCDCTL_ENDPOINTS", nil)
	r.types("export ETCDCTL_CACERT", nil)
	r.types("etcdctl user add root", nil, root, root)
	r.types("etcdctl user grant-role root root", nil)
	r.types("role add", nil)
	r.types("role grant-permission", nil)
	r.types("etcdctl user add relief", nil, own, own)
	r.types("user grant-role relief relief", nil)
	r.types("auth enable", nil)
	r.root = root
	if out := r.types("user get relief --detail", nil); !strings.Contains(out, "amana/relief/") {
		r.Errorf("what the user may do: %s", out)
	}
	r.put("etcd.password", own+"\n")
}

// mission is part 4.
func (r *runbook) mission() {
	r.settings("database: amana.db")
	r.types("amana backup FILE", blanks{"FILE": filepath.Join(r.tmp, "before")})
	r.types("amana migrate -from bbolt:amana.db", nil)
	r.settings("store: etcd:relief")
	r.says("a cluster as the text makes it")
}

// everyday is what part 5 says, but for passwords.
func (r *runbook) everyday(nodes []*labNode) {
	r.types("amana backup FILE", blanks{"FILE": filepath.Join(r.tmp, "daily")})
	r.typed["amana check"] = true
	if _, out, _ := r.try("check", "-config", r.config()); !strings.Contains(out, "nobody is in the roster") && !strings.Contains(out, "invite") || strings.Contains(out, "the cluster") {
		r.Errorf("the check of a mission without staff: %s", out)
	}
	table := r.types("endpoint status --cluster -w table", nil)
	for _, n := range nodes {
		if !strings.Contains(table, n.host+":2379") {
			r.Errorf("the table lacks %s: %s", n.name, table)
		}
		r.types("defrag", blanks{"ADDRESS": n.host})
	}
	if out := r.types("alarm list", nil); strings.Contains(out, "alarm:") {
		r.Errorf("an alarm: %s", out)
	}
}

// passwords changes the mission's user without a break, and then its password in haste.
func (r *runbook) passwords() {
	const second, third = "second horse", "third horse"
	r.types("user add USER", blanks{"USER": "relief2"}, second, second)
	r.types("user grant-role USER relief", blanks{"USER": "relief2"})
	r.says("with two users")
	old := filepath.Join(r.dir, "etcd.password")
	was, err := os.ReadFile(old)
	if err != nil {
		r.Fatal(err)
	}
	r.settings("store: etcd:relief", "user: relief", "user: relief2")
	r.put("etcd.password", second+"\n")
	r.types("user delete relief", nil)
	r.says("with the second user alone")
	r.settings("store: etcd:relief")
	r.put("etcd.password", string(was))
	if _, out, _ := r.try("check", "-config", r.config()); !strings.Contains(out, "the cluster does not let us") || !strings.Contains(out, "authentication failed") {
		r.Errorf("with a user that is gone: %s", out)
	}
	r.settings("store: etcd:relief", "user: relief", "user: relief2")
	r.put("etcd.password", second+"\n")
	r.types("user passwd USER", blanks{"USER": "relief2"}, third, third)
	if _, out, _ := r.try("check", "-config", r.config()); !strings.Contains(out, "the cluster does not let us") {
		r.Errorf("with the password of before: %s", out)
	}
	r.put("etcd.password", third+"\n")
	r.says("with the new password")
}

// rights gives the mission's user more than it needs, and asks nobody for a password; the check says how to mend it.
func (r *runbook) rights() {
	types := func(line string) {
		r.Helper()
		if out, err := r.shell(line); err != nil {
			r.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
	types("etcdctl --user=root role grant-permission relief readwrite amana/ amana0")
	types("etcdctl --user=root role grant-permission relief read zzz")
	r.follows(r.says("with a wide role", "the role relief lets the mission's user relief2 reach what is not the mission's"), "revoke-permission")
	r.says("with the role as it was")
	types("etcdctl --user=root auth disable")
	r.follows(r.says("without passwords", "it asks nobody for a password"), "auth enable")
	r.says("with passwords again")
}

// writers are two stores that are written to all the while, in a mission of their own.
type writers struct {
	*runbook
	stores  []*etcd.Store
	playing *kvtest.Playing
}

func (r *runbook) options(hosts ...string) etcd.Options {
	r.Helper()
	ca, err := os.ReadFile(filepath.Join(r.ca, "ca.pem"))
	if err != nil {
		r.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(r.ca, "operator.pem"), filepath.Join(r.ca, "operator.key"))
	if err != nil {
		r.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	o := etcd.Options{Mission: "writers", User: "root", Password: r.root, TLS: &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}}}
	for _, h := range hosts {
		o.Endpoints = append(o.Endpoints, "https://"+h+":2379")
	}
	return o
}

func (r *runbook) writes(hosts ...string) *writers {
	r.Helper()
	w := &writers{runbook: r}
	o := r.options(hosts...)
	if err := etcd.Create(r.Context(), o); err != nil {
		r.Fatal(err)
	}
	var engines []kvtest.Engine
	for range 2 {
		engines = append(engines, w.open(o))
	}
	w.playing = kvtest.Play(engines, 3, 10*time.Millisecond)
	return w
}

func (w *writers) open(o etcd.Options) *etcd.Store {
	w.Helper()
	st, err := etcd.Open(w.Context(), o)
	if err != nil {
		w.Fatal(err)
	}
	w.stores = append(w.stores, st)
	return st
}

// goOn waits until so many more updates are acknowledged.
func (w *writers) goOn(when string) {
	w.Helper()
	from := w.playing.Since()
	for until := time.Now().Add(patience); w.playing.Acknowledged(from, w.playing.Since()) < 30; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			w.Fatalf("%s, nothing is acknowledged any more", when)
		}
	}
}

// end holds what was acknowledged against what is there.
func (w *writers) end(when string) {
	w.Helper()
	w.playing.Stop(30 * time.Second)
	if err := w.playing.Check(w.Context(), w.stores[len(w.stores)-1]); err != nil {
		w.Errorf("%s: %v\n%v", when, err, w.playing)
	}
	w.Logf("%s: %v", when, w.playing)
	for _, st := range w.stores {
		st.Close()
	}
}

var idOf = regexp.MustCompile(`[|│] +([0-9a-f]+) [|│] +(started|unstarted) +[|│] +(\S*) +[|│]`)

// id gives the number of a member, as the table of members says it.
func (r *runbook) id(name string) string {
	r.Helper()
	table := r.types("member list -w table", nil)
	for _, m := range idOf.FindAllStringSubmatch(table, -1) {
		if m[3] == name {
			return m[1]
		}
	}
	r.Fatalf("%s is no member: %s", name, table)
	return ""
}

// adds makes a member of a new machine.
func (r *runbook) adds(name, host string) *labNode {
	r.Helper()
	out, err := "", error(nil)
	for until := time.Now().Add(patience); ; time.Sleep(time.Second) {
		if out, err = r.tries("member add NAME", blanks{"NAME": name, "ADDRESS": host}); err == nil {
			break
		}
		if !strings.Contains(out, "unhealthy cluster") || time.Now().After(until) {
			r.Fatalf("adding %s: %v\n%s", name, err, out)
		}
	}
	cluster := regexp.MustCompile(`ETCD_INITIAL_CLUSTER="([^"]*)"`).FindStringSubmatch(out)
	if cluster == nil {
		r.Fatalf("member add says nothing of the cluster: %s", out)
	}
	r.signs(name, host)
	n := r.node(name, host, blanks{"--initial-cluster": cluster[1], "--initial-cluster-state": "existing"})
	r.starts(n)
	return n
}

// replaces is part 6, while somebody goes on writing: once at another address, and once at the same.
func (r *runbook) replaces(nodes []*labNode) []*labNode {
	w := r.writes(r.hosts[:3]...)
	w.goOn("at first")
	r.lose(nodes[1])
	w.goOn("with a node less")
	r.says("with a node less", nodes[1].host+":2379 does not answer", "2 of 3 members answer")
	r.types("member remove ID", blanks{"ID": r.id("node2")})
	w.goOn("with a member less")
	r.says("with a member less", "it has two members, which is less than one")
	fourth := r.adds("node4", r.hosts[3])
	w.goOn("with another in its place")
	r.says("before the address is told", nodes[1].host+":2379 does not answer")
	r.settings("store: etcd:relief", "user: relief", "user: relief2", r.hosts[1], r.hosts[3])
	r.exports = strings.ReplaceAll(r.exports, r.hosts[1], r.hosts[3])
	r.says("with another in its place")
	// The same address, under another name; now the new member is one of two that must answer.
	st := w.open(r.options(r.hosts[0], r.hosts[3], r.hosts[2]))
	r.lose(nodes[2])
	w.goOn("with another node less")
	r.types("member remove ID", blanks{"ID": r.id("node3")})
	fifth := r.adds("node5", nodes[2].host)
	w.goOn("with a new one at the same address")
	r.says("with a new one at the same address")
	if _, err := st.Settled(r.Context(), [16]byte{1}); err != nil {
		r.Errorf("a store that knows the new address: %v", err)
	}
	w.end("two members replaced")
	return []*labNode{nodes[0], fourth, fifth}
}

// admin is a client as root, for what an operator does not do.
func (r *runbook) admin() *clientv3.Client {
	r.Helper()
	o := r.options(r.hosts[0])
	c, err := clientv3.New(clientv3.Config{Endpoints: o.Endpoints, TLS: o.TLS, Username: "root", Password: r.root, DialTimeout: 10 * time.Second, Logger: zap.NewNop()})
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { c.Close() })
	return c
}

// fills is part 7: nodes with little room are filled, and emptied by what the text says and then by what the check says.
func (r *runbook) fills(nodes []*labNode) {
	flag := func(n *labNode, name, value string) {
		at := slices.IndexFunc(n.flags, func(f string) bool { return strings.HasPrefix(f, name+"=") })
		if at < 0 {
			r.Fatalf("the unit has no %s", name)
		}
		n.flags[at] = name + "=" + value
	}
	for _, n := range nodes {
		flag(n, "--quota-backend-bytes", fmt.Sprint(16<<20))
		n.stop()
		r.starts(n)
	}
	c := r.admin()
	full := func() {
		r.Helper()
		var err error
		for n := 0; n < 100 && err == nil; n++ {
			_, err = c.Put(r.Context(), "other/full", string(make([]byte, 1<<20)))
		}
		if err == nil {
			r.Fatal("it is never full")
		}
	}
	full()
	r.says("full", "are full and take nothing more: nothing is saved")
	if out := r.types("alarm list", nil); !strings.Contains(out, "NOSPACE") {
		r.Errorf("no alarm: %s", out)
	}
	var status []struct {
		Status struct {
			Header struct{ Revision int64 }
		}
	}
	out := r.types("endpoint status --cluster -w json", nil)
	if at := strings.Index(out, "["); at < 0 || json.NewDecoder(strings.NewReader(out[at:])).Decode(&status) != nil || len(status) == 0 {
		r.Fatalf("the revision is not told: %s", out)
	}
	r.types("compact REVISION", blanks{"REVISION": fmt.Sprint(status[0].Status.Header.Revision)})
	for _, n := range nodes {
		r.types("defrag", blanks{"ADDRESS": n.host})
	}
	r.types("alarm disarm", nil)
	r.says("with room again")
	full()
	hints := r.says("full once more", "are full and take nothing more")
	r.follows(hints, "compact")
	r.follows(hints, "defrag")
	r.follows(hints, "alarm disarm")
	r.says("emptied by what the check says")
	for _, n := range nodes {
		flag(n, "--quota-backend-bytes", fmt.Sprint(16<<30))
		n.stop()
		r.starts(n)
	}
	r.says("with a large quota", "a quota of 16384 MiB")
	for _, n := range nodes {
		flag(n, "--quota-backend-bytes", "4294967296")
		n.stop()
		r.starts(n)
	}
	r.says("with the quota of the text")
}

// snapshots takes a snapshot, loses all nodes with their disks, and brings it back as part 9 says. Since then a report was sent
// and a reader revoked: whoever serves what came back, without what the text says, hands nothing out.
func (r *runbook) snapshots(nodes []*labNode) {
	r.Helper()
	ana, hana := r.hands["ana"], r.hands["hana"]
	tells := func(id int64) {
		r.Helper()
		w := r.walker(id, "en", reporter("He wanted something for the card."))
		if _, err := w.report(r.Context()); err != nil {
			r.Fatal(err)
		}
	}
	r.serve()
	r.enrol()
	tells(8_111_222_331)
	before := r.noticed(hana)
	r.noticed(ana)
	snapshot := filepath.Join(r.tmp, "snapshot")
	r.types("snapshot save", blanks{"ADDRESS": r.hosts[0], "FILE": snapshot})
	tells(8_111_222_332)
	lost := r.noticed(ana, before)
	r.amana("confirm", "-config", r.config(), "-yes", "-revoke", "hana")
	r.stop()
	for _, n := range nodes {
		n.stop()
		if err := os.Rename(n.dir, n.dir+".away"); err != nil {
			r.Fatal(err)
		}
	}
	if _, out, _ := r.try("check", "-config", r.config()); !strings.Contains(out, "0 of 3 nodes are well") {
		r.Errorf("without a node: %s", out)
	}
	back := func(date string) {
		r.Helper()
		for _, n := range nodes {
			n.stop()
			if err := os.RemoveAll(n.dir); err != nil {
				r.Fatal(err)
			}
			r.here = n.dir
			r.types("snapshot restore", blanks{"NAME": n.name, "ADDRESS": n.host, "FILE": snapshot, "DATE": date})
		}
		r.starts(nodes...)
	}
	back("20260301")
	if status, out, _ := r.try("check", "-config", r.config()); status != 1 || !strings.Contains(out, "database brought here from another cluster, by a snapshot of etcd") {
		r.Errorf("a snapshot that was restored is taken as it is: %s", out)
	}
	s := r.launch()
	<-s.ended
	r.served = nil
	if s.close(); !strings.Contains(r.log(), "brought here from another cluster") {
		r.Error("it is served as it is")
	}

	// And as the text says.
	again := blanks{"FILE": filepath.Join(r.tmp, "brought-back")}
	r.types("amana backup FILE", again)
	r.types("del --prefix", nil)
	if said := r.types("amana restore FILE", again); !strings.Contains(said, "nothing is sealed or handed out before the coordinator confirms the roster") {
		r.Errorf("restored: %s", said)
	}
	if status, _, errs := r.try("confirm", "-config", r.config(), "-yes"); status == 0 || !strings.Contains(errs, "with -accept-older") {
		r.Errorf("a roster that is older than what was signed: %s", errs)
	}
	r.amana("confirm", "-config", r.config(), "-yes", "-accept-older")
	r.serve()
	r.says("restored from a snapshot")
	tells(8_111_222_333)
	if code := r.noticed(ana, before, lost); slices.Contains(r.codes(hana), code) {
		r.Error("who was revoked is told of a report")
	}
	if o := r.read(ana, before); o.body == nil {
		r.Error("what was sent before the snapshot opens to nobody")
	}
	r.quiet()
	r.stop()
}

// quorumless is the end of part 8: two of three nodes are gone for good.
func (r *runbook) quorumless(nodes []*labNode) []*labNode {
	w := r.writes2(nodes)
	w.goOn("before the quorum is lost")
	w.playing.Stop(30 * time.Second)
	time.Sleep(500 * time.Millisecond) // what was acknowledged is on the third as well
	r.lose(nodes[1])
	r.lose(nodes[2])
	if _, out, _ := r.try("check", "-config", r.config()); !strings.Contains(out, "nothing is saved") {
		r.Errorf("without a quorum: %s", out)
	}
	nodes[0].stop()
	r.start(nodes[0], "--force-new-cluster")
	r.ready(nodes[0])
	nodes[0].stop()
	r.starts(nodes[0])
	r.says("alone", "it has one member")
	sixth := r.adds("node6", r.hosts[4])
	seventh := r.adds("node7", r.hosts[5])
	r.settings("store: etcd:relief", "user: relief", "user: relief2", r.hosts[1], r.hosts[4], r.hosts[2], r.hosts[5])
	r.exports = strings.NewReplacer(r.hosts[3], r.hosts[4], r.hosts[2], r.hosts[5]).Replace(r.exports)
	r.says("with three members again")
	if err := w.playing.Check(r.Context(), w.open(r.options(r.hosts[4]))); err != nil {
		r.Errorf("what was acknowledged before the quorum was lost: %v", err)
	}
	for _, st := range w.stores {
		st.Close()
	}
	return []*labNode{nodes[0], sixth, seventh}
}

func (r *runbook) writes2(nodes []*labNode) *writers {
	if _, err := r.admin().Delete(r.Context(), "amana/writers/", clientv3.WithPrefix()); err != nil {
		r.Fatal(err)
	}
	var hosts []string
	for _, n := range nodes {
		hosts = append(hosts, n.host)
	}
	return r.writes(hosts...)
}

// restores is the first half of part 9: over what is there nothing is restored, and where it was taken away it is.
func (r *runbook) restores() {
	daily := blanks{"FILE": filepath.Join(r.tmp, "daily")}
	if out, err := r.tries("amana restore FILE", daily); err == nil || !strings.Contains(out, "is there already") {
		r.Errorf("a restore over what is there: %s", out)
	}
	r.types("del --prefix", nil)
	r.types("amana restore FILE", daily)
	r.says("restored")
}

// goesBack is part 10.
func (r *runbook) goesBack() {
	r.types("amana migrate -from etcd:relief", blanks{"FILE": "back.db"})
	r.settings("store: bbolt:back.db", "user: relief", "user: relief2")
	r.says("back in a file")
}
