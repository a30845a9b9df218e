//go:build !linux

package main

import "time"

// awake gives the time since this process was started, by a clock that nobody sets. Where it stops while the machine sleeps,
// that sleep looks like a clock that was set forward.
func awake() time.Duration { return time.Since(started) }

var started = time.Now()
