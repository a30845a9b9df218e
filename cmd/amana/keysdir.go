package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"amana/bot/seal"
)

// wallet is the folder on a person's own machine in which their keys lie. A focal point's holds identity.age,
// device.key, identity.pub, the pinned key of the coordinator and the highest roster version that was seen; the
// coordinator's holds coordinator.age, coordinator.device.key and the roster that was signed last. One folder can hold both.
type wallet struct{ dir string }

const (
	identityFile    = "identity.age"    // wrapped with passphrase and device key
	deviceFile      = "device.key"      // the recovery code's text
	publicFile      = "identity.pub"    // so that the fingerprint can be shown without a passphrase
	enrolmentFile   = "enrolment.amana" // for the staff bot
	pinFile         = "coordinator.pub"
	seenFile        = "roster.seen" // the pinned key, and the highest version that it signed
	signerFile      = "coordinator.age"
	signerDevice    = "coordinator.device.key"
	ownProfile      = "profile.yaml"
	maxWalletFile   = 64 << 10
	makeKeysRemedy  = "`amana keys new` makes them"
	makeSignRemedy  = "`amana keys coordinator` makes it"
	restoreKeyHints = "with the recovery code, `amana keys new -restore %s` brings it back"
)

// openWallet names the folder: the one given, or the user's configuration folder.
func openWallet(dir string) (wallet, error) {
	if dir != "" {
		return wallet{dir}, nil
	}
	base, err := os.UserConfigDir()
	if err != nil {
		return wallet{}, usagef("this system names no folder for configuration; name one with -dir")
	}
	return wallet{filepath.Join(base, "amana")}, nil
}

func (w wallet) path(name string) string { return filepath.Join(w.dir, name) }

func (w wallet) has(name string) bool {
	_, err := os.Lstat(w.path(name))
	return err == nil
}

// free refuses a folder in which one of the files lies already: a key that is written over is gone.
func (w wallet) free(names ...string) error {
	for _, name := range names {
		if w.has(name) {
			return fmt.Errorf("%s is there already and is never written over, for it may be the only copy of a key: name another folder with -dir, or move it away and keep it", w.path(name))
		}
	}
	return nil
}

// leaf is one file to be written.
type leaf struct {
	name string
	data []byte
}

// write puts all files into the folder or none, each new and readable by its owner alone.
func (w wallet) write(leaves ...leaf) (err error) {
	if err := os.MkdirAll(w.dir, 0o700); err != nil {
		return fmt.Errorf("making %s: %w", w.dir, err)
	}
	var made []string
	defer func() {
		if err != nil {
			for _, path := range made {
				_ = os.Remove(path)
			}
		}
	}()
	for _, l := range leaves {
		if err := writeOnce(w.path(l.name), l.data); err != nil {
			return err
		}
		made = append(made, w.path(l.name))
	}
	return nil
}

// writeOnce writes a new file that only its owner can read, flushed to the disk.
func writeOnce(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and is never written over: move it away, or name another file", path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, errors.Unwrap(err))
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = os.Remove(path)
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// read gives a file of the folder; remedy says what to do when there is none.
func (w wallet) read(name, remedy string) ([]byte, error) {
	info, err := os.Stat(w.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there: %s, or name the right folder with -dir", w.path(name), remedy)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", w.path(name), err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxWalletFile {
		return nil, fmt.Errorf("%s is not a key file", w.path(name))
	}
	data, err := os.ReadFile(w.path(name))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", w.path(name), errors.Unwrap(err))
	}
	return data, nil
}

// device reads a device key, which others on the machine must not be able to read.
func (w wallet) device(name, remedy string) (seal.DeviceKey, error) {
	data, err := w.read(name, remedy)
	if err != nil {
		return seal.DeviceKey{}, err
	}
	defer clear(data)
	if info, err := os.Stat(w.path(name)); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return seal.DeviceKey{}, fmt.Errorf("%s is open to others on this machine: run chmod 0600 %s", w.path(name), w.path(name))
	}
	d, err := seal.ParseRecoveryCode(string(data))
	if err != nil {
		return seal.DeviceKey{}, fmt.Errorf("%s is damaged: "+restoreKeyHints, w.path(name), w.path(identityFile))
	}
	return d, nil
}

// identity unwraps the person's own key.
func (w wallet) identity(c *call) (seal.Identity, error) {
	wrapped, err := w.read(identityFile, makeKeysRemedy)
	if err != nil {
		return seal.Identity{}, err
	}
	d, err := w.device(deviceFile, fmt.Sprintf(restoreKeyHints, w.path(identityFile)))
	if err != nil {
		return seal.Identity{}, err
	}
	pass, err := passphrase(c)
	if err != nil {
		return seal.Identity{}, err
	}
	id, err := seal.Unwrap(wrapped, pass, d)
	return id, passphraseRemedy(w.path(identityFile), err)
}

// passphraseRemedy words what can go wrong with a wrapped key.
func passphraseRemedy(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seal.ErrPassphrase):
		return fmt.Errorf("%s does not open: the passphrase is another one, or the device key (recovery code) belongs to another key; try again, letter by letter", path)
	}
	return fmt.Errorf("%s is damaged: put it back from a copy, or from your enrolment file with `amana keys new -restore`", path)
}

// pinned gives the coordinator's public key that was pinned on this machine, or nothing.
func (w wallet) pinned() (string, error) {
	if !w.has(pinFile) {
		return "", nil
	}
	data, err := w.read(pinFile, "")
	if err != nil {
		return "", err
	}
	public := strings.TrimSpace(string(data))
	if err := seal.CheckCoordinator(public); err != nil {
		return "", fmt.Errorf("%s is damaged: compare the coordinator's fingerprint by voice, take the file away and pin the key again with `amana keys pin`", w.path(pinFile))
	}
	return public, nil
}

// pin keeps the coordinator's public key. One that is pinned already is never replaced.
func (w wallet) pin(public string) error {
	if err := seal.CheckCoordinator(public); err != nil {
		return usagef("keys pin: this is not a coordinator's public key (amana-coordinator1…)")
	}
	before, err := w.pinned()
	switch {
	case err != nil:
		return err
	case before == public:
		return nil
	case before != "":
		return fmt.Errorf("another coordinator's key is pinned here (fingerprint %s): only if the coordinator says by voice that it was replaced, take %s away and pin the new one", seal.Fingerprint(before), w.path(pinFile))
	}
	return w.write(leaf{pinFile, []byte(public + "\n")})
}

// seen gives the highest version of the roster that this machine has seen under a coordinator's key.
func (w wallet) seen(coordinator string) uint64 {
	data, err := os.ReadFile(w.path(seenFile))
	if err != nil {
		return 0
	}
	key, version, _ := strings.Cut(strings.TrimSpace(string(data)), " ")
	n, err := strconv.ParseUint(version, 10, 64)
	if err != nil || key != coordinator {
		return 0
	}
	return n
}

// see remembers a version.
func (w wallet) see(coordinator string, version uint64) error {
	return w.replace(seenFile, fmt.Appendf(nil, "%s %d\n", coordinator, version))
}

// replace writes a file of the folder so that either the old or the new one is there, whole.
func (w wallet) replace(name string, data []byte) error {
	temp := w.path(name + ".new")
	_ = os.Remove(temp)
	if err := writeOnce(temp, data); err != nil {
		return err
	}
	if err := os.Rename(temp, w.path(name)); err != nil {
		return fmt.Errorf("writing %s: %w", w.path(name), errors.Unwrap(err))
	}
	return nil
}
