package flow

// What a flow file may hold. The parser refuses more.
const (
	MaxFile     = 256 << 10 // bytes of one flow file
	MaxSteps    = 120       // steps of one flow
	MaxChoices  = 80        // choices of one step, list items included
	MaxFlowName = 16        // letters of a flow's name, and of its kind
	MaxStepName = 20        // letters of a step's name
	MaxName     = 24        // letters of a choice's name, a list item's, a language tag's
	MaxNesting  = 16        // parentheses and nots around one another in an expression
	MaxAtoms    = 48        // comparisons in one expression
	MaxText     = 5000      // Unicode characters that `max` of a text step may grant
	DefaultText = 1000      // Unicode characters that a text step takes when it says nothing
	MaxNumber   = 999_999_999
)

// What a conversation may hold. Step keeps within these whatever comes in, and Decode refuses more.
const (
	MaxDepth     = 8        // flows within one another
	MaxAnswers   = 240      // answers kept, those that count no more included; and the flows entered for them
	MaxPlaces    = 250      // flows entered in which something was answered
	MaxKept      = 36 << 10 // bytes of what was chosen and written, one byte a value on top
	MaxState     = 64 << 10 // bytes of an encoded state
	MaxSecret    = 64       // bytes of a typed receipt that are handed on to be looked at
	MaxVoices    = 4        // voice messages in one answer
	MaxRef       = 48       // letters of the name under which a voice message is kept
	MaxSeconds   = 3600     // of a voice message; how long one may be in fact is the caller's to say
	MaxPlace     = 200      // Unicode characters of a place that is described in words
	MaxTap       = 64       // bytes of a button's data, which is what Telegram carries
	MaxVoicesAll = 8        // voice messages in one conversation
	MaxReport    = 32 << 10 // bytes of the longest report, reckoned at six bytes a character
)
