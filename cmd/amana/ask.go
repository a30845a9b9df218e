package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// Asking on the terminal, by the rules that age keeps: what is asked and what is secret stays between the program and
// the terminal (standard error), everything that somebody may want to keep goes to standard output, and a secret is
// never echoed. Where standard input is no terminal its lines are the answers, in the order of the questions, and no
// question is written: so scripts and tests use the same commands as people.

var (
	errNobody      = errors.New("there is nobody to ask: standard input has ended")
	errInterrupted = errors.New("interrupted")
)

const (
	// leastPassphrase is the length, in characters, below which a passphrase is refused. There is no other rule.
	leastPassphrase = 12
	// maxTyped bounds one line of an answer, in bytes.
	maxTyped = 64 << 10
)

// onTerminal gives the terminal behind standard input, if there is one.
func (c *call) onTerminal() (*os.File, bool) {
	f, ok := c.stdin.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// askLine asks for one line. White space around it is not part of the answer.
func askLine(c *call, prompt string) (string, error) {
	if _, ok := c.onTerminal(); ok {
		fmt.Fprint(c.stderr, prompt, " ")
	}
	line, err := c.readLine()
	return strings.TrimSpace(line), err
}

// askYes asks for a yes or a no, until one of them is given.
func askYes(c *call, prompt string) (bool, error) {
	for {
		line, err := askLine(c, prompt+" (yes/no)")
		if err != nil {
			return false, err
		}
		switch strings.ToLower(line) {
		case "y", "yes":
			return true, nil
		case "n", "no":
			return false, nil
		}
	}
}

// askText asks for a text of several lines, which a line with a single full stop, or the end of the input, ends.
func askText(c *call, prompt string) (string, error) {
	if _, ok := c.onTerminal(); ok {
		fmt.Fprintln(c.stderr, prompt)
	}
	var lines []string
	size := 0
	for {
		line, err := c.readLine()
		if errors.Is(err, errNobody) && len(lines) > 0 || err == nil && strings.TrimSpace(line) == "." {
			return strings.Join(lines, "\n"), nil
		}
		if err != nil {
			return "", err
		}
		if size += len(line) + 1; size > maxTyped {
			return "", errors.New("the text is too long: an answer has at most about 30,000 letters")
		}
		lines = append(lines, line)
	}
}

// askSecret asks for something that the terminal must not show.
func askSecret(c *call, prompt string) (string, error) {
	f, ok := c.onTerminal()
	if !ok {
		return c.readLine()
	}
	fd := int(f.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("asking on the terminal: %w", err)
	}
	fmt.Fprint(c.stderr, prompt, " ")
	typed, err := patient(func() (string, error) {
		b, err := term.ReadPassword(fd)
		defer clear(b)
		return string(b), err
	})
	fmt.Fprintln(c.stderr)
	if errors.Is(err, errInterrupted) {
		_ = term.Restore(fd, before)
	}
	if errors.Is(err, io.EOF) {
		err = errNobody
	}
	return typed, err
}

// passphrase gives the passphrase of a key: from the file that AMANA_PASSPHRASE_FILE names, or asked.
func passphrase(c *call) (string, error) {
	if name := c.env("AMANA_PASSPHRASE_FILE"); name != "" {
		return passphraseFile(name)
	}
	return askSecret(c, "passphrase:")
}

// newPassphrase gives a passphrase for a key that is being made: asked twice, and long enough.
func newPassphrase(c *call) (string, error) {
	if name := c.env("AMANA_PASSPHRASE_FILE"); name != "" {
		pass, err := passphraseFile(name)
		if err == nil && utf8.RuneCountInString(pass) < leastPassphrase {
			err = fmt.Errorf("the passphrase in the file is short: %d characters or more are needed; four or five words that do not belong together are easy to keep in mind", leastPassphrase)
		}
		return pass, err
	}
	_, people := c.onTerminal()
	if people {
		fmt.Fprintf(c.stderr, "Choose a passphrase of %d characters or more. Four or five words that do not belong together, in any\nlanguage, are easy to keep in mind. Nobody will ever ask you for it.\n", leastPassphrase)
	}
	for {
		pass, err := askSecret(c, "new passphrase:")
		if err != nil {
			return "", err
		}
		var why string
		if n := utf8.RuneCountInString(pass); n < leastPassphrase {
			why = fmt.Sprintf("that one has %d characters, %d or more are needed: add a word or two", n, leastPassphrase)
		} else if again, err := askSecret(c, "the same once more:"); err != nil {
			return "", err
		} else if again != pass {
			why = "the two are not the same"
		}
		if why == "" {
			return pass, nil
		}
		if !people {
			return "", errors.New(why)
		}
		fmt.Fprintln(c.stderr, why)
	}
}

// passphraseFile reads the first line of a file.
func passphraseFile(name string) (string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("reading the passphrase: %w", err)
	}
	defer clear(data)
	first, _, _ := strings.Cut(string(data), "\n")
	if first = strings.TrimSuffix(first, "\r"); first == "" {
		return "", fmt.Errorf("reading the passphrase: the first line of %s is empty", name)
	}
	return first, nil
}

// readLine reads one line without its end. It takes no byte beyond it, so that nothing is lost between two questions.
func (c *call) readLine() (string, error) {
	read := func() (string, error) {
		var line []byte
		var b [1]byte
		for {
			n, err := c.stdin.Read(b[:])
			switch {
			case n == 1 && b[0] == '\n':
				return strings.TrimSuffix(string(line), "\r"), nil
			case n == 1 && len(line) == maxTyped:
				return "", errors.New("the line is too long")
			case n == 1:
				line = append(line, b[0])
			case errors.Is(err, io.EOF) && len(line) > 0:
				return string(line), nil
			case errors.Is(err, io.EOF):
				return "", errNobody
			case err != nil:
				return "", fmt.Errorf("reading standard input: %w", err)
			}
		}
	}
	if _, ok := c.onTerminal(); !ok {
		return read()
	}
	return patient(read)
}

// patient waits for somebody at the terminal, or for Ctrl-C: a read that has begun cannot be called back, so it is left
// behind when the command ends.
func patient(read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	got, stop := make(chan answer, 1), make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	defer signal.Stop(stop)
	go func() {
		text, err := read()
		got <- answer{text, err}
	}()
	select {
	case a := <-got:
		return a.text, a.err
	case <-stop:
		return "", errInterrupted
	}
}

// flagsFirst brings flags before the other arguments, so that both orders mean the same: `open FILE -json` and
// `open -json FILE`. What follows "--" stays as it is.
func (c *call) flagsFirst(name, args, about string, define func(*flag.FlagSet)) ([]string, error) {
	known := flag.NewFlagSet(name, flag.ContinueOnError)
	if define != nil {
		define(known)
	}
	var flags, others []string
	for rest := c.args; len(rest) > 0; rest = rest[1:] {
		arg := rest[0]
		if arg == "--" {
			others = append(others, rest[1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			others = append(others, arg)
			continue
		}
		flags = append(flags, arg)
		f := known.Lookup(strings.TrimLeft(arg, "-"))
		if f == nil {
			continue // not known, or with its value behind "="
		}
		if b, ok := f.Value.(interface{ IsBoolFlag() bool }); (!ok || !b.IsBoolFlag()) && len(rest) > 1 {
			flags = append(flags, rest[1])
			rest = rest[1:]
		}
	}
	sub := *c
	sub.args = append(append(flags, "--"), others...)
	return sub.flags(name, args, about, define)
}
