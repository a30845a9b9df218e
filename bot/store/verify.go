package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// Verify walks all that belongs to the reports of the living months and says what does not hold together: an index
// record that points nowhere or elsewhere, a thread or an audit chain that is not whole, a notice about nothing. Due
// tells the day under which a report has to stand in the index of what is due. It reads nothing that people wrote and
// names no report; a sentence says of which month it speaks. Seen, which may be nil, is given each report with its chain and its
// thread, for whoever has to go through all of them as well.
func (r *Read) Verify(due func(ticket.Report) (Day, bool), seen func(ticket.Report, []Entry, []Message)) (problems []string, err error) {
	v := &verifier{Read: r, due: due, seen: seen, refs: map[Ref]bool{}, want: map[shelf]map[string]Ref{}, spoken: map[ID]ID{}}
	if err := v.passOver(); err != nil {
		return nil, err
	}
	for _, s := range []shelf{byMailbox, byCode, byReader, byDueDay} {
		v.want[s] = map[string]Ref{}
	}
	if err := r.reports(v.report, func(under seal.KeyID) {
		if !isMonth(under) {
			under = "reports"
		}
		v.say(under, DamagedReport)
	}); err != nil {
		return v.problems, err
	}
	for s, want := range v.want {
		if err := v.index(s, want); err != nil {
			return v.problems, err
		}
	}
	if err := v.owners(threads, v.threads); err != nil {
		return v.problems, err
	}
	if err := v.owners(chains, v.chains); err != nil {
		return v.problems, err
	}
	if err := v.voices(); err != nil {
		return v.problems, err
	}
	if err := v.notices(); err != nil {
		return v.problems, err
	}
	if err := v.peppers(); err != nil {
		return v.problems, err
	}
	if err := v.mission(); err != nil {
		return v.problems, err
	}
	if err := v.directories(); err != nil {
		return v.problems, err
	}
	return v.problems, v.staff()
}

// DamagedReport is what Verify says of a report whose outer record cannot be read, behind the name of its month.
const DamagedReport = "a report is damaged and cannot be read"

type verifier struct {
	*Read
	due             func(ticket.Report) (Day, bool)
	seen            func(ticket.Report, []Entry, []Message)
	refs            map[Ref]bool
	want            map[shelf]map[string]Ref
	spoken          map[ID]ID // voice messages that threads name, and their reports
	moved           [][]byte  // prefixes of what hangs on the report that is just being carried over or taken away
	moves           ID        // and that report
	threads, chains int       // records that the reports account for
	problems        []string
}

func (v *verifier) say(under seal.KeyID, format string, args ...any) {
	v.problems = append(v.problems, string(under)+": "+fmt.Sprintf(format, args...))
}

// report looks at one report and all that hangs on it.
func (v *verifier) report(ref Ref, under seal.KeyID, rep ticket.Report) error {
	v.refs[ref] = true
	if rep.Day != ref.Day() || rep.ID != ticket.ID(ref.ID()) {
		v.say(under, "a report lies in the place of another")
	}
	if _, class, ok := under.Month(); !ok || string(class) != string(rep.Class) || under < FiledIn(rep) {
		v.say(under, "a report stands under a key that is not of its class and month")
	}
	filed := Filed{Report: rep}
	if day, ok := v.due(rep); ok {
		filed.DueDay = &day
	}
	keys, err := v.indexKeys(ref, under, filed)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, twice := v.want[shelf(k[0])][string(k)]; twice {
			v.say(under, "two reports share a record of the index %q", k[0])
		}
		v.want[shelf(k[0])][string(k)] = ref
	}
	return v.hanging(under, rep)
}

// hanging looks at the thread and at the audit chain of a report.
func (v *verifier) hanging(under seal.KeyID, rep ticket.Report) error {
	owner, err := v.owner(under, "thread", rep.ID)
	if err != nil {
		return err
	}
	thread, err := v.Thread(under, rep.ID)
	if err != nil {
		v.say(under, "a thread cannot be read: %v", err)
		return nil
	}
	head, err := v.threadHead(owner)
	if err != nil || head.Next != len(thread) || head.Seen > head.Next {
		v.say(under, "a thread has %d messages, and its head says %d", len(thread), head.Next)
	}
	for n, m := range thread {
		for _, id := range m.Voices {
			v.spoken[id] = rep.ID
		}
		if m.Seq != n || (n == 0) != (m.Kind == ticket.TypeReport) {
			v.say(under, "a thread is out of order at its message %d", n)
		}
		if m.Of != (ID{}) && !slices.ContainsFunc(thread[:n], func(o Message) bool { return o.ID == m.Of && o.Of == (ID{}) }) {
			v.say(under, "a thread holds a copy of a message that is not there")
		}
	}
	if len(thread) == 0 {
		v.say(under, "a report has lost its thread")
	}
	chain, err := v.ReportChain(under, rep.ID)
	switch {
	case err != nil:
		v.say(under, "an audit chain of a report: %v", err)
	case len(chain) == 0 || chain[0].Did != "filed":
		v.say(under, "an audit chain does not begin with the filing")
	case !accounts(chain, thread):
		v.say(under, "an audit chain has lost lines: a message lies in the thread of which it says nothing")
	}
	if err == nil && v.seen != nil {
		v.seen(rep, chain, thread)
	}
	if rep.ID != ticket.ID(v.moves) {
		v.threads += len(thread) + 1
		v.chains += len(chain) + 1
	}
	return nil
}

