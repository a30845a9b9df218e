package office

import (
	"context"
	"errors"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/speech"
)

// LinkHead begins the word of every invitation link, so that one bot for people and staff can tell them apart.
const LinkHead = "s-"

// Options is what an office needs.
type Options struct {
	Registry *casework.Registry
	Book     *speech.Book
	Offered  []string // languages for staff, the first for whoever has none
	Zone     *time.Location
}

// Office is where staff are heard. It keeps nothing and is safe for use by many goroutines.
type Office struct{ Options }

// New opens an office.
func New(o Options) *Office { return &Office{o} }

// Knows says that an address belongs to staff, or is just following an invitation: it is heard here and not as a person.
func (o *Office) Knows(ctx context.Context, in bot.Incoming) bool {
	if in.Group {
		return true
	}
	if in.Kind == bot.Start && strings.HasPrefix(in.Payload, LinkHead) {
		return true
	}
	if _, ok, err := o.Registry.Colleague(ctx, in.Address); ok && err == nil {
		return true
	}
	_, ok, err := o.Registry.Guest(ctx, in.Address)
	return ok && err == nil
}

// MayBring says that documents from an address are to be fetched: from staff and from the invited, nobody else.
func (o *Office) MayBring(ctx context.Context, a bot.Address) bool {
	return o.Knows(ctx, bot.Incoming{Kind: bot.Document, Address: a})
}

// visit is one message of a member of staff at work.
type visit struct {
	*Office
	in    bot.Incoming
	me    casework.Colleague
	lang  string
	reply bot.Reply
}

// Hear answers one message. A nil error means that what it brought about is on disk.
func (o *Office) Hear(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	v := &visit{Office: o, in: in, lang: o.Offered[0]}
	if in.Group {
		err := v.group(ctx)
		return v.reply, err
	}
	if in.Kind == bot.Left {
		return v.reply, nil
	}
	me, known, err := o.Registry.Colleague(ctx, in.Address)
	if err != nil {
		return v.reply, err
	}
	v.me = me
	v.speak(me.Lang)
	switch {
	case in.Kind == bot.Start && strings.HasPrefix(in.Payload, LinkHead):
		err = v.follow(ctx)
	case !known || in.Kind == bot.Document && (!me.Signed || v.bringsKey()):
		err = v.stranger(ctx)
	case !me.Signed:
		v.say("staff.waiting", nil)
	default:
		err = v.colleague(ctx)
	}
	return v.reply, v.explain(err)
}

// bringsKey says that a file is an enrolment file: also from somebody whose present key counts, who has lost it and was
// invited again.
func (v *visit) bringsKey() bool { return v.in.File != nil && casework.IsEnrolment(v.in.File.Bytes) }

// explain turns what is nobody's fault into words, and leaves what the disk did to the door.
func (v *visit) explain(err error) error {
	switch {
	case errors.Is(err, casework.ErrHeld):
		v.say("staff.held", nil)
	case errors.Is(err, casework.ErrUnknown):
		v.say("staff.none", nil)
	case errors.Is(err, casework.ErrInvitation):
		v.say("staff.enrol.expired", nil)
	case errors.Is(err, casework.ErrEnrolment):
		v.say("staff.enrol.bad", nil)
	default:
		return err
	}
	return nil
}

func (v *visit) speak(lang string) {
	if _, ok := v.Book.Language(lang); ok {
		v.lang = lang
	}
}

// follow takes an invitation.
func (v *visit) follow(ctx context.Context) error {
	g, err := v.Registry.Follow(ctx, v.in.Address, strings.TrimPrefix(v.in.Payload, LinkHead))
	if err != nil {
		return err
	}
	v.speak(g.Lang)
	v.say("staff.invited", speech.Args{"Name": g.Name})
	v.say("staff.enrol.how", nil)
	return nil
}

// stranger hears somebody who is not in the roster: a guest with a file, or nobody we know.
func (v *visit) stranger(ctx context.Context) error {
	g, invited, err := v.Registry.Guest(ctx, v.in.Address)
	if err != nil {
		return err
	}
	if !invited {
		switch {
		case v.me.Signed:
			v.say("staff.enrol.expired", nil)
		case v.me.ID != "":
			v.say("staff.waiting", nil) // the file came twice, or is not needed any more
		default:
			v.say("staff.unknown", nil)
		}
		return nil
	}
	v.speak(g.Lang)
	if v.in.File == nil {
		v.say("staff.enrol.how", nil)
		return nil
	}
	fingerprint, err := v.Registry.Enrol(ctx, v.in.Address, v.in.File.Bytes)
	if err == nil {
		v.say("staff.enrol.ok", speech.Args{"Fingerprint": fingerprint})
	}
	return err
}

func (v *visit) say(key string, args speech.Args) {
	v.reply.Outs = append(v.reply.Outs, bot.Outgoing{Text: speech.Paragraph(v.lang, v.text(key, args)), Lang: v.lang, Protect: true})
}

// text says a key. Every shipped language has every key and the check proves it, so an error is a slip in a release;
// the key then tells the operator which.
func (v *visit) text(key string, args speech.Args) string {
	text, err := v.Book.Text(v.lang, key, args)
	if err != nil {
		return key
	}
	return text
}
