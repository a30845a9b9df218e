package ticket

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// outer is all that the server may read of a report with the house keys. A field that is added here is told to whoever
// steals disk and keys: the protocol must allow it first.
var outer = map[string][]string{
	"Report": {"ID", "Code", "Day", "Due", "Kind", "Urgency", "Area", "Lang", "State", "Class", "Hold", "Readers", "Excluded",
		"MailboxID", "MailboxKey", "SigningKey", "Unread", "Tray"},
	"Due":    {"Step", "From", "At", "Made"},
	"Reader": {"Person", "Handed"},
}

func TestOuterRecordHasExactlyTheseFields(t *testing.T) {
	for name, typ := range map[string]reflect.Type{
		"Report": reflect.TypeFor[Report](), "Due": reflect.TypeFor[Due](), "Reader": reflect.TypeFor[Reader](),
	} {
		var got []string
		for f := range typ.Fields() {
			got = append(got, f.Name)
		}
		if d := cmp.Diff(outer[name], got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// drawReport gives any outer record that the house could write.
func drawReport(t *rapid.T) Report {
	person := rapid.StringMatching(`[a-z][a-z0-9_-]{0,9}`)
	at := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "second"), 0).UTC()
	})
	r := Report{
		Code:    Code(rapid.StringMatching(`[BDFGHJ]{6}`).Draw(t, "code")),
		Day:     Day(rapid.Uint32().Draw(t, "day")),
		Kind:    rapid.SampledFrom(Kinds()).Draw(t, "kind"),
		Urgency: rapid.SampledFrom([]Urgency{Urgent, Normal}).Draw(t, "urgency"),
		Area:    rapid.SampledFrom([]string{"", "north", "south"}).Draw(t, "area"),
		Lang:    rapid.SampledFrom([]string{"", "ar", "en", "zh-Hant"}).Draw(t, "lang"),
		State:   rapid.SampledFrom(ranks).Draw(t, "state"),
		Class:   rapid.SampledFrom([]Class{ClassReport, ClassFeedback}).Draw(t, "class"),
		Hold:    rapid.Bool().Draw(t, "hold"),
		Unread:  rapid.Bool().Draw(t, "unread"),
		Tray:    rapid.SampledFrom([]Tray{TrayNone, TrayLow}).Draw(t, "tray"),
	}
	if rapid.Bool().Draw(t, "withdrawn") {
		r.State = r.State.Withdraw()
	}
	for _, s := range Steps() {
		if rapid.Bool().Draw(t, string(s)) {
			r.Due = append(r.Due, Due{s, at.Draw(t, "from"), at.Draw(t, "at"), Made(rapid.IntRange(0, 4).Draw(t, "made"))})
		}
	}
	for _, p := range sorted(rapid.SliceOfN(person, 0, 12).Draw(t, "readers")) {
		r.Readers = append(r.Readers, Reader{p, rapid.Bool().Draw(t, "handed")})
	}
	r.Excluded = sorted(rapid.SliceOfN(person, 0, 5).Draw(t, "excluded"))
	copy(r.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	copy(r.MailboxID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "mailbox"))
	copy(r.SigningKey[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "signing"))
	r.MailboxKey = "age1" + strings.Repeat("q", 58)
	return r
}

func TestReportRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReport(t)
		b := r.Append([]byte("before"))
		got, err := DecodeReport(b[6:])
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, got); d != "" {
			t.Fatal(d)
		}
		if !bytes.Equal(r.Append(nil), got.Append(nil)) {
			t.Fatal("written in two ways")
		}
	})
}

