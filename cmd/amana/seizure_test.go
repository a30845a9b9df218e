package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/telegram/telegramtest"
	"amana/bot/ticket"
)

// TestSeizure takes what a thief would find on the disk of a mission in which a report was answered.
func TestSeizure(t *testing.T) {
	t.Parallel()
	const told, answered = "zqseizedstoryheron", "zqseizedanswerlark"
	tr := newTrial(t, trialOptions{costly: true})
	tr.serve()
	tr.enrol()
	w := tr.walker(8_444_000_111, "en", map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "other", "involved": "no", "story": told, "consent_complaint": "yes", "nudge": "!skip",
	})
	receipt, err := w.report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ana := tr.hands["ana"]
	code := tr.noticed(ana)
	o := tr.read(ana, code)
	ana.phone.SendDocument("answer.amana", tr.reply(o, ticket.Read, "en", answered))
	tr.saw(ana.phone, tr.words("en", "staff.answer.ok", map[string]string{"Code": code}))
	tr.stop()

	t.Run("database, keys and configuration without a focal point's key", func(t *testing.T) {
		h := tr.house()
		defer h.Close()
		plain := everything(t, h)
		found := false
		for _, p := range plain {
			found = found || strings.Contains(p, code)
			for _, m := range []string{told, answered, "8444000111", receipt} {
				for form, needle := range forms(m) {
					if strings.Contains(p, string(needle)) {
						t.Errorf("%q can be read with the house keys, as %s", m, form)
					}
				}
			}
		}
		if !found {
			t.Error("the house keys open nothing at all: the search proves nothing")
		}
	})
	t.Run("database without the key directory", func(t *testing.T) {
		h := tr.house()
		db := h.bolt
		defer h.Close()
		other, err := seal.CreateHouse(filepath.Join(t.TempDir(), "keys"), time.Now(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		roots, err := seal.OpenRoots(filepath.Join(t.TempDir(), "rt"), time.Now(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		stolen := store.New(db, other, roots)
		for _, keys := range []*seal.House{h.keys, other} {
			stretched, err := keys.Stretch(context.Background(), seal.NewKiln(), receipt)
			if err != nil {
				t.Fatal(err)
			}
			opens := false
			err = stolen.View(context.Background(), func(r *store.Read) error {
				for _, p := range keys.Peppers() {
					// The reference behind a mailbox is itself sealed, so that even a right name leads nowhere.
					_, found, err := r.ByMailbox(stretched.MailboxID(p))
					if errors.Is(err, seal.ErrTampered) || errors.Is(err, seal.ErrForgotten) {
						continue
					}
					if err != nil {
						return err
					}
					opens = opens || found
				}
				return nil
			})
			if err != nil || opens {
				t.Errorf("the right receipt opened a mailbox without its keys: %v, %v", opens, err)
			}
		}
		_, err = casework.New(context.Background(), casework.Options{Store: stolen, Now: time.Now})
		if !errors.Is(err, casework.ErrOtherHouse) {
			t.Errorf("another key directory was taken for this database's own: %v", err)
		}
	})
}

// everything opens every value of the database that the house keys open.
func everything(t *testing.T, h *house) (plain []string) {
	t.Helper()
	err := h.bolt.View(context.Background(), func(r kv.Reader) error {
		for from := []byte{kv.Reserved + 1}; ; {
			pairs, err := r.Scan(from, nil, kv.MaxScan)
			if err != nil || len(pairs) == 0 {
				return err
			}
			for _, p := range pairs {
				if text, _, err := h.keys.Open(p.Key, p.Value); err == nil {
					plain = append(plain, string(text))
				}
				from = kv.After(p.Key)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// TestExcludedSeesNothing plays the same days twice for a focal point: once while somebody reports and keeps them away
// from it, once while nobody does. All that their chat ever shows is the same, to the byte.
func TestExcludedSeesNothing(t *testing.T) {
	t.Parallel()
	with := newTrial(t, trialOptions{})
	without := newTrial(t, trialOptions{})
	without.hands["hana"].key = with.hands["hana"].key
	for _, tr := range []*trial{with, without} {
		tr.serve()
		tr.enrol()
	}
	w := with.walker(8_555_000_111, "en", map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "other", "involved": "yes", "involved_org": "example_health",
		"involved_role": "focal_point", "story": "hidden", "consent_complaint": "yes", "nudge": "!skip",
	})
	if _, err := w.report(t.Context()); err != nil {
		t.Fatal(err)
	}
	ana := with.hands["ana"]
	code := with.noticed(ana)
	o := with.read(ana, code)
	answer := with.reply(o, ticket.Read, "en", "an answer that hana got hold of")
	if !strings.Contains(strings.Join(readersOf(o), " "), "ana") || slices.Contains(readersOf(o), "hana") {
		t.Fatalf("the readers are %v", readersOf(o))
	}
	// One more notice, so that what is carried later is compared too.
	ana.phone.SendDocument("answer.amana", answer)
	with.saw(ana.phone, with.words("en", "staff.answer.ok", map[string]string{"Code": code}))

	var views []string
	for _, tr := range []*trial{with, without} {
		hana := tr.hands["hana"]
		for _, do := range []func(){
			func() { hana.phone.Send("/inbox") },
			func() { _ = hana.phone.TapData("s:ack:" + code) },
			func() { _ = hana.phone.TapData("s:read:" + code) },
			func() { _ = hana.phone.TapData("s:read:AAAAAB") },
			func() { hana.phone.SendDocument("answer.amana", answer) },
			func() { hana.phone.Send("/inbox") },
			func() { hana.phone.Send(code) },
		} {
			before := newest(hana.phone.Screen())
			do()
			_, err := hana.phone.Wait(telegramtest.Within(patience), func(s telegramtest.Screen) bool { return newest(s) > before })
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(300 * time.Millisecond) // whatever else belongs to it
		}
		time.Sleep(2 * time.Second) // on a busy machine, too
		views = append(views, strings.Join(shown(hana.phone), "\n---\n"))
	}
	if views[0] != views[1] {
		a, b := strings.Split(views[0], "\n"), strings.Split(views[1], "\n")
		n := 0
		for n < min(len(a), len(b)) && a[n] == b[n] {
			n++
		}
		t.Errorf("of %d and %d lines, line %d is the first that differs\nwith:    %.300q\nwithout: %.300q", len(a), len(b), n, a[n:], b[n:])
	}
	if strings.Contains(views[0], code) {
		t.Error("the code of the report stands in the chat of somebody who must not know of it")
	}
}

// shown is everything that a bot ever put on somebody's screen, times aside: messages in their order, then what flashed
// up, since the two reach a phone by different ways.
func shown(u *telegramtest.User) (out []string) {
	var toasts []string
	for _, e := range u.Transcript() {
		switch e.Kind {
		case telegramtest.Sent, telegramtest.Rewritten:
			line := fmt.Sprint(e.Kind, " ", e.Message.Text, " ", e.Message.Rows, " ", e.Message.ReplyTo, e.Message.Protected, e.Message.Silent)
			if e.Message.File != nil {
				line += fmt.Sprintf(" %x", e.Message.File.Bytes)
			}
			out = append(out, line)
		case telegramtest.Toasted:
			toasts = append(toasts, "toast "+e.Text)
		case telegramtest.Deleted:
			out = append(out, "deleted")
		}
	}
	return append(out, toasts...)
}

// readersOf gives who can read a report, as its hand-out says.
func readersOf(o opened) (ids []string) {
	for _, c := range o.packet.Cards {
		ids = append(ids, c.ID)
	}
	return ids
}

// TestBackupAlone restores a database from its backup: nothing is sealed or handed out before the coordinator has
// confirmed the roster again, and then everything is.
func TestBackupAlone(t *testing.T) {
	t.Parallel()
	tr := newTrial(t, trialOptions{})
	tr.serve()
	tr.enrol()
	copied := filepath.Join(tr.tmp, "copy.db")
	tr.amana("backup", "-config", tr.config(), copied)
	if status, _, errs := tr.try("backup", "-config", tr.config(), copied); status != 1 || !strings.Contains(errs, "exists") {
		t.Errorf("a backup over a backup: status %d, %s", status, errs)
	}
	if status, _, errs := tr.try("restore", "-config", tr.config(), copied); status != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("a restore over a database: status %d, %s", status, errs)
	}
	tr.stop()
	if err := bolt.Verify(context.Background(), copied); err != nil {
		t.Error(err)
	}
	move(t, tr.database(), tr.database()+".gone")
	tr.amana("restore", "-config", tr.config(), copied)
	tr.serve()
	hana := tr.hands["hana"]
	hana.phone.Send("/inbox")
	tr.saw(hana.phone, tr.words(hana.lang, "staff.held", nil))
	tr.amana("confirm", "-config", tr.config(), "-yes")
	hana.phone.Send("/inbox")
	tr.saw(hana.phone, tr.words(hana.lang, "staff.inbox.empty", nil))
}
