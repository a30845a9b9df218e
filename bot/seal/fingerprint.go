package seal

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// Fingerprint gives a public key, of a person or of the coordinator, as six groups of five digits that two people can
// read to each other in any language. To find another key with the same digits takes about 2^99 tries.
func Fingerprint(public string) string {
	sum := sha256.Sum256([]byte(protocol + " fingerprint " + public))
	groups := make([]string, 6)
	for i := range groups {
		var n uint64
		for _, b := range sum[5*i : 5*i+5] {
			n = n<<8 | uint64(b)
		}
		groups[i] = fmt.Sprintf("%05d", n%100000)
	}
	return strings.Join(groups, " ")
}
