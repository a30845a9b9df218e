package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"amana/bot"
	"amana/bot/kv"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// record is one thing as it lies in the database or goes over the wire, and what whoever holds the house keys and the
// memory of the running program can read of it.
type record struct {
	Shelf  string  `json:"shelf"`            // what it is
	Key    string  `json:"key,omitempty"`    // hex
	Under  string  `json:"under,omitempty"`  // which key opens it
	Size   int     `json:"size"`             // of what is kept
	Stored string  `json:"stored"`           // the first of its bytes
	Gone   bool    `json:"gone,omitempty"`   // it was taken away
	Fields []field `json:"fields,omitempty"` // what can be read of it
	Sealed *sealed `json:"sealed,omitempty"` // what cannot: the age file in it
}

type field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// sealed is an age file from outside: its places, and the beginning of what it locks.
type sealed struct {
	Size    int    `json:"size"`
	Places  int    `json:"places"`
	Head    string `json:"head"`
	Payload string `json:"payload"`
}

// shelves says what lies on each shelf of the store, by the first byte of a database key.
var shelves = map[byte]string{
	'S': "the running conversation", 'U': "mark of a message that was heard", 'C': "number that waits to be shown", 'W': "messages that can be taken out of a chat",
	'N': "a line that waits for a safe hour", 'R': "outer record of a report", 'T': "message of a report", 'X': "whose a voice message is",
	'A': "line of the report's audit chain", 'B': "index: mailbox", 'K': "index: code", 'P': "index: reader", 'D': "index: day on which something is due",
	'O': "notice to a focal point", 'V': "the signed roster", 'E': "how a focal point is reached", 'L': "index: address of a focal point",
	'I': "invitation", 'Q': "key that waits for the coordinator", 'G': "line of the mission's audit chain", 'F': "page of the service directory",
	'Y': "counters of the month", 'Z': "about this database", 'H': "browser of a focal point",
}

// most is how many bytes of a record are shown.
const most = 256

// read tells what a pair of the database says to whoever holds the keys of this house and its memory.
func (c *camp) read(p kv.Pair, gone bool) record {
	r := record{Shelf: shelves[p.Key[0]], Key: hex.EncodeToString(p.Key), Size: len(p.Value), Stored: dump(p.Value), Gone: gone}
	if r.Shelf == "" {
		r.Shelf = fmt.Sprintf("shelf %q", p.Key[0])
	}
	plain, under, err := c.keys.Open(p.Key, p.Value)
	r.Under = string(under)
	if err != nil {
		if plain, err = c.roots.OpenDraft(p.Key, p.Value); err == nil {
			r.Under = "a root in memory that steps every hour"
		} else if plain, err = c.roots.OpenDaily(p.Key, p.Value); err == nil {
			r.Under = "a root in memory that steps every day"
		}
	}
	switch {
	case len(p.Value) == 0:
		r.Under = "nothing: the key alone says it"
	case err != nil:
		r.Under = "a key that is gone"
	default:
		c.fields(&r, p.Key[0], plain)
	}
	return r
}

// fields names what stands in a record that was opened.
func (c *camp) fields(r *record, shelf byte, plain []byte) {
	switch shelf {
	case 'R':
		if rep, err := ticket.DecodeReport(plain); err == nil {
			r.Fields = outer(rep, c.config.zone())
		}
	case 'T':
		if n, w := binary.Uvarint(plain); plain[0] != '{' && w > 0 && n <= uint64(len(plain)-w) {
			var m store.Message
			if json.Unmarshal(plain[w:w+int(n)], &m) == nil {
				r.Fields, r.Sealed = c.message(m), fromOutside(plain[w+int(n):])
			}
			return
		}
		r.Fields = named(plain)
	case 'S':
		r.Fields = []field{{"what was answered so far", letters(plain)}, {"byte by byte", dumpText(plain)}}
	case 'B', 'K', 'P', 'D', 'X':
		r.Fields = []field{{"points to", hex.EncodeToString(plain)}}
	default:
		r.Fields = named(plain)
	}
}

// outer names the fields of an outer record: all that the server ever knows of a report.
func outer(rep ticket.Report, zone *time.Location) []field {
	var due []string
	for _, d := range rep.Due {
		due = append(due, fmt.Sprintf("%s until %s", d.Step, d.At.In(zone).Format("2 Jan 15:04")))
	}
	list := func(all []string) string { return orNone(strings.Join(all, ", ")) }
	yes := map[bool]string{true: "yes", false: "no"}
	return []field{
		{"id, at random", hex.EncodeToString(rep.ID[:])}, {"code", string(rep.Code)}, {"day", rep.Day.Time().Format(time.DateOnly)},
		{"due", list(due)}, {"kind", string(rep.Kind)}, {"urgency", string(rep.Urgency)}, {"area", orNone(rep.Area)}, {"language", rep.Lang},
		{"state", string(rep.State)}, {"kept as", string(rep.Class)}, {"legal hold", yes[rep.Hold]},
		{"readers who have it", list(rep.Handed())}, {"readers who wait", list(rep.Waiting())}, {"excluded", list(rep.Excluded)},
		{"mailbox id", hex.EncodeToString(rep.MailboxID[:])}, {"mailbox key, public", rep.MailboxKey},
		{"signing key, public", hex.EncodeToString(rep.SigningKey[:])}, {"a line was sent and not followed", yes[rep.Unread]},
	}
}

