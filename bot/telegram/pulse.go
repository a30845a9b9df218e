package telegram

import (
	"strings"
	"sync"
	"time"
)

// Trouble is something that keeps a door from its work, by its name in a metric.
type Trouble string

// The troubles of a door.
const (
	TokenRefused  Trouble = "token"
	Contested     Trouble = "conflict"
	NoUpdates     Trouble = "updates"
	Undeliverable Trouble = "webhook"
	Mute          Trouble = "sending"
)

// Troubles are all that there are, in the order in which an operator looks at them.
var Troubles = []Trouble{TokenRefused, Contested, NoUpdates, Undeliverable, Mute}

var reasons = map[Trouble]string{
	TokenRefused:  "Telegram refuses the token",
	Contested:     "another program keeps taking the updates of this bot; only one may run",
	NoUpdates:     "no updates could be got from Telegram for some minutes",
	Undeliverable: "Telegram cannot deliver updates to the webhook",
	Mute:          "nothing could be sent to Telegram for some minutes",
}

// String words a trouble for an operator.
func (t Trouble) String() string { return reasons[t] }

// contests is how many conflicts within the time of an alarm are no accident, such as a start beside a stop, any more.
const contests = 5

// pulse watches the calls of a door, by their methods and outcomes alone.
type pulse struct {
	alarm time.Duration

	mu        sync.Mutex
	begun     time.Time // when the door was opened; zero before
	refused   bool      // the latest answer was that the token is not valid
	reached   time.Time // when Telegram last gave updates, or said that it has no trouble in delivering them
	conflicts []time.Time
	mute      time.Time // since when nothing could be sent; zero when the latest could
	spoke     time.Time // when it was last tried
	undone    time.Time // since when Telegram says that it cannot deliver; zero when it does not
}

func (p *pulse) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun = now
}

// felt notes what became of a call.
func (p *pulse) felt(method string, err error, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := kindOf(err)
	switch {
	case err != nil && k == interrupted:
		return
	case err != nil && k == badToken:
		p.refused = true
	case err == nil:
		p.refused = false
	}
	switch method {
	case "getMe", "getUpdates", "getWebhookInfo":
		if err == nil {
			p.reached = now
		}
		if err != nil && (k == conflict || k == webhook) {
			p.contested(now)
		}
		return
	}
	if !speaks(method) {
		return
	}
	p.spoke = now
	switch {
	case err == nil, k == gone, k == unchanged, k == missing, k == stale, k == refused, k == flood: // Telegram has heard it
		p.mute = time.Time{}
	case p.mute.IsZero():
		p.mute = now
	}
}

func speaks(method string) bool {
	for _, begins := range []string{"send", "edit", "delete", "answer"} {
		if strings.HasPrefix(method, begins) {
			return method != "deleteWebhook"
		}
	}
	return false
}

// contested notes a conflict; p.mu is held.
func (p *pulse) contested(now time.Time) {
	p.conflicts = append(p.conflicts, now)
	p.conflicts = p.conflicts[max(0, len(p.conflicts)-contests):]
}

// taken notes that somebody else has changed where updates go.
func (p *pulse) taken(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.contested(now)
}

// delivers notes whether Telegram can deliver.
func (p *pulse) delivers(can bool, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case can:
		p.undone = time.Time{}
	case p.undone.IsZero():
		p.undone = now
	}
}

// troubles says what is wrong for so long that it does not go away by itself.
func (p *pulse) troubles(now time.Time) (all []Trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun.IsZero() {
		return nil
	}
	reached := p.reached
	if reached.IsZero() {
		reached = p.begun
	}
	long := func(since time.Time) bool { return !since.IsZero() && now.Sub(since) >= p.alarm }
	wrong := map[Trouble]bool{
		TokenRefused:  p.refused,
		Contested:     len(p.conflicts) == contests && !long(p.conflicts[0]),
		NoUpdates:     long(reached),
		Undeliverable: long(p.undone),
		// Where nobody has anything to be told, the last failure says nothing of now.
		Mute: long(p.mute) && now.Sub(p.spoke) < keepTrying+p.alarm,
	}
	for _, t := range Troubles {
		if wrong[t] {
			all = append(all, t)
		}
	}
	return all
}

// Troubles says what keeps the door from its work just now, in the order of the list; nothing while all is well. It tells
// nothing of persons, and of times only that something has failed for some minutes.
func (d *Door) Troubles() []Trouble { return d.wire.pulse.troubles(time.Now()) }
