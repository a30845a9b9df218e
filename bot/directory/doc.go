// Package directory is where help can be found: organisations, what they offer and where, and the areas of a mission.
//
// A [Service] is what one organisation offers at one place: a row of a referral sheet, a card that a person reads. The
// room checks records, plans what an import would change, packs a directory for the store, and looks up in memory. It
// knows no clock, disk or network, and no sentence that a person reads; bot/directory/intake turns files into records.
//
// # Promises
//
//   - The place of a shelter is never shown, whatever a sheet says, because it is not kept: [Service.Redact] takes it
//     out before a record goes anywhere, with every text that may tell the way. An index takes it out once more, since a
//     mission may hide a kind of which records are in force.
//   - Areas have explicit parents. A code is never cut to find the area around it, since codes do not nest.
//   - A telephone number is kept as it is dialled there. No country code is added.
//   - A record whose check is out of date stands last, and says so.
//   - A search that finds nothing says of which kind and area, and nothing about who asked.
//
// # Decisions
//
// 2026-11: one flat record for a service at a place. HSDS parts service, location and service_at_location; here the
// HSDS service is kept in Group and the location in Place.ID, so that nothing of either is lost. A look-up
// then touches one record, and a row of a sheet is one record.
//
// 2026-11: words that may tell the way ("behind", "rue", "بجانب") cost a record of a shelter the whole text in which they
// stand, in all its languages, and whoever imports is told which. To cut out only the words would leave what is around
// them, and to warn alone would leave it to somebody in a hurry.
//
// 2026-11: texts are short lists of language and text rather than maps: fifty thousand services with eight texts each
// would spend more memory on maps than on words.
package directory
