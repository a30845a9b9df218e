package telegramtest_test

import (
	"fmt"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

func texts(us []update) string {
	s := ""
	for _, u := range us {
		if u.Message != nil {
			s += u.Message.Text
		}
	}
	return s
}

func TestUpdatesAreConfirmedByOffsetAlone(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	for _, s := range []string{"a", "b", "c", "d"} {
		u.Send(s)
	}
	first := c.updates("limit", "3")
	if texts(first) != "abc" || first[1].ID != first[0].ID+1 {
		t.Fatalf("first poll: %+v", first)
	}
	if got := texts(c.updates("offset", "1")); got != "abcd" {
		t.Errorf("without confirmation the second poll gave %q", got)
	}
	if got := texts(c.updates("offset", fmt.Sprint(first[1].ID))); got != "bcd" {
		t.Errorf("offset of the second update gave %q", got)
	}
	if got := texts(c.updates("offset", "-2")); got != "cd" {
		t.Errorf("offset -2 gave %q", got)
	}
	if got := texts(c.updates("offset", "2")); got != "cd" {
		t.Errorf("after offset -2 the queue holds %q", got)
	}
	if got := c.updates("offset", fmt.Sprint(first[0].ID+4)); len(got) != 0 || c.s.Bot(c.token).Pending() != 0 {
		t.Errorf("after confirming all: %+v", got)
	}
	c.s.Bot(c.token).SkipUpdates(7)
	u.Send("e")
	if got := c.updates(); got[0].ID != first[0].ID+11 {
		t.Errorf("skipped numbers were used: %+v", got)
	}
}

func TestMessagesWaitADayTapsHundredAndFiftySeconds(t *testing.T) {
	k := newClock()
	c := open(t, telegramtest.Options{Now: k.Now, Hammer: time.Millisecond})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Send("old")
	good[message](c, "sendMessage", "chat_id", "5", "text", "?", "reply_markup", `{"inline_keyboard":[[{"text":"y","callback_data":"y"}]]}`)
	if err := u.Tap("y"); err != nil {
		t.Fatal(err)
	}
	k.Add(149 * time.Second)
	if got := c.updates(); len(got) != 2 || got[1].Tap == nil {
		t.Fatalf("after 149 seconds: %+v", got)
	}
	k.Add(time.Second)
	if got := c.updates("offset", "1"); len(got) != 1 || texts(got) != "old" {
		t.Errorf("after 150 seconds: %+v", got)
	}
	c.s.Advance(24*time.Hour - 151*time.Second)
	if got := c.updates("offset", "2"); len(got) != 1 {
		t.Errorf("after a day less a second: %+v", got)
	}
	k.Add(time.Second)
	if n := c.s.Bot(c.token).Pending(); n != 0 {
		t.Errorf("after a day %d updates wait", n)
	}
}

func TestLongPollWaits(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	begin := time.Now()
	go func() { time.Sleep(50 * time.Millisecond); u.Send("hello") }()
	if got := texts(c.updates("timeout", "20")); got != "hello" {
		t.Errorf("the poll gave %q", got)
	}
	if d := time.Since(begin); d < 50*time.Millisecond || d > 15*time.Second {
		t.Errorf("the poll took %v", d)
	}
	begin = time.Now()
	if got := c.updates("offset", "9999999", "timeout", "1"); len(got) != 0 || time.Since(begin) < time.Second {
		t.Errorf("a poll of one second gave %+v after %v", got, time.Since(begin))
	}
}

func TestLongPollIsCapped(t *testing.T) {
	c := open(t, telegramtest.Options{MaxPoll: 100 * time.Millisecond})
	begin := time.Now()
	c.updates("timeout", "300")
	if d := time.Since(begin); d < 100*time.Millisecond || d > 20*time.Second {
		t.Errorf("a poll of 300 seconds under a cap took %v", d)
	}
}

func TestAllowedUpdatesAreRemembered(t *testing.T) {
	c := open(t, telegramtest.Options{Hammer: time.Millisecond})
	u := c.s.User(5, telegramtest.UserOptions{})
	id := u.Send("a")
	c.updates("allowed_updates", `["message"]`)
	c.updates("offset", "1") // says nothing, so nothing changes
	if err := u.Edit(id, "b"); err != nil {
		t.Fatal(err)
	}
	u.Block()
	u.Unblock()
	if got := c.updates("offset", "2"); len(got) != 1 {
		t.Errorf("updates that were not asked for came: %+v", got)
	}
	c.updates("offset", "3", "allowed_updates", `[]`)
	u.Block()
	u.Unblock()
	got := c.updates("offset", "4")
	if len(got) != 3 || got[1].Member.New.Status != "kicked" || got[2].Member.New.Status != "member" {
		t.Errorf("with the usual kinds came %+v", got)
	}
}

func TestTheNewerPollerWins(t *testing.T) {
	c := open(t, telegramtest.Options{Hammer: 300 * time.Millisecond})
	u := c.s.User(5, telegramtest.UserOptions{})
	older, told := make(chan answer, 1), time.Time{}
	poll := func() {
		a, _ := c.try("getUpdates", "timeout", "30", "offset", "1")
		told = time.Now()
		older <- a
	}
	waits := func() {
		for !c.s.Bot(c.token).Polled() {
			time.Sleep(time.Millisecond)
		}
	}
	go poll()
	waits()
	began := time.Now()
	newer := make(chan []update, 1)
	go func() { newer <- c.updates("timeout", "30", "offset", "2") }()
	if a := <-older; a.Code != 409 || a.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("the older poller got %d %q", a.Code, a.Description)
	}
	u.Send("for the newer")
	if got := texts(<-newer); got != "for the newer" {
		t.Errorf("the newer poller got %q", got)
	}

	// A second 409 within the pause comes late.
	c.updates("offset", "9999999")
	go poll()
	waits()
	c.updates("offset", "9999998")
	if a := <-older; a.Code != 409 || told.Sub(began) < 300*time.Millisecond {
		t.Errorf("the second 409 came %v after the first: %+v", told.Sub(began), a)
	}
}

