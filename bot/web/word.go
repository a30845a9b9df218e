package web

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"amana/bot"
)

// newWord makes the word of a conversation.
func newWord(rand io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("making the word of a conversation: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// aWord says that something has the form of a word, in the one way in which it is written.
func aWord(s string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == 16 && base64.RawURLEncoding.EncodeToString(b) == s
}

// maxTurn bounds what a form may count to.
const maxTurn = 1 << 40

func turnOf(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > maxTurn {
		return 0
	}
	return n
}

// hiding is the turn under which hide is heard from the form of a turn: not that turn itself, which may have been heard
// already while its answer was on the way.
func hiding(turn int64) int64 { return -1 - turn }

// mostShown bounds how many closing records one form confirms.
const mostShown = 8

func shownOf(s string) (out []bot.ClosingID) {
	for part := range strings.SplitSeq(s, ",") {
		var id bot.ClosingID
		b, err := hex.DecodeString(part)
		if err != nil || len(b) != len(id) || len(out) == mostShown {
			continue
		}
		if copy(id[:], b); !id.IsZero() { // which would mean all of them
			out = append(out, id)
		}
	}
	return out
}

func writeShown(ids []bot.ClosingID) string {
	var parts []string
	for _, id := range ids {
		parts = append(parts, hex.EncodeToString(id[:]))
	}
	return strings.Join(parts, ",")
}
