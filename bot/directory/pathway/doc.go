// Package pathway lays the directory out on paper: for one area and one language, where people find help, in the order
// in which it is needed. It is a sheet for a wall, a tent or a pocket.
//
// # Promises
//
//   - A sheet on a wall is public. It holds what everybody may see and nothing else: no record for referrers or on request,
//     no place of a shelter, no service that is closed.
//   - Health care after sex by force stands first and the police last, with the sentence that calling them is hers to decide.
//   - What is out of date stands last of its kind and says so. The sheet says when it was printed, and after which day to
//     ask for another.
//   - A page is one file: no script, no picture from elsewhere, no request. It reads in black and white on A4, and runs in
//     the direction of its language; names and numbers are isolated.
//   - Groups whose mere name may put somebody in danger are not named.
//
// # Decisions
//
// 2026-11: github.com/piglig/go-qr makes the code that leads to the bot. It is kept up (a release in this year),
// MIT-licensed, pure Go without other modules, and reads codes as well, so that the test can read what is printed.
// (Rejected: skip2/go-qrcode, which nobody has looked after since 2020; boombuler/barcode, which cannot read.)
package pathway
