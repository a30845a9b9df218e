package kvtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"amana/bot/kv"
)

// Playing is some writers at work, each of which adds its entries to lists that all share, and reads them. They do as the
// house does: an update whose outcome is unknown is asked for again by its id, one that was refused is not.
type Playing struct {
	*History
	stop chan struct{}
	all  sync.WaitGroup
}

// entriesOf is about how many entries a list gets before the writers go on to new ones, so that lists stay short and
// histories can be checked.
const entriesOf = 12

// Play lets writers work on each of some engines, all of one database. Between two deeds each rests for about a pause.
func Play(engines []Engine, writers int, pause time.Duration) *Playing {
	p := &Playing{History: newHistory(), stop: make(chan struct{})}
	for i := range len(engines) * writers {
		p.all.Go(func() { p.write(i, engines[i%len(engines)], pause) })
	}
	return p
}

// Stop ends the writers and waits for them. An update whose outcome is unknown is asked for until grace is over.
func (p *Playing) Stop(grace time.Duration) {
	p.mu.Lock()
	p.until = time.Now().Add(grace)
	p.mu.Unlock()
	close(p.stop)
	p.all.Wait()
}

func (p *Playing) write(who int, st Engine, pause time.Duration) {
	for i := 0; ; i++ {
		select {
		case <-p.stop:
			return
		case <-time.After(pause/2 + rand.N(pause+1)):
		}
		list := p.list()
		if i%4 == 3 {
			p.read(who, st, list)
		} else {
			p.add(who, st, list, fmt.Sprintf("%d.%d", who, i))
		}
	}
}

// add puts an entry at the end of a list, and its report and its notice beside it.
func (p *Playing) add(who int, st Engine, list, entry string) {
	id := kv.ID{}
	for i := range id {
		id[i] = byte(rand.N(256))
	}
	was, called := "", p.now()
	for doubted := false; ; {
		begun := time.Now()
		err := st.Update(context.Background(), id, func(tx kv.Tx) error {
			value, _, err := tx.Get([]byte(list))
			if err != nil {
				return err
			}
			was = string(value)
			if err := tx.Put([]byte(list), []byte(was+entry+" ")); err != nil {
				return err
			}
			if err := tx.Put([]byte("report/"+entry), []byte(list)); err != nil {
				return err
			}
			return tx.Put([]byte("notice/"+entry), []byte(list))
		})
		p.took(time.Since(begun))
		switch {
		case err == nil && !doubted:
			p.acknowledge(who, called, deed{list: list, entry: entry}, seen{list: was, read: true})
			return
		case err == nil: // what it had read is not certain: the closure may have run again since
			p.acknowledge(who, called, deed{list: list, entry: entry}, seen{})
			return
		case errors.Is(err, kv.ErrUnknown):
			if !doubted {
				p.doubt()
			}
			doubted = true
		case !doubted:
			p.refuse(entry, err)
			return
		}
		if p.over() {
			p.leaveOpen(who, called, deed{list: list, entry: entry})
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (p *Playing) read(who int, st Engine, list string) {
	called, was, begun := p.now(), "", time.Now()
	err := st.View(context.Background(), func(r kv.Reader) error {
		value, _, err := r.Get([]byte(list))
		was = string(value)
		return err
	})
	p.took(time.Since(begun))
	if err == nil {
		p.saw(who, called, deed{list: list}, seen{list: was, read: true})
	}
}

// entries gives what is in a list.
func entries(list string) []string { return strings.Fields(list) }
