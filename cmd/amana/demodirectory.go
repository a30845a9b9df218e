package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"sync"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/intake"
	"amana/bot/directory/table"
	"amana/flows"
)

// stock brings the invented directory of a shipped place into the camp, by the way of every import. A profile of somebody's
// own has none.
func (c *camp) stock(ctx context.Context) error {
	d, err := exampleDirectoryOf(c.config.Profile, c.profile)
	if err != nil || d == nil {
		return err
	}
	return putDirectory(ctx, &reach{house: c.house}, renewed(d, c.now().In(c.config.zone())), nil, func(int) {})
}

// exampleDirectories holds what reads each invented directory, once a process: a walk through a hundred camps would read
// the same sheets a hundred times.
var exampleDirectories sync.Map

// exampleDirectoryOf gives the invented directory of a shipped place, or none. It is everybody's: nobody writes to it.
func exampleDirectoryOf(name string, p *profile) (*directory.Directory, error) {
	read, _ := exampleDirectories.LoadOrStore(name, sync.OnceValues(func() (*directory.Directory, error) { return readExampleDirectory(name, p) }))
	return read.(func() (*directory.Directory, error))()
}

func readExampleDirectory(name string, p *profile) (*directory.Directory, error) {
	kinds, err := p.kinds()
	if err != nil {
		return nil, err
	}
	var sheets []sheetFile
	for _, file := range flows.Example(name) {
		f, err := flows.FS.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		at, ok := f.(io.ReaderAt)
		if !ok {
			return nil, fmt.Errorf("reading %s: it can be read from its beginning alone", file)
		}
		sheets = append(sheets, sheetFile{path.Base(file), at, info.Size()})
	}
	if len(sheets) == 0 {
		return nil, nil
	}
	out, _, err := readSheets(intake.Options{Kinds: kinds, Limits: table.Usual}, sheets, "")
	if err != nil {
		return nil, err
	}
	for _, f := range out.Findings {
		if f.Level == directory.Refused {
			return nil, fmt.Errorf("the invented directory of %s: %w", name, f)
		}
	}
	p.fillDirectory(out.Directory)
	return out.Directory, nil
}

// renewed gives a directory with its days moved on, so that what was checked last was checked today: an example does not
// grow old, and what was out of date in it stays so.
func renewed(d *directory.Directory, now time.Time) *directory.Directory {
	today, last := directory.DateOf(now), directory.Date("")
	for _, s := range d.Services {
		last = max(last, s.VerifiedOn)
	}
	days := daysBetween(last, today)
	out := *d
	out.Services = nil
	for _, old := range d.Services {
		s := *old
		for _, date := range []*directory.Date{&s.VerifiedOn, &s.ValidUntil, &s.Deadline} {
			if t, err := time.Parse(time.DateOnly, string(*date)); err == nil {
				*date = directory.DateOf(t.AddDate(0, 0, days))
			}
		}
		out.Services = append(out.Services, &s)
	}
	return &out
}

// daysBetween counts from one day to another; none where one of them is no day.
func daysBetween(from, to directory.Date) int {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}
