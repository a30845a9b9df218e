// Package speech turns keys into sentences and typed words into answers, in every language that is loaded.
//
// It reads the catalogs (package locales and an operator's own wording over it), picks plural forms, inserts values
// so that no script turns them around, folds what people type, recognises choices, numbers, receipts and the
// reserved words, and splits long texts. It is pure: no clock, no network, nothing kept between two calls;
// a [Book] never changes after [Load] and may be shared by all goroutines.
//
// It does not decide which language somebody speaks (the person does; see [Book.Sort]), does not know a flow or a
// report, and never keeps or logs what somebody typed: its errors name keys and languages only.
//
// The promise it keeps: everyone in their own language, script, direction, digits and plurals; choices typed as a
// word or as a number of any numeral system. A text that is missing is an error, never an English sentence and
// never the key.
//
// # Decisions
//
// 2026-11: catalogs in the gotext JSON form, because translators' platforms read it; an own renderer of about a
// hundred lines, because a message.Printer shows the key where a text is missing, an empty string where a plural form was
// refused, and other digits for ar than for ar-YE. Only the plural data of x/text is used. (Rejected: x/text/message; Fluent, which few platforms read.)
//
// 2026-11: an own list of related languages for sorting, because language.Matcher sends Pashto, Urdu and Yoruba to
// English with high confidence. (Rejected: the matcher with a threshold; the threshold it needs is "exact".)
//
// 2026-11: folding by tables per script. Blind removal of marks destroys Bangla and Burmese, and x/text/search
// misses the Arabic, Kurdish, Hausa and Amharic spellings that people mix. (Rejected: collation keys.)
//
// 2026-11: a language whose language.json says "review": "begun" may lack texts, and is kept out of everything that is said,
// matched or listed: a [Book] knows of it only how far it has come. One that is half there is worse for people than none,
// and a half that cannot be shipped is never begun. (Rejected: English where a text is missing; a folder that is not read at all,
// whose mistakes nobody would see.)
package speech
