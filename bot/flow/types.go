package flow

// InputKind says what a person, or the caller after an Act, gives to Step.
type InputKind uint8

// The kinds of input. What a door cannot name goes in as InRefused with the choice "other".
const (
	InText    InputKind = iota // words in Text
	InChoice                   // one choice by name in Choice; a tick in a `choices` step
	InChoices                  // several choices by name in Choices, typed at once: they complete a `choices` step
	InNumber                   // a number in Number, its digits in Text; in a choice it counts the choices from 1
	InPlace                    // a point in Lat, Lon
	InWord                     // a reserved word in Choice: one of the Word constants
	InTap                      // a button in Tap
	InResult                   // how an Act went, in Result
	InRefused                  // something that is not taken, named in Choice: one of Refusals
	InVoice                    // a voice message in Voice, kept already, and what was written under it in Text; empty if there was no room for it
	InFound                    // areas that what was typed, or a point on the map, may have meant, best first, in Choices
)

// Input is one thing that happened. Text is handed over with every kind that was typed.
type Input struct {
	Kind     InputKind
	Choice   string
	Choices  []string
	Text     string
	Number   int64
	Lat, Lon float64
	Late     bool // written before the present question was shown
	Danger   bool // with InText or InVoice: some of the words may mean danger, or the wish to die
	Tap      Tap
	Voice    Voice
	Lost     []string          // with ResultVoice: the names of those that are gone
	Result   string            // one of the Result constants, or a name of the caller's own
	Args     map[string]string // with InResult: values for the notes that follow, such as Receipt
}

// The reserved words, as they stand in Input.Choice, in Ask.Words and, behind a "!", in Tap.Choice.
const (
	WordBack     = "back"
	WordSkip     = "skip"
	WordServices = "services"
	WordHide     = "hide"
	WordStop     = "stop"
	WordLanguage = "language"
	WordHelp     = "help"
	WordDone     = "done"
)

// Refusals are the things that are refused kindly, each with a sentence under word.refused.
var refusals = []string{"voice", "picture", "document", "edited", "group", "other"}

// Env is what Step may know of the world. The zero value is a world with enough readers and one language.
type Env struct {
	// Readers says who could read a report of this kind with the answers so far: one of the Readers constants.
	// It must be pure for as long as a Step lasts. Nil means enough.
	Readers func(kind string, facts Facts) string
	// Langs are the languages on offer, in the order of the list. Tags longer than MaxName are left out.
	Langs []string
	// Help is where help can be found. Nil: nothing is known, and neither an area nor a kind of service is asked for.
	Help Help
	// Voice says that voice messages can come through the person's door, and be kept.
	Voice bool
	// Mute says that nothing can be brought to the person later: what is asked for that alone is passed over.
	Mute bool

	oracle func(*step) string // in place of Readers while the checker explores
	trace  func(*step, bool)  // hears of each step that a walk comes by, and whether it was relevant
}

// Out is what a step answers. Ask, Act and End: at least one of them is there, always.
type Out struct {
	Say      []Say    // sentences before the question, in order
	Ask      Ask      // the present question; zero when Act or End stands in its place
	Act      Act      // something that the caller does now; then InResult, if the Act says so
	Answered []Option // what was just answered, to stand where its buttons were
	End      bool     // the conversation is over and the state holds nothing
	Kept     bool     // words or a voice message were taken, as a part of an answer that is not complete
	Redraw   bool     // only ticks of the same question changed: draw it over the old one
	Quiet    bool     // nothing happened, such as a second tap on the same button: acknowledge and stay silent
}

// Say is one sentence by its key.
type Say struct {
	Key   string
	Args  map[string]string // values for its placeholders
	Do    string            // "services": insert lines of the mission; empty for a plain sentence
	Of    string            // with "services": which lines; empty for the urgent ones
	Area  string            // with "services": the area that was answered, if any
	Facts Facts             // with "services": what was answered so far in flows that file a report
}

