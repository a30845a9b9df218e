//go:build etcd

package etcdtest

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
)

// starter starts processes from one thread that never ends, because a process that is tied to this one is tied to the
// thread that started it.
var starter = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for fn := range work {
			fn()
		}
	}()
	return work
})

// process is a program that runs, with what it says in a file.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed once it has ended
}

func start(log string, env []string, name string, args ...string) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening a log: %w", err)
	}
	defer out.Close()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = env, out, out, tied()
	started := make(chan error)
	starter() <- func() { started <- cmd.Start() }
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting a node: %w", err)
	}
	p := &process{cmd, make(chan struct{})}
	go func() {
		cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// kill ends it at once, paused or not, and waits.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.done
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Server is an etcd process that a test starts by itself, with flags of its own.
type Server struct{ *process }

// Serve starts a server; what it says goes to a file. It dies with the test process, or by Kill.
func Serve(log, program string, flags ...string) (*Server, error) {
	p, err := start(log, os.Environ(), program, flags...)
	return &Server{p}, err
}

// Kill ends it at once, and waits.
func (s *Server) Kill() { s.kill() }

// Ended says that it runs no more.
func (s *Server) Ended() bool { return s.ended() }
