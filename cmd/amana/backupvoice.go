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

// copyVoices writes every sealed voice message of the reports into a new file, each under the key of its report's month, so
// that the copy ends with the month as a copy of the database does. Where there is none, no file is made. What is only drafted
// is nobody's to copy.
func (h *house) copyVoices(ctx context.Context, path string) (n int, err error) {
	type spoken struct {
		id    store.ID
		under seal.KeyID
	}
	var all []spoken
	err = h.store.View(ctx, func(r *store.Read) error {
		all = nil
		return r.Voices(func(id store.ID, under seal.KeyID) error {
			all = append(all, spoken{id, under})
			return nil
		})
	})
	if err != nil || len(all) == 0 {
		return 0, err
	}
	if h.voices == nil {
		return 0, errNoShelf
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
	for _, one := range all {
		file, err := h.voices.Read(one.id)
		if errors.Is(err, voice.ErrGone) {
			continue // forgotten meanwhile
		}
		if err != nil {
			return n, err
		}
		locked, err := h.keys.Seal(one.under, voicePlace(one.id), file)
		if errors.Is(err, seal.ErrForgotten) {
			continue
		}
		if err != nil {
			return n, err
		}
		head := &tar.Header{Name: hex.EncodeToString(one.id[:]), Mode: 0o600, Size: int64(len(locked)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(head); err != nil {
			return n, err
		}
		if _, err := t.Write(locked); err != nil {
			return n, err
		}
		n++
	}
	return n, errors.Join(t.Close(), f.Sync())
}

// voicePlace is what a voice message in a backup is bound to.
func voicePlace(id store.ID) []byte { return append([]byte("voice backup "), id[:]...) }

// restoreVoices brings them back, but for those of months that were forgotten since. A backup without any has no such file; an
// older one holds them as they lie beside the database.
func restoreVoices(keys *seal.House, dir, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil // the file was a database that was served itself, and this is its folder
	}
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
		if err != nil || len(id) != len(voice.ID{}) || head.Size > int64(slices.Max(seal.VoiceSizes())+seal.Overhead) {
			return fmt.Errorf("%s holds what no backup of voice messages holds", path)
		}
		file, err := io.ReadAll(t)
		if err != nil {
			return fmt.Errorf("%s is damaged", path)
		}
		if _, locked := seal.KeyOf(file); locked {
			file, _, err = keys.Open(voicePlace(store.ID(id)), file)
			if errors.Is(err, seal.ErrForgotten) {
				continue
			}
			if err != nil {
				return fmt.Errorf("%s is damaged", path)
			}
		}
		if err := shelf.Put(voice.ID(id), file); err != nil {
			return err
		}
		shelf.Settle(false, voice.ID(id))
	}
}

// errNoShelf says that there are voice messages, and nowhere to look for them.
var errNoShelf = errors.New("there are voice messages, and the configuration names no folder for them: under voices: name the one that all machines share")

// openVoices opens the folder for voice messages by itself. The reserve is for what comes in; a copy is what somebody asked for.
func openVoices(dir string) (*voice.Shelf, error) {
	return voice.Open(voice.Options{Dir: dir, Rand: rand.Reader, Now: time.Now, Reserve: 1, Beside: true})
}

// missingVoices counts the voice messages of reports whose files are not there.
func (h *house) missingVoices(ctx context.Context) (n int, err error) {
	err = h.store.View(ctx, func(r *store.Read) error {
		n = 0
		return r.Voices(func(id store.ID, _ seal.KeyID) error {
			if h.voices == nil || !h.voices.Whole(id) {
				n++
			}
			return nil
		})
	})
	return n, err
}
