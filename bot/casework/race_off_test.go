//go:build !race

package casework_test

const playedDays, playedReports = 45, 160
