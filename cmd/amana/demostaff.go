package main

import (
	"context"
	"fmt"
	"strings"

	"amana/bot"
	"amana/bot/speech"
	tty "amana/bot/terminal"
	"amana/bot/ticket"
)

// seat is the place of whoever of the staff sits here now: the staff bot in a terminal, and beside it what `amana open`
// does on their own machine.
type seat struct {
	*demo
	width  func() int
	doors  map[string]*tty.Door
	seen   map[string]int           // how many of the notices each has been shown
	opened map[string]*openedReport // the latest that each has opened

	writing string         // what the next lines are: "" for the staff bot, "answer", "note", or "state" after the text of an answer
	text    string         // of the answer that waits for its state
	brought string         // the answer that is being sent, in the words of a script
	after   func() error   // shows the file that the staff bot has just sent
	came    []bot.Outgoing // lines that went to the phone meanwhile
}

func newSeat(d *demo, width func() int) *seat {
	return &seat{demo: d, width: width, doors: map[string]*tty.Door{}, seen: map[string]int{}, opened: map[string]*openedReport{}}
}

// sitDown changes the place: to somebody by name, or to the first who was told of something.
func (d *demo) sitDown(ctx context.Context, id string) error {
	if id == "" {
		id = d.firstTold()
	}
	e, known := d.entry(id)
	if !known || e.Role == ticket.Recovery {
		d.note("there is nobody here called %q", id)
		for _, e := range d.staff {
			if e.Role != ticket.Recovery {
				d.note("/desk %-12s %s", e.ID, d.whose(e))
			}
		}
		return nil
	}
	d.at, d.desk.writing = id, ""
	d.note("you are now: %s. This is the staff bot in their chat. Others can be visited with /desk NAME: %s", d.whose(e), strings.Join(d.names(), ", "))
	return d.desk.show(ctx)
}

// firstTold gives who was told of the latest report first; the first of the staff if nobody was.
func (d *demo) firstTold() string {
	if d.at != "" {
		return d.at
	}
	if n := len(d.told); n > 0 {
		return d.told[n-1].id
	}
	if len(d.staff) > 0 {
		return d.staff[0].ID
	}
	return ""
}

func (d *demo) names() (out []string) {
	for _, e := range d.staff {
		if e.Role != ticket.Recovery {
			out = append(out, e.ID)
		}
	}
	return out
}

// whose says who somebody is: what they do, and for whom.
func (d *demo) whose(e ticket.Entry) string {
	return e.Name + ", " + d.profile.orgName(d.camp.lang, e.Org)
}

// door gives the chat of somebody of the staff.
func (k *seat) door(id string) *tty.Door {
	if k.doors[id] == nil {
		k.doors[id] = tty.New(tty.Options{
			Hearer: staffHearer{k, id}, Out: k.stdout, Address: address(id), Lang: k.camp.lang, Width: k.width, Quiet: k.quiet,
		})
	}
	return k.doors[id]
}

// show shows what came since the last visit.
func (k *seat) show(ctx context.Context) error {
	var outs []bot.Outgoing
	for _, t := range k.told[min(k.seen[k.at], len(k.told)):] {
		if t.id == k.at {
			outs = append(outs, t.out)
		}
	}
	k.seen[k.at] = len(k.told)
	if len(outs) == 0 {
		k.note("nothing new has come; /inbox lists what is open, /person goes back to the phone")
		return nil
	}
	if err := k.door(k.at).Send(ctx, "", outs); err != nil {
		return err
	}
	k.note("#1 acknowledges the latest, #2 gets its sealed file; /inbox lists what is open; /person goes back")
	return nil
}

// staffHearer stands between a chat of the staff and the office, and takes the files that come out of it.
type staffHearer struct {
	k  *seat
	id string
}

func (h staffHearer) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	reply, err := h.k.office.Hear(ctx, in)
	if err != nil {
		return reply, err
	}
	h.k.received(h.id, reply)
	if did := h.did(in); did != "" {
		h.k.record.script = append(h.k.record.script, "@"+h.id+" "+did)
		h.k.came, err = h.k.record.desk(ctx, h.id, did, reply)
	}
	return reply, err
}

// did says in the words of a script what somebody of the staff did.
func (h staffHearer) did(in bot.Incoming) string {
	switch {
	case in.Kind == bot.Tap && strings.HasPrefix(in.Tap, "s:ack:"):
		return "ack"
	case in.Kind == bot.Tap && strings.HasPrefix(in.Tap, "s:read:"):
		return "read"
	case in.Kind == bot.Tap && strings.HasPrefix(in.Tap, "s:out:"):
		return "step back"
	case in.Kind == bot.Tap && strings.HasPrefix(in.Tap, "s:outyes:"):
		return "step back yes"
	case in.Kind == bot.Command && in.Text == "inbox":
		return "inbox"
	case in.Kind == bot.Document:
		return h.k.brought
	}
	return ""
}

