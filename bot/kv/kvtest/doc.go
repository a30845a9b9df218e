// Package kvtest is what every engine of package kv must pass, and what rooms above need to test against one.
//
// Run holds an engine to the contract; Model plays random updates against a plain map. Flaky wraps an engine so that
// updates are refused, or lose their answer, as a test tells it to. Flushes and Rate measure what a disk and an engine
// do in a second.
package kvtest
