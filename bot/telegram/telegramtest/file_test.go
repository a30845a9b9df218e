package telegramtest_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"amana/bot/telegram/telegramtest"
)

type file struct {
	ID   string `json:"file_id"`
	Path string `json:"file_path"`
	Size int    `json:"file_size"`
}

func (c *client) download(path string) (int, []byte) {
	c.t.Helper()
	r, err := http.Get(c.s.URL() + "/file/bot" + c.token + "/" + path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	return r.StatusCode, b
}

func TestFilesOfPeopleAreFetched(t *testing.T) {
	k := newClock()
	c := open(t, telegramtest.Options{Now: k.Now})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.SendDocument("answer.amana", []byte("sealed words"))
	u.SendDocument("big.bin", make([]byte, 20<<20+1))
	u.SendPhoto([]byte("jpeg"), "")
	got := c.updates()
	f := good[file](c, "getFile", "file_id", got[0].Message.Document.File_ID)
	if f.Size != 12 || !strings.HasSuffix(f.Path, ".amana") {
		t.Errorf("getFile: %+v", f)
	}
	if code, b := c.download(f.Path); code != 200 || string(b) != "sealed words" {
		t.Errorf("download: %d %q", code, b)
	}
	good[file](c, "getFile", "file_id", got[2].Message.Photo[0].File_ID)
	if c.bad(400, "file is too big", "getFile", "file_id", got[1].Message.Document.File_ID) {
		t.Error("a large file is no fault of the bot")
	}
	c.bad(400, "invalid file_id", "getFile", "file_id", "x")
	k.Add(time.Hour)
	if code, _ := c.download(f.Path); code != 404 {
		t.Errorf("after an hour the link still works: %d", code)
	}
	good[file](c, "getFile", "file_id", f.ID)
	if code, _ := c.download(f.Path); code != 200 {
		t.Errorf("a link that was asked for again answers %d", code)
	}
	good2 := *c
	good2.token = "9:x"
	if code, _ := good2.download(f.Path); code != 401 {
		t.Errorf("an unknown token may download: %d", code)
	}
}

func TestFilesOfTheBotArrive(t *testing.T) {
	c := open(t, telegramtest.Options{})
	u := c.s.User(5, telegramtest.UserOptions{})
	u.Start("")
	send := func(fields map[string]string, name string, data []byte) answer {
		t.Helper()
		body, kind := multipartBody(t, fields, "document", name, data)
		r, err := http.Post(c.s.URL()+"/bot"+c.token+"/sendDocument", kind, body)
		if err != nil {
			t.Fatal(err)
		}
		return decodeAnswer(t, r)
	}
	data := bytes.Repeat([]byte{0, 255, 'x'}, 100_000)
	a := send(map[string]string{"chat_id": "5", "caption": "sealed", "protect_content": "true"}, "R-ABCDEF.age", data)
	if !a.OK {
		t.Fatalf("sendDocument: %+v", a)
	}
	if err := telegramtest.Conforms("Message", a.Result); err != nil {
		t.Error(err)
	}
	m, _ := u.Screen().Last()
	if m.File == nil || m.File.Name != "R-ABCDEF.age" || !bytes.Equal(m.File.Bytes, data) || m.Text != "sealed" || !m.Protected {
		t.Fatalf("the document arrived as %+v", m)
	}
	good[message](c, "sendDocument", "chat_id", "5", "document", m.File.ID)
	c.bad(400, "can't use file of type document as photo", "sendPhoto", "chat_id", "5", "photo", m.File.ID)
	if a := send(map[string]string{"chat_id": "5"}, "empty", nil); a.Code != 400 {
		t.Errorf("an empty file: %+v", a)
	}
	if a := send(map[string]string{"chat_id": "5", "extra": "1"}, "a", []byte("a")); !strings.Contains(a.Description, "extra") {
		t.Errorf("an unknown parameter beside a file: %+v", a)
	}
	if a := send(map[string]string{"chat_id": "5", "caption": strings.Repeat("x", 1025)}, "a", []byte("a")); !strings.Contains(a.Description, "caption is too long") {
		t.Errorf("a long caption: %+v", a)
	}
	if v := c.s.Forgive(); len(v) != 3 {
		t.Errorf("violations: %v", v)
	}
	body, kind := multipartBody(t, map[string]string{"chat_id": "5", "document": "attach://part"}, "part", "b.bin", []byte("b"))
	r, err := http.Post(c.s.URL()+"/bot"+c.token+"/sendDocument", kind, body)
	if err != nil {
		t.Fatal(err)
	}
	if a := decodeAnswer(t, r); !a.OK {
		t.Errorf("an attached file: %+v", a)
	}
	good[message](c, "editMessageCaption", "chat_id", "5", "message_id", itoa(m.ID), "caption", "sealed again")
	c.bad(400, "there is no text in the message to edit", "editMessageText", "chat_id", "5", "message_id", itoa(m.ID), "text", "x")
	if a := send(map[string]string{"chat_id": "5"}, "huge", make([]byte, 50<<20+1)); a.Code != 413 {
		t.Errorf("a file above 50 MB: %+v", a)
	}
}
