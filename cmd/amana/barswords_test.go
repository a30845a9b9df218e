package main

import (
	"fmt"
	"time"

	"amana/bot/speech"
)

// words is what speech does for one message. A choice that was typed is looked through for a reserved word and matched with the
// choices of a long question; a text is looked through for a reserved word and for words of danger. Then a sentence with a
// number is said in its direction. The figure is the slower of the two.
func (b *barTable) words(lang string) {
	book, err := readWords()
	if err != nil {
		b.Fatal(err)
	}
	text := func(key string, args speech.Args) string {
		said, err := book.Text(lang, key, args)
		if err != nil {
			b.Fatal(err)
		}
		return said
	}
	var options []speech.Option
	for _, name := range []string{"services", "report", "support", "child", "feedback", "topics", "mailbox", "about"} {
		options = append(options, speech.Option{Name: name, Labels: []string{text("start.menu."+name, nil)}})
	}
	typed := text("start.menu.mailbox", nil) + "."
	var langs []string
	for _, l := range book.Languages() {
		langs = append(langs, l.Tag)
	}
	measure := func(hear func()) time.Duration {
		begin, n := time.Now(), 0
		for ; n == 0 || time.Since(begin) < b.spell; n++ {
			if _, ok := book.Word(lang, typed); ok {
				b.Fatal("a choice was taken for a reserved word")
			}
			hear()
			speech.Paragraph(lang, text("word.partial", speech.Args{"Count": "3"}))
		}
		return time.Since(begin) / time.Duration(n)
	}
	choice := measure(func() {
		if name, _, ok := book.Match(lang, typed, options); !ok || name != "mailbox" {
			b.Fatal("a label does not match itself")
		}
	})
	words := measure(func() {
		if book.Danger(typed, lang) {
			b.Fatal("a choice was taken for words of danger")
		}
	})
	all := measure(func() { book.Danger(typed, langs...) })
	b.row("words of a message, folded and said, "+lang, "< 20 µs", max(choice, words).String(), fmt.Sprintf("%v with words of danger in all %d languages", all, len(langs)), max(choice, words) < 20*time.Microsecond, false)
}
