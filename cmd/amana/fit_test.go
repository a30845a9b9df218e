package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"amana/bot/kv/mem"
)

// A process whose keys do not fit leaves its offices to another one that waits, and what comes by webhook. Where there is nobody
// else it has them again after a while.
func TestUnfitLeavesToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := mem.New(nil)
		ctx, stop := context.WithCancel(t.Context())
		log := slog.New(slog.DiscardHandler)
		keeps := func(ctx context.Context, h *house) {
			c := &keeperClock{}
			h.keeping.Store(c)
			_ = h.offices(log).hold(ctx, keepOffice, func(ctx context.Context) error {
				c.whileKeeping(ctx)
				<-ctx.Done()
				return nil
			})
		}
		has := func(h *house) bool {
			_, end, keeps := h.keeping.Load().under(ctx)
			if keeps {
				end()
			}
			return keeps
		}
		one := &house{engine: base.Join(nil), process: [16]byte{1}}
		other := &house{engine: base.Join(nil), process: [16]byte{2}}
		go keeps(ctx, one)
		synctest.Wait()
		second, leave := context.WithCancel(ctx)
		go keeps(second, other)
		time.Sleep(time.Minute)
		if !has(one) || has(other) || one.refuses() {
			t.Fatal("the first has not the office")
		}
		hook := func() int {
			w := httptest.NewRecorder()
			s := &hooks{doors: map[string]http.Handler{"/people": http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}, refuses: one.refuses}
			s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/people", nil))
			return w.Code
		}
		if !one.fitness.set(false) || one.fitness.set(false) {
			t.Fatal("it is not noted once")
		}
		time.Sleep(5 * time.Second)
		if has(one) || !has(other) || hook() != http.StatusServiceUnavailable {
			t.Errorf("it is not left to the other: %v %v, %d", has(one), has(other), hook())
		}
		time.Sleep(time.Minute)
		leave()
		time.Sleep(5 * time.Second)
		if !has(one) || hook() != http.StatusOK {
			t.Errorf("there is nobody else, and it does nothing: %d", hook())
		}
		time.Sleep(5 * time.Minute)
		if !has(one) {
			t.Error("it leaves the office to nobody again")
		}
		stop()
		synctest.Wait()
	})
}