// received opens what the staff bot has sent, as `amana open` does on the machine of whoever got it.
func (k *seat) received(id string, reply bot.Reply) {
	var files []bot.File
	for _, o := range reply.Outs {
		if o.File != nil {
			files = append(files, *o.File)
		}
	}
	if len(files) == 0 {
		return
	}
	k.after = func() error {
		r, err := k.open(id, files...)
		if err != nil {
			return err
		}
		k.opened[id] = r
		k.note("on their own machine `amana open %s` shows:", files[0].Name)
		var text strings.Builder
		if err := k.camp.show(&text, r); err != nil {
			return err
		}
		k.print("")
		k.wrapped(text.String())
		k.note("type answer to answer the reporter, or note for a note among colleagues")
		return nil
	}
}

// wrapped prints what another command would print, within the width of the screen.
func (k *seat) wrapped(text string) {
	columns := 80
	if k.width != nil && k.width() > 20 {
		columns = k.width()
	}
	for _, line := range tty.Wrap(strings.TrimRight(text, "\n"), columns-3) {
		k.print("  %s", line)
	}
}

// hear takes a line of whoever sits here: words for the staff bot, or an answer that is being written.
func (k *seat) hear(ctx context.Context, line string) error {
	switch {
	case line == "":
		return nil
	case k.writing == "state":
		return k.state(ctx, line)
	case k.writing != "":
		return k.written(ctx, line)
	case line == "answer" || line == "note":
		return k.begin(line)
	}
	return k.through(func(d *tty.Door) error { return d.Type(ctx, line) })
}

// through sends something through the chat with the staff bot, then shows the file that came out of it.
func (k *seat) through(send func(*tty.Door) error) error {
	k.after = nil
	if err := send(k.door(k.at)); err != nil {
		return err
	}
	if k.after != nil {
		return k.after()
	}
	return nil
}

func (k *seat) begin(what string) error {
	if k.opened[k.at] == nil {
		k.note("open a report first: press the button that gets its sealed file")
		return nil
	}
	k.writing = what
	if what == "answer" {
		return k.asks("open.warn.repeat", "the answer, in one line:")
	}
	k.note("the note, in one line; the reporter never sees it:")
	return nil
}

// asks says a sentence of the catalog in the language of the staff, and what to type.
func (k *seat) asks(key, what string) error {
	text, err := k.book.Text(k.camp.lang, key, nil)
	if err != nil {
		return err
	}
	k.print("")
	k.wrapped(speech.Paragraph(k.camp.lang, text))
	k.note("%s", what)
	return nil
}

// written takes the text of a note or an answer.
func (k *seat) written(ctx context.Context, line string) error {
	if k.writing == "note" {
		k.writing = ""
		return k.bring(ctx, line, "")
	}
	k.text, k.writing = line, "state"
	if err := k.asks("open.state.ask", "its number or its word"); err != nil {
		return err
	}
	t, err := k.tongue()
	if err != nil {
		return err
	}
	for i, s := range k.opened[k.at].moves() {
		k.print("  %d · %s", i+1, t.label("staff.state.", string(s)))
	}
	return t.err
}

// state takes the state to which an answer brings the report.
func (k *seat) state(ctx context.Context, line string) error {
	t, err := k.tongue()
	if err != nil {
		return err
	}
	var options []speech.Option
	for _, s := range k.opened[k.at].moves() {
		options = append(options, speech.Option{Name: string(s), Labels: []string{t.label("staff.state.", string(s)), string(s)}})
	}
	name, how, ok := k.book.Match(k.camp.lang, line, options)
	if !ok || how == speech.Guess {
		k.note("type one of the numbers above")
		return t.err
	}
	k.writing = ""
	return k.bring(ctx, k.text, ticket.State(name))
}

// bring makes the signed answer file and sends it to the staff bot, as a document.
func (k *seat) bring(ctx context.Context, text string, state ticket.State) error {
	file, err := k.camp.write(k.opened[k.at], text, state)
	if err != nil {
		k.note("%v", err)
		return nil
	}
	k.brought = "note: " + text
	if state != "" {
		k.brought = fmt.Sprintf("answer %s: %s", state, text)
	}
	k.note("`amana open` has sealed and signed %s, %d kB; it goes to the staff bot as a document", file.Name, (len(file.Bytes)+1023)/1024)
	if err := k.through(func(d *tty.Door) error { return d.Bring(ctx, file) }); err != nil {
		return err
	}
	for _, l := range k.came {
		k.note("at this moment a line comes to the phone: %s", l.Text)
	}
	k.came = nil
	if state != "" {
		where, err := k.book.Text(k.camp.lang, "start.menu.mailbox", nil)
		if err != nil {
			return err
		}
		k.note("/person goes back to the phone; under “%s” it can be read, with /number", where)
	}
	return nil
}
