package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/ticket"
)

// TestModel plays random lives of a mission against a simple model of it: nothing is lost, nothing is doubled, everybody
// sees what they should, and the shelves hold together after every step.
func TestModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := &world{T: r, mission: newMission(judged{t, r}), drafts: map[int]string{}, told: map[string]int{}}
		r.Repeat(map[string]func(*rapid.T){
			"":            func(*rapid.T) { w.whole() },
			"file":        w.file,
			"write":       w.write,
			"withdraw":    w.withdraw,
			"draft":       w.draft,
			"acknowledge": w.acknowledge,
			"answer":      w.answer,
			"note":        w.note,
			"recuse":      w.recuse,
			"hand over":   w.handOver,
			"absent":      w.absent,
			"share":       w.share,
			"renew":       w.renew,
			"wait":        w.pass,
			"stop":        w.stop,
			"forget":      w.forget,
			"look":        w.look,
		})
		w.look(r)
		w.mission.wait(24 * time.Hour)
		w.carry()
		w.everybodyWasTold()
	})
}

// judged fails the attempt of rapid instead of the test, so that it is made shorter.
type judged struct {
	testing.TB
	r *rapid.T
}

func (j judged) Fatal(args ...any)                 { j.r.Helper(); j.r.Fatal(args...) }
func (j judged) Fatalf(format string, args ...any) { j.r.Helper(); j.r.Fatalf(format, args...) }
func (j judged) Error(args ...any)                 { j.r.Helper(); j.r.Error(args...) }
func (j judged) Errorf(format string, args ...any) { j.r.Helper(); j.r.Errorf(format, args...) }

// world is the mission beside its model.
type world struct {
	*rapid.T
	mission *mission
	reports []*modelled
	drafts  map[int]string
	told    map[string]int // "reader event code" to how often it was carried
	people  int
}

// modelled is one report as it should be.
type modelled struct {
	by            int
	receipt, code string
	filed         time.Time
	thread        []string
	answers       []string
	asked         bool // withdrawn, not final
	closed        bool
	readers       []string // handed at filing, less those who withdrew themselves before they were told
	gone          []string // who withdrew
	stepped       []string // who has handed it over at some time
}

var staffIDs = []string{"ana", "bea", "bo", "cora"}

func (w *world) whole() { w.mission.whole() }

// pick chooses a living report, or ends the step.
func (w *world) pick(r *rapid.T) *modelled {
	if len(w.reports) == 0 {
		r.Skip("no report yet")
	}
	return rapid.SampledFrom(w.reports).Draw(r, "report")
}

func (w *world) file(r *rapid.T) {
	if w.people == 8 {
		r.Skip("enough people")
	}
	w.people++
	c := w.mission.chat(w.people)
	var pairs []string
	if rapid.Bool().Draw(r, "nudge") {
		pairs = append(pairs, "nudge", "yes", "nudge_hours", rapid.SampledFrom([]string{"any", "evening"}).Draw(r, "hours"))
	}
	excluding := rapid.Bool().Draw(r, "excluding")
	if excluding {
		pairs = append(pairs, "involved", "yes", "involved_org", "relief", "involved_role", "focal_point")
	}
	receipt, code := c.files(pairs...)
	delete(w.drafts, w.people) // sending ends the conversation
	rep := w.mission.report(receipt)
	if excluding != rep.IsExcluded("ana") {
		r.Fatal("exclusion is not as it was answered")
	}
	w.reports = append(w.reports, &modelled{
		by: w.people, receipt: receipt, code: code, filed: w.mission.now(), thread: []string{"report"}, readers: rep.Handed(),
	})
}

func (w *world) write(r *rapid.T) {
	m := w.pick(r)
	text := rapid.StringN(1, 40, 200).Draw(r, "text")
	w.mission.chat(m.by).writes(m.receipt, text)
	delete(w.drafts, m.by)
	m.thread = append(m.thread, text)
	if m.closed {
		m.closed = false
	}
}

func (w *world) withdraw(r *rapid.T) {
	m := w.pick(r)
	keep := rapid.Bool().Draw(r, "keep")
	c := w.mission.chat(m.by)
	turn := c.turn()
	turn.Withdraw = &bot.Withdraw{Box: c.opens(m.receipt).Box, Keep: keep}
	_, err := c.commit(turn)
	if err == nil {
		delete(w.drafts, m.by)
	}
	switch rep := w.mission.report(m.receipt); {
	case err != nil && !keep:
		r.Fatal(err)
	case err == nil && rep.State.IsWithdrawn() == keep:
		r.Fatalf("keep %v left the state %s", keep, rep.State)
	}
	m.sync(w)
}

