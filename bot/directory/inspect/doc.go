// Package inspect looks through a whole directory for what misleads people although every record of it can be taken:
// numbers that nobody answers, areas that stand twice, records that nobody has looked at for long, a way to a shelter.
//
// What it says names the file and line from which a record came, and what to do. It sees the directory as it is in force,
// so that it also finds what has become wrong since the import: a date that has passed, a kind that the mission no longer
// knows. It never quotes what stands in a record of a shelter.
package inspect
