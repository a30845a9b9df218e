package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"time"

	"amana/bot/desk/ui"
)

// soonOver is how long before its end a certificate is warned of.
const soonOver = 14 * 24 * time.Hour

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
	pair, err := tls.LoadX509KeyPair(conf.near(c.TLS.Cert), conf.near(c.TLS.Key))
	if err != nil {
		say(failure, "desk.tls", "desk: the certificate cannot be read: "+err.Error(), "name the files of a certificate and its key, in PEM, which the user of `amana serve` can read")
		return found
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		say(failure, "desk.tls.cert", "desk: the certificate is damaged", "ask for it again where it was made")
		return found
	}
	if u, err := url.Parse(c.Address); err == nil && leaf.VerifyHostname(u.Hostname()) != nil {
		say(failure, "desk.tls.cert", fmt.Sprintf("desk: the certificate is not for %s: browsers will refuse it", u.Hostname()), "ask for one in that name, or correct the address")
	}
	switch left := time.Until(leaf.NotAfter); {
	case left <= 0:
		say(failure, "desk.tls.cert", "desk: the certificate has expired: browsers refuse it", "renew it; a running server reads it again by itself")
	case left < soonOver:
		say(warning, "desk.tls.cert", fmt.Sprintf("desk: the certificate ends on %s", leaf.NotAfter.Format(time.DateOnly)), "renew it; a running server reads it again by itself")
	}
	return found
}
