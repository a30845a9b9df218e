package telegramtest

import "fmt"

// refusal is an answer other than ok.
type refusal struct {
	code       int
	text       string
	retryAfter int    // seconds, with 429
	migrateTo  int64  // with a group that became a supergroup
	violation  string // what the bot did wrong; empty when it could not know better
}

// badRequest is a refusal that a correct bot may meet: the person deleted the message, the query is too old.
func badRequest(text string) *refusal { return &refusal{code: 400, text: "Bad Request: " + text} }

func forbidden(text string) *refusal { return &refusal{code: 403, text: "Forbidden: " + text} }

// wrong is a refusal that a correct bot never meets; detail tells the programmer more than Telegram would.
func wrong(text, detail string, args ...any) *refusal {
	return &refusal{code: 400, text: "Bad Request: " + text, violation: fmt.Sprintf(detail, args...)}
}

func tooMany(seconds int) *refusal {
	return &refusal{code: 429, text: fmt.Sprintf("Too Many Requests: retry after %d", seconds), retryAfter: seconds}
}

func conflict(text string) *refusal { return &refusal{code: 409, text: "Conflict: " + text} }

// Wordings that more than one method gives.
const (
	conflictPoller  = "terminated by other getUpdates request; make sure that only one bot instance is running"
	conflictWebhook = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	notModified     = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	queryTooOld     = "query is too old and response timeout expired or query ID is invalid"
)
