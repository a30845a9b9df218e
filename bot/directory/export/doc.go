// Package export writes a directory so that others can read it: services as HSDS 3.0 JSON, areas as a sheet with HXL tags.
//
// What HSDS has a place for stands there, in one language, for whoever reads HSDS. What it has none for, such as the other
// languages, to whom a record is shown, or a woman to speak to, stands in attributes of the taxonomy “amana”, whose codes are
// the names of fields. bot/directory/intake reads both back: a round trip loses nothing but where a record came from. What
// the directory does not hold, such as the place of a shelter, cannot be exported.
package export
