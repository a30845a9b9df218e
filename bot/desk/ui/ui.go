// Package ui holds the built pages of the desk: one HTML page, its script and its style sheet.
//
// They are made from src by `make` (npm, esbuild) and embedded. A program that was built with Go alone has a placeholder
// in their place, and [Built] tells one from the other. Nothing of others is committed here: package-lock.json names what
// is fetched, and by which hash.
//
// # Decisions
//
// 2026-11: an application of one page in plain JavaScript. The unwrapped key of a focal point lives in the memory of that
// page, and a change of page would have to leave it in a storage. Rejected: a framework, which is heavier than all that
// the page does.
package ui

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Built says whether the pages are in this program.
func Built() bool {
	_, err := fs.Stat(dist, "dist/app/index.html")
	return err == nil
}

// Pages gives the built files, index.html among them, each beside its gzip; empty when they are not in this program.
func Pages() fs.FS {
	sub, err := fs.Sub(dist, "dist/app")
	if err != nil {
		panic(err) // the name is valid
	}
	return sub
}

// Licences lists the packages of others that are in the pages, with version, licence and the text of each; nil when the
// pages are not in this program.
func Licences() []byte {
	list, err := dist.ReadFile("dist/app/licences.txt")
	if err != nil {
		return nil
	}
	return list
}

// Placeholder is the page that says how to add the others.
func Placeholder() []byte {
	page, err := dist.ReadFile("dist/placeholder.html")
	if err != nil {
		panic(err) // it is embedded above
	}
	return page
}
