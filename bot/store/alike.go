package store

import "amana/bot/seal"

// Alike tells the keys and roots of this mission from others, where several machines have them: keyed fingerprints of its
// keys, and the roots that whoever keeps the house has stepped to, with everything that lives sealed again under them.
type Alike struct {
	Keys  map[seal.KeyID][]byte `json:"keys"`
	Roots []seal.RootName       `json:"roots"`
}

// Alike gives that record; found is false where no machine has written one yet.
func (r *Read) Alike() (a Alike, found bool, err error) {
	found, err = r.standing(key(meta, r.s.name("meta", "alike")), &a)
	return a, found, err
}

// PutAlike keeps it in place of the one before.
func (w *Write) PutAlike(a Alike) error {
	return w.putStanding(key(meta, w.s.name("meta", "alike")), a)
}

// ShelfMark gives the mark of the folder in which all machines keep voice messages; empty before the first has named one.
func (r *Read) ShelfMark() (mark string, err error) {
	_, err = r.standing(key(meta, r.s.name("meta", "shelf")), &mark)
	return mark, err
}

// PutShelfMark keeps that mark.
func (w *Write) PutShelfMark(mark string) error {
	return w.putStanding(key(meta, w.s.name("meta", "shelf")), mark)
}

// Asks gives a sum of what people are asked, as the machine said it that began to serve last; empty before any did.
func (r *Read) Asks() (sum string, err error) {
	_, err = r.standing(key(meta, r.s.name("meta", "asks")), &sum)
	return sum, err
}

// PutAsks keeps that sum.
func (w *Write) PutAsks(sum string) error {
	return w.putStanding(key(meta, w.s.name("meta", "asks")), sum)
}

// DropAlike forgets what several machines told one another: keys, roots, the mark of their folder and what they ask.
func (w *Write) DropAlike() error {
	if err := w.drop(key(meta, w.s.name("meta", "alike"))); err != nil {
		return err
	}
	if err := w.drop(key(meta, w.s.name("meta", "asks"))); err != nil {
		return err
	}
	return w.drop(key(meta, w.s.name("meta", "shelf")))
}
