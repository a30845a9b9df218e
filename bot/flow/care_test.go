package flow

import "testing"

// alarm writes words that may mean danger.
func (c *talk) alarm(text string) *talk {
	c.tb.Helper()
	return c.do(Input{Kind: InText, Text: text, Danger: true})
}

// Whatever somebody does after words of danger, other than asking for help, goes on with the text in which they stood.
func TestAfterWordsOfDangerTheTextGoesOn(t *testing.T) {
	c := toStory(t).alarm("he has a knife").asks("word.safe.ask")
	if !c.out.Ask.Voice || c.out.Ask.Room != MaxVoices {
		t.Fatalf("the question takes voice %v, %d of them", c.out.Ask.Voice, c.out.Ask.Room)
	}
	c.speak("said", 3).says("word.voice.kept").asks("tell.story")
	c.word(WordBack, WordBack).alarm("he has a knife").word(WordDone).says().asks("tell.consent")
	c = newTalk(t, richSet(t))
	c.env.Voice = true
	if c.alarm("he has a knife").asks("word.safe.ask"); c.out.Ask.Voice {
		t.Error("a choice takes voice messages once words of danger were written at it")
	}
	c.word(WordDone).says("word.notunderstood").asks("start.safe")
}

// The button of a text that words of danger have interrupted does not fall silent.
func TestButtonBehindWordsOfDanger(t *testing.T) {
	c := toStory(t).write("first")
	done := c.out.Ask.WordTap(WordDone)
	c.alarm("he has a knife").tap(done).asks("word.safe.ask")
	if c.out.Quiet || len(c.pieces()) != 2 {
		t.Errorf("quiet %v, with %v", c.out.Quiet, c.pieces())
	}
}

// Whoever wrote on and then wants help gets it from the button that offered it, once.
func TestHelpIsStillOfferedAfterWritingOn(t *testing.T) {
	c := newTalk(t, richSet(t))
	c.alarm("he has a knife").asks("word.safe.ask")
	on, help := c.out.Ask.Tap("on"), c.out.Ask.Tap("help")
	c.write("he is here").says("word.notunderstood").tap(on)
	if !c.out.Quiet {
		t.Error("a button that has had its time is answered")
	}
	c.tap(help).says("word.services.here")
	if c.out.Quiet {
		t.Error("whoever wants help now hears nothing")
	}
}

func (c *talk) pieces() []string {
	t := c.s.newTurn(c.st, c.env)
	t.settle()
	return t.pieces()
}
