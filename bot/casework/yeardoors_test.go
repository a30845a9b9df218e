package casework_test

import (
	"context"
	"errors"
	"hash/fnv"
	"strings"
	"sync"

	"amana/bot"
	"amana/bot/speech"
	"amana/locales"
)

var yearBook = sync.OnceValue(func() *speech.Book { return must(speech.Load(locales.FS)) })

// doors are the ways to the staff, and how each of them fails.
type doors struct {
	*year
}

func newDoors(y *year) *doors { return &doors{y} }

var (
	errRefused = errors.New("the door does not take it now")
	errGoneFor = errors.New("the door takes nothing more for this address")
)

func (d *doors) gone(err error) bool { return errors.Is(err, errGoneFor) }

// Send carries, or fails. Telegram is away for six hours on the fifth and the twentieth, mail for two days after the tenth;
// a webhook takes nothing for the first nine days of every third month, longer than a notice is tried; somebody has blocked
// the bot in each second week of a month; and one try in forty fails for no reason.
func (d *doors) Send(_ context.Context, to bot.Address, outs []bot.Outgoing) error {
	door, id, _ := strings.Cut(string(to), ":")
	now := d.now()
	h := fnv.New32a()
	_, _ = h.Write([]byte(id + now.Format("2006-01-02 15:04")))
	switch hit := h.Sum32(); {
	case door == "telegram" && (now.Day() == 5 || now.Day() == 20) && now.Hour() < 6,
		door == "mail" && (now.Day() == 10 || now.Day() == 11),
		door == "webhook" && now.Month()%3 == 0 && now.Day() < 10,
		hit%40 == 0:
		d.sums.failed.Add(1)
		return errRefused
	case door == "telegram" && now.Day() >= 8 && now.Day() < 15 && strings.HasSuffix(id, "_1"):
		d.sums.dead.Add(1)
		return errGoneFor
	}
	d.sums.carried.Add(1)
	for _, out := range outs {
		d.arrives(id, out)
	}
	return nil
}

// arrives is a notice in somebody's hands.
func (d *doors) arrives(id string, out bot.Outgoing) {
	code := ""
	for _, row := range out.Rows {
		for _, choice := range row {
			if rest, is := strings.CutPrefix(choice.Data, "s:ack:"); is {
				code = rest
			}
		}
	}
	d.year.mu.Lock()
	c := d.codes[code]
	d.year.mu.Unlock()
	if code == "" {
		return // a key that counts from now on
	}
	if c == nil {
		d.t.Errorf("%s is told of %s, which nobody filed", id, code)
		return
	}
	c.mu.Lock()
	since, hidden := c.unseen[id]
	c.mu.Unlock()
	if hidden && d.now().Sub(since) > 2*d.size.beat { // what was on its way when they withdrew arrives
		c.errorf(c, "%s is told of it, for whom it must not exist", id)
	}
	for _, m := range d.staff {
		if m.id == id {
			c.told(m)
		}
	}
}
