package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

func TestTheWebhookIsSetWithWhatItNeeds(t *testing.T) {
	s := webhook.start(t, echo)
	u := s.user(11)
	u.Send("hello")
	s.shows(u, "you: hello")
	set := s.server.Requests("setWebhook")
	if len(set) != 1 {
		t.Fatalf("set %d times", len(set))
	}
	p := set[0].Params
	if p["url"] != hookURL || p["secret_token"] == "" || p["max_connections"] != "40" || p["drop_pending_updates"] == "true" ||
		!strings.Contains(p["allowed_updates"], "my_chat_member") {
		t.Errorf("set with %v", p)
	}
	if n := len(s.server.Requests("getUpdates")); n != 0 {
		t.Errorf("polled %d times", n)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if s.server.Bot(telegramtest.Token).Webhook() != hookURL {
		t.Error("a stop took the webhook away, and what waits there would be polled by nobody")
	}
}

// TestSwitchingWaysKeepsWhatWaits goes from polling to a webhook and back, with words that came while nobody listened.
func TestSwitchingWaysKeepsWhatWaits(t *testing.T) {
	s := polling.build(t, telegramtest.Options{}, nil)
	s.room.script = echo
	u := s.user(11)
	var want []string
	for i, w := range []way{polling, webhook, polling, webhook} {
		text := fmt.Sprint("while closed ", i)
		u.Send(text)
		s.way = w
		s.open()
		s.shows(u, "you: "+text)
		next := fmt.Sprint("while open ", i)
		u.Send(next)
		s.shows(u, "you: "+next)
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		s.until("Telegram has seen that it is taken over", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
		want = append(want, text, next)
	}
	if got := s.room.texts(); !slices.Equal(got, want) {
		t.Errorf("heard %q", got)
	}
	for _, text := range want {
		if n := sent(u, "you: "+text); n != 1 {
			t.Errorf("%q was answered %d times", text, n)
		}
	}
}

// TestStrangersAreNotHeard knocks without the secret, with a wrong one, and in ways in which Telegram never comes.
func TestStrangersAreNotHeard(t *testing.T) {
	s := webhook.start(t, echo)
	u := s.user(11)
	u.Send("hello")
	s.shows(u, "you: hello")
	front := "http://" + s.front
	secret := s.server.Bot(telegramtest.Token).WebhookSecret()
	const words = `{"update_id":99,"message":{"message_id":9,"chat":{"id":11,"type":"private"},"date":1700000000,"text":"forged"}}`
	for name, c := range map[string]struct {
		method, secret string
		want           int
	}{
		"no secret":       {http.MethodPost, "", 401},
		"a wrong one":     {http.MethodPost, strings.ToLower(secret), 401},
		"a longer one":    {http.MethodPost, secret + "x", 401},
		"only looks":      {http.MethodGet, secret, 401},
		"the true secret": {http.MethodPost, secret, 200},
	} {
		req, err := http.NewRequest(c.method, front+"/a/path/for/this/bot", strings.NewReader(strings.Replace(words, "99", fmt.Sprint(900+len(name)), 1)))
		if err != nil {
			t.Fatal(err)
		}
		if c.secret != "" {
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != c.want || len(body) != 0 {
			t.Errorf("%s: %d %q", name, resp.StatusCode, body)
		}
	}
	s.shows(u, "you: forged")
	if got := s.room.texts(); !slices.Equal(got, []string{"hello", "forged"}) || s.door.Counts().Strangers != 4 {
		t.Errorf("heard %q, %d strangers", got, s.door.Counts().Strangers)
	}
	if log := s.log.String(); strings.Contains(log, secret) || strings.Contains(log, "a/path/for") || strings.Contains(log, "forged") {
		t.Error("the log holds the secret, the path or words")
	}
}

// TestWhatCannotBeReadIsSteppedOver brings what no parser understands, and more than an update can be.
func TestWhatCannotBeReadIsSteppedOver(t *testing.T) {
	for name, raw := range map[string]string{
		"broken":    `{"update_id":5,"message":{`,
		"no number": `{"message":{"chat":{"id":11}}}{}`,
		"too large": `{"update_id":5,"message":{"text":"` + strings.Repeat("x", 2<<20) + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := webhook.start(t, echo)
			s.server.Inject(raw)
			u := s.user(11)
			u.Send("meanwhile")
			s.shows(u, "you: meanwhile")
			s.until("it is stepped over", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
			if n := s.door.Counts().Poison; n != 1 {
				t.Errorf("%d were given up", n)
			}
		})
	}
}

// TestAnUpdateIsNotTakenOverBeforeItIsSaved holds that Telegram keeps what cannot be saved, and that what it brings again
// meanwhile is heard once.
func TestAnUpdateIsNotTakenOverBeforeItIsSaved(t *testing.T) {
	var full atomic.Bool
	full.Store(true)
	s := webhook.build(t, telegramtest.Options{HookTimeout: 100 * time.Millisecond}, nil) // Telegram hangs up early
	s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
		if full.Load() {
			return bot.Reply{}, errFull
		}
		return echo(ctx, in)
	}
	s.open()
	u := s.user(11)
	u.Send("hello")
	s.until("it was brought again and again", func() bool { return s.door.Counts().Updates > 3 })
	if s.server.Bot(telegramtest.Token).Pending() != 1 {
		t.Fatal("Telegram was told that it is saved")
	}
	full.Store(false)
	s.shows(u, "you: hello")
	s.until("it is taken over", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
	if n := sent(u, "you: hello"); n != 1 || s.door.Counts().Heard != 1 {
		t.Errorf("answered %d times; %+v", n, s.door.Counts())
	}
}

// TestARepeatedDeliveryIsAnsweredOnce loses every answer of the door on its way to Telegram, a few times over.
func TestARepeatedDeliveryIsAnsweredOnce(t *testing.T) {
	s := webhook.build(t, telegramtest.Options{}, nil)
	s.room.script = echo
	s.server.Fault(telegramtest.Fault{Method: telegramtest.DeliveryMethod, Kind: telegramtest.DropAfter, Times: 4})
	s.open()
	u := s.user(11)
	u.Send("one")
	u.Send("two")
	s.until("both are taken over", func() bool { return s.server.Bot(telegramtest.Token).Pending() == 0 })
	s.shows(u, "you: two")
	if sent(u, "you: one") != 1 || sent(u, "you: two") != 1 {
		t.Errorf("answered %d and %d times", sent(u, "you: one"), sent(u, "you: two"))
	}
}

// TestAChatThatHasToWaitHoldsAnUpdateForSomeSecondsOnly also holds that its person is heard again after that.
func TestAChatThatHasToWaitHoldsAnUpdateForSomeSecondsOnly(t *testing.T) {
	s := webhook.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 10 * time.Millisecond })
	s.room.script = echo
	s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Flood, RetryAfter: 600, Times: 1})
	s.open()
	u := s.user(11)
	began := time.Now()
	u.Send("one")
	u.Send("hide")
	end := time.Now().Add(time.Minute)
	for len(s.room.texts()) < 2 && time.Now().Before(end) {
		time.Sleep(10 * time.Millisecond)
	}
	if took := time.Since(began); len(s.room.texts()) < 2 || took < 4*time.Second {
		t.Errorf("heard %q after %v", s.room.texts(), took)
	}
}

