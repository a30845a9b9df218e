// Package tell says in a person's language what a record of the directory holds: its kinds, and when somebody is there.
//
// It is the one place where the directory meets sentences. Whoever shows a service, in a chat or on paper, asks it, so
// that a clinic is open in the same words everywhere. It is pure: the clock and the catalogs are passed in.
package tell
