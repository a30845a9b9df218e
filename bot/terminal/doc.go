// Package terminal is the door for trying Amana: a chat in a terminal, for one person who sits in front of it.
//
// It shows what a room answers, and hands over what is typed as a person would send it from a phone: words as words,
// a number as a word too, /hide as a command, and #3 as a tap on the third button. What the bot does to the chat
// itself, such as taking a message out of it, cannot be done to a terminal, so it is told in a line in brackets.
//
// It keeps nothing, reads no file, and knows no report: like every door it sees messages only.
//
// # Decisions
//
// 2026-11: text is printed in the order in which it is stored; the terminal turns right-to-left lines around. Rejected:
// turning them here, which terminals that can do it themselves would turn back.
//
// 2026-11: a button is a choice if a number stands in front of its label, and a reserved word otherwise. Rejected: a
// mark on the button, which no other door needs.
package terminal
