// Package table turns files into rows of cells: CSV in its dialects, XLSX, and the tabular zip of HSDS. It turns rows
// into CSV and XLSX as well, in which no cell is a formula.
//
// It tells the form of a file from its bytes, never from its name. Rows are read one after another, so that a long file
// is never whole in memory. It does not know what a cell means: that is for bot/directory/intake.
//
// # Hostile input
//
// Whatever a file says of itself, at most [Limits] is read of it: bytes, unpacked bytes, rows, columns, bytes of a
// cell. Formulas are never worked out: the value that was saved with them counts. Nothing is fetched, no name in an
// archive becomes the name of a file, and what a large workbook needs beside memory goes to the folder that the caller
// names and is taken away again.
//
// # Decisions
//
// 2026-11: github.com/xuri/excelize/v2 reads workbooks. It is kept up (a release in the month of writing), BSD-3-Clause
// with Apache-2.0 and MIT below it, and needs no cgo. It stays in this room: no other one knows that it exists. Cells
// are read raw, not as they are formatted, since "04/05/26" says less than the number beneath it. Merged cells are
// found by a look at the text of the sheet, because the library's own way holds every cell of it in memory at once.
package table
