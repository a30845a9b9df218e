// Package hours knows when a service is open.
//
// It reads a strict subset of the opening_hours notation of OpenStreetMap: rules parted by semicolons, each with an
// optional range of dates, days, and spans, "off" or "24/7":
//
//	Mo-Fr 08:00-12:00,13:00-16:00; Sa 09:00-12:00; PH off
//	24/7
//	2026 Mar 01-2026 Mar 30 Su-Th 10:00-14:00
//
// A later rule replaces an earlier one on the days that both name. On a public holiday only rules that name PH count,
// if there is one; otherwise a holiday is a day like others. A span that ends before it begins goes on after midnight.
//
// [Read] also takes what people write into sheets ("Sun–Thu 9-4", "lundi à vendredi 8h-16h", "الأحد - الخميس 9-4"), and
// says what it had to assume. What it does not understand whole it refuses whole: hours that are guessed send somebody
// to a closed door.
//
// It knows no clock, no zone and no holidays: all three are passed in, and a mission lists its holidays in a
// [Calendar]. Times are those of the wall clock of the place, so a change to summer time moves nothing.
//
// # Decisions
//
// 2026-11: an own subset. The full notation is implemented in other languages only, and most of it (sunset, weeks of
// the year, fallback rules) never stands in a referral sheet. Hours of Ramadan are kept as a note and never computed:
// when the month begins is decided by people.
package hours