// TestMoreWaitThanThereAreConnections lets nobody be answered, and yet everybody is heard.
func TestMoreWaitThanThereAreConnections(t *testing.T) {
	const crowd = 120
	s := webhook.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Grace = 10 * time.Millisecond })
	s.room.script = echo
	s.server.Fault(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.DropBefore})
	s.open()
	for i := range crowd {
		s.user(int64(100 + i)).Send("hello")
	}
	s.until("everybody is heard", func() bool { return s.door.Counts().Heard == crowd })
	if n := s.server.Bot(telegramtest.Token).MostDeliveries(); n > 40 {
		t.Errorf("%d deliveries at the same time", n)
	}
}

func TestAWebhookThatSomebodyElseTookIsSetAgain(t *testing.T) {
	s := webhook.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Watch = 20 * time.Millisecond })
	s.room.script = echo
	s.open()
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you: one")
	for range 5 {
		hook(t, s.server)
		u.Send("two")
		s.until("it is ours again", func() bool { return s.server.Bot(telegramtest.Token).Webhook() == hookURL })
	}
	s.until("all is heard", func() bool { return len(s.room.texts()) == 6 })
	if !slices.Contains(s.door.Troubles(), telegram.Contested) {
		t.Errorf("an operator is told %q", s.door.Troubles())
	}
	if strings.Contains(s.log.String(), hookHost) || strings.Contains(s.log.String(), "example.org") {
		t.Error("the log tells where updates go")
	}
}

func TestAWebhookOutOfReachIsTold(t *testing.T) {
	s := webhook.build(t, telegramtest.Options{}, func(o *telegram.Options) {
		o.Watch, o.Alarm = 20*time.Millisecond, 200*time.Millisecond
	})
	s.room.script = echo
	s.open()
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you: one")
	s.server.Forward(hookHost, "")
	s.server.Advance(2 * time.Second) // Telegram tells of whole seconds
	u.Send("two")
	s.until("it is told", func() bool { return slices.Contains(s.door.Troubles(), telegram.Undeliverable) })
	s.server.Forward(hookHost, s.front)
	s.shows(u, "you: two")
	s.until("it is over", func() bool { return len(s.door.Troubles()) == 0 })
}

func TestARevokedTokenClosesADoorWithAWebhook(t *testing.T) {
	s := webhook.build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Watch = 20 * time.Millisecond })
	s.room.script = echo
	s.open()
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you: one")
	s.server.Revoke(telegramtest.Token)
	s.until("it is told", func() bool { return slices.Contains(s.door.Troubles(), telegram.TokenRefused) })
	if err := s.stop(); !errors.Is(err, telegram.ErrToken) {
		t.Errorf("the door closed with %v", err)
	}
}

func TestAWebhookIsChecked(t *testing.T) {
	for name, w := range map[string]telegram.Webhook{
		"no TLS":    {URL: "http://hook.example/x", Secret: "s"},
		"port":      {URL: "https://hook.example:9000/x", Secret: "s"},
		"no host":   {URL: "https:///x", Secret: "s"},
		"user":      {URL: "https://a:b@hook.example/x", Secret: "s"},
		"query":     {URL: "https://hook.example/x?y=z", Secret: "s"},
		"no secret": {URL: "https://hook.example/x"},
		"space":     {URL: "https://hook.example/x", Secret: "a b"},
		"long":      {URL: "https://hook.example/x", Secret: strings.Repeat("a", 257)},
	} {
		_, err := telegram.New(telegram.Options{Token: telegramtest.Token, Hearer: &room{}, Names: names{}, Words: sentences, Webhook: &w})
		if err == nil || strings.Contains(err.Error(), "hook.example") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
