package flow

import (
	"bytes"
	"testing"
)

func TestReviewChangesAndTakesOut(t *testing.T) {
	c := toReview(t)
	items := c.out.Ask.Review
	if items[5].Step != "story" || items[5].Text != "first\nsecond" || items[5].Title != "tell.story.title" || items[2].Values[0].Key != "tell.matter.force" || !items[6].Skipped {
		t.Fatalf("the review shows %+v", items)
	}
	c.choose("change").asks("word.review.pick").word(WordBack).asks("word.review")
	c.choose("change").do(Input{Kind: InNumber, Number: 6}).asks("word.review.change")
	if c.out.Ask.Review[0].Step != "story" {
		t.Errorf("edits %+v", c.out.Ask.Review)
	}
	c.choose("change").asks("tell.story").word(WordBack).asks("word.review")
	if c.out.Ask.Review[5].Text != "first\nsecond" {
		t.Error("the answer was lost although there was no new one")
	}
	c.choose("change", items[5].Name, "change").write("third").word(WordBack).asks("tell.story").write("fourth").word(WordDone).says().asks("word.review")
	c.choose("change", items[1].Name, "remove").says().asks("word.review")
	pick := c.choose("change").out.Ask
	consent := ""
	for i, it := range c.out.Ask.Choices {
		if it.Key == "tell.consent.title" {
			consent = pick.Choices[i].Name
		}
	}
	c.choose(consent)
	if len(c.out.Ask.Choices) != 1 {
		t.Error("a consent can be taken out of the review")
	}
	c.choose("remove").says("word.notunderstood").choose("change").asks("tell.consent").choose("yes").asks("word.review").choose("send")
	if got := plain(c.acts(ActFile).Facts); got != `age=adult who- matter=force,other organisation=well_fund area=camp_two story:"fourth" consent=yes help=no` {
		t.Errorf("facts %s", got)
	}
}

// What is changed can change the way; what no longer counts is not sent, and not lost before.
func TestAnswersThatNoLongerCount(t *testing.T) {
	c := toReview(t)
	age := c.out.Ask.Review[0].Name
	c.choose("change", age, "change", "under_18").says("tell.child_note").asks("child.told").choose("yes").asks("word.review")
	if n := len(c.out.Ask.Review); n != 9 || c.out.Ask.Review[2].Step != "told" {
		t.Errorf("the review shows %d answers: %+v", n, c.out.Ask.Review)
	}
	age = c.out.Ask.Review[0].Name
	c.choose("change", age, "change", "adult").says("tell.clock").asks("word.review")
	if c.out.Ask.Review[2].Step != "matter" || len(c.out.Ask.Review[2].Values) != 2 {
		t.Error("an answer that counts again was lost")
	}
}

// A review that was looked over before something changed is asked again.
func TestAReviewIsNeverOutOfDate(t *testing.T) {
	c := toReview(t).choose("send")
	c.acts(ActFile)
	c.result(ResultTrouble).says("word.saved.not").asks("word.unsent")
	c.tap(Tap{Tag: c.st.Tag(), Sum: sumOf("tell"), Step: "age", Choice: "unknown"}).asks("word.oldtap.ask").choose("yes").asks("tell.age")
	c.choose("unknown").asks("word.review").choose("send")
	if c.acts(ActFile).Facts.Get("age") != "unknown" {
		t.Error("the report does not have what was changed last")
	}
}

func TestAReportThatIsNotSaved(t *testing.T) {
	c := toReview(t).choose("send")
	before := plain(c.acts(ActFile).Facts)
	for _, r := range []string{ResultTrouble, ResultWrong, "", "Not A Name"} {
		c.result(r).asks("word.unsent")
	}
	c.result(ResultBusy).says("word.busy").asks("word.unsent")
	c.do(Input{Kind: InResult, Result: ResultLater, Args: map[string]string{"Count": "6"}}).says("word.later").asks("word.unsent")
	if got := c.out.Say[0].Args["Count"]; got != "6" {
		t.Errorf("to wait %q minutes", got)
	}
	c.word(WordHelp).says("word.help.text").asks("word.unsent")
	c.word(WordSkip).says("word.noskip").asks("word.unsent")
	c.word(WordBack).asks("word.review").choose("send")
	c.acts(ActFile)
	c.result(ResultTrouble).choose("nonsense").says("word.notunderstood").choose("send")
	if got := plain(c.acts(ActFile).Facts); got != before {
		t.Errorf("the second try files\n%s, the first\n%s", got, before)
	}
	c.result(ResultRefused).says("tell.unsent").asks("start.again")
}

