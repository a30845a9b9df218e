package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"amana/bot"
)

const (
	// nowhere is where an answer would go: a domain that never exists, so that an answer comes back to whoever wrote it and
	// into nobody's mailbox.
	nowhere = "nobody@no-answer.invalid"
	// attached is the name of every file. It says what opens it, and nothing of what it is.
	attached = "file.age"
)

// letter writes one mail. Every header of it is set here, since the library would put the name of this machine and its
// own into those that are left out.
func (d *Door) letter(to string, n bot.Notice, words bot.Outgoing, file []byte) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	if msg.From(d.From) != nil || msg.To(to) != nil || msg.ReplyTo(nowhere) != nil {
		return nil, errSettings
	}
	msg.Subject(line(d.Say(words.Lang, "mail.subject")))
	msg.SetDateWithValue(d.Now().UTC().Truncate(time.Hour))
	msg.SetMessageIDWithValue(messageID(n.ID) + "@" + d.domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	msg.SetBodyString(gomail.TypeTextPlain, words.Text+"\n\n-- \n"+d.Say(words.Lang, "mail.footer")+"\n")
	if len(file) > 0 {
		msg.AttachReadSeeker(attached, bytes.NewReader(file), gomail.WithFileContentType(gomail.TypeAppOctetStream))
	}
	return msg, nil
}

// content gives the bytes of a file; of one that cannot be loaded none, since without it the notice still tells what to ask
// for.
func content(f *bot.File) []byte {
	switch {
	case f == nil:
		return nil
	case f.Load == nil:
		return f.Bytes
	}
	loaded, err := f.Load()
	if err != nil {
		return nil
	}
	return loaded
}

// messageID gives the same notice the same name at every try, and tells nothing of the record that it stands in.
func messageID(id [16]byte) string {
	sum := sha256.Sum256(append([]byte("amana/1 mail "), id[:]...))
	return hex.EncodeToString(sum[:16])
}

// line makes one line of a text of a catalog.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }
