// Package tally is counts with small numbers suppressed, and pictures of them.
//
// A count of one in a block and a month is a person whom others may name. So a table is published with every number under
// [Fewest] left out, and with every other number left out that would give it away by subtraction. The room knows no
// report, no sentence and no clock: it is given counts, and gives what may be shown.
//
// # What is promised
//
// Whoever knows everything that is shown of a table, and that counts are whole and not negative, cannot narrow any number
// that is left out down to fewer than [Fewest] possibilities; and of one that is left out because it is small, all from
// nothing to [Fewest] less one stay possible. This holds for the inner numbers as for totals.
//
// # What is not promised
//
// Two tables of the same people that share their totals say more together than each alone, and a table that is
// made anew after each report says by its change what came. Lists of one dimension share the grand total alone, which such
// a list shows whenever it is [Fewest] or more, so that they can stand beside each other. Of two dimensions publish one
// table, and on fixed days.
//
// # Publications
//
// A [Publication] is made of one period, once, and kept as it was made. Several can stand beside each other, and beside the
// tables of two dimensions of their quarters, since whatever they share is either known in full or not told at all: the lists
// of a period share its total alone, periods share nothing, and a [Cross] is laid out so that what it shares with the lists
// follows from them already. So whatever fits each of them by itself fits all of them together, and to subtract one from
// another gives nothing that one of them did not say. Sums over time are made of what was published ([NewSum]).
//
// # Decisions
//
// 2026-11: nothing counts as a small number: a zero is left out as a three is. That nobody told anything in a block
// would tell somebody who threatens people there that it works, and the step from a zero that is shown to a number that is
// not would tell that somebody has just spoken. A zero that is left out also covers its neighbours, so that fewer large
// numbers have to go.
//
// 2026-11: what is left out is not told apart: neither whether it is small itself, nor which rule took it.
//
// 2026-11: what happened in a month is published with that month: a report that is acknowledged late counts where it was
// acknowledged. Rejected: making the table of an old month anew, which would tell by its change what came late.
//
// 2026-11: a quarter or a year is the sum of what was shown, and says "at least" where something was hidden. Rejected: new
// totals of the true counts, from which the hidden months could be subtracted. A mission whose months are small publishes
// by quarters instead.
//
// 2026-11: reports from which somebody is kept out stand in no list. Whoever is kept out of one, and reads all others,
// could subtract their own from any total. They are counted by themselves, and told as one number where everybody who is
// kept out of any is kept out of [Fewest] at least.
//
// 2026-11: no rounding and no noise. Mission staff add these numbers up by hand, and a table that does not add up is not
// believed.
package tally
