package bolt

import (
	"context"
	"fmt"
	"os"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// copyBytes is how much of a copy is written in one transaction.
const copyBytes = 4 << 20

// Compact copies what is alive into a new file, from one snapshot, while the store goes on serving. Nothing that was
// deleted before is in the copy. It refuses a path that exists (fs.ErrExist), and ends early with the context, leaving
// nothing behind.
func (s *Store) Compact(ctx context.Context, path string) error {
	ctx, cancel := s.untilClosed(ctx)
	defer cancel()
	err := s.snapshot(ctx, func(_ int, b *bbolt.Bucket) error {
		return duplicate(ctx, s.path, b, path)
	})
	if err != nil {
		return fmt.Errorf("copying database to %s: %w", path, err)
	}
	return nil
}

// Restore checks a copy made by Compact and makes a database of it at a path where there is none (else fs.ErrExist),
// creating its directory if need be. It fails with kv.ErrCorrupt or kv.ErrVersion if the copy is no good, and with
// kv.ErrLocked if it is a database that is being served.
func Restore(ctx context.Context, copied, path string) error {
	if err := home(path); err != nil {
		return fmt.Errorf("restoring database %s: %w", path, err)
	}
	err := examine(ctx, copied, func(b *bbolt.Bucket) error {
		return duplicate(ctx, copied, b, path)
	})
	if err != nil {
		return fmt.Errorf("restoring database %s: %w", path, err)
	}
	return nil
}

// Verify does the full check on a file that nobody serves, such as a backup, and changes nothing.
func Verify(ctx context.Context, path string) error {
	return examine(ctx, path, func(*bbolt.Bucket) error { return nil })
}

// examine opens a file for reading, does the full check and lets fn read it.
func examine(ctx context.Context, path string, fn func(*bbolt.Bucket) error) error {
	d, err := open(path, true, Options{})
	if err != nil {
		return err
	}
	defer guarded(path, d.db.Close)
	if err := checkFile(ctx, d.file); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return errDamaged(path, "%v", err)
	}
	return d.db.View(func(tx *bbolt.Tx) error {
		b, _ := pairs(tx)
		return fn(b)
	})
}

// checkFile does the full check on the present state of a file.
func checkFile(ctx context.Context, file *os.File) error {
	im, err := imageOf(file)
	if err != nil {
		return err
	}
	return fullCheck(ctx, im, im.newest())
}

// duplicate writes the pairs of a bucket into a new file.
func duplicate(ctx context.Context, from string, source *bbolt.Bucket, path string) error {
	return build(ctx, path, pour(ctx, from, source))
}

// pour gives what fills a new file with the pairs of a bucket.
func pour(ctx context.Context, from string, source *bbolt.Bucket) func(*bbolt.DB) error {
	return func(db *bbolt.DB) error {
		return guarded(from, func() error {
			c := source.Cursor()
			key, value := c.First()
			for key != nil {
				err := db.Update(func(to *bbolt.Tx) error {
					b, layout := pairs(to)
					b.FillPercent = 0.9 // keys come in order, and the copy is hardly written to
					for n := 0; key != nil && n < copyBytes; key, value = c.Next() {
						if ctx.Err() != nil {
							return context.Cause(ctx)
						}
						switch string(key) {
						case string(openKey):
							continue // the copy is served by nobody
						case string(versionKey):
							value = []byte{layout}
						}
						if err := b.Put(key, value); err != nil {
							return err
						}
						n += len(key) + len(value)
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

var (
	_ kv.Store   = (*Store)(nil)
	_ kv.Settler = (*Store)(nil)
)
