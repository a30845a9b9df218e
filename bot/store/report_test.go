package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// A key is a shelf, a day or a keyed name, and an id: no time finer than a day, and nothing that can be read.
func TestKeys(t *testing.T) {
	s := newShelves(t)
	rep := report(1)
	ref := s.put(rep, rep.Day+3)
	if ref.ID() != store.ID(rep.ID) || ref.Day() != rep.Day {
		t.Errorf("%v", ref)
	}
	s.update(func(w *store.Write) error {
		p := bot.Person{7}
		return errors.Join(
			w.PutNotice(november, store.Waiting{ID: store.ID{5}, Report: ref, Reader: "ana", Event: "report", Due: friday}),
			w.PutDraft(p, store.Draft{}, []byte("draft"), bot.Mark{4}, rep.Day), w.PutClosing(p, bot.Closing{Receipt: "1"}), w.PutMark(bot.Mark{3}, rep.Day),
			w.PutTrail(store.Trail{Person: p, Address: "telegram:70000001", IDs: []int64{1}, First: friday}), w.PutNudge(store.Nudge{ID: store.ID{2}, At: friday}),
			w.PutContact(store.Contact{ID: "ana", Address: "staff:ana"}), w.PutInvitation("word", store.Invitation{ID: "dora"}),
			w.PutPending(store.Pending{ID: "dora"}), w.PutRoster(store.Signed{Statement: []byte("x")}), w.Count(november, "filed"),
			w.AuditShared(store.Entry{Did: "x"}), w.Mark(), w.PutKeyBackup(store.Backup{Name: "x"}), w.PutDueMark("x"),
			w.BeginDirectory(store.ID{6}), w.PutDirectoryPage(store.ID{6}, 0, []byte("x")),
			w.PutBrowser(store.Browser{ID: store.ID{8}, Person: "ana"}), w.PutAbsences(map[string]store.Day{"ana": rep.Day}),
			w.PutStatement(1, store.Statement{Text: []byte("x")}), w.PutRetention(store.Retention{Seen: rep.Day}),
		)
	})
	ok(t, s.Carry(t.Context(), ref, "2026-12-report", rep.Day, func(ticket.Report) (store.Day, bool) { return rep.Day + 3, true }))
	lengths := map[byte]int{'S': 17, 'U': 19, 'C': 17, 'W': 19, 'N': 19, 'R': 19, 'T': 33, 'A': 33, 'B': 17, 'K': 17, 'P': 33,
		'D': 19, 'O': 19, 'V': 17, 'E': 17, 'L': 17, 'I': 17, 'Q': 17, 'F': 33, 'G': 17, 'H': 33, 'J': 17, 'M': 17, 'Y': 17, 'Z': 17, 'f': 17}
	for shelf, length := range lengths {
		keys := s.keys(shelf)
		if len(keys) == 0 {
			t.Errorf("nothing on the shelf %q", shelf)
		}
		for _, k := range keys {
			if len(k) != length {
				t.Errorf("a key of %d bytes on the shelf %q", len(k), shelf)
			}
			for _, secret := range []string{"ana", "dora", "word", string(rep.Code), "telegram"} {
				if bytes.Contains(k, []byte(secret)) {
					t.Errorf("a key of the shelf %q holds %q", shelf, secret)
				}
			}
		}
	}
	all := 0
	s.view(func(r *store.Read) error {
		sizes, err := r.Sizes()
		for _, n := range sizes {
			all += n
		}
		if len(sizes) != len(lengths) {
			t.Errorf("%d shelves, want %d", len(sizes), len(lengths))
		}
		return err
	})
	if p := s.problems(rep.Day + 3); len(p) != 0 {
		t.Error(p)
	}
}

// The index follows its record: what was found by reader, code, mailbox or day is found where it is now, and nowhere else.
func TestIndex(t *testing.T) {
	s := newShelves(t)
	rep := report(1)
	ref := s.put(rep, 100)
	was := store.Filed{Report: rep, DueDay: new(store.Day)}
	*was.DueDay = 100
	next := was
	next.Readers = []ticket.Reader{{Person: "bo", Handed: true}, {Person: "cora", Handed: true}}
	next.DueDay = new(store.Day)
	*next.DueDay = 200
	s.update(func(w *store.Write) error { return w.PutReport(ref, november, next, &was) })
	s.view(func(r *store.Read) error {
		for who, want := range map[string]int{"ana": 0, "bo": 1, "cora": 1, "an": 0} {
			refs, err := r.OfReader(who)
			if len(refs) != want || err != nil {
				t.Errorf("%s: %d reports, %v", who, len(refs), err)
			}
			if _, found, err := r.ForReader(who, store.ID(rep.ID)); found != (want == 1) || err != nil {
				t.Errorf("%s: %v, %v", who, found, err)
			}
		}
		for day, want := range map[store.Day]int{99: 0, 100: 0, 199: 0, 200: 1, 5000: 1} {
			refs, err := r.DueUntil(day)
			if len(refs) != want || err != nil {
				t.Errorf("until %d: %d reports, %v", day, len(refs), err)
			}
		}
		if got, found, err := r.ByCode(string(rep.Code)); !found || got != ref || err != nil {
			t.Error("by code:", err)
		}
		if got, found, err := r.ByMailbox(rep.MailboxID); !found || got != ref || err != nil {
			t.Error("by mailbox:", err)
		}
		return nil
	})
	if p := s.problems(200); len(p) != 0 {
		t.Error(p)
	}
	if p := s.problems(100); len(p) == 0 {
		t.Error("a report under the wrong day is not noticed")
	}
	for what, err := range map[string]error{"a missing report": s.View(t.Context(), func(r *store.Read) error {
		_, _, err := r.Report(store.RefOf(1, store.ID{8}))
		return err
	})} {
		if !errors.Is(err, store.ErrMissing) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A forgotten month is passed over wherever something is looked for.
func TestForgottenMonth(t *testing.T) {
	s := newShelves(t)
	rep := report(1)
	ref := s.put(rep, 100)
	s.update(func(w *store.Write) error {
		return w.PutNotice(november, store.Waiting{ID: store.ID{5}, Report: ref, Reader: "ana", Due: friday})
	})
	ok(t, s.house.Forget(november))
	s.view(func(r *store.Read) error {
		_, byCode, err := r.ByCode(string(rep.Code))
		_, byBox, err2 := r.ByMailbox(rep.MailboxID)
		of, err3 := r.OfReader("ana")
		due, err4 := r.DueUntil(5000)
		notices, err5 := r.Notices(time.Time{}, 10)
		_, _, err6 := r.Report(ref)
		if byCode || byBox || len(of)+len(due)+len(notices) != 0 || !errors.Is(err6, seal.ErrForgotten) {
			t.Error("something of a forgotten month is found")
		}
		return errors.Join(err, err2, err3, err4, err5, r.Reports(func(store.Ref, ticket.Report) error { return errors.New("a report") }))
	})
	if p := s.problems(100); len(p) != 0 {
		t.Error(p)
	}
}
