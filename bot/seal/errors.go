package seal

import (
	"errors"
	"fmt"
)

// Sentinels that callers ask for with errors.Is.
var (
	// ErrForgotten: the key that sealed this is no longer held, by intent. The content is gone.
	ErrForgotten = errors.New("the key has been forgotten")
	// ErrTampered: the bytes are not what was sealed, or stand in a place where they were not sealed.
	ErrTampered = errors.New("damaged or tampered with")
	// ErrNotForYou: none of the identities given opens this file.
	ErrNotForYou = errors.New("not sealed to this key")
	// ErrTooLong: the content does not fit into the largest size. Nothing was cut.
	ErrTooLong = errors.New("too long to be sealed")
	// ErrReaders: no reader at all, or more readers than a message has places.
	ErrReaders = errors.New("a message needs 1 to 15 readers")
	// ErrMalformed: not a file of the kind expected, or of a version that is not known here.
	ErrMalformed = errors.New("malformed")
	// ErrNewer: an ErrMalformed of a version that only a newer program knows.
	ErrNewer = fmt.Errorf("%w: made by a newer program", ErrMalformed)
	// ErrSignature: the signature does not belong to these bytes and this key.
	ErrSignature = errors.New("the signature does not match")
	// ErrPassphrase: passphrase and device key do not open the wrapped key together.
	ErrPassphrase = errors.New("the passphrase or the recovery code is wrong")
	// ErrBadKey: not a key in its text form.
	ErrBadKey = errors.New("not a usable key")
)