func TestDecodeReportRefuses(t *testing.T) {
	whole := sample().Append(nil)
	for n := range whole {
		if _, err := DecodeReport(whole[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes are taken for a report", n, len(whole))
		}
	}
	later := append([]byte{reportVersion + 1}, whole[1:]...)
	tray := bytes.Clone(whole)
	tray[len(tray)-1] = byte(TrayLow) + 1
	for name, b := range map[string][]byte{
		"trailing": append(bytes.Clone(whole), 0),
		"later":    later,
		"no tray":  tray,
		"too new":  append([]byte{firstVersion}, whole[1:]...),
		"huge":     append(append([]byte{1}, make([]byte, 16)...), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
		"no state": Report{}.Append(nil),
	} {
		if _, err := DecodeReport(b); err == nil {
			t.Errorf("%s: taken for a report", name)
		}
	}
}

// sample is one ordinary report.
func sample() Report {
	at := time.Date(2026, 11, 2, 21, 4, 5, 0, time.UTC)
	return StandardClock().Filed(Report{
		ID: ID{1, 2, 3}, Code: "BDFGHJ", Day: DayOf(at), Kind: SEA, Urgency: Normal, Area: "north", Lang: "ar", State: Received,
		Class: ClassReport, Readers: []Reader{{"amal", true}, {"dana", false}, {"omar", true}}, Excluded: []string{"zed"},
		MailboxID: [16]byte{4}, MailboxKey: "age1" + strings.Repeat("q", 58), SigningKey: [32]byte{5},
	}, at)
}

// Whatever can be filed can be read again: in the largest roster everyone of one organisation is excluded.
func TestTheLargestReportIsReadAgain(t *testing.T) {
	r := sample()
	r.Excluded = nil
	for i := range maxEntries {
		r.Excluded = append(r.Excluded, fmt.Sprintf("%032d", i))
	}
	b := r.Append(nil)
	if got, err := DecodeReport(b); err != nil || len(got.Excluded) != maxEntries {
		t.Error(err)
	}
	if len(b) > 60<<10 {
		t.Errorf("%d bytes are more than a store takes", len(b))
	}
}

func TestReportIsSmall(t *testing.T) {
	if n := len(sample().Append(nil)); n > 400 {
		t.Errorf("an ordinary outer record takes %d bytes", n)
	}
}

func TestShare(t *testing.T) {
	r := sample()
	got, ok := r.Share("nour", 2)
	if !ok || !got.IsReader("nour") || r.IsReader("nour") || !MaySee(got, "nour") {
		t.Errorf("shared: %v %+v", ok, got.Readers)
	}
	if got, ok := r.Share("dana", 2); !ok || !MaySee(got, "dana") || len(got.Readers) != 3 || MaySee(r, "dana") {
		t.Error("a waiting person is handed the report, and the first record stays as it was")
	}
	if _, ok := r.Share("zed", 2); ok {
		t.Error("shared with an excluded person")
	}
	if _, ok := r.Share("", 2); ok {
		t.Error("shared with nobody")
	}
	n := 0
	for i := range 30 {
		var ok bool
		if r, ok = r.Share("p"+string(rune('a'+i)), 3); ok {
			n++
		}
	}
	if len(r.Readers)+3 != MaxSealed || n != MaxSealed-3-3 {
		t.Errorf("%d readers and 3 recovery keys", len(r.Readers))
	}
}

func TestExclude(t *testing.T) {
	r := sample()
	got, handed := r.Exclude("amal")
	if handed != nil || MaySee(got, "amal") || got.IsReader("amal") || !got.IsExcluded("amal") || !MaySee(got, "omar") {
		t.Errorf("one of two: %v %+v", handed, got)
	}
	got, handed = got.Exclude("omar", "omar", "zed")
	if d := cmp.Diff([]string{"dana"}, handed); d != "" || !MaySee(got, "dana") {
		t.Errorf("the last who saw it: %s", d)
	}
	if d := cmp.Diff([]string{"amal", "omar", "zed"}, got.Excluded); d != "" {
		t.Error(d)
	}
	if !MaySee(r, "amal") || len(r.Excluded) != 1 {
		t.Error("the first record was changed")
	}
}

func TestDay(t *testing.T) {
	for _, s := range []string{"1970-01-01T00:00:00Z", "2026-11-02T23:59:59Z", "2026-11-03T01:30:00+03:00"} {
		at, _ := time.Parse(time.RFC3339, s)
		if got := DayOf(at).Time().Format(time.DateOnly); got != at.UTC().Format(time.DateOnly) {
			t.Errorf("%s: %s", s, got)
		}
	}
	if DayOf(time.Time{}) != 0 {
		t.Error("a time before 1970")
	}
}

func FuzzReport(f *testing.F) {
	f.Add(sample().Append(nil))
	f.Add(Report{State: Received}.Append(nil))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := DecodeReport(b)
		if err != nil {
			if !reflect.DeepEqual(r, Report{}) {
				t.Fatal("something is left over from damaged bytes")
			}
			return
		}
		if !bytes.Equal(r.appendAs(nil, b[0]), b) {
			t.Fatal("two ways to write one report")
		}
		// Whatever the record says, nothing that reads it breaks.
		c := StandardClock()
		now := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
		c.Due(r, Roster{}, nil, now)
		c.DueDay(r)
		Inbox("amal", []Report{r}, now)
		for _, by := range []Actor{ByReporter, ByButton, ByReader, ByClock} {
			for _, to := range append(ranks, r.State.Withdraw()) {
				_, _ = c.Turn(r, by, to, now)
			}
		}
	})
}
