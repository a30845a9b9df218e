package desk

import (
	"context"
	"errors"
	"net/http"

	"amana/bot/casework"
)

// CookieName is the one cookie that there is: the token of a session.
const CookieName = "amana-desk"

// asked is one question, and who asks it.
type asked struct {
	*Desk
	w       http.ResponseWriter
	r       *http.Request
	me      casework.Me
	session *session // nil before somebody has signed in
}

// polled is an answer that is asked for again and again: it is sent with a mark, and only when it has changed.
type polled struct{ answer any }

// octets is an answer that is no JSON.
type octets []byte

// A deed answers a question: what it gives is sent as JSON, and an error as the word for it.
type deed func(ctx context.Context, a *asked) (any, error)

// open are the questions of whoever has not signed in yet.
var open = map[string]deed{
	"GET /api/place":             getPlace,
	"POST /api/enter/invitation": postInvitation,
	"POST /api/enter/enrol":      postEnrol,
	"POST /api/enter/begin":      postBegin,
	"POST /api/enter/finish":     postFinish,
}

// signedIn are those of everybody who has.
var signedIn = map[string]deed{
	"POST /api/leave": postLeave,
	"GET /api/me":     getMe,
	"POST /api/me":    postMe,
	"POST /api/proof": postProof,

	"GET /api/inbox":                      getInbox,
	"POST /api/report/{code}/open":        postOpen,
	"GET /api/report/{code}/standing":     getStanding,
	"GET /api/report/{code}/voice/{name}": getVoice,
	"POST /api/report/{code}/acknowledge": postAcknowledge,
	"GET /api/report/{code}/recuse":       getRecuse,
	"POST /api/report/{code}/recuse":      postRecuse,
	"GET /api/report/{code}/handover":     getHandover,
	"POST /api/report/{code}/handover":    postHandover,
	"GET /api/report/{code}/hold":         getHold,
	"POST /api/report/{code}/hold":        postHold,
	"POST /api/report/{code}/left":        postLeft,
	"GET /api/report/{code}/trail":        getTrail,
	"POST /api/answer":                    postAnswer,
	"POST /api/grant":                     postGrant,

	"GET /api/roster":          getRoster,
	"POST /api/roster":         postRoster,
	"POST /api/roster/invite":  postInvite,
	"POST /api/roster/browser": postBrowser,
	"POST /api/roster/absence": postAbsence,
	"GET /api/audit":           getAudit,

	"GET /api/numbers":            getNumbers,
	"GET /api/directory":          getDirectory,
	"POST /api/directory/verify":  postVerify,
	"POST /api/directory/correct": postCorrect,
}

// mux brings every question to its deed. What is no question is answered like what does not exist.
func (d *Desk) mux() http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range open {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			d.answer(&asked{Desk: d, w: w, r: r}, do)
		})
	}
	for pattern, do := range signedIn {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			a := &asked{Desk: d, w: w, r: r}
			d.answer(a, func(ctx context.Context, a *asked) (any, error) {
				if err := a.known(ctx); err != nil {
					return nil, err
				}
				return do(ctx, a)
			})
		})
	}
	mux.Handle("GET /words/{name}", d.words)
	pages := Pages(d.Pages, d.Placeholder)
	mux.Handle("GET /{$}", pages)
	mux.Handle("GET /app/{name}", pages)
	mux.HandleFunc("/", nothing)
	return mux
}

// answer does what was asked for, and says what came of it.
func (d *Desk) answer(a *asked, do deed) {
	ctx, done := context.WithTimeout(a.r.Context(), d.Patience)
	defer done()
	out, err := do(ctx, a)
	if err == nil {
		switch out := out.(type) {
		case octets:
			send(a.w, http.StatusOK, "application/octet-stream", out)
		case polled:
			a.sayIfNew(out.answer)
		default:
			say(a.w, http.StatusOK, out)
		}
		return
	}
	status, p, known := worded(err)
	switch {
	case errors.Is(err, errSlow):
		a.w.Header().Set("Retry-After", "15")
		d.counts.slowed.Add(1)
	case !known && a.r.Context().Err() == nil: // else nobody waits for it any more, or the program stops
		d.counts.failed.Add(1)
		d.Log.Error("answering at the desk", "question", a.r.Pattern, "error", err) // the pattern: no code stands in it
	}
	say(a.w, status, p)
}

// known finds the session of a question, and looks whether its owner still counts.
func (a *asked) known(ctx context.Context) error {
	s, ok := a.sessions.find(a.token())
	if !ok {
		return errSignIn
	}
	if !s.pace.AllowN(a.Now(), 1) {
		return errSlow
	}
	me, err := a.Registry.WhoAmI(ctx, s.person)
	if errors.Is(err, casework.ErrUnknown) { // revoked, or refused
		a.sessions.endAll(s.person)
		return errSignIn
	}
	if err == nil && me.Fingerprint != s.key { // who signed in had a key that was lost, or stolen, and has been replaced
		a.sessions.end(a.token())
		return errSignIn
	}
	if err == nil {
		lets, err := a.Registry.Lets(ctx, s.person, s.browser)
		if err == nil && !lets { // it was refused or forgotten, as when the device was stolen
			a.sessions.end(a.token())
			err = errSignIn
		}
		if err != nil {
			return err
		}
	}
	a.me, a.session = me, s
	return err
}

func (a *asked) token() string { return tokenOf(a.r) }

func tokenOf(r *http.Request) string {
	c, err := r.Cookie(CookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// code gives the code that is asked about, as it was written.
func (a *asked) code() string { return a.r.PathValue("code") }

// json reads the question.
func (a *asked) json(into any) error { return read(a.w, a.r, mostQuestion, into) }

// mostQuestion is how long a question in JSON may be; a signed roster is longer.
const mostQuestion = 128 << 10
