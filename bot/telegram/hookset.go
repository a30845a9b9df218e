package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Webhook is where Telegram brings updates, instead of being asked for them. Something in front of the door ends TLS for
// the host and passes on what comes to the path; the door is the http.Handler behind that.
type Webhook struct {
	URL         string // https, on port 443, 80, 88 or 8443; its path may be hard to guess and is never logged
	Secret      string // 1–256 of A-Z, a-z, 0-9, _ and -; best made anew at each start
	Connections int    // how many updates are brought at the same time, 1–100; default 100
}

var errHook = errors.New("a webhook needs an address like https://host/path, on port 443, 80, 88 or 8443, without user, query or fragment, and a secret of letters, digits, _ and -")

func (w *Webhook) check() error {
	u, err := url.Parse(w.URL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		!slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()) {
		return errHook
	}
	if len(w.Secret) < 1 || len(w.Secret) > 256 || strings.ContainsFunc(w.Secret, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}) {
		return errHook
	}
	if w.Connections < 1 || w.Connections > pageSize {
		w.Connections = pageSize
	}
	return nil
}

// setHook sets the webhook until Telegram has taken it. What waits there is kept.
func (d *Door) setHook(ctx context.Context) error {
	w := d.opt.Webhook
	for try := 1; ctx.Err() == nil; try++ {
		_, err := d.wire.call(ctx, "setWebhook", tg.Params{
			"url": w.URL, "secret_token": w.Secret, "max_connections": strconv.Itoa(w.Connections),
			"allowed_updates": heardKinds, "drop_pending_updates": "false",
		})
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrToken):
			return fmt.Errorf("setting the webhook: %w", err)
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrRefused):
			d.wire.pulse.delivers(false, time.Now())
		}
		if try == 1 || try%20 == 0 {
			d.opt.Log.Warn("the webhook could not be set, trying again", "error", err, "tries", try)
		}
		after, _ := After(err)
		sleep(ctx, max(after, backoff(d.opt.Retry, try)))
	}
	return nil
}

// watch says whether the webhook is still ours, and notes whether Telegram can deliver to it: it cannot when its latest
// failure is younger than its latest visit.
func (d *Door) watch(ctx context.Context) (ours bool, err error) {
	var info struct {
		URL     string `json:"url"`
		Pending int    `json:"pending_update_count"`
		Failed  int64  `json:"last_error_date"`
	}
	if err := d.wire.into(ctx, &info, "getWebhookInfo", tg.Params{}); err != nil {
		return false, err
	}
	failed := info.Pending > 0 && info.Failed > d.hook.came().Unix()
	d.wire.pulse.delivers(!failed, time.Now())
	return info.URL == d.opt.Webhook.URL, nil
}
