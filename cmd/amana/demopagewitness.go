package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot/kv"
)

// witness looks into the database after each turn, and keeps what changed: so that anybody can see, byte by byte, what the
// server had in its hands at each moment of a report. It looks where a thief with the running machine would look.
type witness struct {
	camp    *camp
	before  map[string][]byte
	moments []moment
	kept    int            // how often a moment was kept, so that a page sees that there is something new
	heads   map[string]int // how much of a thread lay there when its mailbox was last opened
}

// moment is one step of the story: what changed, and what follows from it.
type moment struct {
	Kind     string   `json:"kind"`
	Title    string   `json:"title"`
	At       string   `json:"at"` // by the clock of the camp
	Could    []string `json:"could"`
	CouldNot []string `json:"couldNot"`
	Records  []record `json:"records"`
	Times    int      `json:"times,omitempty"` // how often it happened in a row
}

func newWitness(ctx context.Context, c *camp) (*witness, error) {
	w := &witness{camp: c, heads: map[string]int{}}
	_, err := w.changes(ctx)
	return w, err
}

type change struct {
	kv.Pair
	old  []byte
	gone bool
}

func (c change) shelf() byte { return c.Key[0] }
func (c change) fresh() bool { return c.old == nil && !c.gone }

// changes compares the database with how it lay when it was last looked at.
func (w *witness) changes(ctx context.Context) (out []change, err error) {
	after := map[string][]byte{}
	err = w.camp.engine.View(ctx, func(r kv.Reader) error {
		for from := []byte{0}; ; {
			pairs, err := r.Scan(from, nil, kv.MaxScan)
			if err != nil {
				return err
			}
			for _, p := range pairs {
				after[string(p.Key)] = p.Value
			}
			if len(pairs) < kv.MaxScan {
				return nil
			}
			from = kv.After(pairs[len(pairs)-1].Key)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("looking into the database: %w", err)
	}
	for k, v := range after {
		if old, was := w.before[k]; !was || !bytes.Equal(old, v) {
			out = append(out, change{Pair: kv.Pair{Key: []byte(k), Value: v}, old: old})
		}
	}
	for k, v := range w.before {
		if _, is := after[k]; !is {
			out = append(out, change{Pair: kv.Pair{Key: []byte(k), Value: v}, old: v, gone: true})
		}
	}
	w.before = after
	slices.SortFunc(out, func(a, b change) int { return bytes.Compare(a.Key, b.Key) })
	return out, nil
}

// look keeps what a turn of the person, or a deed at the desk, has changed. Handed are the sealed files that went out.
func (w *witness) look(ctx context.Context, handed ...record) error {
	all, err := w.changes(ctx)
	if err != nil {
		return err
	}
	kind := w.kind(all, len(handed) > 0)
	if kind == "" {
		return nil
	}
	m := momentWords[kind]
	m.Kind, m.At = kind, w.camp.now().In(w.camp.config.zone()).Format("2 January 15:04")
	for _, c := range all {
		if belongs[kind] != "" && !strings.ContainsRune(belongs[kind], rune(c.shelf())) {
			continue
		}
		m.Records = append(m.Records, w.camp.read(c.Pair, c.gone))
	}
	m.Records = append(handed, m.Records...)
	w.keep(m)
	return nil
}

// keep adds a moment. The same question after question is one moment, the latest: what was answered is all in it.
func (w *witness) keep(m moment) {
	w.kept++
	if n := len(w.moments); n > 0 && m.Kind == "asked" && w.moments[n-1].Kind == "asked" {
		m.Times = max(w.moments[n-1].Times, 1) + 1
		w.moments[n-1] = m
		return
	}
	w.moments = append(w.moments, m)
	if len(w.moments) > mostMoments {
		w.moments = slices.Delete(w.moments, 0, len(w.moments)-mostMoments)
	}
}

// mostMoments bounds what a long showing keeps.
const mostMoments = 200

// carried keeps that notices have gone out, with their words.
func (w *witness) carried(ctx context.Context, new []told) error {
	all, err := w.changes(ctx)
	if err != nil || len(new) == 0 {
		return err
	}
	m := momentWords["noticed"]
	m.Kind, m.At = "noticed", w.camp.now().In(w.camp.config.zone()).Format("2 January 15:04")
	for _, t := range new {
		m.Records = append(m.Records, noticed(t.id, t.out))
	}
	for _, c := range all {
		if c.shelf() == 'O' {
			m.Records = append(m.Records, w.camp.read(c.Pair, c.gone))
		}
	}
	w.keep(m)
	return nil
}

// kind says which moment of the story these changes are; "" is none that is shown.
func (w *witness) kind(all []change, handed bool) string {
	of := map[byte]bool{}
	for _, c := range all {
		if c.fresh() {
			of[c.shelf()] = true
		}
	}
	switch {
	case of['R']:
		return "sent"
	case handed:
		return "opened"
	}
	for _, c := range all {
		if c.shelf() == 'T' && c.fresh() {
			if m := w.camp.read(c.Pair, false); fieldOf(m, "kind") != "" {
				return map[string]string{"answer": "answered", "note": "noted", "message": "wrote", "share": "shared", "copy": "shared"}[fieldOf(m, "kind")]
			}
		}
	}
	if w.mailboxOpened(all) {
		return "read"
	}
	for _, c := range all {
		if c.shelf() == 'A' && c.fresh() {
			return "deed"
		}
	}
	for _, c := range all {
		if c.shelf() == 'S' && !c.gone {
			return "asked"
		}
	}
	return ""
}

// mailboxOpened says whether a mailbox with something new in it was opened: the head of its thread says up to where.
func (w *witness) mailboxOpened(all []change) (is bool) {
	for _, c := range all {
		if c.shelf() != 'T' || c.gone {
			continue
		}
		var head struct{ Next, Seen int }
		plain, _, err := w.camp.keys.Open(c.Key, c.Value)
		if err != nil || json.Unmarshal(plain, &head) != nil || head.Next == 0 {
			continue
		}
		if head.Seen > w.heads[string(c.Key)] {
			is, w.heads[string(c.Key)] = true, head.Seen
		}
	}
	return is
}

func fieldOf(r record, name string) string {
	for _, f := range r.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// belongs are the shelves that belong to a moment; of the others it shows everything that changed.
var belongs = map[string]string{
	"asked": "S", "sent": "SCRTABKPDOYX", "opened": "ARP", "answered": "TARON", "noted": "TARO", "wrote": "TARO", "shared": "TARPO", "read": "TRSN", "deed": "ARDPO",
}

// momentWords says of each kind of moment what whoever held the whole running machine could and could not read then.
var momentWords = map[string]moment{
	"asked": {
		Title: "A question is answered",
		Could: []string{
			"While the conversation lasts: everything answered so far. It lies in the database under a key that is in memory alone, and whoever controls the running program holds that key.",
		},
		CouldNot: []string{
			"Who is writing. The conversation has a name that only memory can reckon.",
			"Any of it after the power was cut, or an hour after the last answer: the key is gone, and no copy of the disk has it.",
		},
	},
	"sent": {
		Title: "The report is sent",
		Could: []string{
			"At the very moment of sealing: the words, as they passed through.",
			"From then on: the fields of the outer record, and nothing else. Kind, urgency, coarse area, day, language, who may read.",
			"Until it was shown: the number for the person. It waits under a key that is in memory alone.",
		},
		CouldNot: []string{
			"One word of what was told. It is one file with sixteen places, and none of them is for the server.",
			"Which place is whose. Empty ones are filled with keys that nobody holds, and all look the same.",
			"Sex, age or who is accused. These went into the month's counters, and stand with no report.",
		},
	},
	"noticed": {
		Title: "Focal points are told",
		Could: []string{"Whom it told, the code and the deadline. This is the whole message, and the messenger that carries it reads the same."},
		CouldNot: []string{
			"What was reported. A notice holds nothing of it, and cannot: the server has nothing to put in.",
		},
	},
	"opened": {
		Title: "A focal point opens it",
		Could: []string{"That this reader asked for it, on this day. That stands in the report's own audit chain."},
		CouldNot: []string{
			"What it handed out: the sealed thread, sealed once more to this one reader.",
			"The reader's key. It was unwrapped in the page, by a passphrase and a key of that device, and never left it.",
		},
	},
	"deed": {
		Title:    "Something is done about it",
		Could:    []string{"What was done, by whom, on which day: the line of the audit chain."},
		CouldNot: []string{"Why. Nothing that anybody wrote went along."},
	},
	"answered": {
		Title: "The focal point answers",
		Could: []string{
			"The header: which report, which state it is in from now on, who can read the answer. The server checks the signature.",
			"If the person asked for a line at safe hours: where to send it. The address came along locked with the month's key, waits in memory alone, and of it the header keeps a hash.",
		},
		CouldNot: []string{"The answer. It was sealed in the focal point's page, to the readers and to the person's mailbox."},
	},
	"noted": {
		Title:    "A note for colleagues",
		Could:    []string{"The header: that there is a note, and who can read it."},
		CouldNot: []string{"The note. The place that an answer has for the person is taken by a key that nobody holds."},
	},
	"wrote": {
		Title:    "The person writes again",
		Could:    []string{"At the very moment of sealing: the words, as they passed through. The number, while it was in use."},
		CouldNot: []string{"The message afterwards. It is sealed like the report, to those who read it today."},
	},
	"shared": {
		Title:    "It is shared",
		Could:    []string{"Who shared it with whom. Both are signed with a key that stands in the sealed report alone."},
		CouldNot: []string{"What was shared. A copy is a new head for the same sealed bytes: no word of it was changed, or could be."},
	},
	"read": {
		Title: "The person reads the answer",
		Could: []string{
			"While the number was in use: the answer. The mailbox's key was reckoned from the number, used, and wiped.",
			"That this mailbox was opened: the head of the thread says up to where.",
		},
		CouldNot: []string{
			"What was told at first. The number opens answers, never the report.",
			"The number afterwards. It is kept nowhere; from what is kept, each guess costs three passes over 64 MiB of memory.",
		},
	},
}

// clock gives the time of the camp for the page.
func (c *camp) clock() string { return c.now().In(c.config.zone()).Format(time.RFC3339) }
