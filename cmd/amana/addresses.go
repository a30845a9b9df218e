package main

import (
	"slices"

	"amana/bot/telegram"
)

// addresses says where a served mission is found, a line each: what is found there, and where.
func (c *config) addresses(bots map[string]*telegram.Door) (out [][2]string) {
	for _, name := range []string{"people", "staff"} {
		if bots[name] == nil {
			continue
		}
		at := "asked for updates" // the name of a bot is Telegram's to tell
		if c.Telegram.Webhook != "" {
			at = "webhook, passed on to " + c.Telegram.Listen
		}
		out = append(out, [2]string{"the bot for " + name, at})
	}
	if c.Desk.on() {
		out = append(out, [2]string{"the desk", c.Desk.Address + ", on " + c.Desk.Listen})
	}
	if c.Web.on() {
		out = append(out, [2]string{"the chat page", c.Web.Listen})
	}
	if c.Listen != "" {
		out = append(out, [2]string{"health and metrics", "http://" + c.Listen + "/healthz and /metrics"})
	}
	return slices.Clip(out)
}
