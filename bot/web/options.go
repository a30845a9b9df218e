package web

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"time"

	"amana/bot"
)

// Hearer is who the door hears for. When Hear returns nil, what it heard is durable, and it must recognise a mark that comes
// again. It is called by several goroutines, for one person by one at a time.
type Hearer interface {
	Hear(context.Context, bot.Incoming) (bot.Reply, error)
}

// Closer is told which closing message was shown. An id of somebody else must do nothing.
type Closer interface {
	Delivered(context.Context, bot.Person, bot.ClosingID) error
}

// Pseudonyms turns the word of a conversation into keyed names; was is the name under the root before, or zero.
type Pseudonyms interface {
	Person(word string) (now, was bot.Person)
	Mark(word string, turn int64) (now, was bot.Mark)
}

// Lang is a language that people may choose.
type Lang struct {
	Tag  string
	Name string // its own
	RTL  bool
}

// Options is what a door needs. Hearer, Names, Langs, Words and Sort are required.
type Options struct {
	Hearer Hearer
	Closer Closer // nil: nothing has a closing record
	Names  Pseudonyms
	Langs  []Lang                                                  // on offer, in the mission's order
	RTL    func(lang string) bool                                  // of any language that an answer may be in; nil: those of Langs alone
	Words  func(lang, key string, values map[string]string) string // a text of the page; lang is one of Langs
	Sort   func(accept string) []string                            // the tags of Langs by what a browser says that it accepts
	Now    func() time.Time                                        // nil is time.Now
	Rand   io.Reader                                               // nil is crypto/rand
	Log    *slog.Logger                                            // nil is silence; never told who came or what was written

	Leave  string        // an address to leave for in place of the harmless page; empty: that page
	Framed bool          // the same origin may show the page in a frame: for the demonstration
	Voice  int           // bytes of a voice message; zero: none are taken
	Long   time.Duration // that one may last

	Rates Rates
	Turn  time.Duration // how long one Hear may take; default 60 s
}

// Rates bound what comes, without knowing from whom.
type Rates struct {
	New      float64       // conversations begun a second, in all; default 5
	NewBurst int           // at once; default 100
	Held     int           // conversations known at once; default 50,000, some 15 MB
	Turns    int           // heard at the same time; default 64
	All      float64       // turns a second of everybody together; default 100
	Wait     time.Duration // for one of these places; default 5 s
	Pace     float64       // turns a second of one conversation; default 1
	Burst    int           // at once; default 20
}

var errOptions = errors.New("a chat page needs a hearer, names, languages, words and their order")

func (o *Options) fill() error {
	if o.Hearer == nil || o.Names == nil || len(o.Langs) == 0 || o.Words == nil || o.Sort == nil {
		return errOptions
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.RTL == nil {
		o.RTL = func(lang string) bool {
			l, _ := o.lang(lang)
			return l.RTL
		}
	}
	or(&o.Turn, time.Minute)
	or(&o.Rates.New, 5)
	or(&o.Rates.NewBurst, 100)
	or(&o.Rates.All, 100)
	or(&o.Rates.Held, 50_000)
	or(&o.Rates.Turns, 64)
	or(&o.Rates.Wait, 5*time.Second)
	or(&o.Rates.Pace, 1)
	or(&o.Rates.Burst, 20)
	return nil
}

func or[T int | float64 | time.Duration](v *T, usual T) {
	if *v <= 0 {
		*v = usual
	}
}

func (o *Options) lang(tag string) (Lang, bool) {
	for _, l := range o.Langs {
		if l.Tag == tag {
			return l, true
		}
	}
	return Lang{}, false
}
