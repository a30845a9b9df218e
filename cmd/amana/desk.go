package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/casework"
	webdesk "amana/bot/desk"
	"amana/bot/desk/ui"
	"amana/bot/mail"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// deskConfig says where focal points reach their desk. Without an address there is none.
type deskConfig struct {
	Listen  string `yaml:"listen"`
	Address string `yaml:"address"` // the public one, which stands in links
	TLS     struct {
		Cert string `yaml:"cert"`
		Key  string `yaml:"key"`
	} `yaml:"tls"`
	Idle duration `yaml:"idle"`
}

// on says that the mission has a desk.
func (c *deskConfig) on() bool { return c.Address != "" || c.Listen != "" }

// secure says that browsers reach the desk by https alone.
func (c *deskConfig) secure() bool { return strings.HasPrefix(c.Address, "https://") }

// check says what cannot work.
func (c *deskConfig) check() (bad []string) {
	if !c.on() {
		if c.TLS.Cert != "" || c.TLS.Key != "" || c.Idle.set {
			bad = append(bad, "desk: address and listen are missing; add listen: 127.0.0.1:8443 and address: https://desk.example.org, or take desk out")
		}
		return bad
	}
	if err := deskAddress(c.Address); err != nil {
		bad = append(bad, "desk: "+err.Error())
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		bad = append(bad, "desk: tls needs both files, cert and key; or leave tls out and let a web server on this machine end TLS")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		bad = append(bad, fmt.Sprintf("desk: listen %q is not an address like 127.0.0.1:8443", c.Listen))
	} else if err := loopback(c.Listen); err != nil && c.TLS.Cert == "" {
		bad = append(bad, fmt.Sprintf("desk: %v; plain http stays on this machine, where a web server ends TLS and passes on what comes with its Host as it is; or name a certificate under tls: {cert: …, key: …}", err))
	}
	if c.TLS.Cert != "" && c.Address != "" && !c.secure() {
		bad = append(bad, "desk: with a certificate the address begins with https://")
	}
	if c.Idle.set && (c.Idle.Duration < time.Minute || c.Idle.Duration > 2*time.Hour) {
		bad = append(bad, "desk: idle lies between 1m and 2h: after that time a desk that nobody touches is closed")
	}
	return bad
}

// deskAddress refuses an address that browsers could not go to, or would go to in clear.
func deskAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("address must be one like https://desk.example.org, with nothing behind the name: links begin with it, and the page lies at its root")
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return errors.New("address must begin with https://: beyond this machine nobody signs in over plain http")
	}
	return nil
}

// isLoopback says that a host name means this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// deskOptions are what differs between a served desk and one that is shown.
type deskOptions struct {
	address   string // public
	frameSelf bool   // a page of the same origin shows it in a frame
	demo      bool
	idle      time.Duration
	patience  time.Duration // zero: the usual one
	log       *slog.Logger
	now       func() time.Time // nil: the clock of the house
}

// newDesk wires the desk. It is an http.Handler for the root of a listener of its own.
func (h *house) newDesk(o deskOptions) *webdesk.Desk {
	coordinator, _ := h.keys.Coordinator()
	if o.now == nil {
		o.now = h.now
	}
	var letters func(string) (bot.Address, error)
	if h.config.Mail.on() {
		letters = func(address string) (bot.Address, error) { return h.config.way(mail.Scheme + address) }
	}
	return webdesk.New(webdesk.Options{
		Registry: h.registry, Book: h.book, Offered: h.offered, Labels: h.wording.labels(), Lists: h.profile.listsIn, Zone: h.config.zone(),
		Place: webdesk.Place{Name: h.profile.Title, Coordinator: coordinator, Demo: o.demo, Version: version, Promised: h.profile.promised(), Values: h.profile.values()},
		Pages: ui.Pages(), Placeholder: ui.Placeholder(),
		Address: o.address, Secure: strings.HasPrefix(o.address, "https://"), FrameSelf: o.frameSelf,
		Entry: h.guestEntry, Mail: letters, Propose: h.propose, Idle: o.idle, Patience: o.patience, MaxAnswer: seal.MaxAnswer(), Now: o.now, Log: o.log,
		Services: deskServices{h}, Gaps: h.deskGaps,
	})
}

