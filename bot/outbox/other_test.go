package outbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot"
	"amana/bot/outbox"
)

// other is a door that is no chat.
type other struct {
	mu   sync.Mutex
	got  []bot.Notice
	said []bot.Outgoing
	fail int // how often it fails at first
}

func (o *other) Notify(_ context.Context, n bot.Notice, words bot.Outgoing) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail > 0 {
		o.fail--
		return errDown
	}
	o.got, o.said = append(o.got, n), append(o.said, words)
	return nil
}

// A door that is no chat gets the notice as it is, with its link, and words that speak of no button; it is asked again until
// it has taken it, and the chat is told nothing.
func TestOtherDoor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMission(t)
		far := &other{fail: 3}
		m.box.Other = func(a bot.Address) (outbox.Notifier, bool) { return far, strings.HasPrefix(a.Reveal(), "mail:") }
		m.box.Link = func(code string) string { return "https://desk.example.org/#/report/" + code }
		ok(t, m.registry.TellAt(t.Context(), "operator", "ana", "mail:ana@example.org", false))
		rounds := func(d time.Duration) {
			for range int(d / time.Second) {
				time.Sleep(time.Second)
				m.box.Round(t.Context())
			}
		}
		rounds(15 * time.Second)
		if len(far.got) != 1 || far.got[0].Event != "proof" || far.got[0].Tries != 3 || far.got[0].Link != "" {
			t.Fatalf("%+v", far.got)
		}
		if !strings.Contains(far.said[0].Text, far.got[0].Code) || len(far.said[0].Rows) != 0 || strings.Contains(far.said[0].Text, "https:") {
			t.Errorf("%+v", far.said[0])
		}
		ok(t, m.registry.Prove(t.Context(), "ana", "ana", far.got[0].Code))
		m.files()
		rounds(16 * time.Minute)
		if len(far.got) != 2 || far.got[1].Event != "report" || far.got[1].Link != "https://desk.example.org/#/report/"+far.got[1].Code || far.got[1].Deadline.IsZero() {
			t.Fatalf("%+v", far.got)
		}
		if !strings.Contains(far.said[1].Text, far.got[1].Code) || !strings.Contains(far.said[1].Text, far.got[1].Link) {
			t.Errorf("%+v", far.said[1])
		}
		for _, a := range []bot.Address{"mail:ana@example.org", "staff:ana"} {
			if n := len(m.staff.to(a)); n != 0 {
				t.Errorf("%d went to %s as a chat", n, a.Reveal())
			}
		}
		if strings.Contains(m.log.String(), "example.org") {
			t.Error("the log names an address")
		}
	})
}
