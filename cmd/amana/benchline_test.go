package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// Every figure is printed a second time as `go test -bench` prints its own, so that benchstat can hold two runs, or two
// machines, against each other: save the output of `make bench` of each, and give it both files.

var (
	firstNumber = regexp.MustCompile(`^(?:p95 )?([0-9][0-9.]*(?:m[0-9][0-9.]*)?)(?: ?([a-zA-Zµ×]+))?`)
	notInName   = regexp.MustCompile(`[^A-Za-z0-9=.]+`)
)

// benchName makes a name that benchstat reads of what was measured.
func benchName(what string) string {
	return "BenchmarkBars/" + strings.Trim(notInName.ReplaceAllString(what, "_"), "_")
}

// benchLine is a figure as benchstat reads it; empty where there is no number in it.
func benchLine(what, figure string) string {
	m := firstNumber.FindStringSubmatch(figure)
	if m == nil {
		return ""
	}
	value, unit := m[1], m[2]
	if d, err := time.ParseDuration(value + unit); err == nil && unit != "" {
		value, unit = fmt.Sprint(d.Nanoseconds()), "ns/op"
	}
	switch unit {
	case "×":
		unit = "x"
	case "":
		unit = "n"
	case "errors":
		return ""
	}
	return fmt.Sprintf("%s-%d 1 %s %s", benchName(what), runtime.GOMAXPROCS(0), value, unit)
}

// line adds the line of a part of a load.
func (b *barTable) line(what string, f loadFigures) {
	if len(f.times) == 0 {
		return
	}
	mean := time.Duration(0)
	for _, t := range f.times {
		mean += t / time.Duration(len(f.times))
	}
	work := ""
	if f.cpu > 0 {
		work = fmt.Sprintf(" %d cpu-ns/turn", f.cpu.Nanoseconds()/int64(f.answers))
	}
	b.lines = append(b.lines, fmt.Sprintf("%s/store=%s-%d %d %d ns/op %d p50-ns %d p95-ns %d p99-ns %d max-ns %.1f turns/s%s", benchName(what), *storeName, runtime.GOMAXPROCS(0),
		f.answers, mean.Nanoseconds(), f.p(50).Nanoseconds(), f.p(95).Nanoseconds(), f.p(99).Nanoseconds(), f.p(100).Nanoseconds(), float64(f.answers)/f.lasted.Seconds(),
		work))
}

// printLines prints them with the head that benchstat knows machines by.
func (b *barTable) printLines() {
	if len(b.lines) == 0 {
		return
	}
	fmt.Printf("\ngoos: %s\ngoarch: %s\npkg: amana/cmd/amana\ncpu: %s\n%s\n", runtime.GOOS, runtime.GOARCH, processor(), strings.Join(b.lines, "\n"))
	b.lines = nil
}

var modelLine = regexp.MustCompile(`(?m)^model name\s*: (.*)$`)

func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // where there is none, nothing is said
	if m := modelLine.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return "unknown"
}
