package ticket

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// person gives a confirmed entry; the key is made of the id.
func person(id, org string, role Role, change ...func(*Entry)) Entry {
	e := Entry{ID: id, Name: id, Org: org, Role: role, Status: StatusConfirmed, Key: "age1" + strings.Repeat("q", 58-len(id)) + strings.ReplaceAll(id, "-", "q")}
	for _, c := range change {
		c(&e)
	}
	return e
}

func areas(a ...string) func(*Entry) { return func(e *Entry) { e.Areas = a } }
func kinds(k ...Kind) func(*Entry)   { return func(e *Entry) { e.Kinds = k } }
func backup(id string) func(*Entry)  { return func(e *Entry) { e.Backup = id } }
func holder(id string) func(*Entry)  { return func(e *Entry) { e.Holder = id } }
func child(e *Entry)                 { e.Child = true }
func revoked(e *Entry)               { e.Status = StatusRevoked }

func roster(es ...Entry) Roster { return Roster{Version: 1, Entries: es} }

func TestRosterValidate(t *testing.T) {
	good := roster(person("amal", "blue", FocalPoint, backup("dana")), person("dana", "green", Backup), person("rec-1", "blue", Recovery, holder("amal")))
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	if err := (Roster{Version: 1}).Validate(); err != nil {
		t.Errorf("an empty roster: %v", err)
	}
	for want, change := range map[string]func(*Roster){
		"version":                   func(r *Roster) { r.Version = 0 },
		"stands twice":              func(r *Roster) { r.Entries = append(r.Entries, r.Entries[0]) },
		"an id is":                  func(r *Roster) { r.Entries[1].ID = "Dana" },
		"name: missing":             func(r *Roster) { r.Entries[1].Name = " " },
		"cannot be seen":            func(r *Roster) { r.Entries[1].Name = "da\u202ena" },
		"space at an end":           func(r *Roster) { r.Entries[1].Name = "dana " },
		"at most 80":                func(r *Roster) { r.Entries[1].Name = strings.Repeat("x", 81) },
		"not UTF-8":                 func(r *Roster) { r.Entries[1].Name = "\xff" },
		"organisation":              func(r *Roster) { r.Entries[1].Org = "Green Aid" },
		"role \"admin\"":            func(r *Roster) { r.Entries[1].Role = "admin" },
		"status \"pending\"":        func(r *Roster) { r.Entries[1].Status = "pending" },
		"key: an age":               func(r *Roster) { r.Entries[1].Key = "age1short" },
		"also that of":              func(r *Roster) { r.Entries[1].Key = r.Entries[0].Key },
		"kind \"gossip\"":           func(r *Roster) { r.Entries[1].Kinds = []Kind{"gossip"} },
		"area: a name":              func(r *Roster) { r.Entries[1].Areas = []string{"North Camp"} },
		"language: a tag":           func(r *Roster) { r.Entries[1].Langs = []string{""} },
		"not the same":              func(r *Roster) { r.Entries[1].Backup = "dana" },
		"no such entry: \"x\"":      func(r *Roster) { r.Entries[1].Backup = "x" },
		"reads nothing":             func(r *Roster) { r.Entries[1].Backup = "rec-1" },
		"only a recovery":           func(r *Roster) { r.Entries[1].Holder = "amal" },
		"no such person: \"x\"":     func(r *Roster) { r.Entries[2].Holder = "x" },
		"has no backup, areas":      func(r *Roster) { r.Entries[2].Areas = []string{"north"} },
		"1001 entries, at most 100": func(r *Roster) { r.Entries = make([]Entry, 1001) },
	} {
		bad := Roster{Version: good.Version, Entries: slices.Clone(good.Entries)}
		change(&bad)
		if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestRosterCanonical(t *testing.T) {
	r := Roster{Version: 7, Entries: []Entry{{
		ID: "amal", Name: "أمل", Org: "blue", Role: FocalPoint, Areas: []string{"south", "north", "north"}, Kinds: []Kind{SEA},
		Backup: "dana", Child: true, Key: "age1x", Status: StatusConfirmed,
	}}}
	want := "14:amana/roster/1,1:7,1:1,4:amal,6:أمل,4:blue,11:focal_point,1:2,5:north,5:south,1:1,3:sea,1:0,4:dana,0:,4:true,5:false,5:age1x,9:confirmed,"
	if got := string(r.Canonical()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRosterCanonicalIgnoresOrderAlone(t *testing.T) {
	a, b := person("a", "blue", FocalPoint, areas("x", "y")), person("b", "green", Backup)
	one := roster(a, b).Canonical()
	if !bytes.Equal(one, roster(b, person("a", "blue", FocalPoint, areas("y", "x", "y"))).Canonical()) {
		t.Error("the order shows")
	}
	// Every field is signed: whatever is changed in an entry changes the bytes.
	for i := range reflect.TypeFor[Entry]().NumField() {
		changed := b
		switch f := reflect.ValueOf(&changed).Elem().Field(i); f.Kind() {
		case reflect.String:
			f.SetString(f.String() + "x")
		case reflect.Bool:
			f.SetBool(!f.Bool())
		case reflect.Slice:
			f.Set(reflect.Append(f, reflect.ValueOf("x").Convert(f.Type().Elem())))
		default:
			t.Fatalf("a field of a kind that this test does not know: %s", f.Kind())
		}
		if bytes.Equal(one, roster(a, changed).Canonical()) {
			t.Errorf("%s is not signed", reflect.TypeFor[Entry]().Field(i).Name)
		}
	}
	if bytes.Equal(one, Roster{Version: 2, Entries: []Entry{a, b}}.Canonical()) {
		t.Error("the version is not signed")
	}
	// Nothing slides from one field into the next.
	x, y := b, b
	x.Areas, x.Langs = []string{"p"}, nil
	y.Areas, y.Langs = nil, []string{"p"}
	if bytes.Equal(roster(x).Canonical(), roster(y).Canonical()) {
		t.Error("two rosters, one signature")
	}
}

func TestRosterEncode(t *testing.T) {
	r := roster(person("b", "blue", FocalPoint, areas("north"), kinds(SEA), child), person("a", "green", Coordinator))
	b, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeRoster(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Canonical(), r.Canonical()) || got.Entries[0].ID != "a" || r.Entries[0].ID != "b" {
		t.Errorf("came back as %+v", got)
	}
	for name, bad := range map[string]string{
		"unknown field": strings.Replace(string(b), `"version":1`, `"version":1,"admin":"me"`, 1),
		"in an entry":   strings.Replace(string(b), `"org":"blue"`, `"org":"blue","door":"x"`, 1),
		"trailing":      string(b) + "{}",
		"invalid":       strings.Replace(string(b), `"version":1`, `"version":0`, 1),
		"nothing":       "",
		"large":         strings.Repeat(" ", 5<<20),
	} {
		if _, err := DecodeRoster([]byte(bad)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestRecipients(t *testing.T) {
	r := roster(
		person("rec-2", "green", Recovery), person("rec-1", "blue", Recovery, holder("zed")), person("zed", "blue", FocalPoint),
		person("amal", "blue", FocalPoint), person("dana", "green", Backup), person("old", "green", FocalPoint, revoked),
	)
	ids := func(rep Report) (got []string) {
		for _, e := range r.Recipients(rep) {
			got = append(got, e.ID)
		}
		return got
	}
	rep := Report{Readers: []Reader{{"gone", true}, {"old", true}, {"dana", false}, {"amal", true}, {"rec-2", true}}}
	if d := cmp.Diff([]string{"amal", "dana", "rec-1", "rec-2"}, ids(rep)); d != "" {
		t.Error(d)
	}
	rep.Excluded = []string{"dana", "zed"}
	if d := cmp.Diff([]string{"amal", "rec-2"}, ids(rep)); d != "" {
		t.Errorf("an excluded person keeps the recovery key: %s", d)
	}
	for n := range 14 {
		id := "fp-" + string(rune('a'+n))
		r.Entries = append(r.Entries, person(id, "green", FocalPoint))
		rep.Readers = append(rep.Readers, Reader{id, true})
	}
	rep.Excluded = nil
	if got := ids(rep); len(got) != MaxSealed || got[0] != "amal" {
		t.Errorf("%d of them have no place in a message: %v", len(got), got)
	}
}
