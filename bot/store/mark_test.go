package store_test

import (
	"bytes"
	"testing"

	"amana/bot"
	"amana/bot/kv"
	"amana/bot/store"
)

// Marks lie with their draft until there are too many or it is wiped; then they come to their shelf, each alone under its
// day, and none is lost on the way.
func TestMarksWithDraft(t *testing.T) {
	s := newShelves(t)
	p, day := bot.Person{1}, store.DayOf(friday)
	mark := func(n int) bot.Mark { return bot.Mark{byte(n), 1} }
	known := func(n int) (found bool) {
		t.Helper()
		s.view(func(r *store.Read) error {
			d, err := r.Draft(p)
			if found = d.Marked(mark(n)); err != nil || found {
				return err
			}
			found, err = r.Marked(mark(n), day)
			return err
		})
		return found
	}
	put := func(m bot.Mark, body string) {
		t.Helper()
		s.update(func(w *store.Write) error {
			d, err := w.Draft(p)
			if err != nil {
				return err
			}
			return w.PutDraft(p, d, []byte(body), m, day)
		})
	}
	for n := range 40 {
		put(mark(n), "draft")
		if want := n / 4 * 4; len(s.keys('U')) != want {
			t.Fatalf("after %d updates %d marks on their shelf, want %d", n+1, len(s.keys('U')), want)
		}
		for k := range 42 {
			if known(k) != (k <= n) {
				t.Fatalf("after update %d, is update %d known: %v", n, k, known(k))
			}
		}
	}
	put(bot.Mark{}, "again") // settles nothing
	s.view(func(r *store.Read) error {
		d, err := r.Draft(p)
		if string(d.Body) != "again" || d.Lost || d.Marked(bot.Mark{}) {
			t.Errorf("%q, lost %v", d.Body, d.Lost)
		}
		return err
	})
	s.update(func(w *store.Write) error {
		d, err := w.Draft(p)
		if err != nil {
			return err
		}
		return w.DropDraft(p, d, day)
	})
	if len(s.keys('U')) != 40 || len(s.keys('S')) != 0 {
		t.Errorf("%d marks, %d drafts", len(s.keys('U')), len(s.keys('S')))
	}
	for n := range 42 {
		if known(n) != (n < 40) {
			t.Errorf("the draft is wiped; is update %d known: %v", n, known(n))
		}
	}
}

// No key and no value on the shelves tells whose update a mark is of: those that lie with a draft are sealed.
func TestMarksSealed(t *testing.T) {
	s := newShelves(t)
	p, m := bot.Person{1}, bot.Mark([]byte("sixteen bytes of"))
	s.update(func(w *store.Write) error { return w.PutDraft(p, store.Draft{}, []byte("x"), m, 1) })
	s.raw(func(tx kv.Tx) error {
		pairs, err := tx.Scan(nil, nil, 90)
		for _, pair := range pairs {
			if bytes.Contains(pair.Key, m[:8]) || bytes.Contains(pair.Value, m[:8]) {
				t.Error("a mark can be read beside a pseudonym")
			}
		}
		return err
	})
	s.update(func(w *store.Write) error {
		d, err := w.Draft(p)
		if err != nil {
			return err
		}
		return w.DropDraft(p, d, 1)
	})
	for _, k := range s.keys('U') {
		if bytes.Contains(k, p[:8]) {
			t.Error("a mark on its shelf names a person")
		}
	}
}

// A conversation without marks beside it, an older form, is opened as it is. A record that is none is lost, which keeps
// nobody from being heard.
func TestDraftWithoutMarks(t *testing.T) {
	s := newShelves(t)
	p := bot.Person{1}
	k := append([]byte{'S'}, p[:]...)
	for plain, want := range map[string]store.Draft{
		"\x01 what was kept":              {Body: []byte("\x01 what was kept")},
		"\x80":                            {Body: []byte{}},
		"\x81":                            {Lost: true},
		"\x82" + string(make([]byte, 31)): {Lost: true},
	} {
		value, err := s.roots.SealDraft(k, []byte(plain))
		ok(t, err)
		s.raw(func(tx kv.Tx) error { return tx.Put(k, value) })
		s.view(func(r *store.Read) error {
			d, err := r.Draft(p)
			if !bytes.Equal(d.Body, want.Body) || d.Lost != want.Lost || (d.Body == nil) != (want.Body == nil) {
				t.Errorf("%q: %q, lost %v", plain, d.Body, d.Lost)
			}
			return err
		})
	}
}