func TestWebhookForbidsPolling(t *testing.T) {
	c := open(t, telegramtest.Options{Hammer: time.Millisecond})
	c.s.User(5, telegramtest.UserOptions{}).Send("a")
	poll := make(chan answer, 1)
	go func() { a, _ := c.try("getUpdates", "timeout", "30", "offset", "9999999"); poll <- a }()
	for !c.s.Bot(c.token).Polled() {
		time.Sleep(time.Millisecond)
	}
	good[bool](c, "setWebhook", "url", "https://hook.example:8443/x", "secret_token", "S_1-x", "allowed_updates", `["message","callback_query"]`)
	if a := <-poll; a.Code != 409 {
		t.Errorf("the poll that waited got %+v", a)
	}
	c.bad(409, "can't use getUpdates method while webhook is active", "getUpdates")
	info := good[struct {
		URL     string   `json:"url"`
		Allowed []string `json:"allowed_updates"`
		Max     int      `json:"max_connections"`
	}](c, "getWebhookInfo")
	if info.URL != "https://hook.example:8443/x" || len(info.Allowed) != 2 || info.Max != 40 || c.s.Bot(c.token).WebhookSecret() != "S_1-x" {
		t.Errorf("webhook info: %+v", info)
	}
	good[bool](c, "deleteWebhook", "drop_pending_updates", "true")
	if got := c.updates(); len(got) != 0 {
		t.Errorf("dropped updates came: %+v", got)
	}
}

func TestTheSameOffsetAgainIsSlowedDown(t *testing.T) {
	c := open(t, telegramtest.Options{Hammer: 3 * time.Second})
	c.s.User(5, telegramtest.UserOptions{})
	begin := time.Now()
	c.updates("offset", "1")
	if d := time.Since(begin); d > 2900*time.Millisecond {
		t.Errorf("the first poll took %v", d)
	}
	c.updates("offset", "1")
	if d := time.Since(begin); d < 3*time.Second {
		t.Errorf("the same offset again was answered after %v", d)
	}

	// What comes at once is what comes within ten seconds, so that this does not depend on the machine.
	c = open(t, telegramtest.Options{Hammer: time.Minute})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Send("a")
	u.Send("b")
	c.updates("offset", "2")
	if got := texts(c.updates("offset", "2")); got != "a" {
		t.Errorf("the same offset at once again gave %q, want one update", got)
	}
}

func TestInjectedUpdatesComeAsTheyAre(t *testing.T) {
	c := open(t, telegramtest.Options{})
	c.raw = true
	c.s.Inject(`{"message":{"message_id":1,"date":"yesterday","chat":{"id":5},"text":"\ud800"}}`)
	c.s.Inject(`{}`)
	c.s.Inject(`{"update_id":"one"}`)
	c.s.Inject(`null`)
	a := c.call("getUpdates")
	id := 0
	fmt.Sscanf(string(a.Result), `[{"update_id":%d,`, &id)
	want := fmt.Sprintf(`[{"update_id":%d,"message":{"message_id":1,"date":"yesterday","chat":{"id":5},"text":"\ud800"}},{"update_id":%d},{"update_id":"one"},null]`, id, id+1)
	if string(a.Result) != want {
		t.Errorf("got  %s\nwant %s", a.Result, want)
	}
	c.call("getUpdates", "offset", fmt.Sprint(id+4))
	c.s.Inject(`{"broken`)
	if _, err := c.try("getUpdates"); err == nil {
		t.Error("a broken update was mended")
	}
}

func TestBotsShareNothing(t *testing.T) {
	staff := "2000002:StaffTokenStaffTokenStaffTokenStaff2"
	c := open(t, telegramtest.Options{Bots: []telegramtest.BotOptions{{Token: telegramtest.Token}, {Token: staff, Username: "amana_staff_bot"}}})
	d := *c
	d.token = staff
	c.s.User(5, telegramtest.UserOptions{}).Send("for the public bot")
	c.s.Bot(staff).User(5, telegramtest.UserOptions{}).Send("for the staff bot")
	if got := texts(c.updates()); got != "for the public bot" {
		t.Errorf("the public bot got %q", got)
	}
	if got := texts(d.updates()); got != "for the staff bot" {
		t.Errorf("the staff bot got %q", got)
	}
	me := good[struct {
		ID       int64  `json:"id"`
		IsBot    bool   `json:"is_bot"`
		Username string `json:"username"`
	}](&d, "getMe")
	if me.ID != 2000002 || !me.IsBot || me.Username != "amana_staff_bot" {
		t.Errorf("getMe: %+v", me)
	}
	d.token = "3:unknown"
	d.bad(401, "Unauthorized", "getMe")
	c.s.Revoke(staff)
	d.token = staff
	d.bad(401, "Unauthorized", "getUpdates")
}
