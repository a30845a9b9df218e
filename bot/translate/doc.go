// Package translate makes sheets for translators out of the catalogs, and takes them back.
//
// A translator of an organisation has a spreadsheet program, no Go and no JSON. The sheet has a row for each text and
// plural form, in the order in which people meet them, with where it stands, how long it may be, and which words of the
// glossary occur. What comes back is compared with the catalogs, cell by cell, and held to every rule before a byte is written.
//
// It is pure: no file is opened or written here. What a language has is read from a [speech.Desk], so that an
// unfinished language can be worked on as well as one that people are asked in.
//
// # Decisions
//
// 2026-11: the columns are called key, form, label::Name (tag) and so on, as in sheets of XLSForm, which humanitarian data
// teams know. They may stand in any order, and others are passed over. (Rejected: PO and XLIFF, which need a program that a
// volunteer does not have; the gotext JSON itself stays the form for platforms.)
//
// 2026-11: an empty cell changes nothing. A sheet comes back half done, or filled in by two people; nobody means to take a
// text away by leaving a cell empty, and a language that people use may lack none.
//
// 2026-11: what a spreadsheet does to a cell on its own is no change: spaces at its ends, line ends of Windows, spaces that
// do not break, zeros lost in front. A cell that differs from the catalog in nothing else counts as the same, so an export that comes
// back untouched changes no byte. Inside of braces more is mended, since nothing but a name can stand there: spaces,
// quotation marks, direction marks, wide braces, capitals. Everything else is told, never guessed.
//
// 2026-11: all or nothing. A sheet of which half is in the catalog and half is not is nobody's sheet.
//
// 2026-11: a text that was made from other English than there is keeps that English beside it, so that it goes on
// being listed as one to look at again. Who has looked and finds it right writes ok into the column state.
//
// 2026-11: CSV begins with the mark that Excel needs to see UTF-8; a cell that a spreadsheet would take for a
// formula has an apostrophe in front, which is taken off again (bot/directory/table does both).
package translate
