package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// What Telegram may answer, as far as somebody has to act on it. Errors of Send and Run are tested against these with errors.Is.
var (
	// ErrGone says that the person blocked the bot, was deleted or never opened the chat; nothing will arrive.
	ErrGone = errors.New("the chat is closed to this bot")
	// ErrRefused says that Telegram will never take this message as it is.
	ErrRefused = errors.New("refused by Telegram")
	// ErrToken says that the token is not, or no longer, valid.
	ErrToken = errors.New("the token is not valid")
	// ErrStopped says that the door is not running.
	ErrStopped = errors.New("the door is closed")
)

// kind is what a failed call means for us.
type kind int

const (
	temporary   kind = iota // the network, a proxy, Telegram itself: the same call may succeed later
	flood                   // too much, wait for After
	gone                    // ErrGone
	unchanged               // an edit that changes nothing: success
	missing                 // the message to edit or delete is not there or too old
	stale                   // a tap that can no longer be answered
	badToken                // ErrToken
	conflict                // another poller
	webhook                 // a webhook is set
	refused                 // any other 4xx
	garbled                 // an answer that is not what the Bot API says
	interrupted             // our own context ended
)

// Fault is a failed call. Its words come from this file alone, never from the network and never from a person.
type Fault struct {
	Method  string
	Code    int           // HTTP status or Bot API error code; 0 when no answer came
	After   time.Duration // how long Telegram asks to wait, or 0
	kind    kind
	what    string
	movedTo int64 // of a group that became a supergroup, or 0
	skip    int64 // number of the update that could not be read, or 0
}

func (f *Fault) Error() string {
	if f.Code != 0 {
		return fmt.Sprintf("calling %s: %s (%d)", f.Method, f.what, f.Code)
	}
	return fmt.Sprintf("calling %s: %s", f.Method, f.what)
}

// Is lets errors.Is find the sentinels of this room.
func (f *Fault) Is(target error) bool {
	switch target {
	case ErrGone:
		return f.kind == gone
	case ErrToken:
		return f.kind == badToken
	case ErrRefused:
		return f.kind == refused
	case context.Canceled:
		return f.kind == interrupted
	}
	return false
}

// Temporary says that the same call may succeed later.
func (f *Fault) Temporary() bool {
	switch f.kind {
	case temporary, flood, conflict, webhook, garbled, interrupted:
		return true
	}
	return false
}

// After tells how long Telegram asked to wait before err's call is repeated, and whether it asked.
func After(err error) (time.Duration, bool) {
	var f *Fault
	if errors.As(err, &f) && f.After > 0 {
		return f.After, true
	}
	return 0, false
}

func kindOf(err error) kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.kind
	}
	return temporary
}

// phrases are the descriptions that the Bot API server is known to give, in lower case, and what they mean.
// The first that is contained wins. The right-hand words are the only ones that reach a log.
var phrases = []struct {
	code   int // 0: any
	phrase string
	kind   kind
	what   string
}{
	{0, "bot was blocked by the user", gone, "blocked by the person"},
	{0, "user is deactivated", gone, "account deleted"},
	{0, "bot can't initiate conversation", gone, "chat was never opened"},
	{0, "bot was kicked", gone, "removed from the chat"},
	{0, "chat not found", gone, "chat not found"},
	{0, "peer_id_invalid", gone, "chat not found"},
	{0, "message is not modified", unchanged, "nothing to change"},
	{0, "message to edit not found", missing, "message not found"},
	{0, "message to delete not found", missing, "message not found"},
	{0, "message can't be edited", missing, "message can no longer be edited"},
	{0, "message can't be deleted", missing, "message can no longer be deleted"},
	{0, "message_id_invalid", missing, "message not found"},
	{0, "query is too old", stale, "tap too old"},
	{0, "query id is invalid", stale, "tap too old"},
	{0, "can't parse entities", refused, "markup not understood"},
	{0, "message is too long", refused, "text too long"},
	{0, "message text is empty", refused, "text empty"},
	{0, "reply markup is too long", refused, "too many buttons"},
	{0, "button_data_invalid", refused, "button data not valid"},
	{0, "group chat was upgraded", refused, "group became a supergroup"},
	{409, "webhook", webhook, "a webhook is set"},
	{409, "", conflict, "another instance polls with this token"},
	{401, "", badToken, "token refused"},
	{404, "", badToken, "no such bot or no Bot API at this address"},
	{429, "", flood, "too many requests"},
	{403, "", gone, "forbidden"},
}

// judge makes the fault of an answer that says ok: false.
func judge(method string, code int, description string, after time.Duration) *Fault {
	f := &Fault{Method: method, Code: code, After: after, kind: refused, what: "refused"}
	lower := strings.ToLower(description)
	for _, p := range phrases {
		if (p.code == 0 || p.code == code) && strings.Contains(lower, p.phrase) {
			f.kind, f.what = p.kind, p.what
			return f
		}
	}
	switch {
	case code >= 500:
		f.kind, f.what = temporary, "the server is in trouble"
	case code >= 300 && code < 400:
		f.kind, f.what = temporary, "redirect refused"
	case code < 300:
		f.kind, f.what = garbled, "answer not understood"
	}
	if f.kind == flood && f.After <= 0 {
		f.After = time.Second
	}
	return f
}
