package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

// hook is a webhook that notes what it gets and answers as it is told.
type hook struct {
	*httptest.Server
	mu     sync.Mutex
	got    []string // texts, in the order in which they came
	at     []time.Time
	secret string
	path   string
	answer func(text string, times int) (status int, after string)
	hold   chan struct{} // while it is not closed nothing is answered
}

func newHook(t *testing.T, c *client) *hook {
	h := &hook{answer: func(string, int) (int, string) { return 200, "" }}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	c.s.Forward("hook.example", strings.TrimPrefix(h.URL, "http://"))
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var u update
	_ = json.Unmarshal(body, &u)
	text := texts([]update{u})
	h.mu.Lock()
	times := 0
	for _, g := range h.got {
		if g == text {
			times++
		}
	}
	h.got, h.at = append(h.got, text), append(h.at, time.Now())
	h.secret, h.path = r.Header.Get("X-Telegram-Bot-Api-Secret-Token"), r.URL.Path
	status, after := h.answer(text, times)
	hold := h.hold
	h.mu.Unlock()
	if hold != nil {
		<-hold
	}
	if after != "" {
		w.Header().Set("Retry-After", after)
	}
	w.WriteHeader(status)
}

func (h *hook) all() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.got, "")
}

func (h *hook) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s; it got %q", what, h.all())
		}
	}
}

func TestUpdatesAreBroughtToTheWebhook(t *testing.T) {
	c := open(t, telegramtest.Options{HookRetry: 20 * time.Millisecond})
	h := newHook(t, c)
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Send("a") // waits since before
	good[bool](c, "setWebhook", "url", "https://hook.example/secret/path", "secret_token", "S_1-x")
	u.Send("b")
	h.until(t, "both came", func() bool { return c.s.Bot(c.token).Pending() == 0 })
	if h.all() != "ab" || h.secret != "S_1-x" || h.path != "/secret/path" {
		t.Errorf("it got %q at %q with %q", h.all(), h.path, h.secret)
	}
}

func TestWhatAWebhookDoesNotTakeComesAgainBeforeWhatFollows(t *testing.T) {
	c := open(t, telegramtest.Options{HookRetry: 250 * time.Millisecond}) // four of them are long enough to speak in
	h := newHook(t, c)
	h.answer = func(text string, times int) (int, string) {
		if text == "a" && times < 4 {
			return 500 + times, ""
		}
		return 200, ""
	}
	good[bool](c, "setWebhook", "url", "https://hook.example/")
	u, other := c.s.User(5, telegramtest.UserOptions{}), c.s.User(6, telegramtest.UserOptions{})
	u.Send("a")
	u.Send("b")
	h.until(t, "the first failed", func() bool { return h.all() != "" })
	other.Send("x")
	h.until(t, "all came", func() bool { return c.s.Bot(c.token).Pending() == 0 })
	if got := strings.Replace(h.all(), "x", "", 1); got != "aaaaab" {
		t.Errorf("of one chat came %q", got)
	}
	if strings.Index(h.all(), "x") > strings.Index(h.all(), "b") {
		t.Error("another chat waited for it")
	}
	info := good[struct {
		Message string `json:"last_error_message"`
		Date    int64  `json:"last_error_date"`
	}](c, "getWebhookInfo")
	if !strings.HasPrefix(info.Message, "Wrong response from the webhook: 50") || info.Date == 0 {
		t.Errorf("%+v", info)
	}
}

func TestRetryAfterOfAWebhookIsHonoured(t *testing.T) {
	c := open(t, telegramtest.Options{HookRetry: time.Millisecond})
	h := newHook(t, c)
	h.answer = func(_ string, times int) (int, string) {
		return []int{503, 503, 200}[times], []string{"", "1", ""}[times]
	}
	good[bool](c, "setWebhook", "url", "https://hook.example/")
	c.s.User(5, telegramtest.UserOptions{}).Send("a")
	h.until(t, "it came", func() bool { return c.s.Bot(c.token).Pending() == 0 })
	if d := h.at[2].Sub(h.at[1]); d < time.Second {
		t.Errorf("it came again after %v", d)
	}
}

func TestAWebhookIsNotAskedForMoreThanItsConnections(t *testing.T) {
	c := open(t, telegramtest.Options{})
	h := newHook(t, c)
	h.hold = make(chan struct{})
	good[bool](c, "setWebhook", "url", "https://hook.example/", "max_connections", "3")
	for i := range 8 {
		c.s.User(int64(5+i), telegramtest.UserOptions{}).Send(fmt.Sprint(i))
	}
	h.until(t, "three came", func() bool { return len(h.all()) == 3 })
	time.Sleep(50 * time.Millisecond)
	if n := len(h.all()); n != 3 {
		t.Errorf("%d came together", n)
	}
	close(h.hold)
	h.until(t, "all came", func() bool { return c.s.Bot(c.token).Pending() == 0 })
	if n := c.s.Bot(c.token).MostDeliveries(); n != 3 {
		t.Errorf("%d at the same time", n)
	}
}

// TestADeliveryThatTelegramLostSightOfComesAgain plays the two ways in which that happens: an answer that never arrives,
// and a webhook that is taken away meanwhile.
func TestADeliveryThatTelegramLostSightOfComesAgain(t *testing.T) {
	c := open(t, telegramtest.Options{HookRetry: time.Millisecond, Hammer: time.Millisecond})
	h := newHook(t, c)
	c.s.Fault(telegramtest.Fault{Method: telegramtest.DeliveryMethod, Kind: telegramtest.DropAfter, Times: 1})
	good[bool](c, "setWebhook", "url", "https://hook.example/")
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Send("a")
	h.until(t, "it came twice", func() bool { return c.s.Bot(c.token).Pending() == 0 })
	if h.all() != "aa" {
		t.Errorf("it got %q", h.all())
	}
	h.mu.Lock()
	h.hold = make(chan struct{})
	h.mu.Unlock()
	u.Send("b")
	h.until(t, "it is on its way", func() bool { return h.all() == "aab" })
	good[bool](c, "deleteWebhook")
	close(h.hold)
	if got := texts(c.updates()); got != "b" {
		t.Errorf("the poll got %q", got)
	}
}

func TestWithoutAWayToTheWebhookUpdatesWait(t *testing.T) {
	c := open(t, telegramtest.Options{HookRetry: time.Millisecond})
	good[bool](c, "setWebhook", "url", "https://hook.example/")
	c.s.User(5, telegramtest.UserOptions{}).Send("a")
	info := struct {
		Message string `json:"last_error_message"`
	}{}
	for end := time.Now().Add(time.Minute); info.Message == "" && time.Now().Before(end); {
		info = good[struct {
			Message string `json:"last_error_message"`
		}](c, "getWebhookInfo")
	}
	if info.Message != "Connection refused" || c.s.Bot(c.token).Pending() != 1 {
		t.Errorf("%+v", info)
	}
	h := newHook(t, c)
	h.until(t, "it came", func() bool { return c.s.Bot(c.token).Pending() == 0 })
}
