package casework_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/ticket"
)

// Sixty-four people and eight focal points at once, on a file: some report, some write, some only talk; readers read,
// answer and acknowledge, the clock ticks, roots step, notices are carried. Everything is there at the end, once.
func TestCrowd(t *testing.T) {
	const people, filing = 64, 12
	m := onDisk(t)
	theCamp().warm(t, filing)
	var receipts sync.Map
	codes := make(chan string, filing)
	var work, readers sync.WaitGroup
	for n := range people {
		work.Go(func() {
			c := m.chat(n)
			for k := range 4 {
				turn := c.turn()
				turn.Draft = fmt.Appendf(nil, "draft %d", k)
				if _, err := c.commit(turn); err != nil {
					t.Errorf("person %d: %v", n, err)
				}
				if got := c.recall(c.incoming()); string(got.Draft) != string(turn.Draft) {
					t.Errorf("person %d finds %q for %q", n, got.Draft, turn.Draft)
				}
			}
			if n >= filing {
				return
			}
			turn := c.turn()
			turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts("story", c.number)}
			done, err := c.commit(turn)
			if err != nil {
				t.Errorf("person %d files: %v", n, err)
				return
			}
			receipts.Store(n, done.Receipt)
			codes <- m.code(done.Receipt)
			mail, err := m.registry.Open(t.Context(), turn.Person, done.Receipt)
			if err != nil {
				t.Errorf("person %d opens: %v", n, err)
				return
			}
			letter := c.turn()
			letter.Letter = &bot.Letter{Box: mail.Box, Text: "more of " + c.number, Lang: "en"}
			if _, err := c.commit(letter); err != nil {
				t.Errorf("person %d writes: %v", n, err)
			}
		})
	}
	for n := range 8 {
		who := []string{"ana", "bea"}[n%2]
		readers.Go(func() {
			for code := range codes {
				if _, err := m.registry.Acknowledge(t.Context(), who, code); err != nil {
					t.Errorf("%s acknowledges: %v", who, err)
				}
				files, err := m.registry.ReadOut(t.Context(), who, code)
				if err != nil {
					t.Errorf("%s reads: %v", who, err)
					continue
				}
				if _, err := m.registry.Answer(t.Context(), who, m.writesAnswer(m.unpack(files, m.ids[who]), reply{text: "heard"})); err != nil {
					t.Errorf("%s answers: %v", who, err)
				}
				if _, err := m.registry.Inbox(t.Context(), who); err != nil {
					t.Errorf("%s looks: %v", who, err)
				}
			}
		})
	}
	told := map[string]int{}
	over, stop := context.WithCancel(t.Context())
	var clock sync.WaitGroup
	clock.Go(func() {
		for over.Err() == nil {
			m.wait(20 * time.Second)
			if _, err := m.registry.Tick(t.Context()); err != nil {
				t.Error("the clock:", err)
			}
			if err := m.registry.Sweep(t.Context(), live); err != nil {
				t.Error("the sweep:", err)
			}
			for _, n := range m.carried() {
				told[n.Reader+" "+n.Event+" "+n.Code]++
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	work.Wait()
	close(codes)
	readers.Wait()
	stop()
	clock.Wait()
	m.wait(time.Hour)
	for _, n := range m.carried() {
		told[n.Reader+" "+n.Event+" "+n.Code]++
	}
	filed := 0
	receipts.Range(func(n, receipt any) bool {
		filed++
		mail := m.chat(n.(int)).opens(receipt.(string))
		if len(mail.Answers) != 1 {
			t.Errorf("person %d reads %d answers", n, len(mail.Answers))
		}
		code := m.code(receipt.(string))
		if got := m.reads("bea", code).texts(); len(got) != 3 {
			t.Errorf("the thread of person %d: %q", n, got)
		}
		for _, who := range []string{"ana", "bea"} {
			if told[who+" report "+code] != 1 {
				t.Errorf("%s was told %d times", who, told[who+" report "+code])
			}
		}
		return true
	})
	if filed != filing || m.size('R') != filing {
		t.Errorf("%d receipts, %d reports", filed, m.size('R'))
	}
	m.whole()
}

// warm does the slow step of so many receipts.
func (c *camp) warm(t testing.TB, n int) {
	t.Helper()
	var g sync.WaitGroup
	for i := range n {
		g.Go(func() {
			if _, err := c.stretch(context.WithoutCancel(t.Context()), c.receipt(i).Digits()); err != nil {
				t.Error(err)
			}
		})
	}
	g.Wait()
}

// A crowd that would wait too long for its receipts is told so, and nothing of it is written.
func TestBusy(t *testing.T) {
	m := newMission(t)
	ctx, leave := context.WithCancel(t.Context())
	var g sync.WaitGroup
	kiln := m.registry.Kiln
	for n := range 70 {
		g.Go(func() { _, _ = m.house.Stretch(ctx, kiln, theCamp().receipt(n%3).Digits()) })
	}
	for kiln.Waiting() <= 50 {
		time.Sleep(time.Millisecond)
	}
	turn := m.chat(1).turn()
	turn.Filing = &bot.Filing{Kind: "sea", Lang: "en", Facts: facts()}
	_, err := m.chat(1).commit(turn)
	if wait := m.chat(2).tries(m.chat(2).reporting("danger", "yes")); wait != 0 {
		t.Errorf("what is urgent waits %v", wait)
	}
	leave()
	g.Wait()
	wantErr(t, err, bot.ErrBusy)
	if m.size('R') != 1 || m.size('U') != 1 {
		t.Error("something was written beside what is urgent")
	}
	if _, err := m.chat(1).commit(turn); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// BenchmarkFiling files reports with the real slow step, on a file.
func BenchmarkFiling(b *testing.B) {
	m := onDisk(b)
	m.registry.Slow(func() (ticket.Receipt, error) { return ticket.NewReceipt(rand.Reader) }, func(ctx context.Context, receipt string) (seal.Stretched, error) {
		return m.house.Stretch(ctx, m.registry.Kiln, receipt)
	})
	n := 0
	for b.Loop() {
		n++
		turn := m.chat(n).turn()
		turn.Filing = &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: facts("story", "what happened")}
		if _, err := m.chat(n).commit(turn); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTurn is one message of a conversation: recalled and committed, for one person and for 64 at once.
func BenchmarkTurn(b *testing.B) {
	for name, begin := range map[string]func(testing.TB, ...func(*casework.Options)) *mission{"mem": newMission, "bolt": onDisk} {
		for _, people := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/people=%d", name, people), func(b *testing.B) {
				m := begin(b)
				draft := make([]byte, 600)
				jobs := make(chan struct{})
				var g sync.WaitGroup
				for n := range people {
					g.Go(func() {
						c := m.chat(n)
						for range jobs {
							in := c.incoming()
							_, err := m.registry.Recall(b.Context(), in)
							_, err2 := m.registry.Commit(b.Context(), bot.Turn{Person: in.Person, Was: in.Was, Mark: in.Mark, Draft: draft})
							if err := errors.Join(err, err2); err != nil {
								b.Error(err)
							}
						}
					})
				}
				b.ResetTimer()
				for range b.N {
					jobs <- struct{}{}
				}
				close(jobs)
				g.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
			})
		}
	}
}
