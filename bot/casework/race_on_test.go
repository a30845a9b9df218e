//go:build race

package casework_test

// The race detector makes a mission several times slower, and what runs beside what in it is the same after three weeks: the
// six of them are played without it.
const playedDays, playedReports = 21, 75
