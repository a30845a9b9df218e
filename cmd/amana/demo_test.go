package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amana/bot/ticket"
)

// showing runs `amana demo -terminal` with these lines on standard input and gives screen, messages and exit status.
func showing(t *testing.T, lines string, args ...string) (screen, messages string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = Main(t.Context(), &call{
		args: append([]string{"demo", "-terminal"}, args...), stdin: strings.NewReader(lines), stdout: &out, stderr: &errs,
		env: func(string) string { return "" },
	})
	return out.String(), errs.String(), status
}

// walked is a showing from the first word to the answer that was read.
const walked = `1
Yes
2
#1
1
1
2
4
1
3
1
1
3
3
He takes money.
And he laughs.
#1
1
1 3
2
1
1
1
5
1
/desk health
#1
/inbox
#1
answer
We have read it. You can write again here.
2
note
Let us talk about this tomorrow.
/desk relief
/person
/start
1
1
7
/number
3
/wait 26h
/quit
nothing after this is heard
`

func TestDemo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "walk.txtar")
	screen, messages, status := showing(t, walked, "-save", file)
	if status != 0 {
		t.Fatalf("status %d: %s", status, messages)
	}
	for _, want := range []string{
		"Nothing leaves this machine",
		"It is sent. This number opens",
		"is sealed to its readers now",
		"you are now: Focal point, Example Health",
		"is acknowledged",
		"`amana open ", "He takes money.", "Who can read this report",
		"has sealed and signed",
		"at this moment a line comes to the phone: There is a message for you.",
		"Another reader has answered",
		"you are the person with the phone again",
		"You can write again here.",
		"26 hours later",
	} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen does not show %q", want)
		}
	}
	if strings.Contains(screen, "nothing after this") {
		t.Error("a line after /quit was heard")
	}
	if strings.Contains(strings.SplitN(screen, "you are the person with the phone again", 2)[1], "Let us talk") {
		t.Error("the person was shown a note of the staff")
	}
	if t.Failed() {
		t.Log(screen)
	}
	sameAgain(t, file, "en")
}

// sameAgain walks what was saved as a transcript, and compares: a showing is a test.
func sameAgain(t *testing.T, file, lang string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	saved := readStory(t, file)
	got := walkStory(t, saved, lang)
	section := func(text, name, next string) []string {
		_, text, _ = strings.Cut(text, "-- "+name+" --\n")
		text, _, _ = strings.Cut(text, "-- "+next+" --\n")
		return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool {
			return strings.HasPrefix(l, "< ") // typed as it came to mind, in the one; as the script says, in the other
		})
	}
	for _, s := range [][2]string{{"script", "chat"}, {"chat", "report"}, {"report", "notice"}} {
		if diff := cmp.Diff(section(string(data), s[0], s[1]), section(got.String(), s[0], s[1])); diff != "" {
			t.Errorf("walked again, the %s differs (-saved +again):\n%s", s[0], diff)
		}
	}
	if strings.Contains(string(data), "\ntype: ") {
		t.Error("an answer was saved as the words of one language, not by its name")
	}
}

func TestDemoInArabic(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "walk.txtar")
	lines := "العربية\nنعم\n٢\n١\nتخطي\n١\n٢\n/hide\n٢\n"
	screen, messages, status := showing(t, lines, "-lang", "ar", "-save", file)
	if status != 0 {
		t.Fatalf("status %d: %s", status, messages)
	}
	if first, second := strings.Index(screen, "العربية"), strings.Index(screen, "English"); first < 0 || first > second {
		t.Error("the language of the phone does not come first")
	}
	for _, want := range []string{"إخفاء", "the bot has cleared the chat"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen does not show %q:\n%s", want, screen)
		}
	}
	sameAgain(t, file, "ar")
}

func TestDemoDesk(t *testing.T) {
	t.Parallel()
	screen, _, status := showing(t, `/desk nobody
/desk recovery
/desk children
#7
answer
/inbox
/help
hello
/wait
/wait 5s
/number
/keys
/person

/wait 2h
`)
	if status != 0 {
		t.Errorf("status %d", status)
	}
	for _, want := range []string{
		`there is nobody here called "nobody"`, `there is nobody here called "recovery"`, "you are now: Focal point for children",
		"nothing new has come", "there is no button #7", "open a report first", "Nothing waits for you.", "never forwarded",
		"write for example /wait 30m", "no report was sent yet", "2 hours later",
	} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen does not show %q:\n%s", want, screen)
		}
	}
}

func TestDemoRefuses(t *testing.T) {
	t.Parallel()
	there := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(there, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-lang", "xx"}, {"-profile", "atlantis"}, {"-profile", "./none.yaml"}, {"more"}, {"-save", there}, {"-what"}} {
		if _, messages, status := showing(t, "", args...); status != 2 || messages == "" {
			t.Errorf("demo %v: status %d, %q; want 2 and a reason", args, status, messages)
		}
	}
	if screen, _, status := showing(t, ""); status != 0 || !strings.Contains(screen, "In which language") {
		t.Errorf("the end of the input at once: status %d", status)
	}
}

// TestCampLeavesNothing holds the demonstration to what it says: when it is over, it is gone.
func TestCampLeavesNothing(t *testing.T) {
	t.Parallel()
	c, err := newCamp(t.Context(), campOptions{profile: "example", now: time.Now, rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(c.dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of keys: %v, %v; want one for its owner alone", info, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(c.dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", c.dir, err)
	}
}

// TestCampIsAMission holds the invented people to the rules for real ones.
func TestCampIsAMission(t *testing.T) {
	t.Parallel()
	c, err := newCamp(t.Context(), campOptions{profile: "example", now: time.Now, rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var roles []ticket.Role
	for _, e := range c.registry.Roster().Entries {
		roles = append(roles, e.Role)
		if key := c.people[e.ID]; key.Public() != e.Key {
			t.Errorf("%s: the roster holds another key", e.ID)
		}
	}
	for _, r := range []ticket.Role{ticket.FocalPoint, ticket.Backup, ticket.Coordinator, ticket.Oversight, ticket.Recovery} {
		if !slices.Contains(roles, r) {
			t.Errorf("nobody in the camp is %s", r)
		}
	}
	if who := c.registry.Readership("sea", "en", nil); who.Verdict != "enough" {
		t.Errorf("a report could be read by: %+v", who)
	}
}

// begun is what is shown, and tells when it begins.
type begun struct {
	bytes.Buffer
	first func()
}

func (b *begun) Write(p []byte) (int, error) {
	b.first()
	return b.Buffer.Write(p)
}

// TestDemoStopsWhenTold ends a showing in the middle, as Ctrl-C and a closed window do.
func TestDemoStopsWhenTold(t *testing.T) {
	t.Parallel()
	in, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	defer in.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &begun{first: cancel} // when it has begun to show something, however long the camp took to set up
	c := &call{args: []string{"demo", "-terminal"}, stdin: in, stdout: out, stderr: out, env: func(string) string { return "" }}
	if status := Main(ctx, c); status != 0 {
		t.Errorf("status %d: %s", status, out.String())
	}
}
