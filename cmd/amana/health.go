package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"amana/bot/outbox"
	"amana/bot/telegram"
)

// health is the listener for the machine's own eyes: /healthz and /metrics, on loopback only. No number in it has a
// label that could tell a person, a place or a report.
type health struct {
	house *house
	doors map[string]*telegram.Door
	page  *chatPage // nil: there is none
	box   *outbox.Outbox
	seats *desked // nil: the mission has no desk
	post  *postroom
	since time.Time
}

var boolean = map[bool]int{true: 1}

func (s *health) names() []string { return slices.Sorted(maps.Keys(s.doors)) }

// wrong says in plain words what keeps the server from its work; nothing while all is well. None of it tells the moment
// of a report: a trouble has lasted for minutes, and a notice counts only when it is minutes late.
func (s *health) wrong(ctx context.Context) (all []string) {
	late, err := s.house.registry.Overdue(ctx)
	if err != nil {
		all = append(all, "the database does not answer")
	}
	if late > 0 {
		all = append(all, "notices for focal points lie on the shelf and are not carried")
	}
	all = append(all, s.listening()...)
	for _, name := range s.names() {
		for _, t := range s.doors[name].Troubles() {
			all = append(all, fmt.Sprintf("the bot for %s: %v", name, t))
		}
	}
	return append(all, s.post.troubles()...)
}

// listening says which listener has ended though the program goes on.
func (s *health) listening() (all []string) {
	if s.seats != nil && s.seats.ended.Load() {
		all = append(all, "nobody is heard at the desk: its listener has ended")
	}
	if s.page != nil && s.page.ended.Load() {
		all = append(all, "nobody is heard at the chat page: its listener has ended")
	}
	return all
}

// loopback says why an address must not be listened on; nil if it is this machine's own.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen: %q is not an address like 127.0.0.1:9464", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("listen: %q is open to others; use 127.0.0.1", addr)
	}
	return nil
}

func (s *health) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if wrong := s.wrong(ctx); len(wrong) > 0 {
			http.Error(w, strings.Join(wrong, "\n"), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		page := exposition{meanings: map[string]string{}, lines: map[string][]string{}}
		put := page.put
		defer func() { _, _ = page.WriteTo(w) }()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		put("up_seconds", "Seconds since the start.", int(time.Since(s.since).Seconds()))
		put("memory_bytes", "Memory taken from the system.", m.Sys-m.HeapReleased)
		put("goroutines", "Goroutines that live.", runtime.NumGoroutine())
		for _, name := range s.names() {
			d := s.doors[name]
			troubles := d.Troubles()
			for _, t := range telegram.Troubles {
				put(fmt.Sprintf("telegram_trouble{bot=%q,what=%q}", name, string(t)), "1 while this is wrong between the bot and Telegram.", boolean[slices.Contains(troubles, t)])
			}
			c := d.Counts()
			for _, one := range []struct {
				what, meaning string
				n             int64
			}{
				{"updates", "Updates read from Telegram, repeats included.", c.Updates},
				{"heard", "Updates that were heard and saved.", c.Heard},
				{"failed", "Attempts that could not be saved.", c.Failed},
				{"poison", "Updates that were given up.", c.Poison},
				{"skipped", "Updates with nothing to hear in them.", c.Skipped},
				{"groups", "Updates from a group or a channel.", c.Groups},
				{"wiped", "Messages that Telegram was asked to delete.", c.Wiped},
				{"sent", "Messages and edits that arrived.", c.Sent},
				{"retries", "Calls that were repeated.", c.Retries},
				{"floods", "Answers of Telegram that too much is sent (429).", c.Floods},
				{"blocked", "Chats that were found closed.", c.Blocked},
				{"refused", "Messages that Telegram does not take.", c.Refused},
				{"dropped", "Answers taken back before they were sent.", c.Dropped},
				{"lost", "Answers given up after ten minutes.", c.Lost},
				{"polls", "Calls that ask for updates.", c.Polls},
				{"poll_errors", "Calls that ask for updates and failed.", c.PollErrors},
				{"conflicts", "Signs of another program that uses the token.", c.Conflicts},
				{"strangers", "Requests to the webhook without its secret.", c.Strangers},
			} {
				put(fmt.Sprintf("telegram_%s_total{bot=%q}", one.what, name), one.meaning, one.n)
			}
		}
		if s.page != nil {
			c := s.page.door.Counts()
			put("page_heard_total", "Turns on the chat page that were saved.", c.Heard)
			put("page_failed_total", "Turns on the chat page that could not be saved.", c.Failed)
			put("page_busy_total", "Turns on the chat page that were put off because too much came at once.", c.Busy)
		}
		c := s.box.Counts()
		put("notices_carried_total", "Notices to staff that were carried.", c.Carried)
		put("notices_failed_total", "Attempts at a notice that failed.", c.Failed)
		put("notices_dead_total", "Notices that were given up.", c.Dead)
		put("deadlines_moved_total", "Deadlines that turned to somebody else.", c.Moved)
		s.post.metrics(put)
		put("nudges_total", "Lines to people that they asked for.", c.Nudged)
		if s.seats != nil {
			c := s.seats.desk.Counts()
			put("desk_signed_in_total", "Challenges of the desk that were answered.", c.SignedIn)
			put("desk_refused_total", "Challenges that were answered wrongly or late.", c.Refused)
			put("desk_slowed_total", "Requests that were told to come again.", c.Slowed)
			put("desk_alarms_total", "Readers who asked for more reports than fit into an hour.", c.Alarms)
			put("desk_failed_total", "Requests to the desk that could not be answered.", c.Failed)
		}
		if n, err := s.house.registry.Overdue(r.Context()); err == nil {
			put("notices_overdue", "Notices that should have gone out minutes ago.", n)
		}
		if m, err := s.house.registry.Measures(r.Context()); err == nil {
			put("tray_total", "Reports that went to the low tray, rounded down to tens.", m.Tray)
			put("deadlines_late", "Reports of which something was due before today, rounded down to tens.", m.Late)
			put("readers_unreached", "People of the staff to whom notices were given up.", m.Dead)
		}
	})
	return mux
}
