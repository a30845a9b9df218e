package flow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// speak sends a voice message that was kept under a name.
func (c *talk) speak(ref string, seconds int) *talk {
	c.tb.Helper()
	return c.do(Input{Kind: InVoice, Voice: Voice{ref, seconds}})
}

// toStory comes to a text that takes voice messages, through a door that can bring them.
func toStory(t *testing.T) *talk {
	t.Helper()
	c := newTalk(t, richSet(t))
	c.env.Voice = true
	return c.choose("yes", "tell", "adult", "other").several("force").choose("none", "camp_one").asks("tell.story")
}

func refs(of []Voice) (out []string) {
	for _, v := range of {
		out = append(out, v.Ref+" "+v.Length())
	}
	return out
}

func TestVoiceStandsAmongWrittenMessages(t *testing.T) {
	c := toStory(t)
	if !c.out.Ask.Voice || c.out.Ask.Room != MaxVoices {
		t.Fatalf("the question takes voice %v, %d of them", c.out.Ask.Voice, c.out.Ask.Room)
	}
	c.speak("first", 42).says("word.voice.kept").asks("tell.story")
	if c.out.Say[0].Args["Length"] != "0:42" || c.out.Ask.Partial != 1 || c.out.Ask.Room != MaxVoices-1 {
		t.Errorf("after one: %+v %+v", c.out.Say[0], c.out.Ask)
	}
	c.write(strings.Repeat("x", 100)).says() // a voice message takes nothing of the room for words
	c.speak("second", 125).word(WordBack).asks("tell.story")
	if got := refs(c.st.Voices()); !slices.Equal(got, []string{"first 0:42"}) {
		t.Errorf("back leaves %v", got)
	}
	c.speak("third", 61).word(WordDone).asks("tell.consent").choose("yes", "no").asks("word.review")
	i := slices.IndexFunc(c.out.Ask.Review, func(i Item) bool { return i.Step == "story" })
	if it := c.out.Ask.Review[i]; !slices.Equal(refs(it.Voices), []string{"first 0:42", "third 1:01"}) || len(it.Text) != 100 {
		t.Errorf("the review shows %+v", it)
	}
	facts := c.choose("send").acts(ActFile).Facts
	i = slices.IndexFunc(facts, func(f Fact) bool { return f.Step == "story" })
	if f := facts[i]; !slices.Equal(refs(f.Voices), []string{"first 0:42", "third 1:01"}) || strings.Contains(f.Text, "first") {
		t.Errorf("the report holds %+v", f)
	}
	if c.result(ResultOK); len(c.st.Voices()) != 0 {
		t.Error("the state goes on to hold what was sent")
	}
}

// What is written under a voice message is kept with it, or neither is.
func TestWordsUnderAVoiceMessage(t *testing.T) {
	under := func(text string, danger bool) Input {
		return Input{Kind: InVoice, Voice: Voice{"said", 3}, Text: text, Danger: danger}
	}
	c := toStory(t).do(under("in words", false)).says("word.voice.kept").asks("tell.story")
	if got := c.pieces(); len(got) != 2 || len(wordsOf(got)) != 1 || wordsOf(got)[0] != "in words" {
		t.Errorf("kept %q", got)
	}
	c = toStory(t).do(under(strings.Repeat("x", 5000), false)).says("word.toolong").asks("tell.story")
	if len(c.pieces()) != 0 || c.out.Kept {
		t.Errorf("of what is too long %q is kept", c.pieces())
	}
	toStory(t).do(under("he has a knife", true)).says("word.voice.kept", "word.safe").asks("word.safe.ask")
}

func TestVoiceAloneIsAnAnswer(t *testing.T) {
	c := toStory(t).speak("only", 5).word(WordDone).asks("tell.consent").choose("yes", "no", "change", "a"+turnOf(t, toStory(t))).asks("word.review.change")
	c.choose("remove").asks("word.review")
	if len(c.st.Voices()) != 0 {
		t.Error("what was taken out of the review is still there")
	}
	if got := plain(c.choose("send").acts(ActFile).Facts); !strings.Contains(got, "story-") {
		t.Errorf("files %s", got)
	}
}

// turnOf gives the turn in which the present question was asked, by which a review picks its answer.
func turnOf(t *testing.T, c *talk) string {
	t.Helper()
	return strconv.FormatUint(uint64(c.out.Ask.Turn), 10)
}

func TestVoiceIsLeftOut(t *testing.T) {
	c := toStory(t).speak("a", 1).write("b").word(WordSkip).says("word.takenout").asks("tell.consent")
	if len(c.st.Voices()) != 0 {
		t.Error("what was skipped is still there")
	}
	c = toStory(t).speak("a", 1).word(WordHide)
	if c.acts(ActHide); len(c.st.Voices()) != 0 {
		t.Error("what was hidden is still there")
	}
}

