package chat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
)

// start walks to the menu.
func (p *person) start() {
	p.t.Helper()
	p.types("hello")
	p.sees("In which language shall we write?")
	p.sees("بأي لغة")
	p.taps("English")
	p.taps("Yes")
	p.sees("What would you like to do?")
}

// files walks the shortest way through a report and gives the number.
func (p *person) files() string {
	p.t.Helper()
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("May this go to")
	p.taps("Yes, it may go")
	p.skipTo("This is what would be sent")
	p.taps("Send")
	return p.receipt()
}

func (p *person) skipTo(words string) {
	p.t.Helper()
	for range 30 {
		if strings.Contains(p.text(), words) {
			return
		}
		p.taps("Skip")
	}
	p.t.Fatalf("skipping never led to %q", words)
}

// receipt gives the number that the last reply shows, and checks that it is marked to be kept and confirmed.
func (p *person) receipt() string {
	p.t.Helper()
	for _, o := range p.last.Outs {
		if !o.Closing.IsZero() {
			if !o.Keep || len(o.Rows) != 1 || o.Rows[0][0].Copy == "" {
				p.t.Fatalf("the receipt is not kept and copyable: %+v", o)
			}
			return o.Rows[0][0].Copy
		}
	}
	p.t.Fatalf("no number is shown: %s", p.text())
	return ""
}

// delivered tells the room that every receipt of the last reply has arrived.
func (p *person) delivered() {
	p.t.Helper()
	for _, o := range p.last.Outs {
		if !o.Closing.IsZero() {
			p.ok(p.room.Delivered(context.Background(), p.id, o.Closing))
		}
	}
}

func TestTheNumberIsShownUntilItArrived(t *testing.T) {
	p := newMission(t).person(1)
	number := p.files()
	if p.last.Erase != bot.EraseAll {
		t.Error("the conversation stays in the chat after it was sent")
	}
	// The door was cut off: whatever the person writes, the number comes first.
	p.types("are you there")
	if again := p.receipt(); again != number {
		t.Fatal("another number is shown")
	}
	parcels, err := p.room.Unsent(context.Background())
	p.ok(err)
	if len(parcels) != 1 || parcels[0].Address != "test:1001" || parcels[0].Out.Closing.IsZero() {
		t.Fatalf("after a start the door finds %d numbers to show", len(parcels))
	}
	p.delivered()
	for _, o := range p.types("English").Outs {
		if !o.Closing.IsZero() {
			t.Error("the number is shown again after it arrived")
		}
	}
	parcels, err = p.room.Unsent(context.Background())
	p.ok(err)
	if len(parcels) != 0 {
		t.Error("the number waits although it arrived")
	}
}

func TestARepeatIsAnsweredAndNotApplied(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	in := p.incoming()
	in.Kind, in.Tap = bot.Tap, p.button("Go on")
	first := p.hear(in)
	question := first.Outs[len(first.Outs)-1].Text
	for range 3 {
		again := p.hear(in)
		if got := again.Outs[len(again.Outs)-1].Text; got != question {
			t.Fatalf("a repeat is answered with %q, not with the present question %q", got, question)
		}
	}
	p.taps("I do not know") // had the repeats counted, another question would stand here
	p.sees("Which of these fits best?")
}

func TestARepeatedFilingFilesOnce(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("May this go to")
	p.taps("Yes, it may go")
	p.skipTo("This is what would be sent")
	in := p.incoming()
	in.Kind, in.Tap = bot.Tap, p.button("Send")
	p.hear(in)
	number := p.receipt()
	p.hear(in)
	if p.receipt() != number {
		t.Fatal("a repeat made another number")
	}
	lines, err := p.registry.Inbox(context.Background(), "ana")
	p.ok(err)
	if len(lines) != 1 {
		t.Fatalf("there are %d reports", len(lines))
	}
}

func TestSilenceEndsAConversation(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.now = p.now.Add(59 * time.Minute)
	p.taps("Wrong by aid, police or officials")
	p.sees("You decide what to tell")
	p.now = p.now.Add(61 * time.Minute)
	p.types("hello")
	p.sees("In which language shall we write?")
	if strings.Contains(p.text(), "wrong") {
		t.Error("the greeting tells what was talked about")
	}
}

func TestABurstIsNotSwallowed(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("You can write here what you want them to know")
	at := p.now
	send := func(text string) {
		in := p.incoming()
		in.Kind, in.Text, in.Sent = bot.Text, text, at
		p.hear(in)
	}
	send("first part")
	if p.last.Erase != bot.EraseTyped {
		t.Error("the words stay in the chat after they were kept")
	}
	send("done")
	send("last part, sent in the same second") // arrives when the next question is already asked
	p.skipTo("May this go to")
	p.taps("Yes, it may go")
	p.skipTo("This is what would be sent")
	p.sees("first part")
	p.sees("last part, sent in the same second")
}

func TestANearSpellingIsAskedAbout(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.types("Only show servises")
	p.sees("Do you mean")
	p.types("no")
	p.sees("You decide what to tell")
	p.types("Only show servises")
	p.types("yes")
	p.sees("000-0001")
}

