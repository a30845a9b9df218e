package ticket

import (
	"errors"
	"io"
	"time"
)

// ErrNobody says that a report cannot be filed because not enough people could read it.
var ErrNobody = errors.New("not enough people can read this report")

// File makes the outer record of a new report, its clocks running, and the plan of its readers. The mailbox, the signing
// key and the sealed message are added by those who hold keys. It is ErrNobody if the verdict is "none".
func (m Mission) File(rand io.Reader, filed Kind, lang string, f Facts, now time.Time) (Report, Plan, error) {
	c := Classify(filed, lang, f)
	p := m.Plan(c)
	if p.Verdict == Nobody {
		return Report{}, p, ErrNobody
	}
	id, err := NewID(rand)
	if err != nil {
		return Report{}, p, err
	}
	code, err := NewCode(rand)
	if err != nil {
		return Report{}, p, err
	}
	r := Report{
		ID: id, Code: code, Day: DayOf(now), Kind: c.Kind, Urgency: c.Urgency, Area: c.Area, Lang: c.Lang,
		State: Received, Class: c.Class, Readers: p.Readers, Excluded: p.Excluded,
	}
	return m.Clock.Filed(r, now), p, nil
}
