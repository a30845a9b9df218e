package main

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	webdesk "amana/bot/desk"
	"amana/bot/desk/ui"
)

// quickPages are the pages of the desk, in which keys are wrapped with little work: a walk that makes and opens a key several
// times then takes no seconds for each. They lie beside the program, which neither holds them nor can be told to show them.
func quickPages(t *testing.T) fs.FS {
	t.Helper()
	dir := filepath.Join("..", "..", "bot", "desk", "ui", "quick")
	if _, err := os.Stat(filepath.Join(dir, "index.html")); err != nil {
		t.Fatal("the pages for tests are not built: run `make pages`")
	}
	return os.DirFS(dir)
}

// quickly shows these pages before a desk.
func quickly(t *testing.T, desk http.Handler) http.Handler {
	t.Helper()
	pages := webdesk.Pages(quickPages(t), nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/app/") {
			webdesk.Protect(w.Header(), false, false)
			pages.ServeHTTP(w, r)
			return
		}
		desk.ServeHTTP(w, r)
	})
}

// TestPagesWrapWithFullWork: the pages of the program wrap a key with the full work, and those of the tests are the same but
// for this one number, so that there is nothing in them by which it could be changed where they run.
func TestPagesWrapWithFullWork(t *testing.T) {
	if !ui.Built() {
		t.Fatal("the pages are not built: run `make pages`")
	}
	script := func(pages fs.FS) []byte {
		names, err := fs.Glob(pages, "desk-*.js")
		if err != nil || len(names) != 1 {
			t.Fatalf("the scripts are %q, %v", names, err)
		}
		text, err := fs.ReadFile(pages, names[0])
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	full, quick := script(ui.Pages()), script(quickPages(t))
	if len(full) != len(quick) {
		t.Fatalf("they are of another length: %d and %d", len(full), len(quick))
	}
	var at []int
	for i := range full {
		if full[i] != quick[i] {
			at = append(at, i)
		}
	}
	if len(at) != 1 || !bytes.Equal(full[at[0]-1:at[0]+1], []byte("18")) || !bytes.Equal(quick[at[0]-1:at[0]+1], []byte("10")) {
		t.Errorf("they differ in %d places", len(at))
	}
}
