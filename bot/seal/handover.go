package seal

import (
	"fmt"
	"net/url"
)

// HandleSize is the length of a report's handle.
const HandleSize = keySize

// Handle gives the secret by which a report is told apart where it is handed over to another system. It comes from what
// only readers hold, so that neither the server nor that system can say which report a handle, or a [RecordID], belongs to.
// It signs nothing and opens nothing.
func (s Seed) Handle() [HandleSize]byte { return *derive(s.secret()[:], nil, "hand-over") }

// RecordID gives the id that a report has in another system, as an RFC 9562 UUID: the same each time, so that what is sent
// twice is there once, and another one in each system and for each kind of record. Its bits say that it was drawn by
// chance, as those of all its neighbours do.
func RecordID(handle [HandleSize]byte, where *url.URL, kind string) string {
	id := mac(&handle, "record", []byte(where.Scheme+"://"+where.Host), []byte(kind))
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
