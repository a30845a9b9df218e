package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/telegram/telegramtest"
	"amana/bot/ticket"
)

// TestFirstStory is the whole of it, in each language: somebody reports, a focal point is told, asks for the sealed
// file, opens it with a key that never was on the server, and answers; the reporter is nudged, reads the answer with
// the receipt, writes again, and the readers get that too.
func TestFirstStory(t *testing.T) {
	t.Parallel()
	for _, s := range []tale{
		{lang: "en", told: "He wanted something for the card, at the gate.", answer: "We believe you. Nobody will be asked for your name.", more: "It was on the second day."},
		{lang: "ar", told: "طلب مني شيئا مقابل البطاقة عند البوابة", answer: "نحن نصدق ما كُتب. لن يُسأل أحد عن اسمك.", more: "كان ذلك في اليوم الثاني"},
	} {
		t.Run(s.lang, func(t *testing.T) {
			t.Parallel()
			s.trial = newTrial(t, trialOptions{costly: true})
			s.play()
		})
	}
}

// tale is the first story in one language.
type tale struct {
	*trial
	lang, told, answer, more string
}

func (s *tale) play() {
	s.serve()
	s.enrol()
	s.tell(8_111_222_333, nil)
}

// tell walks from the first word to the end, with staff who have joined. Before is called before each step is answered.
func (s *tale) tell(id int64, before func(step string)) {
	ana := s.hands["ana"]
	known := s.codes(ana)
	w := s.walker(id, s.lang, map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "sexual", "concern": "sex_for_aid", "organisation": "example_shelter",
		"involved": "no", "area": "block_a", "story": s.told, "help": "!skip", "call": "no", "consent_complaint": "yes",
		"nudge": "yes", "nudge_hours": "any",
	})
	w.burst, w.about = 3, before
	receipt, err := w.report(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	code := s.noticed(ana, known...)
	s.press(ana, "s:ack:"+code)
	s.saw(ana.phone, s.words(ana.lang, "staff.ack.ok", speech.Args{"Code": code}))

	files := s.read(ana, code)
	body := files.body
	if body == nil {
		s.Fatal("the sealed file holds no report")
	}
	if got := body.text("story"); strings.Join(strings.Fields(got), " ") != s.told {
		s.Errorf("the reader found %q, the reporter wrote %q", got, s.told)
	}
	if !slices.ContainsFunc(body.Consents, func(a ticket.Agreed) bool { return a.Step == "consent_complaint" && a.Given && a.Lang == s.lang }) {
		s.Error("the consent is not in the report")
	}
	s.forge(ana, files)
	answer := s.reply(files, ticket.Read, s.lang, s.answer)
	ana.phone.SendDocument("answer.amana", answer)
	s.saw(ana.phone, s.words(ana.lang, "staff.answer.ok", speech.Args{"Code": code}))
	ana.phone.SendDocument("answer.amana", answer)
	s.saw(ana.phone, s.words(ana.lang, "staff.answer.already", nil))
	if w.lost > 0 {
		s.Errorf("somebody had to write again %d times for a question; they went through %v", w.lost, w.trace)
	}
	hana := s.hands["hana"]
	s.saw(hana.phone, s.words(hana.lang, "staff.notice.answered", speech.Args{"Code": code}))

	s.saw(w.phone, s.words(s.lang, "word.nudge", nil))
	w.plan = map[string]string{"menu": "mailbox", "number": receipt[:4] + " " + receipt[4:8] + "-" + receipt[8:], "what": "write", "further": s.more}
	w.trace = nil
	if err := w.walk(s.Context(), func() bool { return w.phone.Seen(s.words(s.lang, "mailbox.sent", nil)) }); err != nil {
		s.Fatal(err)
	}
	if n := shownTimes(w.phone, s.answer); n != 1 {
		s.Errorf("the mailbox showed the answer %d times:\n%s", n, w.phone.Screen())
	}
	if shownTimes(w.phone, forgedWords) != 0 {
		s.Error("a forged answer reached the reporter")
	}
	s.saw(ana.phone, firstLine(s.words(ana.lang, "staff.notice.message", speech.Args{"Code": code, "Deadline": ""}), code))
	again := s.read(ana, code)
	if n := len(again.insides); n != 3 || again.insides[2].Message == nil || strings.Join(strings.Fields(again.insides[2].Message.Text), " ") != s.more {
		s.Errorf("the thread has %d parts, or does not end with what the reporter wrote", n)
	}
	for _, e := range w.phone.Transcript() { // nobody's name is ever said to a reporter
		if e.Message.FromBot && strings.Contains(e.Message.Text, "Name of ") {
			s.Errorf("the reporter was shown a name: %s", e.Message.Text)
		}
	}
}