// sync takes over what the clock and the rules of states decide, which ticket proves.
func (m *modelled) sync(w *world) {
	rep := w.mission.report(m.receipt)
	m.asked, m.closed = rep.State.IsWithdrawn(), rep.State == ticket.Closed
}

func (w *world) draft(r *rapid.T) {
	n := rapid.IntRange(1, 8).Draw(r, "person")
	c := w.mission.chat(n)
	turn := c.turn()
	text := ""
	if rapid.Bool().Draw(r, "writes") {
		text = rapid.StringN(1, 40, 200).Draw(r, "draft")
		turn.Draft = []byte("live " + text)
	}
	_, err := c.commit(turn)
	ok(w.mission.t, err)
	delete(w.drafts, n)
	if text != "" {
		w.drafts[n] = "live " + text
	}
}

func (w *world) acknowledge(r *rapid.T) {
	m, who := w.pick(r), rapid.SampledFrom(staffIDs).Draw(r, "who")
	may := ticket.MaySee(w.mission.report(m.receipt), who)
	again, err := w.mission.registry.Acknowledge(r.Context(), who, m.code)
	if (err == nil) != may || err == nil && !again && w.mission.report(m.receipt).State != ticket.Read {
		r.Fatalf("%s acknowledges, and may: %v; %v %v", who, may, again, err)
	}
}

func (w *world) answer(r *rapid.T) {
	m, who := w.pick(r), rapid.SampledFrom(staffIDs).Draw(r, "who")
	if !ticket.MaySee(w.mission.report(m.receipt), who) {
		r.Skip("not theirs")
	}
	text := rapid.StringN(1, 40, 200).Draw(r, "text")
	state := rapid.SampledFrom([]string{"", "read", "referred", "confirmed", "closed"}).Draw(r, "state")
	file := w.mission.writesAnswer(w.mission.reads(who, m.code), reply{text: text, state: state})
	_, err := w.mission.registry.Answer(r.Context(), who, file)
	if err == casework.BadState {
		return
	}
	ok(w.mission.t, err)
	m.thread, m.answers = append(m.thread, text), append(m.answers, text)
	if rapid.Bool().Draw(r, "twice") {
		if taken, err := w.mission.registry.Answer(r.Context(), who, file); err != nil || !taken.Again {
			r.Fatalf("the same file: %+v %v", taken, err)
		}
	}
	m.sync(w)
}

// note lets a reader write for the others, with or without a state: the reporter reads no more than before.
func (w *world) note(r *rapid.T) {
	m, who := w.pick(r), rapid.SampledFrom(staffIDs).Draw(r, "who")
	before := w.mission.report(m.receipt)
	if !ticket.MaySee(before, who) {
		r.Skip("not theirs")
	}
	text := rapid.StringN(1, 40, 200).Draw(r, "text")
	state := rapid.SampledFrom([]string{"", "read", "referred", "confirmed", "closed"}).Draw(r, "state")
	leg := &ticket.Leg{Leg: rapid.SampledFrom(ticket.Legs()).Draw(r, "leg"), To: "green", State: rapid.SampledFrom(ticket.LegStates()).Draw(r, "leg state")}
	file := w.mission.writesAnswer(w.mission.reads(who, m.code), reply{kind: "note", text: text, state: state, leg: leg})
	_, err := w.mission.registry.Answer(r.Context(), who, file)
	after := w.mission.report(m.receipt)
	switch {
	case err == casework.BadState:
		if after.State != before.State || state == "" {
			r.Fatalf("a refused note to %q left %s, before %s", state, after.State, before.State)
		}
		return
	case state == "closed", state == "" && after.State != before.State, state != "" && after.State.Keep() != ticket.State(state):
		r.Fatalf("a note to %q left %s, before %s", state, after.State, before.State)
	}
	ok(w.mission.t, err)
	m.thread = append(m.thread, "note: "+text)
	m.sync(w)
}

