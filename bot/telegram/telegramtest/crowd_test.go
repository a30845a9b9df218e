package telegramtest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

// echo is the smallest bot: it polls, answers each message with a button and each tap with an edit. Without workers it
// answers before it polls, and so confirms, again.
func echo(ctx context.Context, base string, workers int) {
	web := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers + 1}}
	defer web.CloseIdleConnections()
	do := func(method, body string, to any) error {
		q, err := http.NewRequestWithContext(ctx, "POST", base+"/"+method, strings.NewReader(body))
		if err != nil {
			return err
		}
		q.Header.Set("Content-Type", "application/json")
		r, err := web.Do(q)
		if err != nil {
			return err
		}
		defer r.Body.Close()
		return json.NewDecoder(r.Body).Decode(to)
	}
	handle := func(u update) {
		var a answer
		switch {
		case u.Message != nil:
			_ = do("sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"got %s","reply_markup":{"inline_keyboard":[[{"text":"ok","callback_data":"ok"}]]}}`, u.Message.Chat.ID, u.Message.Text), &a)
		case u.Tap != nil:
			_ = do("answerCallbackQuery", fmt.Sprintf(`{"callback_query_id":%q}`, u.Tap.ID), &a)
			_ = do("editMessageText", fmt.Sprintf(`{"chat_id":%d,"message_id":%d,"text":"done"}`, u.Tap.Message.Chat.ID, u.Tap.Message.ID), &a)
		}
	}
	work := make(chan update)
	defer close(work)
	for range workers {
		go func() {
			for u := range work {
				handle(u)
			}
		}()
	}
	for offset := 0; ctx.Err() == nil; {
		var a struct{ Result []update }
		if do("getUpdates", fmt.Sprintf(`{"offset":%d,"timeout":30}`, offset), &a) != nil {
			continue
		}
		for _, u := range a.Result {
			offset = u.ID + 1
			if workers == 0 {
				handle(u)
			} else {
				work <- u
			}
		}
	}
}

func TestCrowd(t *testing.T) {
	const people = 1000
	s := telegramtest.New(telegramtest.Options{}).Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go echo(ctx, s.URL()+"/bot"+telegramtest.Token, 16)
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			u := s.User(int64(i+1), telegramtest.UserOptions{})
			u.Send(fmt.Sprint("word ", i))
			if _, err := u.WaitText(telegramtest.Within(2*time.Minute), fmt.Sprint("got word ", i)); err != nil {
				t.Error(err)
				return
			}
			if err := u.Tap("ok"); err != nil {
				t.Error(err)
				return
			}
			if _, err := u.WaitText(telegramtest.Within(2*time.Minute), "done"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for s.Bot(telegramtest.Token).Unanswered() > 0 && t.Context().Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

// childServer names the server to a child process that plays the bot.
const childServer = "TELEGRAMTEST_SERVER"

func TestMain(m *testing.M) {
	if base := os.Getenv(childServer); base != "" {
		fmt.Println("polling")
		echo(context.Background(), base, 0)
		return
	}
	os.Exit(m.Run())
}

// A bot in a process of its own is killed as soon as it has answered; the next one gets the same update again.
func TestChildProcessIsKilled(t *testing.T) {
	s := telegramtest.New(telegramtest.Options{}).Start(t)
	u := s.User(5, telegramtest.UserOptions{})
	start := func() *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), childServer+"="+s.URL()+"/bot"+telegramtest.Token)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		bufio.NewReader(out).ReadString('\n') //nolint:errcheck // "polling"
		return cmd
	}
	first := start()
	var once sync.Once
	s.Hook(func(stage telegramtest.Stage, q telegramtest.Request) {
		if stage == telegramtest.After && q.Method == "sendMessage" {
			once.Do(func() { first.Process.Kill(); first.Wait() })
		}
	})
	u.Send("hello")
	if _, err := u.WaitText(telegramtest.Within(time.Minute), "got hello"); err != nil {
		t.Fatal(err)
	}
	second := start()
	defer func() { second.Process.Kill(); second.Wait() }()
	_, err := u.Wait(telegramtest.Within(time.Minute), func(sc telegramtest.Screen) bool { return strings.Count(sc.String(), "> got hello") == 2 })
	if err != nil {
		t.Error("the update of the killed bot did not come again:", err)
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	s := telegramtest.New(telegramtest.Options{}).Start(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go echo(ctx, s.URL()+"/bot"+telegramtest.Token, 4)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		u := s.User(int64(i+1), telegramtest.UserOptions{})
		u.Send("x")
		if _, err := u.WaitText(telegramtest.Within(time.Minute), "got x"); err != nil {
			b.Fatal(err)
		}
	}
}
