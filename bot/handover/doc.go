// Package handover holds what leaves the house of a report when it is handed to those who look into it or who help: the
// complaint and referral form as JSON, and a table with HXL tags. It is pure: what was opened is given to it, and what it
// makes is written by whoever calls it.
//
// Only readers can make any of it, at their own desk or with `amana open`: the server cannot read. Nothing is made without
// the consent for the leg that it goes ([Form.May]), and there is no way around that. The table holds no own words and no
// way to reach anybody: who gets it asks the focal point under the code (H29: forward the least, in clear nothing that
// identifies).
//
// What leaves is noted. A desk with its server tells that at once, and the report's own record says that its form was saved,
// or that it went into a case system. `amana open` has sealed files and no server: it writes a note beside what it makes, sealed
// to the readers and signed as theirs, for the staff bot. The record then has a note of that reader, and which way the report
// went stands inside, for readers alone; a note that is never sent leaves nothing on record but the handing out of the sealed
// file. Nobody can be made to send it: whoever opens a file on their own machine may do anything with it there.
package handover
