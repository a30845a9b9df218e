package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amana/bot/directory"
	"amana/bot/directory/inspect"
	"amana/bot/directory/intake"
	"amana/bot/directory/table"
)

// tight are limits within which a fuzzer does not wait.
var tight = table.Limits{File: 1 << 20, Unpacked: 4 << 20, Rows: 1000, Columns: 64, Cell: 4096}

// holds reads a file, whatever stands in it. What comes out is a directory that passes its own checks, holds no place of a
// shelter, is packed without loss, and can be looked through.
func holds(t *testing.T, k *directory.Kinds, data []byte) {
	b, err := table.Open("x", bytes.NewReader(data), int64(len(data)), tight, "")
	if err != nil {
		return
	}
	defer b.Close()
	r := intake.New(intake.Options{Kinds: k, Limits: tight})
	r.Add(b)
	out := r.Done()
	tree, bad := directory.NewAreas(out.Directory.Areas)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	orgs := map[string]bool{}
	for _, o := range out.Directory.Organisations {
		orgs[o.ID] = true
	}
	for _, s := range out.Directory.Services {
		if taken := s.Redact(k); len(taken) > 0 {
			t.Fatalf("a place is kept: %+v, %+v", taken, s)
		}
		for _, f := range s.Check(k, func(id string) bool { _, ok := tree.Area(id); return ok }, func(id string) bool { return orgs[id] }) {
			if f.Level == directory.Refused {
				t.Fatalf("%+v is taken: %v", s, f)
			}
		}
	}
	var packed bytes.Buffer
	ok(t, directory.Pack(&packed, out.Directory))
	again, err := directory.Unpack(&packed)
	ok(t, err)
	if len(again.Services) != len(out.Directory.Services) || len(again.Areas) != len(out.Directory.Areas) {
		t.Fatal("what is packed comes back as another")
	}
	for i, s := range again.Services {
		if fmt.Sprintf("%+v", *s) != fmt.Sprintf("%+v", *out.Directory.Services[i]) && s.Place.Point == nil {
			t.Fatalf("%+v comes back as %+v", out.Directory.Services[i], s)
		}
	}
	inspect.Look(again, inspect.Options{Kinds: k})
}

// FuzzReader takes files of every form.
func FuzzReader(f *testing.F) {
	sheets, err := filepath.Glob("testdata/sheets/*")
	ok(f, err)
	for _, path := range sheets {
		data, err := os.ReadFile(path)
		ok(f, err)
		if !strings.HasSuffix(path, ".want") && len(data) < 16<<10 {
			f.Add(data)
		}
	}
	k := kinds(f)
	f.Fuzz(func(t *testing.T, data []byte) { holds(t, k, data) })
}

// FuzzJSON takes a service of HSDS, so that the fuzzer need not find out the brackets around it.
func FuzzJSON(f *testing.F) {
	data, err := os.ReadFile("testdata/sheets/hsds.json")
	ok(f, err)
	for _, part := range strings.Split(strings.TrimSpace(string(data)), "\n {\"id\"") {
		part = strings.TrimRight(strings.TrimSpace(part), ",]}")
		f.Add(`{"id"` + part + "}")
	}
	f.Add(`{"id": "s", "name": "EXAMPLE safe house", "status": "active", "organization": {"id": "o", "name": "EXAMPLE"}, "phones": [{"number": "070-5314"}], "service_areas": [{"name": "EXAMPLE Camp"}], "alert": "behind the well"}`)
	k := kinds(f)
	f.Fuzz(func(t *testing.T, service string) { holds(t, k, []byte(`{"contents": [`+service+`]}`)) })
}

// FuzzTables takes the tables of HSDS: in an archive that a fuzzer changes the checksums are wrong at once.
func FuzzTables(f *testing.F) {
	f.Add("id,name\no,EXAMPLE\n", "id,organization_id,name,status\ns,o,EXAMPLE legal aid,active\n", "id,location_type,name,latitude,longitude\nl,physical,EXAMPLE,1.5,2.5\n",
		"id,service_id,location_id\na,s,l\n", "id,service_id,number\np,s,070-5314\n", "id,service_id,byday,opens_at,closes_at\nh,s,\"MO,TU\",08:00,16:00\n", "id,location_id,address_1,city,country\nd,l,EXAMPLE,EXAMPLE Camp,XX\n")
	f.Add("id,name\no,EXAMPLE\n", "id,organization_id,name\ns,o,EXAMPLE safe house\n", "id,location_type,name\nl,redacted,EXAMPLE\n", "id,service_id,location_id\na,s,l\na,s,l\n", "id,service_id,number\n", "id\n", "id,location_id,city\nd,l,EXAMPLE\nd,l,EXAMPLE\n")
	names := []string{"organization", "service", "location", "service_at_location", "phone", "schedule", "address"}
	k := kinds(f)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g, h string) {
		var file bytes.Buffer
		z := zip.NewWriter(&file)
		for i, text := range []string{a, b, c, d, e, g, h} {
			w, err := z.Create(names[i] + ".csv")
			ok(t, err)
			_, err = w.Write([]byte(text))
			ok(t, err)
		}
		ok(t, z.Close())
		holds(t, k, file.Bytes())
	})
}
