package telegramtest

import (
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// fileShelf holds the files of one bot and the links that were given out. Bot.mu guards it.
type fileShelf struct {
	byID  map[string]*File
	links map[string]link
	last  int
}

type link struct {
	file    *File
	expires time.Time
}

func newFileShelf() fileShelf {
	return fileShelf{byID: map[string]*File{}, links: map[string]link{}}
}

func (b *Bot) keep(f File) *File {
	b.files.last++
	f.ID = fmt.Sprintf("BQAC%dAAI%06d", b.user.ID, b.files.last)
	if f.MIME == "" {
		f.MIME = mime.TypeByExtension(path.Ext(f.Name))
	}
	if f.MIME == "" {
		f.MIME = "application/octet-stream"
	}
	b.files.byID[f.ID] = &f
	return &f
}

func (f *File) wire() wireFile {
	return wireFile{FileID: f.ID, UniqueID: "u" + f.ID[len(f.ID)-6:], Size: int64(len(f.Bytes)), Name: f.Name, MIME: f.MIME}
}

// sendFile sends an uploaded file or one that the bot had before. Files by URL are not played.
func (b *Bot) sendFile(c *call) (any, *refusal) {
	kind := strings.ToLower(strings.TrimPrefix(c.method, "send"))
	text, entities, r := formatted(c, "caption")
	if r != nil {
		return nil, r
	}
	p := c.params[kind]
	if name, ok := strings.CutPrefix(p.text, "attach://"); ok {
		if p = c.params[name]; p == nil || p.file == nil {
			return nil, wrong("attached file not found", "nothing was uploaded as %s", name)
		}
	}
	var f *File
	switch {
	case p.file == nil:
		if f = b.files.byID[p.text]; f == nil {
			return nil, wrong("wrong file identifier/HTTP URL specified", "parameter %s names no file of this bot", kind)
		}
		if f.Kind != kind {
			return nil, wrong("can't use file of type "+f.Kind+" as "+kind, "a %s was sent as %s", f.Kind, kind)
		}
	case len(p.file.bytes) == 0:
		return nil, wrong("file must be non-empty", "parameter %s is an empty file", kind)
	case kind == "photo" && len(p.file.bytes) > maxPhoto:
		return nil, &refusal{code: 413, text: "Request Entity Too Large", violation: "a photo above 10 MB"}
	default:
		f = b.keep(File{Kind: kind, Name: p.file.name, Bytes: p.file.bytes})
	}
	return b.send(c, &message{Message: Message{Text: text, Entities: entities, File: f}})
}

// getFile gives a link that works for an hour. Asking again gives a new hour.
func (b *Bot) getFile(c *call) (any, *refusal) {
	f := b.files.byID[strings.TrimSuffix(c.text("file_id"), "s")]
	if f == nil {
		return nil, badRequest("invalid file_id")
	}
	if len(f.Bytes) > maxDownload {
		return nil, badRequest("file is too big")
	}
	w := f.wire()
	w.Path = f.Kind + "s/file_" + strings.TrimLeft(f.ID[len(f.ID)-6:], "0") + path.Ext(f.Name)
	w.Name, w.MIME = "", ""
	b.files.links[w.Path] = link{f, b.server.Now().Add(linkLife)}
	return w, nil
}

// serveFile answers a download.
func (s *Server) serveFile(w http.ResponseWriter, b *Bot, name string) {
	if b == nil {
		s.write(w, nil, &refusal{code: 401, text: "Unauthorized"}, nil)
		return
	}
	c := &call{method: "download", params: map[string]*param{"file_path": {text: name}}}
	s.record.hook(Before, b, c, nil)
	f := s.faults.next(b.token, "download")
	if f != nil && f.early() {
		s.record.add(s.Now(), b, c, 0, "fault: "+f.Kind.String())
		f.instead(w)
		return
	}
	b.mu.Lock()
	l, ok := b.files.links[name]
	b.mu.Unlock()
	if !ok || !s.Now().Before(l.expires) {
		s.finish(w, b, c, nil, &refusal{code: 404, text: "Not Found"}, f)
		return
	}
	s.record.add(s.Now(), b, c, 200, "")
	s.record.hook(After, b, c, nil)
	w.Header().Set("Content-Type", "application/octet-stream")
	if f != nil {
		f.after(w, 200, l.file.Bytes, s.quit)
		return
	}
	w.Write(l.file.Bytes) //nolint:errcheck // the bot went away
}