// handOver lets a reader step back behind a colleague who sees the report, and behind nobody else.
func (w *world) handOver(r *rapid.T) {
	m, who, to := w.pick(r), rapid.SampledFrom(staffIDs).Draw(r, "who"), rapid.SampledFrom(staffIDs).Draw(r, "to")
	rep := w.mission.report(m.receipt)
	_, away := w.mission.registry.AbsentUntil(to)
	may := who != to && ticket.MaySee(rep, to) && !away
	err := w.mission.registry.HandOver(r.Context(), who, m.code, to)
	switch after := w.mission.report(m.receipt); {
	case !ticket.MaySee(rep, who):
		if err != casework.ErrUnknown {
			r.Fatalf("%s hands over what they do not see: %v", who, err)
		}
	case !may:
		if err != casework.ErrLastReader {
			r.Fatalf("%s hands over to %s, who cannot: %v", who, to, err)
		}
	case err != nil || ticket.MaySee(after, who) || !after.IsReader(who) || !ticket.MaySee(after, to):
		r.Fatalf("%s hands over to %s: %v, %+v", who, to, err, after.Readers)
	default:
		m.stepped = append(m.stepped, who)
	}
}

// absent lets somebody be away for some days, or come back.
func (w *world) absent(r *rapid.T) {
	who, days := rapid.SampledFrom(staffIDs).Draw(r, "who"), rapid.IntRange(-1, 5).Draw(r, "days")
	until := ticket.Day(int(ticket.DayOf(w.mission.now())) + days)
	ok(w.mission.t, w.mission.registry.Absent(r.Context(), who, who, until))
	if got, away := w.mission.registry.AbsentUntil(who); away != (days >= 0) || away && got != until {
		r.Fatalf("%s is away for %d days: %v %v", who, days, got, away)
	}
}

func (w *world) recuse(r *rapid.T) {
	m, who := w.pick(r), rapid.SampledFrom(staffIDs).Draw(r, "who")
	may := ticket.MaySee(w.mission.report(m.receipt), who)
	err := w.mission.registry.Recuse(r.Context(), who, m.code)
	switch {
	case !may && err != casework.ErrUnknown, may && err != nil && err != casework.ErrLastReader:
		r.Fatalf("%s withdraws, and may: %v; %v", who, may, err)
	case err == nil:
		m.gone = append(m.gone, who)
	}
}

// share lets a reader share a report with somebody of the staff. What they then see is what everybody sees.
func (w *world) share(r *rapid.T) {
	m, who, with := w.pick(r), rapid.SampledFrom(staffIDs).Draw(r, "who"), rapid.SampledFrom(staffIDs).Draw(r, "with")
	rep := w.mission.report(m.receipt)
	if !ticket.MaySee(rep, who) || who == with {
		r.Skip("not theirs")
	}
	file := w.mission.writesGrants(w.mission.reads(who, m.code), grants{share: []string{with}, with: w.mission.ids[who]})
	g, err := w.mission.registry.Grant(r.Context(), who, file)
	switch {
	case rep.IsExcluded(with):
		if err != casework.NotThem {
			r.Fatalf("shared with %s, who is excluded: %+v %v", with, g, err)
		}
	case rep.State.IsWithdrawn() && !ticket.MaySee(rep, with):
		if err != casework.Withdrawn {
			r.Fatalf("shared what is withdrawn: %+v %v", g, err)
		}
	case err != nil || len(g.Missing) != 0 || !ticket.MaySee(w.mission.report(m.receipt), with):
		r.Fatalf("shared with %s: %+v %v", with, g, err)
	}
}

// renew gives somebody a new key, and lets colleagues, or whoever holds the recovery key, seal everything to it.
func (w *world) renew(r *rapid.T) {
	who := rapid.SampledFrom(staffIDs).Draw(r, "who")
	e, _ := w.mission.registry.Roster().Find(who)
	e.Key = w.mission.entry(who, e.Org, e.Role).Key
	w.mission.sign([]ticket.Entry{e})
	for _, m := range w.reports {
		rep := w.mission.report(m.receipt)
		if !rep.IsReader(who) {
			continue
		}
		by, with := who, w.mission.ids["vault"]
		for _, id := range rep.Handed() {
			if id != who {
				by, with = id, w.mission.ids[id]
			}
		}
		files, err := w.mission.registry.ReadOut(r.Context(), by, m.code)
		ok(w.mission.t, err)
		th := w.mission.unpack(files, w.mission.ids[by], with)
		g, err := w.mission.registry.Grant(r.Context(), by, w.mission.writesGrants(th, grants{with: with}))
		if err != nil || len(g.Missing) != 0 {
			r.Fatalf("%s seals to the new key of %s: %+v %v", by, who, g, err)
		}
	}
}

