package main

import (
	"cmp"
	"fmt"
	"os"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// What leaves this machine in clear is noted by a file of its own: a note, sealed to all readers and signed as a reader's. The
// desk tells its server at once, which writes which way it went into the report's record; here there is no server to tell. So
// the record has a note by this reader once that file was sent to the staff bot, and which way it went stands inside, for the
// readers alone. Until then, or if it never is, only that the sealed file was handed out is on record.

// handedNote is one report of which something leaves, and the file of its note.
type handedNote struct {
	r    *openedReport
	path string
}

// freeNote names the file of the note, before anything is written or sent that could not be noted. What is written once more
// is noted once more, in a file of its own; what is sent to a Primero once more is one handing over, and one note.
func (o *openCommand) freeNote(r *openedReport) (string, error) {
	path := cmp.Or(o.out, r.name8()+o.noteName()+".amana")
	for n := 2; o.out == "" && o.primero == "" && isThere(path); n++ {
		path = fmt.Sprintf("%s%s-%d.amana", r.name8(), o.noteName(), n)
	}
	if isThere(path) {
		nothing := "nothing was sent"
		if o.primero == "" {
			nothing = "nothing was written"
		}
		return "", fmt.Errorf("%s is there already and is never written over: send it to the staff bot, delete it, or name another file with -out; %s", path, nothing)
	}
	return path, nil
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// noteName is apart for each way, so that one report can be handed over in several.
func (o *openCommand) noteName() string {
	switch {
	case o.referral != "":
		return "-handed-form"
	case o.csv != "":
		return "-handed-csv"
	}
	return "-handed"
}

// noteAll writes the notes of what was written in clear, one for each report in it.
func (o *openCommand) noteAll(notes []handedNote, text string, t *tongue) error {
	for _, n := range notes {
		fmt.Fprintf(o.stderr, "\n%s\n\n", t.readers(n.r))
		if err := o.noteHanded(n.r, t, n.path, "", ticket.Note{Lang: t.lang, Text: text}); err != nil {
			return err
		}
	}
	fmt.Fprintln(o.stderr, "amana: the other readers, and the record of the report, learn that it left this machine only from the file that is for the staff bot")
	return t.err
}

// noteHanded seals what is noted to the present readers, signs it, and writes the file for the staff bot.
func (o *openCommand) noteHanded(r *openedReport, t *tongue, path, state string, note ticket.Note) error {
	if t.err != nil {
		return t.err
	}
	message, err := ticket.NewID(o.rand)
	if err != nil {
		return err
	}
	h := seal.Header{Report: r.body.ID, Message: message, Kind: ticket.TypeNote, State: state}
	for _, e := range r.readers {
		h.Readers = append(h.Readers, seal.Reader{ID: e.ID, Key: e.Key})
	}
	note.ID, note.Time, note.By, note.Saw = r.body.ID, o.now().UTC(), r.me.ID, r.saw()
	file, err := o.sealed(r, ticket.Inside{Note: &note}, h)
	if err == nil {
		err = writeOnce(path, file)
	}
	if err != nil {
		again := "Delete what was written, and call again"
		if o.primero != "" {
			again = "Call again: nothing is made twice"
		}
		return fmt.Errorf("it is handed over, and the note for the other readers could not be written: %w. %s", err, again)
	}
	fmt.Fprintln(o.stderr, t.say("open.written", speech.Args{"File": path}))
	return t.err
}
