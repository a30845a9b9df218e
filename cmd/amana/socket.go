package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// The control socket: how a command on the same machine asks the running server for a deed. It lies in the runtime
// directory, which only the server's user can enter.

// result is what comes back through the socket.
type result struct {
	Out   json.RawMessage `json:"out,omitempty"`
	Error string          `json:"error,omitempty"`
}

// A deed can be a copy of the whole database; nothing else takes long.
const socketPatience = 30 * time.Minute

func socketPath(c *config) string { return filepath.Join(c.Runtime, "control.sock") }

// listenSocket opens the socket. One that a stopped server left behind is taken away; the database's own lock has
// already shown that no other server runs.
func listenSocket(c *config) (net.Listener, error) {
	path := socketPath(c)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("opening the control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("opening the control socket: %w", err)
	}
	return l, os.Chmod(path, 0o600)
}

// serveSocket answers deeds until the listener closes.
func serveSocket(ctx context.Context, l net.Listener, h *house, log *slog.Logger) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(socketPatience))
			var d deed
			if err := json.NewDecoder(io.LimitReader(conn, 8<<20)).Decode(&d); err != nil {
				return
			}
			log.Info("an operator asks", "deed", d.Do)
			var r result
			out, err := do(ctx, h, d)
			if err == nil {
				r.Out, err = json.Marshal(out)
			}
			if err != nil {
				r = result{Error: err.Error()}
			}
			_ = json.NewEncoder(conn).Encode(r)
		}()
	}
}

// askServer asks the running server; served is false when none runs.
func askServer(ctx context.Context, c *config, d deed, answer any) (served bool, err error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", socketPath(c))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("asking the running server: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(d); err != nil {
		return true, fmt.Errorf("asking the running server: %w", err)
	}
	var r result
	if err := json.NewDecoder(conn).Decode(&r); err != nil {
		return true, fmt.Errorf("asking the running server: %w", err)
	}
	if r.Error != "" {
		return true, errors.New(r.Error)
	}
	return true, json.Unmarshal(r.Out, answer)
}
