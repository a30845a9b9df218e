package telegram

import (
	"errors"
	"time"
)

// debt is what an update is still owed: so many errands, the last of which settles it.
type debt struct {
	left int
	paid func()
}

// pay takes one errand off, unless only the door has closed before it: then the update comes again, and so does the
// errand. An errand that can never be done is off as well. The post's lock is held.
func (b *debt) pay(err error) {
	if b == nil || errors.Is(err, ErrStopped) {
		return
	}
	if b.left--; b.left == 0 {
		b.paid()
	}
}

// owe puts an update into the debt of errands that are not added yet. Without errands it is settled at once.
func (d *Door) owe(update int64, errands ...*errand) {
	if len(errands) == 0 {
		d.window.done(update)
		return
	}
	d.window.owe(update, time.Now())
	all := &debt{left: len(errands), paid: func() { d.window.done(update) }}
	for _, e := range errands {
		e.debt = all
	}
}
