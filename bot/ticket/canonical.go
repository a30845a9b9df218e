package ticket

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Canonical gives the bytes that the coordinator signs for a whole roster: the same for the same roster, whatever the
// order of its entries and lists. It is a row of netstrings (length in decimal, colon, bytes, comma), which any language
// writes without a library and which cannot be read in two ways.
func (r Roster) Canonical() []byte {
	b := field(nil, "amana/roster/1")
	b = field(b, strconv.FormatUint(r.Version, 10))
	entries := slices.SortedFunc(slices.Values(r.Entries), byID)
	b = field(b, strconv.Itoa(len(entries)))
	for _, e := range entries {
		b = append(b, e.fields()...)
	}
	return b
}

func (e Entry) fields() []byte {
	b := field(nil, e.ID)
	b = field(b, e.Name)
	b = field(b, e.Org)
	b = field(b, string(e.Role))
	b = fieldList(b, e.Areas)
	b = fieldList(b, e.Kinds)
	b = fieldList(b, e.Langs)
	b = field(b, e.Backup)
	b = field(b, e.Holder)
	b = field(b, strconv.FormatBool(e.Child))
	b = field(b, strconv.FormatBool(e.Oversight))
	b = field(b, e.Key)
	return field(b, string(e.Status))
}

func field(b []byte, s string) []byte {
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	b = append(b, s...)
	return append(b, ',')
}

func fieldList[T ~string](b []byte, list []T) []byte {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	b = field(b, strconv.Itoa(len(list)))
	for _, s := range list {
		b = field(b, string(s))
	}
	return b
}

// Encode writes the roster as JSON for files that people carry between machines; its signature is over Canonical.
func (r Roster) Encode() ([]byte, error) {
	entries := slices.SortedFunc(slices.Values(r.Entries), byID)
	b, err := encodeJSON(Roster{Version: r.Version, Entries: entries})
	if err != nil {
		return nil, fmt.Errorf("writing the roster: %w", err)
	}
	return b, nil
}

// DecodeRoster reads a roster and validates it. Unknown fields are refused: they would not be signed.
func DecodeRoster(b []byte) (Roster, error) {
	var r Roster
	if len(b) > 4<<20 {
		return Roster{}, errors.New("reading the roster: larger than 4 MiB")
	}
	if err := decodeJSON(b, &r); err != nil {
		return Roster{}, fmt.Errorf("reading the roster: %w", err)
	}
	return r, r.Validate()
}

// encodeJSON writes one line without HTML escaping, so that a character takes at most six bytes.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// decodeJSON reads exactly one value, without fields that are not known. Its errors carry nothing of what was read.
func decodeJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return errDamaged
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errDamaged
	}
	return nil
}
