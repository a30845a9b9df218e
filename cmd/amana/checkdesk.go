package main

import (
	"net/url"

	"amana/bot/desk/ui"
)

// checkDesk looks at what the desk stands on.
func checkDesk(conf *config) (found []finding) {
	c := conf.Desk
	if !c.on() {
		return nil
	}
	say := func(l level, setting, what, hint string) {
		found = append(found, finding{l, conf.at(setting), what, hint})
	}
	if !ui.Built() {
		say(failure, "desk", "desk: the pages of the desk are not in this program: whoever comes sees a note in their place", "use a released program, or build one with `make build`, which needs npm")
	}
	if !c.secure() {
		say(warning, "desk.address", "desk: the address is plain http: it serves for trying the desk on this machine, and nobody else can come", "address: https://…")
	}
	if c.TLS.Cert == "" {
		return found
	}
	var host string
	if u, err := url.Parse(c.Address); err == nil {
		host = u.Hostname()
	}
	return append(found, checkCertificate(conf, "desk", conf.near(c.TLS.Cert), conf.near(c.TLS.Key), host)...)
}
