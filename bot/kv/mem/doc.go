// Package mem is the engine of package kv for tests and for the demo: it keeps everything in memory and forgets it.
//
// It is stricter than an engine that keeps: each closure of an Update is run twice, and if the two runs write
// different things the update fails with kv.ErrImpure. It keeps the limits, the isolation and the settling of updates
// that every engine keeps.
package mem
