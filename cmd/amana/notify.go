package main

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// notify tells the service manager how the server is, by the sd_notify protocol: one datagram to the socket that it
// named in the environment. Without one there is nobody to tell.
func notify(env func(string) string, state string) {
	path := env("NOTIFY_SOCKET")
	if path == "" {
		return
	}
	if strings.HasPrefix(path, "@") {
		path = "\x00" + path[1:]
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(state))
}

// watchdog says, often enough for the service manager that asked for it, that the server is alive: as long as alive says so.
// What stands still is then started again.
func watchdog(ctx context.Context, env func(string) string, alive func(context.Context) error) {
	every := watchedEvery(env)
	if every == 0 {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		look, done := context.WithTimeout(ctx, every)
		if alive(look) == nil {
			notify(env, "WATCHDOG=1")
		}
		done()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// watchedEvery is half of the time after which the service manager loses patience with this process; zero if it does not
// watch.
func watchedEvery(env func(string) string) time.Duration {
	us, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64)
	if pid := env("WATCHDOG_PID"); err != nil || us <= 0 || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return 0
	}
	return time.Duration(us) * time.Microsecond / 2
}
