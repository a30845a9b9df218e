package telegram

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestAWebhookTakesNoMoreThanItCanKeep fills a door whose room saves nothing, and looks what it does with one more.
func TestAWebhookTakesNoMoreThanItCanKeep(t *testing.T) {
	d := &Door{opt: Options{Now: time.Now}, window: newWindow(), hook: newHook(Webhook{Secret: "s", Connections: 100})}
	knock := func() int {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"update_id":7}`))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s")
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		return w.Code
	}
	if got := knock(); got != http.StatusServiceUnavailable {
		t.Errorf("before it is open: %d", got)
	}
	d.hook.set(true)
	for id := range int64(hookCrowd) {
		d.window.take(id + 100)
	}
	if got := knock(); got != http.StatusServiceUnavailable || d.window.unsettled() != hookCrowd {
		t.Errorf("when it is full: %d", got)
	}
	d.window.done(100)
	if got := knock(); got != http.StatusOK {
		t.Errorf("when there is room, something in which there is nothing to hear: %d", got)
	}
}

// TestTheOldestVisitMakesRoom holds who has to go when most connections wait: first whoever is owed an answer only.
func TestTheOldestVisitMakesRoom(t *testing.T) {
	d := &Door{window: newWindow(), hook: newHook(Webhook{Secret: "s", Connections: 4})}
	ended := make(chan string, 10)
	attend := func(id int64) {
		d.window.take(id)
		n := len(d.hook.now())
		go func() { ended <- fmt.Sprint(id, " ", d.attend(context.Background(), id)) }()
		for len(d.hook.now()) == n && len(ended) == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	attend(1)
	attend(2)
	attend(3)
	d.window.owe(3, time.Now())
	attend(4)
	if got := <-ended; got != "3 true" {
		t.Errorf("first goes %s", got)
	}
	for len(d.hook.now()) != 3 {
		time.Sleep(time.Millisecond)
	}
	attend(5)
	if got := <-ended; got != "1 false" || d.window.unsettled() != 4 {
		t.Errorf("then goes %s", got)
	}
	close(d.hook.ended)
	for range 3 {
		if got := <-ended; !strings.HasSuffix(got, "false") {
			t.Errorf("at the end: %s", got)
		}
	}
}

func (h *hook) now() []*visit {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]*visit(nil), h.visits...)
}
