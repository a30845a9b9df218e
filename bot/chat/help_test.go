package chat_test

import (
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/store"
)

func (p *person) gaps() (out []store.Gap) {
	p.t.Helper()
	p.ok(p.store.View(p.t.Context(), func(r *store.Read) (err error) {
		out, err = r.Gaps(p.now)
		return err
	}))
	return out
}

// sought gives what was counted of the look-ups of a month.
func (p *person) sought() (out map[string]int) {
	p.t.Helper()
	p.ok(p.store.View(p.t.Context(), func(r *store.Read) (err error) {
		out, err = r.Counts(r.House().Month(p.now, "feedback"))
		return err
	}))
	return out
}

// The right door in four taps: find services, what, where, and there it is.
func TestFourTaps(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Find services")
	p.taps("Doctor")
	p.taps("Block Alif")
	p.sees("Post one")
	p.sees("0000001")
	p.taps("Show more")
	p.sees("Post two")
	if strings.Contains(p.text(), "Post one") {
		t.Error("the next page shows the first one again")
	}
	p.taps("Another kind of help")
	p.taps("Help with law")
	p.sees("Last checked on")
	p.sees("It is better to call first.")
	if got := p.sought(); got["sought"] != 2 || got["sought area block_a"] != 2 || len(got) != 4 {
		t.Errorf("two look-ups, of which one was seen in two pages, are counted as %v", got)
	}
	p.taps("That is enough")
	p.sees("Is there anything else")
}

// Where nothing is found, that is said with whom to call all the same, and counted once, whatever is asked again after it.
func TestAGapIsCountedOnce(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Find services")
	p.taps("Someone to talk to")
	p.taps("Block Baa")
	p.sees("Nothing like this is known here yet.")
	p.sees("Line for block_b")
	p.taps("Help")
	p.types("what?")
	p.taps("Language")
	p.taps("العربية")
	p.sees("Line for block_b")
	if got := p.gaps(); len(got) != 1 || got[0] != (store.Gap{Kinds: "mhpss pfa hotline", Area: "block_b", Times: 1}) {
		t.Errorf("gaps %+v", got)
	}
	other := p.person(2)
	other.start()
	other.taps("Find services")
	other.taps("Someone to talk to")
	other.taps("Block Baa")
	if got := p.gaps(); len(got) != 1 || got[0].Times != 2 {
		t.Errorf("gaps %+v", got)
	}
}

// A point on the map is looked at once: it leaves the chat, stands in no draft, and offers what is near.
func TestALocationIsKeptNowhere(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Find services")
	p.taps("Doctor")
	in := p.incoming()
	in.Kind, in.Place = bot.Location, &bot.Place{Lat: 10.01, Lon: 20}
	reply := p.hear(in)
	p.sees("Which of these do you mean?")
	if reply.Erase != bot.EraseTyped {
		t.Error("the map stays on the screen")
	}
	if first := reply.Outs[len(reply.Outs)-1].Rows[0][0].Label; !strings.Contains(first, "Block Alif") {
		t.Errorf("nearest is %s", first)
	}
	in = p.incoming()
	in.Kind, in.Place = bot.Location, &bot.Place{Lat: -40, Lon: 20}
	p.hear(in)
	p.sees("No place near you is known here.")

	p.taps("Back")
	p.taps("Back")
	in = p.incoming()
	in.Kind, in.Place = bot.Location, &bot.Place{Lat: 10, Lon: 20}
	reply = p.hear(in)
	p.sees("No location is needed here.")
	if reply.Erase != bot.EraseTyped {
		t.Error("a map that nobody asked for stays on the screen")
	}
}

// A name is heard in any language and spelling; one that is only near is shown before it counts.
func TestAPlaceIsTyped(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Find services")
	p.taps("Doctor")
	p.types("القسم الف")
	p.sees("Post one")
	p.taps("Back")
	p.types("Blok Alif")
	p.sees("Which of these do you mean?")
	p.taps("Block Alif")
	p.sees("Post one")
	p.taps("Back")
	p.types("somewhere else")
	p.sees("No place like that is known here.")
}

// In the middle of a report about a force, looking for help never leads to the police, and the report goes on after it.
func TestAVisitKnowsWhatWasTold(t *testing.T) {
	p := newMission(t).person(1)
	p.start()
	p.taps("Wrong by aid, police or officials")
	p.taps("Go on")
	p.skipTo("What is it about?")
	p.taps("Harm by police")
	question := p.last.Outs[len(p.last.Outs)-1].Text
	p.types("services")
	p.taps("Something else")
	p.taps("police")
	p.taps("Block Alif")
	if strings.Contains(p.text(), "Police desk") {
		t.Error("whoever has just accused the police is sent to the police")
	}
	p.sees("Line for block_a")
	if strings.Contains(p.text(), "Nothing like this is known") || len(p.gaps()) > 0 {
		t.Error("the police is there: it is neither unknown nor missing")
	}
	p.taps("That is enough")
	p.sees(question)
	p.now = p.now.Add(time.Minute)
	p.types("services")
	p.taps("A safer place")
	p.taps("Block Alif")
	p.sees("The place is not shown")
}
