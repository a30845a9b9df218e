package telegram

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"amana/bot"
)

const (
	maxFile  = 1 << 20 // bytes of a document of a member of staff
	maxVoice = 1 << 20 // bytes of a voice message: more than any that a room takes
)

// fetch gets a document. When it is too large or cannot be had, there is no file and the Hearer says so: a file can be
// sent again, and one that can never be fetched must not stop its lane.
func (d *Door) fetch(ctx context.Context, doc document) *bot.File {
	if doc.Size > maxFile || doc.FileID == "" {
		return nil
	}
	for try := 1; try <= 4; try++ {
		b, err := d.wire.download(ctx, doc.FileID, maxFile, uploadTime)
		if err == nil {
			return &bot.File{Name: cleanName(doc.Name), Bytes: b}
		}
		d.opt.Log.Warn("a document could not be fetched", "error", err, "tries", try)
		f, ok := err.(*Fault)
		if !ok || !f.Temporary() || !sleep(ctx, max(f.After, backoff(d.opt.Retry, try))) {
			return nil
		}
	}
	return nil
}

// download asks where a file lies and gets it, so many bytes at most and within some time. The address is made here: the library's own goes to a fixed host,
// whatever server the bot talks to. It holds the token, like every other.
func (w *wire) download(ctx context.Context, id string, most int64, within time.Duration) ([]byte, error) {
	var file struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := w.into(ctx, &file, "getFile", tg.Params{"file_id": id}); err != nil {
		return nil, err
	}
	if file.Size > most || !plainPath(file.Path) {
		return nil, &Fault{Method: "getFile", kind: refused, what: "file too large or in a strange place"}
	}
	ctx, done := context.WithTimeout(ctx, within)
	defer done()
	g := &guard{ctx: ctx, client: w.client, method: "download"}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet,
		w.base+"/file/bot"+w.token+"/"+(&url.URL{Path: file.Path}).EscapedPath(), nil)
	if err != nil {
		return nil, &Fault{Method: g.method, kind: refused, what: "file in a strange place"}
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, g.fault(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		k := refused
		if resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests {
			k = temporary
		}
		return nil, &Fault{Method: g.method, Code: resp.StatusCode, After: retryAfter(resp.Header.Get("Retry-After")), kind: k, what: "no file"}
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err != nil {
		return nil, g.fault(err)
	}
	if int64(len(b)) > most {
		return nil, &Fault{Method: g.method, kind: refused, what: "file too large"}
	}
	return b, nil
}

func plainPath(p string) bool {
	return p != "" && len(p) <= 512 && !strings.HasPrefix(p, "/") && !strings.Contains(p, "..") &&
		!strings.ContainsAny(p, "\\?#\x00\r\n")
}
