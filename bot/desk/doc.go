// Package desk serves the focal points' desk: one page that works in their browsers, and the few questions that this page
// asks. It is a door: it knows who has signed in, and asks the registry for everything else.
//
// Nothing that a person told is readable here. What the page gets of a report are sealed files, and what it brings are sealed
// files; the key that opens and signs them lives in the page alone. A passphrase, a device key or a recovery code never comes
// this way, and a test looks at every byte that does.
//
// # Promises
//
//   - What somebody may not see is answered byte for byte like what does not exist, on every way that there is.
//   - A session lives in memory: it ends when it is idle, after half a day, when its owner says so on any of their devices, when
//     they are revoked or their key is replaced, and when the program stops.
//   - Nothing is changed by a GET, nor by a page of another origin.
//   - No address of a visitor, no code of a report and nobody's name or id reaches the log or a metric.
//
// # Signing in
//
// A link signs nobody in. Whoever signs in shows the browser's own secret and that they hold the device key, gets a challenge
// that is sealed to their key, and answers it within two minutes, once. To whoever is not known, or comes with a browser that
// the coordinator has not allowed, everything looks the same.
//
// # Limits
//
// Tries to sign in are counted for each person and browser together, so that nobody can be kept out by others who know their
// id; all tries wait in one line, first come first served, and are told to come again when it is long. Of the requests that
// are answered at the same time some places are left to those who have signed in; against a flood that takes all the others
// only what stands in front can help those who have not. A session has a pace, and a reader gets a number of reports an hour:
// who asks for more is told to wait, and that they asked is written into the mission's audit chain, where their colleagues
// find it.
//
// # Numbers and services
//
// Numbers are counted from the list and the trails that the registry gives the person who looks, so that what they may not
// see is in none of them; bot/tally leaves out what is small. They are lists of one dimension, which share their total alone.
// Services are shown with what only those see who refer people, never with the place of a shelter. What somebody says of a
// service is in force for everybody at once; the record names their organisation, the mission's chain themselves.
//
// # Decisions
//
// 2026-11: the words of a language go to the page in one file. Rejected: a file for each screen, which the first visit
// would have fetched one after the other over a slow line.
//
// 2026-11: a voice message is loaded by a GET, and what opens it was handed out and noted by the POST before, whose session
// remembers it. Rejected: to note it once more, since a GET may be repeated by anybody on the way.
//
// 2026-11: no list of addresses that are slowed down. Behind a web server that ends TLS all have one, and a list would be
// a list of where focal points work.
package desk
