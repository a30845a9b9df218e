package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"amana/bot/desk/ui"
)

// stage is a showing in one page: on the left a person's phone, on the right the desk of a focal point, and a second tab
// that tells what the server had in its hands at each moment. It has keys of everybody, as only an invented camp may.
type stage struct {
	*call
	camping campOptions
	host    string // which a browser must have asked for

	mu   sync.RWMutex // held for reading while a request is answered; for writing while time passes or all begins anew
	play *play
}

// play is one camp on the stage, from its beginning until somebody starts anew.
type play struct {
	*camp
	sides
	mu      sync.Mutex // held while somebody looks what came of a request
	witness *witness
	receipt string              // the latest
	keys    map[string]demoSeat // of those who have sat at the desk
}

// sides are the two pages that are shown beside each other.
type sides struct {
	phone http.Handler
	desk  http.Handler
}

// showPage serves the page until ctx ends or the terminal is closed, and prints its address alone on one line.
func showPage(ctx context.Context, c *call, o campOptions, listen string) (err error) {
	if err := loopback(listen); err != nil {
		return usagef("demo: -%v", err)
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("opening the demonstration: %w", err)
	}
	defer l.Close()
	s := &stage{call: c, camping: o, host: l.Addr().String()}
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.play.Close()) }()
	fmt.Fprintf(c.stdout, "\nAmana, shown in your browser: the phone of a person, and the desk of the focal point who reads their report.\nAn invented camp and invented people. Nothing leaves this machine, and when you leave, it is gone.\n\n    http://%s/\n\n", s.host)
	if !ui.Built() {
		fmt.Fprint(c.stdout, "The pages of the desk are not in this program: run `make demo`, which builds them (it needs Node).\nThe phone works without them.\n\n")
	}
	fmt.Fprint(c.stdout, "Ctrl-C or Ctrl-D ends it.\n")
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if _, typed := c.onTerminal(); typed {
		signal.Ignore(syscall.SIGTTIN) // in the background there is nobody to read from
		go func() {
			if _, err := io.Copy(io.Discard, c.stdin); err == nil {
				stop()
			}
		}()
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("showing the demonstration: %w", err)
	case <-ctx.Done():
	}
	out, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	if server.Shutdown(out) != nil {
		server.Close()
	}
	<-served
	return nil
}

// begin puts a new camp on the stage, in place of the one before.
func (s *stage) begin(ctx context.Context) error {
	o := s.camping
	if o.now == nil {
		o.now = time.Now
	}
	if o.rand == nil {
		o.rand = rand.Reader
	}
	c, err := newCamp(ctx, o)
	if err != nil {
		return err
	}
	p := &play{camp: c, keys: map[string]demoSeat{}}
	if p.sides, err = newSides(p, s.host); err == nil {
		p.witness, err = newWitness(ctx, c)
	}
	if err != nil {
		return errors.Join(err, c.Close())
	}
	old := s.play
	s.play = p
	if old != nil {
		return old.Close()
	}
	return nil
}

// came looks what came of a request: it keeps the moment, carries what is due, and keeps that.
func (p *play) came(ctx context.Context, handed ...record) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.witness.look(ctx, handed...); err != nil {
		return err
	}
	return p.witness.carried(ctx, p.carry(ctx))
}

// pass lets time pass in the camp.
func (p *play) pass(ctx context.Context, d time.Duration) (lines []string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.told)
	outs, err := p.wait(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, o := range outs {
		lines = append(lines, plainWords(o))
	}
	return lines, p.witness.carried(ctx, p.told[before:])
}