func TestVoiceElsewhereIsRefused(t *testing.T) {
	c := newTalk(t, richSet(t))
	c.env.Voice = true
	c.speak("a", 1).says("word.refused.voice").asks("start.safe")
	toStory(t).word(WordStop).speak("a", 1).says("word.refused.voice").asks("word.stop.ask")
	c = toStory(t)
	c.env.Voice = false
	c.st, c.out = c.s.Step(c.st, Input{Kind: InWord, Choice: WordHelp}, c.env)
	if c.out.Ask.Voice {
		t.Error("a door without voice messages is offered them")
	}
	c.speak("a", 1).says("word.refused.voice").asks("tell.story")
	if len(c.st.Voices()) != 0 {
		t.Error("and takes one")
	}
}

func TestVoicesAreBounded(t *testing.T) {
	c := toStory(t)
	for i := range MaxVoices {
		c.speak(fmt.Sprint("v", i), 1).says("word.voice.kept")
	}
	c.speak("more", 1).says("word.voice.full").asks("tell.story")
	c.do(Input{Kind: InVoice}).says("word.voice.full")
	if len(c.st.Voices()) != MaxVoices || c.out.Ask.Room != 0 {
		t.Errorf("it holds %d", len(c.st.Voices()))
	}
	for _, bad := range []Voice{{}, {Ref: "a b"}, {Ref: "a", Seconds: -1}, {Ref: strings.Repeat("a", MaxRef+1)}} {
		c := toStory(t).do(Input{Kind: InVoice, Voice: bad}).says("word.voice.lost")
		if len(c.st.Voices()) != 0 {
			t.Errorf("took %#v", bad)
		}
	}
}

func TestNobodyWritesAVoiceMessage(t *testing.T) {
	c := toStory(t).write(Voice{"forged", 3}.piece()).word(WordDone)
	if len(c.st.Voices()) != 0 {
		t.Error("a text was taken for a voice message")
	}
	c.do(Input{Kind: InText, Text: Voice{"forged", 3}.piece(), Late: true})
	if len(c.st.Voices()) != 0 {
		t.Error("a late text was taken for a voice message")
	}
}

func TestVoiceThatIsLostIsToldOfBeforeSending(t *testing.T) {
	c := toStory(t).speak("gone", 9).write("beside it").speak("there", 8).word(WordDone).choose("yes", "no", "send")
	c.acts(ActFile)
	c.do(Input{Kind: InResult, Result: ResultVoice, Lost: []string{"gone"}}).says("word.voice.gone").asks("tell.story")
	if c.out.Ask.Partial != 2 {
		t.Errorf("%d messages are left", c.out.Ask.Partial)
	}
	c.word(WordDone).asks("tell.consent").choose("yes", "no").asks("word.review").choose("send")
	if got := c.acts(ActFile).Facts; got.Get("story") != "beside it" {
		t.Errorf("files %s", plain(got))
	}
	c = toStory(t).speak("gone", 9).word(WordDone).choose("yes", "no", "send")
	c.do(Input{Kind: InResult, Result: ResultVoice, Lost: []string{"gone"}}).says("word.voice.gone").asks("tell.story")
}

func TestVoiceInAFurtherMessage(t *testing.T) {
	c := newTalk(t, richSet(t))
	c.env.Voice = true
	c.choose("yes", "letters").write("1234").acts(ActOpen)
	c.result(ResultOK).choose("write").asks("letters.further").speak("spoken", 3).word(WordDone)
	if a := c.acts(ActWrite); a.Text != "" || !slices.Equal(refs(a.Voices), []string{"spoken 0:03"}) {
		t.Errorf("writes %q and %v", a.Text, refs(a.Voices))
	}
	if c.result(ResultOK); len(c.st.Voices()) != 0 {
		t.Error("what was sent is still there")
	}
}

func TestLongestReportCountsVoice(t *testing.T) {
	const flows = "flow: start\nkind: sea\nsteps:\n  - {name: a, type: text, max: 5000, voice: %v}\n  - {name: z, type: file}\n"
	say := func(voice bool) int {
		s := inline(t, fmt.Sprintf(flows, voice))
		c := &checker{s: s}
		return c.longest(s.flows[StartFlow], 1, nil)
	}
	if with, without := say(true), say(false); with != without+MaxVoices*voiceBytes {
		t.Errorf("%d bytes with voice, %d without", with, without)
	}
}
