package tally

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bar is one line of a chart.
type Bar struct {
	Label  string
	Number Number
}

// Chart is a bar chart of one list, with its words in one language.
type Chart struct {
	ID     string // a name for elements of the page: letters, digits and dashes
	Title  string
	Bars   []Bar
	Hidden string // what is said in the place of a number that is hidden
	Lang   string // BCP 47 tag
	RTL    bool
}

// Measures in units of the picture, which is as wide as a small phone.
const (
	chartWidth  = 320
	lineHeight  = 44
	barHeight   = 14
	barLeft     = 2
	longestBar  = 236
	hiddenBar   = 24
	textSize    = 14
	longestLine = 42 // characters of a label
)

// SVG draws the chart. It has no script, no link and no style attribute, takes the colour of the text around it, and says
// all that it shows to whoever hears the page. A bar whose number is hidden is drawn broken, and always as long.
func (c Chart) SVG() string {
	var b strings.Builder
	height := max(1, len(c.Bars)) * lineHeight
	dir := "ltr"
	if c.RTL {
		dir = "rtl"
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="%s" direction="%s" viewBox="0 0 %d %d" width="%d" height="%d" aria-labelledby="%s-title %s-desc" fill="currentColor" font-size="%d">`,
		clean(c.Lang), dir, chartWidth, height, chartWidth, height, clean(c.ID), clean(c.ID), textSize)
	fmt.Fprintf(&b, `<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`, clean(c.ID), clean(c.Title), clean(c.ID), clean(c.said()))
	most := 1
	for _, x := range c.Bars {
		if !x.Number.Hidden {
			most = max(most, x.Number.N)
		}
	}
	for i, x := range c.Bars {
		top := i * lineHeight
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, c.mirror(barLeft, 0), top+textSize+2, clean(short(x.Label)))
		long := hiddenBar
		if x.Number.Hidden {
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="currentColor" stroke-dasharray="3 3"/>`, c.mirror(barLeft, long), top+22, long, barHeight)
		} else {
			long = max(1, x.Number.N*longestBar/most)
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d"/>`, c.mirror(barLeft, long), top+22, long, barHeight)
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, c.mirror(barLeft+long+8, 0), top+22+barHeight-2, clean(x.Number.Say(c.Hidden)))
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// mirror gives where something begins that lies at a distance from the side where reading begins.
func (c Chart) mirror(x, width int) int {
	if c.RTL {
		return chartWidth - x - width
	}
	return x
}

// said is the whole chart in words.
func (c Chart) said() string {
	var lines []string
	for _, x := range c.Bars {
		lines = append(lines, x.Label+": "+x.Number.Say(c.Hidden))
	}
	return strings.Join(lines, "; ")
}

// short cuts a label that would run out of the picture. The table beside it has the whole.
func short(label string) string {
	if utf8.RuneCountInString(label) <= longestLine {
		return label
	}
	return string([]rune(label)[:longestLine-1]) + "…"
}

func clean(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
