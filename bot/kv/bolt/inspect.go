package bolt

import (
	"context"
	"io"
	"os"
	"time"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// prepare locks a file and does the full check on one that has no free list, before bbolt sees it: bbolt would walk the
// whole tree for what is free, in a goroutine of its own, where damage would end the process.
func prepare(path string, file *os.File, wait time.Duration) (checked bool, err error) {
	if err := lock(file, wait); err != nil {
		return false, err
	}
	im, err := imageOf(file)
	if err != nil {
		return false, errDamaged(path, "%v", err)
	}
	m := im.newest()
	if m.freelist != noFreelist {
		return false, nil
	}
	if err := fullCheck(context.Background(), im, m); err != nil {
		return false, errDamaged(path, "%v", err)
	}
	return true, nil
}

// inspect is the quick check: head pages, length, free list, the way to the mark of a start, and that it is a database
// of this program, in one of its layouts.
func inspect(path string, db *bbolt.DB, file *os.File) (layout byte, state kv.State, err error) {
	im, err := imageOf(file)
	if err != nil {
		return 0, state, errDamaged(path, "%v", err)
	}
	m := im.newest()
	c, err := quickCheck(im, m)
	if err == nil {
		// The mark of a start is written into new copies of these pages. Damage in them would be copied along, and look
		// sound to the check of the whole file that follows.
		c.toward = openKey
		err = c.tree(m.root, nil, nil, 0)
	}
	if err != nil {
		return 0, state, errDamaged(path, "%v", err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		var b *bbolt.Bucket
		b, layout = pairs(tx)
		state, err = readState(b, layout)
		return err
	})
	return layout, state, err
}

func imageOf(file *os.File) (*image, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return openImage(io.NewSectionReader(file, 0, info.Size()), info.Size())
}
