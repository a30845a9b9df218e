package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"amana/bot/casework"
)

// problem is what a page is told in the place of an answer: a word that it has a sentence for.
type problem struct {
	Error  string `json:"error"`
	Reason string `json:"reason,omitempty"` // of a file that was refused, or the field that a value does not fit
	What   string `json:"what,omitempty"`   // is wrong with a value
	Remedy string `json:"remedy,omitempty"`
}

func trouble(word string) problem { return problem{Error: word} }

// The questions that cannot be answered, beside those of the registry.
var (
	errSignIn  = errors.New("not signed in")
	errSlow    = errors.New("too much at once")
	errBad     = errors.New("not a question of the page")
	errAllowed = errors.New("not for this person")
	errNothing = errors.New("nothing lies here")
)

// worded gives status and word of an error; ok is false for what is nobody's fault but ours.
func worded(err error) (status int, p problem, ok bool) {
	var refusal casework.Refusal
	var long *http.MaxBytesError
	var wrong Wrong
	switch {
	case errors.As(err, &wrong):
		return http.StatusUnprocessableEntity, problem{"bad", wrong.Column, wrong.What, wrong.Remedy}, true
	case errors.As(err, &refusal):
		return http.StatusUnprocessableEntity, problem{Error: "refused", Reason: string(refusal)}, true
	case errors.Is(err, casework.ErrUnknown), errors.Is(err, errNothing):
		return http.StatusNotFound, trouble("unknown"), true
	case errors.Is(err, casework.ErrHeld):
		return http.StatusConflict, trouble("held"), true
	case errors.Is(err, casework.ErrLastReader):
		return http.StatusConflict, trouble("last_reader"), true
	case errors.Is(err, casework.ErrInvitation), errors.Is(err, ErrNoService):
		return http.StatusNotFound, trouble("gone"), true
	case errors.Is(err, errSignIn):
		return http.StatusUnauthorized, trouble("sign_in"), true
	case errors.Is(err, errAllowed), errors.Is(err, casework.ErrNotAllowed):
		return http.StatusForbidden, trouble("not_allowed"), true
	case errors.Is(err, errSlow):
		return http.StatusTooManyRequests, trouble("slow"), true
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge, trouble("bad"), true
	case errors.Is(err, errBad), errors.Is(err, casework.ErrEnrolment), errors.Is(err, casework.ErrOldRoster):
		return http.StatusBadRequest, trouble("bad"), true
	}
	return http.StatusInternalServerError, trouble("failed"), false
}

// say writes an answer as JSON.
func say(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil { // nothing that is answered holds what JSON cannot
		panic(fmt.Sprintf("writing an answer: %T", answer))
	}
	send(w, status, "application/json", body)
}

// sayIfNew writes an answer as JSON with a mark of its bytes, or that it is as it was when whoever asks got that mark. The mark
// is keyed by the session: it is compared with what this session has got, and tells nobody what another one gets.
func (a *asked) sayIfNew(answer any) {
	body, err := json.Marshal(answer)
	if err != nil { // as in say
		panic(fmt.Sprintf("writing an answer: %T", answer))
	}
	mac := hmac.New(sha256.New, a.session.mark[:])
	mac.Write(body)
	tag := `"` + hex.EncodeToString(mac.Sum(nil)[:16]) + `"`
	a.w.Header().Set("ETag", tag)
	if a.r.Header.Get("If-None-Match") == tag {
		a.w.WriteHeader(http.StatusNotModified)
		return
	}
	send(a.w, http.StatusOK, "application/json", body)
}

func send(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// typed refuses a body that a form of another page could have sent.
func typed(r *http.Request, want string) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != want || r.Header.Get("Content-Encoding") != "" {
		return errBad
	}
	return nil
}

// read reads a question in JSON: one value, of the fields that it has, and nothing behind it.
func read(w http.ResponseWriter, r *http.Request, most int64, into any) error {
	if err := typed(r, "application/json"); err != nil {
		return err
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, most))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return bad(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return bad(err)
	}
	return nil
}

// readFile reads a sealed file.
func readFile(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	if err := typed(r, "application/octet-stream"); err != nil {
		return nil, err
	}
	file, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		return nil, bad(err)
	}
	return file, nil
}

// bad keeps of an error of reading only that a body was too long.
func bad(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return long
	}
	return errBad
}
