// Package locales holds the words of Amana: one folder a language, named by its BCP 47 tag.
//
// It carries files and no code that reads them: package speech does, and refuses to start on any mistake.
// README.md beside this file is for translators.
package locales

import "embed"

// FS holds, for each language, <tag>/messages.gotext.json (what is said) and <tag>/language.json (how the
// language is called, which way it runs, who reviewed it) and
// <tag>/safewords.txt (what somebody types who is in danger just now) and <tag>/audio/KEY.ogg (what can be heard), where
// somebody has recorded it; <tag>/glossary.json (the words that its translators have agreed upon), and what they keep beside that.
//
//go:embed */*
var FS embed.FS
