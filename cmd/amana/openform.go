package main

import (
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"

	"amana/bot/handover"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/ticket"
)

// The complaint and referral form, filled from what the reporter chose to say, as the page of the desk fills it: the two
// are held to the same bytes.

// choicesApart stands between several things that were chosen, in every language.
const choicesApart = "; "

// form fills the form of an opened report.
func (r *openedReport) form(o *openCommand, t *tongue) (*handover.Form, error) {
	seed, err := seal.ParseSeed(r.body.Seed)
	if err != nil {
		return nil, errors.New("the report holds no seed: it is damaged, or of a later version")
	}
	handle := seed.Handle()
	class := r.class(r.filed(t))
	f := &handover.Form{
		Code: r.name8(), Flow: r.flow(t), Kind: class.Kind, Urgency: class.Urgency, Received: r.body.Time, Language: r.language(), WrittenIn: t.lang,
		Handle: hex.EncodeToString(handle[:]),
	}
	f.Take(r.body)
	for i := range f.Consents {
		f.Consents[i].Text = plain(f.Consents[i].Text)
	}
	f.Fields = r.known(o, t, class.Area)
	return f, t.err
}

// known fills what is known of the fields.
func (r *openedReport) known(o *openCommand, t *tongue, area string) map[string]string {
	find := func(step string) (ticket.Said, bool) {
		for _, a := range slices.Backward(r.body.Answers) {
			if a.Step == step && !a.Skipped {
				return a, true
			}
		}
		return ticket.Said{}, false
	}
	chosen := func(step string) string {
		a, _ := find(step)
		var labels []string
		for _, v := range a.Values {
			labels = append(labels, plain(t.choice(a.Flow, step, v)))
		}
		return strings.Join(labels, choicesApart)
	}
	named := func(step string) string { // what was told is no step taken
		a, _ := find(step)
		if text := chosen(step); text != "" {
			return plain(t.title(a.Flow, step)) + ": " + text
		}
		return ""
	}
	words := func(step string) string { a, _ := find(step); return plain(a.Text) }
	agreed := func(leg string) string {
		switch ticket.AgreedTo(r.body.Consents, leg) {
		case ticket.Given:
			return t.bare("word.yes", nil)
		case ticket.Refused:
			return t.bare("word.no", nil)
		}
		return ""
	}
	own := []string{chosen("concern")}
	for _, a := range r.body.Answers {
		if a.Step != "reach" && a.Step != "cover_words" {
			own = append(own, plain(a.Text))
		}
	}
	for _, e := range r.later {
		if e.Message != nil {
			own = append(own, plain(e.Message.Text))
		}
	}
	out := map[string]string{
		"who.contact":        lined("\n", chosen("way"), words("reach"), chosen("hours"), chosen("answers"), chosen("cover"), words("cover_words")),
		"person.age":         chosen("age"),
		"event.time":         lined("\n", chosen("when"), chosen("ongoing")),
		"event.place":        lined(", ", plain(t.item("areas", area)), chosen("where")),
		"event.words":        lined("\n\n", own...),
		"accused.work":       chosen("accused"),
		"accused.org":        chosen("organisation"),
		"steps.help":         named("help"),
		"steps.safety":       named("danger"),
		"consent.complaint":  agreed(ticket.LegComplaint),
		"consent.assistance": agreed(ticket.LegAssistance),
		"consent.to":         r.organisations(t),
		"done.by":            plain(r.me.Name) + ", " + plain(t.role(r.me.Role)),
		"done.org":           t.organisation(r.me.Org),
		"done.when":          t.day(o),
		"done.passed":        t.passed(r),
	}
	if a, _ := find("who"); len(a.Values) > 0 && a.Values[0] == "me" {
		out["who.age"] = chosen("age")
	}
	if len(r.body.Consents) > 0 {
		out["consent.told"] = t.bare("word.yes", nil)
	}
	return out
}

// lined joins what is not empty.
func lined(by string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), by)
}

// bare gives a text without the marks that hold directions apart on a screen.
func (t *tongue) bare(key string, args speech.Args) string { return plain(t.say(key, args)) }

// organisation names one, or a dash where there is none.
func (t *tongue) organisation(name string) string {
	if text := plain(t.item("organisations", name)); text != "" {
		return text
	}
	return "–"
}

// organisations names those of the readers, each once.
func (r *openedReport) organisations(t *tongue) string {
	var out []string
	for _, e := range r.readers {
		if name := t.organisation(e.Org); e.Role != ticket.Recovery && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// day writes out today.
func (t *tongue) day(o *openCommand) string {
	now := o.now().In(o.zone)
	month := t.bare("hours.month."+strings.ToLower(now.Month().String()), nil)
	return t.bare("hours.date", speech.Args{"Day": strconv.Itoa(now.Day()), "Month": month, "Year": strconv.Itoa(now.Year())})
}

// passed says how far each leg has come for each receiver: the latest note counts.
func (t *tongue) passed(r *openedReport) string {
	var order []string
	latest := map[string]ticket.Leg{}
	for _, e := range r.later {
		if e.Note == nil || e.Note.Leg == nil || e.forged {
			continue
		}
		key := e.Note.Leg.Leg + "\n" + e.Note.Leg.To
		if _, there := latest[key]; !there {
			order = append(order, key)
		}
		latest[key] = *e.Note.Leg
	}
	for i, key := range order {
		l := latest[key]
		order[i] = plain(t.label("desk.leg.", l.Leg)) + ": " + plain(l.To) + " (" + plain(t.label("desk.leg.state.", l.State)) + ")"
	}
	return strings.Join(order, "\n")
}
