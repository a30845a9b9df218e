package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
)

// backup copies the key directory of a mission.
func (k *keysCommand) backup(ctx context.Context) error {
	conf, name, err := k.missionAndFile("keys backup", "Copies the key directory into FILE, sealed to the recovery keys of the configuration, and notes in the\ndatabase which keys the copy holds. Make one at least every month: without the key of a month nothing\nfiled in it can be read again. And without deleting it from every copy, no month can be forgotten.")
	if err != nil {
		return err
	}
	if len(conf.recoveryKeys()) == 0 {
		return errConfig{fmt.Sprintf("%s: recovery is empty: a key backup is sealed to the recovery keys; `amana keys recovery FILE` makes one for its holder", conf.at("recovery"))}
	}
	whole, err := copyName(name)
	if err != nil {
		return err
	}
	if err := folderFor(ctx, conf, "keys backup", whole); err != nil {
		return err
	}
	var ids []seal.KeyID
	if err := ask(ctx, conf, "keys", copyDeed{Path: whole}, &ids); err != nil {
		return err
	}
	fmt.Fprintf(k.stderr, "%s holds %s, sealed to %s; keep it away from the backups of the database\n", name, count(len(ids), "key", "keys"), count(len(conf.recoveryKeys()), "recovery key", "recovery keys"))
	return nil
}

// backupKeys writes the key directory to a new file, sealed to the recovery keys, and notes in the database which keys
// that file holds. If the note cannot be written the file is taken away again: an unknown copy could never be destroyed.
func backupKeys(ctx context.Context, h *seal.House, s *store.Store, recovery []string, path string, now time.Time) (ids []seal.KeyID, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s exists; a backup is never written over something", path)
	}
	if err != nil {
		return nil, fmt.Errorf("backing up the keys: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	sum := sha256.New()
	ids, err = h.Backup(io.MultiWriter(f, sum), recovery)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, err
	}
	note := store.Backup{Made: now.UTC(), Name: filepath.Base(path), Path: path, Sum: sum.Sum(nil)}
	for _, id := range ids {
		note.Keys = append(note.Keys, string(id))
	}
	err = s.Update(ctx, store.ID{}, func(w *store.Write) error {
		if err := w.PutKeyBackup(note); err != nil {
			return err
		}
		return w.AuditShared(store.Entry{Day: store.DayOf(now), Who: "operator", Did: "backed up the keys"})
	})
	if err != nil {
		return nil, fmt.Errorf("noting the key backup: %w", err)
	}
	return ids, nil
}

// restore brings a key directory back.
func (k *keysCommand) restore() error {
	var identity string
	args, err := k.flagsFirst("keys restore", "FILE DIR", "Brings the key directory DIR back from a key backup, with a recovery key. A folder in which anything lies\nis refused.", func(f *flag.FlagSet) {
		f.StringVar(&identity, "identity", "", "the file with the recovery key")
	})
	if err != nil {
		return err
	}
	if len(args) != 2 || identity == "" {
		return usagef("keys restore: name the recovery key, the key backup and the folder to make: amana keys restore -identity KEYFILE FILE DIR")
	}
	secret, err := readSmallFile(identity)
	if err != nil {
		return err
	}
	defer clear(secret)
	ids, err := seal.ParseIdentities(secret)
	if err != nil || len(ids) == 0 {
		return fmt.Errorf("%s holds no age identity (AGE-SECRET-KEY-1…); if it is encrypted, decrypt it with age first", identity)
	}
	f, err := os.Open(args[0])
	if err != nil {
		return fmt.Errorf("reading the key backup: %w", err)
	}
	defer f.Close()
	keys, err := seal.RestoreKeys(f, args[1], ids...)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("something lies in %s already; nothing was changed", args[1])
	case errors.Is(err, seal.ErrNotForYou):
		return fmt.Errorf("%s is not sealed to the recovery key in %s: use another holder's key", args[0], identity)
	case errors.Is(err, seal.ErrTampered), errors.Is(err, seal.ErrMalformed):
		return fmt.Errorf("%s is no key backup, or it is damaged: use another copy; nothing was changed", args[0])
	case err != nil:
		return err
	}
	fmt.Fprintf(k.stderr, "%s holds %s again. Months that were forgotten since are forgotten again as soon as the database is\nopened; `amana check` names the backups that should have been destroyed.\n", args[1], count(len(keys), "key", "keys"))
	return nil
}
