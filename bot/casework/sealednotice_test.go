package casework_test

import (
	"testing"

	"amana/bot"
	"amana/bot/store"
)

// A notice whose sealed file can be noted nowhere, since the chain of its report is damaged, is carried without the file: in
// one process and in several.
func TestSealedNoticeOfADamagedChain(t *testing.T) {
	for _, n := range []byte{0, 1} {
		m := newMission(t, together(n))
		ok(t, m.store.Update(t.Context(), store.ID{}, func(w *store.Write) error {
			return w.PutContact(store.Contact{ID: "ana", Address: bot.Address("staff:ana"), Lang: "en", Sealed: true})
		}))
		m.chat(1).files("story", "what happened")
		m.wait(day / 24)
		sealed := func() (out bot.Notice) {
			due, err := m.registry.Notices(t.Context(), 50, nil)
			if err != nil {
				t.Log(err)
			}
			for _, n := range due {
				if n.Reader == "ana" {
					out = n
				}
			}
			return out
		}
		if sealed().File == nil {
			t.Fatal("there is no sealed file: this proves nothing")
		}
		m.damage('A')
		notice := sealed()
		if ours, err := m.registry.NoticeTake(t.Context(), notice); notice.Reader == "" || notice.File != nil || !ours || err != nil {
			t.Errorf("process %d: taken %v, with a file %v: %v", n, ours, notice.File != nil, err)
		}
	}
}
