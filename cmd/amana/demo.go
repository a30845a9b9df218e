package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"amana/bot"
	tty "amana/bot/terminal"
)

// demo is one showing: one terminal, in which somebody sits now in the place of a person, now of a focal point.
type demo struct {
	*call
	*camp
	record *recorder
	lines  *tty.Lines
	person *tty.Door
	desk   *seat
	at     string // roster id of who sits here; empty: the person
	echo   bool   // what is read is shown, because no terminal shows it
	last   string // the latest receipt
	quiet  func(string) string
}

const demoAbout = `Shows everything without a token and without a configuration: an invented camp, the phone of a person, and what a
focal point gets and can answer. It prints an address, to be opened in a browser on this machine; with -terminal the
conversation is in this terminal instead. Nothing leaves this machine, and nothing stays on it.`

func runDemo(ctx context.Context, c *call) error {
	var profile, lang, save, try, listen string
	var terminal bool
	args, err := c.flags("demo", "", demoAbout, func(f *flag.FlagSet) {
		f.StringVar(&profile, "profile", "example", "the place: a shipped profile, or a file such as ./place.yaml")
		f.StringVar(&lang, "lang", "", "the language of the phone and of the staff, such as ar")
		f.BoolVar(&terminal, "terminal", false, "the chat in this terminal; -flow and -save are always there")
		f.StringVar(&listen, "listen", "127.0.0.1:0", "where the page is served, on this machine alone; port 0 is any that is free")
		f.StringVar(&try, "flow", "", "begin in this flow file, with the words in a folder locales near it; what has no words yet is shown\nby its key in brackets")
		f.StringVar(&save, "save", "", "at the end, write the walked conversation to this file, as a test")
	})
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return usagef("demo: it takes flags only, not %q", args[0])
	}
	if save != "" && try != "" {
		return usagef("demo: -save writes tests of the shipped flows; leave it or -flow out")
	}
	if _, err := os.Lstat(save); save != "" && err == nil {
		return usagef("demo: %s is there already; -save writes a new file", save)
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP) // a window that is closed must not leave keys behind
	defer stop()
	o := campOptions{profile: profile, flow: try, lang: lang, now: time.Now, rand: rand.Reader}
	if !terminal && try == "" && save == "" {
		return unlessTold(ctx, showPage(ctx, c, o, listen))
	}
	place, err := newCamp(ctx, o)
	if err != nil {
		return unlessTold(ctx, err)
	}
	d := newDemo(c, place)
	err = errors.Join(unlessTold(ctx, d.run(ctx)), place.Close())
	if err == nil && save != "" {
		err = d.save(context.WithoutCancel(ctx), save)
	}
	return err
}

