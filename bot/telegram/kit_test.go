package telegram_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

const (
	notSaved = "This could not be saved yet."
	perhaps  = "Nobody knows yet whether this was saved."
	isLost   = "It could not be saved."
	onlyHere = "I listen in private chats only."
)

var sentences = telegram.Words{
	NotSaved: func(string) string { return notSaved },
	Perhaps:  func(string) string { return perhaps },
	Lost:     func(string) string { return isLost },
	Group:    func(string) string { return onlyHere },
}

// TestMain lets more tests run side by side than there are processors: they wait most of their time.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// room is a Hearer that commits: it remembers what it heard, applies no mark twice, and answers by a script.
type room struct {
	mu     sync.Mutex
	heard  []bot.Incoming
	marks  map[bot.Mark]int
	script func(context.Context, bot.Incoming) (bot.Reply, error)
}

func (r *room) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	var reply bot.Reply
	var err error
	if r.script != nil {
		reply, err = r.script(ctx, in)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !in.Mark.IsZero() {
		if r.marks == nil {
			r.marks = map[bot.Mark]int{}
		}
		if r.marks[in.Mark]++; r.marks[in.Mark] > 1 {
			return reply, nil
		}
	}
	r.heard = append(r.heard, in)
	return reply, nil
}

func (r *room) all() []bot.Incoming {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.heard)
}

func (r *room) texts() (texts []string) {
	for _, in := range r.all() {
		if in.Kind == bot.Text {
			texts = append(texts, in.Text)
		}
	}
	return texts
}

// say is a reply of plain messages.
func say(texts ...string) bot.Reply {
	var r bot.Reply
	for _, t := range texts {
		r.Outs = append(r.Outs, bot.Outgoing{Text: t, Lang: "en"})
	}
	return r
}

// ask is a message with one row of buttons; each carries its label as data.
func ask(text string, labels ...string) bot.Outgoing {
	var row []bot.Choice
	for _, l := range labels {
		row = append(row, bot.Choice{Label: l, Data: "t:" + l})
	}
	return bot.Outgoing{Text: text, Lang: "en", Rows: [][]bot.Choice{row}}
}

// names makes pseudonyms as the real ones are made, under a root of its own.
type names struct{}

func hashed(s string) [16]byte {
	h := hmac.New(sha256.New, []byte("root of the tests"))
	h.Write([]byte(s))
	return [16]byte(h.Sum(nil))
}

func (names) Person(a bot.Address) (now, was bot.Person) { return hashed(a.Reveal()), bot.Person{} }
func (names) Mark(botID string, update int64) (now, was bot.Mark) {
	return hashed(fmt.Sprint(botID, " ", update)), bot.Mark{}
}

func person(u *telegramtest.User) bot.Person {
	p, _ := names{}.Person(bot.Address(fmt.Sprintf("telegram:%d", u.ID())))
	return p
}

// trail is a Trail in memory; like the real one it keeps a chat's messages of one day together.
type trail struct {
	mu     sync.Mutex
	traces []telegram.Trace
	broken bool
}

func (t *trail) Note(_ context.Context, what telegram.Trace) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.broken {
		return errors.New("writing: no space")
	}
	for i, x := range t.traces {
		if x.Person == what.Person && x.At.Truncate(24*time.Hour).Equal(what.At.Truncate(24*time.Hour)) {
			t.traces[i].IDs, t.traces[i].Asked = append(slices.Clone(x.IDs), what.IDs...), cmp.Or(what.Asked, x.Asked)
			return nil
		}
	}
	t.traces = append(t.traces, what)
	return nil
}

func (t *trail) Take(_ context.Context, who bot.Person) ([]telegram.Trace, error) {
	return t.pick(func(x telegram.Trace) bool { return x.Person == who }), nil
}

func (t *trail) Due(_ context.Context, before time.Time, limit int) ([]telegram.Trace, error) {
	due := t.pick(func(x telegram.Trace) bool { return x.At.Before(before) })
	return due[:min(len(due), limit)], nil
}

func (t *trail) pick(want func(telegram.Trace) bool) (out []telegram.Trace) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.traces {
		if want(x) {
			out = append(out, x)
		}
	}
	return out
}

func (t *trail) Forget(_ context.Context, what telegram.Trace) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.traces = slices.DeleteFunc(t.traces, func(x telegram.Trace) bool { return x.Person == what.Person && x.At.Equal(what.At) })
	return nil
}

// size counts the messages that are noted.
func (t *trail) size() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range t.traces {
		n += len(x.IDs)
	}
	return n
}

// closer keeps closing records in memory.
type closer struct {
	mu        sync.Mutex
	parcels   []bot.Parcel
	delivered []bot.Person
	records   []bot.ClosingID // of these, in the same order
	failures  int             // of Delivered, before it works
}

func (c *closer) Delivered(_ context.Context, who bot.Person, id bot.ClosingID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failures > 0 {
		c.failures--
		return errors.New("writing: no space")
	}
	c.delivered, c.records = append(c.delivered, who), append(c.records, id)
	c.parcels = slices.DeleteFunc(c.parcels, func(p bot.Parcel) bool { return p.Person == who && p.Out.Closing == id })
	return nil
}

