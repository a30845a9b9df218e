package seal

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Backup writes the key directory as one age file (a tar inside) sealed to the recovery keys (age1…), and gives the
// ids of the month and standing keys in it. Whoever opens it holds lock one entire; of lock two it holds nothing.
func (h *House) Backup(w io.Writer, recoveryKeys []string) ([]KeyID, error) {
	if len(recoveryKeys) == 0 {
		return nil, errors.New("backing up the keys: there is no recovery key to seal them to")
	}
	var to []age.Recipient
	for _, k := range recoveryKeys {
		r, err := recipient(k)
		if err != nil {
			return nil, fmt.Errorf("backing up the keys: %w", err)
		}
		to = append(to, r)
	}
	h.mu.RLock()
	files, ids := h.snapshot(), h.living()
	h.mu.RUnlock()
	if err := writeBackup(w, to, files); err != nil {
		return nil, fmt.Errorf("backing up the keys: %w", err)
	}
	return ids, nil
}

type smallFile struct {
	name string
	data []byte
}

// snapshot gives the directory's files as they are written, from what is in use: a file that was damaged since the
// start is whole in the backup.
func (h *House) snapshot() []smallFile {
	files := []smallFile{
		{ledgerFile, encodeJSON(ledger{Amana: ledgerKind, Living: h.living(), Forgotten: h.forgotten})},
		{installationFile, encodeKeyFile(installationFile, h.installation)},
	}
	for _, id := range h.living() {
		files = append(files, smallFile{string(id), encodeKeyFile(string(id), h.keys[id].secret)})
	}
	if h.coordinator != "" {
		files = append(files, smallFile{coordinatorFile, []byte(h.coordinator + "\n")})
	}
	return files
}

func writeBackup(w io.Writer, to []age.Recipient, files []smallFile) error {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	t := tar.NewWriter(sealed)
	for _, f := range files {
		head := &tar.Header{Name: f.name, Mode: 0o600, Size: int64(len(f.data)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(head); err != nil {
			return err
		}
		if _, err := t.Write(f.data); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return sealed.Close()
}

// RestoreKeys brings a key directory back from a backup and gives the ids of its keys. It refuses a directory in which
// anything lies, and leaves nothing behind when the backup is not whole.
func RestoreKeys(r io.Reader, dir string, identities ...Identity) ([]KeyID, error) {
	with := openWith(identities)
	if len(with) == 0 {
		return nil, fmt.Errorf("restoring the keys: %w", ErrNotForYou)
	}
	plain, err := age.Decrypt(r, with...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, fmt.Errorf("restoring the keys: %w", ErrNotForYou)
	}
	if err != nil {
		return nil, fmt.Errorf("restoring the keys: %w", ErrTampered)
	}
	var ids []KeyID
	err = build(dir, func(temp string) error {
		if err := unpack(plain, temp); err != nil {
			return err
		}
		h, err := OpenHouse(temp, nil)
		if err != nil {
			return errors.New("the backup is not a whole key directory")
		}
		ids = h.Living()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("restoring the keys: %w", err)
	}
	return ids, nil
}

// maxBackupFiles bounds a foreign archive: about 200 years of months.
const maxBackupFiles = 5000

func unpack(r io.Reader, dir string) error {
	t := tar.NewReader(r)
	for range maxBackupFiles {
		head, err := t.Next()
		if errors.Is(err, io.EOF) {
			return drained(r)
		}
		if err != nil {
			return ErrTampered
		}
		_, isKey := KeyID(head.Name).head()
		known := isKey || head.Name == ledgerFile || head.Name == installationFile || head.Name == coordinatorFile
		if !known || head.Typeflag != tar.TypeReg || head.Size > maxSmallFile {
			return fmt.Errorf("%w: it holds what no key backup holds", ErrMalformed)
		}
		data, err := io.ReadAll(t)
		if err != nil {
			return ErrTampered
		}
		if err := createFile(dir, head.Name, data); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: too many files", ErrMalformed)
}

// drained reads to the end of the age file, where its last chunk is proven.
func drained(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return ErrTampered
	}
	return nil
}
