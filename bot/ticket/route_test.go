package ticket

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// camp is a mission of two areas and three organisations, with an oversight desk and two recovery keys, without rules.
func camp() Mission {
	return Mission{Clock: StandardClock(), Roster: roster(
		person("amal", "blue", FocalPoint, areas("north"), backup("dana")),
		person("omar", "green", FocalPoint, areas("north")),
		person("nour", "green", FocalPoint, areas("south"), backup("dana")),
		person("dana", "blue", Backup),
		person("fred", "blue", FocalPoint, kinds(Fraud)),
		person("cora", "un", Coordinator),
		person("kid", "red", FocalPoint, child, kinds(SEA, Trafficking)),
		person("eye", "court", Oversight),
		person("old", "red", FocalPoint, revoked),
		person("rec-1", "un", Recovery), person("rec-2", "blue", Recovery, holder("amal")),
	)}
}

// readers writes a plan as words: those who wait in brackets.
func readers(p Plan) string {
	var words []string
	for _, r := range p.Readers {
		if r.Handed {
			words = append(words, r.Person)
		} else {
			words = append(words, "("+r.Person+")")
		}
	}
	return strings.Join(words, " ")
}

func TestRouteOfASmallMission(t *testing.T) {
	adult := say("matter=sexual", "age=adult", "area=north", "organisation=blue")
	for name, c := range map[string]struct {
		facts   answers
		verdict Verdict
		readers string
		rule    string
	}{
		"area north":           {adult, Enough, "amal (cora) (dana) (eye) kid omar", "areas and kinds"},
		"area south":           {adult.with("area=south"), Enough, "(cora) (dana) (eye) kid nour", "areas and kinds"},
		"another area":         {adult.with("area=east"), Enough, "(cora) (dana) (eye) kid", "areas and kinds"},
		"no area":              {adult.with("area="), Enough, "(cora) (dana) (eye) kid", "areas and kinds"},
		"fraud":                {adult.with("matter=favours"), Enough, "amal (cora) (dana) (eye) fred omar", "areas and kinds"},
		"nothing known":        {say(), Enough, "(cora) (dana) (eye) kid", "areas and kinds"},
		"a child":              {adult.with("age=under_18"), Enough, "(cora) (eye) kid", "areas and kinds, specialists for children"},
		"a child, fraud":       {adult.with("age=under_18", "matter=favours"), Enough, "(cora) (eye) kid", "areas and kinds, specialists for children"},
		"blue's focal points":  {adult.with("involved=yes", "involved_org=blue", "involved_role=focal_point"), Enough, "(cora) (eye) kid omar", "areas and kinds"},
		"blue's backup":        {adult.with("involved=yes", "involved_org=blue", "involved_role=backup"), Enough, "(cora) (eye) kid omar", "areas and kinds"},
		"blue's coordinator":   {adult.with("involved=yes", "involved_org=blue", "involved_role=coordinator"), Enough, "amal (cora) (dana) (eye) kid omar", "areas and kinds"},
		"the coordinator":      {adult.with("involved=yes", "involved_org=un", "involved_role=coordinator"), Enough, "amal (dana) (eye) kid omar", "areas and kinds"},
		"a manager of green":   {adult.with("involved=yes", "involved_org=green", "involved_role=manager"), Enough, "amal (cora) (dana) (eye) kid", "areas and kinds"},
		"somebody of green":    {adult.with("involved=yes", "involved_org=green"), Enough, "amal (cora) (dana) (eye) kid", "areas and kinds"},
		"not sure who":         {adult.with("involved=not_sure"), OversightOnly, "eye", "oversight desk"},
		"yes, and no more":     {adult.with("involved=yes"), OversightOnly, "eye", "oversight desk"},
		"yes, an unknown one":  {adult.with("involved=yes", "involved_org=unknown", "involved_role=manager"), OversightOnly, "eye", "oversight desk"},
		"a policeman":          {adult.with("accused=police", "organisation="), OversightOnly, "(cora) eye", "oversight desk"},
		"a soldier, not sure":  {adult.with("accused=military", "involved=not_sure"), OversightOnly, "eye", "oversight desk"},
		"police called court":  {adult.with("accused=police", "organisation=court"), Enough, "amal (cora) (dana) kid omar", "areas and kinds"},
		"nobody of blue":       {adult.with("inside=keep_out"), Enough, "(cora) (eye) kid omar", "areas and kinds"},
		"they may after all":   {adult.with("inside=keep_out", "inside_few=may"), Enough, "amal (cora) (dana) (eye) kid omar", "areas and kinds"},
		"and not even then":    {adult.with("inside=keep_out", "inside_few=keep_out"), Enough, "(cora) (eye) kid omar", "areas and kinds"},
		"nobody of nowhere":    {adult.with("inside=keep_out", "organisation=none"), Enough, "amal (cora) (dana) (eye) kid omar", "areas and kinds"},
		"nor who is involved":  {adult.with("inside=keep_out", "involved=yes", "involved_org=green"), Enough, "(cora) (eye) kid", "areas and kinds"},
		"not sure, nor blue":   {adult.with("inside=keep_out", "involved=not_sure"), OversightOnly, "eye", "oversight desk"},
		"both specialists out": {adult.with("age=under_18", "involved=yes", "involved_org=red"), Enough, "amal (cora) (dana) (eye) omar", "areas and kinds"},
	} {
		p := camp().Route(SEA, "en", c.facts)
		if p.Verdict != c.verdict || readers(p) != c.readers || p.Rule != c.rule {
			t.Errorf("%s: %s reads [%s] by %s\nwant %s reads [%s] by %s\n%s", name, p.Verdict, readers(p), p.Rule, c.verdict, c.readers, c.rule, p.Explain())
		}
	}
}

