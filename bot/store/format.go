package store

import "errors"

// Format is the form in which this program writes records. It grows when an older program could not read what is written
// from then on, be it a report, a draft or what stands in one; every older form goes on to be read. On a cluster an older
// program that still runs ends as soon as a newer one has marked the database, so that it never meets what it cannot read.
//
//	1  the first, before the number stood in the database
//	2  the outer record of a report names its tray
const Format = 2

var formatKey = key(meta, [16]byte{'f', 'o', 'r', 'm', 'a', 't'})

// Format gives the form in which a database was written last. It stands in clear: a program has to understand it before any
// key is of use. One that cannot be understood is newer than all.
func (r *Read) Format() (int, error) {
	value, found, err := r.r.Get(formatKey)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return 1, nil
	case len(value) != 1 || value[0] == 0:
		return 1 << 8, nil
	}
	return int(value[0]), nil
}

// MarkFormat writes down that a program of this form has written here. Where several processes share the database, each of
// those that run is made to look at it before its next transaction.
func (w *Write) MarkFormat(form int) error {
	if form < 1 || form > 255 {
		return errForm
	}
	if err := w.turned(); err != nil {
		return err
	}
	return w.tx.Put(formatKey, []byte{byte(form)})
}

var errForm = errors.New("marking the form of a database: not between 1 and 255")
