package bolt

import (
	"bytes"
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// Walk gives all pairs and the records of settled updates from one snapshot, while the store goes on serving; it is a
// kv.Walk.
func (s *Store) Walk(ctx context.Context, fn func(kv.Pair) error) error {
	ctx, cancel := s.untilClosed(ctx)
	defer cancel()
	return s.snapshot(ctx, func(_ int, b *bbolt.Bucket) error { return walk(ctx, s.path, b, fn) })
}

// WalkFile gives the walk through a file that nobody serves, such as a backup. It does the full check first and changes
// nothing.
func WalkFile(path string) kv.Walk {
	return func(ctx context.Context, fn func(kv.Pair) error) error {
		return examine(ctx, path, func(b *bbolt.Bucket) error { return walk(ctx, path, b, fn) })
	}
}

// walkPage is how many pairs stand in memory at once on a walk.
const walkPage = 100

// walk reads a page of pairs at a time, because a damaged page must not fault in fn.
func walk(ctx context.Context, path string, b *bbolt.Bucket, fn func(kv.Pair) error) error {
	records, behind := kv.SettleRange()
	for _, bounds := range [][2][]byte{{records, behind}, {{kv.Reserved + 1}, nil}} {
		for from := bounds[0]; from != nil; {
			page, err := reader{path, b}.Scan(from, bounds[1], walkPage)
			if err != nil {
				return err
			}
			from = nil
			if len(page) == walkPage {
				from = kv.After(page[len(page)-1].Key)
			}
			for _, p := range page {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if err := fn(p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Fill makes a database of what a walk gives, at a path where there is none (else fs.ErrExist), creating its directory if
// need be. The file appears under its name when it is complete, checked and flushed.
func Fill(ctx context.Context, path string, from kv.Walk) error {
	err := home(path)
	if err == nil {
		err = build(ctx, path, taking(ctx, from))
	}
	if err != nil {
		return fmt.Errorf("filling database %s: %w", path, err)
	}
	return nil
}

// Copy makes a backup of what a walk gives, wherever it may lie. It is such a file as Compact makes.
func Copy(ctx context.Context, path string, from kv.Walk) error {
	if err := build(ctx, path, taking(ctx, from)); err != nil {
		return fmt.Errorf("copying database to %s: %w", path, err)
	}
	return nil
}

// taking gives what fills a new file with a walk. Nothing is flushed before the whole file is, so a transaction costs little,
// and many small ones keep what bbolt holds in memory small.
func taking(ctx context.Context, from kv.Walk) func(*bbolt.DB) error {
	return func(db *bbolt.DB) error {
		var batch []kv.Pair
		size := 0
		flush := func() error {
			err := db.Update(func(tx *bbolt.Tx) error {
				b, layout := pairs(tx)
				b.FillPercent = 0.9
				if err := b.Put(versionKey, []byte{layout}); err != nil {
					return err
				}
				for _, p := range batch {
					if err := b.Put(p.Key, p.Value); err != nil {
						return err
					}
				}
				return nil
			})
			batch, size = batch[:0], 0
			return err
		}
		err := kv.Summed(from, kv.NewSummer())(ctx, func(p kv.Pair) error {
			batch = append(batch, kv.Pair{Key: bytes.Clone(p.Key), Value: bytes.Clone(p.Value)})
			if size += len(p.Key) + len(p.Value); size < copyBytes {
				return nil
			}
			return flush()
		})
		if err != nil {
			return err
		}
		return flush()
	}
}
