// Package primero hands a report to a Primero (v2), in which case workers keep what they do for a person: a case, an incident,
// the link between them, and a referral to one user of it.
//
// A [Mapping] is a file of the mission. It says which answer goes into which field, and nothing else goes: own words only where
// it names a field of the form, and no field is filled by guessing. Almost all stay empty, since they are the caseworker's.
// [Mapping.Plan] is pure and makes what would be sent from a form, so that a person sees it before; [Client.Send] sends it.
//
// Three things are held to here, whoever calls: nothing is made without the consent to the mapping's leg; nothing goes to
// where somebody works whom the report is about or must avoid; and nothing goes in clear over a network. There is no flag for
// any of them.
//
// Ids are made here and not by Primero, from a secret of the report that only readers have. So what is sent twice, because
// an answer was lost on the way, is there once; and nobody who holds Amana's database can say which record is which report.
//
// The names of fields and endpoints come from Primero's own documentation of its API (doc/api) and from its exporter for the
// incident recorder. The form bundle of GBVIMS+ is not public: the names in a mission's Primero may differ, and then its
// mapping has to. None of this was tried against a running Primero.
package primero
