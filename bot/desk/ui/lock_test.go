package ui

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestLock holds package-lock.json to what it is for: it names each package that is fetched by version and hash, and no
// registry, so that everybody fetches from their own.
func TestLock(t *testing.T) {
	data, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version, Resolved, Integrity string
			Link                         bool
		}
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	if len(lock.Packages) < 2 {
		t.Fatal("it names no packages")
	}
	for name, p := range lock.Packages {
		switch {
		case name == "": // the pages themselves
		case p.Resolved != "":
			t.Errorf("%s: it says from where it is fetched: %s; .npmrc keeps that out (omit-lockfile-registry-resolved)", name, p.Resolved)
		case p.Link || p.Version == "" || !strings.HasPrefix(p.Integrity, "sha512-"):
			t.Errorf("%s: it is not held by version and hash", name)
		}
	}
}

// TestPlaceholder: a program that was built with Go alone says how to add the pages.
func TestPlaceholder(t *testing.T) {
	page := string(Placeholder())
	if !strings.Contains(page, "<code>make</code>") || strings.Contains(page, "<script") {
		t.Errorf("the placeholder says\n%s", page)
	}
	if _, err := Pages().Open("index.html"); Built() != (err == nil) {
		t.Errorf("built: %v, and its first page: %v", Built(), err)
	}
}
