// Package guide is the directory as somebody sees it who looks for help in a chat: areas to walk down, names typed in any
// spelling, the nearest place to a point, and services, a few at a time.
//
// It gives short names to areas, since a button carries little and an id may be anything; it knows which area of the
// mission's own short list each area of the directory lies in; and it decides what is never shown to whom. It is pure, and
// it keeps nothing: a point on the map is looked at once and forgotten.
//
// # Decisions
//
// 2026-11: a room between directory and chat. The directory knows nothing of people who choose, the conversation nothing
// of ids, zones or visibility, and both stay as they are when the other changes.
//
// 2026-11: names are made from ids and not kept, so that an import changes nothing for a conversation under way as long as
// the ids stay.
package guide
