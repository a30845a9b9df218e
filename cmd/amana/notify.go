package main

import (
	"net"
	"strings"
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