func TestWhatWasNotUnderstoodStays(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	long := "a long story that she wrote where a choice was asked for"
	if p.types(long); p.last.Erase != bot.EraseNothing {
		t.Error("her words were taken out of the chat although they were not kept")
	}
	p.sees("I did not understand")
}

func TestWhatIsRefusedIsRefusedKindly(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	for kind, words := range map[bot.Kind]string{
		bot.Voice: "Voice messages", bot.Picture: "Pictures", bot.Document: "Files", bot.Edited: "Changes to an older message",
		bot.Other: "cannot be used here", bot.Location: "No location is needed",
	} {
		in := p.incoming()
		in.Kind, in.Place = kind, &bot.Place{Lat: 1, Lon: 2}
		p.hear(in)
		p.sees(words)
		p.sees("What would you like to do?")
	}
}

func TestTheWaysOutWork(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.types("/privacy")
	p.sees("Telegram can see what you write here")
	p.sees("What would you like to do?")
	p.types("SERVICES")
	p.sees("000-0001")
	p.sees("What kind of help is it about?")
	p.types("back")
	p.sees("What would you like to do?")
	p.types("back")
	p.sees("Is this a good moment to write?")
	p.types("2")
	p.sees("Write again whenever you like")
	p.types("hide")
	if p.last.Erase != bot.EraseAll {
		t.Error("hiding leaves the chat as it is")
	}
	p.sees("What would you like to look up?")
	if strings.Contains(p.text(), "wrong") || strings.Contains(p.text(), "report") {
		t.Errorf("the face tells something: %s", p.text())
	}
}

func TestAPosterChoosesTheArea(t *testing.T) {
	p := newMission(t).person(1)
	in := p.incoming()
	in.Kind, in.Payload = bot.Start, "well"
	p.hear(in)
	p.taps("English")
	p.types("services")
	p.sees("Line for block_a")
	second := p.incoming()
	second.Kind, second.Payload = bot.Start, "somebody else's word"
	p.hear(second)
	p.sees("What kind of help is it about?")
	p.taps("Back")
	p.sees("Is this a good moment to write?") // a second start does not destroy the conversation
}

func TestTheMailbox(t *testing.T) {
	p := newMission(t).person(1)
	number := p.files()
	p.delivered()
	p.start()
	p.taps("Read replies to what I sent")
	p.types("1234")
	p.sees("The number has 16 digits")
	wrong := []byte(number)
	wrong[3] = '0' + (wrong[3]-'0'+1)%10
	p.types(string(wrong))
	p.sees("A digit is missing or different") // nobody is told that her report is nowhere for a slip of the finger
	p.types("1234 5678 9012 3416")
	p.sees("opens nothing")
	if p.last.Erase != bot.EraseTyped {
		t.Error("a number that was typed stays in the chat")
	}
	arabic := strings.NewReplacer("0", "٠", "1", "١", "2", "٢", "3", "٣", "4", "٤", "5", "٥", "6", "٦", "7", "٧", "8", "٨", "9", "٩").Replace(number)
	p.types(arabic[:8] + " " + arabic[8:])
	p.sees("Nobody has seen it yet")
	p.sees("There is no reply yet")
	p.taps("Write something more")
	p.types("one thing more")
	p.taps("Done")
	p.sees("It is sent")
}

func TestLeavingForgets(t *testing.T) {
	p := newMission(t).person(1)
	p.files()
	in := p.incoming()
	in.Kind = bot.Left
	p.hear(in)
	recall, err := p.registry.Recall(context.Background(), p.incoming())
	p.ok(err)
	if recall.Draft != nil || recall.Closing != nil {
		t.Error("something is remembered of somebody who left")
	}
}

func TestYesAndNoAreHeardAsPeopleTypeThem(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.types("back")
	p.sees("Is this a good moment to write?")
	p.types("ok")
	p.sees("What would you like to do?")
	p.types("help me")
	p.sees("000-0001")
}

func TestTheHideButtonWorksAfterTheConversationEnded(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.now = p.now.Add(2 * time.Hour)
	p.taps("Hide")
	if p.last.Erase != bot.EraseAll {
		t.Error("hiding leaves the chat as it is")
	}
	p.types("hello")
	p.now = p.now.Add(2 * time.Hour)
	p.taps("Services")
	if p.last.Erase != bot.EraseNothing {
		t.Error("another old button wipes the chat")
	}
}

