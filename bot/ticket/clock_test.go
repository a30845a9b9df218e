package ticket

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var filed = time.Date(2026, 11, 2, 20, 0, 0, 0, time.UTC) // a Monday evening

func hour(n float64) time.Time { return filed.Add(time.Duration(n * float64(time.Hour))) }

// dues writes the running deadlines as hours after filing.
func dues(r Report) string {
	var words []string
	for _, d := range r.Due {
		words = append(words, fmt.Sprintf("%s %v", d.Step, d.At.Sub(filed).Hours()))
	}
	return strings.Join(words, ", ")
}

func fileAt(c Clock, u Urgency, class Class) Report {
	return c.Filed(Report{
		State: Received, Urgency: u, Class: class, Readers: []Reader{{"amal", true}, {"cora", false}, {"dana", false}},
	}, filed)
}

var staff = roster(
	person("amal", "blue", FocalPoint), person("dana", "green", Backup), person("cora", "un", Coordinator),
)

func TestDeadlinesByUrgency(t *testing.T) {
	office := StandardClock()
	office.Hours = Hours{Days: [7]bool{true, true, true, true, true}, From: 8 * time.Hour, To: 17 * time.Hour}
	for name, c := range map[string]struct {
		clock Clock
		u     Urgency
		class Class
		want  string
	}{
		"normal":                      {StandardClock(), Normal, ClassReport, "acknowledge 24, answer 168"},
		"the zero clock":              {Clock{}, Normal, ClassReport, "acknowledge 24, answer 168"},
		"feedback":                    {StandardClock(), Normal, ClassFeedback, "acknowledge 72, answer 168"},
		"urgent, hours not known":     {StandardClock(), Urgent, ClassReport, "acknowledge 24, answer 168"},
		"urgent, the next day at 12":  {office, Urgent, ClassReport, "acknowledge 16, answer 168"},
		"urgent feedback":             {office, Urgent, ClassFeedback, "acknowledge 16, answer 168"},
		"normal, hours do not matter": {office, Normal, ClassReport, "acknowledge 24, answer 168"},
	} {
		if got := dues(fileAt(c.clock, c.u, c.class)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestStaffedHours(t *testing.T) {
	yangon := time.FixedZone("", 6*3600+1800)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	week := [7]bool{time.Sunday: true, time.Monday: true, time.Tuesday: true, time.Wednesday: true, time.Thursday: true}
	all := [7]bool{true, true, true, true, true, true, true}
	feast := func(day time.Time) bool { return day.Month() == time.November && (day.Day() == 3 || day.Day() == 4) }
	for name, c := range map[string]struct {
		hours       Hours
		start       string
		term        time.Duration
		limit, want string // empty: none
	}{
		"within the day":        {Hours{Days: all, From: 8 * time.Hour, To: 17 * time.Hour, Zone: nil}, "2026-11-02T09:00:00Z", 4 * time.Hour, "", "2026-11-02T13:00:00Z"},
		"before it opens":       {Hours{Days: all, From: 8 * time.Hour, To: 17 * time.Hour, Zone: nil}, "2026-11-02T03:00:00Z", 4 * time.Hour, "", "2026-11-02T12:00:00Z"},
		"over night":            {Hours{Days: all, From: 8 * time.Hour, To: 17 * time.Hour, Zone: nil}, "2026-11-02T16:00:00Z", 4 * time.Hour, "", "2026-11-03T11:00:00Z"},
		"to the last minute":    {Hours{Days: all, From: 8 * time.Hour, To: 17 * time.Hour, Zone: nil}, "2026-11-02T13:00:00Z", 4 * time.Hour, "", "2026-11-02T17:00:00Z"},
		"over a weekend":        {Hours{Days: week, From: 8 * time.Hour, To: 17 * time.Hour, Zone: nil}, "2026-11-05T15:00:00Z", 4 * time.Hour, "", "2026-11-08T10:00:00Z"},
		"beyond the limit":      {Hours{Days: week, From: 8 * time.Hour, To: 17 * time.Hour, Zone: nil}, "2026-11-05T15:00:00Z", 4 * time.Hour, "2026-11-06T15:00:00Z", ""},
		"half an hour off":      {Hours{Days: all, From: 8 * time.Hour, To: 17 * time.Hour, Zone: yangon}, "2026-11-02T00:00:00Z", time.Hour, "", "2026-11-02T02:30:00Z"},
		"the clocks go back":    {Hours{Days: all, From: 0, To: 24 * time.Hour, Zone: berlin}, "2026-10-24T22:00:00Z", 24 * time.Hour, "", "2026-10-25T22:00:00Z"},
		"the clocks go forward": {Hours{Days: all, From: 0, To: 24 * time.Hour, Zone: berlin}, "2026-03-28T23:00:00Z", 24 * time.Hour, "", "2026-03-29T23:00:00Z"},
		"a day of 23 hours":     {Hours{Days: all, From: 0, To: 8 * time.Hour, Zone: berlin}, "2026-03-28T23:00:00Z", 8 * time.Hour, "", "2026-03-29T23:00:00Z"},
		"a night":               {Hours{Days: all, From: 20 * time.Hour, To: 30 * time.Hour}, "2026-11-02T03:00:00Z", 4 * time.Hour, "", "2026-11-02T21:00:00Z"},
		"a holiday":             {Hours{Days: all, From: 8 * time.Hour, To: 17 * time.Hour, Holiday: feast}, "2026-11-02T15:00:00Z", 4 * time.Hour, "", "2026-11-05T10:00:00Z"},
		"in a holiday":          {Hours{Days: all, From: 8 * time.Hour, To: 17 * time.Hour, Holiday: feast}, "2026-11-04T10:00:00Z", time.Hour, "", "2026-11-05T09:00:00Z"},
		"no hours":              {Hours{}, "2026-11-02T09:00:00Z", time.Hour, "", ""},
		"never open":            {Hours{Days: all, From: 17 * time.Hour, To: 8 * time.Hour, Zone: nil}, "2026-11-02T09:00:00Z", time.Hour, "", ""},
		"more than a fortnight": {Hours{Days: [7]bool{true}, From: 8 * time.Hour, To: 9 * time.Hour, Zone: nil}, "2026-11-02T09:00:00Z", 9 * time.Hour, "", ""},
	} {
		start, _ := time.Parse(time.RFC3339, c.start)
		limit, _ := time.Parse(time.RFC3339, c.limit)
		got, ok := c.hours.After(start, c.term, limit)
		if want, _ := time.Parse(time.RFC3339, c.want); ok != (c.want != "") || ok && !got.Equal(want) {
			t.Errorf("%s: %v %v, want %s", name, got, ok, c.want)
		}
	}
}

func TestOnlyTheFirstClockStopsByAcknowledging(t *testing.T) {
	c := StandardClock()
	r := c.Acknowledged(fileAt(c, Normal, ClassReport), hour(5))
	if r.State != Read || dues(r) != "refer 29, answer 168" {
		t.Errorf("%s: %s", r.State, dues(r))
	}
	again := c.Acknowledged(r, hour(20))
	if d := cmp.Diff(r, again); d != "" {
		t.Errorf("a second tap: %s", d)
	}
	for _, to := range []State{Referred, Confirmed, Closed} {
		if _, err := c.Turn(r, ByButton, to, hour(6)); !errors.Is(err, ErrMove) {
			t.Errorf("a button brings a report to %s: %v", to, err)
		}
	}
}

func TestTheWayOfAReport(t *testing.T) {
	c := StandardClock()
	r := fileAt(c, Normal, ClassReport)
	var err error
	for _, step := range []struct {
		to   State
		at   float64
		want string
	}{
		{Received, 10, "refer 34, answer 346"}, // an answer without a state is a reading
		{Referred, 20, "confirm 92, answer 356"},
		{Referred, 30, "confirm 92, answer 366"},
		{Confirmed, 40, "answer 376"},
		{Closed, 50, ""},
	} {
		if r, err = c.Answered(r, step.to, hour(step.at)); err != nil || dues(r) != step.want {
			t.Fatalf("to %s at %v: %v, %s, want %s", step.to, step.at, err, dues(r), step.want)
		}
	}
	r = c.Wrote(r, hour(100))
	if r.State != Received || dues(r) != "acknowledge 124, answer 268" {
		t.Errorf("opened again: %s, %s", r.State, dues(r))
	}
	if _, err := c.Answered(c.Acknowledged(r, hour(101)), "made up", hour(102)); !errors.Is(err, ErrMove) {
		t.Errorf("a state that does not exist: %v", err)
	}
	was := fileAt(c, Normal, ClassReport)
	was.State = Confirmed
	if got, err := c.Answered(was, Referred, hour(1)); !errors.Is(err, ErrMove) || !cmp.Equal(got, was) {
		t.Errorf("back to referred: %v", err)
	}
}

func TestAFurtherMessageIsAnsweredSooner(t *testing.T) {
	c := StandardClock()
	r, _ := c.Answered(fileAt(c, Normal, ClassReport), Read, hour(10)) // next word within 336 hours
	r = c.Wrote(r, hour(20))
	if dues(r) != "refer 34, answer 188" {
		t.Errorf("after a message: %s", dues(r))
	}
	if again := c.Wrote(r, hour(30)); dues(again) != "refer 34, answer 188" {
		t.Errorf("a second message puts the answer off: %s", dues(again))
	}
}

func TestWithdrawal(t *testing.T) {
	c := StandardClock()
	open := c.Acknowledged(fileAt(c, Normal, ClassReport), hour(2)) // refer 26, answer 168
	r, err := c.Turn(open, ByReporter, open.State.Withdraw(), hour(10))
	if err != nil || r.State != Read.Withdraw() {
		t.Fatal(err, r.State)
	}
	if moves := c.Due(r, staff, nil, hour(100)); len(moves) > 0 {
		t.Errorf("clocks run on during a withdrawal: %+v", moves)
	}
	kept, err := c.Turn(r, ByReporter, Read, hour(110))
	if err != nil || kept.State != Read || dues(kept) != "refer 126, answer 268" {
		t.Errorf("taken back: %v, %s, %s", err, kept.State, dues(kept))
	}
	if _, err := c.Turn(r, ByReporter, Read, hour(10+7*24)); err != nil {
		t.Errorf("in the last moment: %v", err)
	}
	if got, err := c.Turn(r, ByReporter, Read, hour(10.1+7*24)); !errors.Is(err, ErrMove) || got.State != r.State {
		t.Errorf("after seven days: %v, %s", err, got.State)
	}
	if _, err := c.Turn(r, ByClock, Closed, hour(100)); !errors.Is(err, ErrMove) {
		t.Errorf("it stands before its time: %v", err)
	}
	moves := c.Due(r, staff, nil, hour(10+7*24))
	if len(moves) != 1 || moves[0].What != Final || cmp.Diff([]string{"amal"}, moves[0].Tell) != "" {
		t.Fatalf("%+v", moves)
	}
	final := r.Apply(moves[0])
	if final.State != Closed || final.Due != nil || len(c.Due(final, staff, nil, hour(1e4))) > 0 {
		t.Errorf("%+v", final)
	}
	if closed, err := c.Turn(r, ByClock, Closed, hour(200)); err != nil || closed.Due != nil || closed.State != Closed {
		t.Errorf("by the clock alone: %v", err)
	}
}

// A reader who answers while the reporter withdraws is not refused: the answer counts beneath the withdrawal.
func TestAnswerMeetsWithdrawal(t *testing.T) {
	c := StandardClock()
	r, _ := c.Turn(fileAt(c, Normal, ClassReport), ByReporter, Received.Withdraw(), hour(1))
	got, err := c.Answered(r, Referred, hour(2))
	if err != nil || got.State != Referred.Withdraw() {
		t.Fatal(err, got.State)
	}
	if kept, err := c.Turn(got, ByReporter, Referred, hour(3)); err != nil || dues(kept) != "confirm 76, answer 170" {
		t.Errorf("%v, %s", err, dues(kept))
	}
	if again := c.Wrote(r, hour(2)); again.State != r.State {
		t.Error("a message takes a withdrawal back by itself")
	}
}

// words writes moves as a line each.
func words(moves []Move) string {
	var b strings.Builder
	for _, m := range moves {
		late := ""
		if m.Late {
			late = " late"
		}
		fmt.Fprintf(&b, "%s %s %v%s hand %v tell %v\n", m.Step, m.What, m.At.Sub(filed).Hours(), late, m.Hand, m.Tell)
	}
	return b.String()
}

func TestEscalation(t *testing.T) {
	c := StandardClock()
	r := fileAt(c, Normal, ClassReport)
	var got strings.Builder
	for h := 0.0; h <= 60; h += 0.25 { // looked at every quarter of an hour
		for _, m := range c.Due(r, staff, nil, hour(h)) {
			got.WriteString(words([]Move{m}))
			r = r.Apply(m)
		}
	}
	want := `acknowledge remind 12 hand [] tell [amal]
acknowledge backup 24 late hand [dana] tell [dana]
acknowledge coordinator 36 late hand [cora] tell [cora]
acknowledge oversight 48 late hand [] tell [amal cora dana]
`
	if d := cmp.Diff(want, got.String()); d != "" {
		t.Error(d)
	}
	if !MaySee(r, "dana") || !MaySee(r, "cora") {
		t.Error("they were told and cannot see")
	}
}

func TestEscalationAfterALongSleep(t *testing.T) {
	c := StandardClock()
	r := fileAt(c, Normal, ClassReport)
	moves := c.Due(r, staff, nil, hour(120))
	want := `acknowledge backup 24 late hand [dana] tell [dana]
acknowledge coordinator 36 late hand [cora] tell [cora]
acknowledge oversight 48 late hand [] tell [amal dana cora]
answer remind 84 hand [] tell [amal dana cora]
`
	got := strings.ReplaceAll(words(moves), "[amal cora dana]", "[amal dana cora]")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, m := range moves {
		r = r.Apply(m)
	}
	if again := c.Due(r, staff, nil, hour(120)); len(again) > 0 {
		t.Errorf("made twice: %s", words(again))
	}
}

func TestAnEmptyRungIsPassedOver(t *testing.T) {
	c := StandardClock()
	for name, x := range map[string]struct {
		readers  []Reader
		excluded []string
		roster   Roster
		want     string
	}{
		"no backup": {[]Reader{{"amal", true}, {"cora", false}}, nil, staff,
			"acknowledge coordinator 24 late hand [cora] tell [cora]\n"},
		"nobody waits": {[]Reader{{"amal", true}}, nil, staff,
			"acknowledge coordinator 24 late hand [] tell [amal]\n"},
		"the backup was revoked": {[]Reader{{"amal", true}, {"cora", false}, {"dana", false}}, nil,
			roster(person("amal", "blue", FocalPoint), person("dana", "green", Backup, revoked), person("cora", "un", Coordinator)),
			"acknowledge coordinator 24 late hand [cora] tell [cora]\n"},
		"the backup was excluded": {[]Reader{{"amal", true}, {"cora", false}, {"dana", false}}, []string{"dana"}, staff,
			"acknowledge coordinator 24 late hand [cora] tell [cora]\n"},
	} {
		r := c.Filed(Report{State: Received, Readers: x.readers, Excluded: x.excluded}, filed)
		if got := words(c.Due(r, x.roster, nil, hour(47))); got != x.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestDueDay(t *testing.T) {
	c := StandardClock()
	r := fileAt(c, Normal, ClassReport)
	if d, ok := c.DueDay(r); !ok || d != DayOf(hour(12)) {
		t.Errorf("%v %v", d.Time(), ok)
	}
	closed, _ := c.Answered(r, Closed, hour(1))
	if _, ok := c.DueDay(closed); ok {
		t.Error("something is due about a closed report")
	}
	r, _ = c.Turn(r, ByReporter, Received.Withdraw(), hour(1))
	if at, ok := c.Next(r); !ok || !at.Equal(hour(1+7*24)) {
		t.Errorf("a withdrawal ends at %v", at)
	}
}

// Whatever happens to a report: Next names the moment at which Due has something, each rung is made once, nobody excluded
// is told, and every deadline that is missed is told to somebody while anybody can be.
func TestClockRunsThroughAnyStory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := StandardClock()
		r := fileAt(c, rapid.SampledFrom([]Urgency{Urgent, Normal}).Draw(t, "urgency"), ClassReport)
		now := filed
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour)
			next, any := c.Next(r)
			moves := c.Due(r, staff, nil, now)
			if (any && !now.Before(next)) != (len(moves) > 0) {
				// A reminder that comes too late gives way to the rung above it, which is due as well.
				t.Fatalf("next is %v, now %v, moves %s", next, now, words(moves))
			}
			for _, m := range moves {
				if len(m.Tell) == 0 {
					t.Fatalf("told to nobody: %s", words(moves))
				}
				for _, p := range append(m.Tell, m.Hand...) {
					if r.IsExcluded(p) {
						t.Fatalf("%s is excluded and told", p)
					}
				}
				r = r.Apply(m)
			}
			if again := c.Due(r, staff, nil, now); len(again) > 0 {
				t.Fatalf("made twice: %s", words(again))
			}
			if next, any = c.Next(r); any && !now.Before(next) {
				t.Fatalf("next is %v, which is past", next)
			}
			before := r
			switch rapid.IntRange(0, 5).Draw(t, "event") {
			case 0:
				r = c.Acknowledged(r, now)
			case 1:
				r = c.Wrote(r, now)
			case 2:
				r, _ = c.Answered(r, rapid.SampledFrom(ranks).Draw(t, "to"), now)
			case 3:
				r, _ = c.Turn(r, ByReporter, rapid.SampledFrom([]State{r.State.Withdraw(), r.State.Keep()}).Draw(t, "to"), now)
			case 4:
				if len(r.Readers) > 1 {
					r, _ = r.Exclude(rapid.SampledFrom([]string{"amal", "dana", "cora"}).Draw(t, "person"))
				}
			}
			if !r.State.Valid() || r.State == Closed && len(r.Due) > 0 || len(r.Due) > len(Steps()) {
				t.Fatalf("from %s to %s with %s", before.State, r.State, dues(r))
			}
			if _, running := c.Next(r); r.State == Received && !running && !before.State.IsWithdrawn() && before.State != Received {
				t.Fatal("nothing runs on a report that nobody has read")
			}
			if len(r.Handed()) == 0 && len(r.Readers) > 0 {
				t.Fatal("nobody sees the report")
			}
			if _, err := DecodeReport(r.Append(nil)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
