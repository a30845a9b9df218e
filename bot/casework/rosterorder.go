package casework

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"strconv"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// settled names a key that waited: whoever brings another one waits again.
func settled(e ticket.Entry) string { return e.ID + " " + e.Key }

// ordered gives the bytes of an order that are signed. They name the roster by version and hash, so that an order
// belongs to one roster alone, and each part has its length before it, so that nothing slides from one into the next.
func ordered(o store.Order, roster ticket.Roster) []byte {
	hash := sha256.Sum256(roster.Canonical())
	var b []byte
	add := func(s string) {
		b = append(strconv.AppendInt(b, int64(len(s)), 10), ':')
		b = append(append(b, s...), ',')
	}
	add("amana/order/1")
	add(string(o.Nonce))
	add(strconv.FormatUint(roster.Version, 10))
	add(string(hash[:]))
	add(strconv.Itoa(len(o.Settled)))
	for _, s := range o.Settled {
		add(s)
	}
	return b
}

// What is wrong with the order that comes with a signed roster.
var (
	ErrNoOrder = errors.New("the file holds no order that the coordinator signed with this roster: list again, sign that, and apply it")
	ErrEndHold = errors.New("this roster was signed before the database was restored, or for another restore: list again, sign that, and apply it")
)

// checkOrder says whether an order was signed with a roster, and whether it ends the hold that there is.
func checkOrder(public string, o *store.Order, roster ticket.Roster, now store.Signed) error {
	if o == nil || seal.VerifyRoster(public, ordered(*o, roster), o.Signature) != nil {
		return ErrNoOrder
	}
	if now.Held && (len(now.Nonce) == 0 || !bytes.Equal(o.Nonce, now.Nonce)) {
		return ErrEndHold
	}
	return nil
}

// refuses says that the coordinator saw a key that somebody has brought, and left it out of the roster.
func refuses(o store.Order, roster ticket.Roster, e ticket.Entry) bool {
	now, ok := roster.Find(e.ID)
	return slices.Contains(o.Settled, settled(e)) && !(ok && now.Usable() && now.Key == e.Key)
}
