package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// respond writes an answer, a note, a share or copies, if that was asked for with a flag or is chosen now at the terminal.
func (o *openCommand) respond(r *openedReport, t *tongue) error {
	if !o.answer && !o.note && !o.seal && o.share == "" {
		if _, people := o.onTerminal(); !people {
			return nil
		}
		chosen, err := o.choose(t, t.say("open.choose", nil), o.choices(r, t))
		if err != nil || chosen == "nothing" {
			return err
		}
		o.answer, o.note, o.seal = chosen == "answer", chosen == "note", chosen == "seal"
	}
	if !o.answer && !o.note {
		return o.grant(r, t)
	}
	path, err := o.outFile(r)
	if err != nil {
		return err
	}
	if o.state != "" && !slices.Contains(r.moves(), ticket.State(o.state)) {
		from, _ := r.state()
		return usagef("open: a report that is %s cannot become %s; possible: %s", from, o.state, joined(r.moves()))
	}
	if err := o.confirmReaders(r, t); err != nil {
		return err
	}
	in, h, err := o.compose(r, t)
	if err != nil {
		return err
	}
	file, err := o.sealed(r, in, h)
	if err != nil {
		return err
	}
	if err := writeOnce(path, file); err != nil {
		return err
	}
	fmt.Fprintln(o.stderr, t.say("open.written", speech.Args{"File": path}))
	return t.err
}

// choices are what can be done now. To seal again is offered where somebody lacks a message, and first of all.
func (o *openCommand) choices(r *openedReport, t *tongue) []speech.Option {
	names := []string{"nothing", "answer", "note", "share"}
	if len(r.lacks()) > 0 {
		names = slices.Insert(names, 1, "seal")
	}
	if o.identity != "" {
		names = slices.DeleteFunc(names, func(n string) bool { return n == "answer" || n == "note" })
	}
	var opts []speech.Option
	for _, n := range names {
		opts = append(opts, speech.Option{Name: n, Labels: []string{t.say("open.choose."+n, nil)}})
	}
	return opts
}

// outFile names the file to be written, before anybody types a text that could not be kept.
func (o *openCommand) outFile(r *openedReport) (string, error) {
	path := o.out
	if path == "" {
		path = r.name8() + "-answer.amana"
		if o.note {
			path = r.name8() + "-note.amana"
		}
	}
	if _, err := os.Lstat(path); err == nil {
		return "", fmt.Errorf("%s is there already and is never written over: delete it once it was sent, or name another file with -out", path)
	}
	return path, nil
}

// confirmReaders shows who will be able to read, before a word is written.
func (o *openCommand) confirmReaders(r *openedReport, t *tongue) error {
	fmt.Fprintf(o.stderr, "\n%s\n\n", t.readers(r))
	if o.answer {
		fmt.Fprintln(o.stderr, t.say("open.warn.repeat", nil))
	}
	if o.yes || t.err != nil {
		return t.err
	}
	return o.agree(t, t.say("open.readers.ask", nil))
}

// agree asks for a yes.
func (o *openCommand) agree(t *tongue, question string) error {
	yes, err := o.choose(t, question, []speech.Option{
		{Name: "yes", Labels: []string{t.say("word.yes", nil), "yes", "y"}}, {Name: "no", Labels: []string{t.say("word.no", nil), "no", "n"}},
	})
	if err == nil && yes != "yes" {
		err = errors.New("nothing was written")
	}
	return err
}

// choose asks for one of several things, by label or by number. Without a terminal a wrong answer is an error.
func (o *openCommand) choose(t *tongue, question string, opts []speech.Option) (string, error) {
	_, people := o.onTerminal()
	for {
		if people {
			fmt.Fprintln(o.stderr, question)
			for i, opt := range opts {
				fmt.Fprintf(o.stderr, "  %d  %s\n", i+1, opt.Labels[0])
			}
		}
		typed, err := askLine(o.call, ">")
		if err != nil {
			return "", err
		}
		name, how, ok := t.book.Match(t.lang, typed, opts)
		if ok && how != speech.Guess {
			return name, nil
		}
		if !people {
			return "", errors.New("the answer to a question is none of its choices; give its number")
		}
	}
}