// message names what stands in front of a sealed file.
func (c *camp) message(m store.Message) []field {
	out := []field{{"id, at random", hex.EncodeToString(m.ID[:])}, {"place in the thread", fmt.Sprint(m.Seq + 1)}, {"kind", m.Kind}, {"day", m.Day.Time().Format(time.DateOnly)}}
	if len(m.To) > 0 {
		out = append(out, field{"sealed to", strings.Join(c.whoseKeys(m.To), ", ")})
	}
	if h, err := seal.ParseHeader(m.Header); err == nil {
		var to []string
		for _, x := range h.Readers {
			to = append(to, x.ID)
		}
		out = append(out, field{"signed header: new state", orNone(h.State)}, field{"signed header: readers", strings.Join(to, ", ")},
			field{"signed header: return address", fmt.Sprintf("%d bytes: %s", len(h.Nudge), orNone(hex.EncodeToString(h.Nudge)))},
			field{"signature", hex.EncodeToString(m.Signature)})
	}
	return out
}

// whoseKeys names the owners of public keys that the roster has.
func (c *camp) whoseKeys(keys []string) (out []string) {
	for _, k := range keys {
		whose := k[:min(len(k), 16)] + "…"
		for _, e := range c.staff {
			if e.Key == k {
				whose = e.ID
			}
		}
		out = append(out, whose)
	}
	return out
}

// named gives the fields of a record in JSON, in their order; anything else as it is.
func named(plain []byte) (out []field) {
	d := json.NewDecoder(bytes.NewReader(plain))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return []field{{"", dumpText(plain)}}
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return []field{{"", dumpText(plain)}}
		}
		out = append(out, field{fmt.Sprint(name), readable(string(name.(string)), value)})
	}
	return out
}

// readable writes a value of JSON as it is, but numbers of days as days, and bytes in hex.
func readable(name string, value json.RawMessage) string {
	var text string
	var days uint32
	switch {
	case name == "day" && json.Unmarshal(value, &days) == nil:
		return store.Day(days).Time().Format(time.DateOnly)
	case json.Unmarshal(value, &text) == nil:
		if raw, err := base64.StdEncoding.DecodeString(text); err == nil && len(raw) >= 16 && name != "did" {
			return hex.EncodeToString(raw[:min(len(raw), 64)]) + map[bool]string{true: "…"}[len(raw) > 64]
		}
		return text
	}
	return string(value[:min(len(value), most)]) + map[bool]string{true: "…"}[len(value) > most]
}

// fromOutside looks at an age file as everybody can.
func fromOutside(file []byte) *sealed {
	end := bytes.Index(file, []byte("\n--- "))
	if end < 0 {
		return nil
	}
	line := bytes.IndexByte(file[end+1:], '\n')
	if line < 0 {
		return nil
	}
	head, payload := file[:end+1+line+1], file[end+1+line+1:]
	return &sealed{Size: len(file), Places: bytes.Count(head, []byte("\n-> ")), Head: string(head), Payload: dump(payload)}
}

// noticed is what a message to a focal point says, as it goes out.
func noticed(to string, out bot.Outgoing) record {
	return record{Shelf: "message to " + to + ", as it goes out", Size: len(out.Text), Stored: dump([]byte(out.Text)), Fields: []field{{"in clear", plainWords(out)}}}
}

func plainWords(out bot.Outgoing) string {
	return strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\u200e", "", "\u200f", "", "\u061c", "").Replace(out.Text)
}

// dump writes the first bytes as tools do: sixteen a line, in hex and as letters.
func dump(data []byte) string {
	text := strings.TrimRight(hex.Dump(data[:min(len(data), most)]), "\n")
	if len(data) > most {
		text += fmt.Sprintf("\n… and %d bytes more", len(data)-most)
	}
	return text
}

// letters gives the words that stand among other bytes.
func letters(data []byte) string {
	var words []string
	for run := range strings.FieldsFuncSeq(string(data), func(r rune) bool { return r == utf8.RuneError || r != '\n' && !unicode.IsPrint(r) }) {
		if utf8.RuneCountInString(run) >= 3 {
			words = append(words, run)
		}
	}
	return strings.Join(words, " · ")
}

// dumpText is dump for what holds words among other bytes: all of it.
func dumpText(data []byte) string {
	return strings.TrimRight(hex.Dump(data[:min(len(data), 16<<10)]), "\n")
}
