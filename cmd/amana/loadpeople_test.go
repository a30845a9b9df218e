package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"amana/bot/telegram/telegramtest"
)

// soul is one person of a crowd who does what they came for, with pauses of their own, and leaves.
type soul struct {
	walker
	*mob
	way   string
	files bool // a report is sent on this way, so that a receipt must be shown
	times []answered
	err   error
}

// answered is one turn: when it was over, and how long the person waited.
type answered struct {
	at    time.Time
	after time.Duration
	slow  bool // a receipt was made or tried, which takes long on purpose
}

var souls atomic.Int64

// stories are told in the script of whoever tells them, as far as there is one here.
var stories = map[string]string{
	"en": "he asked me to come back alone in the evening and said that there would be a place on the list",
	"ar": "طلب مني أن أعود وحدي في المساء وقال إن هناك مكانا في القائمة",
	"bn": "সে আমাকে সন্ধ্যায় একা ফিরে আসতে বলেছে",
	"am": "ምሽት ላይ ብቻዬን እንድመለስ ጠየቀኝ",
	"my": "ညနေမှာ တစ်ယောက်တည်း ပြန်လာဖို့ ပြောတယ်",
}

// ofHundred is how many of a hundred people come for what.
var ofHundred = []struct {
	way string
	n   int
}{{"reports", 26}, {"speaks", 4}, {"comes back with the receipt", 6}, {"sends something else", 19}, {"looks for help", 23}, {"hides", 10}, {"reads the rights", 6}, {"reads about the bot", 6}}

// comes brings one more person, drawn anew from the seed.
func (m *mob) comes() *soul {
	n := souls.Add(1)
	r := rand.New(rand.NewPCG(m.seed, uint64(n)))
	way, at := "", r.IntN(100)
	for _, w := range ofHundred {
		if at -= w.n; at < 0 {
			way = w.way
			break
		}
	}
	if m.idly && slices.Contains([]string{"reports", "speaks", "comes back with the receipt", "sends something else"}, way) {
		way = "looks for help"
	}
	return m.one(n, way, r)
}

