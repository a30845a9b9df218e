package store

import (
	"encoding/binary"
	"time"

	"amana/bot/ticket"
)

// A shelf is the first byte of every database key.
type shelf byte

const (
	drafts      shelf = 'S' // person → draft with its latest update marks, under the draft root
	marks       shelf = 'U' // day, mark → nothing: the key alone says it
	closings    shelf = 'C' // person → closing record, under the daily root
	trails      shelf = 'W' // day, person → message ids for wiping, under the daily root
	nudges      shelf = 'N' // day, id → waiting nudge, under the daily root
	reports     shelf = 'R' // day, id → outer record, under the report's month
	threads     shelf = 'T' // owner, id → one sealed message
	voices      shelf = 'X' // id of a sealed voice message → the report that it belongs to, under the report's month
	chains      shelf = 'A' // owner, number → audit entry of one report
	byMailbox   shelf = 'B' // mailbox id → report
	byCode      shelf = 'K' // keyed code → report
	byReader    shelf = 'P' // keyed reader, report id → report
	byDueDay    shelf = 'D' // day, report id → report
	outbox      shelf = 'O' // day, id → notice, under the report's month
	rosters     shelf = 'V' // number → piece of the signed roster, under the standing key like all that follows
	contacts    shelf = 'E' // keyed roster id → how to reach a member of staff
	byAddress   shelf = 'L' // keyed address → roster id
	invitations shelf = 'I' // keyed word of the link → invitation
	pending     shelf = 'Q' // keyed roster id → enrolment that waits for the coordinator
	browsers    shelf = 'H' // keyed roster id, id → a browser from which somebody signs in at the desk
	shared      shelf = 'G' // number → shared audit entry
	directories shelf = 'F' // generation, number → page of the packed service directory
	counters    shelf = 'Y' // month → counts, under that month's key; period → what was published, under the standing key
	peppers     shelf = 'M' // keyed month → its pepper, under the later month that its reports were carried to
	backups     shelf = 'J' // name → key backup that was made, under the standing key
	statements  shelf = 'f' // number → signed statement of what was forgotten, under the standing key
	meta        shelf = 'Z' // name → facts about this database
)

// ID is the sixteen bytes at the end of every database key.
type ID = [16]byte

// Day counts days since 1970 in UTC: the finest time that stands in a key. Two bytes of it last until 2149.
type Day = ticket.Day

// DayOf gives the day of an instant.
func DayOf(t time.Time) Day { return ticket.DayOf(t) }

func key(s shelf, id ID) []byte { return append([]byte{byte(s)}, id[:]...) }

func dayKey(s shelf, day Day, id ID) []byte {
	k := binary.BigEndian.AppendUint16([]byte{byte(s)}, uint16(day))
	return append(k, id[:]...)
}

func ownerKey(s shelf, owner, id ID) []byte { return append(key(s, owner), id[:]...) }

// numbered gives an id that sorts by a small number, for the entries of a chain.
func numbered(n int) (id ID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	return id
}

// Ref is where the outer record of a report lies: shelf, day, id.
type Ref [19]byte

// RefOf says where a report filed on a day lies.
func RefOf(day Day, id ID) Ref { return Ref(dayKey(reports, day, id)) }

// ID gives the id of the report.
func (r Ref) ID() ID { return ID(r[3:]) }

// Day gives the day on which the report was filed.
func (r Ref) Day() Day { return dayAt(r[:]) }
