package seal

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"
)

const (
	// Places is the number of X25519 places in every message: 15 for readers and recovery keys, one for the reporter.
	Places = 16
	// MaxReaders is how many readers and recovery keys a message can have.
	MaxReaders = Places - 1
	// MaxBody is the longest body of a message, in bytes.
	MaxBody = 32<<10 - lengthPrefix
)

// messagePlain are the sizes of the padded body.
var messagePlain = [...]int{4 << 10, 8 << 10, 16 << 10, 32 << 10}

// MessageSizes gives the only lengths that a message can have: 5,766, 9,862, 18,054 and 34,438 bytes.
func MessageSizes() []int {
	out := make([]int, len(messagePlain))
	for i, p := range messagePlain {
		out[i] = sealedSize(Places, p)
	}
	return out
}

// Message seals a body to the readers (age1…, 1 to 15, a repeated one counts once) and to the reporter, who may be
// empty. The file has always sixteen places in random order: places of nobody fill those that are not needed, so that
// neither the number of readers nor the presence of the reporter can be seen. A body over MaxBody is ErrTooLong.
func Message(body []byte, readers []string, reporter string, rand io.Reader) ([]byte, error) {
	to, err := recipients(readers, reporter, rand)
	if err != nil {
		return nil, fmt.Errorf("sealing a message: %w", err)
	}
	i := slices.IndexFunc(messagePlain[:], func(size int) bool { return len(body) <= size-lengthPrefix })
	if i < 0 {
		return nil, fmt.Errorf("sealing a message of %d bytes: %w", len(body), ErrTooLong)
	}
	plain, err := pad(body, messagePlain[i])
	if err != nil {
		return nil, fmt.Errorf("sealing a message: %w", err)
	}
	file, err := encrypt(plain, to)
	if err != nil {
		return nil, fmt.Errorf("sealing a message: %w", err)
	}
	if err := CheckMessage(file); err != nil {
		return nil, fmt.Errorf("sealing a message: the age library writes another form: %w", err)
	}
	return file, nil
}

func recipients(readers []string, reporter string, rand io.Reader) ([]age.Recipient, error) {
	keys := slices.Compact(slices.Sorted(slices.Values(readers)))
	if len(keys) == 0 || len(keys) > MaxReaders {
		return nil, ErrReaders
	}
	if reporter != "" && !slices.Contains(keys, reporter) {
		keys = append(keys, reporter)
	}
	to := make([]age.Recipient, 0, Places)
	for _, k := range keys {
		r, err := recipient(k)
		if err != nil {
			return nil, err
		}
		to = append(to, r)
	}
	for len(to) < Places {
		to = append(to, nobody{rand})
	}
	return to, shuffle(to, rand)
}

// shuffle is Fisher and Yates with numbers that favour none.
func shuffle[T any](s []T, rand io.Reader) error {
	for i := len(s) - 1; i > 0; i-- {
		j, err := below(uint32(i+1), rand)
		if err != nil {
			return err
		}
		s[i], s[j] = s[j], s[i]
	}
	return nil
}

func below(n uint32, rand io.Reader) (uint32, error) {
	limit := ^uint32(0) - ^uint32(0)%n
	for {
		var b [4]byte
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			return 0, fmt.Errorf("drawing a random number: %w", err)
		}
		if v := binary.BigEndian.Uint32(b[:]); v < limit {
			return v % n, nil
		}
	}
}

// CheckMessage says, without any key, whether bytes have the outer form of a message: one of the four lengths and
// sixteen X25519 places. It cannot say who is able to read.
func CheckMessage(file []byte) error {
	if !slices.Contains(MessageSizes(), len(file)) {
		return fmt.Errorf("checking a message: %w: not one of the four sizes", ErrMalformed)
	}
	if err := checkPlaces(file, Places); err != nil {
		return fmt.Errorf("checking a message: %w: its places are not sixteen of X25519", err)
	}
	return nil
}

// OpenMessage gives the body to whoever holds a fitting identity. Errors: ErrMalformed for what is no message,
// ErrNotForYou when no identity fits, ErrTampered for a changed one.
func OpenMessage(file []byte, identities ...Identity) ([]byte, error) {
	if err := CheckMessage(file); err != nil {
		return nil, err
	}
	plain, err := decrypt(file, identities)
	if err != nil {
		return nil, fmt.Errorf("opening a message: %w", err)
	}
	body, err := unpad(plain)
	if err != nil {
		return nil, fmt.Errorf("opening a message: %w", err)
	}
	return body, nil
}