func (c *closer) Unsent(context.Context) ([]bot.Parcel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.parcels), nil
}

func (c *closer) named() []bot.ClosingID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.records)
}

func (c *closer) count(who bot.Person) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.delivered {
		if p == who {
			n++
		}
	}
	return n
}

// notes collects log lines.
type notes struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

// Where the webhooks of these tests are. The host exists nowhere.
const (
	hookHost = "hook.example"
	hookURL  = "https://" + hookHost + "/a/path/for/this/bot"
)

// stage is a door that stands open before a strict Bot API, with a room behind it.
type stage struct {
	t      *testing.T
	server *telegramtest.Server
	room   *room
	trail  *trail
	closer *closer
	log    *notes
	opt    telegram.Options
	way    way
	front  string // where the door itself is, when it has a webhook

	door *telegram.Door
	stop func() error
}

// way is how updates come to a door.
type way string

const (
	polling way = "polling"
	webhook way = "webhook"
)

// bothWays plays a test once with each.
func bothWays(t *testing.T, play func(*testing.T, way)) {
	for _, w := range []way{polling, webhook} {
		t.Run(string(w), func(t *testing.T) { play(t, w) })
	}
}

// build makes a stage whose door is not open yet, beside those of other tests.
func (w way) build(t *testing.T, so telegramtest.Options, change func(*telegram.Options)) *stage {
	t.Helper()
	t.Parallel()
	s := buildAlone(t, so, change)
	s.way = w
	return s
}

func (w way) start(t *testing.T, script func(context.Context, bot.Incoming) (bot.Reply, error)) *stage {
	s := w.build(t, telegramtest.Options{}, nil)
	s.room.script = script
	return s.open()
}

func build(t *testing.T, so telegramtest.Options, change func(*telegram.Options)) *stage {
	t.Helper()
	return polling.build(t, so, change)
}

func buildAlone(t *testing.T, so telegramtest.Options, change func(*telegram.Options)) *stage {
	t.Helper()
	if so.Hammer == 0 {
		so.Hammer = 20 * time.Millisecond // stops and starts follow each other faster here than in life
	}
	if so.HookRetry == 0 {
		so.HookRetry = 20 * time.Millisecond
	}
	s := &stage{t: t, server: telegramtest.New(so).Start(t), room: &room{}, trail: &trail{}, closer: &closer{}, log: &notes{}}
	s.opt = telegram.Options{
		Token: telegramtest.Token, API: s.server.URL(),
		Log:    slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:    s.server.Now,
		Hearer: s.room, Closer: s.closer, Names: names{}, Trail: s.trail,
		Words: sentences,
		Retry: 5 * time.Millisecond, Grace: 3 * time.Second,
		Rates: telegram.Rates{Chat: 1000, ChatBurst: 1000, All: 1000, AllBurst: 1000},
	}
	if change != nil {
		change(&s.opt)
	}
	return s
}

// open opens the door, again if it was closed before.
func (s *stage) open() *stage {
	s.t.Helper()
	s.opt.Webhook = nil
	if s.way == webhook {
		s.opt.Webhook = &telegram.Webhook{URL: hookURL, Secret: "Secret_of-the-tests", Connections: 40}
	}
	d, err := telegram.New(s.opt)
	if err != nil {
		s.t.Fatal(err)
	}
	shut := func() {}
	if s.way == webhook {
		front := httptest.NewServer(d)
		s.front = front.Listener.Addr().String()
		s.server.Forward(hookHost, s.front)
		shut = front.Close // waits for the requests that are under way
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	s.door = d
	s.stop = sync.OnceValue(func() error {
		cancel()
		err := <-done
		shut()
		return err
	})
	s.t.Cleanup(func() { s.stop() })
	return s
}

func start(t *testing.T, script func(context.Context, bot.Incoming) (bot.Reply, error)) *stage {
	t.Helper()
	return polling.start(t, script)
}

func (s *stage) user(id int64) *telegramtest.User {
	return s.server.User(id, telegramtest.UserOptions{FirstName: "Nyandeng", LastName: "Deng", Username: "nyandeng_d", Language: "en"})
}

// until waits for something that no chat shows.
func (s *stage) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("waited in vain: %s; counts %+v; log:\n%s", what, s.door.Counts(), s.log)
		}
	}
}

func (s *stage) shows(u *telegramtest.User, words string) telegramtest.Screen {
	s.t.Helper()
	screen, err := u.WaitText(telegramtest.Within(time.Minute), words)
	if err != nil {
		s.t.Fatalf("%v\nlog:\n%s", err, s.log)
	}
	return screen
}

// sent counts what the bot sent with these words, taken back or not.
func sent(u *telegramtest.User, words string) (n int) {
	for _, e := range u.Transcript() {
		if e.Kind == telegramtest.Sent && strings.Contains(e.Message.Text, words) {
			n++
		}
	}
	return n
}

// echo answers each text with itself.
func echo(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	if in.Kind == bot.Left {
		return bot.Reply{}, nil
	}
	return say("you: " + in.Text), nil
}
