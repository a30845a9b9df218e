package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"amana/bot/mail"
	"amana/bot/webhook"
)

// mailConfig says through which server notices go out as mails. Without host none do.
type mailConfig struct {
	Host     string `yaml:"host"`
	Port     int    `yaml:"port"`
	TLS      string `yaml:"tls"` // starttls or implicit
	CA       string `yaml:"ca"`
	From     string `yaml:"from"`
	User     string `yaml:"user"`
	Password string `yaml:"password_file"`
}

// webhookConfig is one place that notices are posted to.
type webhookConfig struct {
	URL    string `yaml:"url"`
	Secret string `yaml:"secret_file"`
	CA     string `yaml:"ca"`
}

// Where secrets stand that are in no file.
const (
	mailSecret  = "AMANA_MAIL_PASSWORD"
	hookSecret  = "AMANA_WEBHOOK_"
	startTLS    = "starttls"
	implicitTLS = "implicit"

	portImplicit = 465
)

func (c *mailConfig) on() bool { return c.Host != "" }

// implicit says that the server speaks TLS from the first byte: where it is not said, by its port.
func (c *mailConfig) implicit() bool {
	return c.TLS == implicitTLS || c.TLS == "" && c.Port == portImplicit
}

// check says what cannot work.
func (c *mailConfig) check() (bad []string) {
	if *c == (mailConfig{}) {
		return nil
	}
	if c.Host == "" {
		bad = append(bad, "mail: host is missing; write for example host: mail.example.org, or take mail out to send no mails")
	}
	if _, err := mail.CheckAddress(c.From); err != nil {
		bad = append(bad, fmt.Sprintf("mail: from: %v; best a mailbox that throws away what comes", err))
	}
	if c.TLS != "" && c.TLS != startTLS && c.TLS != implicitTLS {
		bad = append(bad, fmt.Sprintf("mail: tls is %s, usually at port 587, or %s, usually at 465; without TLS nothing is sent", startTLS, implicitTLS))
	}
	if c.Port < 0 || c.Port > 65535 {
		bad = append(bad, fmt.Sprintf("mail: port %d is none; take it out for the usual one", c.Port))
	}
	if c.User == "" && c.Password != "" {
		bad = append(bad, "mail: there is a password_file and no user; write user: with the name that the mail server knows")
	}
	return bad
}

var hookName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)

// checkHooks says what cannot work, by the setting that it stands in.
func checkHooks(hooks map[string]webhookConfig) map[string]string {
	bad := map[string]string{}
	for name, h := range hooks {
		at := "webhooks." + name
		if !hookName.MatchString(name) {
			bad[at] = fmt.Sprintf("webhooks: %q is no name: it begins with a letter, and holds small letters, digits and _", name)
		} else if err := webhook.CheckURL(h.URL); err != nil {
			bad[at] = fmt.Sprintf("webhooks: %s: url: %v", name, err)
		}
	}
	return bad
}

// postFiles gives the names of files in these settings, to be meant from the configuration's folder.
func (c *config) postFiles(near func(string) string) {
	for _, name := range []*string{&c.Mail.CA, &c.Mail.Password} {
		if *name != "" {
			*name = near(*name)
		}
	}
	for name, h := range c.Webhooks {
		if h.Secret != "" {
			h.Secret = near(h.Secret)
		}
		if h.CA != "" {
			h.CA = near(h.CA)
		}
		c.Webhooks[name] = h
	}
}

// errNoSecret says that a secret is neither in a file, nor in the environment, nor a credential.
var errNoSecret = errors.New("it is nowhere")

// secretIn reads a secret that stands in a file or, where none is named, where all secrets may stand.
func secretIn(file, variable string, env func(string) string) (string, error) {
	if file == "" {
		text, err := secret(env, variable)
		if text == "" && err == nil {
			err = errNoSecret
		}
		return text, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: %w", file, errors.Unwrap(err))
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

// authorities reads the certificates of a mission's own authority; with no file, nil stands for those of this machine.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", file, errors.Unwrap(err))
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return pool, nil
}

// mailDoor opens the door for mails; nil if there is none.
func (h *house) mailDoor(env func(string) string) (*mail.Door, error) {
	c := h.config.Mail
	if !c.on() {
		return nil, nil
	}
	ca, err := authorities(c.CA)
	if err != nil {
		return nil, errConfig{h.config.at("mail.ca") + ": mail: ca: " + err.Error()}
	}
	password := ""
	if c.User != "" {
		if password, err = secretIn(c.Password, mailSecret, env); err != nil {
			return nil, errConfig{h.config.at("mail.user") + ": mail: the password of the user: " + err.Error() + "; put it into a file that only the user of `amana serve` can read and name that as password_file:, or into " + mailSecret}
		}
	}
	d, err := mail.New(mail.Options{
		Host: c.Host, Port: c.Port, Implicit: c.implicit(), CA: ca, From: c.From, User: c.User, Password: password,
		Say: h.mailWords, Now: h.now,
	})
	if err != nil {
		return nil, errConfig{h.config.at("mail") + ": mail: " + err.Error()}
	}
	return d, nil
}

// hookDoor opens the door for webhooks; nil if there is none.
func (h *house) hookDoor(env func(string) string) (*webhook.Door, error) {
	if len(h.config.Webhooks) == 0 {
		return nil, nil
	}
	o := webhook.Options{Now: h.now}
	for _, name := range slices.Sorted(maps.Keys(h.config.Webhooks)) {
		c := h.config.Webhooks[name]
		p, err := c.place(name, env)
		if err != nil {
			return nil, errConfig{fmt.Sprintf("%s: webhooks: %s: %v", h.config.at("webhooks."+name), name, err)}
		}
		o.Places = append(o.Places, p)
	}
	return webhook.New(o)
}

// hookVariable names where the secret of a webhook stands that is in no file.
func hookVariable(name string) string { return hookSecret + strings.ToUpper(name) }

// place reads what one webhook needs.
func (c webhookConfig) place(name string, env func(string) string) (p webhook.Place, err error) {
	p = webhook.Place{Name: name, URL: c.URL}
	variable := hookVariable(name)
	text, err := secretIn(c.Secret, variable, env)
	if errors.Is(err, errNoSecret) {
		return p, fmt.Errorf("the secret is missing: make one with `openssl rand -base64 32`, put whsec_ before it, and name its file as secret_file:, or set %s", variable)
	}
	if err != nil {
		return p, err
	}
	if p.Secrets, err = webhook.ParseSecrets(text); err != nil {
		return p, fmt.Errorf("%w; a secret is whsec_ and base64, and up to %d of them, the newest first, stand a line each", err, webhook.MostSecrets)
	}
	p.CA, err = authorities(c.CA)
	return p, err
}
