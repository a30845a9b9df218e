package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"amana/bot"
	"amana/bot/flow"
	"amana/bot/guide"
)

// turn is one message at work.
type turn struct {
	*Room
	in     bot.Incoming
	recall bot.Recall
	langs  []string // on offer, sorted for this person
	guide  *guide.Guide
	fresh  bool // there was no conversation

	before session // as it was recalled
	now    session // as it becomes
	asked  flow.Ask
	reply  bot.Reply
	commit bot.Turn
	warned bool              // that the language is a draft, or there is no need to
	aloud  []string          // keys on the screen that can also be heard
	notes  []string          // paragraphs that wait for a message to stand in
	who    *bot.Readership   // who could read, as it was last worked out
	tried  []tried           // the answers for which that was worked out in this step
	got    *bot.Readership   // who gets the report that this turn files
	refuse map[string]string // results of acts, when a commit was refused
	pause  map[string]string // with a refusal: the values of its sentence
	kept   string            // the name of the voice message that came
	gone   bot.Lost          // the names of those that the Keeper no longer found
	lost   []string          // the names of those that are taken out of this act
	fault  error             // a text that could not be said
}

// wake decodes the draft, or begins anew where there is none that lives.
func (t *turn) wake() {
	t.langs = t.Book.Sort(t.in.Lang, t.Mission.Offered)
	if t.recall.Draft != nil {
		s, err := decodeSession(t.recall.Draft)
		if err == nil && t.Age(s.touched) < t.Idle {
			t.before = s
			return
		}
	}
	t.fresh = true
}

// left forgets the conversation of somebody who has blocked the bot.
func (t *turn) left(ctx context.Context) error {
	for _, p := range []bot.Person{t.in.Person, t.in.Was} {
		if p.IsZero() {
			continue
		}
		if err := t.Keeper.Shown(ctx, p, bot.ClosingID{}); err != nil {
			return err
		}
	}
	_, err := t.Keeper.Commit(ctx, bot.Turn{Person: t.in.Person, Was: t.in.Was, Mark: t.in.Mark})
	if err == nil {
		t.unkeep(nil)
	}
	return err
}

// again answers an update that was committed before: the receipt if it waits, and the present question. What the first
// answer took out of the chat is taken out again, since that answer may never have left. A conversation that is over
// leaves nothing but its receipt.
func (t *turn) again() bot.Reply {
	t.now = t.before
	t.reply.Erase, t.reply.Hide = bot.EraseAll, t.hidden()
	t.showClosing()
	if !t.fresh {
		t.reply.Erase = t.before.erase
		t.reply.Unheard = t.in.Kind == bot.Text && !t.before.state.Holds(t.in.Text)
		t.ask(t.set().Look(t.before.state, t.env()))
	}
	t.flush()
	return t.reply
}

// hear takes the step, commits it, and gives what to say.
func (t *turn) hear(ctx context.Context) (bot.Reply, error) {
	for {
		if err := t.step(ctx); err != nil {
			t.unkept()
			return bot.Reply{}, err
		}
		done, err := t.Keeper.Commit(ctx, t.commit)
		why, taken := refusal(err)
		if err != nil && (!taken || t.refuse != nil) {
			if errors.Is(err, bot.ErrNotSaved) || errors.Is(err, bot.ErrOvertaken) { // else the draft may hold it after all, and the sweep finds out
				t.unkept()
			}
			return bot.Reply{}, err
		}
		if err != nil {
			t.refuse, t.pause = why, minutes(err)
			errors.As(err, &t.gone)
			continue
		}
		t.unkeep(named(t.now.state))
		if t.commit.Filing != nil {
			if err = t.sent(ctx, done); err != nil {
				err = fmt.Errorf("%w: %w", bot.ErrPerhaps, err)
			}
		}
		return t.reply, err
	}
}

// refusal turns an error of the Keeper that is about this report, not about the disk, into results of the acts.
func refusal(err error) (map[string]string, bool) {
	switch {
	case errors.As(err, new(bot.Later)):
		return map[string]string{
			flow.ActFile: flow.ResultLater, flow.ActWrite: flow.ResultLater, flow.ActKeep: flow.ResultLater,
		}, true
	case errors.Is(err, bot.ErrBusy):
		return map[string]string{flow.ActFile: flow.ResultBusy}, true
	case errors.Is(err, bot.ErrNoVoice):
		return map[string]string{flow.ActFile: flow.ResultVoice, flow.ActWrite: flow.ResultVoice}, true
	case errors.Is(err, bot.ErrNoReaders), errors.Is(err, bot.ErrTooLong):
		return map[string]string{flow.ActFile: flow.ResultRefused, flow.ActWrite: flow.ResultRefused}, true
	case errors.Is(err, bot.ErrWrongReceipt):
		return map[string]string{
			flow.ActWrite: flow.ResultRefused, flow.ActWithdraw: flow.ResultRefused, flow.ActKeep: flow.ResultRefused,
		}, true
	}
	return nil, false
}

