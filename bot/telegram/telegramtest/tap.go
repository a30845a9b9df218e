package telegramtest

import (
	"errors"
	"fmt"
	"slices"
)

// ErrNoButton says that there is no such button on the screen any more.
var ErrNoButton = errors.New("no such button on the screen")

// ErrCannot says that this person or this message does not allow it.
var ErrCannot = errors.New("the person cannot do this")

// Tap taps the newest button with this label, or else the newest whose label contains it. A button that copies or
// opens a page sends nothing to the bot and is an error here: see [User.Copy].
func (u *User) Tap(label string) error {
	return u.tap(func(s Screen) (Message, Button, bool) { return s.Button(label) }, label)
}

// TapData taps the button with this data. If it has gone from the screen, the tap comes from a phone that has not
// seen the change yet: it is sent with the message as it is now, or with the bot's newest one.
func (u *User) TapData(data string) error {
	return u.tap(func(s Screen) (Message, Button, bool) {
		if m, b, ok := s.find(func(b Button) bool { return b.Data == data }); ok {
			return m, b, ok
		}
		m, ok := u.lastWith(data)
		if !ok {
			m, ok = s.Last()
		}
		return m, Button{Text: data, Data: data}, ok
	}, data)
}

// lastWith finds a message that once had a button with this data and is still there; Bot.mu is held.
func (u *User) lastWith(data string) (Message, bool) {
	for _, e := range slices.Backward(u.chat.events) {
		if _, _, ok := (Screen{e.Message}).find(func(b Button) bool { return b.Data == data }); ok {
			if m := u.chat.messages[e.Message.ID]; m != nil {
				return m.Message, true
			}
		}
	}
	return Message{}, false
}

func (u *User) tap(find func(Screen) (Message, Button, bool), label string) error {
	b := u.bot
	b.mu.Lock()
	defer b.mu.Unlock()
	m, button, ok := find(u.chat.screen())
	switch {
	case !ok:
		return fmt.Errorf("tapping %q: %w", label, ErrNoButton)
	case u.chat.blocked || u.account.deactivated || button.Data == "":
		return fmt.Errorf("tapping %q: %w", label, ErrCannot)
	}
	b.tap(u.chat, u.account, u.chat.messages[m.ID], button.Data, button.Text)
	return nil
}

// Copy taps a button that copies and gives what is on the clipboard then.
func (u *User) Copy(label string) (string, error) {
	_, button, ok := u.Screen().Button(label)
	switch {
	case !ok:
		return "", fmt.Errorf("copying %q: %w", label, ErrNoButton)
	case button.Copy == "":
		return "", fmt.Errorf("copying %q: %w", label, ErrCannot)
	}
	return button.Copy, nil
}

// Press presses a key of the keyboard that stands in place of the letters: its label is sent as a text.
func (u *User) Press(label string) error {
	for _, row := range u.Keyboard() {
		if slices.Contains(row, label) {
			u.Send(label)
			return nil
		}
	}
	return fmt.Errorf("pressing %q: %w", label, ErrNoButton)
}

// Keyboard is the keyboard that stands in place of the letters, row by row.
func (u *User) Keyboard() [][]string {
	u.bot.mu.Lock()
	defer u.bot.mu.Unlock()
	return u.chat.keyboard
}
