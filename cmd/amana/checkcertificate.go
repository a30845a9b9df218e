package main

import (
	"fmt"
	"time"
)

// soonOver is how long before its end a certificate is warned of.
const soonOver = 14 * 24 * time.Hour

// checkCertificate looks at the certificate of what a setting serves to browsers, as the running program would read it. A host
// is the name under which they come; "" if the configuration does not know it.
func checkCertificate(conf *config, setting, cert, key, host string) []finding {
	of := func(l level, what, hint string) []finding {
		return []finding{{l, conf.at(setting + ".tls"), setting + ": " + what, hint}}
	}
	const renew = "renew it; a running server reads it again by itself"
	pair, err := (&certificate{cert: cert, key: key}).get(nil)
	if err != nil {
		return of(failure, err.Error(), "until then nothing is served there; the user of `amana serve` must be able to read both files")
	}
	if pair.Leaf == nil {
		return of(failure, "the certificate is damaged", "ask for it again where it was made")
	}
	var found []finding
	if host != "" && pair.Leaf.VerifyHostname(host) != nil {
		found = of(failure, fmt.Sprintf("the certificate is not for %s: browsers will refuse it", host), "ask for one in that name, or correct the address")
	}
	switch left := time.Until(pair.Leaf.NotAfter); {
	case left <= 0:
		found = append(found, of(failure, "the certificate has expired: browsers refuse it", renew)...)
	case left < soonOver:
		found = append(found, of(warning, "the certificate ends on "+pair.Leaf.NotAfter.UTC().Format(time.DateOnly), renew)...)
	}
	return found
}
