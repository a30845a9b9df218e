package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"

	"amana/bot/seal"
)

// makeCoordinator makes the key that signs the roster.
func (k *keysCommand) makeCoordinator() error {
	var dir, plain, restore string
	args, err := k.flagsFirst("keys coordinator", "", `Makes the key that signs the roster, on the coordinator's own machine. It asks for a passphrase, writes
coordinator.age and coordinator.device.key into the folder, and prints the public key alone on standard
output: amana init DIR -coordinator PUBLIC pins it on the server, amana keys pin PUBLIC at a focal point.
With -plain it writes the key without a passphrase, for a small mission that keeps it beside the server.
With -restore it brings the key onto a new device, with the recovery code.`, func(f *flag.FlagSet) {
		dirFlag(&dir)(f)
		f.StringVar(&plain, "plain", "", "write the key unprotected to this file, and nothing else")
		f.StringVar(&restore, "restore", "", "a copy of coordinator.age")
	})
	if err != nil {
		return err
	}
	if len(args) > 0 || plain != "" && (restore != "" || dir != "") {
		return usagef("keys coordinator: it takes no arguments, and -plain stands alone")
	}
	if plain != "" {
		return k.plainCoordinator(plain)
	}
	w, err := openWallet(dir)
	if err != nil {
		return err
	}
	if err := w.free(signerFile, signerDevice); err != nil {
		return err
	}
	if restore != "" {
		return k.restoreCoordinator(w, restore)
	}
	pass, err := newPassphrase(k.call)
	if err != nil {
		return err
	}
	key, err := seal.NewCoordinatorKey(k.rand)
	if err != nil {
		return err
	}
	device, err := seal.NewDeviceKey(k.rand)
	if err != nil {
		return err
	}
	wrapped, err := seal.WrapCoordinator(key, pass, device, k.work)
	if err != nil {
		return err
	}
	if err := w.writeSigner(device, wrapped); err != nil {
		return err
	}
	if err := showCode(k.call, device); err != nil {
		return err
	}
	k.coordinatorMade(key)
	return nil
}

func (w wallet) writeSigner(device seal.DeviceKey, wrapped []byte) error {
	code := []byte(device.RecoveryCode() + "\n")
	defer clear(code)
	return w.write(leaf{signerDevice, code}, leaf{signerFile, wrapped})
}

func (k *keysCommand) restoreCoordinator(w wallet, from string) error {
	wrapped, err := readSmallFile(from)
	if err != nil {
		return err
	}
	device, pass, err := k.oldSecrets()
	if err != nil {
		return err
	}
	key, err := seal.UnwrapCoordinator(wrapped, pass, device)
	if err := passphraseRemedy(from, err); err != nil {
		return err
	}
	if err := w.writeSigner(device, wrapped); err != nil {
		return err
	}
	k.coordinatorMade(key)
	return nil
}

// plainCoordinator writes the key as it is.
func (k *keysCommand) plainCoordinator(path string) error {
	key, err := seal.NewCoordinatorKey(k.rand)
	if err != nil {
		return err
	}
	secret := []byte(key.Reveal() + "\n")
	defer clear(secret)
	if err := writeOnce(path, secret); err != nil {
		return err
	}
	fmt.Fprintf(k.stderr, `%s is not protected by a passphrase. Whoever can read it, such as whoever breaks into the server, can
sign a key of their own into the roster, and every report filed from then on is sealed to them as well.
Reports filed before stay closed to them. A key on the coordinator's own machine does not have this weakness.
`, path)
	k.coordinatorMade(key)
	return nil
}

func (k *keysCommand) coordinatorMade(key seal.CoordinatorKey) {
	fmt.Fprintln(k.stdout, key.Public())
	fmt.Fprintf(k.stderr, "fingerprint %s\nRead these digits to every focal point who pins your key.\n", seal.Fingerprint(key.Public()))
}

// coordinatorKey opens the coordinator's signing key: an unprotected file, a wrapped one with its device key beside it, or,
// with an empty path, the one in the coordinator's own folder.
func coordinatorKey(c *call, path string) (seal.CoordinatorKey, error) {
	none := seal.CoordinatorKey{}
	w, name, err := signerWallet(path)
	if err != nil {
		return none, err
	}
	data, err := w.read(name, makeSignRemedy)
	if err != nil {
		return none, err
	}
	defer clear(data)
	if strings.HasPrefix(trimmed(data), "AMANA-COORDINATOR-SECRET-") {
		if info, err := os.Stat(w.path(name)); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			return none, fmt.Errorf("%s is open to others on this machine: run chmod 0600 %s", w.path(name), w.path(name))
		}
		key, err := seal.ParseCoordinatorKey(string(data))
		if err != nil {
			return none, fmt.Errorf("%s is damaged: put it back from a copy", w.path(name))
		}
		return key, nil
	}
	device, err := w.device(signerDevice, "`amana keys coordinator -restore` brings it back from the recovery code")
	if err != nil {
		return none, err
	}
	pass, err := passphrase(c)
	if err != nil {
		return none, err
	}
	key, err := seal.UnwrapCoordinator(data, pass, device)
	return key, passphraseRemedy(w.path(name), err)
}
