package main

import (
	"archive/tar"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/voice"
)

// voicesCopy names the file in which the voice messages of a backup lie: a tar of sealed files, under the names that they
// have beside the database.
func voicesCopy(backup string) string { return backup + ".voice" }

// copyVoices writes every sealed voice message of a folder into a new file. Where there is none, no file is made. What is
// only drafted is nobody's to copy.
func copyVoices(dir, path string) (n int, err error) {
	shelf, err := openVoices(dir)
	if err != nil {
		return 0, err
	}
	ids, err := shelf.Sealed()
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	t := tar.NewWriter(f)
	for _, id := range ids {
		file, err := shelf.Read(id)
		if errors.Is(err, voice.ErrGone) {
			continue // forgotten meanwhile
		}
		if err != nil {
			return n, err
		}
		head := &tar.Header{Name: hex.EncodeToString(id[:]), Mode: 0o600, Size: int64(len(file)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(head); err != nil {
			return n, err
		}
		if _, err := t.Write(file); err != nil {
			return n, err
		}
		n++
	}
	return n, errors.Join(t.Close(), f.Sync())
}

// restoreVoices brings them back. A backup without any has no such file.
func restoreVoices(dir, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	shelf, err := openVoices(dir)
	if err != nil {
		return err
	}
	for t := tar.NewReader(f); ; {
		head, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s is damaged", path)
		}
		id, err := hex.DecodeString(head.Name)
		if err != nil || len(id) != len(voice.ID{}) || head.Size > int64(slices.Max(seal.VoiceSizes())) {
			return fmt.Errorf("%s holds what no backup of voice messages holds", path)
		}
		file, err := io.ReadAll(t)
		if err != nil {
			return fmt.Errorf("%s is damaged", path)
		}
		if err := shelf.Put(voice.ID(id), file); err != nil {
			return err
		}
		shelf.Settle(false, voice.ID(id))
	}
}

// openVoices opens the folder for voice messages by itself. The reserve is for what comes in; a copy is what somebody asked for.
func openVoices(dir string) (*voice.Shelf, error) {
	return voice.Open(voice.Options{Dir: dir, Rand: rand.Reader, Now: time.Now, Reserve: 1, Beside: true})
}

// missingVoices counts the voice messages of reports whose files are not there.
func (h *house) missingVoices(ctx context.Context) (n int, err error) {
	err = h.store.View(ctx, func(r *store.Read) error {
		n = 0
		return r.Voices(func(id store.ID, _ seal.KeyID) error {
			if !h.voices.Whole(id) {
				n++
			}
			return nil
		})
	})
	return n, err
}
