package chat_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/chat"
)

// Two processes hear one person at the same moment, as when Telegram brings an update again to another one while the first
// is still at it: what was said is heard once, in whichever order, and one report comes of one press.
func TestTwoProcessesAndOnePerson(t *testing.T) {
	m := newMission(t, func(o *casework.Options) {
		o.Process = [16]byte{1}
		o.Budget.Mission = 1000
	})
	rooms := []*chat.Room{m.room, m.beside(2)}
	const people, presses = 6, 5
	var walkers []*person
	for n := range people {
		p := m.person(byte(n + 1))
		p.start()
		p.taps("Wrong by aid, police or officials")
		p.taps("Go on")
		p.skipTo("what you want them to know")
		walkers = append(walkers, p)
	}
	// at brings updates to both rooms at once, each of them to both, and gives what was answered.
	at := func(ins ...bot.Incoming) (replies []bot.Reply) {
		var g sync.WaitGroup
		var mu sync.Mutex
		for _, in := range ins {
			for _, room := range rooms {
				g.Go(func() {
					reply, err := room.Hear(t.Context(), in)
					if err != nil {
						t.Errorf("%v", err)
					}
					mu.Lock()
					defer mu.Unlock()
					replies = append(replies, reply)
				})
			}
		}
		g.Wait()
		return replies
	}
	var said []bot.Incoming
	for n, p := range walkers {
		for k := range presses {
			in := p.incoming()
			in.Kind, in.Text = bot.Text, fmt.Sprintf("mark-%d-%d-end", n, k)
			said = append(said, in)
		}
	}
	at(said...)
	var sent []bot.Incoming
	for n, p := range walkers {
		p.room = rooms[n%2]
		p.types("and no more")
		p.taps("Done")
		p.skipTo("May this go to")
		p.taps("Yes, it may go")
		p.skipTo("This is what would be sent")
		for range 3 { // somebody who is afraid presses more than once; more would not wait for their receipts together
			in := p.incoming()
			in.Kind, in.Tap = bot.Tap, p.button("Send")
			sent = append(sent, in)
		}
	}
	at(sent...)
	inbox, err := m.registry.Inbox(t.Context(), "ana")
	m.ok(err)
	if len(inbox) != people {
		t.Errorf("%d people have sent %d reports", people, len(inbox))
	}
	told := m.told("ana")
	for n := range people {
		for k := range presses {
			if words := fmt.Sprintf("mark-%d-%d-end", n, k); strings.Count(told, words) != 1 {
				t.Errorf("%s was heard %d times", words, strings.Count(told, words))
			}
		}
	}
}
