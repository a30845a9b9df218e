//go:build race

package main

// The race detector makes the program several times slower, and a crowd under kills mostly waits: fewer kills then find
// races just as well. The full number runs without it.
const usualKills, usualCrowd = 30, 8