func (m *mob) one(n int64, way string, r *rand.Rand) *soul {
	lang := m.langs[r.IntN(len(m.langs))]
	story := stories[lang]
	if story == "" {
		story = stories["en"]
	}
	s := &soul{mob: m, way: way, walker: walker{
		trial: m.trial, phone: m.person(8_400_000_000+n, lang), lang: lang, rand: r, skips: 0.4 + 0.6*r.Float64(), burst: 1 + r.IntN(4),
		looks: []float64{0, 0, 0.05}[r.IntN(3)], twice: []float64{0, 0, 0.1}[r.IntN(3)],
		plan: map[string]string{"story": story, "reach": "000-0000", "involved": "no", "consent_complaint": "yes", "age": []string{"adult", "under_18"}[r.IntN(2)]},
	}}
	if lang == "en" || lang == "ar" { // whose places and numerals are known here
		s.typed = []float64{0, 0.3}[r.IntN(2)]
	}
	s.heard, s.about = s.note, s.ponder()
	switch way {
	case "reports", "comes back with the receipt":
		s.files = true
	case "speaks":
		s.files, s.plan, s.typed, s.looks = true, spokenPlan(), 0, 0
		s.speak()
	case "sends something else":
		others := ways(story)
		s.files, s.plan = true, others[slices.Sorted(maps.Keys(others))[r.IntN(len(others))]]
	case "looks for help":
		s.plan = map[string]string{"menu": "services", "need": []string{"doctor", "talk", "safe", "law", "aid"}[r.IntN(5)]}
	case "hides":
		after := 2 + r.IntN(8)
		s.instead = func(q question) string {
			if _, can := q.data["!hide"]; can && len(s.trace) > after {
				return "!hide"
			}
			return ""
		}
	case "reads the rights":
		s.plan = map[string]string{"menu": "topics", "topics": "rights", "about": []string{"rules", "bot"}[r.IntN(2)], "then": "close"}
	case "reads about the bot":
		s.plan = map[string]string{"menu": "about", "more": "close"}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.everybody = append(m.everybody, s)
	return s
}

// ponder gives the pauses of a person: half of them below the median, a few very long, about a third of all people always
// quick, and one in eight away for a while somewhere in the middle.
func (s *soul) ponder() func(string) {
	own := s.pause
	if s.rand.IntN(3) == 0 {
		own /= 4
	}
	away := -1
	if s.rand.IntN(8) == 0 {
		away = 2 + s.rand.IntN(10)
	}
	return func(string) {
		d := float64(own) * math.Exp(0.8*s.rand.NormFloat64())
		if len(s.trace) == away {
			d += 8 * float64(s.pause)
		}
		time.Sleep(min(time.Duration(d), 20*s.pause))
	}
}

// speak lets somebody tell aloud what they have to tell.
func (s *soul) speak() {
	pauses := s.about
	s.aloud("story", aSound("zqcrowd", 20_000+s.rand.IntN(60_000)))
	says := s.about
	s.about = func(step string) {
		pauses(step)
		if step == "story" {
			says(step)
			s.about = pauses
		}
	}
}

// note keeps how long the latest answer took.
func (s *soul) note() {
	at := s.clock.last(s.phone.ID())
	if at.Before(s.asked) {
		return // it had come before: what was waited for is only now understood
	}
	s.times = append(s.times, answered{at, at.Sub(s.asked), s.walker.last.step == "check" || s.walker.last.step == "number"})
}

// spoke says that the bot has said something since the person's last answer, which was to this step.
func (s *soul) spoke(step string) bool {
	return s.walker.last.step == step && s.clock.last(s.phone.ID()).After(s.asked)
}

// live is all of it, from the first word to the last.
func (s *soul) live(ctx context.Context) {
	s.mob.open.Add(1)
	defer s.mob.open.Add(-1)
	switch {
	case s.way == "comes back with the receipt":
		var receipt string
		if receipt, s.err = s.report(ctx); s.err != nil {
			return
		}
		s.plan = map[string]string{"menu": "mailbox", "number": receipt, "what": "close"}
		s.err = s.walk(ctx, func() bool { return s.spoke("what") })
	case s.files:
		_, s.err = s.report(ctx)
	case s.way == "looks for help":
		s.err = s.walk(ctx, func() bool { return s.looked > 0 })
	case s.way == "hides":
		s.err = s.walk(ctx, func() bool { q, ok := questionOn(s.phone.Screen()); return ok && q.step == "face" })
	case s.way == "reads the rights":
		s.err = s.walk(ctx, func() bool { return s.spoke("then") })
	case s.way == "reads about the bot":
		s.err = s.walk(ctx, func() bool { return s.spoke("more") })
	}
}

// ready brings people to the point at which one tap sends what they told.
func (m *mob) ready(n int) (all []*soul) {
	ctx := telegramtest.Within(endurance)
	seats := make(chan struct{}, 16)
	var walking sync.WaitGroup
	for range n {
		id := souls.Add(1)
		s := m.one(id, "presses send", rand.New(rand.NewPCG(m.seed, uint64(id))))
		s.files, s.looks, s.twice, s.typed, s.skips, s.burst = true, 0, 0, 0, 1, 1
		all = append(all, s)
		seats <- struct{}{}
		walking.Go(func() {
			defer func() { <-seats }()
			s.err = s.walk(ctx, func() bool { q, ok := questionOn(s.phone.Screen()); return ok && q.step == "check" })
			s.times = nil
		})
	}
	walking.Wait()
	return all
}

// stand brings people to the menu, where they stop.
func (m *mob) stand(n int) (all []*soul) {
	ctx := telegramtest.Within(endurance)
	seats := make(chan struct{}, 32)
	var walking sync.WaitGroup
	for range n {
		id := souls.Add(1)
		s := m.one(id, "stops at the menu", rand.New(rand.NewPCG(m.seed, uint64(id))))
		s.typed, s.looks, s.twice = 0, 0, 0
		s.about = nil
		all = append(all, s)
		seats <- struct{}{}
		walking.Go(func() {
			defer func() { <-seats }()
			s.err = s.walk(ctx, func() bool { q, ok := questionOn(s.phone.Screen()); return ok && q.step == "menu" })
		})
	}
	walking.Wait()
	return all
}

// send lets these people send at a rate, whether or not those before them have their receipt.
func (m *mob) send(all []*soul, rate int) []*soul {
	ctx := telegramtest.Within(endurance)
	begin := time.Now()
	var waiting sync.WaitGroup
	for n, s := range all {
		time.Sleep(time.Until(begin.Add(time.Duration(n) * time.Second / time.Duration(rate))))
		waiting.Go(func() {
			if s.err != nil {
				return
			}
			q, ok := questionOn(s.phone.Screen())
			if !ok || q.data["send"] == "" { // that of the check, or of whoever was asked to try again
				s.err = fmt.Errorf("what is asked is %q", q.step)
				return
			}
			s.asked = time.Now()
			if s.err = s.phone.TapData(q.data["send"]); s.err != nil {
				return
			}
			_, s.err = s.phone.Wait(ctx, func(sc telegramtest.Screen) bool {
				now, _ := questionOn(sc)
				return len(receipts(s.phone)) > 0 || now.tag == q.tag && (now.turn > q.turn || now.id > q.id)
			})
			if s.err == nil && len(receipts(s.phone)) > 0 {
				s.walker.last = q
				s.note()
			}
		})
	}
	waiting.Wait()
	return all
}
