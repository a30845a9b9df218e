package main

import (
	"fmt"
	"net/url"
)

// webConfig says where the chat page is served. Without listen there is none.
type webConfig struct {
	Listen string `yaml:"listen"`
	TLS    struct {
		Cert string `yaml:"cert"`
		Key  string `yaml:"key"`
	} `yaml:"tls"`
	Leave string `yaml:"leave"`
}

// on says that the configuration has a chat page.
func (c *webConfig) on() bool { return c.Listen != "" }

// check says what cannot work.
func (c *webConfig) check() (bad []string) {
	if *c == (webConfig{}) {
		return nil
	}
	switch {
	case c.Listen == "":
		bad = append(bad, "web: listen is missing; write for example listen: 127.0.0.1:8082, or take web out to have no chat page")
	case (c.TLS.Cert == "") != (c.TLS.Key == ""):
		bad = append(bad, "web: tls needs both cert: and key:; take both out where a web server in front ends TLS")
	case c.TLS.Cert == "":
		if err := loopback(c.Listen); err != nil {
			bad = append(bad, fmt.Sprintf("web: %v: without TLS the network would read what people write. A web server on this machine ends TLS and passes on there what comes, an onion service too; or name a certificate under tls:", err))
		}
	}
	if u, err := url.Parse(c.Leave); c.Leave != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
		bad = append(bad, "web: leave must be an address like https://weather.example.org, of a page that surprises nobody; take it out to leave for the harmless page that comes along")
	}
	return bad
}

// checkPage looks at what the chat page needs beside the configuration.
func checkPage(conf *config) (found []finding) {
	c := conf.Web
	if !c.on() {
		return nil
	}
	at := conf.at("web")
	if c.TLS.Cert == "" {
		found = append(found, finding{remark, at, "the chat page is served without TLS, for what stands in front of it", "that web server must pass on the header Host and every path, keep no log of addresses for it, and not keep what is sent through it on its disk"})
	} else {
		found = checkCertificate(conf, "web", c.TLS.Cert, c.TLS.Key, "")
	}
	if c.Leave != "" {
		found = append(found, finding{remark, at, "whoever hides goes to " + c.Leave + ": that page is told when, and the network sees it", "take leave: out, and the harmless page of the program is shown instead"})
	}
	return found
}
