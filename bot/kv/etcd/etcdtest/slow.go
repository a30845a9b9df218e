//go:build etcd

package etcdtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// slowVar names, in the environment of a server whose flushes wait, the file that says how long.
const slowVar = "AMANA_TEST_FLUSH"

// slowly is what such a server has besides, in each of the two modules that flush: the log (fileutil) and the database (bbolt).
const slowly = `package %s

import (
	"os"
	"time"
)

func slowly() {
	text, err := os.ReadFile(os.Getenv("` + slowVar + `"))
	if err != nil {
		return
	}
	if d, err := time.ParseDuration(string(text)); err == nil {
		time.Sleep(d)
	}
}
`

// flushes are where these modules flush on Linux.
var flushes = []struct {
	module, dir, name, file string
	calls                   []string
}{
	{"go.etcd.io/etcd/client/pkg/v3", "fileutil", "fileutil", "sync_linux.go", []string{"\treturn f.Sync()\n", "\treturn syscall.Fdatasync("}},
	{"go.etcd.io/bbolt", ".", "bbolt", "bolt_linux.go", []string{"\treturn syscall.Fdatasync("}},
}

// slowed copies these modules, with the wait, and names the copies in a list of modules of its own. The -overlay of the go
// command would be simpler, and refuses files of its module cache.
func slowed(root, dir string) (modfile string, err error) {
	if runtime.GOOS != "linux" {
		return "", errors.New("where a server flushes is known on Linux alone")
	}
	mod, err := os.ReadFile(filepath.Join(root, ".ci", "etcd.mod"))
	if err != nil {
		return "", err
	}
	sum, err := os.ReadFile(filepath.Join(root, ".ci", "etcd.sum"))
	if err != nil {
		return "", err
	}
	for n, f := range flushes {
		list := exec.Command("go", "list", "-C", root, "-modfile=.ci/etcd.mod", "-m", "-json", f.module)
		out, err := list.Output()
		if err != nil {
			return "", fmt.Errorf("looking for the source of %s: %w", f.module, err)
		}
		var at struct{ Dir string }
		if err := json.Unmarshal(out, &at); err != nil || at.Dir == "" {
			return "", fmt.Errorf("looking for the source of %s: it is not there: %w", f.module, err)
		}
		copied := filepath.Join(dir, fmt.Sprint(n))
		if err := os.CopyFS(copied, os.DirFS(at.Dir)); err != nil {
			return "", fmt.Errorf("copying the source of %s: %w", f.module, err)
		}
		path := filepath.Join(copied, f.dir, f.file)
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		waits := string(text)
		for _, call := range f.calls {
			if strings.Count(waits, call) != 1 {
				return "", fmt.Errorf("%s of %s does not say %q once", f.file, f.module, call)
			}
			waits = strings.Replace(waits, call, "\tslowly()\n"+call, 1)
		}
		for name, text := range map[string]string{path: waits, filepath.Join(copied, f.dir, "slowly.go"): fmt.Sprintf(slowly, f.name)} {
			_ = os.Remove(name) // a copy of what is read only is read only
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				return "", err
			}
		}
		mod = fmt.Appendf(mod, "\nreplace %s => %s\n", f.module, copied)
	}
	modfile = filepath.Join(dir, "etcd.mod")
	return modfile, errors.Join(os.WriteFile(modfile, mod, 0o644), os.WriteFile(filepath.Join(dir, "etcd.sum"), sum, 0o644))
}

// SlowDisk makes each flush of a node take longer by d from now on, of its log and of its database; 0 ends that. It needs
// Options.Slow.
func (c *Cluster) SlowDisk(i int, d time.Duration) error {
	if !c.opt.Slow {
		return errors.New("the nodes of this cluster flush as they can: start it with Options.Slow")
	}
	path := c.nodes[i].slow
	if err := os.WriteFile(path+".new", []byte(d.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
