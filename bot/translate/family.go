package translate

import (
	"strings"

	"amana/bot/speech"
)

// alsoSuffix marks keys that list further words for the same thing.
const alsoSuffix = ".also"

// The keys of the kinds of help: in the catalogs, and where a flow lists them.
const (
	kindHead   = "service.kind."
	listedKind = "list.kinds."
)

// families say of the texts that no flow asks for where they stand: the longest beginning of a key counts.
var families = []struct{ begin, about string }{
	{"bot.name", "The name of the bot, which stands in the list of chats: it tells a stranger nothing."},
	{"bot.short", "What Telegram shows of the bot beside its name: it tells a stranger nothing."},
	{"bot.description", "What Telegram shows before the first message: it tells a stranger nothing."},
	{"bot.command.", "A line in the menu of commands."},
	{"word.", "Said around the questions of every conversation."},
	{"word.language.", "Choosing the language, before everything else."},
	{"word.help", "What somebody reads who asks for help with the bot."},
	{"word.stop", "Ending the conversation."},
	{"word.oldtap", "Somebody tapped a button of an earlier question."},
	{"word.notunderstood", "The answer fits no choice."},
	{"word.guess", "The answer nearly fits a choice."},
	{"word.refused.", "Somebody sent something that cannot be taken: a picture, a file, a call."},
	{"word.voice", "Voice messages."},
	{"word.listen", "Listening to what is written, where it has been recorded."},
	{"word.safe", "Words were typed that may mean danger, or the wish to die."},
	{"word.zawgyi", "The letters come from a keyboard that other telephones cannot read."},
	{"word.saved", "The program could not keep what was written, or does not know yet whether it did."},
	{"word.receipt", "The number that opens the replies."},
	{"word.state.", "How far a report has come, told to the person who sent it."},
	{"word.mail", "Reading replies."},
	{"word.when.", "When a reply was written; it stands inside of another sentence."},
	{"word.review", "All answers once more, before they are sent."},
	{"word.services", "Looking for help from within another question."},
	{"word.place", "Naming an area."},
	{"word.cards", "Below the services that were found."},
	{"word.lines", "The telephone numbers of the place."},
	{"word.nudge", "The one line that is sent when a reply waits. It stands on a locked screen: it must tell a stranger nothing."},
	{"word.privacy", "What is kept and who can see it."},
	{"word.number", "A number is asked for, and this is none that fits."},
	{"service.kind.", "A kind of help, on a button and in lists."},
	{"service.for.", "For whom a service is; it stands in a list."},
	{"service.language.", "A language that a service speaks; it stands in a list."},
	{"card.", "A line on the card of a service that was found."},
	{"hours.", "When a service is open."},
	{"hours.day.", "A day of the week; it stands inside of another sentence."},
	{"hours.month.", "A month; it stands inside of a date."},
	{"pathway.", "On a printed sheet with services, to be hung up or carried."},
	{"page.", "On the chat page, which people open in a browser instead of Telegram."},
	{"page.away.", "The harmless page that the chat page leaves for. It must not remind anybody of a chat, or of help."},
	{"staff.", "For focal points, in the bot of the staff."},
	{"staff.notice.", "For focal points: a notice that stands on a locked screen."},
	{"staff.button.", "For focal points: a button."},
	{"staff.kind.", "For focal points: the kind of a report; it stands inside of a line."},
	{"staff.state.", "For focal points: the state of a report; it stands inside of a line."},
	{"staff.urgency.", "For focal points: how urgent a report is; it stands inside of a line."},
	{"staff.time.", "For focal points: how much time there is; it stands inside of a line."},
	{"staff.answer.", "For focal points: what became of an answer that they sent."},
	{"staff.answer.reason.", "For focal points: why an answer was not taken; it stands behind “The answer file was not taken:”."},
	{"staff.command.", "For focal points: a line in the menu of commands."},
	{"demo.", "For whoever tries the program: what stands around the phone and the desk of an invented camp."},
	{"desk.", "For focal points, at the desk: the pages on which they read reports and answer them."},
	{"desk.canned.", "At the desk: a ready sentence that a focal point sends, and that the person who reported reads."},
	{"desk.did.", "At the desk: what somebody did; it stands beside their name in a list."},
	{"desk.form.", "At the desk: the name of a field on a form that is printed."},
	{"desk.sign.word.", "At the desk: what becomes of somebody in the list of readers; it stands beside their name."},
	{"desk.leg.state.", "At the desk: how far it has come with whoever got it; it stands inside of a line."},
	{"desk.leg.", "For focal points: that a report was passed on, to whom, and how far it has come; it stands inside of a line."},
	{"desk.outcome.", "For focal points: what came of a report that is closed; it stands on a line of its own."},
	{"open.", "For focal points, in the program that opens a report on their own computer."},
	{"open.choose", "For focal points, in the program that opens a report: what to do next."},
	{"open.warn.", "For focal points, in the program that opens a report: a warning before an answer."},
}

// aboutFamily says where a text stands that no flow asks for.
func aboutFamily(d *speech.Desk, key string) string {
	if word, also := strings.CutSuffix(key, alsoSuffix); also {
		return "Words that people may type instead of “" + clip(english(d, word)) + "”, parted by |; a single - for none. Not a translation: write what somebody in a hurry would type."
	}
	about, longest := "Of a conversation of the mission's own.", 0
	for _, f := range families {
		if strings.HasPrefix(key, f.begin) && len(f.begin) > longest {
			about, longest = f.about, len(f.begin)
		}
	}
	return about
}

// heard says that a text that no flow asks for is said to somebody who looks for help, as a whole: what stands inside of another
// sentence, on a button, or beside hours and places, is not recorded by itself.
func heard(key string) bool {
	if strings.HasSuffix(key, alsoSuffix) {
		return false
	}
	for _, begin := range []string{"bot.", "staff.", "open.", "pathway.", "word.listen", "word.nudge", "word.when.", "service.", "card.", "hours.", "page.", "desk.", "demo."} {
		if strings.HasPrefix(key, begin) {
			return false
		}
	}
	return true
}
