package store

import (
	"slices"
	"time"
)

// Backup says which house keys a key backup held, so that the check can warn of months that stand in none, and so that a
// copy which keeps a forgotten month alive can be named.
type Backup struct {
	Made time.Time `json:"made"`
	Name string    `json:"name"` // of the file, without its folder
	Keys []string  `json:"keys"`
	Path string    `json:"path,omitempty"` // where it was written on this machine
	Sum  []byte    `json:"sum,omitempty"`  // SHA-256 of the file
}

// Holds says whether a backup holds a key.
func (b Backup) Holds(key string) bool { return slices.Contains(b.Keys, key) }

// KeyBackups gives the key backups that were made and not destroyed, oldest first.
func (r *Read) KeyBackups() (all []Backup, err error) {
	if all, err = r.listedBackups(); err != nil {
		return nil, err
	}
	err = r.each(backups, func(plain []byte) error {
		var b Backup
		err := decode(plain, &b)
		all = append(all, b)
		return err
	})
	slices.SortStableFunc(all, func(a, b Backup) int { return a.Made.Compare(b.Made) })
	return all, err
}

// PutKeyBackup notes a key backup.
func (w *Write) PutKeyBackup(b Backup) error {
	if err := w.unlistBackups(); err != nil {
		return err
	}
	return w.putStanding(w.backupKey(b), b)
}

// DropKeyBackup takes a key backup off the list: it was destroyed.
func (w *Write) DropKeyBackup(b Backup) error {
	if err := w.unlistBackups(); err != nil {
		return err
	}
	return w.drop(w.backupKey(b))
}

func (r *Read) backupKey(b Backup) []byte {
	return key(backups, r.s.name("backup", b.Made.UTC().Format(time.RFC3339Nano)+" "+b.Name))
}

// listedBackups gives those that stand together in one record, as they were kept at first: such a list outgrows its record
// after some years, and a copy that is on no list can never be called in.
func (r *Read) listedBackups() (all []Backup, err error) {
	_, err = r.standing(key(meta, r.s.name("meta", "key backups")), &all)
	return all, err
}

// unlistBackups gives each of them a record of its own. They are at most seventy, which an update bears.
func (w *Write) unlistBackups() error {
	all, err := w.listedBackups()
	if err != nil || len(all) == 0 {
		return err
	}
	for _, b := range all {
		if err := w.putStanding(w.backupKey(b), b); err != nil {
			return err
		}
	}
	return w.drop(key(meta, w.s.name("meta", "key backups")))
}
