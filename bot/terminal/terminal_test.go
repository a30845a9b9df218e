package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/terminal"
)

// room writes down what it hears and answers from a list.
type room struct {
	heard     []bot.Incoming
	answers   []bot.Reply
	delivered int
	err       error
}

func (r *room) Hear(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	r.heard = append(r.heard, in)
	if r.err != nil || len(r.answers) == 0 {
		return bot.Reply{}, r.err
	}
	a := r.answers[0]
	r.answers = r.answers[1:]
	return a, nil
}

func (r *room) Delivered(context.Context, bot.Person, bot.ClosingID) error {
	r.delivered++
	return nil
}

func question(text string, labels ...string) bot.Reply {
	o := bot.Outgoing{Text: text, Lang: "en"}
	for i, l := range labels {
		o.Rows = append(o.Rows, []bot.Choice{{Label: l, Data: fmt.Sprintf("data-%d", i+1)}})
	}
	return bot.Reply{Outs: []bot.Outgoing{o}}
}

// talk sends lines to a room through a door and gives what stood on the screen.
func talk(t *testing.T, r *room, width int, lines ...string) string {
	t.Helper()
	var out bytes.Buffer
	d := terminal.New(terminal.Options{
		Hearer: r, Closer: r, Out: &out, Person: bot.Person{7}, Address: "terminal:person", Lang: "ar",
		Width: func() int { return width },
		Now:   func() time.Time { return time.Unix(1764000000, 0) },
		Mark:  func() bot.Mark { return bot.Mark{byte(len(r.heard) + 1)} },
	})
	if err := d.Run(t.Context(), strings.NewReader(strings.Join(lines, "\n"))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWhatIsTypedGoesInAsFromAPhone(t *testing.T) {
	r := &room{answers: []bot.Reply{question("Well?", "1 · Yes", "2 · No", "Hide"), {}, {}, {}, {}, {}, {}}}
	talk(t, r, 80, "2", "Yes", "#3", "/hide", "", "  ", "/start", "نعم", "/two words")
	want := []bot.Incoming{
		{Kind: bot.Start}, {Kind: bot.Text, Text: "2"}, {Kind: bot.Text, Text: "Yes"}, {Kind: bot.Tap, Tap: "data-3"},
		{Kind: bot.Command, Text: "hide"}, {Kind: bot.Start}, {Kind: bot.Text, Text: "نعم"}, {Kind: bot.Text, Text: "/two words"},
	}
	if len(r.heard) != len(want) {
		t.Fatalf("heard %d messages, want %d", len(r.heard), len(want))
	}
	for i, w := range want {
		got := r.heard[i]
		if got.Kind != w.Kind || got.Text != w.Text || got.Tap != w.Tap {
			t.Errorf("message %d: kind %d %q %q, want kind %d %q %q", i, got.Kind, got.Text, got.Tap, w.Kind, w.Text, w.Tap)
		}
		if (got.Person != bot.Person{7}) || got.Address != "terminal:person" || got.Lang != "ar" || got.Sent.IsZero() || got.Mark.IsZero() {
			t.Errorf("message %d does not say who sent it, when, or which it is", i)
		}
	}
}

func TestButtons(t *testing.T) {
	r := &room{answers: []bot.Reply{question("In which area?", "1 · Block A", "2 · By the river", "Leave out", "Hide", "· x")}}
	got := talk(t, r, 80, "#9", "#0")
	want := `
  In which area?

  1 · Block A
  2 · By the river
` + "  #3\u00a0Leave\u00a0out   #4\u00a0Hide   #5\u00a0·\u00a0x" + `
  (there is no button #9 just now)
  (there is no button #0 just now)
`
	if got != want {
		t.Errorf("the screen shows\n%s\nwant\n%s", got, want)
	}
	if len(r.heard) != 1 {
		t.Errorf("a button that is not there was pressed")
	}
}

func TestWhatTheBotDoesIsTold(t *testing.T) {
	r := &room{answers: []bot.Reply{
		question("Well?", "1 · Yes"),
		{Answered: "Yes", Toast: "noted", Erase: bot.EraseTyped, Outs: []bot.Outgoing{{Text: "A note without buttons."}}},
		{Erase: bot.EraseAll, Outs: []bot.Outgoing{{
			Text: "1234 5678", Closing: bot.ClosingID{1}, Keep: true, Rows: [][]bot.Choice{{{Label: "Copy", Copy: "12345678"}}},
		}}},
		{Outs: []bot.Outgoing{{Text: "Again", Replace: true, File: &bot.File{Name: "a.amana", Bytes: make([]byte, 1500)}}}},
	}}
	got := talk(t, r, 80, "1", "#1", "x", "#1", "y")
	for _, want := range []string{
		"(in place of the buttons now stands: Yes)", "(for a moment: noted)", "(the bot has taken your message out of the chat)",
		"(there is no button #1 just now)", // the answered question has none any more
		"(the bot has cleared the chat, as far as it can)", "#1\u00a0Copy", "(the phone has copied: 12345678)",
		"(in place of the question above)", "(a file: a.amana, 2 kB)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the screen does not show %q:\n%s", want, got)
		}
	}
	if r.delivered != 1 {
		t.Errorf("the room was told %d times that the closing message was shown, want once", r.delivered)
	}
}