func TestRecoveryKeysGoWithTheirHolder(t *testing.T) {
	m := camp()
	for _, c := range []struct {
		facts answers
		want  []string
	}{
		{say("area=north"), []string{"rec-1", "rec-2"}},
		{say("involved=yes", "involved_org=blue", "involved_role=focal_point"), []string{"rec-1"}},
		{say("involved=yes", "involved_org=un", "involved_role=other"), []string{"rec-2"}},
		{say("involved=not_sure"), []string{"rec-1"}}, // amal may be the one
	} {
		p := m.Route(SEA, "en", c.facts)
		if d := cmp.Diff(c.want, p.Recovery); d != "" {
			t.Errorf("%v: %s", c.facts, d)
		}
		r := Report{Readers: p.Readers, Excluded: p.Excluded}
		var sealed []string
		for _, e := range m.Roster.Recipients(r) {
			if e.Role == Recovery {
				sealed = append(sealed, e.ID)
			}
		}
		if d := cmp.Diff(c.want, sealed); d != "" {
			t.Errorf("%v: sealed otherwise than planned: %s", c.facts, d)
		}
	}
}

func TestTooFewReaders(t *testing.T) {
	blue, green := person("amal", "blue", FocalPoint), person("omar", "green", FocalPoint)
	for name, c := range map[string]struct {
		roster Roster
		facts  answers
		want   Verdict
	}{
		"nobody":                       {roster(), say(), Nobody},
		"one":                          {roster(blue), say("organisation=red"), Nobody},
		"one and recovery keys":        {roster(blue, person("r1", "red", Recovery), person("r2", "un", Recovery)), say("organisation=red"), Nobody},
		"one and a revoked one":        {roster(blue, person("old", "green", FocalPoint, revoked)), say("organisation=red"), Nobody},
		"one and one without a key":    {roster(blue, person("new", "green", FocalPoint, func(e *Entry) { e.Key = "" })), say("organisation=red"), Nobody},
		"two":                          {roster(blue, green), say("organisation=red"), Enough},
		"two, one accused":             {roster(blue, green), say("organisation=blue"), Enough},
		"two, not known who":           {roster(blue, green), say(), Enough},
		"one organisation, another":    {roster(blue, person("b2", "blue", FocalPoint)), say("organisation=green"), Enough},
		"one organisation, itself":     {roster(blue, person("b2", "blue", FocalPoint)), say("organisation=blue"), Nobody},
		"one organisation, not known":  {roster(blue, person("b2", "blue", FocalPoint)), say(), Nobody},
		"one organisation, unknown":    {roster(blue, person("b2", "blue", FocalPoint)), say("organisation=unknown"), Nobody},
		"one organisation, none":       {roster(blue, person("b2", "blue", FocalPoint)), say("organisation=none"), Enough},
		"one organisation, and desk":   {roster(blue, person("b2", "blue", FocalPoint), person("eye", "blue", Oversight)), say("organisation=blue"), OversightOnly},
		"a backup counts":              {roster(blue, person("dana", "green", Backup)), say("organisation=blue"), Enough},
		"a coordinator counts":         {roster(blue, person("cora", "un", Coordinator)), say("organisation=blue"), Enough},
		"coordinators alone":           {roster(person("c1", "un", Coordinator), person("c2", "blue", Coordinator)), say(), Enough},
		"the desk alone":               {roster(person("eye", "court", Oversight)), say(), OversightOnly},
		"two, one involved":            {roster(blue, green), say("involved=yes", "involved_org=blue"), Nobody},
		"police and no desk":           {roster(blue, green), say("accused=police"), Enough},
		"police and readers of police": {roster(blue, person("cop", "police", FocalPoint)), say("accused=police"), Nobody},
		"a force, and not which one":   {roster(blue, person("cop", "police", FocalPoint)), say("matter=force"), Nobody},
		"no role but desk flag":        {roster(blue, person("omar", "green", FocalPoint, func(e *Entry) { e.Oversight = true })), say("involved=not_sure"), OversightOnly},
	} {
		m := Mission{Roster: c.roster}
		p := m.Route(SEA, "en", c.facts)
		if p.Verdict != c.want || m.Verdict(SEA, "en", c.facts) != c.want {
			t.Errorf("%s: %s, want %s\n%s", name, p.Verdict, c.want, p.Explain())
		}
		if p.Verdict == Nobody && len(p.Readers) > 0 {
			t.Errorf("%s: nobody, and yet %s", name, readers(p))
		}
		if p.Verdict != Nobody && !slices.ContainsFunc(p.Readers, func(r Reader) bool { return r.Handed }) {
			t.Errorf("%s: nobody is told: %s", name, readers(p))
		}
	}
}

