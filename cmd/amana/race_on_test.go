//go:build race

package main

// The race detector makes the program several times slower, and a crowd under kills mostly waits: fewer kills then find
// races just as well. The full number runs without it, where all tests do, and a thousand with `make bench`.
const usualKills, usualCrowd = 20, 8

// A language changes the words of a conversation and not its threads, and a story its steps: one language is walked here,
// and some of the stories; all of them without the race detector, as .ci/run does besides.
const walkedLanguages, walkedOfStories = 1, 4
