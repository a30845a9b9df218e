package casework

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/tally"
	"amana/bot/ticket"
)

// Almanac says what a mission publishes of its numbers, and when. Its words are those of the mission's own lists.
type Almanac struct {
	Quarterly bool // a period is a quarter, not a month: for missions whose months are small
	Day       int  // of the month after a period, on which its numbers come out; 2 to 28
	Areas     []string
	Langs     []string
	Sexes     []string // that a flow of the mission asks for; mostly none does
}

const monthForm = "2006-01"

// period is months that are published together, from the first to the last.
type period struct{ first, last time.Time }

func (p period) String() string {
	if p.first.Equal(p.last) {
		return p.first.Format(monthForm)
	}
	return p.first.Format(monthForm) + "/" + p.last.Format(monthForm)
}

// parsePeriod reads a name again.
func parsePeriod(name string) (p period, err error) {
	first, last, several := strings.Cut(name, "/")
	if !several {
		last = first
	}
	if p.first, err = time.Parse(monthForm, first); err == nil {
		p.last, err = time.Parse(monthForm, last)
	}
	return p, err
}

func (p period) months() (all []time.Time) {
	for m := p.first; !m.After(p.last); m = m.AddDate(0, 1, 0) {
		all = append(all, m)
	}
	return all
}

// beginning gives the first instant of the month of an instant. Months are those of UTC, as the days of reports are.
func beginning(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// from gives the period that begins with a month. One that begins within a quarter ends with it.
func (a Almanac) from(first time.Time) period {
	last := first
	for a.Quarterly && last.Month()%3 != 0 {
		last = last.AddDate(0, 1, 0)
	}
	return period{first, last}
}

// Out says on which day the numbers of a period come out.
func (a Almanac) out(p period) time.Time { return p.last.AddDate(0, 1, min(max(a.Day, 2), 28)-1) }

// Next says which period is published next, and on which day.
func (r *Registry) Next(ctx context.Context, a Almanac) (name string, day time.Time, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) error {
		p, err := r.nextPeriod(rd, a)
		name, day = p.String(), a.out(p)
		return err
	})
	return name, day, err
}

// nextPeriod gives the period behind the last one that was published; before there is one, the period of the first month
// that anything can have been counted in.
func (r *Registry) nextPeriod(rd *store.Read, a Almanac) (period, error) {
	all, err := rd.Periods()
	if err != nil {
		return period{}, err
	}
	if len(all) > 0 {
		last, err := parsePeriod(all[len(all)-1])
		return a.from(last.last.AddDate(0, 1, 0)), err
	}
	first := beginning(r.Now())
	for _, id := range r.Store.House().Living() {
		if month, _, ok := id.Month(); ok && month.Before(first) {
			first = beginning(month)
		}
	}
	return a.from(first), nil
}

// Publish makes the publications whose day has come, each once, and names their periods. What is made of a period does not
// depend on when: its counters stand still once it is over.
func (r *Registry) Publish(ctx context.Context, a Almanac) (made []string, err error) {
	for {
		var p period
		var body []byte
		err := r.Store.View(ctx, func(rd *store.Read) (err error) {
			body = nil
			if p, err = r.nextPeriod(rd, a); err != nil || r.Now().Before(a.out(p)) {
				return err
			}
			pub, err := r.publication(rd, a, p)
			if err != nil {
				return err
			}
			body, err = json.Marshal(pub)
			return err
		})
		if err != nil || body == nil {
			return made, err
		}
		err = r.Store.Update(ctx, store.ID{}, func(w *store.Write) error { return w.PutPublished(p.String(), body) })
		if errors.Is(err, store.ErrPublished) {
			continue // somebody else has just done so
		}
		if err != nil {
			return made, err
		}
		made = append(made, p.String())
	}
}

// Published gives everything that was published, in its order.
func (r *Registry) Published(ctx context.Context) (all []tally.Publication, err error) {
	err = r.Store.View(ctx, func(rd *store.Read) (err error) {
		all, err = published(rd)
		return err
	})
	return all, err
}

func published(rd *store.Read) (all []tally.Publication, err error) {
	names, err := rd.Periods()
	for _, name := range names {
		body, found, err := rd.Published(name)
		if err != nil {
			return nil, err
		}
		var p tally.Publication
		if !found || json.Unmarshal(body, &p) != nil {
			return nil, store.ErrMissing
		}
		all = append(all, p)
	}
	return all, err
}

// publication makes what is published of a period.
func (r *Registry) publication(rd *store.Read, a Almanac, p period) (tally.Publication, error) {
	before, err := published(rd)
	if err != nil {
		return tally.Publication{}, err
	}
	counts, err := counted(rd, p)
	if err != nil {
		return tally.Publication{}, err
	}
	raw := rawNumbers(p.String(), counts)
	for _, m := range p.months() {
		gaps, err := rd.Gaps(m)
		if err != nil {
			return tally.Publication{}, err
		}
		raw.Gaps = addGaps(raw.Gaps, gaps)
	}
	var last *tally.Publication
	if len(before) > 0 {
		last = &before[len(before)-1]
	}
	pub := raw.Publish(a.received(), []tally.List{{Name: "kind", Open: true}, {Name: "area", Open: true}}, last)
	pub.Cross, err = a.cross(rd, append(before, pub), p)
	return pub, err
}

