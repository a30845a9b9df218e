package ticket

// Lists are the names that answers can take in a mission, beside those that the flow fixes.
type Lists struct {
	Orgs  []string // organisations of the accused and of who is involved
	Areas []string
	Langs []string
	Roles []Role // of who is involved; none: the usual five
}

// Problem is one fault of roster or routes.
type Problem struct {
	Fatal bool   // reports are refused, or read by too few
	What  string // the fault
	Hint  string // the remedy
	Cases int    // how many combinations of answers it concerns, 0 if it is not about answers
}

// Row is one line of the table of routes: what is reported, and who reads.
type Row struct {
	Case Case
	Plan Plan
}
