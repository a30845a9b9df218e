package chat_test

import (
	"strings"
	"testing"

	"amana/bot"
)

// telling is somebody who is asked for her own words.
func telling(t *testing.T) *person {
	t.Helper()
	p := newMission(t).person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("You can write here what you want them to know")
	return p
}

// Words of danger in a story: she is told whom to call, the words are kept, and one tap puts it aside for good.
func TestWordsOfDangerAreHeard(t *testing.T) {
	p := telling(t)
	p.types("They took my card.")
	p.types("I told nobody, and now I want to die.")
	p.sees("Some of your words may mean danger")
	p.sees("000-0001")
	p.sees("What would you like to do?")
	if p.last.Erase != bot.EraseTyped {
		t.Error("the words stay on the screen although they were kept")
	}
	p.taps("Go on")
	p.sees("2 messages so far")
	p.types("Really, I want to die.")
	p.sees("3 messages so far") // nobody is asked twice in one story
	p.types("done")
	p.skipTo("May this go to")
	p.taps("Yes, it may go")
	p.skipTo("This is what would be sent")
	p.sees("now I want to die")
}

// Whoever writes on, or asks for help, loses nothing.
func TestWordsOfDangerStopNobody(t *testing.T) {
	p := telling(t)
	p.types("he will kill me")
	p.sees("Some of your words may mean danger")
	p.types("he is my neighbour")
	p.sees("2 messages so far")
	p.types("back")
	p.types("back")
	p.sees("You can write here what you want them to know")
	p.types("he will kill me")
	p.types("2")
	p.sees("What kind of help is it about?")
	p.taps("Back")
	p.sees("One message so far")
}

// They are heard at every question, in every language that is offered, and not behind the harmless face.
func TestWordsOfDangerAtAnyQuestion(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.types("أريد أن أموت")
	p.sees("Some of your words may mean danger")
	if strings.Contains(p.text(), "I did not understand") {
		t.Error("somebody who wants to die is told that she was not understood")
	}
	p.types("1")
	p.sees("What would you like to do?")
	p.types("hide")
	p.types("I want to die")
	if strings.Contains(p.text(), "danger") {
		t.Errorf("the harmless face tells what it hides: %s", p.text())
	}
}

// Nor does anybody have to choose a language first, or to say whether to stop: that question stands below.
func TestWordsOfDangerAtABuiltInQuestion(t *testing.T) {
	p := newMission(t).person(1)
	heard := func(typed, question string) {
		t.Helper()
		p.types(typed)
		p.sees("Some of your words may mean danger")
		p.sees("000-0001")
		p.sees(question)
		if strings.Contains(p.text(), "I did not understand") {
			t.Error("somebody in danger is told that she was not understood")
		}
	}
	heard("he will kill me", "In which language shall we write?") // the first words of all
	heard("I want to die", "In which language shall we write?")
	p.taps("English")
	p.taps("Yes")
	p.types("stop")
	heard("he will kill me", "Stop here?")
	p.types("2")
	p.sees("What would you like to do?")
	p.types("hide")
	p.types("language")
	p.types("I want to die")
	if strings.Contains(p.text(), "danger") {
		t.Errorf("the harmless face tells what it hides: %s", p.text())
	}
}

// Nobody who has accused the police is sent to them by this either.
func TestWordsOfDangerKnowWhatWasTold(t *testing.T) {
	m := newMission(t)
	told := false
	lines := m.room.Mission.Lines
	m.room.Mission.Lines = func(lang, area string, facts bot.Facts) []string {
		told = told || facts.Get("matter") == "force"
		return lines(lang, area, facts)
	}
	p := m.person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("What is it about? You can choose the nearest.")
	p.taps("Harm by police, soldiers or guards")
	p.skipTo("You can write here what you want them to know")
	told = false
	p.types("they are at the door")
	p.sees("Some of your words may mean danger")
	if !told {
		t.Error("the lines do not know that the police were accused")
	}
}

// Burmese in the old encoding matches nothing: she is told why, and what works.
func TestZawgyiIsAnswered(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.types("ေကာင္းတယ္")
	p.sees("Zawgyi")
	p.sees("What would you like to do?")
	p.types("ကောင်းတယ်")
	p.sees("I did not understand that")
}

// Who would rather speak on than write is heard, though words of danger came between.
func TestVoiceAfterWordsOfDanger(t *testing.T) {
	p := newMission(t).person(1)
	p.toStory()
	p.types("he will kill me")
	p.sees("Some of your words may mean danger")
	if strings.Contains(p.text(), "voice message") {
		t.Errorf("the question of help speaks of the text: %s", p.text())
	}
	p.speaks(3, phone{sound: spoken})
	p.sees("is kept here")
	p.sees("2 messages so far")
	if p.last.Erase != bot.EraseTyped || p.drafts() != 1 {
		t.Errorf("it is erased from the chat: %v, %d are kept", p.last.Erase, p.drafts())
	}
}

// Whoever wrote on and wants help after all gets it from the button that offered it; a second tap says nothing twice.
func TestHelpAfterWritingOn(t *testing.T) {
	p := newMission(t).person(1)
	p.toStory()
	p.types("he will kill me")
	help := p.button("Find help near me")
	p.types("he is my neighbour")
	p.sees("2 messages so far")
	tap := func() {
		in := p.incoming()
		in.Kind, in.Tap = bot.Tap, help
		p.hear(in)
	}
	tap()
	p.sees("000-0001")
	p.sees("What kind of help is it about?")
	if tap(); len(p.last.Outs) > 0 {
		t.Errorf("a second tap says %s", p.text())
	}
	p.taps("Back")
	p.sees("2 messages so far")
}

// They are heard from the first message on: before a language is chosen, and while something else is being asked.
func TestWordsOfDangerBeforeAnythingElse(t *testing.T) {
	p := newMission(t).person(1)
	p.types("he will kill me")
	p.sees("Some of your words may mean danger")
	p.sees("000-0001")
	p.sees("In which language shall we write?")
	p.types("I want to die")
	p.sees("Some of your words may mean danger")
	p.sees("In which language shall we write?")
	p.types("English")
	p.sees("Is this a good moment to write?")
	p.types("stop")
	p.types("I want to die")
	p.sees("Some of your words may mean danger")
	p.sees("Stop here?")
	if strings.Contains(p.text(), "I did not understand") {
		t.Error("somebody who wants to die is told that she was not understood")
	}
}
