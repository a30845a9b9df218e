package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"amana/bot/seal"
	"amana/bot/ticket"
)

// opening is what the pages say of an opened report.
type opening struct {
	Body struct {
		ID, Time, Lang string
		Answers        []openingAnswer
		Consents       []ticket.Agreed
	}
	Later                    []openingEntry
	Readers                  []openingReader
	Unsealed, Forged, Spoilt int
	FirstForged, Cut         bool
	State, Language          string
	Standing, Me             string
	Turns                    []jsonTurn
	Moves, Candidates        []string
	Version                  uint64
}

type openingAnswer struct {
	Flow, Step, Lang string
	Values           []string
	Text             string
	Skipped          bool
}

type openingEntry struct {
	Type, By, Time, Lang, Text, Role, State, Added string
	Outcome                                        string
	Leg                                            *ticket.Leg
	Voices                                         int
	Unsigned                                       bool
}

type openingReader struct {
	ID, Fingerprint string
	Lacks           int
}

// openingOf gives the same of what `amana open` has opened.
func openingOf(r *openedReport) (o opening) {
	stamp := func(at time.Time) string { return at.Format(time.RFC3339Nano) }
	plains := func(list []string) []string {
		out := []string{}
		for _, s := range list {
			out = append(out, plain(s))
		}
		return out
	}
	o.Body.ID, o.Body.Time, o.Body.Lang = r.body.ID.String(), stamp(r.body.Time), plain(r.body.Lang)
	for _, a := range r.body.Answers {
		o.Body.Answers = append(o.Body.Answers, openingAnswer{plain(a.Flow), plain(a.Step), plain(a.Lang), plains(a.Values), plain(a.Text), a.Skipped})
	}
	for _, c := range r.body.Consents {
		o.Body.Consents = append(o.Body.Consents, ticket.Agreed{Step: plain(c.Step), Lang: plain(c.Lang), Text: plain(c.Text), Given: c.Given})
	}
	for _, in := range r.later {
		e := openingEntry{Type: in.Type(), Added: plain(in.added), Text: plain(textOf(in.Inside)), Voices: len(voicesOf(in.Inside)), Unsigned: in.forged}
		if _, at := in.About(); !at.IsZero() {
			e.Time = stamp(at)
		}
		switch {
		case in.added != "":
			e.Type = ticket.TypeShare
		case in.Message != nil:
			e.Lang = in.Message.Lang
		case in.Reply != nil:
			e.Lang, e.Role, e.State, e.Outcome = in.Reply.Lang, string(in.Reply.Role), string(in.Reply.State), string(in.Reply.Outcome)
		case in.Note != nil:
			e.Lang, e.By = in.Note.Lang, in.Note.By
			e.State = string(in.noted())
			if l := in.Note.Leg; l != nil {
				e.Leg = &ticket.Leg{Leg: l.Leg, To: plain(l.To), State: l.State}
			}
		}
		o.Later = append(o.Later, e)
	}
	for at, e := range r.readers {
		o.Readers = append(o.Readers, openingReader{e.ID, seal.Fingerprint(e.Key), r.lacked(at)})
	}
	o.Unsealed, o.Forged, o.Spoilt, o.FirstForged, o.Cut = r.unsealed, r.forged, r.spoilt, r.first.forged, r.cut
	state, _ := r.state()
	o.State, o.Language, o.Standing, o.Me, o.Version = string(state), r.language(), r.standing, r.me.ID, r.roster.Version
	for _, turn := range r.turns {
		o.Turns = append(o.Turns, jsonTurn{Day: time.Unix(int64(turn.Day)*86400, 0).UTC().Format(time.DateOnly), What: turn.What})
	}
	for _, s := range r.moves() {
		o.Moves = append(o.Moves, string(s))
	}
	for _, e := range r.candidates(&tongue{}) {
		o.Candidates = append(o.Candidates, e.ID)
	}
	return o
}

