//go:build etcd

package etcdtest

import "syscall"

// tied is how a node is started so that it does not outlive the test.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
