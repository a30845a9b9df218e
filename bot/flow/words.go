package flow

// Key is a text that every language must have.
type Key struct {
	Name  string
	Args  []string // placeholders that it is given; a text may leave one out only if it does in every language
	Label bool     // stands on a button, or in a list
}

// reservedWords are the labels of the reserved words, in the order of Ask.Words. Each has synonyms under .also, parted by
// "|", or "-" for none.
var reservedWords = []string{WordDone, WordBack, WordSkip, WordServices, WordHide, WordStop, WordLanguage, WordHelp}

// otherWords are the labels of the built-in choices, with synonyms in the same way.
var otherWords = []string{
	"yes", "no", "send", "change", "remove", "more",
	wordListen, "safe.on", "safe.help", "place.here", "place.more", "cards.more", "cards.wider", "cards.other", "cards.enough",
}

// wordListen is what the caller hears by itself: it says the question again, aloud.
const wordListen = "listen"

// Words lists the built-in texts of a conversation, those that the caller says around the flows among them.
func Words() []Key {
	var keys []Key
	for _, words := range [][]string{reservedWords, otherWords} {
		for _, w := range words {
			keys = append(keys, Key{Name: "word." + w, Label: true}, Key{Name: "word." + w + ".also"})
		}
	}
	for _, what := range refusals {
		keys = append(keys, Key{Name: "word.refused." + what})
	}
	for _, state := range []string{"received", "read", "referred", "confirmed", "closed", "withdrawn"} {
		keys = append(keys, Key{Name: "word.state." + state})
	}
	for _, name := range []string{
		"language.ask", "language.draft", "help.text", "stop.ask", "stop.done", "oldtap.ask", "oldtap.gone",
		"notunderstood", "notunderstood.text", "safe", "safe.ask", "zawgyi", "ended.nothing", "ended.perhaps", "unsent", "saved.not", "saved.wait", "saved.perhaps", "saved.unsure", "saved.lost", "late", "takenout", "noskip", "consent.again",
		"location.refused",
		"services.here", "services.back", "place.which", "place.unknown", "place.far", "place.write", "cards.none", "cards.call", "services.stay", "services.none", "services.police", "lines.none", "review", "review.change", "review.pick", "review.empty", "busy",
		"receipt.keep", "receipt.wrong", "receipt.digits", "receipt.slow", "mail.none", "nudge", "privacy",
	} {
		keys = append(keys, Key{Name: "word." + name})
	}
	return append(keys,
		Key{Name: "word.skipped", Label: true},
		Key{Name: "word.answered", Label: true},
		Key{Name: "word.receipt.copy", Label: true},
		Key{Name: "word.voice.may"},
		Key{Name: "word.voice.kept", Args: []string{"Length"}},
		Key{Name: "word.voice.long", Args: []string{"Minutes"}},
		Key{Name: "word.voice.full"},
		Key{Name: "word.voice.lost"},
		Key{Name: "word.voice.gone", Args: []string{"Length"}},
		Key{Name: "word.voice.item", Args: []string{"Length"}, Label: true},
		Key{Name: "word.toolong", Args: []string{"Max"}},
		Key{Name: "word.partial", Args: []string{"Count"}},
		Key{Name: "word.later", Args: []string{"Count"}},
		Key{Name: "word.readers.later", Args: []string{"Count", "Readers"}},
		Key{Name: "word.readers.spare", Args: []string{"Count", "Readers"}},
		Key{Name: "word.readers.inside", Args: []string{"Accused", "Readers"}},
		Key{Name: "word.readers.within", Args: []string{"Accused"}},
		Key{Name: "word.readers.outside", Args: []string{"Accused"}},
		Key{Name: "word.number.range", Args: []string{"Min", "Max"}},
		Key{Name: "word.receipt", Args: []string{"Receipt"}},
		Key{Name: "word.mail.from", Args: []string{"When"}},
	)
}
