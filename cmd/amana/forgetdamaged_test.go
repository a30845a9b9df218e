package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// spoils damages the records of some reports in the database file.
func (o *oldMission) spoils(refs ...store.Ref) {
	o.Helper()
	file, err := bolt.Open(o.database(), bolt.Options{})
	if err != nil {
		o.Fatal(err)
	}
	defer file.Close()
	err = file.Update(context.Background(), kv.ID{}, func(tx kv.Tx) error {
		for _, ref := range refs {
			value, _, err := tx.Get(ref[:])
			if value = bytes.Clone(value); err != nil {
				return err
			}
			value[len(value)-1] ^= 1
			if err := tx.Put(ref[:], value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		o.Fatal(err)
	}
}

// An operator who has looked for a backup in vain gives a month's damaged reports up: they look first, they write the name of
// the month, and nothing else is lost. What is on hold is not given up before a reader has it lifted.
func TestForgetGivesUp(t *testing.T) {
	t.Parallel()
	o := newOldMission(t)
	var open, closed, held store.Ref
	var codes []string
	heldCode := ""
	h := o.house()
	err := h.store.View(t.Context(), func(r *store.Read) error {
		return r.Reports(func(ref store.Ref, rep ticket.Report) error {
			switch codes = append(codes, string(rep.Code)); {
			case rep.Hold:
				held, heldCode = ref, string(rep.Code)
			case rep.State == ticket.Closed:
				closed = ref
			default:
				open = ref
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for receipt, code := range o.codes {
		rep := store.Ref{}
		if err := h.store.View(t.Context(), func(r *store.Read) (err error) {
			rep, _, err = r.ByCode(code)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if rep == open || rep == held {
			o.kept[receipt] = false
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	o.gone = append(o.gone, open[:], held[:])
	o.spoils(open, closed, held)

	said := func(status int, typed string, want []string, args ...string) string {
		t.Helper()
		args = append([]string{args[0], "-config", o.config()}, args[1:]...)
		got, out, errs := o.types(typed, args...)
		if got != status {
			t.Errorf("amana %s: status %d", strings.Join(args, " "), got)
		}
		for _, w := range want {
			if !strings.Contains(out+errs, w) {
				t.Errorf("amana %s does not say %q:\n%s%s", strings.Join(args, " "), w, out, errs)
			}
		}
		for _, code := range codes {
			if strings.Contains(out+errs, code) {
				t.Errorf("amana %s tells a code", strings.Join(args, " "))
			}
		}
		return out + errs
	}
	there := func() {
		t.Helper()
		if _, err := os.Stat(filepath.Join(o.dir, "keys", o.month)); err != nil {
			t.Fatalf("the month is gone: %v", err)
		}
	}
	said(1, "", []string{"a report of that month is damaged", "only if none holds it, `amana forget -config " + o.config() + " -give-up MONTH`"}, "forget", o.month)
	said(1, "", []string{
		o.month + ": a report is damaged and cannot be read\n", "only if no backup holds the report, it can be given up once its month is due: `amana forget -config " + o.config() + " -dry-run -give-up " + o.month + "`",
		o.month + " cannot be forgotten: it holds 3 damaged reports, 1 of them on hold, as the audit chain says\n",
	}, "check")
	said(0, "", []string{o.month + "\tdue since ", "\tkept by 3 damaged reports\n"}, "forget", "-dry-run")
	for _, more := range [][]string{{"-dry-run"}, nil} {
		said(1, o.month+"\n", []string{"to be given up: 3 damaged reports", "on hold: 1 of them", "its month stays until that is lifted"}, append([]string{"forget", "-give-up", o.month}, more...)...)
	}
	there()
	o.amana("hold", "-config", o.config(), "-as", "ana", "-lift", heldCode)
	said(1, "", []string{"it holds 3 damaged reports\n\trestore the latest backup that holds what is damaged; only if there is none, `amana forget"}, "check")
	said(0, "", []string{"to be given up: 3 damaged reports, with what was told", "restore it first"}, "forget", "-dry-run", "-give-up", o.month)
	said(1, "", []string{"there is nobody to ask"}, "forget", "-give-up", o.month)
	said(1, "yes\n", []string{"that is not the name of the month; nothing was given up"}, "forget", "-give-up", o.month)
	said(2, "", []string{"goes with -dry-run alone"}, "forget", "-give-up", o.month, o.month)
	said(2, "", []string{"goes with -dry-run alone"}, "forget", "-give-up", o.month, "-destroyed", "first.age")
	said(2, "", []string{"is no month"}, "forget", "-give-up", "november")
	for month, want := range map[string]string{string(seal.MonthID(time.Now(), seal.Reports)): "not due yet", "2019-01-report": "is no month", "2021-01-report": "is no month that is there"} {
		said(map[bool]int{true: 2, false: 1}[month < "2020"], month+"\n", []string{want}, "forget", "-give-up", month)
	}
	there()

	o.serve()
	done := said(0, o.month+"\n", []string{"given up: 3 damaged reports of " + o.month + "\n", "forgotten: " + o.month + "\n", "next: `amana keys backup FILE`"}, "forget", "-give-up", o.month)
	said(1, o.month+"\n", []string{"or it is forgotten"}, "forget", "-give-up", o.month)
	o.stop()
	said(0, "", nil, "forget") // other months that are due
	o.judge(done)
	text := said(0, "", []string{"forgotten: " + o.month + "\n", "damaged reports that were given up: 3\n"}, "forget", "-statements")
	printed := filepath.Join(o.tmp, "statements.txt")
	if err := os.WriteFile(printed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o.amana("forget", "-verify", printed)
	if _, out, _ := o.try("check", "-config", o.config()); strings.Contains(out, "damaged") {
		t.Errorf("the check:\n%s", out)
	}
}
