package store

import (
	"slices"

	"amana/bot"
)

// An update is settled by its mark: where one lies, the update was committed and is never applied again. It is kept for a
// little over a day, as long as the update can come again, and lies in one of two places.
//
// While a conversation runs, the marks of its latest updates lie with its draft, in one record: a turn then writes one page
// of the disk less, and whoever has no root sees none of them. Such a mark goes only where its draft goes. It is brought to
// its own shelf when the draft is wiped, and when too many lie together. A draft that memory no longer opens takes its
// marks along; so it does with whatever such an update could change a second time.
//
// On their shelf marks stand under the day and nothing else, so that none of them tells whose update it was.

// marksWithin is how many marks lie with a draft. Each more lets a lone turn write a page of the shelf more seldom, and lets
// a crowd, whose marks come in together and lie together, write more of them: at sixteen it makes a sixth fewer turns.
const marksWithin = 4

const markSize = len(bot.Mark{})

// withMarks is set in the first byte of a record that begins with the number of its marks. Without it the record is a
// conversation alone: an older form, still read.
const withMarks = 0x80

// Marked says whether an update that made this conversation is settled by it.
func (d Draft) Marked(m bot.Mark) bool { return slices.Contains(d.marks, m) }

// Marked says whether the mark of an update came to its shelf on one of the days given.
func (r *Read) Marked(m bot.Mark, days ...Day) (bool, error) {
	for _, d := range days {
		if _, found, err := r.r.Get(dayKey(marks, d, ID(m))); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// PutMark settles an update by a mark on the shelf.
func (w *Write) PutMark(m bot.Mark, today Day) error {
	return w.tx.Put(dayKey(marks, today, ID(m)), nil)
}

func (w *Write) putMarks(all []bot.Mark, today Day) error {
	for _, m := range all {
		if err := w.PutMark(m, today); err != nil {
			return err
		}
	}
	return nil
}

// joinMarks puts marks in front of a conversation: how many, each of them, the conversation.
func joinMarks(all []bot.Mark, body []byte) []byte {
	out := make([]byte, 0, 1+len(all)*markSize+len(body))
	out = append(out, withMarks|byte(len(all)))
	for _, m := range all {
		out = append(out, m[:]...)
	}
	return append(out, body...)
}

func splitMarks(plain []byte) (all []bot.Mark, body []byte, err error) {
	if len(plain) == 0 || plain[0] < withMarks {
		return nil, plain, nil
	}
	n := int(plain[0] &^ withMarks)
	if plain = plain[1:]; len(plain) < n*markSize {
		return nil, nil, errRecord
	}
	for range n {
		all, plain = append(all, bot.Mark(plain[:markSize])), plain[markSize:]
	}
	return all, plain, nil
}
