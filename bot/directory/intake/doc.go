// Package intake turns what sheets and HSDS say into records of a directory, and says what it could not take, with
// file, line, column and remedy.
//
// The columns of a sheet are known by HXL tags, by their headers in English, Arabic, French, Spanish or Bangla, or by a
// [Mapping]. A column that nobody knows is kept with the record under its own name. A cell that is not understood is
// never guessed: it is kept as it stands and a finding says so, or, where a record would be wrong without it, the
// record is refused. One bad row never costs another one.
//
// Lists of areas are read first, in whatever order the files come, since services name areas. Where there is no list,
// neither in the files nor in force, the areas that the sheets name become one.
//
// It knows no disk and no clock; bot/directory/table reads the files.
package intake