func TestRules(t *testing.T) {
	m := camp()
	m.Routes = Routes{
		Teams:  map[string][]string{"north": {"amal", "omar"}},
		Forces: map[string][]string{"police": {"npf"}, "military": {"court"}},
		Rules: []Rule{
			{Name: "retaliation", For: Match{Kinds: []Kind{Retaliation}}, Readers: []string{"cora", "nour"}, Exclude: []string{"omar"}},
			{Name: "police", For: Match{Accused: []string{"police"}, Areas: []string{"south"}}, Readers: []string{"nour", "kid"}},
			{Name: "arabic", For: Match{Langs: []string{"ar"}, Areas: []string{"north"}}, Readers: []string{"omar"}, Coordinators: []string{"amal"}},
			{Name: "north", For: Match{Areas: []string{"north"}}, Readers: []string{"north"}},
			{Name: "blue", For: Match{Orgs: []string{"blue"}}, Readers: []string{"omar", "nour"}},
			{Name: "children", For: Match{Ages: []Age{Under18}}, Readers: []string{"kid"}},
		},
	}
	for name, c := range map[string]struct {
		facts   answers
		lang    string
		readers string
		rule    string
	}{
		"by kind":                {say("matter=retaliation", "area=north"), "en", "cora nour (dana) (eye)", "route retaliation"},
		"by area and team":       {say("area=north"), "en", "amal (cora) (dana) (eye) omar", "route north"},
		"by language":            {say("area=north"), "ar", "(amal) (eye) omar", "route arabic"},
		"by organisation":        {say("organisation=blue"), "en", "(cora) (dana) (eye) nour omar", "route blue"},
		"by age, before area":    {say("age=under_18", "area=north"), "en", "(cora) (eye) kid", "route children"},
		"accused, by rule":       {say("accused=police", "area=south"), "en", "(cora) (dana) (eye) kid nour", "route police"},
		"accused, by desk":       {say("accused=police", "area=north"), "en", "(cora) eye", "oversight desk"},
		"force by organisation":  {say("organisation=npf"), "en", "(cora) eye", "oversight desk"},
		"the desk is the force":  {say("accused=military", "area=north"), "en", "amal (cora) (dana) omar", "route north"},
		"too few, the next one":  {say("area=north", "involved=yes", "involved_org=green"), "ar", "amal (cora) (dana) (eye)", "route north"},
		"no rule":                {say("area=south", "organisation=green"), "en", "(cora) (dana) (eye) kid nour", "areas and kinds"},
		"exclusion by the route": {say("matter=retaliation", "area=north", "involved=yes", "involved_org=un"), "en", "(dana) (eye) nour", "route retaliation"},
	} {
		p := m.Route(SEA, c.lang, c.facts)
		want := strings.Fields(c.readers)
		slices.SortFunc(want, func(a, b string) int { return strings.Compare(strings.Trim(a, "()"), strings.Trim(b, "()")) })
		if readers(p) != strings.Join(want, " ") || p.Rule != c.rule {
			t.Errorf("%s: [%s] by %s, want [%s] by %s\n%s", name, readers(p), p.Rule, strings.Join(want, " "), c.rule, p.Explain())
		}
	}
}

