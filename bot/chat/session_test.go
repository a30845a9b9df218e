package chat

import (
	"bytes"
	"testing"
	"time"
)

// Whoever writes while the program is replaced goes on: a session of the version before is read.
func TestASessionOfTheVersionBefore(t *testing.T) {
	s := session{touched: time.Unix(1_700_000_000, 0), guess: "camp", area: "block_a", aloud: []string{"start.menu", "start.here"}}
	s.shown("report.consent", "May this go to them?")
	now := s.encode()
	back, err := decodeSession(now)
	if err != nil || len(back.aloud) != 2 || back.area != "block_a" || !back.saw("report.consent", "May this go to them?") {
		t.Fatalf("a session comes back as %+v, %v", back, err)
	}
	heard := []byte("\x02\x0astart.menu\x0astart.here")
	// Behind the times and the mailbox stands whether that is about a force.
	at := bytes.Index(now, make([]byte, 16)) + 16
	before := append(bytes.Clone(now[:at]), bytes.Replace(now[at+1:], heard, nil, 1)...)
	before[0] = sessionSilently
	if len(before) != len(now)-len(heard)-1 {
		t.Fatal("the session does not hold what can be heard where this test looks for it")
	}
	if back, err = decodeSession(before); err != nil || back.aloud != nil || back.area != "block_a" || !back.saw("report.consent", "May this go to them?") {
		t.Errorf("a session of the version before comes back as %+v, %v", back, err)
	}
	for _, all := range [][]byte{now, before} {
		if at, err := touchedAt(all); err != nil || !at.Equal(s.touched) {
			t.Errorf("when its person last wrote is read as %v, %v", at, err)
		}
	}
	for n := range 3 {
		if _, err := touchedAt(now[:n]); err == nil {
			t.Errorf("of a session that was cut to %d bytes it is read when its person last wrote", n)
		}
	}
	for n := range now {
		if _, err := decodeSession(now[:n]); err == nil && n < len(now)-1 {
			t.Errorf("a session of %d bytes, cut to %d, is read", len(now), n)
		}
	}
}
