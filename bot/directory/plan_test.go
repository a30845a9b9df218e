package directory_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"amana/bot/directory"
)

func TestPack(t *testing.T) {
	d := made(300, 3)
	d.Services[0].Extra = []directory.Pair{{Name: "colour <of> the door", Value: "blue & \u2028 white"}}
	var b bytes.Buffer
	ok(t, directory.Pack(&b, d))
	whole := bytes.Clone(b.Bytes())
	again, err := directory.Unpack(&b)
	ok(t, err)
	if !reflect.DeepEqual(d, again) {
		t.Error("it comes back as another")
	}
	for _, bad := range [][]byte{nil, whole[:len(whole)-1], whole[:len(whole)/2], []byte("{}"), append(bytes.Clone(whole[:len(whole)-9]), make([]byte, 9)...)} {
		if _, err := directory.Unpack(bytes.NewReader(bad)); !errors.Is(err, directory.ErrPacked) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
}

// The plan names what is added, changed and removed, with the fields.
func TestPlan(t *testing.T) {
	old := &directory.Directory{Areas: tree(), Organisations: []directory.Organisation{relief()},
		Services: services(service("same", "legal", "camp_a"), service("moves", "legal", "camp_a"), service("goes", "health", "camp_b"))}
	next := func() *directory.Directory {
		d := &directory.Directory{Areas: tree(), Organisations: []directory.Organisation{relief()},
			Services: services(service("same", "legal", "camp_a"), service("moves", "legal", "camp_b"), service("comes", "cash", "country"))}
		d.Services[0].Source = "another.csv"
		d.Services[1].Phones = append(d.Services[1].Phones, directory.Phone{Number: "0000002"})
		d.Services[1].Langs = []string{}
		return d
	}
	for _, keep := range []bool{false, true} {
		n := next()
		p := directory.NewPlanner(n, keep)
		var b bytes.Buffer
		ok(t, directory.Pack(&b, old))
		ok(t, directory.Walk(&b, p.Old))
		plan := p.Done()
		var got []string
		for _, c := range plan.Changes {
			got = append(got, fmt.Sprintf("%s %s %s %s", c.Deed, c.What, c.ID, strings.Join(c.Fields, ",")))
		}
		want := "added service comes |changed service moves place.area,phones|removed service goes "
		same, size := 8, 3
		if keep {
			want, same, size = strings.TrimSuffix(want, "|removed service goes "), 9, 4
		}
		if strings.Join(got, "|") != want || plan.Same != same || len(n.Services) != size {
			t.Errorf("keep %v: %q, %d stay, %d services", keep, got, plan.Same, len(n.Services))
		}
	}
}
