//go:build etcd && linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/kv/etcd/etcdtest"
)

// runbook is the text that `amana operate etcd` prints, in the hands of an operator whose machines are folders of this one,
// each with an address of its own on the loopback. What it types, and the flags by which its nodes run, are taken out of the
// text; what the text does not say is not done.
type runbook struct {
	*trial
	text    string
	hosts   []string // of the nodes, and behind them spare ones
	desk    string   // the folder in which the operator types
	ca      string   // the folder of certificates
	bin     string
	exports string // typed so far
	typed   map[string]bool
	nodes   map[string]*labNode
	root    string // the password of root, once there is one
	here    string // where /var/lib/etcd lies on the machine at which is typed
}

// labNode is one machine with a node.
type labNode struct {
	name, host string
	flags      []string
	dir        string // where /var/lib/etcd lies
	server     *etcdtest.Server
}

// newRunbook makes a mission in a file, and prints the text for three nodes.
func newRunbook(t *testing.T) *runbook {
	r := &runbook{trial: newTrial(t, trialOptions{}), typed: map[string]bool{}, nodes: map[string]*labNode{}}
	net := fmt.Sprintf("127.%d.%d.", 1+rand.IntN(250), rand.IntN(250))
	for n := range 6 {
		r.hosts = append(r.hosts, fmt.Sprint(net, 11+n))
	}
	place := shortDir(t) // in memory
	r.desk, r.bin = filepath.Join(place, "desk"), filepath.Join(place, "bin")
	r.ca = filepath.Join(r.desk, "etcd-ca")
	for _, dir := range []string{r.desk, r.bin} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, find := range map[string]func() (string, error){"etcdctl": etcdtest.Ctl, "etcdutl": etcdtest.Utl} {
		bin, err := find()
		if err == nil {
			err = os.Symlink(bin, filepath.Join(r.bin, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	self, err := filepath.Abs(os.Args[0])
	if err == nil {
		err = os.WriteFile(filepath.Join(r.bin, "amana"), []byte("#!/bin/sh\nexec '"+self+"' -test.run='^TestItself$' -- \"$@\"\n"), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	// The addresses of the nodes are all that the text is told.
	told := filepath.Join(t.TempDir(), "amana.yaml")
	text := "profile: example\nstore: etcd:relief\nkeys: keys\nruntime: /run/amana\nzone: UTC\netcd: {endpoints: ["
	for _, host := range r.hosts[:3] {
		text += fmt.Sprintf("%q, ", "https://"+host+":2379")
	}
	if err := os.WriteFile(told, []byte(strings.TrimSuffix(text, ", ")+"], ca: ca.pem, cert: amana.pem, key: amana.key, user: relief}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.text = r.amana("operate", "etcd", "-config", told)
	t.Cleanup(func() {
		for name, n := range r.nodes {
			n.stop()
			if t.Failed() {
				said, _ := os.ReadFile(n.dir + ".log")
				t.Logf("%s said last:\n%s", name, tail(string(said), 3000))
			}
		}
	})
	return r
}

// part gives what stands under one heading.
func (r *runbook) part(n int) string {
	r.Helper()
	_, part, ok := strings.Cut(r.text, fmt.Sprintf("\n## %d. ", n))
	if !ok {
		r.Fatalf("there is no part %d", n)
	}
	part, _, _ = strings.Cut(part, "\n## ")
	_, part, _ = strings.Cut(part, "\n")
	return part
}

// toType gives every line of the text that is to be typed. The first two parts, a script and a unit, are taken whole.
func (r *runbook) toType() (lines []string) {
	_, text, _ := strings.Cut(r.text, "\n## 3. ")
	for line := range strings.Lines("#" + text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// types types the one line of the text that holds some words, with what it leaves to fill in, and with what it asks for.
func (r *runbook) types(words string, fill map[string]string, asked ...string) string {
	r.Helper()
	out, err := r.tries(words, fill, asked...)
	if err != nil {
		r.Fatalf("typing what holds %q: %v\n%s", words, err, out)
	}
	return out
}

func (r *runbook) tries(words string, fill map[string]string, asked ...string) (string, error) {
	r.Helper()
	var found []string
	for _, line := range r.toType() {
		if strings.Contains(line, words) {
			found = append(found, line)
		}
	}
	found = slices.Compact(slices.Sorted(slices.Values(found)))
	if len(found) != 1 {
		r.Fatalf("%d lines hold %q", len(found), words)
	}
	line := found[0]
	r.typed[line] = true
	line, _, _ = strings.Cut(line, "   #")
	for _, word := range []string{"FILE", "ID", "NAME", "ADDRESS", "REVISION", "USER", "DATE"} {
		blank := regexp.MustCompile(`\b` + word + `\b`)
		if is, fills := fill[word]; fills != blank.MatchString(line) {
			r.Fatalf("%q, and %s is filled in: %v", line, word, fills)
		} else if fills {
			line = blank.ReplaceAllLiteralString(line, is)
		}
	}
	if strings.HasPrefix(line, "export ") {
		r.exports += line + "\n"
	}
	return r.shell(line, asked...)
}

// shell runs a line as somebody who sits there, and answers what it asks. What root may do needs root's password.
func (r *runbook) shell(line string, asked ...string) (string, error) {
	r.Helper()
	dir := r.ca
	if strings.HasPrefix(line, "amana ") {
		dir = r.dir
	}
	if strings.Contains(line, "--user=root") && r.root != "" {
		asked = append(asked, r.root)
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-euc", r.exports+strings.ReplaceAll(line, "/var/lib/etcd", r.here))
	cmd.Dir = dir
	cmd.Env = append(r.command().Env, "PATH="+r.bin+":"+os.Getenv("PATH"))
	typed := ""
	for _, word := range asked {
		typed += word + "\n"
	}
	cmd.Stdin = strings.NewReader(typed)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// signs makes certificates as the first part says: all of it at first, then with its function for one more.
func (r *runbook) signs(more ...string) {
	r.Helper()
	script, dir := r.part(1), r.desk
	if len(more) > 0 {
		_, rest, _ := strings.Cut(script, "\nsign() {")
		function, _, _ := strings.Cut(rest, "\n}\n")
		script, dir = "sign() {"+function+"\n}\nsign "+strings.Join(more, " "), r.ca
	}
	sh := exec.Command("sh", "-euc", script)
	sh.Dir = dir
	if out, err := sh.CombinedOutput(); err != nil {
		r.Fatalf("signing: %v\n%s", err, out)
	}
}

var flagOf = regexp.MustCompile(`^(--[a-z-]+)(=.*)?$`)

// node lays a machine out by the unit of the second part: another name and another address in the place of the first ones, and
// what the text says besides.
func (r *runbook) node(name, host string, change map[string]string) *labNode {
	r.Helper()
	_, unit, _ := strings.Cut(r.part(2), "\nExecStart=/usr/local/bin/etcd \\\n")
	unit, _, ok := strings.Cut(unit, "\nRestart=")
	if !ok {
		r.Fatal("the unit starts nothing")
	}
	n := &labNode{name: name, host: host, dir: filepath.Join(r.desk, "lib-"+name)}
	changed := 0
	for word := range strings.FieldsSeq(strings.ReplaceAll(unit, "\\\n", " ")) {
		m := flagOf.FindStringSubmatch(word)
		if m == nil {
			r.Fatalf("the unit has %q", word)
		}
		if to, is := change[m[1]]; is {
			changed++
			n.flags = append(n.flags, m[1]+"="+to)
			continue
		}
		if m[1] != "--initial-cluster" {
			word = strings.ReplaceAll(word, "node1", name)
			word = strings.ReplaceAll(word, r.hosts[0], host)
		}
		word = strings.ReplaceAll(word, "127.0.0.1", n.own())
		word = strings.ReplaceAll(word, "/var/lib/etcd", n.dir)
		word = strings.ReplaceAll(word, "/etc/etcd/", r.ca+"/")
		n.flags = append(n.flags, word)
	}
	if changed != len(change) {
		r.Fatalf("the unit lacks a flag of %v", change)
	}
	r.nodes[name] = n
	return n
}

// own is the address at which a machine reaches itself, in the place of 127.0.0.1.
func (n *labNode) own() string {
	at := strings.LastIndex(n.host, ".") + 1
	return n.host[:at] + "1" + n.host[at:]
}

// start runs a node, with flags besides, and waits for nothing.
func (r *runbook) start(n *labNode, besides ...string) {
	r.Helper()
	bin, err := etcdtest.Binary()
	if err == nil {
		n.server, err = etcdtest.Serve(n.dir+".log", bin, slices.Concat(n.flags, besides, []string{"--log-level=warn"})...)
	}
	if err != nil {
		r.Fatal(err)
	}
}

func (n *labNode) stop() {
	if n.server != nil {
		n.server.Kill()
		n.server = nil
	}
}

// lose takes a machine away with its disk.
func (r *runbook) lose(n *labNode) {
	n.stop()
	if err := os.RemoveAll(n.dir); err != nil {
		r.Fatal(err)
	}
}

// ready waits until nodes answer with a leader's word.
func (r *runbook) ready(nodes ...*labNode) {
	r.Helper()
	for _, n := range nodes {
		for until := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			resp, err := http.Get("http://" + n.own() + ":2381/readyz")
			if err == nil {
				resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					break
				}
			}
			if n.server.Ended() || time.Now().After(until) {
				r.Fatalf("%s is not ready: %v", n.name, err)
			}
		}
	}
}

// settings writes what the fourth part says into the configuration of the mission, with the place of its database.
func (r *runbook) settings(store string, change ...string) {
	r.Helper()
	_, block, _ := strings.Cut(r.part(4), "\n#\tetcd:\n")
	block, _, _ = strings.Cut("etcd:\n"+strings.ReplaceAll(block, "#\t", ""), "\n#")
	text, err := os.ReadFile(r.config())
	if err != nil {
		r.Fatal(err)
	}
	plain, _, _ := strings.Cut(string(text), "\netcd:\n")
	plain = regexp.MustCompile(`(?m)^(database|store): .*$`).ReplaceAllString(plain, store)
	text = []byte(strings.NewReplacer(change...).Replace(plain + "\n" + block + "\n"))
	if err := os.WriteFile(r.config(), text, 0o600); err != nil {
		r.Fatal(err)
	}
	for _, name := range []string{"ca.pem", "amana.pem", "amana.key"} {
		data, err := os.ReadFile(filepath.Join(r.ca, name))
		if err != nil {
			r.Fatal(err)
		}
		r.put(name, string(data))
	}
}

// checked is what `amana check` says of the cluster, each with what to do.
func (r *runbook) checked() (said []string) {
	r.Helper()
	_, out, _ := r.try("check", "-config", r.config())
	lines := strings.Split(out, "\n")
	for n, line := range lines {
		if strings.Contains(line, "the cluster") {
			if n+1 < len(lines) && strings.HasPrefix(lines[n+1], "\t") {
				line += "\n" + lines[n+1]
			}
			said = append(said, line)
		}
	}
	return said
}

// says holds what the check says of the cluster against what it should; nothing is silence. A node that was just started may
// take a while.
func (r *runbook) says(when string, wants ...string) (hints []string) {
	r.Helper()
	var said []string
	lacks := func() (wrong string) {
		said = r.checked()
		if len(wants) == 0 && len(said) > 0 {
			return "it is not silent"
		}
		for _, want := range wants {
			if !strings.Contains(strings.Join(said, "\n"), want) {
				wrong = want
			}
		}
		return wrong
	}
	wrong := lacks()
	for n := 0; n < 5 && wrong != ""; n++ {
		time.Sleep(time.Second)
		wrong = lacks()
	}
	if wrong != "" {
		r.Errorf("%s, the check says %q: %s", when, said, wrong)
	}
	all := strings.Join(said, "\n")
	for _, m := range regexp.MustCompile("`((?:ETCDCTL_[^`]*)?etcdctl [^`]*)`").FindAllStringSubmatch(all, -1) {
		if !slices.Contains(hints, m[1]) {
			hints = append(hints, m[1])
		}
	}
	return hints
}

// follows types what the check says to do, for the lines that hold some words.
func (r *runbook) follows(hints []string, words string, fill ...string) {
	r.Helper()
	n := 0
	for _, line := range hints {
		if !strings.Contains(line, words) {
			continue
		}
		n++
		line = strings.NewReplacer(append([]string{"ROOT.pem", "operator.pem", "ROOT.key", "operator.key"}, fill...)...).Replace(line)
		if out, err := r.shell(line); err != nil {
			r.Errorf("the check says to type %s: %v\n%s", line, err, out)
		}
	}
	if n == 0 {
		r.Errorf("of what the check says to type, nothing holds %q: %q", words, hints)
	}
}
