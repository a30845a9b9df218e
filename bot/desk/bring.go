package desk

import "context"

// mostGrants is the length of the longest file of shares and copies.
const mostGrants = 1 << 20

// postAnswer takes an answer or a note. It was signed and sealed in the page.
func postAnswer(ctx context.Context, a *asked) (any, error) {
	file, err := readFile(a.w, a.r, int64(a.MaxAnswer))
	if err != nil {
		return nil, err
	}
	t, err := a.Registry.Answer(ctx, a.me.Person, file)
	if err != nil {
		return nil, err
	}
	a.counts.taken.Add(1)
	return struct {
		Code    string   `json:"code"`
		Note    bool     `json:"note"`
		Again   bool     `json:"again"`
		Missing []string `json:"missing"`
	}{t.Code, t.Note, t.Again, list(t.Missing)}, nil
}

// postGrant takes shares and copies of messages.
func postGrant(ctx context.Context, a *asked) (any, error) {
	file, err := readFile(a.w, a.r, mostGrants)
	if err != nil {
		return nil, err
	}
	g, err := a.Registry.Grant(ctx, a.me.Person, file)
	if err != nil {
		return nil, err
	}
	a.counts.taken.Add(1)
	type lack struct {
		Person string `json:"person"`
		Name   string `json:"name"`
		Count  int    `json:"count"`
	}
	out := struct {
		Code    string   `json:"code"`
		Added   []string `json:"added"`
		Copies  int      `json:"copies"`
		Again   bool     `json:"again"`
		Missing []lack   `json:"missing"`
	}{g.Code, list(g.Added), g.Copies, g.Again, []lack{}}
	for _, l := range g.Missing {
		out.Missing = append(out.Missing, lack{l.Person, l.Name, l.Count})
	}
	return out, nil
}

// list gives an empty list for none, so that a page need not ask.
func list(in []string) []string {
	if in == nil {
		return []string{}
	}
	return in
}