// compose takes text, language and state, and gives what is to be sealed and the clear head of its file.
func (o *openCommand) compose(r *openedReport, t *tongue) (in ticket.Inside, h seal.Header, err error) {
	lang := t.lang
	if o.answer {
		if lang, err = o.answerLanguage(r, t); err != nil {
			return in, h, err
		}
	}
	text, err := o.words(t)
	if err != nil {
		return in, h, err
	}
	message, err := ticket.NewID(o.rand)
	if err != nil {
		return in, h, err
	}
	h = seal.Header{Report: r.body.ID, Message: message, Kind: ticket.TypeNote}
	for _, e := range r.readers {
		h.Readers = append(h.Readers, seal.Reader{ID: e.ID, Key: e.Key})
	}
	at := o.now().UTC()
	if o.note {
		in.Note = &ticket.Note{ID: r.body.ID, Time: at, Lang: lang, By: r.me.ID, Text: text, Saw: r.saw()}
		return in, h, nil
	}
	state, err := o.newState(r, t)
	if err != nil {
		return in, h, err
	}
	in.Reply = &ticket.Reply{ID: r.body.ID, Time: at, Lang: lang, Role: r.me.Role, State: state, Text: text, Saw: r.saw()}
	h.Kind, h.State, h.Nudge = ticket.TypeReply, string(state), r.body.Nudge
	return in, h, nil
}

// answerLanguage gives the language in which the reporter will be shown the answer. It is asked only where the two people
// do not share one.
func (o *openCommand) answerLanguage(r *openedReport, t *tongue) (string, error) {
	theirs := r.language()
	_, people := o.onTerminal()
	if o.written != "" || theirs == t.lang || !people {
		if o.written != "" {
			return o.written, nil
		}
		return theirs, nil
	}
	opts := []speech.Option{{Name: theirs, Labels: []string{t.name(theirs), theirs}}}
	for _, l := range t.book.Languages() {
		if l.Tag != theirs {
			opts = append(opts, speech.Option{Name: l.Tag, Labels: []string{l.Name, l.Tag}})
		}
	}
	return o.choose(t, t.say("open.answer.lang", nil), opts)
}

// words takes the text from where it was said to be.
func (o *openCommand) words(t *tongue) (text string, err error) {
	switch o.text {
	case "":
		text, err = askText(o.call, t.say("open.answer.ask", nil))
	case "-":
		var b []byte
		b, err = io.ReadAll(io.LimitReader(o.stdin, maxTyped+1))
		text = string(b)
	default:
		var b []byte
		if b, err = os.ReadFile(o.text); err != nil {
			err = fmt.Errorf("reading the text: %w", err)
		}
		text = string(b)
	}
	if err != nil {
		return "", err
	}
	if text = strings.TrimSpace(plain(strings.ReplaceAll(text, "\r\n", "\n"))); text == "" {
		return "", errors.New("the text is empty; nothing was written")
	}
	return text, nil
}

// newState takes the state from the flag or asks for it.
func (o *openCommand) newState(r *openedReport, t *tongue) (ticket.State, error) {
	if o.state != "" {
		return ticket.State(o.state), nil
	}
	var opts []speech.Option
	for _, s := range r.moves() {
		opts = append(opts, speech.Option{Name: string(s), Labels: []string{t.label("staff.state.", string(s)), string(s)}})
	}
	s, err := o.choose(t, t.say("open.state.ask", nil), opts)
	return ticket.State(s), err
}

// sealed seals the content to the present readers, an answer also to the reporter's mailbox, and signs it with the seed that
// only readers of this report know.
func (o *openCommand) sealed(r *openedReport, in ticket.Inside, h seal.Header) ([]byte, error) {
	text, err := in.Encode()
	if err != nil {
		return nil, tooLong(err)
	}
	defer clear(text)
	var keys []string
	for _, e := range r.readers {
		keys = append(keys, e.Key)
	}
	reporter := ""
	if in.Reply != nil {
		reporter = r.body.Mailbox
	}
	message, err := seal.Message(text, keys, reporter, o.rand)
	if err != nil {
		return nil, tooLong(err)
	}
	seed, err := seal.ParseSeed(r.body.Seed)
	if err != nil {
		return nil, errors.New("the report holds no seed with which an answer could be signed: it is damaged, or of a later version")
	}
	return seal.SignAnswer(seed, h, message)
}

func tooLong(err error) error {
	if errors.Is(err, ticket.ErrTooLong) || errors.Is(err, seal.ErrTooLong) {
		return errors.New("the text is too long to be sealed: shorten it, or send it as two answers; nothing was written")
	}
	return err
}

func joined(states []ticket.State) string {
	var out []string
	for _, s := range states {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}
