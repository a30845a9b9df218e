// Package sheet reads the YAML files that operators and authors of flows write, strictly, and tells them in their own
// words what is wrong: the line, what stands there, and what to write instead.
//
// It takes a small part of YAML: names with values, lists, lists and settings in brackets, quotation marks, comments. What
// makes a file mean more than it shows (anchors, merges, tags, a second document) is refused, and so is every setting that
// nobody reads, with the one that was probably meant. It is pure: files are read by whoever calls it.
//
// # Decisions
//
// 2026-11: an own filling of structs from the tree of nodes, because the library words its errors for programmers ("cannot
// unmarshal !!seq into string"), takes `yes` for true in one place and not in another, and forgets where a value stood, so
// that what is wrong with it later could not be told by its line. (Rejected: wording the library's sentences by pattern;
// they change with its versions, and half of them name the line after the one that must be mended. Its syntax errors are
// still told apart by their sentence; one that is not known gets a plain one.)
package sheet
