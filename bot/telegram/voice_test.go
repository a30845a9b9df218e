package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// ogg makes the sound of a voice message with so many bytes.
func ogg(size int) []byte {
	return append([]byte("OggS\x00\x02"), bytes.Repeat([]byte("zqvoicemark"), size/11+1)...)[:size]
}

// listener is a script that fetches what is spoken, and remembers what came.
type listener struct {
	mu    sync.Mutex
	heard []bot.Recording
	sound [][]byte
	errs  []error
}

func (l *listener) hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	if in.Kind != bot.Voice {
		return say("text"), nil
	}
	if in.Voice == nil {
		return say("refused"), nil
	}
	b, err := in.Voice.From.Fetch(ctx)
	l.mu.Lock()
	l.heard, l.sound, l.errs = append(l.heard, *in.Voice), append(l.sound, b), append(l.errs, err)
	l.mu.Unlock()
	if err != nil {
		return say("lost"), nil
	}
	reply := say("kept")
	reply.Erase = bot.EraseTyped
	return reply, nil
}

func TestVoiceIsFetchedAndTakenOutOfTheChat(t *testing.T) {
	bothWays(t, func(t *testing.T, w way) {
		l := &listener{}
		s := w.start(t, l.hear)
		u := s.user(31)
		spoken := ogg(100_000)
		id := u.SendVoiceAs(spoken, 42, 0)
		s.shows(u, "kept")
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(l.sound) != 1 || !bytes.Equal(l.sound[0], spoken) || l.heard[0].Seconds != 42 || l.heard[0].Size != 100_000 {
			t.Fatalf("heard %v", l.heard)
		}
		if !s.room.all()[0].Speaks {
			t.Error("the door does not say that it can bring voice messages")
		}
		s.until("it is taken out of the chat", func() bool {
			for _, m := range u.Screen() {
				if m.ID == id {
					return false
				}
			}
			return true
		})
	})
}

func TestVoiceIsNotFetchedUnlessItIsAskedFor(t *testing.T) {
	s := start(t, echo)
	u := s.user(31)
	u.SendVoice(ogg(2000))
	s.until("it is heard", func() bool { return len(s.room.all()) == 1 })
	if n := count(s, "getFile"); n != 0 {
		t.Errorf("it was asked for %d times", n)
	}
}

func TestOnlyVoiceIsVoice(t *testing.T) {
	l := &listener{}
	s := start(t, l.hear)
	u := s.user(31)
	u.Send("hello")
	s.shows(u, "text")
	for _, raw := range []string{
		`"audio":{"file_id":"A","duration":3,"file_size":9}`, `"video_note":{"file_id":"A","duration":3}`,
		`"voice":{"file_id":"A","duration":3,"mime_type":"audio/mpeg"}`, `"voice":{"duration":3}`,
	} {
		before := len(s.room.all())
		s.server.Inject(fmt.Sprintf(`{"message":{"message_id":%d,"date":%d,"chat":{"id":31,"type":"private"},"from":{"id":31},%s}}`, 90+before, s.server.Now().Unix(), raw))
		s.until("it is heard", func() bool { return len(s.room.all()) == before+1 })
		if in := s.room.all()[before]; in.Kind != bot.Voice || in.Voice != nil {
			t.Errorf("%s is heard as %v", raw, in.Kind)
		}
	}
	if count(s, "getFile") != 0 {
		t.Error("something was fetched")
	}
}

