package primero

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// deed is what was asked for, as it stands in a sentence.
type deed string

const (
	doSign     deed = "sign in"
	doCase     deed = "make the case"
	doIncident deed = "make the incident"
	doLink     deed = "link the incident to the case"
	doLook     deed = "look whether the case was referred before"
	doRefer    deed = "refer the case"
)

// ErrLater says that a Primero is busy: the same can be done again a little later.
var ErrLater = errors.New("it is busy")

var errNoPrimero = errors.New("what answers there is no Primero of version 2; look at the address of server in the mapping")

// refusal words an answer that is no yes. Of what came only the status and the names of fields are told, and of those only
// names that were sent: the rest may hold what a person wrote.
func refusal(a answer, what deed, sent []string) error {
	switch s := a.status; {
	case s == http.StatusUnauthorized && what == doSign:
		return errors.New("the Primero does not take this user and password; ask who looks after it")
	case s == http.StatusUnauthorized:
		return errors.New("the Primero takes the password, and then not its own token: ask who looks after it")
	case s == http.StatusForbidden && len(sent) > 0:
		return fmt.Errorf("the Primero does not let this user %s, or write one of its fields (%s): ask there for the right, or take the field out of the mapping", what, list(named(a, sent), sent))
	case s == http.StatusForbidden:
		return fmt.Errorf("the Primero does not let this user %s: ask there for the right", what)
	case s == http.StatusNotFound && what == doSign:
		return errNoPrimero
	case s == http.StatusNotFound:
		return fmt.Errorf("the Primero does not find what is needed to %s: its version may be another, or the record was taken out there", what)
	case s == http.StatusConflict:
		return fmt.Errorf("the Primero has this already, so that it cannot %s", what)
	case s == http.StatusUnprocessableEntity || s == http.StatusBadRequest:
		if fields := named(a, sent); len(fields) > 0 {
			return fmt.Errorf("the Primero does not take what is in %s: compare the values in the mapping with the look-ups there", strings.Join(fields, ", "))
		}
		return fmt.Errorf("the Primero cannot %s with what was sent: compare the mapping with the forms there", what)
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable:
		return fmt.Errorf("the Primero cannot %s now: %w%s", what, ErrLater, after(a))
	case s >= 500:
		return fmt.Errorf("the Primero has an error of its own (%d) and did not %s: try again later, or ask who looks after it", s, what)
	}
	return fmt.Errorf("the Primero answers in a way that is not known (%d) instead of a yes to: %s", a.status, what)
}

// named gives the fields that an answer complains about, of those that were sent.
func named(a answer, sent []string) (fields []string) {
	var body struct {
		Errors []struct {
			Detail any `json:"detail"`
		} `json:"errors"`
	}
	if json.Unmarshal(a.body, &body) != nil {
		return nil
	}
	add := func(v any) {
		if name, is := v.(string); is && slices.Contains(sent, name) && !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	for _, e := range body.Errors {
		switch d := e.Detail.(type) {
		case []any:
			for _, v := range d {
				add(v)
			}
		default:
			add(d)
		}
	}
	return fields
}

func list(fields, all []string) string {
	if len(fields) == 0 {
		fields = all
	}
	return strings.Join(fields, ", ")
}

// after says how long to wait, where a plausible number of seconds was told.
func after(a answer) string {
	n, err := strconv.Atoi(a.header.Get("Retry-After"))
	switch {
	case err != nil || n <= 0 || n > 24*3600:
		return "; try again in some minutes"
	case n < 120:
		return fmt.Sprintf("; try again in %d seconds", n)
	}
	return fmt.Sprintf("; try again in %d minutes", (n+59)/60)
}
