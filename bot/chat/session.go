package chat

import (
	"encoding/binary"
	"errors"
	"time"

	"amana/bot"
	"amana/bot/flow"
)

// session is what a person's draft holds: where the conversation stands, and the little around it.
type session struct {
	touched time.Time // when the person last wrote, by our clock
	sent    time.Time // when they did so by the door's clock; zero if the door did not say
	box     [16]byte  // the mailbox that is open; zero if none is
	guess   string    // a choice that a near spelling may have meant, and that waits for a yes
	area    string    // where the poster hung that brought them here
	erase   bot.Erase // what the last answer took out of the chat, to be done again if that answer is
	state   flow.State
}

const sessionVersion = 1

var errSession = errors.New("a draft in a form that is not known")

func (s session) encode() []byte {
	b := []byte{sessionVersion}
	b = binary.AppendVarint(b, s.touched.Unix())
	b = binary.AppendVarint(b, unix(s.sent))
	b = append(b, s.box[:]...)
	b = appendShort(b, s.guess)
	b = appendShort(b, s.area)
	b = append(b, byte(s.erase))
	return s.state.Append(b)
}

func decodeSession(b []byte) (s session, err error) {
	if len(b) == 0 || b[0] != sessionVersion {
		return s, errSession
	}
	b = b[1:]
	var at [2]int64
	for i := range at {
		n := 0
		if at[i], n = binary.Varint(b); n <= 0 {
			return s, errSession
		}
		b = b[n:]
	}
	s.touched = time.Unix(at[0], 0)
	if at[1] != 0 {
		s.sent = time.Unix(at[1], 0)
	}
	if len(b) < len(s.box) {
		return s, errSession
	}
	copy(s.box[:], b)
	b = b[len(s.box):]
	if s.guess, b, err = short(b); err != nil {
		return s, err
	}
	if s.area, b, err = short(b); err != nil {
		return s, err
	}
	if len(b) == 0 || b[0] > byte(bot.EraseAll) {
		return s, errSession
	}
	s.erase = bot.Erase(b[0])
	s.state, err = flow.Decode(b[1:])
	return s, err
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func appendShort(b []byte, s string) []byte {
	s = s[:min(len(s), 255)]
	return append(append(b, byte(len(s))), s...)
}

func short(b []byte) (string, []byte, error) {
	if len(b) == 0 || len(b) < 1+int(b[0]) {
		return "", nil, errSession
	}
	n := 1 + int(b[0])
	return string(b[1:n]), b[n:], nil
}
