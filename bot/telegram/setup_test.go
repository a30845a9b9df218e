package telegram_test

import (
	"strings"
	"testing"

	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

var faces = []telegram.Face{
	{Name: "Amana", Description: "Find help. Say what went wrong.", Short: "Help and reports",
		Commands: []telegram.Command{{Name: "start", Text: "Begin"}, {Name: "hide", Text: "Hide everything"}}},
	{Lang: "ar", Name: "أمانة", Description: "اطلب المساعدة", Short: "مساعدة",
		Commands: []telegram.Command{{Name: "start", Text: "ابدأ"}, {Name: "hide", Text: "إخفاء"}}},
}

func count(s *stage, methods ...string) int { return len(s.server.Requests(methods...)) }

func TestFacesAreSetOnceAndOnlyWhatDiffers(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Faces = faces })
	s.server.Fault(telegramtest.Fault{Method: "setMyDescription", Kind: telegramtest.ServerError, Times: 1})
	s.open()
	s.until("the menu is set, which comes last", func() bool { return count(s, "setChatMenuButton") == 1 || count(s, "getChatMenuButton") == 1 })
	b := s.server.Bot(telegramtest.Token)
	s.until("everything is set", func() bool { return len(b.Commands("default", "ar")) == 2 && len(b.Commands("default", "")) == 2 })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	set := count(s, "setMyName", "setMyDescription", "setMyShortDescription", "setMyCommands")
	if set < 8 {
		t.Errorf("%d settings of 8", set)
	}
	s.opt.Faces = append([]telegram.Face(nil), faces...)
	s.opt.Faces[1].Short = "أمانة لك"
	s.open()
	s.until("looked at again", func() bool { return count(s, "getChatMenuButton") == 2 })
	if now := count(s, "setMyName", "setMyDescription", "setMyShortDescription", "setMyCommands"); now != set+1 {
		t.Errorf("%d settings for one change", now-set)
	}
}

func TestALongWaitForTheNameIsLeftToTheNextStart(t *testing.T) {
	s := build(t, telegramtest.Options{}, func(o *telegram.Options) { o.Faces = faces })
	s.room.script = echo
	s.server.Fault(telegramtest.Fault{Method: "setMyName", Kind: telegramtest.Flood, RetryAfter: 80_000})
	s.open()
	s.until("the rest is set", func() bool { return count(s, "getChatMenuButton") == 1 })
	if n := count(s, "setMyName"); n != 1 {
		t.Errorf("asked %d times although Telegram said not before tomorrow", n)
	}
	u := s.user(11)
	u.Send("hello")
	s.shows(u, "you: hello")
	if !strings.Contains(s.log.String(), "next start") {
		t.Error("nobody was told")
	}
}
