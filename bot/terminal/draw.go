package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"amana/bot"
)

const (
	usualWidth = 80
	leastWidth = 20
	margin     = "  "
)

func (d *Door) width() int {
	if d.Width != nil {
		if w := d.Width(); w >= leastWidth {
			return w
		}
	}
	return usualWidth
}

// show prints one message and remembers its buttons.
func (d *Door) show(o bot.Outgoing) error {
	var b strings.Builder
	b.WriteString("\n")
	if o.Replace {
		b.WriteString(d.bracket("in place of the question above"))
	}
	for _, line := range Wrap(visible(o.Text), d.width()-len(margin)) {
		put(&b, margin, line)
	}
	if o.File != nil {
		what := "a file: " + visible(o.File.Name)
		if o.File.Load == nil { // else nobody has looked yet
			what += fmt.Sprintf(", %d kB", (len(o.File.Bytes)+1023)/1024)
		}
		b.WriteString(d.bracket(what))
	}
	if o.Sound != nil {
		what, _, _ := strings.Cut(o.Sound.Name[strings.IndexByte(o.Sound.Name, '/')+1:], "/")
		b.WriteString(d.bracket("a recording of " + visible(what)))
	}
	if keys := flat(o.Rows); len(keys) > 0 {
		d.keys = keys
		b.WriteString("\n")
		d.buttons(&b, keys)
	}
	_, err := io.WriteString(d.Out, b.String())
	return err
}

// buttons prints the choices a line each, and what has no number in front of it together below them.
func (d *Door) buttons(b *strings.Builder, keys []bot.Choice) {
	var words []string
	for i, k := range keys {
		label := visible(k.Label)
		if numbered(label) {
			for n, line := range Wrap(label, d.width()-2*len(margin)) {
				put(b, margin+strings.Repeat(" ", min(n, 1)*4), line)
			}
			continue
		}
		// A space inside must not break: a button is one thing.
		words = append(words, strings.ReplaceAll(fmt.Sprintf("#%d %s", i+1, label), " ", "\u00a0"))
	}
	for _, line := range Wrap(strings.Join(words, "   "), d.width()-2*len(margin)) {
		put(b, margin, line)
	}
}

// Note prints a line in brackets about what happens, which is no message.
func (d *Door) Note(text string) error {
	_, err := io.WriteString(d.Out, d.bracket(text))
	return err
}

func (d *Door) bracket(text string) string {
	var b strings.Builder
	for _, line := range Wrap("("+visible(text)+")", d.width()-len(margin)) {
		put(&b, margin, d.Quiet(line))
	}
	return b.String()
}

func put(b *strings.Builder, before, line string) {
	if line != "" {
		b.WriteString(before)
		b.WriteString(line)
	}
	b.WriteString("\n")
}

func flat(rows [][]bot.Choice) (keys []bot.Choice) {
	for _, r := range rows {
		keys = append(keys, r...)
	}
	return keys
}

// numbered says that a label begins with the number by which it can be chosen.
func numbered(label string) bool {
	head, _, found := strings.Cut(label, " · ")
	return found && head != "" && strings.IndexFunc(head, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// visible takes out what would steer the terminal: a text is shown, never obeyed.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, text)
}