// Whoever tells of a force and skips the questions of which reaches nobody of any; once it is told which, the others may read.
func TestAForceThatIsNotNamed(t *testing.T) {
	m := Mission{Roster: roster(person("amal", "blue", FocalPoint), person("omar", "green", FocalPoint), person("cop", "npf", FocalPoint), person("guard", "civil_defence", FocalPoint))}
	m.Routes.Forces = map[string][]string{"police": {"npf"}}
	for name, c := range map[string]struct {
		facts   answers
		readers string
	}{
		"not which one":       {say("matter=force"), "amal omar"},
		"not by whom":         {say("matter=force", "accused=unknown", "organisation=unknown"), "amal omar"},
		"the police":          {say("matter=force", "accused=police"), "amal guard omar"},
		"the civil defence":   {say("matter=force", "organisation=civil_defence", "accused=civil_defence"), "amal cop omar"},
		"no force is told of": {say("matter=favours"), "amal cop guard omar"},
	} {
		if p := m.Route(Other, "en", c.facts); readers(p) != c.readers {
			t.Errorf("%s: [%s], want [%s]\n%s", name, readers(p), c.readers, p.Explain())
		}
	}
}

func TestALargeMissionKeepsRoom(t *testing.T) {
	es := []Entry{person("cora", "un", Coordinator), person("rec", "un", Recovery)}
	for _, r := range "abcdefghijklmnopqrst" {
		es = append(es, person(string(r), "blue", FocalPoint, backup("z"+string(r))), person("z"+string(r), "blue", Backup))
	}
	es = append(es, person("zz", "green", Backup))
	m := Mission{Roster: roster(es...)}
	p := m.Route(SEA, "en", say("organisation=blue"))
	if len(p.Readers)+len(p.Recovery) != MaxFiled || p.LeftOut == 0 || p.Verdict != Enough {
		t.Errorf("%d readers, %d recovery keys, %d left out, %s", len(p.Readers), len(p.Recovery), p.LeftOut, p.Verdict)
	}
	if s := readers(p); !strings.Contains(s, "(zz)") && !strings.Contains(s, "(cora)") {
		t.Errorf("those outside the accused organisation were left out: %s", s)
	}
}

func TestFile(t *testing.T) {
	m := camp()
	now := written
	r, p, err := m.File(strings.NewReader(strings.Repeat("0123456789abcdef", 10)), SEA, "ar", say("area=north", "danger=yes", "age=adult"), now)
	if err != nil {
		t.Fatal(err)
	}
	if r.ID.IsZero() || len(r.Code) != CodeLetters || r.State != Received || r.Urgency != Urgent || r.Area != "north" ||
		r.Lang != "ar" || r.Day != DayOf(now) || len(r.Due) != 2 || r.Kind != SEA || r.Class != ClassReport {
		t.Errorf("%+v", r)
	}
	if d := cmp.Diff(p.Readers, r.Readers); d != "" {
		t.Error(d)
	}
	if _, _, err := (Mission{}).File(strings.NewReader("0123456789abcdef"), SEA, "ar", say(), now); err != ErrNobody {
		t.Errorf("filed for nobody: %v", err)
	}
	if _, _, err := m.File(strings.NewReader("short"), SEA, "ar", say(), now); err == nil {
		t.Error("filed without random bytes")
	}
}

