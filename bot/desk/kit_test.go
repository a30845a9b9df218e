package desk_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/desk"
	"amana/bot/kv"
	"amana/bot/kv/mem"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/store"
	"amana/bot/ticket"
	"amana/bot/voice"
	"amana/locales"
)

// begin is a Friday in the middle of a month, at ten in the morning.
var begin = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// english is the catalog of one language, whole.
var english = sync.OnceValue(func() *speech.Book { return must(speech.Load(only{"en"})) })

// only shows one language of those that are shipped.
type only struct{ tag string }

func (o only) Open(name string) (fs.File, error) {
	if first, _, _ := strings.Cut(name, "/"); first != "." && first != o.tag {
		return nil, fs.ErrNotExist
	}
	return locales.FS.Open(name)
}

func (o only) ReadDir(name string) (out []fs.DirEntry, err error) {
	all, err := fs.ReadDir(locales.FS, name)
	for _, e := range all {
		if name != "." || e.Name() == o.tag {
			out = append(out, e)
		}
	}
	return out, err
}

// packed gives a text as its gzip lies beside a page.
func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	z.Close()
	return b.Bytes()
}

// hall is a mission with a desk at a loopback address, and a clock that a test moves.
type hall struct {
	t           testing.TB
	dir         string
	house       *seal.House
	roots       *seal.Roots
	engine      kv.Store
	store       *store.Store
	voices      *voice.Shelf
	registry    *casework.Registry
	desk        *desk.Desk
	server      *httptest.Server
	coordinator seal.CoordinatorKey
	log         *logged
	wire        *wire
	options     []func(*desk.Options)

	mu     sync.Mutex
	at     time.Time
	update int64
}

// logged is what stands in the log.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hall) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// newHall opens a mission in which nobody is in the roster yet.
func newHall(t testing.TB, options ...func(*desk.Options)) *hall {
	t.Helper()
	h := &hall{t: t, dir: t.TempDir(), at: begin, log: &logged{}, wire: &wire{}}
	h.house = must(seal.CreateHouse(filepath.Join(h.dir, "keys"), begin, rand.Reader))
	h.coordinator = must(seal.NewCoordinatorKey(rand.Reader))
	ok(t, h.house.PinCoordinator(h.coordinator.Public()))
	must(h.house.Ensure(begin))
	h.roots = must(seal.OpenRoots(filepath.Join(h.dir, "run"), begin, rand.Reader))
	h.engine = mem.New(h.now)
	t.Cleanup(func() { h.engine.Close() })
	h.store = store.New(h.engine, h.house, h.roots)
	h.voices = must(voice.Open(voice.Options{Dir: filepath.Join(h.dir, "voice"), Rand: rand.Reader, Now: h.now, Reserve: 1}))
	h.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		d := h.desk
		h.mu.Unlock()
		d.ServeHTTP(w, r)
	}))
	h.options = options
	h.reopen()
	h.server.Start()
	t.Cleanup(h.server.Close)
	return h
}

// reopen starts the program on what lies on its shelves: at the beginning, and after a stop.
func (h *hall) reopen() {
	h.t.Helper()
	registry, err := casework.New(h.t.Context(), casework.Options{
		Store: h.store, Roots: h.roots, Kiln: seal.QuickKiln(), Voices: h.voices, Now: h.now, Rand: rand.Reader,
		OrgName: func(_, org string) string { return org },
	})
	ok(h.t, err)
	o := desk.Options{
		Registry: registry, Book: english(), Offered: []string{"en"}, Labels: []string{"report.area.title", "report.concern.hiring"},
		Lists: func(string) map[string]map[string]string {
			return map[string]map[string]string{"areas": {"camp": "The camp"}, "organisations": {"relief": "Relief"}}
		},
		Place: desk.Place{Name: "A place", Coordinator: h.coordinator.Public(), Version: "1"},
		Pages: fstest.MapFS{
			"index.html": {Data: []byte("<!doctype html><title>page</title>")}, "index.html.gz": {Data: packed("packed page")},
			"desk-ABCDEFGH.js": {Data: []byte("script")}, "desk-ABCDEFGH.js.gz": {Data: packed("packed script")},
			"plain.css": {Data: []byte("style")}, "secret.key": {Data: []byte("key")},
		},
		Address: "http://" + h.server.Listener.Addr().String(), MaxAnswer: seal.MaxAnswer(), Now: h.now, Rand: rand.Reader,
		Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, set := range h.options {
		set(&o)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.registry, h.desk = registry, desk.New(o)
}

// wire keeps everything that goes over the line.
type wire struct {
	mu   sync.Mutex
	sent bytes.Buffer // by browsers
	got  bytes.Buffer
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	w.mu.Lock()
	w.sent.WriteString(r.Method + " " + r.URL.String() + "\n")
	_ = r.Header.Write(&w.sent)
	w.sent.Write(body)
	w.mu.Unlock()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	w.mu.Lock()
	_ = resp.Header.Write(&w.got)
	w.got.Write(answer)
	w.mu.Unlock()
	return resp, err
}

// browser is a focal point's browser: the secrets that lie in it, and what the page in it does.
type browser struct {
	*hall
	http       *http.Client
	person     string
	passphrase string
	device     seal.DeviceKey
	secret     [32]byte
	identity   seal.Identity // while the page is open
	challenge  []byte        // the last that was opened
}

func (h *hall) browser() *browser {
	b := &browser{hall: h, passphrase: "four words that stay here", device: must(seal.NewDeviceKey(rand.Reader))}
	_, _ = rand.Read(b.secret[:])
	b.http = &http.Client{Transport: h.wire, Jar: must(cookiejar.New(nil))}
	return b
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) String() string {
	return strconv.Itoa(a.status) + " " + strings.TrimSpace(string(a.body))
}

// into reads an answer that must be a good one.
func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("answered %s", a)
	}
	ok(t, json.Unmarshal(a.body, v))
}

