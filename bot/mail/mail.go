package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"amana/bot"
)

// Options is what a door needs.
type Options struct {
	Host     string // of the server
	Port     int    // 465 or 587 if zero, by Implicit
	Implicit bool   // TLS from the first byte; else STARTTLS, without which nothing is said
	CA       *x509.CertPool
	From     string // a plain address, checked by CheckAddress
	User     string // empty: the server is told no name and no password
	Password string

	// Say gives a text in a language: "mail.subject" or "mail.footer".
	Say func(lang, key string) string
	// Timeout bounds the connecting and, anew, the sending, for which a file gets more by its size; 20 s if zero.
	Timeout time.Duration
	Now     func() time.Time
}

const (
	portImplicit = 465
	portStart    = 587
	usualTimeout = 20 * time.Second
	slowest      = 12 << 10    // bytes of a file a second: a line that is slower carries the notice without it, if at all
	parting      = time.Second // how long a server is waited for that has nothing more to say
)

// Door sends mails. It is safe for use by many goroutines.
type Door struct {
	Options
	domain string // of the sender: it stands where others would see the name of this machine
}

// New makes a door. It connects to nothing.
func New(o Options) (*Door, error) {
	from, err := CheckAddress(o.From)
	if err != nil {
		return nil, err
	}
	if o.Host == "" {
		return nil, errors.New("no server is named")
	}
	if o.User == "" && o.Password != "" {
		return nil, errors.New("there is a password and no user")
	}
	o.From = from
	if o.Port == 0 {
		o.Port = portStart
		if o.Implicit {
			o.Port = portImplicit
		}
	}
	if o.Timeout == 0 {
		o.Timeout = usualTimeout
	}
	_, domain, _ := strings.Cut(from, "@")
	return &Door{Options: o, domain: domain}, nil
}

// Notify sends one notice, and gives nil only when the server has taken it. Errors are those of this room: ErrGone says
// that no later try can succeed.
func (d *Door) Notify(ctx context.Context, n bot.Notice, words bot.Outgoing) error {
	to, err := CheckAddress(strings.TrimPrefix(n.Address.Reveal(), Scheme))
	if err != nil || !Is(n.Address) {
		return ErrGone // nothing was ever proved under such an address
	}
	err = d.send(ctx, to, n, words)
	if errors.Is(err, ErrRefused) && n.File != nil {
		n.File = nil
		err = d.send(ctx, to, n, words)
	}
	return err
}

// send carries one mail over a connection of its own.
func (d *Door) send(ctx context.Context, to string, n bot.Notice, words bot.Outgoing) error {
	file := content(n.File)
	msg, err := d.letter(to, n, words, file)
	if err != nil {
		return err
	}
	var line net.Conn
	client, err := d.client(&line, d.Timeout+time.Duration(len(file))*time.Second/slowest)
	if err != nil {
		return err
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if line != nil {
		defer line.Close()
		// The library ends a sending by time alone; whoever stops the program waits for no server.
		defer context.AfterFunc(ctx, func() { line.Close() })()
	}
	if err != nil {
		return judge(ctx, err)
	}
	if err := ctx.Err(); err != nil { // a process that was paused since it began finds its notice with another one
		return err
	}
	err = client.SendWithSMTPClient(conn, msg)
	if conn.UpdateDeadline(parting) == nil {
		_ = conn.Quit()
	}
	if msg.IsDelivered() { // what went wrong afterwards is no reason to send it again
		return nil
	}
	return judge(ctx, err)
}

// client makes what speaks to the server. The connection that it opens is noted in line, since the library leaves open
// what failed before somebody was signed in.
func (d *Door) client(line *net.Conn, patience time.Duration) (*gomail.Client, error) {
	conf := &tls.Config{ServerName: d.Host, MinVersion: tls.VersionTLS12, RootCAs: d.CA}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		*line = conn
		if !d.Implicit {
			return conn, nil
		}
		secure := tls.Client(conn, conf)
		return secure, secure.HandshakeContext(ctx)
	}
	options := []gomail.Option{
		gomail.WithPort(d.Port), gomail.WithTimeout(patience), gomail.WithHELO(d.domain), gomail.WithTLSConfig(conf),
		gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithDialContextFunc(dial), gomail.WithoutSMTPUTF8(),
		gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if d.Implicit {
		options = append(options, gomail.WithSSL())
	}
	if d.User != "" {
		options = append(options, gomail.WithUsername(d.User), gomail.WithPassword(d.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(d.Host, options...)
	if err != nil {
		return nil, errSettings
	}
	return client, nil
}
