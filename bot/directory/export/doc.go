// Package export writes a directory so that others can read it: services as HSDS 3.0 JSON; services, organisations and
// areas as CSV with HXL tags, and the same as one workbook.
//
// Each form holds everything, and bot/directory/intake reads each back to the same directory: texts in every language,
// columns that nobody knows, where a record came from. What the directory does not hold, such as the place of a shelter,
// cannot be exported.
//
// # HSDS
//
// What HSDS has a place for stands there, in one language, for whoever reads HSDS. What it has none for stands in
// attributes of the taxonomy “amana”, whose codes are the names of fields: the other languages, to whom a record is
// shown, a woman to speak to, an id that is no UUID.
//
// # Sheets
//
// Above the records stand a row of plain words and a row of HXL tags. There is a column for each language of a text, and
// no column that would be empty everywhere. A cell that a spreadsheet would take for a formula begins with an apostrophe;
// the attribute “guard” of its tag tells the intake to take it off. “#x_shown” columns are for readers alone.
//
// # Decisions
//
// 2026-11: telephone numbers stand in numbered columns with extension, use and remark beside them, since a remark may be
// anything: in one cell with others it would be read as a number of its own. Names of columns that nobody knows are kept
// in their order of names, since a sheet has one order of columns for all its records.
package export
