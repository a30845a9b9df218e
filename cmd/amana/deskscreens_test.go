package main

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	webdesk "amana/bot/desk"
	"amana/bot/desk/ui"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// deskCamp is an invented camp whose desk stands at a loopback address.
type deskCamp struct {
	*testing.T
	*camp
	server *httptest.Server
	desk   atomic.Pointer[webdesk.Desk]
	mu     sync.Mutex
	update int64
}

// restarts puts the desk of another process in the place of the one that was: it knows nobody who has signed in.
func (d *deskCamp) restarts() {
	d.desk.Store(d.newDesk(deskOptions{address: "http://" + d.server.Listener.Addr().String()}))
}

const deskPassphrase = "four words that stay here"

// newDeskCamp makes a camp with a desk. Whoever is named joins at the desk, and not with the others.
func newDeskCamp(t *testing.T, lang string, atDesk ...string) *deskCamp {
	t.Helper()
	if !ui.Built() {
		t.Fatal("the pages are not built, and this test looks at them: run `npm ci && npm run build` in bot/desk/ui, or `make build`")
	}
	c, err := newCamp(t.Context(), campOptions{
		profile: "example", lang: lang, kiln: seal.QuickKiln(), rand: rand.Reader,
		now:   func() time.Time { return time.Now().Add(-32 * time.Hour) }, // so that something can be late when time has passed
		joins: func(e ticket.Entry) bool { return !strings.Contains(","+strings.Join(atDesk, ",")+",", ","+e.ID+",") },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	d := &deskCamp{T: t, camp: c}
	d.server = httptest.NewUnstartedServer(nil)
	d.restarts()
	d.server.Config.Handler = quickly(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.desk.Load().ServeHTTP(w, r) }))
	d.server.Start()
	t.Cleanup(d.server.Close)
	return d
}

// invites gives the link for somebody of the invented people.
func (d *deskCamp) invites(id string) string {
	d.Helper()
	for _, e := range invented(d.profile) {
		if e.ID == id {
			word, err := d.registry.Invite(d.Context(), e, d.lang, false)
			if err != nil {
				d.Fatal(err)
			}
			return d.server.URL + "/#/join/" + word
		}
	}
	d.Fatalf("there is nobody called %s", id)
	return ""
}

// kept is what a browser keeps of somebody who has joined in it.
type kept struct {
	Person  string `json:"person"`
	Device  string `json:"device"`
	Browser string `json:"browser"`
	device  seal.DeviceKey
}

// joins lets somebody join as the page does, with a key that opens quickly, and gives what their browser keeps.
func (d *deskCamp) joins(id string) kept {
	d.Helper()
	link := d.invites(id)
	_, word, _ := strings.Cut(link, "#/join/")
	key, err := seal.NewIdentity(rand.Reader)
	if err != nil {
		d.Fatal(err)
	}
	device, err := seal.NewDeviceKey(rand.Reader)
	if err != nil {
		d.Fatal(err)
	}
	wrapped, err := seal.Wrap(key, deskPassphrase, device, 10)
	if err != nil {
		d.Fatal(err)
	}
	file, err := seal.Enrolment{Public: key.Public(), Wrapped: wrapped}.Encode()
	if err != nil {
		d.Fatal(err)
	}
	b := casework.Browser{Proof: device.Proof()}
	_, _ = rand.Read(b.Secret[:])
	person, _, err := d.registry.EnrolAtDesk(d.Context(), word, file, b)
	if err != nil {
		d.Fatal(err)
	}
	d.people[id] = key
	return kept{
		Person: person, Device: base64.StdEncoding.EncodeToString(device.Reveal()), Browser: base64.StdEncoding.EncodeToString(b.Secret[:]), device: device,
	}
}

// signs lets the coordinator sign what waits.
func (d *deskCamp) signs() {
	d.Helper()
	p, err := d.registry.Propose(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	signed, err := casework.Sign(d.coordinator, p)
	if err == nil {
		err = d.registry.Apply(d.Context(), signed)
	}
	if err != nil {
		d.Fatal(err)
	}
}

// files lets somebody send a report, and gives its receipt.
func (d *deskCamp) files(lang, story string, facts ...bot.Fact) string {
	d.Helper()
	return d.filesFlow("report", "sea", lang, story, facts...)
}

func (d *deskCamp) filesFlow(flow, kind, lang, story string, facts ...bot.Fact) string {
	d.Helper()
	n := d.next()
	return d.filesAs(70_000_000+n, n, flow, kind, lang, story, facts...)
}

// next numbers an update.
func (d *deskCamp) next() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.update++
	return d.update
}

// floods lets one person send reports one after the other.
func (d *deskCamp) floods(many int, story string, facts ...bot.Fact) {
	d.Helper()
	for range many {
		d.filesAs(80_000_000, d.next(), "report", "sea", "en", story, facts...)
	}
}

// filesAs sends a report from one chat, with the number of an update.
func (d *deskCamp) filesAs(chat, n int64, flow, kind, lang, story string, facts ...bot.Fact) string {
	d.Helper()
	person, was := d.roots.Person("telegram", "7", fmt.Sprint(chat))
	mark, _ := d.roots.Mark("telegram", "7", n)
	turn := bot.Turn{Person: person, Was: was, Mark: mark, Address: bot.Address(fmt.Sprint("telegram:", chat)), Lang: lang}
	all := append(slices.Clone(facts), bot.Fact{Step: "story", Text: story})
	for i := range all {
		all[i].Flow, all[i].Lang = flow, cmp.Or(all[i].Lang, lang)
	}
	turn.Filing = &bot.Filing{Flow: flow, Kind: kind, Lang: lang, Facts: all}
	done, err := d.registry.Commit(d.Context(), turn)
	if err != nil {
		d.Fatal(err)
	}
	return done.Receipt
}

// enters opens the desk in a browser in which somebody has joined, and signs them in.
func (d *deskCamp) enters(b *tab, k kept) {
	d.Helper()
	b.open(d.server.URL + "/")
	raw, _ := json.Marshal(k)
	evaluate[any](b, fmt.Sprintf("localStorage.setItem('amana-desk', %q)", raw))
	b.reload()
	b.fill(d.words("desk.pass"), deskPassphrase)
	b.click("button", d.words("desk.in.do"))
	b.seeRole("heading", d.words("desk.nav.reports"))
}

func (d *deskCamp) words(key string, given ...speech.Args) string {
	d.Helper()
	args := speech.Args{}
	for _, one := range given {
		maps.Copy(args, one)
	}
	text, err := d.book.Text(d.lang, key, args)
	if err != nil {
		d.Fatal(err)
	}
	return text
}

func chosen(step string, values ...string) bot.Fact { return bot.Fact{Step: step, Values: values} }

func agreed(step, shown string, yes bool) bot.Fact {
	value := "no"
	if yes {
		value = "yes"
	}
	return bot.Fact{Step: step, Values: []string{value}, Consent: true, Shown: shown}
}
