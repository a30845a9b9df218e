package telegramtest

import (
	"net/url"
	"slices"
	"time"
)

// webhook is what setWebhook left. Updates are brought there, and getUpdates answers 409, as long as it stands.
type webhook struct {
	url, secret, ip string
	connections     int64
	allowed         []string
	lastError       string
	lastErrorAt     time.Time
}

func (b *Bot) playWebhook(c *call) (any, *refusal) {
	switch c.method {
	case "setWebhook":
		return b.setWebhook(c)
	case "deleteWebhook":
		b.stopPush()
		b.webhook = webhook{}
		b.dropPending(c)
		return true, nil
	}
	h := b.webhook
	info := map[string]any{"url": h.url, "has_custom_certificate": false, "pending_update_count": len(b.queue.updates)}
	if h.url != "" {
		info["max_connections"] = h.connections
		if h.ip != "" {
			info["ip_address"] = h.ip
		}
		if h.allowed != nil {
			info["allowed_updates"] = h.allowed
		}
		if h.lastError != "" {
			info["last_error_date"], info["last_error_message"] = h.lastErrorAt.Unix(), h.lastError
		}
	}
	return info, nil
}

func (b *Bot) setWebhook(c *call) (any, *refusal) {
	address := c.text("url")
	if address == "" {
		b.stopPush()
		b.webhook = webhook{}
		b.dropPending(c)
		return true, nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return nil, wrong("bad webhook: invalid URL", "the webhook's URL cannot be read")
	case u.Scheme != "https":
		return nil, wrong("bad webhook: An HTTPS URL must be provided for webhook", "the webhook's URL is not https")
	case !slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()):
		return nil, wrong("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443", "the webhook's port is %s", u.Port())
	case c.has("certificate") && len(c.params["certificate"].file.bytes) > 3<<20:
		return nil, wrong("bad webhook: certificate size is too big", "the certificate is larger than 3 MB")
	}
	if r := b.queue.remember(c, b.server.table.answers["Update"]); r != nil {
		return nil, r
	}
	h := webhook{url: address, secret: c.text("secret_token"), ip: c.text("ip_address"), connections: c.int("max_connections", 40)}
	for k := range b.queue.allowed {
		h.allowed = append(h.allowed, k)
	}
	slices.Sort(h.allowed)
	b.webhook = h
	b.dropPending(c)
	if b.queue.poller != nil {
		close(b.queue.poller.kicked)
		b.queue.poller = nil
	}
	b.stopPush()
	b.startPush()
	return true, nil
}

func (b *Bot) dropPending(c *call) {
	if c.bool("drop_pending_updates") {
		b.queue.updates = nil
	}
}

// Webhook is the URL of the webhook that is set, empty if there is none.
func (b *Bot) Webhook() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.webhook.url
}

// WebhookSecret is the secret_token of the webhook that is set, empty if there is none.
func (b *Bot) WebhookSecret() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.webhook.secret
}