// drawMission gives a small mission of any shape.
func drawMission(t *rapid.T) Mission {
	roles := []Role{FocalPoint, FocalPoint, FocalPoint, Backup, Coordinator, Oversight, Recovery}
	orgs, areas := []string{"blue", "green", "police"}, []string{"north", "south"}
	var es []Entry
	for _, id := range strings.Split("abcdefghijklmnop", "")[:rapid.IntRange(0, 16).Draw(t, "people")] {
		e := person(id, rapid.SampledFrom(orgs).Draw(t, "org"), rapid.SampledFrom(roles).Draw(t, "role"))
		if e.Role != Recovery {
			e.Areas = rapid.SliceOfN(rapid.SampledFrom(areas), 0, 2).Draw(t, "areas")
			e.Kinds = rapid.SliceOfN(rapid.SampledFrom([]Kind{SEA, Fraud}), 0, 1).Draw(t, "kinds")
			e.Child = rapid.IntRange(0, 4).Draw(t, "child") == 0
			e.Backup = rapid.SampledFrom([]string{"", "", "a", "b", "zz"}).Draw(t, "backup")
		} else {
			e.Holder = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "holder")
		}
		if rapid.IntRange(0, 5).Draw(t, "revoked") == 0 {
			e.Status = StatusRevoked
		}
		es = append(es, e)
	}
	m := Mission{Roster: roster(es...), Clock: StandardClock()}
	for range rapid.IntRange(0, 2).Draw(t, "rules") {
		m.Routes.Rules = append(m.Routes.Rules, Rule{
			Name: "r", Readers: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 1, 3).Draw(t, "readers"),
			For: Match{
				Areas: rapid.SliceOfN(rapid.SampledFrom(areas), 0, 1).Draw(t, "in"),
				Kinds: rapid.SliceOfN(rapid.SampledFrom([]Kind{SEA, Fraud}), 0, 1).Draw(t, "of"),
				Ages:  rapid.SliceOfN(rapid.SampledFrom([]Age{Adult, Under18}), 0, 1).Draw(t, "age"),
			},
		})
	}
	return m
}

var answerable = map[string][]string{
	"organisation": {"blue", "green", "other"}, "area": {"north", "south", "east"}, "age": {"adult", "under_18"},
	"matter":   {"sexual", "favours", "retaliation"},
	"involved": {"no", "yes", "not_sure"}, "involved_org": {"blue", "green"}, "involved_role": {"focal_point", "coordinator", "manager"},
	"accused": {"ngo", "police", "other"}, "danger": {"yes"}, "inside": {"may", "keep_out"}, "inside_few": {"may", "keep_out"},
}

func drawFacts(t *rapid.T, steps ...string) answers {
	a := answers{}
	for _, s := range steps {
		a[s] = rapid.SampledFrom(append([]string{""}, answerable[s]...)).Draw(t, s)
	}
	return a
}

var worth = map[Verdict]int{Nobody: 0, OversightOnly: 1, Enough: 2}

// "Enough", said in the middle of a conversation, stays true whatever is answered about organisation, area, age, matter
// and language.
func TestVerdictIsNotTakenBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMission(t)
		before := drawFacts(t, "accused", "involved", "involved_org", "involved_role")
		after := before
		for _, s := range []string{"organisation", "area", "age", "matter", "danger"} {
			if v := rapid.SampledFrom(append([]string{""}, answerable[s]...)).Draw(t, s); v != "" {
				if s == "organisation" && before["accused"] == "police" {
					continue // an organisation of the accused force is excluded as a whole
				}
				after = after.with(s + "=" + v)
			}
		}
		a, b := m.Verdict(Other, "en", before), m.Verdict(Other, "ar", after)
		if worth[b] < worth[a] {
			t.Fatalf("%v gives %s, %v gives %s", before, a, after, b)
		}
	})
}

