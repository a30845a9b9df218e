package desk

import (
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// Pages serves the built page and what it is made of: index.html at the root, and under /app/ the files with a hash in
// their names, which are kept by a browser for ever. Nothing else of the folder can be had. Where there is no index.html
// the placeholder is shown.
func Pages(pages fs.FS, placeholder []byte) http.Handler {
	p := &shelf{pages: pages, placeholder: placeholder}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.index)
	mux.HandleFunc("GET /app/{name}", p.asset)
	mux.HandleFunc("/", nothing)
	return mux
}

// nothing answers what does not exist, in the words in which everything else is answered that somebody may not see.
func nothing(w http.ResponseWriter, _ *http.Request) {
	status, p, _ := worded(errNothing)
	say(w, status, p)
}

type shelf struct {
	pages       fs.FS
	placeholder []byte
}

// kinds are the files that a page can be made of.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".wasm": "application/wasm", ".txt": "text/plain; charset=utf-8",
}

// hashed are the names of files that never change.
var hashed = regexp.MustCompile(`^[a-z0-9_.-]+-[A-Za-z0-9]{8,}\.[a-z0-9]+$`)

func (p *shelf) index(w http.ResponseWriter, r *http.Request) {
	if !p.give(w, r, "index.html") {
		send(w, http.StatusOK, kinds[".html"], p.placeholder)
	}
}

func (p *shelf) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if hashed.MatchString(name) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if name == "index.html" || strings.HasSuffix(name, ".gz") || !p.give(w, r, name) {
		w.Header().Set("Cache-Control", "no-store")
		nothing(w, r)
	}
}

// give sends a file, packed where the browser takes that; false if there is none.
func (p *shelf) give(w http.ResponseWriter, r *http.Request, name string) bool {
	kind := kinds[path.Ext(name)]
	if p.pages == nil || kind == "" || !fs.ValidPath(name) {
		return false
	}
	w.Header().Add("Vary", "Accept-Encoding")
	if packs(r) {
		if body, err := fs.ReadFile(p.pages, name+".gz"); err == nil {
			w.Header().Set("Content-Encoding", "gzip")
			send(w, http.StatusOK, kind, body)
			return true
		} else if !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	body, err := fs.ReadFile(p.pages, name)
	if err != nil {
		return false
	}
	send(w, http.StatusOK, kind, body)
	return true
}

// packs says that a browser takes gzip.
func packs(r *http.Request) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, params, err := mime.ParseMediaType("x/" + strings.TrimSpace(one))
		if err == nil && (name == "x/gzip" || name == "x/*") && strings.Trim(params["q"], "0.") != "" || err == nil && name == "x/gzip" && params["q"] == "" {
			return true
		}
	}
	return false
}