// promised gives within how many hours a report is to be opened, for each urgency.
func (p *profile) promised() map[string]int {
	c := p.clock()
	hours := func(t ticket.Terms) int { return int(t.Acknowledge / time.Hour) }
	return map[string]int{string(ticket.Urgent): hours(c.Urgent), string(ticket.Normal): hours(c.Normal)}
}

// propose gives what waits for the coordinator, with the recovery keys of the configuration.
func (h *house) propose(ctx context.Context) (casework.Proposal, error) {
	p, err := h.registry.Propose(ctx)
	if err != nil {
		return p, err
	}
	for _, e := range h.config.recovery() {
		if known, ok := p.Roster.Find(e.ID); !ok || known.Key != e.Key {
			p.Pending = append(p.Pending, e)
		}
	}
	return p, nil
}

// reportLink gives where a report lies at the desk, if notices are to say that. It signs nobody in, and tells whoever sees it
// no more than the code beside it.
func (h *house) reportLink() func(code string) string {
	if !h.config.Notices.Link {
		return nil
	}
	return func(code string) string { return strings.TrimSuffix(h.config.Desk.Address, "/") + "/#/report/" + code }
}

// guestEntry completes the entry with which the coordinator invites somebody, by the rules of `amana invite`.
func (h *house) guestEntry(e ticket.Entry) (ticket.Entry, error) {
	if e.ID == "" {
		e.ID = idFrom(e.Name)
	}
	return e, checkEntry(e, h.profile)
}

// labels gives the keys by which questions and answers of reports are named: the short names of questions, and their choices.
func (w *wording) labels() (keys []string) {
	steps := map[string]bool{}
	for _, f := range w.flows {
		for _, step := range f.Steps() {
			steps[f.Name+"."+step] = true
		}
	}
	for _, key := range w.book.Keys() {
		cut := strings.LastIndexByte(key, '.')
		if cut < 0 || !steps[key[:cut]] {
			continue
		}
		switch key[cut+1:] {
		case "hint", "error", "also":
		default:
			keys = append(keys, key)
		}
	}
	return keys
}

// listsIn gives the names of the mission's lists in a language; what has none in it, in the first that has.
func (p *profile) listsIn(lang string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for name, items := range map[string][]item{"organisations": p.Organisations, "areas": p.Areas, "roles": p.Roles} {
		out[name] = map[string]string{}
		for _, i := range items {
			out[name][i.Name] = i.Label[lang]
			for _, other := range p.Languages {
				if out[name][i.Name] == "" {
					out[name][i.Name] = i.Label[other]
				}
			}
		}
	}
	return out
}

// desked is the desk at its listener.
type desked struct {
	browserSide
	desk *webdesk.Desk
}

// listenDesk opens the desk's listener; nil where the mission has no desk.
func listenDesk(h *house, log *slog.Logger) (*desked, error) {
	c := h.config.Desk
	if !c.on() {
		return nil, nil
	}
	d := &desked{desk: h.newDesk(deskOptions{address: c.Address, idle: c.Idle.Duration, log: log})}
	d.server, d.last = deskServer(d.desk), 2*time.Second
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("opening the listener of the desk: %w", err)
	}
	if c.TLS.Cert != "" {
		if err := d.keyed(h.config.near(c.TLS.Cert), h.config.near(c.TLS.Key)); err != nil {
			l.Close()
			return nil, errConfig{fmt.Sprintf("%s: desk: %v", h.config.at("desk.tls"), err)}
		}
	}
	go d.serve(l)
	return d, nil
}

// deskServer bounds what one visitor can hold up.
func deskServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: stdlog.New(io.Discard, "", 0), // it would tell who came
	}
}

// close ends it; there may be none.
func (d *desked) close() {
	if d != nil {
		d.browserSide.close()
	}
}
