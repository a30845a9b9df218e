package pathway

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"time"

	"amana/bot/directory"
	"amana/bot/directory/tell"
	"amana/bot/speech"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// Options are what a page is told beside the directory.
type Options struct {
	Words tell.Words
	Lang  string
	Lines []Line    // that can be called at once
	Days  int       // in which some help after sex by force still works; 0: not said
	Bot   string    // the user name of the bot; empty: the page leads to none
	Now   time.Time // in the zone of the mission
}

// Line is somebody who can be called at once, in the language of the page.
type Line struct {
	Label, Phone, Hours, Note string
	Police                    bool
}

// said is a text of the directory with its language, if it is known.
type said struct{ Text, Lang string }

// view is what the template shows.
type view struct {
	Lang, Dir, Title, Lead  string
	Area                    said
	Urgent, None, Free      string
	Lines                   []urgent
	Groups                  []group
	Printed, Renew, BotWord string
	BotLink, BotName        string
	QR                      *code
}

// urgent is a line with what is said before it.
type urgent struct {
	Line
	Before string
}

// group is one kind of help.
type group struct {
	Kind, Note string
	Cards      []card
}

// Write writes the page of an area in a language. Its error names an area that is not there, or a text that is missing.
func (s *Sheets) Write(w io.Writer, area string, o Options) error {
	a, ok := s.areas.Area(area)
	if !ok {
		return errNoArea(area)
	}
	t := tell.New(o.Words, o.Lang)
	p := printer{Sheets: s, Teller: t, o: o, area: area, today: directory.DateOf(o.Now)}
	v := view{Lang: o.Lang, Dir: speech.Direction(o.Lang), Area: p.said(a.Name), Lead: t.Say("pathway.lead"), Urgent: t.Say("pathway.urgent"), Lines: lines(o.Lines, t),
		None: t.Say("pathway.none"), Free: t.Say("rights.free"), Printed: t.Say("pathway.printed", "Date", t.Day(o.Now))}
	v.Title = t.Say("pathway.title", "Area", v.Area.Text)
	v.Groups = p.groups()
	if p.renew != "" {
		v.Renew = t.Say("pathway.renew", "Date", t.Date(p.renew))
	}
	if o.Bot != "" {
		v.BotWord, v.BotName, v.BotLink = t.Say("pathway.bot"), "@"+o.Bot, "https://t.me/"+o.Bot
		var err error
		if v.QR, err = encode(v.BotLink); err != nil {
			return fmt.Errorf("drawing the code that leads to the bot: %w", err)
		}
	}
	if t.Err() != nil {
		return t.Err()
	}
	return page.Execute(w, v)
}

// lines puts the police last, and says before the first of them that calling is hers to decide.
func lines(all []Line, t *tell.Teller) (list []urgent) {
	for _, last := range []bool{false, true} {
		first := last
		for _, l := range all {
			if l.Police != last {
				continue
			}
			u := urgent{Line: l}
			if first {
				u.Before, first = t.Say("word.services.police"), false
			}
			list = append(list, u)
		}
	}
	return list
}

// printer makes the cards of one page.
type printer struct {
	*Sheets
	*tell.Teller
	o     Options
	area  string
	today directory.Date
	renew directory.Date // the first day on which a record of the page is not believed any more
}

// said gives a text in the language of the page, else in one that it has.
func (p *printer) said(w directory.Words) said {
	text, lang := w.In(p.Lang(), "en", "")
	return said{text, lang}
}

func (p *printer) groups() (groups []group) {
	for _, f := range p.in(p.area, p.Lang(), p.today) {
		label := p.Kind(f.kind)
		if n := len(groups); n == 0 || groups[n-1].Kind != label {
			g := group{Kind: label}
			switch {
			case f.kind == "cmr" && p.o.Days > 0:
				g.Note = p.Say("report.clock_any", "Window1", strconv.Itoa(p.o.Days))
			case f.kind == police:
				g.Note = p.Say("word.services.police")
			}
			groups = append(groups, g)
		}
		g := &groups[len(groups)-1]
		g.Cards = append(g.Cards, p.card(f))
		if until := f.Until(); !f.stale && (p.renew == "" || until < p.renew) {
			p.renew = until
		}
	}
	return groups
}
