package telegramtest_test

import (
	"encoding/json"
	"testing"
	"unicode/utf16"

	"amana/bot/telegram/telegramtest"
)

func TestTextIsKeptAsTelegramKeepsIt(t *testing.T) {
	c := open(t, telegramtest.Options{})
	c.s.User(5, telegramtest.UserOptions{}).Start("")
	for _, x := range []struct{ give, mode, text, entities string }{
		{"plain <b>", "", "plain <b>", ""},
		{"\n  a\r\nb\tc \n", "", "a\nb c", ""},
		{"code \u2068AB12\u2069 \u202Eover\u202C", "", "code \u2068AB12\u2069 over", ""},
		{"<b>a</b>&lt;&amp;&#x645;&nbsp;", "HTML", "a<&م&nbsp;", `[{"type":"bold","offset":0,"length":1}]`},
		{"😀<b>ب<i>c</i></b>", "HTML", "😀بc", `[{"type":"bold","offset":2,"length":2},{"type":"italic","offset":3,"length":1}]`},
		{"  <b> a</b> ", "HTML", "a", `[{"type":"bold","offset":0,"length":1}]`},
		{`<a href="https://a.example/?x=1&amp;y=2">x</a><a>y</a>`, "HTML", "xy", `[{"type":"text_link","offset":0,"length":1,"url":"https://a.example/?x=1\u0026y=2"}]`},
		{`<pre><code class="language-go">x</code></pre>`, "HTML", "x", `[{"type":"pre","offset":0,"length":1,"language":"go"}]`},
		{`<span class="tg-spoiler">x</span><blockquote expandable>y</blockquote>`, "HTML", "xy", `[{"type":"spoiler","offset":0,"length":1},{"type":"expandable_blockquote","offset":1,"length":1}]`},
		{"<b></b>x", "HTML", "x", ""},
	} {
		m := good[message](c, "sendMessage", append([]string{"chat_id", "5", "text", x.give}, mode(x.mode)...)...)
		got, _ := json.Marshal(m.Entities)
		if x.entities == "" {
			x.entities = "null"
		}
		if m.Text != x.text || string(got) != x.entities {
			t.Errorf("%q became %q %s, want %q %s", x.give, m.Text, got, x.text, x.entities)
		}
	}
	m := good[message](c, "sendMessage", "chat_id", "5", "text", "\r\n x\u202Ay😀z", "entities", `[{"type":"bold","offset":3,"length":5},{"type":"code","offset":0,"length":2}]`)
	if len(m.Entities) != 1 || m.Text != "xy😀z" || m.Entities[0].Offset != 0 || m.Entities[0].Length != 4 {
		t.Errorf("entities did not move along with the cleaning: %q %+v", m.Text, m.Entities)
	}
}

func mode(s string) []string {
	if s == "" {
		return nil
	}
	return []string{"parse_mode", s}
}

func TestBadHTML(t *testing.T) {
	c := open(t, telegramtest.Options{})
	c.s.User(5, telegramtest.UserOptions{}).Start("")
	for give, words := range map[string]string{
		"a < b":                 "Unclosed start tag at byte offset 2",
		"م<div>x</div>":         `Unsupported start tag "div" at byte offset 2`,
		"<b>x":                  `Can't find end tag corresponding to start tag "b"`,
		"x</b>":                 "Unexpected end tag at byte offset 1",
		"<b><i>x</b></i>":       `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`,
		"<span>x</span>":        `must have class "tg-spoiler"`,
		`<a ="x">y</a>`:         "Empty attribute name",
		`<a href="x>y</a>`:      "Unclosed start tag",
		"I said <not> to do it": `Unsupported start tag "not"`,
	} {
		if !c.bad(400, words, "sendMessage", "chat_id", "5", "text", give, "parse_mode", "HTML") {
			t.Errorf("%q is no violation", give)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<b>a</b>", "&lt;&#x110000;&", "<a href='x'>y</a>", "<pre><code class=\"language-x\">", "😀<i>\xff</i>", "</", "<>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, entities, ok := telegramtest.ParseHTML(s)
		if !ok {
			return
		}
		n := len(utf16.Encode([]rune(text)))
		for _, e := range entities {
			if e.Offset < 0 || e.Length < 1 || e.Offset+e.Length > n {
				t.Errorf("%q: entity %+v outside %d units", s, e, n)
			}
		}
	})
}