const forgedWords = "Come to the office tonight and bring your card."

// forge sends what a stolen staff account could send: an answer signed with another seed, one with a byte changed after
// it was signed, and one without a signature. None is taken.
func (s *tale) forge(h *staffer, o opened) {
	s.Helper()
	in := ticket.Inside{Reply: &ticket.Reply{
		ID: o.body.ID, Time: time.Now().UTC(), Lang: s.lang, Role: ticket.FocalPoint, State: ticket.Read, Text: forgedWords,
	}}
	other, err := seal.NewSeed(rand.Reader)
	if err != nil {
		s.Fatal(err)
	}
	forged, _ := s.signed(o, in, ticket.Read, &other)
	h.phone.SendDocument("answer.amana", forged)
	refused := s.words(h.lang, "staff.answer.refused", speech.Args{"Reason": s.words(h.lang, "staff.answer.reason.signature", nil)})
	s.saw(h.phone, refused)

	changed, _ := s.signed(o, in, ticket.Read, nil)
	changed[len(changed)-1] ^= 1
	h.phone.SendDocument("answer.amana", changed)
	_, err = h.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool { return shownTimes(h.phone, refused) == 2 })
	if err != nil {
		s.Errorf("an answer with a byte changed: %v", err)
	}

	whole, err := seal.ParseAnswer(forged)
	if err != nil {
		s.Fatal(err)
	}
	h.phone.SendDocument("answer.amana", whole.File)
	s.saw(h.phone, s.words(h.lang, "staff.file.unknown", nil))
}

// shownTimes counts the messages of the bot that held some words.
func shownTimes(u *telegramtest.User, words string) (n int) {
	for _, e := range u.Transcript() {
		if e.Kind == telegramtest.Sent && strings.Contains(e.Message.Text, words) {
			n++
		}
	}
	return n
}

// firstLine gives a sentence up to and with a word in it.
func firstLine(s, word string) string {
	head, _, _ := strings.Cut(s, word)
	return head + word
}

// walker is a person of this mission who follows a plan, and else takes what comes.
func (t *trial) walker(id int64, lang string, plan map[string]string) *walker {
	return &walker{trial: t, phone: t.person(id, lang), lang: lang, plan: plan, skips: 1, burst: 1, rand: mrand.New(mrand.NewPCG(uint64(id), 2))}
}

// noticed waits until somebody is told of a report that is not among those known, and gives its code.
func (t *trial) noticed(h *staffer, known ...string) (code string) {
	t.Helper()
	_, err := h.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool {
		for _, c := range t.codes(h) {
			if !slices.Contains(known, c) {
				code = c
			}
		}
		return code != ""
	})
	if err != nil {
		t.Fatalf("%s was not told: %v", h.id, err)
	}
	return code
}

// codes are those of the reports whose notices stand on somebody's screen.
func (t *trial) codes(h *staffer) (codes []string) {
	for _, m := range h.phone.Screen() {
		for _, row := range m.Rows {
			for _, b := range row {
				if c, ok := strings.CutPrefix(b.Data, "s:ack:"); ok {
					codes = append(codes, c)
				}
			}
		}
	}
	return codes
}

// press taps a button of a notice.
func (t *trial) press(h *staffer, data string) {
	t.Helper()
	if err := h.phone.TapData(data); err != nil {
		t.Fatal(err)
	}
}

