// Package handover holds what leaves the house of a report when it is handed to those who look into it or who help: the
// complaint and referral form as JSON, and a table with HXL tags. It is pure: what was opened is given to it, and what it
// makes is written by whoever calls it.
//
// Only readers can make any of it, at their own desk or with `amana open`: the server cannot read. Nothing is made without
// the consent for the leg that it goes ([Form.May]), and there is no way around that. The table holds no own words and no
// way to reach anybody: who gets it asks the focal point under the code (H29: forward the least, in clear nothing that
// identifies).
package handover
