//go:build etcd

package etcdtest

import (
	"net"
	"sync"
	"time"
)

// Direction is a way that bytes take through a link.
type Direction int

// The directions. There is from who dials to who is dialled: requests. Back is replies.
const (
	There Direction = 1 << iota
	Back
	Both = There | Back
)

// Link is one way between two: from a node to a peer, or from a client to a node. Connections of any number go
// through it. It is open at first.
type Link struct {
	mu      sync.Mutex
	changed chan struct{} // closed and made anew with every change
	cut     bool
	held    Direction
	lost    Direction
	delay   time.Duration
	conns   map[*carried]bool
}

func newLink() *Link {
	return &Link{changed: make(chan struct{}), conns: map[*carried]bool{}}
}

// Cut ends every connection at once, and refuses new ones.
func (l *Link) Cut() {
	l.change(func() {
		l.cut = true
		for c := range l.conns {
			c.close()
		}
	})
}

// Hold lets nothing pass in a direction until Heal, which lets pass what was held: so is a network that is gone for a
// while. New connections are taken and get no answer.
func (l *Link) Hold(d Direction) { l.change(func() { l.held |= d }) }

// Lose takes what goes in a direction and does away with it. A connection that lost something is ended by Heal, since
// what follows would make no sense.
func (l *Link) Lose(d Direction) { l.change(func() { l.lost |= d }) }

// Delay makes everything take longer by d, each way.
func (l *Link) Delay(d time.Duration) { l.change(func() { l.delay = d }) }

// Heal opens the link again.
func (l *Link) Heal() {
	l.change(func() {
		l.cut, l.held, l.lost, l.delay = false, 0, 0, 0
		for c := range l.conns {
			if c.torn != 0 {
				c.close()
			}
		}
	})
}

func (l *Link) change(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fn()
	close(l.changed)
	l.changed = make(chan struct{})
}

// carried is a connection on its way through a link.
type carried struct {
	near, far net.Conn
	torn      Direction // in which something was lost; under the lock of the link
	once      sync.Once
	ended     chan struct{}
}

func (c *carried) close() {
	c.once.Do(func() {
		close(c.ended)
		for _, conn := range []net.Conn{c.near, c.far} {
			if tcp, ok := conn.(*net.TCPConn); ok {
				tcp.SetLinger(0) // a reset, and no port left waiting
			}
			conn.Close()
		}
	})
}

// carry moves bytes both ways until either side ends. It owns both connections.
func (l *Link) carry(near, far net.Conn) {
	c := &carried{near: near, far: far, ended: make(chan struct{})}
	l.mu.Lock()
	if l.cut {
		l.mu.Unlock()
		c.close()
		return
	}
	l.conns[c] = true
	l.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { l.pump(c, near, far, There) })
	both.Go(func() { l.pump(c, far, near, Back) })
	both.Wait()
	c.close()
	l.mu.Lock()
	delete(l.conns, c)
	l.mu.Unlock()
}

// open says that a connection may be made.
func (l *Link) open() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.cut
}

type chunk struct {
	at    time.Time
	bytes []byte
}

// pump moves bytes one way. Reading goes on while what was read waits for its time, so that a slow way is long and
// not narrow.
func (l *Link) pump(c *carried, from, to net.Conn, d Direction) {
	chunks := make(chan chunk, 256)
	go func() {
		defer close(chunks)
		for {
			buf := make([]byte, 16<<10)
			n, err := from.Read(buf)
			if n > 0 {
				select {
				case chunks <- chunk{time.Now(), buf[:n]}:
				case <-c.ended:
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	for piece := range chunks {
		pass, ok := l.wait(c, piece.at, d)
		if !ok {
			return
		}
		if !pass {
			continue
		}
		if _, err := to.Write(piece.bytes); err != nil {
			c.close()
			return
		}
	}
	c.close()
}

// wait waits until a piece may pass, and says whether it does; not ok says that the connection has ended.
func (l *Link) wait(c *carried, at time.Time, d Direction) (pass, ok bool) {
	for {
		l.mu.Lock()
		held, changed, left := l.held&d != 0, l.changed, time.Until(at.Add(l.delay))
		if (l.lost|c.torn)&d != 0 {
			c.torn |= d
			l.mu.Unlock()
			return false, true
		}
		l.mu.Unlock()
		var late <-chan time.Time
		switch {
		case held:
		case left <= 0:
			return true, true
		default:
			late = time.After(left)
		}
		select {
		case <-changed:
		case <-late:
		case <-c.ended:
			return false, false
		}
	}
}
