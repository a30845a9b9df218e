package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"amana/bot/directory/table"
	"amana/bot/tally"
)

// numbers is what the deed of its name gives: all that was published, and when there will be more.
type numbers struct {
	Published []tally.Publication `json:"published"`
	Next      string              `json:"next"`
	Day       time.Time           `json:"day"`
}

// doNumbers publishes what is due and gives what was published. It gives no counts that were not.
func doNumbers(ctx context.Context, h *house, _ json.RawMessage) (any, error) {
	a := h.almanac()
	if _, err := h.registry.Publish(ctx, a); err != nil {
		return nil, fmt.Errorf("publishing the numbers of the mission: %w", err)
	}
	var n numbers
	var err error
	if n.Published, err = h.registry.Published(ctx); err != nil {
		return nil, fmt.Errorf("reading what was published: %w", err)
	}
	n.Next, n.Day, err = h.registry.Next(ctx, a)
	return n, err
}

// statsFormats are the forms in which numbers are shown.
var statsFormats = []string{"table", "csv", "svg", "json"}

var isMonth = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)

// stats is one run of the command.
type stats struct {
	*call
	month, from, to string
	format, dir     string
}

func runStats(ctx context.Context, c *call) error {
	s := stats{call: c}
	var path string
	if _, err := c.flags("stats", "", `Shows the numbers of the mission that were published: what was received, by kind, language, area and accused category; what was
acknowledged, referred, confirmed and closed, and how long that took; what help was looked for, and what was not found.
Numbers come out on a fixed day of the month after, once, and are never reckoned anew; before that day this shows the last
ones. Numbers below five are not shown, nor others that would give them away. Without -month or -from it shows the latest.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&s.month, "month", "", "the period in which a month lies, as 2026-11")
		f.StringVar(&s.from, "from", "", "the first month of several, as 2026-01; their sums are shown as well")
		f.StringVar(&s.to, "to", "", "the last month of several; without it, the latest")
		f.StringVar(&s.format, "format", "table", "table, csv (with HXL tags), svg (pictures with tables beside them, in a page) or json")
		f.StringVar(&s.dir, "out", "", "write files into this folder, which svg needs; without it, to the output")
	}); err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	var n numbers
	if err := ask(ctx, conf, "numbers", struct{}{}, &n); err != nil {
		return err
	}
	next := fmt.Sprintf("the numbers of %s come out on %s", n.Next, n.Day.Format(time.DateOnly))
	chosen := s.choose(n.Published)
	if len(chosen) == 0 {
		if len(n.Published) == 0 {
			return errors.New("no numbers were published yet; " + next)
		}
		return fmt.Errorf("no numbers of these months were published; there are those of %s, and %s", strings.Join(periods(n.Published), ", "), next)
	}
	if err := s.write(chosen); err != nil {
		return err
	}
	fmt.Fprintln(c.stderr, next)
	return nil
}

// check says what of the call cannot be meant.
func (s *stats) check() error {
	for name, month := range map[string]string{"-month": s.month, "-from": s.from, "-to": s.to} {
		if month != "" && !isMonth.MatchString(month) {
			return usagef("stats: %s: write a month as 2026-11, not %q", name, month)
		}
	}
	switch {
	case !slices.Contains(statsFormats, s.format):
		return usagef("stats: -format is one of %s", strings.Join(statsFormats, ", "))
	case s.format == "svg" && s.dir == "":
		return usagef("stats: pictures are files; name a folder for them with -out DIR")
	case s.month != "" && s.from+s.to != "":
		return usagef("stats: -month shows one period, -from and -to several; write one or the other")
	case s.from != "" && s.to != "" && s.to < s.from:
		return usagef("stats: -to %s lies before -from %s", s.to, s.from)
	}
	return nil
}

// choose gives the periods that were asked for: the latest, the one in which a month lies, or those that lie between two.
func (s *stats) choose(all []tally.Publication) (out []tally.Publication) {
	if s.month+s.from+s.to == "" {
		return all[max(0, len(all)-1):]
	}
	for _, p := range all {
		first, last, several := strings.Cut(p.Period, "/")
		if !several {
			last = first
		}
		if s.month != "" && first <= s.month && s.month <= last || s.month == "" && first >= s.from && (s.to == "" || last <= s.to) {
			out = append(out, p)
		}
	}
	return out
}

func periods(all []tally.Publication) (names []string) {
	for _, p := range all {
		names = append(names, p.Period)
	}
	return names
}

func (s *stats) write(chosen []tally.Publication) error {
	var lines []statLine
	for _, p := range chosen {
		lines = append(lines, publicationLines(p)...)
	}
	if len(chosen) > 1 {
		lines = append(lines, sumLines(tally.NewSum(chosen))...)
	}
	var files []newFile
	switch s.format {
	case "table":
		files = []newFile{{"numbers.txt", func(w io.Writer) error { return writeStatTable(w, lines) }}}
	case "csv":
		files = []newFile{{"numbers.csv", func(w io.Writer) error { return table.WriteCSV(w, statSheet(lines)) }}}
	case "json":
		files = []newFile{{"numbers.json", func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "\t")
			return e.Encode(chosen)
		}}}
	case "svg":
		files = statPictures(chosen)
	}
	if s.dir != "" {
		return writeFolder(s.call, s.dir, files)
	}
	return files[0].write(s.stdout)
}

// writeStatTable prints lines for a terminal, those of one indicator under its name.
func writeStatTable(w io.Writer, lines []statLine) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	head := ""
	for _, l := range lines {
		if h := l.head(); h != head {
			if head != "" {
				fmt.Fprintln(t)
			}
			fmt.Fprintln(t, h)
			head = h
		}
		fmt.Fprintf(t, "  %s\t%s\n", l.label(), l.said())
	}
	return t.Flush()
}
