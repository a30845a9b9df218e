package ticket

import "slices"

// Facts are the answers to the steps of a reporting flow: names of choices, never labels. Get is empty for a step that
// was not asked, was skipped, or has no choice.
type Facts interface {
	Get(step string) string
	Has(step, value string) bool
}

// Involvement says whether somebody who handles reports may be involved.
type Involvement string

// What was answered to that question. No answer counts as no.
const (
	NotInvolved     Involvement = "no"
	Involved        Involvement = "yes"
	InvolvedNotSure Involvement = "not_sure"
)

// Case is what routing and clocks need of the facts. Most of it is gone after filing: only kind, class, urgency, area and
// language go into the outer record; age, sex and accused category go into the counters of the month.
type Case struct {
	Kind         Kind
	Class        Class
	Urgency      Urgency
	Age          Age
	Sex          string // only where a flow of the mission's own asks for it; nothing is routed by it
	Child        bool   // child specialists first
	Accused      string // category; empty when not told
	Org          string // of the accused: a name of the list, "none", or empty when not known
	Area         string // coarse; empty when not told
	Lang         string
	Involved     Involvement
	InvolvedOrg  string
	InvolvedRole Role
	KeepOut      bool // nobody of the accused organisation may read: the reporter wants it so
}

// keepOut is the answer that nobody of the accused organisation may read.
const keepOut = "keep_out"

// NoOrg is the answer that the accused belongs to no organisation: everyone is then outside.
const NoOrg = "none"

// sexual are the concerns that make a report one of sexual exploitation and abuse, whatever matter was chosen first.
var sexual = []string{"sex_for_aid", "sexual_assault", "harassment", "relationship"}

// Classify reads the facts of a report that a flow of the given kind files, in the given language. It is total: what was
// not answered is left open, and an answer of a later flow version is taken as not answered.
//
// Urgent is what concerns somebody under 18, about danger now, or about sexual violence or trafficking of the last 72
// hours, in which medical care is most pressing.
func Classify(filed Kind, lang string, f Facts) Case {
	c := Case{
		Kind: kindOf(filed, f), Urgency: Normal, Lang: tidyLang(lang), Accused: name(f.Get("accused")), Sex: coarse(f.Get("sex")),
		Org: known(f.Get("organisation")), Area: coarse(f.Get("area")), Involved: NotInvolved,
	}
	c.Class = c.Kind.Class()
	switch a := Age(f.Get("age")); a {
	case Adult, Under18:
		c.Age = a
	}
	if c.Kind == Child && c.Age == AgeUnknown {
		c.Age = Under18 // the flow asks nobody else
	}
	if c.Kind.Care() {
		c.Org, c.Accused = NoOrg, "" // nobody in aid or authority is spoken of
	}
	c.Child = c.Age == Under18
	if c.Accused == "unknown" {
		c.Accused = ""
	}
	switch i := Involvement(f.Get("involved")); i {
	case Involved, InvolvedNotSure:
		c.Involved = i
	}
	if c.Involved == Involved {
		c.InvolvedOrg, c.InvolvedRole = coarse(f.Get("involved_org")), Role(name(f.Get("involved_role")))
	}
	// Asked is who else works there. Where too few are left the question is put once more, and the last word counts.
	c.KeepOut = f.Get("inside") == keepOut && f.Get("inside_few") != "may" && c.Org != "" && c.Org != NoOrg
	bodily := c.Kind == SEA || c.Kind == Trafficking || c.Kind.Care() || f.Get("matter") == "sexual" || isSexual(f)
	if c.Child || f.Get("danger") == "yes" || bodily && f.Get("when") == "within_72h" {
		c.Urgency = Urgent
	}
	return c
}

// kindOf takes the matter that the person chose; a sexual concern outweighs every matter but trafficking, since the
// people who handle it are trained for it; without a matter, an accused force decides, and at last the flow.
func kindOf(filed Kind, f Facts) Kind {
	matter := f.Get("matter")
	switch {
	case filed.own():
		return filed
	case matter == "trafficking":
		return Trafficking
	case matter == "sexual" || isSexual(f) && matter != "retaliation" && matter != "force":
		return SEA
	case matter == "force":
		return Force
	case matter == "favours":
		return Fraud
	case matter == "retaliation":
		return Retaliation
	case matter == "other":
		return Other
	case IsForce(f.Get("accused")):
		return Force
	case filed.Valid():
		return filed
	}
	return Other
}

func isSexual(f Facts) bool {
	return slices.ContainsFunc(sexual, func(c string) bool { return f.Has("concern", c) })
}

// known gives the organisation of the accused, or nothing when it is not known.
func known(org string) string {
	if org == "unknown" {
		return ""
	}
	return name(org)
}

// coarse gives a name from a list, or nothing when the answer names nothing.
func coarse(value string) string {
	if value == "unknown" || value == "none" {
		return ""
	}
	return name(value)
}

// name lets through what is shaped like the name of a choice, [a-z0-9][a-z0-9_]{0,23}. So no person's own words can
// reach the outer record by way of an area or an organisation.
func name(s string) string {
	if !isName(s, 24) {
		return ""
	}
	return s
}

func isName(s string, max int) bool {
	if s == "" || len(s) > max || s[0] == '_' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// tidyLang lets through what is shaped like a BCP 47 tag of at most 35 letters.
func tidyLang(tag string) string {
	if len(tag) > 35 {
		return ""
	}
	for i := range len(tag) {
		c := tag[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return ""
		}
	}
	return tag
}
