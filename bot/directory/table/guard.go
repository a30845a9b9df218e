package table

import "strings"

// Guard makes a cell safe to open in a spreadsheet, which takes what begins with = + - @ or a tab for a formula: an
// apostrophe in front makes it a text. A cell that begins with such apostrophes already gets another one, so that
// [Unguard] gives back exactly what was guarded.
func Guard(cell string) string {
	if guarded(cell) {
		return "'" + cell
	}
	return cell
}

// Unguard takes off what Guard put on. It is for cells of which that is known: in a sheet of somebody else an apostrophe
// belongs to the text.
func Unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && guarded(cell) {
		return cell[1:]
	}
	return cell
}

// guarded says that behind all apostrophes stands the beginning of a formula. Spreadsheets pass over spaces before it,
// and take the wide forms of these signs for the same.
func guarded(cell string) bool {
	cell = strings.TrimLeft(strings.TrimLeft(cell, "'"), " \u00a0\n\r")
	return cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") || strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠")
}