// Option is one thing that can be chosen, or was.
type Option struct {
	Name   string // travels in a tap; for a language its tag
	Key    string // of its label; empty for a language, which is called by its own name
	List   string // the list it comes from, if any: a configured label goes before the catalog's
	Chosen bool   // ticked in a `choices` step
}

// Item is one answer in a review.
type Item struct {
	Name    string // of the option that picks it
	Flow    string
	Step    string
	Title   string   // key of the short name of its question
	Values  []Option // what was chosen
	Text    string   // what was written; a number or a place in digits
	Voices  []Voice
	Skipped bool
}

// Ask is the question that waits for an answer.
type Ask struct {
	Flow, Step string // empty Flow and a Step with "!" for the built-in questions
	Type       string // of the step; or "language", "stop", "oldtap", "pick", "edit"
	Key        string // of the question
	Hint       string // key of the hint; empty if there is none
	Choices    []Option
	Several    bool     // choices may be ticked; complete with done or with several typed at once
	Words      []string // reserved words on offer, always in the same order; done is among them when there is something to be done with
	Done       bool     // done is among Words
	Turn       uint32
	Tag        [4]byte
	Where      string  // in a place step: the area whose inside is shown
	Search     *Search // in a services step: what to show above the question
	Found      int     // how many services that look-up finds
	Review     []Item  // in a review, and the one item in its edit
	Min, Max   int64   // number: its bounds; choices: fewest and most; text: characters in all
	Partial    int     // text: messages collected so far; word.partial says so with {Count} in place of the question
	Voice      bool    // text, and after words of danger in one: voice messages are taken too; word.voice.may says so of the text
	Room       int     // how many of them still fit
	Secret     bool    // what is typed here must not be kept: erase it from the chat
	Required   bool    // a consent that cannot be skipped
	Consent    bool
	sum        uint16
}

// IsZero says that there is no question.
func (a Ask) IsZero() bool { return a.Key == "" && a.Type == "" }

// Offers says that a reserved word is on offer.
func (a Ask) Offers(word string) bool { return has(a.Words, word) }

// What an Act asks for.
const (
	ActFile     = "file"     // file a report of Kind with Facts; then InResult
	ActOpen     = "open"     // look for the mailbox of the receipt in Secret, tell what is in it; then InResult
	ActWrite    = "write"    // put Text into the mailbox that is open; then InResult
	ActWithdraw = "withdraw" // withdraw the report of the mailbox that is open; then InResult
	ActKeep     = "keep"     // leave the mailbox as it is; then InResult
	ActWipe     = "wipe"     // erase what the door still can; then InResult, unless the Out says End
	ActHide     = "hide"     // erase what the door still can, then Enter the flow `hide`; no InResult
)

// Act is something that only the caller can do. Until InResult comes, the step that acts stays the present one.
type Act struct {
	Do     string
	Flow   string // that asks for it
	Step   string
	Kind   string // of the report
	Facts  Facts
	Secret string // the typed receipt; it stands in no State
	Text   string
	Voices []Voice // beside Text
}

// Fact is one answer that belongs to a report.
type Fact struct {
	Flow, Step string
	Lang       string   // in which it was answered
	Values     []string // names of choices; digits of a number; "lat,lon" of a point
	Text       string   // the person's own words, messages of one burst on lines of their own
	Voices     []Voice  // what was said beside or in place of them
	Consent    bool
	Skipped    bool
}

// Facts are the answers of a filing flow and of its sub-flows that count, in the order of the questions.
type Facts []Fact

// Get gives the first value, or the text, that was answered at a step; empty if nothing was.
func (f Facts) Get(step string) string {
	for i := range f {
		if f[i].Step == step {
			if len(f[i].Values) > 0 {
				return f[i].Values[0]
			}
			return f[i].Text
		}
	}
	return ""
}

// Has says that a value is among the answers at a step.
func (f Facts) Has(step, value string) bool {
	for i := range f {
		if f[i].Step == step && has(f[i].Values, value) {
			return true
		}
	}
	return false
}