func TestNothingSteersTheTerminal(t *testing.T) {
	r := &room{answers: []bot.Reply{question("a\x1b[2Jb\r\x07\u009bc", "1 · \x1b]0;x\x07y"), {}}}
	got := talk(t, r, 80, "one\x1b[A\x00two")
	if strings.ContainsAny(got, "\x1b\r\x07\u009b") {
		t.Errorf("a text reached the terminal as a command: %q", got)
	}
	if r.heard[1].Text != "one[Atwo" {
		t.Errorf("a typed line went in as %q", r.heard[1].Text)
	}
	bad := &room{}
	talk(t, bad, 80, "a\xffb")
	if bad.heard[1].Text != "a\uFFFDb" {
		t.Errorf("a line that is not UTF-8 went in as %q", bad.heard[1].Text)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"one two three", 7, "one two|three"},
		{"one two three", 80, "one two three"},
		{"a\n\nb", 10, "a||b"},
		{"4821773055169042", 10, "4821773055169042"},
		{"see 4821773055169042 now", 10, "see|4821773055169042|now"},
		{"هَلْ أَنْتَ", 7, "هَلْ أَنْتَ"}, // marks take no column
		{"", 10, ""},
		{"  indented words", 10, "  indented|words"},
	} {
		if got := strings.Join(terminal.Wrap(c.text, c.columns), "|"); got != c.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestNarrowScreen(t *testing.T) {
	r := &room{answers: []bot.Reply{question(strings.Repeat("word ", 30), "1 · "+strings.Repeat("label ", 10), "Hide", "Back", "Skip", "Services")}}
	for _, line := range strings.Split(talk(t, r, 30), "\n") {
		if n := len([]rune(line)); n > 30 {
			t.Errorf("a line of %d columns on a screen of 30: %q", n, line)
		}
	}
}

func TestAFaultOfTheRoomEndsTheTalk(t *testing.T) {
	r := &room{err: errors.New("the disk is gone")}
	err := terminal.New(terminal.Options{Hearer: r, Out: io.Discard}).Run(t.Context(), strings.NewReader("x\n"))
	if !errors.Is(err, r.err) {
		t.Errorf("Run = %v", err)
	}
}

func TestItStopsWaiting(t *testing.T) {
	in, feed := io.Pipe()
	defer feed.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- terminal.New(terminal.Options{Hearer: &room{}, Out: io.Discard}).Run(ctx, in) }()
	if _, err := feed.Write([]byte("hello\n")); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("being stopped is an error: %v", err)
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", terminal.MaxLine+10)
	lines := terminal.Read(strings.NewReader("one\r\n" + long + "\n\ntwo\n" + "last"))
	var got []string
	for {
		line, err := lines.Next(t.Context())
		if errors.Is(err, terminal.ErrLongLine) {
			line = "(long)"
		} else if err != nil {
			if !terminal.Ended(err) {
				t.Error(err)
			}
			break
		}
		got = append(got, line)
	}
	if s := strings.Join(got, "|"); s != "one|(long)||two|last" {
		t.Errorf("read %q", s)
	}
	lines = terminal.Read(strings.NewReader(long))
	if _, err := lines.Next(t.Context()); !errors.Is(err, terminal.ErrLongLine) {
		t.Errorf("a long last line: %v", err)
	}
	if _, err := lines.Next(t.Context()); !terminal.Ended(err) {
		t.Errorf("after a long last line: %v", err)
	}
}

func TestALineSurvivesAStop(t *testing.T) {
	in, feed := io.Pipe()
	lines := terminal.Read(in)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lines.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("Next with an ended context = %v", err)
	}
	go func() {
		_, _ = feed.Write([]byte("one\ntwo\n"))
		feed.Close()
	}()
	for _, want := range []string{"one", "two"} {
		if got, err := lines.Next(t.Context()); got != want || err != nil {
			t.Errorf("Next = %q, %v, want %q", got, err, want)
		}
	}
}
