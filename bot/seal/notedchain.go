package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// notedChainFile holds how long the mission's audit chain was and how it ended when somebody last looked. Like the noted version
// of the roster it lies beside the keys, so that a chain whose end was cut off in the database, head and all, is known as one.
const notedChainFile = "chain.noted"

// NotedChain gives the number and the link that were noted last; 0 before the first.
func (h *House) NotedChain() (n int, link []byte, err error) {
	path := filepath.Join(h.dir, notedChainFile)
	data, err := readSmall(h.dir, notedChainFile)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("reading %s: %w", path, err)
	}
	var text string
	if _, err := fmt.Fscan(bytes.NewReader(data), &n, &text); err != nil || n < 0 {
		return 0, nil, fmt.Errorf("%s is damaged: delete it, knowing that nobody can tell any more whether the chain was cut before", path)
	}
	if link, err = hex.DecodeString(text); err != nil {
		return 0, nil, fmt.Errorf("%s is damaged: delete it, knowing that nobody can tell any more whether the chain was cut before", path)
	}
	return n, link, nil
}

// NoteChain notes how long the chain is and how it ends.
func (h *House) NoteChain(n int, link []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := replaceFile(h.dir, notedChainFile, fmt.Appendf(nil, "%d %x\n", n, link)); err != nil {
		return fmt.Errorf("noting the end of the audit chain: %w", err)
	}
	return nil
}

// DropNotedChain takes the note away: the database was restored from a backup, whose chain is shorter by right.
func (h *House) DropNotedChain() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return removeFile(h.dir, notedChainFile)
}