// accounts says whether a chain has a line for every message of its thread: the file of each is named where it came in. So a
// chain that was cut at its end, and its head with it, by somebody who holds the keys, is found out as far back as the last
// message.
func accounts(chain []Entry, thread []Message) bool {
	named := map[string]bool{}
	for _, e := range chain {
		named[string(e.File)] = true
	}
	for _, m := range thread {
		if !named[string(HashFile(m.File))] && (m.Hash == nil || !named[string(m.Hash)]) {
			return false
		}
	}
	return true
}

// passOver learns what is on its way from one month to another, or being taken away: some of its records lie twice, or
// belong to nobody any more.
func (v *verifier) passOver() error {
	m, found, err := v.moving()
	if err != nil {
		v.say("moving", "what is being carried over cannot be read: %v", err)
		return nil
	}
	if !found {
		return nil
	}
	v.moves = m.ref().ID()
	for _, under := range []Month{m.From, m.To} {
		prefixes, err := v.hung(under, v.moves)
		if err != nil && !errors.Is(err, seal.ErrForgotten) {
			return err
		}
		v.moved = append(v.moved, prefixes...)
	}
	return nil
}

func (v *verifier) isMoved(k []byte) bool {
	return slices.ContainsFunc(v.moved, func(prefix []byte) bool { return bytes.HasPrefix(k, prefix) })
}

// peppers looks whether every report that outlived its month still has what its receipt needs.
func (v *verifier) peppers() error {
	need, _, err := v.neededPeppers()
	if err != nil {
		return err
	}
	if err := v.carriedPeppers(func(k []byte, _ Month, _ seal.Pepper) { delete(need, string(k)) }); err != nil {
		v.say("peppers", "a carried pepper cannot be read: %v", err)
	}
	if len(need) > 0 {
		v.say("peppers", "receipts of reports that were carried over open nothing: %d carried peppers are missing", len(need))
	}
	return nil
}

// mission looks at what is kept for the mission as a whole: its audit chain, key backups, statements.
func (v *verifier) mission() error {
	if _, err := v.SharedChain(); err != nil {
		v.say("shared", "the audit chain of the mission: %v", err)
	}
	if _, err := v.KeyBackups(); err != nil {
		v.say("backups", "the list of key backups cannot be read: %v", err)
	}
	if _, err := v.Statements(); err != nil {
		v.say("statements", "the statements of what was forgotten cannot be read: %v", err)
	}
	if _, err := v.Retention(); err != nil {
		v.say("retention", "what is to be forgotten cannot be read: %v", err)
	}
	return nil
}

// index holds the records of an index against those that the reports ask for.
func (v *verifier) index(s shelf, want map[string]Ref) error {
	err := v.scan([]byte{byte(s)}, 500, func(k, value []byte) (bool, error) {
		ref, err := v.openRef(k, value)
		if errors.Is(err, seal.ErrForgotten) {
			return true, nil
		}
		if err != nil {
			v.say("index", "a record of %q cannot be read: %v", s, err)
			return true, nil
		}
		if asked, ok := want[string(k)]; !ok {
			v.say("index", "a record of %q that no report asks for", s)
		} else if asked != ref {
			v.say("index", "a record of %q points to another report", s)
		}
		delete(want, string(k))
		return true, nil
	})
	if len(want) > 0 {
		v.say("index", "%d records of %q are missing", len(want), s)
	}
	return err
}

// owners counts the records of a shelf that hang on reports: there must be as many as the reports account for.
func (v *verifier) owners(s shelf, want int) error {
	have := 0
	err := v.scan([]byte{byte(s)}, 100, func(k, value []byte) (bool, error) {
		if _, _, err := v.s.house.Open(k, value); !errors.Is(err, seal.ErrForgotten) && !v.isMoved(k) {
			have++
		}
		return true, nil
	})
	if err == nil && have != want {
		v.say("shelf", "%d records lie on %q, and the reports account for %d", have, s, want)
	}
	return err
}

func (v *verifier) notices() error {
	all, err := v.Notices(time.Time{}, 1<<30)
	if err != nil {
		v.say("outbox", "%v", err)
	}
	for _, n := range all {
		if n.Report != (Ref{}) && !v.refs[n.Report] && n.Report.ID() != v.moves {
			v.say("outbox", "a notice about a report that is not there")
		}
	}
	return nil
}

// directories looks whether the directory in force and the one before have all their pages.
func (v *verifier) directories() error {
	g, err := v.Directories()
	if err != nil {
		v.say("directory", "which directory is in force cannot be read: %v", err)
		return nil
	}
	for name, one := range map[string]*Generation{"the service directory in force": g.Now, "the service directory before": g.Before} {
		for n := 0; one != nil && n < one.Pages; n++ {
			if _, err := v.DirectoryPage(one.ID, n); err != nil {
				v.say("directory", "%s is not whole: %v", name, err)
				break
			}
		}
	}
	return nil
}

// staff looks at how staff are reached: every address leads to the contact that has it.
func (v *verifier) staff() error {
	all, err := v.Contacts()
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, c := range all {
		ids[c.ID] = true
		if _, found, err := v.ByAddress(c.Address); err != nil {
			return err
		} else if !found {
			v.say("staff", "the address of %s is not in the index", c.ID)
		}
	}
	if err := v.each(browsers, func([]byte) error { return nil }); err != nil {
		v.say("staff", "a browser that signs in at the desk cannot be read: %v", err)
	}
	if _, err := v.Absences(); err != nil {
		v.say("staff", "who is away cannot be read: %v", err)
	}
	return v.each(byAddress, func(plain []byte) error {
		var id string
		if err := decode(plain, &id); err != nil {
			return err
		}
		if !ids[id] {
			v.say("staff", "an address leads to nobody")
		}
		return nil
	})
}