// opened is a sealed file that its reader has opened.
type opened struct {
	packet  seal.Packet
	insides []ticket.Inside
	body    *contents
}

// contents is the inside of a report as a reader finds it.
type contents struct{ ticket.Body }

func (b *contents) text(step string) string {
	for _, a := range b.Answers {
		if a.Step == step {
			return a.Text
		}
	}
	return ""
}

// read asks for the sealed file in the chat, and opens it with the reader's own key.
func (t *trial) read(h *staffer, code string) (o opened) {
	t.Helper()
	before := files(h.phone)
	t.press(h, "s:read:"+code)
	var file []byte
	_, err := h.phone.Wait(telegramtest.Within(patience), func(telegramtest.Screen) bool {
		all := files(h.phone)
		if len(all) > len(before) {
			file = all[len(before)] // voice messages come behind it
		}
		return file != nil
	})
	if err != nil {
		t.Fatalf("%s got no file: %v", h.id, err)
	}
	o, err = openFile(file, h.key)
	if err != nil {
		t.Fatalf("%s cannot open the file: %v", h.id, err)
	}
	return o
}

// files gives every document that the bot sent to somebody.
func files(u *telegramtest.User) (out [][]byte) {
	for _, e := range u.Transcript() {
		if e.Kind == telegramtest.Sent && e.Message.File != nil {
			out = append(out, e.Message.File.Bytes)
		}
	}
	return out
}

// openFile opens a hand-out and the messages in it.
func openFile(file []byte, key seal.Identity) (o opened, err error) {
	if o.packet, err = seal.OpenHandOut(file, key); err != nil {
		return o, err
	}
	for _, m := range o.packet.Thread {
		if len(m.File) == 0 { // a share
			continue
		}
		plain, err := seal.OpenMessage(m.File, key)
		for _, g := range m.Copies {
			if !errors.Is(err, seal.ErrNotForYou) {
				break
			}
			var file []byte
			if file, err = g.File(m.File); err == nil {
				plain, err = seal.OpenMessage(file, key)
			}
		}
		if err != nil {
			return o, err
		}
		in, err := ticket.DecodeInside(plain)
		if err != nil {
			return o, err
		}
		if id, _ := in.About(); id != ticket.ID(o.packet.Report) {
			return o, fmt.Errorf("a message of another report")
		}
		if in.Report != nil {
			o.body = &contents{*in.Report}
		}
		o.insides = append(o.insides, in)
	}
	return o, nil
}

// reply makes the signed answer file of a reader, as their program does.
func (t *trial) reply(o opened, state ticket.State, lang, text string) []byte {
	t.Helper()
	in := ticket.Inside{Reply: &ticket.Reply{
		ID: o.body.ID, Time: time.Now().UTC(), Lang: lang, Role: ticket.FocalPoint, State: state, Text: text,
	}}
	file, _ := t.signed(o, in, state, nil)
	return file
}

// signed seals and signs a message of a reader; without a seed it is that of the report.
func (t *trial) signed(o opened, in ticket.Inside, state ticket.State, seed *seal.Seed) ([]byte, seal.Header) {
	t.Helper()
	plain, err := in.Encode()
	if err != nil {
		t.Fatal(err)
	}
	h := seal.Header{Report: o.packet.Report, Kind: in.Type(), State: string(state), Nudge: o.body.Nudge}
	if _, err := rand.Read(h.Message[:]); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range o.packet.Cards {
		keys, h.Readers = append(keys, c.Key), append(h.Readers, seal.Reader{ID: c.ID, Key: c.Key})
	}
	message, err := seal.Message(plain, keys, o.body.Mailbox, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if seed == nil {
		s, err := seal.ParseSeed(o.body.Seed)
		if err != nil {
			t.Fatal(err)
		}
		seed = &s
	}
	file, err := seal.SignAnswer(*seed, h, message)
	if err != nil {
		t.Fatal(err)
	}
	return file, h
}
