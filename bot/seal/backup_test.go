package seal

import (
	"archive/tar"
	"bytes"
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
)

func TestKeyBackup(t *testing.T) {
	h := newHouse(t)
	if err := h.PinCoordinator(must(NewCoordinatorKey(rand.Reader)).Public()); err != nil {
		t.Fatal(err)
	}
	if err := h.Forget("2026-11-feedback"); err != nil {
		t.Fatal(err)
	}
	holders, public := newPeople(t, 2)
	var file bytes.Buffer
	ids := must(h.Backup(&file, public))
	if d := cmp.Diff(h.Living(), ids); d != "" {
		t.Error(d)
	}
	value := must(h.Seal("2026-12-report", []byte("k"), []byte("plain")))

	for _, holder := range holders {
		dir := filepath.Join(t.TempDir(), "deep", "keys")
		got := must(RestoreKeys(bytes.NewReader(file.Bytes()), dir, newPerson(t), holder))
		if d := cmp.Diff(ids, got); d != "" {
			t.Error(d)
		}
		back := must(OpenHouse(dir, rand.Reader))
		if plain, _, err := back.Open([]byte("k"), value); err != nil || string(plain) != "plain" {
			t.Errorf("%q, %v", plain, err)
		}
		a, _ := h.Coordinator()
		if b, _ := back.Coordinator(); a != b || h.ID() != back.ID() {
			t.Error("another house came back")
		}
		_, err := back.Ensure(november)
		if err == nil {
			t.Error("what was forgotten was forgotten by the backup")
		}
		_, err = RestoreKeys(bytes.NewReader(file.Bytes()), dir, holder)
		wantErr(t, err, fs.ErrExist)
	}

	dir := filepath.Join(t.TempDir(), "keys")
	_, err := RestoreKeys(bytes.NewReader(file.Bytes()), dir, newPerson(t))
	wantErr(t, err, ErrNotForYou)
	_, err = RestoreKeys(bytes.NewReader(file.Bytes()), dir)
	wantErr(t, err, ErrNotForYou)
	everyByte(file.Bytes(), 0, 151, func(at int, changed []byte) {
		if _, err := RestoreKeys(bytes.NewReader(changed), dir, holders[0]); err == nil {
			t.Errorf("byte %d changed unnoticed", at)
		}
	})
	for _, n := range []int{0, 100, file.Len() / 2, file.Len() - 1} {
		if _, err := RestoreKeys(bytes.NewReader(file.Bytes()[:n]), dir, holders[0]); err == nil {
			t.Errorf("cut to %d bytes unnoticed", n)
		}
	}
	if entries := must(os.ReadDir(filepath.Dir(dir))); len(entries) != 0 {
		t.Errorf("a refused backup left %v", entries)
	}
	if _, err := h.Backup(&file, nil); err == nil {
		t.Error("a backup for nobody")
	}
	_, err = h.Backup(&file, []string{holders[0].Reveal()})
	wantErr(t, err, ErrBadKey)
}

// Somebody who can seal to a recovery key still cannot make the restore write where it pleases.
func TestHostileKeyBackup(t *testing.T) {
	holder := newPerson(t)
	pack := func(heads ...tar.Header) *bytes.Buffer {
		var file bytes.Buffer
		w := must(age.Encrypt(&file, holder.key().Recipient()))
		a := tar.NewWriter(w)
		for _, h := range heads {
			h.Size = 0
			if err := a.WriteHeader(&h); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return &file
	}
	for what, file := range map[string]*bytes.Buffer{
		"climbs":   pack(tar.Header{Name: "../evil", Typeflag: tar.TypeReg}),
		"absolute": pack(tar.Header{Name: "/tmp/evil", Typeflag: tar.TypeReg}),
		"foreign":  pack(tar.Header{Name: "evil", Typeflag: tar.TypeReg}),
		"link":     pack(tar.Header{Name: "standing-1", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}),
		"twice":    pack(tar.Header{Name: "standing-1", Typeflag: tar.TypeReg}, tar.Header{Name: "standing-1", Typeflag: tar.TypeReg}),
		"empty":    pack(),
	} {
		dir := filepath.Join(t.TempDir(), "keys")
		if _, err := RestoreKeys(file, dir, holder); err == nil {
			t.Errorf("%s: restored", what)
		}
		if entries := must(os.ReadDir(filepath.Dir(dir))); len(entries) != 0 {
			t.Errorf("%s: left %v", what, entries)
		}
	}
}