// unlessTold gives an error, but none to somebody who has told the showing to stop, at whatever moment that was.
func unlessTold(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func newDemo(c *call, place *camp) *demo {
	d := &demo{call: c, camp: place, record: newRecorder(place), lines: tty.Read(c.stdin), quiet: func(s string) string { return s }}
	screen, isFile := c.stdout.(*os.File)
	isScreen := isFile && term.IsTerminal(int(screen.Fd()))
	_, typed := c.onTerminal()
	d.echo = !typed
	if isScreen && c.env("NO_COLOR") == "" {
		d.quiet = func(s string) string { return "\x1b[2m" + s + "\x1b[0m" }
	}
	width := func() int {
		if w, _, err := term.GetSize(int(screen.Fd())); err == nil {
			return min(w, 100)
		}
		return 0
	}
	if !isScreen {
		width = nil
	}
	d.person = tty.New(tty.Options{
		Hearer: d.record, Closer: d.record, Out: c.stdout, Person: bot.Person{1}, Address: "demo:person",
		Lang: place.lang, Width: width, Quiet: d.quiet, // no times: here nobody writes before the question stands on the screen
	})
	d.record.filed = func(receipt string) { d.last = receipt }
	d.desk = newSeat(d, width)
	return d
}

// run shows what this is, opens the chat, and hears line after line until the input or the showing ends.
func (d *demo) run(ctx context.Context) error {
	d.print(demoHello)
	if d.config.trial != "" {
		for _, n := range d.trialNotes() {
			d.note("%s", n)
		}
	}
	if err := d.person.Begin(ctx); err != nil {
		return err
	}
	for {
		d.prompt()
		line, err := d.lines.Next(ctx)
		if tty.Ended(err) {
			d.print("")
			return nil
		}
		if errors.Is(err, tty.ErrLongLine) {
			d.note("%v", err)
			continue
		}
		if err != nil {
			return fmt.Errorf("reading what is typed: %w", err)
		}
		if d.echo {
			d.print("%s", line)
		}
		over, err := d.hear(ctx, strings.TrimSpace(line))
		if err != nil || over {
			return err
		}
	}
}

const demoHello = `
Amana, shown in this terminal. An invented camp, nine invented people who read
reports, their keys: all made just now, in memory. Nothing leaves this machine,
and when you leave, it is gone.

You begin as a person with a phone. Type an answer, or the number in front of it;
#3 presses the third button. Words such as Hide, Back and Skip can be typed too.

  /desk      sit down in the place of a focal point     /number  type your receipt
  /person    go back to the phone                       /wait 24h  let time pass
  /quit      leave (or Ctrl-D)                          /keys    all of this again
`

// hear does what a line says. The few words of the showing itself begin with a slash and are no words of the bot.
func (d *demo) hear(ctx context.Context, line string) (over bool, err error) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "/quit":
		return true, nil
	case "/keys":
		d.print(demoHello)
	case "/desk":
		err = d.sitDown(ctx, strings.TrimSpace(rest))
	case "/person":
		d.at = ""
		d.note("you are the person with the phone again")
	case "/wait":
		err = d.wait(ctx, strings.TrimSpace(rest))
	case "/number":
		if d.last == "" {
			d.note("no report was sent yet, so there is no number")
			return false, nil
		}
		line = d.last
		fallthrough
	default:
		if d.at != "" {
			return false, d.desk.hear(ctx, line)
		}
		err = d.write(ctx, line)
	}
	return false, err
}

// write is a line of the person. What it brings about for the staff is told in a line in brackets.
func (d *demo) write(ctx context.Context, line string) error {
	before, sent := len(d.told), d.last
	if err := d.person.Type(ctx, line); err != nil {
		return err
	}
	switch {
	case d.last != sent:
		d.note("the report is sealed to its readers now, and they have just been told: /desk sits down in the place of one")
	case len(d.told) > before:
		d.note("the readers have just been told of it: /desk shows it")
	}
	if d.config.trial != "" && !d.record.asks {
		d.note("the flow has ended here; whatever is typed next begins it again")
	}
	return nil
}

// wait lets hours pass, so that a deadline is missed or a safe hour comes.
func (d *demo) wait(ctx context.Context, how string) error {
	span, err := time.ParseDuration(how)
	if err != nil || span < time.Minute || span > 30*24*time.Hour {
		d.note("write for example /wait 30m or /wait 24h: from a minute to 30 days")
		return nil
	}
	before := len(d.told)
	lines, err := d.record.passes(ctx, span)
	if err != nil {
		return err
	}
	d.note("%s later", passed(span))
	if err := d.person.Send(ctx, "", lines); err != nil {
		return err
	}
	if n := len(d.told) - before; n > 0 {
		d.note("%s to the staff meanwhile: /desk shows what came", count(n, "notice went", "notices went"))
	}
	return nil
}

// prompt says who types. Without a terminal it stands in front of what is echoed.
func (d *demo) prompt() {
	who := "phone"
	if d.at != "" {
		who = d.at
	}
	fmt.Fprintf(d.stdout, "\n%s ", d.quiet(who+" >"))
}

func (d *demo) print(format string, args ...any) { fmt.Fprintf(d.stdout, format+"\n", args...) }

func (d *demo) note(format string, args ...any) { _ = d.person.Note(fmt.Sprintf(format, args...)) }

// save writes the transcript, and says how it becomes a test.
func (d *demo) save(ctx context.Context, path string) error {
	t, err := d.record.finish(ctx)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("saving the conversation: %w", err)
	}
	_, err = io.WriteString(f, t.String())
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("saving the conversation: %w", err)
	}
	fmt.Fprintf(d.stderr, "saved; as flows/testdata/FLOW/BRANCH.%s.txtar it is a test\n", d.record.lang)
	return nil
}
