package casework_test

import (
	"testing"

	"amana/bot"
)

// Who looks for services is answered by a machine that has no key for the present month: nothing is counted there.
func TestSoughtWithoutAKey(t *testing.T) {
	m := newMission(t, together(1))
	m.wait(200 * day)
	a := m.chat(1)
	turn := a.turn()
	turn.Draft = []byte("looks for services")
	turn.Sought, turn.Gap = &bot.Sought{Kinds: []string{"health"}, Area: "x"}, &bot.Gap{Kinds: []string{"food"}, Area: "x"}
	_, err := a.commit(turn)
	ok(t, err)
	if r := a.recall(a.incoming()); string(r.Draft) != "looks for services" {
		t.Errorf("%q is kept", r.Draft)
	}
}
