package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"testing"

	"amana/bot/directory/intake"
)

// The tables of HSDS are put together in lots. Whichever lot a service falls into, it has its own number, place and
// organisation, and no row is taken twice or left out.
func TestTablesInLots(t *testing.T) {
	const services = 9_001
	tables := map[string]*bytes.Buffer{}
	add := func(table, format string, args ...any) {
		if tables[table] == nil {
			tables[table] = &bytes.Buffer{}
		}
		fmt.Fprintf(tables[table], format+"\n", args...)
	}
	add("organization", "id,name")
	add("service", "id,organization_id,name,status")
	add("location", "id,location_type,name,latitude,longitude")
	add("service_at_location", "id,service_id,location_id")
	add("address", "id,location_id,city")
	add("phone", "id,service_id,organization_id,number")
	for n := range 7 {
		add("organization", "o%d,EXAMPLE %d", n, n)
		add("phone", "q%d,,o%d,0705%d", n, n, n)
	}
	for i := range services {
		n := (i*7919 + 13) % services // the tables are in different orders
		add("service", "s%d,o%d,EXAMPLE legal aid %d,active", i, i%7, i)
		add("location", "l%d,physical,EXAMPLE place %d,1.5,2.5", n, n)
		add("service_at_location", "a%d,s%d,l%d", n, n, n)
		add("address", "d%d,l%d,EXAMPLE Camp %d", n, n, n%5)
		add("phone", "p%d,s%d,,0705%06d", n, n, n)
	}
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for name, text := range tables {
		w, err := z.Create(name + ".csv")
		ok(t, err)
		_, err = w.Write(text.Bytes())
		ok(t, err)
	}
	ok(t, z.Close())
	_, out := read(t, intake.Options{}, map[string][]byte{"x.zip": file.Bytes()}, "x.zip")
	if len(out.Directory.Services) != services || out.Rows != services || out.Refused > 0 || out.Stopped > 0 || len(out.Directory.Organisations) != 7 || len(out.Directory.Areas) != 5 {
		t.Fatalf("%d services, %d rows, %d refused, %d stopped, %d organisations, %d areas: %v", len(out.Directory.Services), out.Rows, out.Refused, out.Stopped, len(out.Directory.Organisations), len(out.Directory.Areas), out.Findings[:min(3, len(out.Findings))])
	}
	for i, s := range out.Directory.Services {
		if s.ID != fmt.Sprint("s", i) || s.Org != fmt.Sprint("o", i%7) || len(s.Phones) != 1 || s.Phones[0].Number != fmt.Sprintf("0705%06d", i) || s.Place.Name[0].Text != fmt.Sprint("EXAMPLE place ", i) || s.Place.Area != fmt.Sprint("example_camp_", i%5) {
			t.Fatalf("%d: %+v", i, s)
		}
	}
	for n, o := range out.Directory.Organisations {
		if len(o.Phones) != 1 || o.Phones[0].Number != fmt.Sprint("0705", n) {
			t.Errorf("%+v", o)
		}
	}
}
