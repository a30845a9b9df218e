package chat_test

import (
	"strings"
	"testing"

	"amana/bot"
)

// onPage is somebody who comes by the chat page.
func onPage(t *testing.T) *person {
	t.Helper()
	p := newMission(t).person(1)
	p.page, p.loud = true, true
	return p
}

func (p *person) neverSees(words string) {
	p.t.Helper()
	for _, o := range p.seen {
		if strings.Contains(o.Text, words) {
			p.t.Errorf("%q is said: %s", words, o.Text)
		}
	}
}

// Through a door that can only answer, nothing is promised that would come later, and nothing is said of Telegram.
func TestPageSaysWhatIsTrueOfIt(t *testing.T) {
	p := onPage(t)
	p.files()
	p.neverSees("Telegram")
	p.types("/privacy")
	p.sees("Your network sees that you opened this page")
	p.types("what?")
	p.types("/privacy")
	p.neverSees("Telegram")
	for _, o := range p.seen {
		if strings.Contains(o.Text, "There is a message for you") {
			t.Errorf("a line is offered that nothing can bring: %s", o.Text)
		}
	}

	q := newMission(t).person(2)
	q.start()
	q.sees("Telegram can see")
	q.taps("Wrong by aid, police or officials")
	q.taps("Go on")
	q.skipTo("May this go to")
	q.taps("Yes, it may go")
	q.skipTo("There is a message for you")
}

// What a door may lay out in its own way is told with the question.
func TestQuestionsTellWhatTheyTake(t *testing.T) {
	p := onPage(t)
	p.start()
	last := func() bot.Outgoing { return p.last.Outs[len(p.last.Outs)-1] }
	if got := last().Takes; got != (bot.Takes{}) {
		t.Errorf("a choice takes %+v", got)
	}
	words := map[string]bool{}
	for _, row := range last().Rows {
		for _, c := range row {
			if c.Word != "" {
				words[c.Word] = true
			} else if !strings.Contains(c.Label, " · ") {
				t.Errorf("%q is neither a choice nor a word", c.Label)
			}
		}
	}
	if !words["hide"] || !words["services"] || !words["stop"] {
		t.Errorf("the words are %v", words)
	}
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("You can write here what you want them to know")
	if got, want := last().Takes, (bot.Takes{Words: true, Voice: true}); got != want {
		t.Errorf("a story takes %+v, want %+v", got, want)
	}
	p.taps("Services")
	p.taps("Doctor")
	if got, want := last().Takes, (bot.Takes{Words: true, Place: true}); got != want {
		t.Errorf("a place takes %+v, want %+v", got, want)
	}

	p = onPage(t)
	p.start()
	p.taps("Read replies")
	if got, want := last().Takes, (bot.Takes{Digits: true}); got != want {
		t.Errorf("a number takes %+v, want %+v", got, want)
	}
}

// A door that can leave is told to, at the wish and at everything that comes to the hidden conversation afterwards.
func TestHiddenIsToldToTheDoor(t *testing.T) {
	p := onPage(t)
	p.start()
	if p.last.Hide {
		t.Error("somebody is hidden who has not asked for it")
	}
	in := p.incoming()
	in.Kind, in.Text = bot.Command, "hide"
	if p.hear(in); !p.last.Hide || p.last.Erase != bot.EraseAll {
		t.Error("the wish to hide is not told")
	}
	if p.hear(in); !p.last.Hide {
		t.Error("nor its repeat")
	}
	if p.types("hello"); !p.last.Hide {
		t.Error("nor what comes afterwards")
	}
	q := newMission(t).person(3)
	if q.types("hide"); !q.last.Hide {
		t.Error("nor the wish of somebody who says nothing else")
	}
}
