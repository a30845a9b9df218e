package main

import (
	"context"
	"fmt"
	"io"
	"path"
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
	renew(d, c.now().In(c.config.zone()))
	return putDirectory(ctx, &reach{house: c.house}, d, nil, func(int) {})
}

// exampleDirectoryOf reads the invented directory of a shipped place, or gives none.
func exampleDirectoryOf(name string, p *profile) (*directory.Directory, error) {
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

// renew moves the days of a directory on, so that what was checked last was checked today: an example does not grow old, and
// what was out of date in it stays so.
func renew(d *directory.Directory, now time.Time) {
	today, last := directory.DateOf(now), directory.Date("")
	for _, s := range d.Services {
		last = max(last, s.VerifiedOn)
	}
	days := daysBetween(last, today)
	for _, s := range d.Services {
		for _, date := range []*directory.Date{&s.VerifiedOn, &s.ValidUntil, &s.Deadline} {
			if t, err := time.Parse(time.DateOnly, string(*date)); err == nil {
				*date = directory.DateOf(t.AddDate(0, 0, days))
			}
		}
	}
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
