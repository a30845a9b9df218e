package telegram

import (
	"container/list"
	"sync"
	"time"
)

const (
	bookPages = 20_000    // chats of which something is remembered
	bookTime  = time.Hour // as long as a draft lives
)

// book remembers a little of the chats that were active last: the question that stands open, the language spoken, what
// was said today and need not be said again. It lives in memory, forgets by age and by size, and losing it costs nobody
// anything: a question is then asked anew instead of being written over.
type book struct {
	mu    sync.Mutex
	pages map[int64]*list.Element
	order *list.List // of *page, latest first
}

type page struct {
	chat     int64
	used     time.Time
	asked    question // zero when none is open
	lang     string
	notSaved bool      // the person was told so, and nothing of theirs was saved since
	lost     time.Time // when the person was told so last
	group    time.Time
	album    string
}

func newBook() *book { return &book{pages: map[int64]*list.Element{}, order: list.New()} }

// open finds or makes a page; b.mu is held.
func (b *book) open(chat int64, now time.Time) *page {
	for last := b.order.Back(); last != nil; last = b.order.Back() {
		p := last.Value.(*page)
		keep := bookTime
		if !p.group.IsZero() {
			keep = 24 * time.Hour
		}
		if b.order.Len() < bookPages && now.Sub(p.used) < keep {
			break
		}
		b.order.Remove(last)
		delete(b.pages, p.chat)
	}
	e := b.pages[chat]
	if e == nil {
		e = b.order.PushFront(&page{chat: chat})
		b.pages[chat] = e
	}
	b.order.MoveToFront(e)
	p := e.Value.(*page)
	p.used = now
	return p
}

func (b *book) with(chat int64, f func(*page)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(b.open(chat, time.Now()))
}

// ask notes the question that stands open.
func (b *book) ask(chat int64, q question) {
	b.with(chat, func(p *page) { p.asked = q })
}

// asked gives the question that stands open.
func (b *book) asked(chat int64) (q question, ok bool) {
	b.with(chat, func(p *page) { q, ok = p.asked, p.asked.id != 0 })
	return q, ok
}

// adopt takes a tapped message for the open question when none is known, as after a start.
func (b *book) adopt(chat int64, q *question) {
	if q == nil {
		return
	}
	b.with(chat, func(p *page) {
		if p.asked.id == 0 {
			p.asked = *q
		}
	})
}

// only takes a tapped message for the open question, or knows of none: where other processes hear this chat as well, what
// was asked here last may have been answered there, and a newer question stand below it.
func (b *book) only(chat int64, q *question) {
	if q == nil {
		q = &question{}
	}
	b.ask(chat, *q)
}

// shut forgets which questions stand open.
func (b *book) shut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for e := b.order.Front(); e != nil; e = e.Next() {
		e.Value.(*page).asked = question{}
	}
}

// answered notes that a question no longer stands open.
func (b *book) answered(chat, id int64) {
	b.with(chat, func(p *page) {
		if p.asked.id == id {
			p.asked = question{}
		}
	})
}

// forget drops a chat's page.
func (b *book) forget(chat int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.pages[chat]; e != nil {
		b.order.Remove(e)
		delete(b.pages, chat)
	}
}

// speaks notes the language in which the chat was answered, if any, and gives the latest known.
func (b *book) speaks(chat int64, lang string) (known string) {
	b.with(chat, func(p *page) {
		if lang != "" {
			p.lang = lang
		}
		known = p.lang
	})
	return known
}

// mayRegret says whether the chat may be told "not saved" now: once until something is saved, or given up.
func (b *book) mayRegret(chat int64) (ok bool) {
	b.with(chat, func(p *page) { ok, p.notSaved = !p.notSaved, true })
	return ok
}

// mayLose says whether the chat may be told "lost" now: once a minute. What is said after that is promised anew.
func (b *book) mayLose(chat int64) (ok bool) {
	b.with(chat, func(p *page) {
		p.notSaved = false
		if ok = p.used.Sub(p.lost) >= time.Minute; ok {
			p.lost = p.used
		}
	})
	return ok
}

// saved notes that something of the chat was saved.
func (b *book) saved(chat int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.pages[chat]; e != nil {
		e.Value.(*page).notSaved = false
	}
}

// mayRefuse says whether a group may be told now that the bot does not listen there: once a day.
func (b *book) mayRefuse(chat int64) (ok bool) {
	b.with(chat, func(p *page) {
		if ok = p.used.Sub(p.group) >= 24*time.Hour; ok {
			p.group = p.used
		}
	})
	return ok
}

// sameAlbum says whether a picture belongs to the album whose first picture was just heard.
func (b *book) sameAlbum(chat int64, album string) (same bool) {
	if album == "" {
		return false
	}
	b.with(chat, func(p *page) { same, p.album = p.album == album, album })
	return same
}
