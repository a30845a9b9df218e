package guide

import (
	"amana/bot/directory"
)

// Query is what somebody looks for.
type Query struct {
	Kinds    []string // of service; none: every kind
	Area     string   // by its name; empty: everywhere
	Beyond   string   // by its name: leave out what was found there before
	Lang     string   // of the person
	From     int      // how many were shown before
	Limit    int
	NoPolice bool // whoever has just accused the police is not sent there
}

// Find looks up services. What is shown on request only is found by whoever asks for its kind; what only somebody may see
// who refers others is never found.
func (g *Guide) Find(q Query) directory.Result {
	d := directory.Query{Kinds: q.Kinds, Area: g.ids[q.Area], Beyond: g.ids[q.Beyond], Lang: q.Lang, Skip: q.From, Limit: q.Limit, Now: g.now()}
	if len(q.Kinds) > 0 {
		d.May = directory.OnRequest
	}
	if q.NoPolice {
		d.Without = append(d.Without, "police")
	}
	return g.index.Find(d)
}

// Organisation gives who offers a service.
func (g *Guide) Organisation(id string) (directory.Organisation, bool) {
	return g.index.Organisation(id)
}