// words gives, for each word with which the pages refuse a packet, what `amana open` says.
var words = map[string]string{
	"other_report":       "belongs to another report",
	"not_together":       "were not handed out together",
	"part_twice":         "was named twice",
	"part_missing":       "is missing",
	"not_for_you":        "not sealed to your key",
	"tampered":           "is damaged, or was changed",
	"malformed":          "of a form that this program does not know",
	"no_roster":          "holds no signed roster",
	"roster_damaged":     "the roster in the file is damaged",
	"roster_unsigned":    "not signed by the coordinator whose key is pinned",
	"roster_older":       "and this machine has seen roster",
	"no_cards":           "no reader's card",
	"card_unsigned":      "is not signed by the coordinator",
	"card_unknown":       "is not, or no longer, in the signed roster",
	"card_other_version": "the file carries roster",
	"card_differs":       "something else than the signed roster",
	"card_twice":         "stands in the file twice",
	"no_own_card":        "your own card is missing",
	"empty":              "holds no message",
	"unsealed":           "not sealed to you yet",
	"not_first":          "does not begin with the one report",
	"other":              "a message in the file belongs to another report",
	"twice":              "a message stands in the file twice",
	"damaged":            "a message in the file is damaged: ask",
	"unread":             "or of a later version of this program",
	"newer":              "was written by a newer program",
	"no_mailbox":         "no mailbox to which an answer could be sealed",
}

// judged is one packet, or several, for both to judge.
type judged struct {
	what  string
	files [][]byte
	seen  uint64
}

// court holds what both judges need.
type court struct {
	*desk
	own   seal.Identity
	cases []judged
}

func newCourt(t *testing.T) *court {
	own := newIdentity(t, 1)
	return &court{desk: newDesk(t, own.Public()), own: own}
}

func (c *court) brings(t testing.TB, what string, packets ...seal.Packet) {
	t.Helper()
	j := judged{what: what}
	for _, p := range packets {
		file, err := seal.HandOut(p, c.own.Public())
		if err != nil {
			return // no server that uses our code can hand it out; raw bytes are for another test
		}
		j.files = append(j.files, file)
	}
	c.cases = append(c.cases, j)
}

// judge lets both judge every case, and compares.
func (c *court) judge(t *testing.T) {
	t.Helper()
	var ask []asked
	for _, j := range c.cases {
		ask = append(ask, asked{
			"do": "open", "files": j.files, "secret": c.own.Reveal(), "coordinator": c.coordinator.Public(), "known": asked{"seen": j.seen},
		})
	}
	opened := 0
	for n, got := range pages(t, ask...) {
		j := c.cases[n]
		r, err := c.amana(j)
		switch {
		case err != nil && got.Word == "":
			t.Errorf("%s: the page opens what `amana open` refuses: %v", j.what, err)
		case err != nil && (words[got.Word] == "" || !strings.Contains(err.Error(), words[got.Word])):
			t.Errorf("%s: the page says %s, `amana open` says: %v", j.what, got.Word, err)
		case err == nil && got.Word != "":
			t.Errorf("%s: the page refuses what `amana open` shows: %s", j.what, got.Word)
		case err == nil:
			opened++
			var shown opening
			unmarshal(t, got.OK, &shown)
			if diff := cmp.Diff(openingOf(r), shown, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: `amana open` shows (-), the page (+)\n%s", j.what, diff)
			}
		}
	}
	if opened == 0 || opened == len(c.cases) {
		t.Errorf("%d of %d open: the cases prove nothing", opened, len(c.cases))
	}
}

func (c *court) amana(j judged) (*openedReport, error) {
	var names []string
	for n := range j.files {
		names = append(names, fmt.Sprintf("part-%d", n))
	}
	p, err := openHandOuts(names, j.files, c.own)
	if err != nil {
		return nil, err
	}
	t, err := trust(p, c.coordinator.Public(), []seal.Identity{c.own}, false, j.seen, 0)
	if err != nil {
		return nil, err
	}
	return openReport(p, t, c.own)
}

