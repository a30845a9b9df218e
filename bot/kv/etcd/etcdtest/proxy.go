//go:build etcd

package etcdtest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// Doors are the ways of one client to all nodes. Two clients with doors of their own can be cut off one without the
// other.
type Doors struct {
	Links     []*Link  // one to each node
	Endpoints []string // what the client dials, as URLs
	gates     []net.Listener
}

// newDoors listens before every node.
func newDoors(nodes []string) (*Doors, error) {
	d := &Doors{}
	for _, node := range nodes {
		gate, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			d.Close()
			return nil, fmt.Errorf("opening a door to a node: %w", err)
		}
		link := newLink()
		d.gates, d.Links = append(d.gates, gate), append(d.Links, link)
		d.Endpoints = append(d.Endpoints, "https://"+gate.Addr().String())
		go serve(gate, func(near net.Conn) {
			far := dial(link, near, node)
			if far != nil {
				link.carry(near, far)
			}
		})
	}
	return d, nil
}

// Each does something to the ways to all nodes.
func (d *Doors) Each(fn func(*Link)) {
	for _, l := range d.Links {
		fn(l)
	}
}

// Close ends all connections and listens no more.
func (d *Doors) Close() {
	for _, gate := range d.gates {
		gate.Close()
	}
	d.Each((*Link).Cut)
}

// peerGate is the proxy through which one node asks its peers: it asks for each by name (CONNECT), so that every way
// from one to another is known and can be treated by itself. That nodes use a proxy is said by HTTPS_PROXY.
type peerGate struct {
	gate  net.Listener
	links map[string]*Link // by host and port
}

// newPeerGate listens for one node; ports says where the peer of a name is.
func newPeerGate(links map[string]*Link, ports map[string]string) (*peerGate, error) {
	gate, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening a way between nodes: %w", err)
	}
	go serve(gate, func(near net.Conn) {
		buffered := bufio.NewReader(near)
		req, err := http.ReadRequest(buffered)
		if err != nil {
			near.Close()
			return
		}
		link := links[req.Host]
		if req.Method != http.MethodConnect || link == nil {
			near.Close()
			return
		}
		far := dial(link, near, ports[req.Host])
		if far == nil {
			return
		}
		// Nothing follows the request before its answer, so that the buffer is empty.
		if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			near.Close()
			far.Close()
			return
		}
		link.carry(near, far)
	})
	return &peerGate{gate, links}, nil
}

func (g *peerGate) close() {
	g.gate.Close()
	for _, l := range g.links {
		l.Cut()
	}
}

// dial reaches what is behind a link, or ends the connection that wanted it.
func dial(l *Link, near net.Conn, to string) net.Conn {
	if l.open() {
		if far, err := net.Dial("tcp4", to); err == nil {
			return far
		}
	}
	if tcp, ok := near.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	near.Close()
	return nil
}

func serve(gate net.Listener, each func(net.Conn)) {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := gate.Accept()
		if err != nil {
			return
		}
		all.Go(func() { each(conn) })
	}
}
