package telegramtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// DeliveryMethod is the name under which [Server.Fault] plans what befalls an update on its way to a webhook: nothing was
// delivered, or it was and Telegram does not learn so.
const DeliveryMethod = "(delivery)"

// errors of deliveries, as getWebhookInfo words them.
const (
	hookRefused = "Connection refused"
	hookTimeout = "Read timeout expired"
)

// pusher brings a bot's updates to its webhook: each chat's in their order, one after the other, those of different chats
// side by side. Bot.mu guards it.
type pusher struct {
	stop   context.CancelFunc
	wake   chan struct{} // has room for one
	flying map[int64]bool
	queues map[int64]*trouble // of chats with whose head there is trouble
	client *http.Client
}

// trouble is how often the head of a chat's queue failed, and when it is tried again.
type trouble struct {
	fails int
	next  time.Time
}

// lane is the queue to which an update belongs: that of its chat, or one of its own where there is none.
func (u update) lane() int64 {
	if u.chat != 0 {
		return u.chat
	}
	return -int64(u.id) - 1<<60
}

// startPush begins to deliver; b.mu is held.
func (b *Bot) startPush() {
	ctx, stop := context.WithCancel(context.Background())
	b.pusher = &pusher{
		stop: stop, wake: make(chan struct{}, 1), flying: map[int64]bool{}, queues: map[int64]*trouble{},
		client: &http.Client{
			Timeout:       b.server.options.HookTimeout,
			Transport:     &http.Transport{DialContext: b.server.dialHook, MaxIdleConnsPerHost: 100},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	go b.pushOn(ctx, b.pusher)
}

// stopPush ends deliveries. What is on its way arrives, and Telegram does not look what became of it; b.mu is held.
func (b *Bot) stopPush() {
	if b.pusher != nil {
		b.pusher.stop()
		b.pusher = nil
	}
}

func (b *Bot) pushOn(ctx context.Context, p *pusher) {
	defer p.client.CloseIdleConnections()
	for {
		b.mu.Lock()
		wait := b.launch(p)
		b.mu.Unlock()
		timer := time.NewTimer(wait)
		select {
		case <-p.wake:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		case <-b.server.quit:
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// wakePusher says that something may be sent off; b.mu is held.
func (b *Bot) wakePusher() {
	if b.pusher == nil {
		return
	}
	select {
	case b.pusher.wake <- struct{}{}:
	default:
	}
}

// launch sends off what may go now, and says how long there is nothing else to do; b.mu is held.
func (b *Bot) launch(p *pusher) (wait time.Duration) {
	wait = time.Second
	if b.pusher != p {
		return wait
	}
	now := time.Now()
	b.queue.expire(b.server.Now())
	seen := map[int64]bool{}
	for _, u := range b.queue.updates {
		lane := u.lane()
		if seen[lane] {
			continue // Telegram keeps the order of a chat: the next waits for the one before
		}
		seen[lane] = true
		if p.flying[lane] {
			continue
		}
		if t := p.queues[lane]; t != nil && now.Before(t.next) {
			wait = min(wait, t.next.Sub(now))
			continue
		}
		if int64(len(p.flying)) >= b.webhook.connections {
			break
		}
		p.flying[lane] = true
		b.most = max(b.most, len(p.flying))
		go b.deliver(p, u, b.webhook)
	}
	return wait
}

// deliver brings one update and looks what becomes of it.
func (b *Bot) deliver(p *pusher, u update, h webhook) {
	f := b.server.faults.next(b.token, DeliveryMethod)
	status, after, fault := 0, time.Duration(0), hookRefused
	if f == nil || !f.early() {
		status, after, fault = b.bring(p, u, h)
	}
	if f != nil && !f.early() {
		status, fault = 0, hookTimeout // it was delivered, and the answer never came
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pusher != p {
		return // the webhook was changed meanwhile: the update is delivered again, or handed out to polls
	}
	lane := u.lane()
	delete(p.flying, lane)
	b.wakePusher()
	if status >= 200 && status < 300 {
		delete(p.queues, lane)
		b.queue.updates = slices.DeleteFunc(b.queue.updates, func(x update) bool { return x.id == u.id })
		return
	}
	if status != 0 {
		fault = fmt.Sprintf("Wrong response from the webhook: %d %s", status, http.StatusText(status))
	}
	b.webhook.lastError, b.webhook.lastErrorAt = fault, b.server.Now()
	t := p.queues[lane]
	if t == nil {
		t = &trouble{}
		p.queues[lane] = t
	}
	first := b.server.options.HookRetry
	if t.fails++; t.fails > 1 { // the first repeat comes at once
		after = max(after, min(first<<min(t.fails-2, 10), 60*first))
	}
	t.next = time.Now().Add(after)
}

// bring makes one request.
func (b *Bot) bring(p *pusher, u update, h webhook) (status int, after time.Duration, fault string) {
	target, _ := url.Parse(h.url) // setWebhook has looked at it
	target.Scheme = "http"        // who ends TLS in front of the bot is not played
	req, err := http.NewRequest(http.MethodPost, target.String(), bytes.NewReader(u.raw))
	if err != nil {
		return 0, 0, hookRefused
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		if e, ok := err.(*url.Error); ok && e.Timeout() {
			return 0, 0, hookTimeout
		}
		return 0, 0, hookRefused
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)); err != nil {
		return 0, 0, hookTimeout
	}
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return resp.StatusCode, min(time.Duration(max(seconds, 0))*time.Second, time.Hour), ""
}

// Forward says where the deliveries to a host arrive: at an address of the loopback interface, as if there stood what ends
// TLS for the host and passes on what it gets. An empty address takes it away again; nothing answers for a host without one.
func (s *Server) Forward(host, addr string) {
	s.mu.Lock()
	s.forwards[host] = addr
	var bots []*Bot
	for _, b := range s.bots {
		bots = append(bots, b)
	}
	s.mu.Unlock()
	for _, b := range bots {
		b.mu.Lock()
		if b.pusher != nil {
			b.pusher.client.CloseIdleConnections()
		}
		b.mu.Unlock()
	}
}

func (s *Server) dialHook(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	to := s.forwards[host]
	s.mu.RUnlock()
	if to == "" {
		return nil, fmt.Errorf("dialling: nothing answers for this host")
	}
	return new(net.Dialer).DialContext(ctx, network, to)
}

// MostDeliveries is how many updates were on their way to the webhook at the same time at most.
func (b *Bot) MostDeliveries() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.most
}
