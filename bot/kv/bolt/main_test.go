//go:build linux || darwin

package bolt_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
)

// childVar names the part that this test binary plays when a test runs it again as another process.
const childVar = "AMANA_BOLT_CHILD"

// children are the parts. They end the process themselves, or are killed.
var children = map[string]func(args []string) error{
	"write":    childWrite,
	"renew":    childRenew,
	"create":   childCreate,
	"hold":     childHold,
	"limited":  childLimited,
	"readonly": childReadOnly,
}

func TestMain(m *testing.M) {
	if part := children[os.Getenv(childVar)]; part != nil {
		if err := part(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child starts another process and gives its standard output.
func child(t *testing.T, part string, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), childVar+"="+part)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd, bufio.NewReader(out)
}

// finish waits for a child that ends by itself and gives what it said.
func finish(t *testing.T, cmd *exec.Cmd, out io.Reader) string {
	t.Helper()
	said, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("child: %v, said %s", err, said)
	}
	return string(said)
}