// To say that somebody is involved never brings more readers; to say who never brings fewer than to leave it open.
func TestInvolvementOnlyTakesAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMission(t)
		f := drawFacts(t, "organisation", "area", "age", "matter", "accused")
		no := m.Verdict(Other, "en", f)
		yes := f.with("involved=yes", "involved_org="+rapid.SampledFrom([]string{"blue", "green"}).Draw(t, "org"),
			"involved_role="+rapid.SampledFrom([]string{"", "focal_point", "backup", "coordinator", "manager", "other"}).Draw(t, "role"))
		// Where a force is accused, the desk comes first and "enough" means that there is no desk left.
		v := m.Verdict(Other, "en", yes)
		if better := worth[v] > worth[no]; better && (no == Nobody || f["accused"] != "police") {
			t.Fatalf("%v gives %s, without %s", yes, v, no)
		}
		if v := m.Verdict(Other, "en", f.with("involved=not_sure")); v == Enough {
			t.Fatal("not sure who, and yet enough")
		}
	})
}

// Of every plan of every mission: the promises of routing.
func TestPlansKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMission(t)
		f := drawFacts(t, "organisation", "area", "age", "matter", "accused", "involved", "involved_org", "involved_role", "inside", "inside_few")
		if rapid.Bool().Draw(t, "force") {
			f["matter"] = "force"
		}
		p := m.Route(Other, "en", f)
		if d := cmp.Diff(p, m.Route(Other, "en", f)); d != "" {
			t.Fatalf("two plans for one case: %s", d)
		}
		orgs, handed := map[string]bool{}, 0
		for _, r := range p.Readers {
			e, ok := m.Roster.Find(r.Person)
			if !ok || !e.Usable() || e.Role == Recovery || slices.Contains(p.Excluded, r.Person) {
				t.Fatalf("%s cannot be a reader", r.Person)
			}
			if f["involved"] == "yes" && f["involved_org"] == e.Org && (f["involved_role"] == "manager" || f["involved_role"] == string(e.Role)) {
				t.Fatalf("%s may be the one who is involved", r.Person)
			}
			if (f["accused"] == "police" || f["matter"] == "force" && f["accused"] == "" && f["organisation"] == "") && e.Org == "police" {
				t.Fatalf("%s is of the accused force", r.Person)
			}
			if f["involved"] == "not_sure" && !e.OversightDesk() {
				t.Fatalf("%s is not of the oversight desk", r.Person)
			}
			if f["inside"] == "keep_out" && f["inside_few"] != "may" && e.Org == f["organisation"] {
				t.Fatalf("%s works where nobody is to read it", r.Person)
			}
			orgs[e.Org] = true
			if r.Handed {
				handed++
			}
		}
		for _, id := range p.Recovery {
			e, _ := m.Roster.Find(id)
			if e.Role != Recovery || !e.Usable() || slices.Contains(p.Excluded, e.Holder) || slices.Contains(p.Excluded, id) {
				t.Fatalf("%s cannot be a recovery key here", id)
			}
		}
		switch p.Verdict {
		case Nobody:
			if len(p.Readers) > 0 {
				t.Fatal("nobody, and yet readers")
			}
		case Enough:
			delete(orgs, f["organisation"])
			if len(p.Readers) < 2 || len(orgs) == 0 || f["organisation"] == "" && len(orgs) < 2 {
				t.Fatalf("not enough: %s", readers(p))
			}
			fallthrough
		case OversightOnly:
			if handed == 0 {
				t.Fatalf("nobody is told: %s", readers(p))
			}
		}
		if len(p.Recovery) <= 4 && len(p.Readers)+len(p.Recovery) > MaxFiled {
			t.Fatalf("%d readers, %d recovery keys", len(p.Readers), len(p.Recovery))
		}
		if got := Enough == p.Verdict && f["age"] == "under_18" && len(m.Routes.Rules) == 0; got {
			special := func(e Entry) bool {
				return e.Child && e.Usable() && (e.Role == FocalPoint || e.Role == Backup) && !slices.Contains(p.Excluded, e.ID)
			}
			if slices.ContainsFunc(m.Roster.Entries, special) && !m.childReads(p) {
				t.Fatalf("a child's report passes the specialists by: %s", readers(p))
			}
		}
	})
}
