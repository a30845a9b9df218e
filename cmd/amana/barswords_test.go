package main

import (
	"fmt"
	"time"

	"amana/bot/speech"
)

// words is what speech does for one message: what was typed is looked through for a reserved word, matched with the choices of
// a long question and looked through for words of danger; then a sentence with a number is said in its direction.
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
	begin, n := time.Now(), 0
	for ; n == 0 || time.Since(begin) < b.spell; n++ {
		if _, ok := book.Word(lang, typed); ok {
			b.Fatal("a choice was taken for a reserved word")
		}
		if name, _, ok := book.Match(lang, typed, options); !ok || name != "mailbox" {
			b.Fatal("a label does not match itself")
		}
		if book.Danger(typed, lang) {
			b.Fatal("a choice was taken for words of danger")
		}
		speech.Paragraph(lang, text("word.partial", speech.Args{"Count": "3"}))
	}
	each := time.Since(begin) / time.Duration(n)
	begin, n = time.Now(), 0
	for ; n == 0 || time.Since(begin) < b.spell; n++ {
		book.Danger(typed, langs...)
	}
	b.row("words of a message, folded and said, "+lang, "< 20 µs", each.String(), fmt.Sprintf("%v for words of danger in all %d languages", time.Since(begin)/time.Duration(n), len(langs)), each < 20*time.Microsecond, false)
}
