package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
)

// notedFile holds the highest roster version that was in force in this house. It lies beside the keys and not in the
// database, so that a database of before is known as one, however it came back. It is no secret and in no key backup:
// what is restored from one begins without it.
const notedFile = "roster.noted"

// RosterNoted gives the highest roster version that was noted, 0 before the first.
func (h *House) RosterNoted() (uint64, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.noted()
}

func (h *House) noted() (uint64, error) {
	path := filepath.Join(h.dir, notedFile)
	data, err := readSmall(h.dir, notedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading %s: %w", path, err)
	}
	version, err := strconv.ParseUint(strings.TrimSpace(string(data)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is damaged: write into it the version of the roster that the coordinator signed last, alone on a line", path)
	}
	return version, nil
}

// NoteRoster notes a version that is in force. A lower one than before changes nothing.
func (h *House) NoteRoster(version uint64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	before, err := h.noted()
	if err != nil || version <= before {
		return err
	}
	if err := replaceFile(h.dir, notedFile, fmt.Appendf(nil, "%d\n", version)); err != nil {
		return fmt.Errorf("noting the version of the roster: %w", err)
	}
	return nil
}
