package main

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	webdesk "amana/bot/desk"
	"amana/bot/speech"
)

// localCookie is what a browser on this machine holds once it has shown the start word, with the port at its end: a browser
// sends cookies to every port of a host, and a second desk would take the place of the first.
const localCookie = "amana-local"

func cookieOf(r *http.Request) string {
	_, port, _ := net.SplitHostPort(r.Host) // one of hosts
	return localCookie + "-" + port
}

// localDesk serves the page of the desk from a focal point's own machine. Nothing that a server sends can change it: page,
// script and words are those of this program, and what is passed on is JSON or a sealed file, and is marked as such.
//
// Other programs of this machine, and pages of other origins that find their way to it, get nothing: every request must name
// this very address as its host, and carry the cookie for which the start word was given, once.
type localDesk struct {
	book    *speech.Book
	words   *webdesk.Words
	langs   []string
	pages   fs.FS
	stand   []byte // placeholder
	pin     string // the coordinator's public key, as it is pinned on this machine
	wrapped []byte // the key of the wallet, as it lies there; nil if there is none
	hosts   []string
	remote  *remoteDesk // nil: offline
	primero *localPrimero

	mu     sync.Mutex
	start  string   // the word, until it was given
	cookie [32]byte // its hash; zero before
}

// newStart draws the word with which a browser begins.
func (l *localDesk) newStart() string {
	l.start = rand.Text()
	return l.start
}

func (l *localDesk) handler() http.Handler {
	mux := http.NewServeMux()
	pages := webdesk.Pages(l.pages, l.stand)
	mux.Handle("GET /{$}", pages)
	mux.Handle("GET /app/{name}", pages)
	mux.HandleFunc("POST /api/start", l.begin)
	inside := http.NewServeMux()
	inside.HandleFunc("GET /api/place", l.place)
	inside.HandleFunc("GET /api/local", l.own)
	inside.HandleFunc("GET /words/{name}", l.speak)
	l.primero.routes(inside)
	if l.remote != nil {
		inside.Handle("/api/", l.remote)
	}
	inside.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { answerPage(w, http.StatusNotFound, wrongIs("unknown")) })
	mux.Handle("/", l.known(inside))
	foreign := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		webdesk.Protect(w.Header(), false, false)
		site := r.Header.Get("Sec-Fetch-Site")
		switch {
		case !slices.Contains(l.hosts, r.Host): // a name that somebody else made to point here
			answerPage(w, http.StatusForbidden, wrongIs("bad"))
		case foreign.Check(r) != nil, site != "" && site != "same-origin" && site != "none" && r.URL.Path != "/":
			answerPage(w, http.StatusForbidden, wrongIs("bad"))
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// begin gives the cookie for the start word, once.
func (l *localDesk) begin(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Word string `json:"word"`
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&in) != nil {
		answerPage(w, http.StatusBadRequest, wrongIs("bad"))
		return
	}
	l.mu.Lock()
	right := l.start != "" && subtle.ConstantTimeCompare([]byte(in.Word), []byte(l.start)) == 1
	token := rand.Text()
	if right {
		l.start, l.cookie = "", sha256.Sum256([]byte(token))
	}
	l.mu.Unlock()
	if !right {
		answerPage(w, http.StatusUnauthorized, wrongIs("start"))
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookieOf(r), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	answerPage(w, http.StatusOK, struct{}{})
}

// known lets in who has the cookie.
func (l *localDesk) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie(cookieOf(r))
		if err == nil {
			sum := sha256.Sum256([]byte(c.Value))
			l.mu.Lock()
			in := l.cookie != [32]byte{} && subtle.ConstantTimeCompare(sum[:], l.cookie[:]) == 1
			l.mu.Unlock()
			if in {
				next.ServeHTTP(w, r)
				return
			}
		}
		answerPage(w, http.StatusUnauthorized, wrongIs("start"))
	})
}

// place says where the page finds itself. Of what a server says about itself only this is believed: its name, its time zone,
// within how many hours it has promised that a report is opened, and the hours and days that stand in answers.
func (l *localDesk) place(w http.ResponseWriter, r *http.Request) {
	p := webdesk.Here{
		Languages: webdesk.Languages(l.book, l.langs), Coordinator: l.pin, Pinned: true, Local: true, Offline: l.remote == nil,
		Zone: time.Now().Location().String(), Version: version,
	}
	if l.remote != nil {
		p.Server = l.remote.to.Host
		if there, err := l.remote.place(r.Context()); err == nil {
			p.Name, p.Promised, p.Values = clip(there.Name), there.Promised, map[string]string{}
			for name, value := range there.Values {
				p.Values[clip(name)] = clip(value)
			}
			if _, err := time.LoadLocation(there.Zone); err == nil {
				p.Zone = there.Zone
			}
			if offered := slices.DeleteFunc(tagsOf(there.Languages), func(tag string) bool { return !slices.Contains(l.langs, tag) }); len(offered) > 0 {
				p.Languages = webdesk.Languages(l.book, offered)
			}
		}
	}
	if p.Zone == "Local" {
		p.Zone = "UTC"
	}
	answerPage(w, http.StatusOK, p)
}

func tagsOf(langs []webdesk.Language) (tags []string) {
	for _, l := range langs {
		tags = append(tags, l.Tag)
	}
	return tags
}

// own gives what of the wallet on this machine a page needs to open files without a server: the wrapped key, which nobody opens
// without passphrase and recovery code. The device key beside it is never given.
func (l *localDesk) own(w http.ResponseWriter, _ *http.Request) {
	answerPage(w, http.StatusOK, struct {
		Wrapped []byte `json:"wrapped"`
	}{l.wrapped})
}

// speak gives the words of this program. A server adds the names of its own lists, and of questions that are its own.
func (l *localDesk) speak(w http.ResponseWriter, r *http.Request) {
	tag, isFile := strings.CutSuffix(r.PathValue("name"), ".json")
	words, ok := l.words.Of(tag)
	if !isFile || !ok {
		answerPage(w, http.StatusNotFound, wrongIs("unknown"))
		return
	}
	if l.remote != nil {
		if more, err := l.remote.words(r.Context(), tag); err == nil {
			words.Lists = more.Lists
			for key, text := range more.Texts {
				if s, plain := text.(string); plain && !webdesk.Own(key) && words.Texts[key] == nil {
					words.Texts[key] = s
				}
			}
		}
	}
	answerPage(w, http.StatusOK, words)
}

// wrong is what a page is told in the place of an answer.
type wrong struct {
	Error string `json:"error"`
}

func wrongIs(word string) wrong { return wrong{word} }

// answerPage answers in JSON.
func answerPage(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"failed"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// localWords are the words of this program for the page, in the languages that are complete in it.
func localWords(book *speech.Book) (*webdesk.Words, []string, error) {
	flows, err := shippedFlows()
	if err != nil {
		return nil, nil, err
	}
	w := &wording{book: book, flows: flows}
	var langs []string
	for _, l := range book.Languages() {
		langs = append(langs, l.Tag)
	}
	return webdesk.NewWords(book, langs, w.labels(), nil), langs, nil
}