// full adds everything that a thread can hold: what opens, what does not, what lies.
func (c *court) full(t *testing.T) {
	t.Helper()
	at := someDay
	next := func() time.Time { at = at.Add(time.Hour); return at }
	c.trail = seal.TrailOf([][32]byte{{1}, {2}, {3}, {4}, {5}})
	c.add(t, ticket.Inside{Note: &ticket.Note{ID: c.report, Time: next(), Lang: "en", By: "bashir", Text: "a note \u202eturned\x07", Saw: &ticket.Saw{Lines: 4, Link: ticket.ID(c.trail.Links[3])}}})
	c.add(t, ticket.Inside{Reply: &ticket.Reply{ID: c.report, Time: next(), Lang: "ar", Role: ticket.Backup, State: ticket.Referred, Text: "وصلنا."}})
	c.add(t, ticket.Inside{Message: &ticket.Message{ID: c.report, Time: next(), Lang: "bn", Text: "কখন?\nএখন"}})
	c.add(t, ticket.Inside{Message: &ticket.Message{ID: c.report, Time: next(), Lang: "am", Text: "sealed to another"}}, c.entries[1].Key)
	bashir := newIdentity(t, 91)
	c.add(t, ticket.Inside{Reply: &ticket.Reply{ID: c.report, Time: next(), Lang: "en", Role: ticket.Backup, State: ticket.Confirmed, Text: "by a copy"}}, c.entries[1].Key)
	item := &c.thread[len(c.thread)-1]
	item.Copies = append(item.Copies, c.copyOf(t, *item, c.seed, bashir))
	leg := &ticket.Leg{Leg: ticket.LegAssistance, To: "Clinic \u200fعيادة", State: ticket.LegConfirmed}
	share, err := seal.SignShare(c.seed, seal.Header{Report: c.report, Message: [16]byte{77}, Kind: ticket.TypeShare, Readers: []seal.Reader{{ID: "chair", Key: c.entries[2].Key}}})
	if err != nil {
		t.Fatal(err)
	}
	c.thread = append(c.thread, seal.Item{ID: share.Header.Message, Header: &share.Header, Signature: share.Signature, Lacks: []int{1, 3}})
	c.add(t, ticket.Inside{Note: &ticket.Note{ID: c.report, Time: next(), Lang: "en", By: "chair", Leg: leg, Text: "they have it"}})
	c.add(t, ticket.Inside{Reply: &ticket.Reply{ID: c.report, Time: next(), Lang: "en", Role: ticket.Coordinator, State: ticket.Closed, Outcome: ticket.OutcomeHelped}})
}

