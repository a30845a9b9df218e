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

const server = "go.etcd.io/etcd/server/v3"

// Binary gives the server's program and builds it when nobody has: a matter of half a minute, once for each version.
var Binary = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("asking where the repository is: %w", err)
	}
	root := filepath.Dir(strings.TrimSpace(string(out)))
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("looking for a place for the etcd server: %w", err)
	}
	dir := filepath.Join(cache, "amana-test")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making a place for the etcd server: %w", err)
	}
	// What it is made of is its name.
	made := sha256.New()
	fmt.Fprintln(made, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, name := range []string{"etcd.mod", "etcd.sum"} {
		f, err := os.Open(filepath.Join(root, ".ci", name))
		if err != nil {
			return "", fmt.Errorf("reading what the etcd server is made of: %w", err)
		}
		_, err = io.Copy(made, f)
		f.Close()
		if err != nil {
			return "", fmt.Errorf("reading what the etcd server is made of: %w", err)
		}
	}
	bin := filepath.Join(dir, fmt.Sprintf("etcd-%x", made.Sum(nil)[:8]))

	lock, err := os.OpenFile(bin+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", fmt.Errorf("waiting for who builds the etcd server: %w", err)
	}
	defer lock.Close() // which unlocks it
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("waiting for who builds the etcd server: %w", err)
	}
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	build := exec.Command("go", "build", "-C", root, "-modfile=.ci/etcd.mod", "-trimpath", "-ldflags=-s -w", "-o", bin+".new", server)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the etcd server (go build -modfile=.ci/etcd.mod %s): %w\n%s", server, err, said)
	}
	if err := os.Rename(bin+".new", bin); err != nil {
		return "", fmt.Errorf("keeping the etcd server: %w", err)
	}
	return bin, nil
})
