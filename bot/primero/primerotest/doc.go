// Package primerotest is a small Primero on loopback for tests, made from Primero's published documentation of its API and
// from the names of fields in its exporter for the incident recorder. It is strict where that documentation is: a token that
// has run out, a field that the role may not write, a value that no look-up has, an id that is there already. It is not
// Primero: that ours agrees with it proves nothing about a real one.
package primerotest