// is asks for an error in words.
func (a answer) is(t testing.TB, status int, body string) {
	t.Helper()
	if a.status != status || strings.TrimSpace(string(a.body)) != body {
		t.Errorf("answered %s, want %d %s", a, status, body)
	}
}

// do sends one request, with headers in turn.
func (b *browser) do(method, path, kind string, body []byte, headers ...string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, bytes.NewReader(body))
	ok(b.t, err)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.http.Do(r)
	ok(b.t, err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	ok(b.t, err)
	return answer{resp.StatusCode, resp.Header, got}
}

func (b *browser) get(path string) answer { return b.do(http.MethodGet, path, "", nil) }

func (b *browser) post(path string, question any) answer {
	return b.do(http.MethodPost, path, "application/json", must(json.Marshal(question)))
}

func (b *browser) send(path string, file []byte) answer {
	return b.do(http.MethodPost, path, "application/octet-stream", file)
}

// fields are a question in JSON; bytes in it become base64.
type fields map[string]any

// join makes a key in the browser, and brings it under an invitation.
func (b *browser) join(word string) (fingerprint string) {
	b.t.Helper()
	b.identity = must(seal.NewIdentity(rand.Reader))
	proof := b.device.Proof()
	var out struct{ Person, Fingerprint string }
	b.post("/api/enter/enrol", fields{"word": word, "file": b.enrolment(), "proof": proof[:], "browser": b.secret[:]}).into(b.t, &out)
	b.person = out.Person
	return out.Fingerprint
}

func (b *browser) enrolment() []byte {
	wrapped := must(seal.Wrap(b.identity, b.passphrase, b.device, 10))
	return must(seal.Enrolment{Public: b.identity.Public(), Wrapped: wrapped}.Encode())
}

// begun is a challenge, or the digits in its place.
type begun struct {
	ID, Wait           string
	Wrapped, Challenge []byte
}

func (b *browser) begin() (out begun) {
	b.t.Helper()
	proof := b.device.Proof()
	b.post("/api/enter/begin", fields{"person": b.person, "proof": proof[:], "browser": b.secret[:]}).into(b.t, &out)
	return out
}

// signIn opens the key with passphrase and device key, answers the challenge with it, and has a session.
func (b *browser) signIn() {
	b.t.Helper()
	c := b.begin()
	if c.Wait != "" {
		b.t.Fatal("the browser is to wait")
	}
	b.identity = must(seal.Unwrap(c.Wrapped, b.passphrase, b.device))
	secret := must(seal.OpenChallenge(c.Challenge, b.identity))
	b.challenge = secret[:]
	var me struct{ Person string }
	b.post("/api/enter/finish", fields{"id": c.ID, "answer": secret[:]}).into(b.t, &me)
	if me.Person != b.person {
		b.t.Fatal("somebody else is signed in")
	}
}

// invited gives the word of a link for somebody.
func (h *hall) invited(e ticket.Entry) string {
	h.t.Helper()
	e.Status = ticket.StatusConfirmed
	return must(h.registry.Invite(h.t.Context(), e, "en", false))
}

// sign lets the coordinator sign what waits.
func (h *hall) sign(revoke ...string) {
	h.t.Helper()
	ok(h.t, h.registry.Apply(h.t.Context(), h.signed(revoke...)))
}

func (h *hall) signed(revoke ...string) casework.Signed {
	h.t.Helper()
	p, err := h.registry.Propose(h.t.Context())
	ok(h.t, err)
	return must(casework.Sign(h.coordinator, p, revoke...))
}