func (w *world) pass(r *rapid.T) {
	d := time.Duration(rapid.IntRange(1, 72*60).Draw(r, "minutes")) * time.Minute
	w.mission.wait(d)
	if d > time.Hour {
		clear(w.drafts) // their hour is over; whether they are swept is looked at elsewhere
	}
	w.mission.sweep()
	w.mission.tick()
	w.carry()
	if _, err := w.mission.registry.Nudges(r.Context()); err != nil {
		r.Fatal(err)
	}
	for _, m := range w.reports {
		m.sync(w)
	}
}

func (w *world) carry() {
	for _, n := range w.mission.carried() {
		w.told[n.Reader+" "+n.Event+" "+n.Code]++
		for _, m := range w.reports {
			if m.code == n.Code && slices.Contains(m.gone, n.Reader) {
				w.Fatalf("%s has withdrawn, and is told %s", n.Reader, n.Event)
			}
		}
	}
}

func (w *world) stop(r *rapid.T) {
	if rapid.Bool().Draw(r, "reboot") {
		w.mission.reboot()
		clear(w.drafts)
		return
	}
	w.mission.restart()
	for n, want := range w.drafts {
		c := w.mission.chat(n)
		if got := c.recall(c.incoming()); string(got.Draft) != want {
			r.Fatalf("a restart made %q of the draft %q", got.Draft, want)
		}
	}
}

// forget ends the month before, with everything in it.
func (w *world) forget(r *rapid.T) {
	now := w.mission.now()
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for _, id := range w.mission.house.Living() {
		if month, _, ok := id.Month(); ok && month.Before(first) {
			if err := w.mission.house.Forget(id); err != nil {
				r.Fatal(err)
			}
		}
	}
	w.reports = slices.DeleteFunc(w.reports, func(m *modelled) bool {
		if !m.filed.Before(first) {
			return false
		}
		if _, err := w.mission.registry.Open(r.Context(), bot.Person{200}, m.receipt); err != bot.ErrWrongReceipt && err != bot.ErrSlow {
			r.Fatalf("a forgotten receipt: %v", err)
		}
		return true
	})
}

// look holds all that can be seen against the model.
func (w *world) look(r *rapid.T) {
	for _, m := range w.reports {
		c := w.mission.chat(m.by)
		mail := c.opens(m.receipt)
		var got []string
		for _, a := range mail.Answers {
			got = append(got, a.Text)
		}
		if !slices.Equal(got, m.answers) || mail.Asked != m.asked || mail.Closed != m.closed {
			r.Fatalf("the reporter reads %q and %s, want %q, asked %v, closed %v", got, mail.State, m.answers, m.asked, m.closed)
		}
		rep := w.mission.report(m.receipt)
		for _, who := range staffIDs {
			if slices.Contains(m.gone, who) && ticket.MaySee(rep, who) {
				r.Fatalf("%s has withdrawn and sees it", who)
			}
			if !ticket.MaySee(rep, who) {
				continue
			}
			th := w.mission.reads(who, m.code)
			if got := th.texts(); !slices.Equal(got, m.thread) {
				r.Fatalf("%s reads %q, want %q", who, got, m.thread)
			}
			th.verify(w.mission.t)
		}
	}
	for _, who := range staffIDs {
		lines, err := w.mission.registry.Inbox(r.Context(), who)
		ok(w.mission.t, err)
		var got, want []string
		for _, l := range lines {
			got = append(got, l.Code)
		}
		for _, m := range w.reports {
			if rep := w.mission.report(m.receipt); ticket.MaySee(rep, who) && rep.State != ticket.Closed {
				want = append(want, m.code)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			r.Fatalf("the inbox of %s has %v, want %v", who, got, want)
		}
	}
}

// everybodyWasTold: whoever was handed a report got one notice of it, unless they withdrew or it was forgotten before.
func (w *world) everybodyWasTold() {
	for _, m := range w.reports {
		for _, who := range m.readers {
			n := w.told[fmt.Sprintf("%s report %s", who, m.code)]
			if n != 1 && !slices.Contains(m.gone, who) && !slices.Contains(m.stepped, who) {
				w.Fatalf("%s was told %d times of a new report", who, n)
			}
		}
	}
	for what, n := range w.told {
		again := slices.ContainsFunc(w.reports, func(m *modelled) bool {
			return strings.HasSuffix(what, m.code) && slices.Contains(m.stepped, strings.Fields(what)[0])
		})
		if strings.Contains(what, " report ") && n > 1 && !again {
			w.Fatalf("%d times: %s", n, what)
		}
	}
}
