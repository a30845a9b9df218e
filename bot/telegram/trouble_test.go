package telegram_test

import (
	"slices"
	"testing"
	"time"

	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// TestADoorSaysWhatTroublesItAndWhenThatIsOver holds what the calls of a real door make of its troubles.
func TestADoorSaysWhatTroublesItAndWhenThatIsOver(t *testing.T) {
	for trouble, fault := range map[telegram.Trouble]telegramtest.Fault{
		telegram.NoUpdates: {Method: "getUpdates", Kind: telegramtest.BadGateway},
		telegram.Contested: {Method: "getUpdates", Kind: telegramtest.Conflict},
		telegram.Mute:      {Method: "sendMessage", Kind: telegramtest.DropBefore},
	} {
		t.Run(string(trouble), func(t *testing.T) {
			s := build(t, telegramtest.Options{MaxPoll: 100 * time.Millisecond}, func(o *telegram.Options) { o.Alarm = 500 * time.Millisecond })
			s.room.script = echo
			s.open()
			u := s.user(11)
			u.Send("one")
			s.shows(u, "you: one")
			if got := s.door.Troubles(); len(got) != 0 {
				t.Fatalf("before anything is wrong: %q", got)
			}
			heal := s.server.Fault(fault)
			u.Send("two")
			s.until("it is told", func() bool { return slices.Contains(s.door.Troubles(), trouble) })
			heal()
			s.shows(u, "you: two")
			s.until("it is over", func() bool { return len(s.door.Troubles()) == 0 })
		})
	}
}

func TestARevokedTokenIsToldAfterTheDoorHasClosed(t *testing.T) {
	s := start(t, echo)
	u := s.user(11)
	u.Send("one")
	s.shows(u, "you: one")
	s.server.Revoke(telegramtest.Token)
	u.Send("two")
	s.until("it is told", func() bool { return slices.Contains(s.door.Troubles(), telegram.TokenRefused) })
	_ = s.stop()
	if got := s.door.Troubles(); !slices.Equal(got, []telegram.Trouble{telegram.TokenRefused}) {
		t.Errorf("%q", got)
	}
}
