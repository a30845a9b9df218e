package retention

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot/store"
)

// A statement is a few lines of text that stand by themselves: which house, the number, what happened, on which day, and the
// hash of the statement before. Each is signed, and each can be printed.

// The things that a statement can say.
const (
	saysForgotten = "forgotten" // the key of this month was deleted
	saysEarlier   = "forgotten earlier"
	saysReturned  = "came back, and forgotten again"
	saysDestroyed = "destroyed" // its holder says so of this key backup
)

const (
	statementTitle = "amana statement 1"
	noStatement    = "none"
)

// words writes the lines of one statement. Lost is how many reports were given up because they were damaged, still are the key
// backups that hold the key.
func (k *Keeper) words(n int, before []byte, says, what string, day store.Day, lost int, still []store.Backup) []byte {
	id := k.Signer.ID()
	var b strings.Builder
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\n", name, value) }
	fmt.Fprintln(&b, statementTitle)
	line("house", hex.EncodeToString(id[:]))
	line("number", fmt.Sprint(n))
	line(says, what)
	line("on", day.Time().Format(time.DateOnly))
	if lost > 0 {
		line("damaged reports that were given up", fmt.Sprint(lost))
	}
	for _, one := range still {
		line("still in the key backup", NameOf(one))
	}
	line("before", hashOf(before))
	return []byte(b.String())
}

func hashOf(text []byte) string {
	if text == nil {
		return noStatement
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// NameOf names a key backup: its file, and the day on which it was made.
func NameOf(b store.Backup) string {
	return fmt.Sprintf("%q of %s", b.Name, b.Made.Format(time.DateOnly))
}

// ledger is the statements that there are, and those that an update adds: it knows the next number.
type ledger struct {
	*Keeper
	all []store.Statement
}

// ledger reads the statements, in a view: there are more of them in time than an update can touch.
func (k *Keeper) ledger(ctx context.Context) (l ledger, err error) {
	l.Keeper = k
	if l.all, _, err = k.Statements(ctx); err == nil {
		err = k.checked(l.all)
	}
	return l, err
}

// next words and signs one more statement. It is kept with write, in an update that may do more.
func (l *ledger) next(says, what string, lost int, still []store.Backup) (write func(*store.Write) error) {
	var before []byte
	if len(l.all) > 0 {
		before = l.all[len(l.all)-1].Text
	}
	n := len(l.all) + 1
	text := l.words(n, before, says, what, l.today(), lost, still)
	s := store.Statement{Text: text, Signature: l.Signer.SignStatement(text)}
	l.all = append(l.all, s)
	return func(w *store.Write) error { return w.PutStatement(n, s) }
}

// said reads what a statement says.
func said(s store.Statement) (says, what string) {
	lines := strings.Split(string(s.Text), "\n")
	if len(lines) < 5 {
		return "", ""
	}
	says, what, _ = strings.Cut(lines[3], ": ")
	return says, what
}

// Statements gives all statements in their order, and the key that verifies them.
func (k *Keeper) Statements(ctx context.Context) (all []store.Statement, key string, err error) {
	err = k.Store.View(ctx, func(r *store.Read) (err error) {
		all, err = r.Statements()
		return err
	})
	return all, k.Signer.StatementKey(), err
}

// ErrStatement says that the statements do not hold together: one was changed, left out or put in.
var ErrStatement = errors.New("the statements of what was forgotten do not hold together")

// checked says whether every statement is signed by this house and follows on the one before.
func (k *Keeper) checked(all []store.Statement) error {
	var before []byte
	id := k.Signer.ID()
	for i, s := range all {
		head := fmt.Sprintf("%s\nhouse: %s\nnumber: %d\n", statementTitle, hex.EncodeToString(id[:]), i+1)
		if !strings.HasPrefix(string(s.Text), head) || !strings.HasSuffix(string(s.Text), "\nbefore: "+hashOf(before)+"\n") {
			return fmt.Errorf("number %d: %w", i+1, ErrStatement)
		}
		if err := k.Verify(k.Signer.StatementKey(), s.Text, s.Signature); err != nil {
			return fmt.Errorf("number %d: %w: %w", i+1, ErrStatement, err)
		}
		before = s.Text
	}
	return nil
}

// gone gives the months that statements call forgotten.
func gone(all []store.Statement) (out []store.Month) {
	for _, s := range all {
		if says, what := said(s); says == saysForgotten || says == saysEarlier || says == saysReturned {
			if m := store.Month(what); !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}
