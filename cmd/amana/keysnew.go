package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"

	"amana/bot/seal"
)

// makeIdentity makes a focal point's key, or brings it onto a new device.
func (k *keysCommand) makeIdentity() error {
	var dir, restore string
	args, err := k.flagsFirst("keys new", "", `Makes your key on your own machine. It asks for a passphrase, and writes into the folder
  identity.age     your key, which opens only with passphrase and device key together
  device.key       the device key: what the recovery code holds
  enrolment.amana  send this file to the staff bot, under your invitation
Your fingerprint goes to standard output: the coordinator compares it with you by voice.
With -restore it brings your key onto a new device, from identity.age or enrolment.amana and the recovery
code; the coordinator should know of it.`, func(f *flag.FlagSet) {
		dirFlag(&dir)(f)
		f.StringVar(&restore, "restore", "", "a copy of identity.age or enrolment.amana")
	})
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return usagef("keys new: it takes no arguments; the folder is named with -dir")
	}
	w, err := openWallet(dir)
	if err != nil {
		return err
	}
	if err := w.free(identityFile, deviceFile, publicFile, enrolmentFile); err != nil {
		return err
	}
	if restore != "" {
		return k.restoreIdentity(w, restore)
	}
	pass, err := newPassphrase(k.call)
	if err != nil {
		return err
	}
	id, err := seal.NewIdentity(k.rand)
	if err != nil {
		return err
	}
	device, err := seal.NewDeviceKey(k.rand)
	if err != nil {
		return err
	}
	wrapped, err := seal.Wrap(id, pass, device, k.work)
	if err != nil {
		return err
	}
	enrolment, err := seal.Enrolment{Public: id.Public(), Wrapped: wrapped}.Encode()
	if err != nil {
		return err
	}
	code := []byte(device.RecoveryCode() + "\n")
	defer clear(code)
	err = w.write(
		leaf{deviceFile, code}, leaf{identityFile, wrapped}, leaf{publicFile, []byte(id.Public() + "\n")}, leaf{enrolmentFile, enrolment},
	)
	if err != nil {
		return err
	}
	if err := showCode(k.call, device); err != nil {
		return err
	}
	fmt.Fprintln(k.stdout, seal.Fingerprint(id.Public()))
	fmt.Fprintf(k.stderr, "Send %s to the staff bot. When the coordinator calls, read them the digits above.\n", w.path(enrolmentFile))
	return nil
}

// restoreIdentity proves that code and passphrase open the copy before it writes anything.
func (k *keysCommand) restoreIdentity(w wallet, from string) error {
	wrapped, err := readSmallFile(from)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(wrapped, []byte("amana enrolment")) {
		e, err := seal.ParseEnrolment(wrapped)
		if err != nil {
			return fmt.Errorf("%s is not an enrolment file of this version, or it is damaged", from)
		}
		wrapped = e.Wrapped
	}
	device, pass, err := k.oldSecrets()
	if err != nil {
		return err
	}
	id, err := seal.Unwrap(wrapped, pass, device)
	if err := passphraseRemedy(from, err); err != nil {
		return err
	}
	code := []byte(device.RecoveryCode() + "\n")
	defer clear(code)
	if err := w.write(leaf{deviceFile, code}, leaf{identityFile, wrapped}, leaf{publicFile, []byte(id.Public() + "\n")}); err != nil {
		return err
	}
	fmt.Fprintln(k.stdout, seal.Fingerprint(id.Public()))
	fmt.Fprintf(k.stderr, "Your key is on this device now, in %s. If the old one was lost or stolen, tell the coordinator today.\n", w.dir)
	return nil
}

// oldSecrets asks for recovery code and passphrase.
func (k *keysCommand) oldSecrets() (seal.DeviceKey, string, error) {
	typed, err := askSecret(k.call, "recovery code:")
	if err != nil {
		return seal.DeviceKey{}, "", err
	}
	device, err := seal.ParseRecoveryCode(typed)
	if err != nil {
		return seal.DeviceKey{}, "", fmt.Errorf("this is not a recovery code, or a letter or digit in it is wrong: it has six groups of five")
	}
	pass, err := passphrase(k.call)
	return device, pass, err
}

// showCode shows the recovery code once. On a terminal it waits until the code is on paper, and takes it away again.
func showCode(c *call, device seal.DeviceKey) error {
	text := "Recovery code, for paper only:\n\n    " + device.RecoveryCode() + "\n\nWrite it down now and keep it where you keep other important papers. With it and your passphrase you\nget back to your key when this device is lost. Without it nobody can help you, not even we.\n"
	fmt.Fprint(c.stderr, text)
	if _, ok := c.onTerminal(); !ok {
		return nil
	}
	if _, err := askLine(c, "Press Enter when it is on paper."); err != nil {
		return err
	}
	// Up over the text and the line of the answer, and everything below is erased.
	fmt.Fprintf(c.stderr, "\x1b[%dA\r\x1b[J", strings.Count(text, "\n")+1)
	return nil
}

func readSmallFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxWalletFile {
		return nil, fmt.Errorf("%s is not a key file", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return data, nil
}

func trimmed(data []byte) string { return strings.TrimSpace(string(data)) }
