package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"amana/bot/outbox"
	"amana/bot/store"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// TestHealth lets one thing after another go wrong between the server and Telegram, and reads what an operator is told.
func TestHealth(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{fake: telegramtest.Options{
		MaxPoll: 100 * time.Millisecond, Bots: []telegramtest.BotOptions{{Token: peopleToken}, {Token: staffToken}},
	}})
	h := tr.house()
	s := &health{house: h, since: time.Now(), doors: map[string]*telegram.Door{}, box: outbox.New(outbox.Options{})}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	for name, token := range map[string]string{"people": peopleToken, "staff": staffToken} {
		id, err := telegram.BotID(token)
		if err != nil {
			t.Fatal(err)
		}
		door, err := telegram.New(telegram.Options{
			Token: token, API: tr.api.URL(), Hearer: h.room, Closer: h.room, Names: names{h.roots, id}, Words: h.doorWords(),
			Retry: 5 * time.Millisecond, Alarm: 3 * time.Second, // in which five conflicts find room on a busy machine too
		})
		if err != nil {
			t.Fatal(err)
		}
		s.doors[name] = door
		go func() { ended <- door.Run(ctx) }()
	}
	defer func() { stop(); <-ended; <-ended }()

	get := func(path string) (status int, body string) {
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	until := func(status int, words string) {
		t.Helper()
		for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
			code, body := get("/healthz")
			if code == status && strings.Contains(body, words) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("waiting for %d %q: %d %q", status, words, code, body)
			}
		}
	}
	const chat, name = 8_555_111_222, "Zqtroubled"
	u := tr.api.Bot(peopleToken).User(chat, telegramtest.UserOptions{FirstName: name})
	u.Start("")
	tr.saw(u, tr.words("en", "word.language.ask", nil))
	until(200, "ok\n")
	for _, c := range []struct {
		metric, words string
		fault         telegramtest.Fault
	}{
		{`{bot="people",what="updates"}`, "the bot for people: no updates", telegramtest.Fault{Token: peopleToken, Method: "getUpdates", Kind: telegramtest.BadGateway}},
		{`{bot="staff",what="conflict"}`, "the bot for staff: another program", telegramtest.Fault{Token: staffToken, Method: "getUpdates", Kind: telegramtest.Conflict}},
		{`{bot="people",what="sending"}`, "the bot for people: nothing could be sent", telegramtest.Fault{Token: peopleToken, Method: "sendMessage", Kind: telegramtest.DropBefore}},
	} {
		if _, metrics := get("/metrics"); !strings.Contains(metrics, "amana_telegram_trouble"+c.metric+" 0\n") {
			t.Errorf("before: no trouble%s of 0 in\n%s", c.metric, metrics)
		}
		heal := tr.api.Fault(c.fault)
		u.Send("what is this")
		until(503, c.words)
		if _, metrics := get("/metrics"); !strings.Contains(metrics, "amana_telegram_trouble"+c.metric+" 1\n") {
			t.Errorf("no trouble%s of 1 in\n%s", c.metric, metrics)
		}
		heal()
		until(200, "ok\n")
	}
	tr.api.Revoke(staffToken)
	until(503, "the bot for staff: Telegram refuses the token")

	notice := func(late time.Duration) {
		t.Helper()
		if err := h.store.Update(ctx, store.ID{}, func(w *store.Write) error {
			return w.PutNotice(h.keys.Month(h.now(), "report"), store.Waiting{
				ID: store.ID{byte(late / time.Minute)}, Reader: "ana", Event: "report", Due: h.now().Add(-late),
			})
		}); err != nil {
			t.Fatal(err)
		}
	}
	notice(4 * time.Minute)
	if _, body := get("/healthz"); strings.Contains(body, "notices") {
		t.Errorf("a notice that may still wait for its time is told of: %q", body)
	}
	notice(6 * time.Minute)
	until(503, "notices for focal points lie on the shelf")

	_, page := get("/metrics")
	for _, name := range []string{"notices_overdue", "notices_dead_total", "tray_total", "deadlines_late", "readers_unreached"} {
		if _, found := exposed(t, page)["amana_"+name+"{}"]; !found {
			t.Errorf("no %s in\n%s", name, page)
		}
	}
	for _, path := range []string{"/healthz", "/metrics"} {
		_, body := get(path)
		if strings.Contains(body, fmt.Sprint(int64(chat))) || strings.Contains(body, name) || strings.Contains(body, peopleToken) {
			t.Errorf("%s tells of a person, or holds a token", path)
		}
		if dated.MatchString(body) {
			t.Errorf("%s holds a time: %q", path, dated.FindString(body))
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if code, body := get("/healthz"); code != 503 || !strings.Contains(body, "the database does not answer") {
		t.Errorf("without a database: %d %q", code, body)
	}
}

// dated finds an hour, or seconds since 1970.
var dated = regexp.MustCompile(`[0-9]{2}:[0-9]{2}|\b1[789][0-9]{8}\b`)
