package bolt

import (
	"bytes"

	"go.etcd.io/bbolt"

	"amana/bot/kv"
)

// reader reads the bucket for a kv.Guard or a kv.Buffer. It copies at once, because a map of a damaged file may fault
// when it is read later.
type reader struct {
	path string
	b    *bbolt.Bucket
}

func (r reader) Get(key []byte) (value []byte, found bool, err error) {
	err = guarded(r.path, func() error {
		v := r.b.Get(key)
		value, found = bytes.Clone(v), v != nil
		return nil
	})
	return value, found, err
}

func (r reader) Scan(from, to []byte, limit int) (pairs []kv.Pair, err error) {
	err = guarded(r.path, func() error {
		c := r.b.Cursor()
		for key, value := c.Seek(from); key != nil && len(pairs) < limit; key, value = c.Next() {
			if len(to) > 0 && bytes.Compare(key, to) >= 0 {
				break
			}
			both := append(append(make([]byte, 0, len(key)+len(value)), key...), value...)
			pairs = append(pairs, kv.Pair{Key: both[:len(key):len(key)], Value: both[len(key):]})
		}
		return nil
	})
	return pairs, err
}
