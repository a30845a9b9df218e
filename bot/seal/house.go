package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"
)

// House holds the keys of the key directory. It is safe for use by many goroutines.
type House struct {
	quiet
	dir  string
	rand io.Reader

	mu           sync.RWMutex
	installation *[keySize]byte
	index        *[keySize]byte
	keys         map[KeyID]*houseKey
	forgotten    []KeyID
	retired      map[KeyID]bool // nothing more is sealed under these
	unlisted     bool           // a key was found that the ledger does not name
	swept        time.Time      // when what broken writes left behind was last looked for
	coordinator  string
}

// houseKey is one file of the key directory with all that is derived from it.
type houseKey struct {
	secret  *[keySize]byte
	outer   box
	pepper  *[keySize]byte
	address box
	index   *[keySize]byte
}

const (
	installationFile = "installation"
	coordinatorFile  = "coordinator.pub"
	monthsAhead      = 3
)

// CreateHouse makes a key directory: the installation secret, the first standing key, this month's keys and three
// months' ahead. It refuses a directory in which anything lies.
func CreateHouse(dir string, now time.Time, rand io.Reader) (*House, error) {
	h := &House{dir: dir, rand: rand, keys: map[KeyID]*houseKey{}}
	err := build(dir, func(temp string) error {
		h.dir = temp
		defer func() { h.dir = dir }()
		secret, err := random(rand)
		if err != nil {
			return err
		}
		if err := createFile(temp, installationFile, encodeKeyFile(installationFile, secret)); err != nil {
			return err
		}
		h.setInstallation(secret)
		if err := h.make(standingID(1)); err != nil {
			return err
		}
		_, err = h.Ensure(now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("making key directory %s: %w", dir, err)
	}
	return h, nil
}

// OpenHouse reads a key directory. A file that is missing, damaged or open to others is an error that names the file
// and the remedy; only keys that were forgotten by intent may be absent.
func OpenHouse(dir string, rand io.Reader) (*House, error) {
	h := &House{dir: dir, rand: rand, keys: map[KeyID]*houseKey{}}
	if err := h.load(); err != nil {
		return nil, fmt.Errorf("opening key directory %s: %w", dir, err)
	}
	return h, nil
}

func (h *House) setInstallation(secret *[keySize]byte) {
	h.installation = secret
	h.index = derive(secret[:], nil, "index")
}

func (h *House) add(id KeyID, secret *[keySize]byte) {
	h.keys[id] = &houseKey{
		secret:  secret,
		outer:   newBox(derive(secret[:], nil, "outer")),
		pepper:  derive(secret[:], nil, "pepper"),
		address: newBox(derive(secret[:], nil, "address")),
		index:   derive(secret[:], nil, "index"),
	}
}

func (h *House) key(id KeyID) (*houseKey, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	k, ok := h.keys[id]
	return k, ok
}

// Overhead is how many bytes longer a value is than what is in it.
const Overhead = keyHead + boxOverhead

// Seal gives the value to be stored at dbKey: the key id and what only that key opens, at that place.
func (h *House) Seal(id KeyID, dbKey, plain []byte) ([]byte, error) {
	k, ok := h.key(id)
	if !ok || h.isRetired(id) {
		return nil, fmt.Errorf("sealing a value under %q: %w", string(id), ErrForgotten)
	}
	head, _ := id.head()
	value, err := k.outer.seal(h.rand, head[:], dbKey, plain)
	if err != nil {
		return nil, fmt.Errorf("sealing a value: %w", err)
	}
	return value, nil
}

// Open undoes Seal for the value found at dbKey, and says which key it stood under. The error is ErrForgotten when
// that key is gone, and ErrTampered when the value was changed or moved from another place.
func (h *House) Open(dbKey, value []byte) ([]byte, KeyID, error) {
	id, ok := readHead(value)
	if !ok {
		return nil, "", fmt.Errorf("opening a value: %w", ErrTampered)
	}
	k, ok := h.key(id)
	if !ok {
		return nil, id, fmt.Errorf("opening a value under %s: %w", id, ErrForgotten)
	}
	plain, err := k.outer.open(value, keyHead, dbKey)
	if err != nil {
		return nil, id, fmt.Errorf("opening a value under %s: %w", id, err)
	}
	return plain, id, nil
}

// Living gives the ids of all keys held, sorted by name.
func (h *House) Living() []KeyID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.living()
}

func (h *House) living() []KeyID {
	out := make([]KeyID, 0, len(h.keys))
	for id := range h.keys {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// Standing names the present standing key, under which roster, directory and shared audit chain stand.
func (h *House) Standing() KeyID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return standingID(h.standing())
}

func (h *House) standing() int {
	newest := 0
	for id := range h.keys {
		if n, ok := id.version(); ok {
			newest = max(newest, n)
		}
	}
	return newest
}

// Month names the key under which everything of a report of that class and time stands.
func (h *House) Month(t time.Time, class Class) KeyID { return MonthID(t, class) }

// ID tells installations apart, so that a database can say to which key directory it belongs. It is not secret.
func (h *House) ID() [16]byte { return h.MAC("installation") }

// MAC gives the keyed name of something that outlives months, under the installation secret. Parts cannot run into
// each other; the label keeps the indexes apart.
func (h *House) MAC(label string, data ...[]byte) [16]byte { return mac(h.index, label, data...) }

// MonthMAC is MAC under one month's key: once the month is forgotten, nobody can try names against what is left.
func (h *House) MonthMAC(id KeyID, label string, data ...[]byte) ([16]byte, error) {
	k, ok := h.key(id)
	if !ok {
		return [16]byte{}, fmt.Errorf("naming an entry under %q: %w", string(id), ErrForgotten)
	}
	return mac(k.index, label, data...), nil
}

// Coordinator gives the pinned public key of the coordinator; ok is false when none is pinned.
func (h *House) Coordinator() (public string, ok bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.coordinator, h.coordinator != ""
}

// PinCoordinator writes the coordinator's public key into the key directory. Another one that is pinned already is
// never replaced: the operator removes the file by hand, knowing why.
func (h *House) PinCoordinator(public string) error {
	public = strings.TrimSpace(public)
	if _, err := parseCoordinatorPublic(public); err != nil {
		return fmt.Errorf("pinning the coordinator's key: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.coordinator == public {
		return nil
	}
	err := createFile(h.dir, coordinatorFile, []byte(public+"\n"))
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("pinning the coordinator's key: another one is pinned; to change it, remove %s first: %w", coordinatorFile, err)
	}
	if err != nil {
		return fmt.Errorf("pinning the coordinator's key: %w", err)
	}
	h.coordinator = public
	return nil
}
