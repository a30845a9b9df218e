package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

// answer is what the Bot API says to a call.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
	header http.Header
}

// client is a bot that makes calls by form.
type client struct {
	t     *testing.T
	s     *telegramtest.Server
	token string
	raw   bool // injected updates need not be Telegram's
}

func open(t *testing.T, o telegramtest.Options) *client {
	t.Helper()
	return &client{t: t, s: telegramtest.New(o).Start(t), token: telegramtest.Token}
}

// call makes one call; fields are names and values in turn.
func (c *client) call(method string, fields ...string) answer {
	c.t.Helper()
	a, err := c.try(method, fields...)
	if err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
	return a
}

func (c *client) try(method string, fields ...string) (answer, error) {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	var a answer
	r, err := http.Post(c.s.URL()+"/bot"+c.token+"/"+method, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		return a, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return a, err
	}
	a.header = r.Header
	if err := json.Unmarshal(b, &a); err != nil {
		return a, err
	}
	if a.OK && !c.raw {
		if err := telegramtest.Conforms(returns(method), a.Result); err != nil {
			c.t.Errorf("the reply to %s is not Telegram's: %v", method, err)
		}
	}
	return a, nil
}

// returns is the type of a method's result.
func returns(method string) string {
	switch {
	case method == "getUpdates":
		return "[]Update"
	case method == "getMe":
		return "User"
	case method == "copyMessage":
		return "MessageId"
	case method == "getMyCommands":
		return "[]BotCommand"
	case method == "getChat":
		return "ChatFullInfo"
	case method == "getChatMemberCount":
		return "Integer"
	case method == "getChatMenuButton":
		return "MenuButton"
	case method == "getWebhookInfo":
		return "WebhookInfo"
	case strings.HasPrefix(method, "getMy"):
		return "Bot" + method[len("getMy"):]
	case strings.HasPrefix(method, "get"):
		return strings.TrimPrefix(method, "get")
	case method == "sendChatAction":
		return "Boolean"
	case strings.HasPrefix(method, "send"), strings.HasPrefix(method, "edit"), method == "forwardMessage":
		return "Message"
	}
	return "Boolean"
}

// good makes a call that must be granted and decodes its result.
func good[T any](c *client, method string, fields ...string) T {
	c.t.Helper()
	a := c.call(method, fields...)
	if !a.OK {
		c.t.Fatalf("%s: %d %s", method, a.Code, a.Description)
	}
	var v T
	if err := json.Unmarshal(a.Result, &v); err != nil {
		c.t.Fatalf("%s: %v in %s", method, err, a.Result)
	}
	return v
}

// bad makes a call that must be refused with this code and words, and says whether it counted as a violation.
func (c *client) bad(code int, words, method string, fields ...string) bool {
	c.t.Helper()
	a := c.call(method, fields...)
	if a.OK || a.Code != code || !strings.Contains(a.Description, words) {
		c.t.Errorf("%s %v: got %d %q %s, want %d %q", method, fields, a.Code, a.Description, a.Result, code, words)
	}
	return len(c.s.Forgive()) > 0
}

// update is as much of an update as the tests look at.
type update struct {
	ID      int      `json:"update_id"`
	Message *message `json:"message"`
	Edited  *message `json:"edited_message"`
	Tap     *struct {
		ID      string  `json:"id"`
		Data    string  `json:"data"`
		Message message `json:"message"`
	} `json:"callback_query"`
	Member *struct {
		New struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

type message struct {
	ID       int                                    `json:"message_id"`
	Date     int64                                  `json:"date"`
	Chat     struct{ ID int64 }                     `json:"chat"`
	Text     string                                 `json:"text"`
	Caption  string                                 `json:"caption"`
	Entities []telegramtest.Entity                  `json:"entities"`
	Document *struct{ File_ID string }              `json:"document"`
	Voice    *struct{ File_ID string }              `json:"voice"`
	Photo    []struct{ File_ID string }             `json:"photo"`
	Contact  *struct{ Phone_Number string }         `json:"contact"`
	Location *struct{ Latitude, Longitude float64 } `json:"location"`
	Origin   *struct{ Type string }                 `json:"forward_origin"`
	MigrTo   int64                                  `json:"migrate_to_chat_id"`
	Markup   json.RawMessage                        `json:"reply_markup"`
}

func (c *client) updates(fields ...string) []update {
	c.t.Helper()
	return good[[]update](c, "getUpdates", fields...)
}

// clock is a time that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)} }

func (k *clock) Now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *clock) Add(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

func multipartBody(t *testing.T, fields map[string]string, part, name string, data []byte) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	p, err := w.CreateFormFile(part, name)
	if err != nil {
		t.Fatal(err)
	}
	p.Write(data)
	w.Close()
	return &b, w.FormDataContentType()
}

func decodeAnswer(t *testing.T, r *http.Response) answer {
	t.Helper()
	defer r.Body.Close()
	var a answer
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

func itoa(n int) string { return strconv.Itoa(n) }
