package main

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// clustered is a mission whose database lies in a cluster, which nobody asks for anything.
func clustered(t *testing.T) (conf string) {
	t.Helper()
	conf = filepath.Join(t.TempDir(), "amana.yaml")
	text := "profile: example\nstore: etcd:health\nkeys: keys\nruntime: /run/amana\nzone: UTC\netcd:\n  endpoints: [\"https://192.0.2.7:2379\", \"https://192.0.2.8:2379\", \"https://192.0.2.9:2379\"]\n  ca: ca.pem\n  cert: amana.pem\n  key: amana.key\n  user: health\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return conf
}

// What a machine needs that serves from a cluster.
func TestOperateClustered(t *testing.T) {
	conf := clustered(t)
	for what, wants := range map[string][]string{
		"unit":      {"\nLoadCredential=etcd_password:/etc/amana/etcd_password\n", "\nStartLimitIntervalSec=0\n", "ReadWritePaths=" + filepath.Dir(conf) + "\n"},
		"container": {"go build -tags etcd -trimpath", " --secret etcd_password,uid=65532,mode=0400 \\\n"},
		"etcd": {
			"--initial-cluster=node1=https://192.0.2.7:2380,node2=https://192.0.2.8:2380,node3=https://192.0.2.9:2380 ",
			"readwrite amana/health/\n", "--quota-backend-bytes=", "--auto-compaction-retention=1h", "migrate -from bbolt:amana.db -to etcd:health",
		},
	} {
		out, errs, status := program("", "operate", what, "-config", conf)
		if status != 0 || strings.Contains(out, "{{") {
			t.Errorf("%s: status %d, %s\n%s", what, status, errs, out)
		}
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s lacks %q:\n%s", what, want, out)
			}
		}
	}
}

var section = regexp.MustCompile(`(?s)\n## 1\. [^\n]*\n(.*?)\n## 2\. `)

// The commands that make certificates make some by which the nodes know each other and the program.
func TestCertificatesForNodes(t *testing.T) {
	text, errs, status := program("", "operate", "etcd", "-config", clustered(t))
	part := section.FindStringSubmatch(text)
	if status != 0 || part == nil {
		t.Fatalf("status %d: %s", status, errs)
	}
	if _, err := exec.LookPath("openssl"); err != nil {
		return // nothing here that could make them
	}
	dir := t.TempDir()
	sh := exec.Command("sh", "-euc", part[1])
	sh.Dir = dir
	if out, err := sh.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, "etcd-ca", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(read("ca.pem")) {
		t.Fatal("no authority")
	}
	for name, host := range map[string]string{"node1": "192.0.2.7", "node3": "192.0.2.9", "amana": "127.0.0.1", "operator": "127.0.0.1"} {
		block, _ := pem.Decode(read(name + ".pem"))
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			if _, err := cert.Verify(x509.VerifyOptions{Roots: pool, DNSName: host, KeyUsages: []x509.ExtKeyUsage{use}}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Slips in what says where the database lies, each with its line.
func TestSlipsInTheStore(t *testing.T) {
	sound := `profile: example
store: etcd:relief
keys: keys
runtime: /run/amana
zone: Africa/Lagos
etcd:
  endpoints: ["https://10.0.0.1:2379", "https://10.0.0.2:2379"]
  ca: ca.pem
  cert: amana.pem
  key: amana.key
  user: relief
  password_file: password
`
	dir := t.TempDir()
	for _, s := range []slip{
		{"no engine", "etcd:relief", "postgres:there", `2: store: "postgres:there" is no place for a database: write bbolt:PATH`},
		{"no path", "etcd:relief", `"bbolt:"`, `2: store: "bbolt:" is no place for a database`},
		{"no mission", "etcd:relief", `"etcd:"`, `2: store: "etcd:" names no mission in the cluster`},
		{"mission with a slash", "etcd:relief", "etcd:relief/x", `2: store: "etcd:relief/x" names no mission`},
		{"both", "keys: keys", "keys: keys\ndatabase: amana.db", "2: store and database both say where the database lies; keep store:"},
		{"among the keys", "etcd:relief", "bbolt:keys/amana.db", "2: the database lies inside the key directory"},
		{"no cluster", "etcd:\n", "", "6: the line is indented deeper"},
		{"nothing of it", sound[strings.Index(sound, "etcd:\n"):], "", "2: store: etcd:relief needs to know how the cluster is reached; add etcd:"},
		{"no endpoints", `  endpoints: ["https://10.0.0.1:2379", "https://10.0.0.2:2379"]` + "\n", "", "6: etcd: endpoints is missing; write those of all nodes"},
		{"in the clear", "https://10.0.0.2:2379", "http://10.0.0.2:2379", "7: etcd: http://10.0.0.2:2379 is not protected on its way; nodes are reached by https:// alone"},
		{"no scheme", "https://10.0.0.2:2379", "10.0.0.2:2379", `7: etcd: "10.0.0.2:2379" is no address of a node; write for example https://10.0.0.1:2379`},
		{"no port", "https://10.0.0.2:2379", "https://10.0.0.2", "7: etcd: https://10.0.0.2 has no port"},
		{"a path", "https://10.0.0.2:2379", "https://10.0.0.2:2379/v3", "7: etcd: https://10.0.0.2:2379/v3 has something behind the port"},
		{"a password in it", "https://10.0.0.2:2379", "https://relief:secret@10.0.0.2:2379", "7: etcd: an address of a node holds a user; write the user under user:"},
		{"twice", "https://10.0.0.2:2379", "https://10.0.0.1:2379", "7: etcd: https://10.0.0.1:2379 stands twice"},
		{"no authority", "  ca: ca.pem\n", "", "6: etcd: ca is missing; nodes and amana show each other certificates"},
		{"no key", "  key: amana.key\n", "", "6: etcd: key is missing"},
		{"no user", "  user: relief\n", "", "6: etcd: user is missing; a mission has a user of its own"},
		{"a password", "password_file: password", "password: secret", `12: etcd has no setting "password"`},
	} {
		t.Run(s.name, func(t *testing.T) {
			file := filepath.Join(dir, strings.ReplaceAll(s.name, " ", "-")+".yaml")
			if err := os.WriteFile(file, []byte(s.in(t, sound)), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readConfig(file)
			s.holds(t, file, err)
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("a secret is told: %v", err)
			}
		})
	}
	file := filepath.Join(dir, "sound.yaml")
	if err := os.WriteFile(file, []byte(sound), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConfig(file)
	if err != nil || c.place.String() != "etcd:relief" || c.Database != "" || c.Etcd.Password != filepath.Join(dir, "password") || c.voicesDir() != "" {
		t.Errorf("read as %+v: %v", c, err)
	}
}
