package telegramtest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// FaultKind says how a call goes wrong.
type FaultKind int

// The faults. Those that come before processing leave no trace in the chats; those after it do, and the bot does not
// learn so: repeating such a call doubles it.
const (
	DropBefore      FaultKind = iota // the connection breaks, nothing was done
	DropAfter                        // it was done, then the connection breaks
	BadGateway                       // a proxy's 502 page in HTML, nothing was done
	BadGatewayAfter                  // the same page, but it was done
	ServerError                      // 500 in the API's JSON, nothing was done
	Truncated                        // it was done; the answer's JSON ends in the middle with a correct length
	Slow                             // it was done; the answer comes byte by byte over Fault.Delay
	Flood                            // 429 with Fault.RetryAfter, nothing was done
	Conflict                         // a bare 409, nothing was done
	NotFound                         // 404 in the API's JSON, nothing was done: a link that has ended
)

var faultNames = [...]string{"drop before", "drop after", "bad gateway", "bad gateway after", "server error", "truncated", "slow", "flood", "conflict", "not found"}

// String names the fault.
func (k FaultKind) String() string { return faultNames[k] }

// Fault plans something that goes wrong. Of Nth, Every and Probability the first that is set decides; none of them
// means every call. Where two faults are planned for a call, the one that was planned first happens.
type Fault struct {
	Method      string  // empty: any method; "send*": all that begin so
	Token       string  // empty: any bot
	Nth         int     // the n-th such call from now, once
	Every       int     // each n-th such call
	Probability float64 // 0 to 1, by the server's seed
	Times       int     // at most so often; 0: no end
	Kind        FaultKind
	RetryAfter  int           // seconds, with Flood; 0 means 1
	Delay       time.Duration // with Slow; 0 means one second

	seen, done int
}

// faults holds the plan. Its randomness is seeded, so that calls in the same order fail in the same way.
type faults struct {
	mu   sync.Mutex
	plan []*Fault
	rand *rand.Rand
}

func newFaults(seed uint64) *faults { return &faults{rand: rand.New(rand.NewPCG(seed, 1))} }

// Fault adds a fault to the plan and gives what takes it out again.
func (s *Server) Fault(f Fault) (stop func()) {
	p := &f
	s.faults.mu.Lock()
	s.faults.plan = append(s.faults.plan, p)
	s.faults.mu.Unlock()
	return func() {
		s.faults.mu.Lock()
		defer s.faults.mu.Unlock()
		for i, x := range s.faults.plan {
			if x == p {
				s.faults.plan = append(s.faults.plan[:i:i], s.faults.plan[i+1:]...)
			}
		}
	}
}

// next says which fault, if any, befalls this call.
func (fs *faults) next(token, method string) *Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.plan {
		if !f.meant(token, method) || (f.Times > 0 && f.done >= f.Times) {
			continue
		}
		f.seen++
		hit := true
		switch {
		case f.Nth > 0:
			hit = f.seen == f.Nth
		case f.Every > 0:
			hit = f.seen%f.Every == 0
		case f.Probability > 0:
			hit = fs.rand.Float64() < f.Probability
		}
		if hit {
			f.done++
			return f
		}
	}
	return nil
}

func (f *Fault) meant(token, method string) bool {
	if f.Token != "" && f.Token != token {
		return false
	}
	if begin, ok := strings.CutSuffix(f.Method, "*"); ok {
		return strings.HasPrefix(method, begin)
	}
	return f.Method == "" || strings.EqualFold(f.Method, method)
}

// early says that the call is not to be processed at all.
func (f *Fault) early() bool {
	switch f.Kind {
	case DropBefore, BadGateway, ServerError, Flood, Conflict, NotFound:
		return true
	}
	return false
}

// instead answers in place of the API.
func (f *Fault) instead(w http.ResponseWriter) {
	var r *refusal
	switch f.Kind {
	case DropBefore:
		panic(http.ErrAbortHandler)
	case BadGateway:
		gatewayPage(w)
		return
	case ServerError:
		r = &refusal{code: 500, text: "Internal Server Error"}
	case Flood:
		r = tooMany(max(f.RetryAfter, 1))
		w.Header().Set("Retry-After", fmt.Sprint(r.retryAfter))
	case Conflict:
		r = &refusal{code: 409, text: "Conflict"}
	case NotFound:
		r = &refusal{code: 404, text: "Not Found"}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.code)
	w.Write(answerRefused(r)) //nolint:errcheck // the bot went away
}

// after spoils the answer to a call that was processed.
func (f *Fault) after(w http.ResponseWriter, status int, body []byte, quit <-chan struct{}) {
	switch f.Kind {
	case DropAfter:
		panic(http.ErrAbortHandler)
	case BadGatewayAfter:
		gatewayPage(w)
		return
	case Truncated:
		body = body[:len(body)*2/3]
	}
	w.WriteHeader(status)
	if f.Kind == Slow {
		f.trickle(w, body, quit)
		return
	}
	w.Write(body) //nolint:errcheck // the bot went away
}

// trickle sends the answer in twenty pieces over the fault's delay.
func (f *Fault) trickle(w http.ResponseWriter, body []byte, quit <-chan struct{}) {
	d := f.Delay
	if d == 0 {
		d = time.Second
	}
	c := http.NewResponseController(w)
	for n := len(body)/20 + 1; len(body) > 0; {
		k := min(n, len(body))
		if _, err := w.Write(body[:k]); err != nil {
			return
		}
		_ = c.Flush()
		body = body[k:]
		select {
		case <-time.After(d / 20):
		case <-quit:
			return
		}
	}
}

func gatewayPage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	fmt.Fprint(w, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n")
}
