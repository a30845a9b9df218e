package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// awake gives the time since the machine was started, its sleep included. Nobody sets that clock.
func awake() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return time.Since(started)
	}
	return time.Duration(t.Nano())
}

var started = time.Now()
