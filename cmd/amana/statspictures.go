package main

import (
	"html/template"
	"io"
	"maps"
	"slices"

	"amana/bot/tally"
)

// statPage shows each picture with its table beside it. It needs nothing from elsewhere.
var statPage = template.Must(template.New("numbers").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Numbers</title>
<style>body{font-family:sans-serif;margin:1rem;max-width:60rem}section{display:flex;flex-wrap:wrap;gap:1.5rem;break-inside:avoid}h2{flex-basis:100%}td,th{text-align:start;padding:.2rem .8rem .2rem 0}svg{max-width:100%}</style></head>
<body><h1>Numbers</h1><p>Numbers below five are not shown, nor others that would give them away. Reports from which somebody is kept out stand in no list.</p>
{{range .}}<section><h2>{{.Title}}</h2>{{.SVG}}<table><thead><tr><th scope="col">{{.By}}</th><th scope="col">{{.Unit}}</th></tr></thead><tbody>
{{range .Rows}}<tr><th scope="row">{{.Label}}</th><td>{{.Number.Say "not shown"}}</td></tr>
{{end}}</tbody></table></section>
{{end}}</body></html>
`))

// statPicture is one chart with the numbers that it shows.
type statPicture struct {
	Title, By, Unit string
	SVG             template.HTML
	Rows            []tally.Bar
	file            string
}

// statPictures gives the page with everything in it, and each picture as a file of its own.
func statPictures(chosen []tally.Publication) []newFile {
	var all []statPicture
	for _, p := range chosen {
		all = append(all, picturesOf(p.Period, "received", "reports", p.Received, p.Total)...)
		if steps := stepPicture(p); len(steps.Rows) > 0 {
			all = append(all, steps)
		}
		all = append(all, picturesOf(p.Period, "looked for", "look-ups", p.Sought, p.Looked)...)
	}
	files := []newFile{{"numbers.html", func(w io.Writer) error { return statPage.Execute(w, all) }}}
	for _, p := range all {
		files = append(files, newFile{p.file + ".svg", func(w io.Writer) error {
			_, err := io.WriteString(w, string(p.SVG))
			return err
		}})
	}
	return files
}

func picturesOf(period, indicator, unit string, lists map[string]tally.Published, total tally.Number) (out []statPicture) {
	for _, by := range slices.Sorted(maps.Keys(lists)) {
		var bars []tally.Bar
		for i, word := range lists[by].Rows {
			bars = append(bars, tally.Bar{Label: statWord(word), Number: lists[by].Cells[i][0]})
		}
		out = append(out, drawn(period, indicator, by, unit, append(bars, tally.Bar{Label: "all", Number: total})))
	}
	return out
}

func stepPicture(p tally.Publication) statPicture {
	var bars []tally.Bar
	for _, s := range p.Steps {
		bars = append(bars, tally.Bar{Label: s.Name, Number: s.Passed})
	}
	return drawn(p.Period, "what was done", "step", "reports", bars)
}

func drawn(period, indicator, by, unit string, bars []tally.Bar) statPicture {
	file := statFile(indicator, by, period)
	p := statPicture{Title: period + ", " + indicator + " by " + by, By: by, Unit: unit, Rows: bars, file: file}
	chart := tally.Chart{ID: file, Title: p.Title, Bars: bars, Hidden: notShown, Lang: "en"}
	p.SVG = template.HTML(chart.SVG()) // every word in it is escaped where it is drawn
	return p
}