func TestARepeatTakesOutAgainWhatTheFirstAnswerTookOut(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	for words, want := range map[string]bot.Erase{"3": bot.EraseTyped, "hide": bot.EraseAll, "nonsense here": bot.EraseNothing} {
		p := p.mission.person(byte(10 + len(words)))
		p.start()
		in := p.incoming()
		in.Kind, in.Text = bot.Text, words
		if got := p.hear(in).Erase; got != want {
			t.Fatalf("%q erases %v, not %v", words, got, want)
		}
		if got := p.hear(in).Erase; got != want {
			t.Errorf("%q, repeated, erases %v, not %v", words, got, want)
		}
	}
	q := p.mission.person(99)
	q.start()
	q.types("stop")
	in := q.incoming()
	in.Kind, in.Text = bot.Text, "1"
	if q.hear(in); q.last.Erase != bot.EraseAll {
		t.Fatal("stopping leaves the chat as it is")
	}
	if q.hear(in); q.last.Erase != bot.EraseAll {
		t.Error("stopping, repeated, leaves the chat as it is")
	}
}

// Who agreed that three people read, and then keeps one of them away, is asked again before anything is sent.
func TestAConsentCountsOnlyForWhatWasShown(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("May this go to")
	p.sees("3 people at example_children, example_health, example_relief")
	p.taps("Yes, it may go")
	p.skipTo("This is what would be sent")
	p.taps("2 · Change")
	p.taps("Might read these messages")
	p.taps("1 · Change")
	p.taps("2 · Yes")
	p.taps("example relief")
	p.taps("focal point")
	p.skipTo("This is what would be sent")
	p.taps("Send")
	p.sees("Who can read it has changed")
	p.sees("2 people at example_children, example_health")
	for _, o := range p.last.Outs {
		if !o.Closing.IsZero() {
			t.Fatal("it was sent without the new consent")
		}
	}
	p.taps("Yes, it may go")
	p.skipTo("This is what would be sent")
	p.taps("Send")
	p.receipt()
	lines, err := p.registry.Inbox(context.Background(), "bea")
	p.ok(err)
	if len(lines) != 1 {
		t.Fatalf("%d reports", len(lines))
	}
	lines, err = p.registry.Inbox(context.Background(), "ana")
	p.ok(err)
	if len(lines) != 0 {
		t.Fatal("the person who may be involved sees it")
	}
}

func TestWaysOutAreHeardInEveryLanguage(t *testing.T) {
	p := newMission(t).person(1)
	p.types("خدمات")
	p.sees("000-0001")
	p.taps("English")
	p.types("خدمات")
	p.sees("000-0001")
	p.types("إخفاء")
	if p.last.Erase != bot.EraseAll {
		t.Error("hiding in another language does nothing")
	}
}

// Whoever has sent a lot is told that this is not sent yet, that it is kept, and when it can be sent; then it goes out as
// it was written.
func TestTooMuchAtOnceIsKept(t *testing.T) {
	for lang, words := range map[string]struct{ name, wait, kept, send string }{
		"en": {"English", "You can send this in 10 minutes", "not sent yet", "Send"},
		"ar": {"العربية", "بعد \u206810\u2069 دقائق", "لم يُرسل هذا بعد", "إرسال"},
	} {
		t.Run(lang, func(t *testing.T) {
			m := newMission(t, func(o *casework.Options) { o.Budget.Beyond = 1 })
			p := m.person(1)
			sent := p.now
			for range casework.StandardBudget.Reports {
				_, err := p.registry.Commit(t.Context(), bot.Turn{Person: p.id, Lang: "en", Filing: &bot.Filing{Flow: "report", Kind: "sea", Lang: "en"}})
				p.ok(err)
			}
			p.ok(p.registry.Shown(t.Context(), p.id, bot.ClosingID{}))
			p.start()
			p.taps("Wrong by aid, police or officials")
			p.taps("Go on")
			p.skipTo("what you want them to know")
			p.types("the words that must not be lost")
			p.taps("Done")
			p.skipTo("May this go to")
			p.taps("Yes, it may go")
			p.skipTo("This is what would be sent")
			p.types("language")
			p.taps(words.name)
			p.now = sent.Add(-5 * time.Second) // as if all that took no time
			p.taps(words.send)
			p.sees(words.wait)
			p.sees(words.kept)
			if p.last.Erase == bot.EraseAll {
				t.Error("the chat is erased although nothing was sent")
			}
			p.taps(words.send) // too early
			p.sees(words.kept)
			p.now = p.now.Add(10 * time.Minute)
			p.taps(words.send)
			p.receipt()
			if !strings.Contains(m.told("ana"), "the words that must not be lost") {
				t.Error("what was sent after the wait is not what was written")
			}
		})
	}
}

// told is everything that a reader can open, in the JSON in which it was sealed.
func (m *mission) told(who string) string {
	m.t.Helper()
	inbox, err := m.registry.Inbox(m.t.Context(), who)
	m.ok(err)
	var all []string
	for _, l := range inbox {
		files, err := m.registry.ReadOut(m.t.Context(), who, l.Code)
		m.ok(err)
		for _, f := range files {
			if f.Load != nil { // a voice message
				continue
			}
			packet, err := seal.OpenHandOut(f.Bytes, m.readers[who])
			m.ok(err)
			for _, sealed := range packet.Thread {
				plain, err := seal.OpenMessage(sealed.File, m.readers[who])
				m.ok(err)
				all = append(all, string(plain))
			}
		}
	}
	return strings.Join(all, "\n")
}
