//go:build etcd

package etcdtest

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
)

// The programs of etcd, at the version that .ci/etcd.mod names. Each is built when nobody has: the server takes half a minute,
// once for each version, the others some seconds behind it.
var (
	Binary = built("etcd", "go.etcd.io/etcd/server/v3", nil)
	Ctl    = built("etcdctl", "go.etcd.io/etcd/etcdctl/v3", nil)
	Utl    = built("etcdutl", "go.etcd.io/etcd/etcdutl/v3", nil)

	// SlowBinary is the server with flushes that wait (Options.Slow).
	SlowBinary = built("etcd-slow", "go.etcd.io/etcd/server/v3", slowed)
)

// change makes another list of modules, by which a program is built that differs from the shipped one.
type change func(root, dir string) (modfile string, err error)

// built gives the path of a program.
func built(name, pkg string, differs change) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		bin, err := build(name, pkg, differs)
		if err != nil {
			return "", fmt.Errorf("building %s: %w", name, err)
		}
		return bin, nil
	})
}

func build(name, pkg string, differs change) (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("asking where the repository is: %w", err)
	}
	root := filepath.Dir(strings.TrimSpace(string(out)))
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "amana-test")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	// What it is made of is its name.
	made := sha256.New()
	fmt.Fprintln(made, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, name := range []string{"etcd.mod", "etcd.sum"} {
		f, err := os.Open(filepath.Join(root, ".ci", name))
		if err != nil {
			return "", err
		}
		_, err = io.Copy(made, f)
		f.Close()
		if err != nil {
			return "", err
		}
	}
	if differs != nil {
		io.WriteString(made, slowly)
	}
	bin := filepath.Join(dir, fmt.Sprintf("%s-%x", name, made.Sum(nil)[:8]))

	lock, err := os.OpenFile(bin+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", fmt.Errorf("waiting for who builds it: %w", err)
	}
	defer lock.Close() // which unlocks it
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("waiting for who builds it: %w", err)
	}
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	modfile := ".ci/etcd.mod"
	if differs != nil {
		tmp, err := os.MkdirTemp("", "amana-etcd-source-")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(tmp)
		if modfile, err = differs(root, tmp); err != nil {
			return "", err
		}
	}
	build := exec.Command("go", "build", "-C", root, "-modfile="+modfile, "-ldflags=-s -w", "-o", bin+".new", pkg)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOGC=400") // so it takes a quarter less of the processor's time
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build -modfile=%s %s: %w\n%s", modfile, pkg, err, said)
	}
	return bin, os.Rename(bin+".new", bin)
}
