package bolt

import "go.etcd.io/bbolt"

// Keys that this engine keeps for itself, behind the reserved byte. The shelf of settled updates (kv.SettleKey) begins
// with another second byte.
var (
	versionKey = []byte{0, 0, 'v'}
	openKey    = []byte{0, 0, 'o'} // present while the file is being served
)

// The generations of the layout of this file, in one byte at versionKey. Files of either are served as they are, and a
// copy of one has the present layout.
const (
	inBucket = 1 // all pairs in one bucket, which is all that the root of the file holds
	atRoot   = 2 // all pairs at the root of the file
)

var bucketName = []byte("amana") // of layout 1

// pairs gives the bucket that holds all pairs, and which layout that is.
//
// bbolt keeps a tree of buckets, and means its root for buckets alone, but the root is a bucket like any other: a cursor
// over it hands it out, and it takes pairs. A bucket of our own below it would have each commit write its new address
// into a page of one entry: a fifth of what a small one writes.
func pairs(tx *bbolt.Tx) (b *bbolt.Bucket, layout byte) {
	if b := tx.Bucket(bucketName); b != nil {
		return b, inBucket
	}
	return tx.Cursor().Bucket(), atRoot
}

// pairs gives that bucket without looking for the one of layout 1 in every transaction.
func (d database) pairs(tx *bbolt.Tx) *bbolt.Bucket {
	if d.layout == atRoot {
		return tx.Cursor().Bucket()
	}
	return tx.Bucket(bucketName)
}
