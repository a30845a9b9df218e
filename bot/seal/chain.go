package seal

import "crypto/sha256"

// Chain gives the next link of an audit chain. The entry is ciphertext, the inner age file, so that sealing the outer
// record again leaves the chain valid and a forgotten entry can still be counted over by its bytes. The first link
// stands on zeros.
func Chain(prev [32]byte, entry []byte) [32]byte {
	h := sha256.New()
	writePart(h, []byte(protocol+" chain"))
	writePart(h, prev[:])
	writePart(h, entry)
	return [32]byte(h.Sum(nil))
}