func (a Almanac) received() []tally.List {
	var kinds []string
	for _, k := range ticket.Kinds() {
		kinds = append(kinds, string(k))
	}
	return []tally.List{
		{Name: "kind", Words: kinds}, {Name: "language", Words: a.Langs}, {Name: "area", Words: a.Areas, Open: true},
		{Name: "accused", Words: ticket.CountedCategories(), Open: true},
	}
}

// persons gives the bands of persons that can have been counted.
func (a Almanac) persons() tally.List {
	ages := []string{string(ticket.Adult), string(ticket.Under18)}
	words := slices.Clone(ages)
	for _, sex := range a.Sexes {
		for _, age := range ages {
			words = append(words, personWord(age, sex))
		}
		words = append(words, personWord("", sex))
	}
	return tally.List{Name: "person", Words: words}
}

// cross makes the table by kind and person with the last period of a quarter, if all of the quarter was published.
func (a Almanac) cross(rd *store.Read, all []tally.Publication, p period) (*tally.Cross, error) {
	if p.last.Month()%3 != 0 {
		return nil, nil
	}
	quarter := period{p.last.AddDate(0, -2, 0), p.last}
	var parts []tally.Publication
	covered := 0
	for _, pub := range all {
		part, err := parsePeriod(pub.Period)
		if err != nil {
			return nil, err
		}
		if !part.first.Before(quarter.first) {
			parts, covered = append(parts, pub), covered+len(part.months())
		}
	}
	if covered != 3 {
		return nil, nil
	}
	counts, err := counted(rd, quarter)
	if err != nil {
		return nil, err
	}
	crossed := map[string]map[string]int{}
	for name, n := range counts {
		rest, ok := strings.CutPrefix(name, "person ")
		kind, person, _ := strings.Cut(rest, " ")
		if !ok {
			continue
		}
		if crossed[kind] == nil {
			crossed[kind] = map[string]int{}
		}
		crossed[kind][person] += n
	}
	return tally.NewCross(parts, "kind", "person", a.persons(), crossed), nil
}

// counted gives the counters of some months, of all classes. Those of a month that was forgotten are gone.
func counted(rd *store.Read, p period) (map[string]int, error) {
	all := map[string]int{}
	for _, m := range p.months() {
		for _, class := range seal.Classes() {
			counts, err := rd.Counts(seal.MonthID(m, class))
			if err != nil && !errors.Is(err, seal.ErrForgotten) {
				return nil, err
			}
			for name, n := range counts {
				all[name] += n
			}
		}
	}
	return all, nil
}

// rawNumbers sorts counters into what a publication is made of.
func rawNumbers(name string, counts map[string]int) tally.Raw {
	raw := tally.Raw{
		Period: name, Total: counts[nFiled] - counts[nApart], Apart: counts[nApart], Sought: counts[nSought],
		By: map[string]map[string]int{}, ApartOf: map[string]int{}, Steps: map[string]int{}, Took: map[string]tally.Took{},
		InTime: map[string]int{}, SoughtBy: map[string]map[string]int{},
	}
	into := func(m map[string]map[string]int, list, word string, n int) {
		if m[list] == nil {
			m[list] = map[string]int{}
		}
		m[list][word] += n
	}
	for _, s := range tally.StepNames() {
		raw.Steps[s], raw.InTime[s] = counts[s], counts[nInTime+" "+s]
	}
	for name, n := range counts {
		head, rest, _ := strings.Cut(name, " ")
		switch head {
		case "kind", "language", "area", "accused":
			into(raw.By, head, rest, n)
		case nApart:
			if who, of := strings.CutPrefix(rest, "of "); of {
				raw.ApartOf[who] += n
			}
		case nSought:
			if list, word, ok := strings.Cut(rest, " "); ok {
				into(raw.SoughtBy, list, word, n)
			}
		case nTook:
			step, band, _ := strings.Cut(rest, " ")
			if b, err := strconv.Atoi(band); err == nil {
				if raw.Took[step] == nil {
					raw.Took[step] = tally.Took{}
				}
				raw.Took[step][b] += n
			}
		}
	}
	return raw
}

func addGaps(all []tally.Gap, more []store.Gap) []tally.Gap {
	for _, g := range more {
		i := slices.IndexFunc(all, func(x tally.Gap) bool { return x.Kind == g.Kinds && x.Area == g.Area })
		if i < 0 {
			i, all = len(all), append(all, tally.Gap{Kind: g.Kinds, Area: g.Area})
		}
		all[i].Times += g.Times
	}
	return all
}
