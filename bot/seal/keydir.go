package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// ledger lists the keys that must be in the directory and those that were forgotten. A key file is written before
// the ledger names it, and the ledger drops it before it is deleted; so a crash leaves at most a file too many.
type ledger struct {
	Amana     string  `json:"amana"`
	Living    []KeyID `json:"living"`
	Forgotten []KeyID `json:"forgotten,omitempty"`
}

const (
	ledgerFile = "ledger"
	ledgerKind = "house ledger 1"
	fromBackup = "put it back from the key backup"
)

func (h *House) load() error {
	if err := private(h.dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is none: amana init makes one, a key backup brings one back: %w", err)
	} else if err != nil {
		return err
	}
	data, err := readSmall(h.dir, ledgerFile)
	if err != nil {
		return damaged(h.dir, ledgerFile, err)
	}
	var l ledger
	if err := decodeJSON(data, &l); err != nil || l.Amana != ledgerKind {
		return damaged(h.dir, ledgerFile, errors.New("not a ledger of version 1"))
	}
	secret, err := readKey(h.dir, installationFile)
	if err != nil {
		return err
	}
	h.setInstallation(secret)
	for _, id := range l.Living {
		if _, ok := id.head(); !ok {
			return damaged(h.dir, ledgerFile, errors.New("it names a key that cannot be"))
		}
		secret, err := readKey(h.dir, string(id))
		if err != nil {
			return err
		}
		h.add(id, secret)
	}
	h.forgotten = l.Forgotten
	if err := h.settle(); err != nil {
		return err
	}
	if h.standing() == 0 {
		return damaged(h.dir, string(standingID(1)), fs.ErrNotExist)
	}
	return h.loadCoordinator()
}

// settle ends what a crash cut short: a new key that the ledger does not know yet is taken in, a forgotten one that
// still lies there is deleted.
func (h *House) settle() error {
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		id := KeyID(e.Name())
		if _, ok := id.head(); !ok {
			continue
		}
		if slices.Contains(h.forgotten, id) {
			if err := removeFile(h.dir, e.Name()); err != nil {
				return fmt.Errorf("deleting the forgotten key %s: %w", id, err)
			}
			continue
		}
		if _, ok := h.keys[id]; !ok {
			secret, err := readKey(h.dir, e.Name())
			if err != nil {
				return err
			}
			h.add(id, secret)
			h.unlisted = true
		}
	}
	return nil
}

func (h *House) loadCoordinator() error {
	data, err := os.ReadFile(filepath.Join(h.dir, coordinatorFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return damaged(h.dir, coordinatorFile, err)
	}
	public := strings.TrimSpace(string(data))
	if _, err := parseCoordinatorPublic(public); err != nil {
		return damaged(h.dir, coordinatorFile, err)
	}
	h.coordinator = public
	return nil
}

func readKey(dir, name string) (*[keySize]byte, error) {
	data, err := readSmall(dir, name)
	if err != nil {
		return nil, damaged(dir, name, err)
	}
	key, err := decodeKeyFile(name, data)
	if err != nil {
		return nil, damaged(dir, name, err)
	}
	return key, nil
}

func damaged(dir, name string, cause error) error {
	if errors.Is(cause, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing: %s: %w", filepath.Join(dir, name), fromBackup, fs.ErrNotExist)
	}
	return fmt.Errorf("reading %s: %w: %s", filepath.Join(dir, name), cause, fromBackup)
}

// make draws a new key and writes it. The ledger follows with saveLedger.
func (h *House) make(id KeyID) error {
	secret, err := random(h.rand)
	if err != nil {
		return err
	}
	err = createFile(h.dir, string(id), encodeKeyFile(string(id), secret))
	if errors.Is(err, fs.ErrExist) { // another process was faster: its key holds
		if secret, err = readKey(h.dir, string(id)); err != nil {
			return err
		}
	} else if err != nil {
		return fmt.Errorf("making key %s: %w", id, err)
	}
	h.add(id, secret)
	return nil
}

// saveLedger writes what is held. What another process has forgotten since stays forgotten, and what it has brought is taken in.
func (h *House) saveLedger() error {
	if data, err := readSmall(h.dir, ledgerFile); err == nil {
		var old ledger
		if err := decodeJSON(data, &old); err != nil {
			return damaged(h.dir, ledgerFile, err)
		}
		for _, id := range old.Forgotten {
			if !slices.Contains(h.forgotten, id) {
				h.forgotten = append(h.forgotten, id)
			}
			delete(h.keys, id)
		}
		if _, err := h.adopt(old); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return damaged(h.dir, ledgerFile, err)
	}
	l := ledger{Amana: ledgerKind, Living: h.living(), Forgotten: h.forgotten}
	if err := replaceFile(h.dir, ledgerFile, encodeJSON(l)); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(h.dir, ledgerFile), err)
	}
	h.unlisted = false
	return nil
}

// Ensure makes the keys of this month and of three months ahead for every class, where they are missing, and gives
// the ids of those it made. Months ahead are made early so that a key backup covers them before they are used.
func (h *House) Ensure(now time.Time) ([]KeyID, error) { return h.ensure(now, monthsAhead) }

func (h *House) ensure(now time.Time, months int) ([]KeyID, error) {
	if y := now.UTC().Year(); y < firstYear || y > lastYear-1 {
		return nil, fmt.Errorf("making month keys: the clock says the year %d: set the clock", y)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if since := now.Sub(h.swept); since < 0 || since >= time.Hour { // it is asked for with every report
		if err := sweepTemps(h.dir, now); err != nil {
			return nil, fmt.Errorf("making month keys: %w", err)
		}
		h.swept = now
	}
	first := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	var made []KeyID
	for ahead := range months + 1 {
		for _, class := range classes {
			id := MonthID(first.AddDate(0, ahead, 0), class)
			if _, ok := h.keys[id]; ok {
				continue
			}
			if slices.Contains(h.forgotten, id) {
				return made, fmt.Errorf("making key %s: it was forgotten: set the clock", id)
			}
			if err := h.make(id); err != nil {
				return made, err
			}
			made = append(made, id)
		}
	}
	if len(made) == 0 && !h.unlisted {
		return nil, nil
	}
	return made, h.saveLedger()
}

// RotateStanding makes the next standing key and names it. The old ones still open until they are forgotten, after
// everything under them was sealed again.
func (h *House) RotateStanding() (KeyID, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := standingID(h.standing() + 1)
	if err := h.make(id); err != nil {
		return "", err
	}
	return id, h.saveLedger()
}

// Forget deletes a key for good. What stands under it in any copy of the database cannot be opened again, unless a
// key backup still holds it. The present standing key is refused.
func (h *House) Forget(id KeyID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	k, ok := h.keys[id]
	if !ok {
		return fmt.Errorf("forgetting %q: %w", string(id), ErrForgotten)
	}
	if id == standingID(h.standing()) {
		return fmt.Errorf("forgetting %s: it is the standing key in use", id)
	}
	delete(h.keys, id)
	h.forgotten = append(h.forgotten, id)
	if err := h.saveLedger(); err != nil {
		h.keys[id] = k
		h.forgotten = slices.DeleteFunc(h.forgotten, func(f KeyID) bool { return f == id })
		return err
	}
	if err := removeFile(h.dir, string(id)); err != nil {
		return fmt.Errorf("forgetting %s: %w", id, err)
	}
	return nil
}