func (c *court) copyOf(t testing.TB, item seal.Item, seed seal.Seed, by seal.Identity) seal.Grant {
	t.Helper()
	g, err := seal.SignCopy(seed, seal.Header{
		Report: c.report, Message: [16]byte{byte(len(item.Copies)) + 1, 3}, Of: item.ID, Kind: ticket.TypeCopy,
		Readers: []seal.Reader{{ID: "amina", Key: c.own.Public()}},
	}, item.File, dice(70), by)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Whatever a server or a reader can do to a report is judged in the page as by `amana open`.
func TestDeskSealsJudgeAlike(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	c.full(t)
	c.brings(t, "as it should be", c.packet())
	liar, err := seal.NewCoordinatorKey(dice(99))
	if err != nil {
		t.Fatal(err)
	}
	spy := seal.Card{Version: c.version, ID: "amina2", Name: "Amina", Role: "reader", Key: newIdentity(t, 98).Public()}
	card := func(p *seal.Packet, n int, do func(*seal.Card)) {
		do(&p.Cards[n])
		p.Cards[n] = seal.SignCard(c.coordinator, p.Cards[n])
	}
	other := newDesk(t, c.own.Public())
	other.seed = newSeed(t)
	for what, do := range map[string]func(*seal.Packet){
		"a card without a signature":   func(p *seal.Packet) { p.Cards = append(p.Cards, spy) },
		"a card of a liar":             func(p *seal.Packet) { p.Cards = append(p.Cards, seal.SignCard(liar, spy)) },
		"a card beside the roster":     func(p *seal.Packet) { p.Cards = append(p.Cards, seal.SignCard(c.coordinator, spy)) },
		"a card with another key":      func(p *seal.Packet) { p.Cards[1].Key = spy.Key },
		"a card of another version":    func(p *seal.Packet) { card(p, 1, func(c *seal.Card) { c.Version = 7 }) },
		"a card with another name":     func(p *seal.Packet) { card(p, 1, func(c *seal.Card) { c.Name = "Amina" }) },
		"a card with another role":     func(p *seal.Packet) { card(p, 1, func(c *seal.Card) { c.Role = "recovery" }) },
		"a recovery key as a reader":   func(p *seal.Packet) { card(p, 3, func(c *seal.Card) { c.Role = "reader" }) },
		"a card of no role":            func(p *seal.Packet) { card(p, 1, func(c *seal.Card) { c.Role = "" }) },
		"a card with a key for nobody": func(p *seal.Packet) { card(p, 1, func(c *seal.Card) { c.Key = "age1" + strings.Repeat("q", 58) }) },
		"a card twice":                 func(p *seal.Packet) { p.Cards = append(p.Cards, p.Cards[1]) },
		"no cards":                     func(p *seal.Packet) { p.Cards = nil; p.Thread[len(p.Thread)-1].Lacks = nil },
		"one's own card left out":      func(p *seal.Packet) { p.Cards = p.Cards[1:]; p.Thread[len(p.Thread)-1].Lacks = nil },
		"no roster":                    func(p *seal.Packet) { p.Roster = nil },
		"a roster that is none":        func(p *seal.Packet) { p.Roster = []byte("{}") },
		"a roster with an unknown field": func(p *seal.Packet) {
			p.Roster = bytes.Replace(p.Roster, []byte(`"version"`), []byte(`"x":1,"version"`), 1)
		},
		"one letter of the roster":  func(p *seal.Packet) { p.Roster = bytes.Replace(p.Roster, []byte("Amina"), []byte("Amin4"), 1) },
		"the roster in other words": func(p *seal.Packet) { p.Roster = bytes.Replace(p.Roster, []byte("{"), []byte(" {"), 1) },
		"a roster of a liar":        func(p *seal.Packet) { p.RosterSignature = seal.SignRoster(liar, nil) },
		"no message":                func(p *seal.Packet) { p.Thread = nil },
		"the id asked for":          func(p *seal.Packet) { p.Report = [16]byte{9} },
		"a message twice":           func(p *seal.Packet) { p.Thread = append(p.Thread, p.Thread[1]) },
		"the report twice":          func(p *seal.Packet) { p.Thread = append(p.Thread, p.Thread[0]) },
		"a second report":           func(p *seal.Packet) { i := p.Thread[0]; i.ID[0] = 99; p.Thread = append(p.Thread, i) },
		"a note first":              func(p *seal.Packet) { p.Thread = p.Thread[1:] },
		"a share first":             func(p *seal.Packet) { p.Thread = p.Thread[len(p.Thread)-1:] },
		"a report that is signed": func(p *seal.Packet) {
			other.vouch(t, &p.Thread[0], seal.Header{Report: c.report, Message: p.Thread[0].ID, Kind: "report", Readers: p.Thread[1].Header.Readers})
		},
		"a report sealed to another": func(p *seal.Packet) { p.Thread[0].File = p.Thread[4].File },
		"no signature of a note":     func(p *seal.Packet) { p.Thread[1].Header, p.Thread[1].Signature = nil, nil },
		"another seed":               func(p *seal.Packet) { other.vouch(t, &p.Thread[1], *p.Thread[1].Header) },
		"another header":             func(p *seal.Packet) { h := *p.Thread[2].Header; h.State = "closed"; p.Thread[2].Header = &h },
		"a header of another report": func(p *seal.Packet) { h := *p.Thread[2].Header; h.Report[0] ^= 1; c.vouch(t, &p.Thread[2], h) },
		"an answer as a note":        func(p *seal.Packet) { h := *p.Thread[2].Header; h.Kind = "note"; c.vouch(t, &p.Thread[2], h) },
		"a note that moves the report": func(p *seal.Packet) {
			h := *p.Thread[1].Header
			h.Kind, h.State = "note", "confirmed"
			c.vouch(t, &p.Thread[1], h)
			p.Thread = p.Thread[:2]
		},
		"a note that closes the report": func(p *seal.Packet) {
			h := *p.Thread[1].Header
			h.Kind, h.State = "note", "closed"
			c.vouch(t, &p.Thread[1], h)
			p.Thread = p.Thread[:2]
		},
		"a note that moves it to nowhere": func(p *seal.Packet) {
			h := *p.Thread[1].Header
			h.Kind, h.State = "note", "lost"
			c.vouch(t, &p.Thread[1], h)
			p.Thread = p.Thread[:2]
		},
		"another place": func(p *seal.Packet) { p.Thread[1].ID[3] ^= 1 },
		"the reporter signed": func(p *seal.Packet) {
			c.vouch(t, &p.Thread[3], seal.Header{Report: c.report, Message: p.Thread[3].ID, Kind: "message", Readers: p.Thread[1].Header.Readers})
		},
		"other words under a signature": func(p *seal.Packet) { p.Thread[1].File = p.Thread[2].File },
		"a damaged note": func(p *seal.Packet) {
			p.Thread[1].File = flipped(p.Thread[1].File, -1)
			c.vouch(t, &p.Thread[1], *p.Thread[1].Header)
		},
		"a damaged message": func(p *seal.Packet) { p.Thread[3].File = flipped(p.Thread[3].File, -1) },
		"a damaged report":  func(p *seal.Packet) { p.Thread[0].File = flipped(p.Thread[0].File, -1) },
		"a report of a newer program": func(p *seal.Packet) {
			p.Thread[0].File = c.sealedBody(t, later(c.encoded(t, ticket.Inside{Report: c.body()})))
		},
		"a report of no form":    func(p *seal.Packet) { p.Thread[0].File = c.sealedBody(t, "nonsense") },
		"a share without a kind": func(p *seal.Packet) { h := *p.Thread[6].Header; h.Kind = "note"; p.Thread[6].Header = &h },
		"a share of a liar": func(p *seal.Packet) {
			h := *p.Thread[6].Header
			h.Readers = p.Thread[1].Header.Readers[:1]
			p.Thread[6].Header = &h
		},
		"a copy of a liar": func(p *seal.Packet) {
			p.Thread[5].Copies = []seal.Grant{c.copyOf(t, c.thread[5], other.seed, newIdentity(t, 91))}
		},
		"a copy of a liar beside a good": func(p *seal.Packet) {
			p.Thread[5].Copies = append([]seal.Grant{c.copyOf(t, c.thread[5], other.seed, newIdentity(t, 91))}, p.Thread[5].Copies...)
		},
		"a report opened by a liar's":   func(p *seal.Packet) { p.Thread[0] = c.forOthers(t, other.seed) },
		"a report opened by a copy":     func(p *seal.Packet) { p.Thread[0] = c.forOthers(t, c.seed) },
		"withdrawn, says the server":    func(p *seal.Packet) { p.State, p.Turns = "withdrawn:read", []seal.Turn{{Day: 20782, What: "withdraw"}} },
		"a record cut before a reader":  func(p *seal.Packet) { p.Trail = seal.TrailOf([][32]byte{{1}, {2}, {3}}) },
		"a record cut after a reader":   func(p *seal.Packet) { p.Trail = seal.TrailOf([][32]byte{{1}, {2}, {3}, {4}}) },
		"a record that grew anew":       func(p *seal.Packet) { p.Trail = seal.TrailOf([][32]byte{{1}, {2}, {3}, {7}, {8}, {9}}) },
		"no record at all":              func(p *seal.Packet) { p.Trail = seal.Trail{} },
		"a record beyond what travels":  func(p *seal.Packet) { p.Trail = seal.TrailOf(make([][32]byte, 300)) },
		"a record that a liar has seen": func(p *seal.Packet) { p.Trail = seal.Trail{}; other.vouch(t, &p.Thread[1], *p.Thread[1].Header) },
		"closed, and written to again":  func(p *seal.Packet) { p.Thread = slices.Concat(p.Thread[:1], p.Thread[2:3], p.Thread[3:4]) },
	} {
		p := c.packet()
		do(&p)
		c.brings(t, what, p)
	}
	one, two := c.packet(), c.packet()
	one.Parts, two.Parts, two.Part = 2, 2, 2
	one.Thread, two.Thread = c.thread[:2], c.thread[2:]
	fewer := two
	fewer.Turns = []seal.Turn{{Day: 1, What: "keep"}}
	elsewhere := two
	elsewhere.Report = [16]byte{9}
	c.brings(t, "two parts", two, one)
	c.brings(t, "the first part", one)
	c.brings(t, "a part twice", one, two, one)
	c.brings(t, "parts of two days", one, fewer)
	longer := two
	longer.Trail = seal.TrailOf(make([][32]byte, 6))
	c.brings(t, "parts with two records", one, longer)
	c.brings(t, "a part of another report", one, elsewhere)
	old := c.cases[0]
	old.what, old.seen = "an older roster", c.version+1
	c.cases = append(c.cases, old)
	c.judge(t)
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[(len(b)+at)%len(b)] ^= 1
	return b
}

// forOthers is the report sealed to another reader alone, with a copy for this one.
func (c *court) forOthers(t testing.TB, seed seal.Seed) seal.Item {
	t.Helper()
	d := *c.desk
	d.thread = nil
	d.add(t, ticket.Inside{Report: c.body()}, c.entries[1].Key)
	d.thread[0].Copies = []seal.Grant{c.copyOf(t, d.thread[0], seed, newIdentity(t, 91))}
	return d.thread[0]
}

// The pages offer a report to nobody whom its reporter names, however that was answered.
func TestDeskSealsOfferAlike(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	for n, role := range []ticket.Role{ticket.FocalPoint, ticket.Backup, ticket.Coordinator, ticket.Oversight, ticket.Recovery, ticket.FocalPoint} {
		c.entries = append(c.entries, ticket.Entry{
			ID: fmt.Sprintf("more-%d", n), Name: "More", Org: "example_police", Role: role, Oversight: n == 5, Key: newIdentity(t, byte(100+n)).Public(), Status: ticket.StatusConfirmed,
		})
	}
	c.sign(t, c.coordinator)
	answer := func(step string, values ...string) ticket.Said {
		return ticket.Said{Flow: "report", Step: step, Values: values}
	}
	police := answer("involved_org", "example_police")
	stories := map[string][]ticket.Said{
		"nobody":              {answer("involved", "no"), police},
		"not sure":            {answer("involved", "not_sure"), police},
		"no organisation":     {answer("involved", "yes")},
		"another":             {answer("involved", "yes"), answer("involved_org", "example_health")},
		"unknown":             {answer("involved", "yes"), answer("involved_org", "unknown")},
		"changed to yes":      {answer("involved", "no"), police, answer("involved", "yes")},
		"changed to no":       {answer("involved", "yes"), police, answer("involved", "no")},
		"skipped at last":     {answer("involved", "yes"), police, {Step: "involved", Skipped: true, Values: []string{"no"}}},
		"another at last":     {answer("involved", "yes"), police, answer("involved_org", "example_health")},
		"said in own words":   {{Step: "involved", Text: "yes"}, {Step: "involved_org", Text: "example_police"}},
		"no name of a choice": {answer("involved", "yes"), answer("involved_org", "Example Police")},
	}
	keep, accused := answer("inside", "keep_out"), answer("organisation", "example_police")
	for what, said := range map[string][]ticket.Said{
		"nobody of theirs":      {keep, accused},
		"nobody of nowhere":     {keep, answer("organisation", "none")},
		"nobody of who knows":   {keep, answer("organisation", "unknown")},
		"nobody of another":     {keep, answer("organisation", "example_health")},
		"they may":              {answer("inside", "may"), accused},
		"they may after all":    {keep, accused, answer("inside_few", "may")},
		"and not even then":     {keep, accused, answer("inside_few", "keep_out")},
		"kept out, then passed": {keep, accused, {Step: "inside", Skipped: true, Values: []string{"may"}}},
		"nobody of another now": {keep, accused, answer("organisation", "example_health")},
	} {
		stories[what] = said
	}
	for _, role := range []string{"focal_point", "backup", "coordinator", "oversight", "recovery", "manager", "other", "unknown", "Who knows", ""} {
		stories["as "+role] = []ticket.Said{answer("involved", "yes"), police, answer("involved_role", role)}
	}
	for what, said := range stories {
		body := c.body()
		body.Answers = append(body.Answers, said...)
		c.thread = nil
		c.add(t, ticket.Inside{Report: body})
		p := c.packet()
		p.Cards = p.Cards[:4]
		c.brings(t, what, p)
	}
	c.brings(t, "without cards", seal.Packet{Report: c.report, Part: 1, Parts: 1, Thread: c.thread, Roster: c.signed.Statement, RosterSignature: c.signed.Signature})
	c.judge(t)
}

// Chance does to reports what nobody has thought of.
func TestDeskSealsJudgeChanceAlike(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	c.full(t)
	c.brings(t, "as it should be", c.packet())
	r := rand.New(rand.NewPCG(7, 11))
	for n := range 40 {
		p := c.packet()
		for i := range p.Thread {
			if h := p.Thread[i].Header; h != nil {
				h := *h
				p.Thread[i].Header = &h
			}
		}
		var did []string
		for range 1 + r.IntN(2) {
			did = append(did, c.slip(t, r, &p))
		}
		c.brings(t, fmt.Sprintf("%d: %s", n, strings.Join(did, ", ")), p)
	}
	c.judge(t)
}

// slip changes one thing in a packet.
func (c *court) slip(t testing.TB, r *rand.Rand, p *seal.Packet) string {
	if len(p.Thread) == 0 || len(p.Cards) == 0 {
		return "nothing"
	}
	n, o := r.IntN(len(p.Thread)), r.IntN(len(p.Thread))
	item, another := &p.Thread[n], p.Thread[o]
	slips := []struct {
		what string
		do   func()
	}{
		{"a byte of a file", func() {
			if len(item.File) > 0 {
				item.File = bytes.Clone(item.File)
				item.File[r.IntN(len(item.File))] ^= 1 << r.IntN(8)
			}
		}},
		{"the file of another", func() { item.File = another.File }},
		{"the header of another", func() { item.Header, item.Signature = another.Header, another.Signature }},
		{"the copies of another", func() { item.Copies = another.Copies }},
		{"no header", func() { item.Header, item.Signature = nil, nil }},
		{"another id", func() { item.ID[r.IntN(16)] ^= 1 }},
		{"a byte of a signature", func() {
			if len(item.Signature) > 0 {
				item.Signature = flipped(item.Signature, r.IntN(64))
			}
		}},
		{"another kind", func() {
			if item.Header != nil {
				item.Header.Kind = []string{"note", "answer", "share", "copy", "message"}[r.IntN(5)]
			}
		}},
		{"signed anew", func() {
			if item.Header != nil && len(item.File) > 0 {
				c.vouch(t, item, *item.Header)
			}
		}},
		{"left out", func() { p.Thread = slices.Delete(p.Thread, n, n+1) }},
		{"moved", func() { p.Thread[n], p.Thread[o] = p.Thread[o], p.Thread[n] }},
		{"twice", func() { p.Thread = append(p.Thread, another) }},
		{"lacked", func() { item.Lacks = []int{r.IntN(len(p.Cards))} }},
		{"a card left out", func() { p.Cards = slices.Delete(p.Cards, len(p.Cards)-1, len(p.Cards)) }},
		{"a byte of the roster", func() { p.Roster = flipped(p.Roster, r.IntN(len(p.Roster))) }},
		{"a byte of a card", func() { p.Cards[0].Signature = flipped(p.Cards[0].Signature, r.IntN(64)) }},
	}
	weights := []int{0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15}
	s := slips[weights[r.IntN(len(weights))]]
	s.do()
	return s.what
}

// encoded gives a message as it is written.
func (c *court) encoded(t *testing.T, in ticket.Inside) string {
	t.Helper()
	body, err := in.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// sealedBody seals what is no message as one to whoever judges.
func (c *court) sealedBody(t *testing.T, body string) []byte {
	t.Helper()
	file, err := seal.Message([]byte(body), []string{c.own.Public()}, "", dice(84))
	if err != nil {
		t.Fatal(err)
	}
	return file
}
