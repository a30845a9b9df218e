package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

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
	msg.Subject(encoded(line(d.Say(words.Lang, "mail.subject"))))
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

// wordBytes is how much of a text stands in one encoded word, so that the first fits on the line of its header. The library
// makes longer ones and leaves that line empty, which some programs show as a blank before the subject.
const wordBytes = 36

// encoded writes a text for a header (RFC 2047), no letter broken in two; one in ASCII stays as it is.
func encoded(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e }) {
		return s
	}
	var words []string
	for s != "" {
		n := 0
		for n < len(s) {
			_, size := utf8.DecodeRuneInString(s[n:])
			if n+size > wordBytes {
				break
			}
			n += size
		}
		words, s = append(words, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?="), s[n:]
	}
	return strings.Join(words, " ")
}

// line makes one line of a text of a catalog.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }
