package telegramtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"amana/bot/telegram/telegramtest"
)

// httpClient makes every call of the library end with its context.
type httpClient struct {
	ctx context.Context
}

func (h httpClient) Do(r *http.Request) (*http.Response, error) {
	return http.DefaultClient.Do(r.WithContext(h.ctx))
}

// The library is used as a wire layer: made by hand, with a context for each call, its own polling left aside.
func TestLibraryTalksToIt(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	api := &tgbotapi.BotAPI{Token: c.token, Client: httpClient{t.Context()}}
	api.SetAPIEndpoint(c.s.URL() + "/bot%s/%s")

	me, err := api.GetMe()
	if err != nil || !me.IsBot || me.ID != 1000001 {
		t.Errorf("getMe: %+v, %v", me, err)
	}
	p := tgbotapi.Params{"chat_id": "5", "text": "Welcome", "protect_content": "true"}
	for name, v := range map[string]any{
		"link_preview_options": map[string]bool{"is_disabled": true},
		"reply_markup":         map[string]any{"inline_keyboard": [][]map[string]any{{{"text": "copy", "copy_text": map[string]string{"text": "1234"}}}}},
	} {
		if err := p.AddInterface(name, v); err != nil {
			t.Fatal(err)
		}
	}
	r, err := api.MakeRequest("sendMessage", p)
	if err != nil || !strings.Contains(string(r.Result), `"text":"Welcome"`) {
		t.Fatalf("sendMessage: %+v, %v", r, err)
	}
	r, err = api.UploadFiles("sendDocument", tgbotapi.Params{"chat_id": "5", "protect_content": "true"},
		[]tgbotapi.RequestFile{{Name: "document", Data: tgbotapi.FileReader{Name: "a.age", Reader: strings.NewReader("sealed")}}})
	if err != nil || !r.Ok {
		t.Fatalf("sendDocument: %+v, %v", r, err)
	}
	if m, _ := u.Screen().Last(); m.File == nil || string(m.File.Bytes) != "sealed" || m.File.Name != "a.age" || !m.Protected {
		t.Errorf("the document arrived as %+v", m)
	}

	u.Block()
	_, err = api.MakeRequest("sendMessage", tgbotapi.Params{"chat_id": "5", "text": "a"})
	var refused *tgbotapi.Error
	if !errors.As(err, &refused) || refused.Code != 403 {
		t.Errorf("to somebody who blocked the bot: %v", err)
	}
	c.s.Fault(telegramtest.Fault{Kind: telegramtest.Flood, RetryAfter: 3, Method: "sendDocument"})
	r, err = api.UploadFiles("sendDocument", tgbotapi.Params{"chat_id": "5"},
		[]tgbotapi.RequestFile{{Name: "document", Data: tgbotapi.FileBytes{Name: "a", Bytes: []byte("a")}}})
	if !errors.As(err, &refused) || r.ErrorCode != 429 || refused.RetryAfter != 3 {
		t.Errorf("an upload under flood: %+v, %v", r, err)
	}

	r, err = api.MakeRequest("getUpdates", tgbotapi.Params{"timeout": "30", "allowed_updates": `["message","callback_query","my_chat_member"]`})
	var updates []update
	if err != nil || json.Unmarshal(r.Result, &updates) != nil || len(updates) != 2 {
		t.Errorf("getUpdates: %+v, %v", r, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	short := *api
	short.Client = httpClient{ctx}
	if _, err = short.MakeRequest("getUpdates", tgbotapi.Params{"timeout": "30", "offset": "9999999"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a poll with a deadline: %v", err)
	}
}

// Parameters may come in the query, as JSON with nested objects, or as JSON with strings of JSON.
func TestEveryWayOfPassingParameters(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	base := c.s.URL() + "/bot" + c.token
	post := func(kind, body string) answer {
		r, err := http.Post(base+"/sendMessage", kind, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		return decodeAnswer(t, r)
	}
	r, err := http.Get(base + "/sendMessage?chat_id=5&text=by+query")
	if err != nil {
		t.Fatal(err)
	}
	kb := `{"inline_keyboard":[[{"text":"y","callback_data":"y"}]]}`
	quoted, _ := json.Marshal(kb)
	_, kind := multipartBody(t, nil, "unused", "x", nil)
	for name, a := range map[string]answer{
		"query":        decodeAnswer(t, r),
		"nested JSON":  post("application/json", `{"chat_id":5,"text":"by JSON","protect_content":true,"reply_markup":`+kb+`}`),
		"JSON strings": post("application/json; charset=utf-8", `{"chat_id":"5","text":"by JSON","reply_markup":`+string(quoted)+`}`),
	} {
		if !a.OK {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if n := len(u.Screen()); n != 4 {
		t.Errorf("%d messages in the chat", n)
	}
	for name, a := range map[string]answer{
		"broken JSON": post("application/json", `{"chat_id":`),
		"XML":         post("text/xml", `<chat_id>5</chat_id>`),
		"broken form": post("application/x-www-form-urlencoded", `chat_id=%zz`),
		"broken part": post(kind, `--x`),
		"JSON number": post("application/json", `{"chat_id":5,"text":"a","reply_markup":7}`),
	} {
		if a.OK || a.Code != 400 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	c.s.Forgive()
	if r, err = http.Get(c.s.URL() + "/elsewhere"); err != nil || r.StatusCode != 404 {
		t.Errorf("another path: %v, %v", r.StatusCode, err)
	}
}