func TestVoiceThatIsNotWhole(t *testing.T) {
	sized := func(n int64) func(*telegramtest.User) {
		return func(u *telegramtest.User) { u.SendVoiceAs(ogg(5000), 3, n) }
	}
	for name, c := range map[string]struct {
		fault *telegramtest.Fault
		send  func(*telegramtest.User)
		asked int // downloads
	}{
		"another size than announced": {send: sized(4999), asked: 1},
		"huge and says so":            {send: func(u *telegramtest.User) { u.SendVoice(ogg(2 << 20)) }},
		"huge and says it is small":   {send: func(u *telegramtest.User) { u.SendVoiceAs(ogg(2<<20), 3, 5000) }},
		"beyond what Telegram gives":  {send: func(u *telegramtest.User) { u.SendVoiceAs(ogg(21<<20), 3, 5000) }},
		"no Ogg":                      {send: func(u *telegramtest.User) { u.SendVoice(bytes.Repeat([]byte("ID3 "), 500)) }, asked: 1},
		"empty":                       {send: func(u *telegramtest.User) { u.SendVoice(nil) }, asked: 1},
		"a link that has ended":       {send: sized(0), fault: &telegramtest.Fault{Method: "download", Kind: telegramtest.NotFound}, asked: 1},
		"cut short":                   {send: sized(0), fault: &telegramtest.Fault{Method: "download", Kind: telegramtest.Truncated}, asked: 1},
		"a gateway that stays":        {send: sized(0), fault: &telegramtest.Fault{Method: "download", Kind: telegramtest.BadGateway}, asked: 3},
		"a connection that breaks":    {send: sized(0), fault: &telegramtest.Fault{Method: "getFile", Kind: telegramtest.DropAfter}},
	} {
		t.Run(name, func(t *testing.T) {
			l, log := &listener{}, &notes{}
			s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) })
			s.room.script = l.hear
			if c.fault != nil {
				s.server.Fault(*c.fault)
			}
			s.open()
			u := s.user(31)
			c.send(u)
			s.shows(u, "lost")
			if n := count(s, "download"); n != c.asked {
				t.Errorf("downloaded %d times, want %d", n, c.asked)
			}
			u.Send("and on")
			s.shows(u, "text")
			for _, secret := range []string{telegramtest.Token, "zqvoicemark", "voices/file_", "BQAC"} {
				if strings.Contains(log.String(), secret) || l.errs[0] != nil && strings.Contains(l.errs[0].Error(), secret) {
					t.Errorf("the log or the error says %q", secret)
				}
			}
		})
	}
}

func TestVoiceIsTriedAgain(t *testing.T) {
	l := &listener{}
	s := build(t, telegramtest.Options{}, nil)
	s.room.script = l.hear
	s.server.Fault(telegramtest.Fault{Method: "getFile", Kind: telegramtest.Flood, Times: 1})
	s.server.Fault(telegramtest.Fault{Method: "download", Kind: telegramtest.DropAfter, Times: 1})
	s.open()
	u := s.user(31)
	u.SendVoice(ogg(5000))
	s.shows(u, "kept")
}

// A voice message that comes drop by drop keeps neither others nor its own person waiting beyond the turn.
func TestSlowVoiceHoldsUpNobodyElse(t *testing.T) {
	l := &listener{}
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Turn = 2 * time.Second })
	s.room.script = func(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
		ctx, done := context.WithTimeout(ctx, 300*time.Millisecond)
		defer done()
		return l.hear(ctx, in)
	}
	s.server.Fault(telegramtest.Fault{Method: "download", Kind: telegramtest.Slow, Delay: time.Minute})
	s.open()
	u, other := s.user(31), s.user(32)
	u.SendVoice(ogg(5000))
	other.Send("hello")
	s.shows(other, "text")
	s.shows(u, "lost")
}

// The bytes come from the server that the bot was told to use. Whatever an answer says of a path, no other place is asked.
func TestVoiceFollowsTheEndpoint(t *testing.T) {
	l := &listener{}
	var mu sync.Mutex
	hosts := map[string]int{}
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) {
		o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			hosts[r.URL.Host]++
			mu.Unlock()
			return http.DefaultTransport.RoundTrip(r)
		})
	})
	s.room.script = l.hear
	s.open()
	u := s.user(31)
	u.SendVoice(ogg(5000))
	s.shows(u, "kept")
	mu.Lock()
	defer mu.Unlock()
	if len(hosts) != 1 || hosts[strings.TrimPrefix(s.server.URL(), "http://")] == 0 {
		t.Errorf("asked %v", hosts)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A file that is many bytes is loaded when its turn comes; one that is gone by then takes nothing else with it.
func TestFileIsLoadedWhenItIsSent(t *testing.T) {
	s := build(t, telegramtest.Options{}, nil)
	s.room.script = func(_ context.Context, in bot.Incoming) (bot.Reply, error) {
		return bot.Reply{Outs: []bot.Outgoing{
			{Text: "first", File: &bot.File{Name: "a.amana", Load: func() ([]byte, error) { return []byte("loaded"), nil }}},
			{Text: "second", File: &bot.File{Name: "b.amana", Load: func() ([]byte, error) { return nil, errors.New("gone") }}},
			{Text: "third"},
		}}, nil
	}
	s.open()
	u := s.user(31)
	u.Send("read")
	s.shows(u, "third")
	for _, m := range u.Screen() {
		if m.File != nil && string(m.File.Bytes) != "loaded" {
			t.Errorf("sent %q", m.File.Bytes)
		}
	}
	if sent(u, "second") != 0 {
		t.Error("the caption of a file that is gone was sent")
	}
}