// staff lets the usual people join at the desk, and signs them in.
func (h *hall) staff() map[string]*browser {
	h.t.Helper()
	out := map[string]*browser{}
	for _, e := range []ticket.Entry{
		{ID: "ana", Name: "Name of ana", Org: "relief", Role: ticket.FocalPoint, Backup: "bo"},
		{ID: "bea", Name: "Name of bea", Org: "health", Role: ticket.FocalPoint},
		{ID: "bo", Name: "Name of bo", Org: "relief", Role: ticket.Backup},
		{ID: "cora", Name: "Name of cora", Org: "agency", Role: ticket.Coordinator},
		{ID: "dina", Name: "Name of dina", Org: "health", Role: ticket.FocalPoint, Kinds: []ticket.Kind{ticket.Feedback}},
	} {
		b := h.browser()
		b.join(h.invited(e))
		out[e.ID] = b
	}
	h.sign()
	for _, b := range out {
		b.signIn()
	}
	return out
}

// files lets somebody file a report, and gives its receipt and its code.
func (h *hall) files(story string, voices ...bot.VoiceNote) (receipt, code string) {
	h.t.Helper()
	person, was := h.roots.Person("telegram", "7", "70000001")
	h.mu.Lock()
	h.update++
	mark, _ := h.roots.Mark("telegram", "7", h.update)
	h.mu.Unlock()
	turn := bot.Turn{Person: person, Was: was, Mark: mark, Address: "telegram:70000001", Lang: "en"}
	turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: bot.Facts{
		{Flow: "report", Step: "age", Lang: "en", Values: []string{"adult"}},
		{Flow: "report", Step: "matter", Lang: "en", Values: []string{"sexual"}},
		{Flow: "report", Step: "area", Lang: "en", Values: []string{"camp"}},
		{Flow: "report", Step: "consent_complaint", Lang: "en", Values: []string{"yes"}, Consent: true, Shown: "May this go to them?"},
		{Flow: "report", Step: "story", Lang: "en", Text: story, Voices: voices},
	}}
	done, err := h.registry.Commit(h.t.Context(), turn)
	ok(h.t, err)
	lines, err := h.registry.Inbox(h.t.Context(), "ana")
	ok(h.t, err)
	return done.Receipt, lines[len(lines)-1].Code
}

// opened is a report as the page in a browser has opened it.
type opened struct {
	packet seal.Packet
	body   *ticket.Body
	texts  []string
	voices []string // names
}

func (b *browser) open(code string) (o opened) {
	b.t.Helper()
	var out struct {
		Files []struct {
			Name  string
			Bytes []byte
		}
		Voices []struct{ Name string }
	}
	b.post("/api/report/"+code+"/open", struct{}{}).into(b.t, &out)
	for _, v := range out.Voices {
		o.voices = append(o.voices, v.Name)
	}
	for _, f := range out.Files {
		p, err := seal.OpenHandOut(f.Bytes, b.identity)
		ok(b.t, err)
		o.packet = p
		for _, item := range p.Thread {
			plain, err := seal.OpenMessage(item.File, b.identity)
			ok(b.t, err)
			in := must(ticket.DecodeInside(plain))
			switch {
			case in.Report != nil:
				o.body = in.Report
			case in.Reply != nil:
				o.texts = append(o.texts, in.Reply.Text)
			case in.Note != nil:
				o.texts = append(o.texts, in.Note.Text)
			}
		}
	}
	return o
}

// write makes the signed file of an answer, as the page does.
func (b *browser) write(o opened, text string, state ticket.State) []byte {
	b.t.Helper()
	h := seal.Header{Report: o.packet.Report, Kind: ticket.TypeReply, State: string(state), Nudge: o.body.Nudge}
	_, _ = rand.Read(h.Message[:])
	var keys []string
	for _, c := range o.packet.Cards {
		h.Readers, keys = append(h.Readers, seal.Reader{ID: c.ID, Key: c.Key}), append(keys, c.Key)
	}
	in := ticket.Inside{Reply: &ticket.Reply{ID: o.body.ID, Time: b.now().UTC(), Lang: "en", Role: ticket.FocalPoint, State: state, Text: text}}
	file := must(seal.Message(must(in.Encode()), keys, o.body.Mailbox, rand.Reader))
	return must(seal.SignAnswer(must(seal.ParseSeed(o.body.Seed)), h, file))
}

// mailbox gives what the holder of a receipt reads.
func (h *hall) mailbox(receipt string) bot.Mail {
	h.t.Helper()
	person, _ := h.roots.Person("telegram", "7", "70000001")
	mail, err := h.registry.Open(context.WithoutCancel(h.t.Context()), person, receipt)
	ok(h.t, err)
	return mail
}
