package telegramtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

// raw makes a sendMessage call and gives status, body and error as they come.
func (c *client) rawSend(text string) (int, http.Header, []byte, error) {
	r, err := http.PostForm(c.s.URL()+"/bot"+c.token+"/sendMessage", url.Values{"chat_id": {"5"}, "text": {text}})
	if err != nil {
		return 0, nil, nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return r.StatusCode, r.Header, b, err
}

func TestFaults(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	for _, x := range []struct {
		kind telegramtest.FaultKind
		done bool // what was asked for happened all the same
		ok   func(status int, h http.Header, body []byte, err error) bool
	}{
		{telegramtest.DropBefore, false, func(_ int, _ http.Header, _ []byte, err error) bool { return err != nil }},
		{telegramtest.DropAfter, true, func(_ int, _ http.Header, _ []byte, err error) bool { return err != nil }},
		{telegramtest.BadGateway, false, func(s int, _ http.Header, b []byte, err error) bool {
			return err == nil && s == 502 && strings.HasPrefix(string(b), "<html>")
		}},
		{telegramtest.BadGatewayAfter, true, func(s int, _ http.Header, b []byte, err error) bool {
			return err == nil && s == 502 && strings.HasPrefix(string(b), "<html>")
		}},
		{telegramtest.ServerError, false, func(s int, _ http.Header, b []byte, _ error) bool {
			return s == 500 && strings.Contains(string(b), `"error_code":500`)
		}},
		{telegramtest.Truncated, true, func(s int, _ http.Header, b []byte, err error) bool {
			return err == nil && s == 200 && !json.Valid(b) && len(b) > 10
		}},
		{telegramtest.Slow, true, func(s int, _ http.Header, b []byte, err error) bool { return err == nil && json.Valid(b) }},
		{telegramtest.Flood, false, func(s int, h http.Header, b []byte, _ error) bool {
			return s == 429 && h.Get("Retry-After") == "7" && strings.Contains(string(b), `"parameters":{"retry_after":7}`)
		}},
		{telegramtest.Conflict, false, func(s int, _ http.Header, b []byte, _ error) bool {
			return s == 409 && strings.Contains(string(b), `"description":"Conflict"`)
		}},
	} {
		stop := c.s.Fault(telegramtest.Fault{Method: "sendmessage", Kind: x.kind, RetryAfter: 7, Delay: 100 * time.Millisecond})
		begin := time.Now()
		if s, h, b, err := c.rawSend(x.kind.String()); !x.ok(s, h, b, err) {
			t.Errorf("%v: %d %q %v", x.kind, s, b, err)
		}
		if x.kind == telegramtest.Slow && time.Since(begin) < 90*time.Millisecond {
			t.Errorf("slow took %v", time.Since(begin))
		}
		if u.Screen().Has(x.kind.String()) != x.done {
			t.Errorf("%v: done is %v", x.kind, !x.done)
		}
		stop()
		if s, _, _, err := c.rawSend("well again"); s != 200 || err != nil {
			t.Errorf("after %v was stopped: %d %v", x.kind, s, err)
		}
	}
}

func TestFaultsAreAimed(t *testing.T) {
	play := func(seed uint64, f telegramtest.Fault) string {
		c := open(t, telegramtest.Options{Seed: seed})
		c.s.User(5, telegramtest.UserOptions{}).Start("")
		f.Kind = telegramtest.ServerError
		c.s.Fault(f)
		var b strings.Builder
		for range 12 {
			if s, _, _, _ := c.rawSend("a"); s == 200 {
				b.WriteByte('.')
			} else {
				b.WriteByte('X')
			}
		}
		return b.String()
	}
	for _, x := range []struct {
		f    telegramtest.Fault
		want string
	}{
		{telegramtest.Fault{Nth: 3}, "..X........."},
		{telegramtest.Fault{Method: "send*", Every: 4}, "...X...X...X"},
		{telegramtest.Fault{Every: 2, Times: 2}, ".X.X........"},
		{telegramtest.Fault{Method: "getUpdates"}, "............"},
		{telegramtest.Fault{Token: "2:x"}, "............"},
		{telegramtest.Fault{}, "XXXXXXXXXXXX"},
	} {
		if got := play(1, x.f); got != x.want {
			t.Errorf("%+v: %s, want %s", x.f, got, x.want)
		}
	}
	some := telegramtest.Fault{Probability: 0.5}
	if a, b, other := play(1, some), play(1, some), play(2, some); a != b || a == other || !strings.Contains(a, "X.") {
		t.Errorf("by chance: %s and %s with one seed, %s with another", a, b, other)
	}
}

func TestFloodLimits(t *testing.T) {
	k := newClock()
	c := open(t, telegramtest.Options{Now: k.Now, Rates: telegramtest.Rates{Global: 10, GlobalBurst: 10, Chat: 0.25, ChatBurst: 2, Group: 20.0 / 60, GroupBurst: 20, Webhook: 1}})
	for id := int64(5); id < 25; id++ {
		c.s.User(id, telegramtest.UserOptions{}).Start("")
	}
	c.s.Group(-9, c.s.User(5, telegramtest.UserOptions{}), telegramtest.GroupOptions{})
	good[message](c, "sendMessage", "chat_id", "5", "text", "a")
	m := good[message](c, "sendMessage", "chat_id", "5", "text", "b")
	a := c.call("editMessageText", "chat_id", "5", "message_id", itoa(m.ID), "text", "c")
	if a.Code != 429 || a.Parameters.RetryAfter != 4 || a.header.Get("Retry-After") != "4" || a.Description != "Too Many Requests: retry after 4" {
		t.Errorf("the third message in a chat: %+v", a)
	}
	k.Add(4 * time.Second)
	good[message](c, "sendMessage", "chat_id", "5", "text", "c")
	refused := 0
	for id := 6; id < 25; id++ {
		if c.call("sendMessage", "chat_id", itoa(id), "text", "a").Code == 429 {
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("of 19 messages to different chats %d were refused, want 10", refused)
	}
	good[map[string]any](c, "getMe")
	k.Add(time.Hour)
	for range 20 {
		good[message](c, "sendMessage", "chat_id", "-9", "text", "a")
		k.Add(time.Millisecond * 120)
	}
	if a := c.call("sendMessage", "chat_id", "-9", "text", "a"); a.Code != 429 {
		t.Errorf("the message after twenty in a group: %+v", a)
	}
	good[bool](c, "setWebhook", "url", "https://a.example/")
	if a := c.call("setWebhook", "url", "https://a.example/"); a.Code != 429 {
		t.Errorf("setWebhook twice in a second: %+v", a)
	}
	if v := c.s.Violations(); len(v) > 0 {
		t.Errorf("429 counted as a violation: %v", v)
	}
}

func TestRequestsAndHooks(t *testing.T) {
	c := open(t, telegramtest.Options{KeepRequests: 3})
	c.s.User(5, telegramtest.UserOptions{}).Start("")
	var stages []string
	c.s.Hook(func(s telegramtest.Stage, q telegramtest.Request) {
		stages = append(stages, map[telegramtest.Stage]string{telegramtest.Before: "before ", telegramtest.After: "after "}[s]+q.Method)
	})
	good[map[string]any](c, "getMe")
	for _, text := range []string{"a", "b"} {
		good[message](c, "sendMessage", "chat_id", "5", "text", text)
	}
	c.bad(400, "", "sendMessage", "chat_id", "6", "text", "c")
	if got := c.s.Requests(); len(got) != 3 || got[0].Params["text"] != "a" || got[2].Status != 400 || got[2].Answer == "" || got[0].Status != 200 {
		t.Errorf("requests: %+v", got)
	}
	if got := c.s.Requests("getMe"); len(got) != 0 {
		t.Errorf("forgotten requests: %+v", got)
	}
	if len(stages) != 8 || stages[0] != "before getMe" || stages[3] != "after sendMessage" {
		t.Errorf("stages: %v", stages)
	}
}

// fakeTB stands for a test, to see that a violation fails it.
type fakeTB struct {
	clean  []func()
	errors int
}

func (f *fakeTB) Helper()               {}
func (f *fakeTB) Cleanup(c func())      { f.clean = append(f.clean, c) }
func (f *fakeTB) Errorf(string, ...any) { f.errors++ }
func (f *fakeTB) Fatalf(string, ...any) { f.errors++ }

func TestViolationFailsTheTest(t *testing.T) {
	for lenient, want := range map[bool]int{false: 1, true: 0} {
		tb := &fakeTB{}
		c := &client{t: t, s: telegramtest.New(telegramtest.Options{Lenient: lenient}).Start(tb), token: telegramtest.Token}
		c.call("sendMessage", "text", "to nobody")
		if v := c.s.Violations(); len(v) != 1 || v[0].Method != "sendMessage" || !strings.Contains(v[0].String(), "chat_id") {
			t.Errorf("violations: %v", v)
		}
		for _, f := range tb.clean {
			f()
		}
		if tb.errors != want {
			t.Errorf("lenient %v: %d errors", lenient, tb.errors)
		}
		if _, err := c.try("getMe"); err == nil {
			t.Error("a closed server answers")
		}
	}
}

func TestWaitsEnd(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Send("hello?")
	_, err := u.WaitText(telegramtest.Within(20*time.Millisecond), "never")
	if err == nil || !strings.Contains(err.Error(), "< hello?") {
		t.Errorf("the error of a wait does not show the screen: %v", err)
	}
	go func() { c.rawSend("a moment") }()
	if err := u.WaitSeen(telegramtest.Within(time.Minute), "a moment"); err != nil {
		t.Error(err)
	}
	if err := u.Tap("never"); !errors.Is(err, telegramtest.ErrNoButton) {
		t.Errorf("tapping nothing: %v", err)
	}
	// Closing ends a poll.
	done := make(chan struct{})
	go func() { c.try("getUpdates", "timeout", "50", "offset", "99999999"); close(done) }()
	time.Sleep(20 * time.Millisecond)
	c.s.Close()
	select {
	case <-done:
	case <-time.After(40 * time.Second):
		t.Error("a poll outlives its server")
	}
}

// A program that was killed in the middle of a call broke no rule; one that sends half a document did.
func TestACallThatWasCutOffBreaksNoRule(t *testing.T) {
	c := open(t, telegramtest.Options{})
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.s.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /bot%s/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nchat_id=5", c.token)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, conn) // until the server has done with it
	conn.Close()
	if v := c.s.Violations(); len(v) != 0 {
		t.Errorf("%v", v)
	}
	r, err := http.Post(c.s.URL()+"/bot"+c.token+"/sendMessage", "application/json", strings.NewReader(`{"chat_id":5`))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if len(c.s.Violations()) != 1 {
		t.Error("half a document is no violation")
	}
	c.s.Forgive()
}
