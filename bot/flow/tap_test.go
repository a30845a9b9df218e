package flow

import (
	"strings"
	"testing"
)

func TestTapFitsAndComesBack(t *testing.T) {
	longest := Tap{Tag: [4]byte{255, 255, 255, 255}, Turn: 1<<32 - 1, Sum: 65535, Step: strings.Repeat("s", MaxStepName), Choice: strings.Repeat("c", MaxName)}
	for _, tap := range []Tap{longest, {Step: "age", Choice: "adult"}, {Step: "!language", Choice: "zh-Hant"}, {Step: "age", Choice: "!back"}} {
		data := tap.Data()
		if len(data) > MaxTap {
			t.Errorf("%q has %d bytes", data, len(data))
		}
		if back, ok := ParseTap(data); !ok || back != tap {
			t.Errorf("%q reads back as %+v", data, back)
		}
	}
	good := longest.Data()
	for _, bad := range []string{"", "t:", good + "c", good[:15], "x" + good[1:], strings.Replace(good, ":c", "c", 1), good[:16] + "s:", good[:16] + "S:c", good[:16] + ":c", "t:" + strings.Repeat("!", 14) + "a:b", "t:AAAAAAAAAAAAAB" + "a:b"} {
		if _, ok := ParseTap(bad); ok {
			t.Errorf("%q is taken for a tap", bad)
		}
	}
}

// An old button is never the answer to another question.
func TestOldButtonOffersToGoBack(t *testing.T) {
	c := toTell(t)
	age := c.out.Ask
	c.choose("adult").asks("tell.who")
	who := c.out.Ask
	c.choose("me").asks("tell.matter")

	before := string(c.st.Append(nil))
	c.tap(age.Tap("adult")).says().asks("tell.matter")
	if !c.out.Quiet || string(c.st.Append(nil)) != before {
		t.Error("a second tap on the answer that was given is not ignored in silence")
	}
	c.tap(age.Tap("under_18")).asks("word.oldtap.ask").choose("no").asks("tell.matter")
	c.tap(age.Tap("under_18")).asks("word.oldtap.ask").word(WordBack).asks("tell.matter")
	c.tap(age.Tap("under_18")).choose("yes").says().asks("tell.age")
	c.word(WordBack).asks("tell.matter").says()
	c.tap(age.Tap("under_18")).choose("yes").asks("tell.age").tap(age.Tap("adult")).asks("tell.matter").says()
	c.tap(who.Tap("other")).choose("yes").asks("tell.who").choose("other").asks("tell.matter")
	c.several("force").says("tell.clock").asks("tell.organisation")
	c.tap(age.Tap("under_18")).choose("yes").asks("tell.age").choose("under_18").says("tell.child_note").asks("child.near")
	c.choose("no", "yes").asks("tell.organisation").says()
}

func TestButtonOfTheSameStepCounts(t *testing.T) {
	c := toTell(t)
	first := c.out.Ask
	c.word(WordLanguage).choose("ar").asks("tell.age")
	if c.out.Ask.Turn == first.Turn {
		t.Error("a question that was asked again has its old turn: a second tap on back would be taken")
	}
	c.tap(first.Tap("under_18")).asks("tell.who")
	c.word(WordBack).asks("tell.age").tap(first.Tap("adult")).asks("tell.who")
	c.word(WordBack).word(WordStop).asks("word.stop.ask").tap(first.Tap("adult")).asks("tell.who")
	c.word(WordBack).tap(first.Tap("gone")).says("word.notunderstood").asks("tell.age")
}

func TestForeignButton(t *testing.T) {
	c := toTell(t)
	other := c.out.Ask.Tap("adult")
	other.Tag = [4]byte{1, 1, 1, 1}
	c.tap(other).says("word.oldtap.gone").asks("tell.age")
	other.Tag, other.Step = c.st.Tag(), "never"
	c.tap(other).says("word.oldtap.gone").asks("tell.age")
	other.Step, other.Sum = "age", other.Sum+1
	c.tap(other).says("word.oldtap.gone").asks("tell.age")
	c.do(Input{Kind: InTap}).says("word.oldtap.gone").asks("tell.age")
	c.do(Input{Kind: InTap, Tap: Tap{Tag: c.st.Tag(), Step: "x", Choice: "!xyzzy"}}).says("word.oldtap.gone").asks("tell.age")
}

// A person in danger taps what is on the screen: what only helps is taken from any button, what changes answers is not.
func TestWordsOnOldButtons(t *testing.T) {
	for _, tag := range [][4]byte{{9, 8, 7, 6}, {1, 1, 1, 1}} {
		c := toTell(t)
		old := c.out.Ask
		old.Tag = tag
		c.choose("adult").asks("tell.who")
		c.tap(old.WordTap(WordServices)).says("word.services.here").asks("tell.who")
		c.tap(old.WordTap(WordHelp)).says("word.help.text").asks("tell.who")
		c.tap(old.WordTap(WordStop)).asks("word.stop.ask").choose("no")
		c.tap(old.WordTap(WordLanguage)).asks("word.language.ask").choose("en").asks("tell.who")
		for _, w := range []string{WordBack, WordSkip, WordDone} {
			c.tap(old.WordTap(w)).asks("tell.who")
		}
		c.tap(old.WordTap(WordHide)).acts(ActHide)
	}
	c := toTell(t).word(WordLanguage)
	languages := c.out.Ask
	c.choose("en").choose("adult").tap(languages.Tap("ar")).asks("tell.who")
	if c.st.Lang() != "ar" {
		t.Error("another language on the old list does not change the language")
	}
}

// Two taps on one button do the thing once.
func TestDoubleTaps(t *testing.T) {
	c := toTell(t).choose("adult").asks("tell.who")
	who := c.out.Ask
	c.tap(who.WordTap(WordSkip)).asks("tell.matter").tap(who.WordTap(WordSkip)).asks("tell.matter")
	if !c.out.Quiet {
		t.Error("the second skip is answered aloud")
	}
	matter := c.out.Ask
	c.tap(matter.WordTap(WordBack)).asks("tell.who").tap(matter.WordTap(WordBack)).asks("tell.who")
	c.tap(c.out.Ask.Tap("me"))
	c.word(WordStop)
	stop := c.out.Ask
	c.tap(stop.WordTap(WordBack)).asks("tell.matter").tap(stop.WordTap(WordBack)).asks("tell.matter")
	c.tap(stop.Tap("yes")).asks("tell.matter")
	if !c.out.Quiet {
		t.Error("an old yes to stop is answered aloud")
	}
	c.word(WordStop).tap(stop.Tap("yes")).asks("word.stop.ask")
}

func TestNothingReachesBehindASentReport(t *testing.T) {
	c := toTell(t)
	c.word(WordBack).asks("start.menu")
	menu := c.out.Ask
	c.choose("tell").word(WordSkip, WordSkip, WordSkip, WordSkip, WordSkip, WordSkip).asks("tell.consent")
	c.choose("yes").word(WordSkip)
	review := c.out.Ask
	c.choose("send").result(ResultOK).asks("tell.hours")
	c.tap(menu.Tap("letters")).says("word.oldtap.gone").asks("tell.hours")
	c.tap(review.Tap("send")).says("word.oldtap.gone").asks("tell.hours")
	c.tap(menu.Tap("tell")).says().asks("tell.hours")
	c.word(WordSkip).asks("start.again").word(WordBack).asks("tell.hours").word(WordBack).asks("tell.hours")
}
