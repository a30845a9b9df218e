package chat

import (
	"context"
	"errors"
	"strconv"
	"time"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/speech"
)

// maxActs bounds how many acts one message can lead to: hiding, wiping and one more.
const maxActs = 4

// take gives an input to the flow.
func (t *turn) take(ctx context.Context, in flow.Input) error {
	state, out := t.set().Step(t.before.state, in, t.env())
	t.now.state = state
	t.erase(in, out)
	return t.follow(ctx, out)
}

// erase says what leaves the chat: an answer that was kept, and a receipt in any case. What was not understood stays:
// nobody should lose her words because she wrote them at the wrong place.
func (t *turn) erase(in flow.Input, out flow.Out) {
	if t.in.Kind == bot.Location { // a map on the screen says to everybody where she was
		t.reply.Erase = max(t.reply.Erase, bot.EraseTyped)
		return
	}
	if t.in.Kind != bot.Text && in.Kind != flow.InVoice {
		return
	}
	kept := len(out.Answered) > 0 || out.Redraw || out.Act.Do == flow.ActOpen || t.asked.Secret ||
		out.Kept
	if kept && t.reply.Erase == bot.EraseNothing {
		t.reply.Erase = bot.EraseTyped
	}
}

// follow says what a step answered, and carries out its act, until a question or the end is reached.
func (t *turn) follow(ctx context.Context, out flow.Out) error {
	for n := 0; ; n++ {
		t.speak(out)
		if out.Act.Do == "" || n == maxActs {
			return nil
		}
		if out.Act.Do == flow.ActHide {
			t.reply.Erase, t.reply.Hide, t.now.box, t.now.force = bot.EraseAll, true, [16]byte{}, false
			t.now.state, out = t.set().Enter(flow.HideFlow, t.lang(), t.now.state.Tag(), t.env())
			continue
		}
		result, err := t.act(ctx, out.Act)
		if err != nil {
			return err
		}
		if out.End {
			return nil
		}
		t.now.state, out = t.set().Step(t.now.state, flow.Input{Kind: flow.InResult, Result: result, Args: t.pause, Lost: t.lost}, t.env())
	}
}

// act prepares one act. Filing, writing and withdrawing are done by the commit of this turn: the result is what that
// will bring, or what it brought when it was tried.
func (t *turn) act(ctx context.Context, a flow.Act) (string, error) {
	if t.lost = t.missing(a); len(t.lost) > 0 {
		return flow.ResultVoice, nil
	}
	if why := t.refuse[a.Do]; why != "" && why != flow.ResultVoice {
		return why, nil
	}
	switch a.Do {
	case flow.ActFile:
		who := t.Mission.Readership(a.Kind, t.lang(), t.facts(a.Facts, false))
		t.who = &who
		if who.Verdict == "none" {
			return flow.ResultRefused, nil
		}
		if !t.agreed(a.Facts) {
			return flow.ResultConsent, nil
		}
		t.got = &who // the sentences after the filing speak of those who got it
		t.commit.Filing = &bot.Filing{Flow: a.Flow, Kind: a.Kind, Lang: t.lang(), Facts: t.facts(a.Facts, true)}
		t.reply.Erase = bot.EraseAll
	case flow.ActOpen:
		return t.open(ctx, a.Secret)
	case flow.ActWrite:
		t.commit.Letter = &bot.Letter{Box: t.now.box, Text: a.Text, Voices: notes(a.Voices), Lang: t.lang()}
	case flow.ActWithdraw, flow.ActKeep:
		t.commit.Withdraw = &bot.Withdraw{Box: t.now.box, Keep: a.Do == flow.ActKeep}
	case flow.ActWipe:
		t.reply.Erase = bot.EraseAll
	}
	return flow.ResultOK, nil
}

// open opens a mailbox and tells what is in it.
func (t *turn) open(ctx context.Context, typed string) (string, error) {
	digits := speech.Receipt(typed)
	if len(digits) != 16 {
		return flow.ResultDigits, nil
	}
	mail, err := t.Mailroom.Open(ctx, t.in.Person, digits)
	switch {
	case errors.Is(err, bot.ErrSlip):
		return flow.ResultDigits, nil
	case errors.Is(err, bot.ErrWrongReceipt):
		return flow.ResultWrong, nil
	case errors.Is(err, bot.ErrSlow):
		return flow.ResultSlow, nil
	case err != nil:
		return "", err
	}
	// Staff close a report with an answer. What is closed without one was withdrawn, and cannot be taken up again.
	if mail.Closed && len(mail.Answers) == 0 {
		t.say("word.state.withdrawn", nil)
		return flow.ResultClosed, nil
	}
	t.now.box, t.now.force = mail.Box, mail.Force
	t.say("word.state."+mail.State, nil)
	if len(mail.Answers) == 0 {
		t.say("word.mail.none", nil)
	}
	for _, a := range mail.Answers {
		t.paragraph(t.text("word.mail.from", speech.Args{"When": t.when(a.Day)}))
		t.flush()
		t.reply.Outs = append(t.reply.Outs, bot.Outgoing{Text: speech.Paragraph(a.Lang, a.Text), Lang: a.Lang})
	}
	t.flush()
	if mail.Asked {
		return flow.ResultWithdrawn, nil
	}
	return flow.ResultOK, nil
}

// when names a day by how long it is ago: a weekday or a date would need a calendar that not everybody shares.
func (t *turn) when(day time.Time) string {
	today := t.Now().UTC().Truncate(24 * time.Hour)
	switch n := int(today.Sub(day.UTC().Truncate(24*time.Hour)) / (24 * time.Hour)); {
	case n <= 0:
		return t.text("word.when.today", nil)
	case n == 1:
		return t.text("word.when.yesterday", nil)
	default:
		return t.text("word.when.days", speech.Args{"Count": strconv.Itoa(n)})
	}
}

// facts gives answers as they stand in a report. When they are to be sent, each consent carries the sentences that were
// shown for it, in the language in which it was answered.
func (t *turn) facts(in flow.Facts, send bool) bot.Facts {
	out := make(bot.Facts, 0, len(in))
	for _, f := range in {
		fact := bot.Fact{
			Flow: f.Flow, Step: f.Step, Lang: f.Lang, Values: f.Values, Text: f.Text, Voices: notes(f.Voices), Consent: f.Consent, Skipped: f.Skipped,
		}
		if name, ok := t.placeName(f.Values); ok {
			fact.Values, fact.Text = nil, name
		}
		if f.Consent && send {
			fact.Shown = t.textIn(f.Lang, f.Flow+"."+f.Step, nil)
		}
		out = append(out, fact)
	}
	return out
}

// agreed says that each consent was given to the very sentences that would be sent with it. They name who can read, and
// an answer that was changed since may have changed that.
func (t *turn) agreed(facts flow.Facts) bool {
	for _, f := range facts {
		if key := f.Flow + "." + f.Step; f.Consent && !f.Skipped && !t.now.saw(key, t.textIn(f.Lang, key, nil)) {
			return false
		}
	}
	return true
}
