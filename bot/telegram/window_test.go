package telegram

import (
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	w, now := newWindow(), time.Now()
	for _, id := range []int64{5, 6, 9} { // numbers may be skipped
		if !w.take(id) {
			t.Fatalf("%d is new", id)
		}
	}
	if w.take(6) || w.offset(now) != 5 {
		t.Error("6 was taken before, and nothing is settled")
	}
	w.done(6)
	w.done(9)
	if w.offset(now) != 5 {
		t.Error("settled out of order: 5 still stands first")
	}
	w.done(5)
	w.done(5)
	if w.offset(now) != 10 || !w.wait(t.Context(), 0) {
		t.Error("all are settled")
	}
	if len(w.known) != 0 {
		t.Error("settled numbers are kept for ever")
	}
	w.reset()
	if w.offset(now) != 0 || !w.take(3) || w.offset(now) != 3 {
		t.Error("after a reset the numbers begin anywhere")
	}
}

func TestWhatIsOwedIsConfirmedAfterAMinuteInWhichTelegramAnswers(t *testing.T) {
	w, now := newWindow(), time.Now()
	w.take(1)
	w.take(2)
	w.owe(2, now)
	if !w.hearing() {
		t.Error("1 is still being heard")
	}
	w.owe(1, now)
	w.owe(1, now.Add(time.Hour)) // committed once
	if w.hearing() || w.offset(now.Add(owedTime-1)) != 1 {
		t.Error("both are owed, and none is confirmed")
	}
	w.unreachable(now.Add(owedTime - 1))
	if w.offset(now.Add(2*owedTime-2)) != 1 {
		t.Error("a network that is down took from the time of what is owed")
	}
	if w.offset(now.Add(2*owedTime-1)) != 3 || w.busy != 0 || w.owed != 0 {
		t.Errorf("what is owed is kept for ever: %+v", w)
	}
	w.done(1) // said at last
	w.take(3)
	if w.offset(now.Add(time.Hour)) != 3 {
		t.Error("what is being heard is confirmed")
	}
}

func TestWhatIsOwedMakesRoomForOthersTheOldestFirst(t *testing.T) {
	w, now := newWindow(), time.Now()
	for id := int64(1); id <= pageSize; id++ {
		w.take(id)
		w.owe(id, now)
	}
	w.full(owedNews)
	if w.offset(now) != 1 {
		t.Error("there was room enough for others")
	}
	w.full(owedNews - 1)
	if got := w.offset(now); got != 1+owedPlace {
		t.Errorf("asks from %d", got)
	}
	for id := int64(pageSize + 1); id <= pageSize+owedPlace; id++ {
		w.take(id)
	}
	w.done(1 + owedPlace)
	for id := int64(2 + owedPlace); id < 50; id++ {
		w.done(id)
	}
	w.full(0)
	if got := w.offset(now); got != 1+2*owedPlace {
		t.Errorf("what is settled counts as well, until it is confirmed: asks from %d", got)
	}
	for id := int64(1 + 2*owedPlace); id <= pageSize; id++ {
		w.done(id)
	}
	w.full(0)
	if got := w.offset(now); got != pageSize+1 {
		t.Errorf("what is not committed was confirmed: asks from %d", got)
	}
}
