package kv

import (
	"encoding/binary"
	"fmt"
	"time"
)

// Day counts the days since 1 January 1970 in UTC. Nothing finer is stored about when an update was committed.
type Day int32

// DayOf gives the day of an instant.
func DayOf(t time.Time) Day {
	return Day(t.UTC().Truncate(24*time.Hour).Unix() / (24 * 60 * 60))
}

// The record of a committed update: reserved byte, settleShelf, id; its value is the day. Looking one up needs the
// id alone, and forgetting walks them all, which at one record an update and once a day is little.
const settleShelf = 0x01

// SettleKey is where an engine keeps the record of an update.
func SettleKey(id ID) []byte {
	return append([]byte{Reserved, settleShelf}, id[:]...)
}

// SettleRange bounds the records of all updates.
func SettleRange() (from, to []byte) {
	return []byte{Reserved, settleShelf}, []byte{Reserved, settleShelf + 1}
}

// SettleValue is what an engine writes in the record of an update.
func SettleValue(day Day) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(day))
}

// SettleDay reads the record of an update.
func SettleDay(value []byte) (Day, error) {
	if len(value) != 4 {
		return 0, fmt.Errorf("record of an update has %d bytes, not 4: %w", len(value), ErrCorrupt)
	}
	return Day(binary.BigEndian.Uint32(value)), nil
}
