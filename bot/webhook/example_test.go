package webhook_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"amana/bot/webhook"
)

// Whoever receives notices checks each, takes none twice, and answers at once.
func ExampleVerify() {
	secrets, err := webhook.ParseSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		fmt.Println(err)
		return
	}
	taken := map[string]bool{} // in truth a table, whose rows may go after ten minutes
	http.HandleFunc("POST /amana", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 2<<20))
		if err != nil {
			return
		}
		id, err := webhook.Verify(secrets, r.Header, body, time.Now())
		if err != nil {
			http.Error(w, "not ours", http.StatusUnauthorized)
			return
		}
		if taken[id] {
			return // it came again: answered like the first time
		}
		taken[id] = true
		var notice struct {
			Type, Event, Code, Urgency string
			File                       []byte // opens with `amana open`, and the key of its reader
		}
		if err := json.Unmarshal(body, &notice); err == nil && notice.Type == "notice" {
			fmt.Println("to be read:", notice.Code)
		}
	})
}
