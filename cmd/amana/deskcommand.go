package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"amana/bot/desk/ui"
	"amana/bot/seal"
)

// deskPort is where the desk of this machine lies if nobody says otherwise. It is always the same, since a browser keeps the
// device key under it.
const deskPort = "127.0.0.1:8442"

const deskAbout = `Serves the pages of the desk from your own machine, so that no server can change them, and prints their address
alone on standard output. The address works once: open it in your browser, and keep this program running.
With -server it passes on to the server of your mission what the pages ask; without, the pages open sealed
files that you bring. It believes the coordinator's key that is pinned on this machine alone: the first time,
give it with -coordinator, and compare the digits with the coordinator by voice.`

func runDesk(ctx context.Context, c *call) error {
	var dir, server, listen, coordinator, mapping, profile string
	args, err := c.flags("desk", "", deskAbout, func(f *flag.FlagSet) {
		dirFlag(&dir)(f)
		f.StringVar(&server, "server", "", "the address of the desk of your mission, such as https://desk.example.org")
		f.StringVar(&listen, "listen", deskPort, "where the pages are served; a browser finds your device key only under the same address again")
		f.StringVar(&mapping, "primero", "", "the mapping by which reports can be handed to a Primero from here; see amana open -h")
		f.StringVar(&profile, "profile", "", "the mission's profile, with which the mapping is compared; left out: profile.yaml in your folder")
		f.StringVar(&coordinator, "coordinator", "", "the coordinator's public key (amana-coordinator1…), or a file with it")
	})
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return usagef("desk: it takes flags only, not %q", args[0])
	}
	if err := loopback(listen); err != nil {
		return usagef("desk: -%v", err) // it begins with "listen:"
	}
	if server != "" {
		if err := deskAddress(server); err != nil {
			return usagef("desk: -server: the %v", err)
		}
	}
	w, err := openWallet(dir)
	if err != nil {
		return err
	}
	pin, err := pinnedFor(c, w, coordinator)
	if err != nil {
		return err
	}
	if !ui.Built() {
		return errors.New("the pages of the desk are not in this program: use a released one, or build one with `make build`, which needs npm")
	}
	l, err := newLocalDesk(w, pin, server, http.DefaultTransport)
	if err != nil {
		return err
	}
	if l.primero, err = newLocalPrimero(c, w, mapping, profile); err != nil {
		return err
	}
	return l.run(ctx, c, listen)
}

// pinnedFor gives the coordinator's key that this machine believes, which a flag may bring the first time.
func pinnedFor(c *call, w wallet, given string) (string, error) {
	if given != "" {
		if data, err := os.ReadFile(given); err == nil {
			given = strings.TrimSpace(string(data))
		}
		if err := seal.CheckCoordinator(given); err != nil {
			return "", usagef("desk: -coordinator is neither a coordinator's public key (amana-coordinator1…) nor a file with one")
		}
		if err := w.pin(given); err != nil {
			return "", err
		}
	}
	pin, err := w.pinned()
	if err != nil {
		return "", err
	}
	if pin == "" {
		return "", usagef("desk: no coordinator's key is pinned on this machine: give it with -coordinator, and compare the digits that are shown with the coordinator by voice")
	}
	fmt.Fprintf(c.stderr, "the coordinator's key that this machine believes: %s\n", seal.Fingerprint(pin))
	return pin, nil
}

// newLocalDesk puts a desk together for this machine.
func newLocalDesk(w wallet, pin, server string, transport http.RoundTripper) (*localDesk, error) {
	book, err := readWords()
	if err != nil {
		return nil, err
	}
	l := &localDesk{book: book, pin: pin, pages: ui.Pages(), stand: ui.Placeholder()}
	if l.words, l.langs, err = localWords(book); err != nil {
		return nil, err
	}
	if w.has(identityFile) {
		if l.wrapped, err = w.read(identityFile, makeKeysRemedy); err != nil {
			return nil, err
		}
	}
	if server == "" {
		return l, nil
	}
	to, err := url.Parse(strings.TrimSuffix(server, "/"))
	if err != nil {
		return nil, usagef("desk: -server is not an address")
	}
	l.remote, err = newRemoteDesk(to, transport)
	return l, err
}

// run serves until it is told to stop.
func (l *localDesk) run(ctx context.Context, c *call, listen string) error {
	at, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("opening %s: %w; -listen names another", listen, err)
	}
	_, port, err := net.SplitHostPort(at.Addr().String())
	if err != nil {
		return err
	}
	l.hosts = []string{at.Addr().String(), "localhost:" + port}
	word := l.newStart()
	server := deskServer(l.handler())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(at) }()
	fmt.Fprintf(c.stdout, "http://%s/#/start/%s\n", at.Addr(), word)
	fmt.Fprintln(c.stderr, "open this address in your browser; Ctrl-C ends it")
	select {
	case err := <-ended:
		return fmt.Errorf("serving the desk: %w", err)
	case <-ctx.Done():
	}
	last, done := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer done()
	if server.Shutdown(last) != nil {
		server.Close()
	}
	return nil
}