// minutes says how long somebody has to wait who has sent much, rounded up so that what is said is never too short.
func minutes(err error) map[string]string {
	var later bot.Later
	if !errors.As(err, &later) {
		return nil
	}
	n := int((later.Wait + time.Minute - 1) / time.Minute)
	return map[string]string{"Count": strconv.Itoa(n)}
}

// step works out what this message changes and what is said, without writing anything.
func (t *turn) step(ctx context.Context) error {
	t.now, t.reply, t.warned, t.notes, t.who, t.got, t.lost, t.fault = t.before, bot.Reply{}, false, nil, nil, nil, nil, nil
	t.tried = nil
	t.aloud, t.now.aloud = nil, nil
	t.commit = bot.Turn{Person: t.in.Person, Was: t.in.Was, Mark: t.in.Mark, Address: t.in.Address, From: t.recall.From}
	t.now.touched = t.Now()
	if !t.in.Sent.IsZero() {
		t.now.sent = t.in.Sent
	}
	t.showClosing()
	if t.fresh {
		if err := t.begin(); err != nil {
			return err
		}
	} else {
		t.asked = t.set().Look(t.before.state, t.env())
		if err := t.answer(ctx); err != nil {
			return err
		}
	}
	t.commit.Lang = t.lang()
	if len(t.reply.Outs) == 0 && len(t.notes) == 0 { // a second tap: what stands on the screen stands there still
		t.now.aloud = t.before.aloud
	}
	t.reply.Hide = t.reply.Hide || t.hidden()
	if !t.now.state.IsZero() {
		t.now.erase = t.reply.Erase
		t.commit.Draft = t.now.encode()
	}
	t.flush()
	return t.fault
}

// hidden says that the conversation is the harmless face, which somebody has asked for.
func (t *turn) hidden() bool { return t.now.state.Flow() == flow.HideFlow }

// begin opens a conversation. Whatever the first message was, it is not taken for an answer: nothing was asked yet.
// Only the wish to hide is heard at once.
func (t *turn) begin() error {
	tag, err := t.tag()
	if err != nil {
		return err
	}
	switch t.recall.Ended {
	case bot.EndedNothing:
		t.say("word.ended.nothing", nil)
	case bot.EndedPerhaps:
		t.say("word.ended.perhaps", nil)
	}
	if t.in.Kind == bot.Start {
		t.now.area = t.Mission.Places[t.in.Payload]
	}
	var out flow.Out
	word, ok := t.word()
	if tap, tapped := flow.ParseTap(t.in.Tap); tapped && t.in.Kind == bot.Tap {
		// The buttons of an ended conversation still stand on the screen. One of them must work whatever happened.
		word, ok = strings.TrimPrefix(tap.Choice, "!"), tap.Choice == "!"+flow.WordHide
	}
	if ok && word == flow.WordHide {
		t.reply.Erase, t.reply.Hide, t.warned = bot.EraseAll, true, true
		t.now.state, out = t.set().Enter(flow.HideFlow, t.lang(), tag, t.env()) // no question before the harmless face
	} else {
		t.now.state, out = t.set().Begin(t.only(), tag, t.env())
		if ok && word == flow.WordServices { // help before anything else, also before the language
			t.services("", "", nil)
		}
		if !ok && t.in.Kind == bot.Text && t.Book.Danger(t.in.Text, t.Mission.Offered...) {
			t.say("word.safe", nil)
			t.services("", "", nil)
		}
		if ok && word == "privacy" {
			t.say("word.privacy", nil)
		}
	}
	return t.follow(context.Background(), out)
}

// only gives the one language on offer, if there is but one.
func (t *turn) only() string {
	if len(t.Mission.Offered) == 1 {
		return t.Mission.Offered[0]
	}
	return ""
}

func (t *turn) tag() (tag [4]byte, err error) {
	if _, err := io.ReadFull(t.Rand, tag[:]); err != nil {
		return tag, fmt.Errorf("beginning a conversation: %w", err)
	}
	return tag, nil
}

func (t *turn) set() *flow.Set { return t.Mission.Flows() }

// env is what a step may know. It notes who could read, since sentences name them.
func (t *turn) env() flow.Env {
	env := flow.Env{
		Langs: t.langs, Voice: t.in.Speaks && t.Voices != nil, Mute: t.in.Mute,
		Readers: func(kind string, facts flow.Facts) string {
			t.who = t.readership(kind, facts)
			return t.who.Verdict
		},
	}
	if t.guide != nil {
		env.Help = helper{t}
	}
	return env
}

// lang is the language of the conversation, or before it is chosen the likeliest one.
func (t *turn) lang() string {
	if l := t.now.state.Lang(); l != "" && slices.Contains(t.Mission.Offered, l) {
		return l
	}
	if l := t.before.state.Lang(); l != "" && slices.Contains(t.Mission.Offered, l) {
		return l
	}
	return t.langs[0]
}

// late says that a message left the phone together with the one that the present question answers.
func (t *turn) late() bool {
	return !t.in.Sent.IsZero() && !t.before.sent.IsZero() && t.in.Sent.Sub(t.before.sent) < 2*time.Second
}
