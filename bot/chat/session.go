package chat

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/flow"
)

// session is what a person's draft holds: where the conversation stands, and the little around it.
type session struct {
	touched time.Time // when the person last wrote, by our clock
	sent    time.Time // when they did so by the door's clock; zero if the door did not say
	box     [16]byte  // the mailbox that is open; zero if none is
	force   bool      // what is told there is about a force, so nobody is sent to the police from it
	guess   string    // a choice that a near spelling may have meant, and that waits for a yes
	area    string    // where the poster hung that brought them here
	erase   bot.Erase // what the last answer took out of the chat, to be done again if that answer is
	aloud   []string  // texts on the screen that can also be heard, by key
	agreed  []agreed  // the consents that were put to the person, by what was shown
	state   flow.State
}

// agreed remembers which sentences a consent was put in: by a sum of them, since only their sameness counts.
type agreed struct {
	key string
	sum uint64
}

// shown notes the sentences of a consent in place of what was shown for it before.
func (s *session) shown(key, text string) {
	kept := slices.DeleteFunc(slices.Clone(s.agreed), func(a agreed) bool { return a.key == key })
	s.agreed = append(kept, agreed{key, sumOf(text)})
}

// saw says that these sentences are the ones that were last shown for a consent.
func (s *session) saw(key, text string) bool {
	return slices.Contains(s.agreed, agreed{key, sumOf(text)})
}

func sumOf(text string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text)
	return h.Sum64()
}

// maxAgreed bounds how many consents a draft remembers; no flow has more than a few.
const maxAgreed = 16

// sessionVersion is the first byte of an encoded session. Sessions of the versions before are read: whoever writes while the
// program is replaced goes on. A new one raises store.Format as well: an older process beside this one would take such a draft
// for one that is over, and wipe it.
const (
	sessionVersion  = 3
	sessionAnyForce = 2 // without whether the mailbox is about a force
	sessionSilently = 1 // and without what can be heard
)

var errSession = errors.New("a draft in a form that is not known")

func (s session) encode() []byte {
	b := []byte{sessionVersion}
	b = binary.AppendVarint(b, s.touched.Unix())
	b = binary.AppendVarint(b, unix(s.sent))
	b = append(b, s.box[:]...)
	b = append(b, map[bool]byte{true: 1}[s.force])
	b = appendShort(b, s.guess)
	b = appendShort(b, s.area)
	b = append(b, byte(s.erase))
	remembered := s.agreed[max(0, len(s.agreed)-maxAgreed):]
	b = append(b, byte(len(remembered)))
	for _, a := range remembered {
		b = binary.BigEndian.AppendUint64(appendShort(b, a.key), a.sum)
	}
	heard := s.aloud[:min(len(s.aloud), maxAloud)]
	b = append(b, byte(len(heard)))
	for _, key := range heard {
		b = appendShort(b, key)
	}
	return s.state.Append(b)
}

// touchedAt reads of an encoded session only when the person last wrote. The sweep asks it of every draft each minute.
func touchedAt(b []byte) (time.Time, error) {
	if len(b) == 0 || b[0] < sessionSilently || b[0] > sessionVersion {
		return time.Time{}, errSession
	}
	at, n := binary.Varint(b[1:])
	if n <= 0 {
		return time.Time{}, errSession
	}
	return time.Unix(at, 0), nil
}

func decodeSession(b []byte) (s session, err error) {
	if len(b) == 0 || b[0] < sessionSilently || b[0] > sessionVersion {
		return s, errSession
	}
	version := b[0]
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
	s.force = s.box != [16]byte{} // whoever wrote before the program was replaced: not known, so as if it were
	if version > sessionAnyForce {
		if len(b) == 0 || b[0] > 1 {
			return s, errSession
		}
		s.force, b = b[0] == 1, b[1:]
	}
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
	if b = b[1:]; len(b) == 0 || b[0] > maxAgreed {
		return s, errSession
	}
	n := int(b[0])
	b = b[1:]
	for range n {
		var a agreed
		if a.key, b, err = short(b); err != nil || len(b) < 8 {
			return s, errSession
		}
		a.sum, b = binary.BigEndian.Uint64(b), b[8:]
		s.agreed = append(s.agreed, a)
	}
	if version > sessionSilently {
		if s.aloud, b, err = aloud(b); err != nil {
			return s, err
		}
	}
	s.state, err = flow.Decode(b)
	return s, err
}

func aloud(b []byte) (keys []string, rest []byte, err error) {
	if len(b) == 0 || b[0] > maxAloud {
		return nil, nil, errSession
	}
	n := int(b[0])
	b = b[1:]
	for range n {
		var key string
		if key, b, err = short(b); err != nil {
			return nil, nil, err
		}
		keys = append(keys, key)
	}
	return keys, b, nil
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