// The process may stop between the Act and its result: nothing is sent because somebody says something else.
func TestAnActIsAskedForByAnAnswerOnly(t *testing.T) {
	c := toReview(t).choose("send")
	c.acts(ActFile)
	c.write("hello?").says("word.notunderstood").asks("word.unsent")
	c.word(WordLanguage).choose("ar").asks("word.unsent")
	c.tap(c.out.Ask.Tap("send")).acts(ActFile)
}

func TestReceiptIsNeverKept(t *testing.T) {
	const receipt = "4821 7730 5516 9042"
	c := newTalk(t, richSet(t)).choose("yes", "letters").asks("letters.number")
	if !c.out.Ask.Secret {
		t.Error("the question for the receipt does not say that its answer is secret")
	}
	for _, r := range []string{ResultWrong, ResultDigits, ResultSlow} {
		if act := c.write(receipt).acts(ActOpen); act.Secret != receipt {
			t.Errorf("hands on %q", act.Secret)
		}
		if bytes.Contains(c.st.Append(nil), []byte("4821")) {
			t.Error("the receipt is in the state")
		}
		c.result(r).says("word.receipt." + r).asks("letters.number")
	}
	if act := c.do(Input{Kind: InNumber, Number: 4821773055169042, Text: receipt}).acts(ActOpen); act.Secret != receipt {
		t.Errorf("hands on %q", act.Secret)
	}
	c.result(ResultTrouble).says("word.busy").asks("letters.number")
	c.write(string(make([]byte, 65)) + "x").says("word.receipt.digits").asks("letters.number")
	c.write("").says("word.notunderstood.text")
	c.write(receipt).result(ResultClosed).says("letters.shut", "start.bye").ends()

	c = newTalk(t, richSet(t)).choose("yes", "letters").write(receipt).result(ResultOK).asks("letters.what")
	c.word(WordBack).asks("letters.number").write(receipt).result(ResultOK)
	c.choose("write").asks("letters.further").write("more", "and more").word(WordDone)
	if act := c.acts(ActWrite); act.Text != "more\nand more" {
		t.Errorf("writes %q", act.Text)
	}
	c.result(ResultTrouble).asks("word.unsent").choose("send").acts(ActWrite)
	c.result(ResultOK).says("start.bye").ends()
}

func TestMailboxForgetsWhatItSent(t *testing.T) {
	s := inline(t, `
flow: start
steps:
  - {name: box, type: mailbox, do: open}
  - {name: words, type: text}
  - {name: post, type: mailbox, do: write, text: words}
  - {name: sent, type: note, relevant: post = ok}
  - {name: sure, type: choice, choices: [yes, no]}
  - {name: gone, type: mailbox, do: withdraw, relevant: sure = yes}
  - {name: kept, type: mailbox, do: keep}
  - {name: last, type: choice, choices: [x]}
`)
	c := newTalk(t, s).asks("start.box").write("1").result(ResultOK).asks("start.words").write("secret words").word(WordDone)
	c.acts(ActWrite)
	c.result(ResultOK).says("start.sent").asks("start.sure")
	if bytes.Contains(c.st.Append(nil), []byte("secret words")) {
		t.Error("what was sent is still in the state")
	}
	c.do(Input{Kind: InText, Text: "late", Late: true}).says("word.notunderstood").asks("start.sure")
	c.word(WordBack).asks("start.sure").choose("yes").acts(ActWithdraw)
	c.result(ResultTrouble).asks("word.unsent").choose("yes").acts(ActWithdraw)
	c.result(ResultOK).acts(ActKeep)
	c.result(ResultTrouble).word(WordSkip).asks("start.last")

	newTalk(t, s).word(WordSkip, WordSkip).says().asks("start.sure")
}

// A wipe inside a conversation leaves nothing of the flow that it stands in, and of nothing that counts no more.
func TestWipeForgets(t *testing.T) {
	s := inline(t, `
flow: start
steps:
  - {name: one, type: choice, choices: [a, b]}
  - {name: two, type: choice, choices: [c, d], relevant: one = a}
  - {name: clear, type: flow, flow: clear}
  - {name: last, type: choice, choices: [x]}
`, `
flow: clear
steps:
  - {name: three, type: text}
  - {name: gone, type: wipe}
  - {name: said, type: note}
`)
	c := newTalk(t, s)
	one := c.out.Ask
	c.choose("a", "c").write("words").tap(one.Tap("b")).choose("yes", "b").asks("clear.three").word(WordDone)
	c.acts(ActWipe)
	c.word(WordHelp).asks("word.stop.ask").choose("yes").acts(ActWipe)
	c.result(ResultOK).says("clear.said").asks("start.last")
	if enc := c.st.Append(nil); bytes.Contains(enc, []byte("words")) || bytes.Contains(enc, []byte("two")) {
		t.Error("something that was told, or counts no more, is still kept")
	}
	c.choose("x").ends()
}
