package ticket

import "testing"

func TestPoliceLines(t *testing.T) {
	routes := Routes{Forces: map[string][]string{"police": {"blue_shirts"}, "military": {"camp_guard"}}}
	for _, c := range []struct {
		told Facts
		want Police
	}{
		{nil, PoliceLast},
		{say(), PoliceLast},
		{say("danger=yes"), PoliceLast},
		{say("matter=sexual", "accused=unknown"), PoliceLast},
		{say("matter=sexual", "accused=police"), PoliceNever},
		{say("matter=sexual", "accused=military"), PoliceNever},
		{say("matter=favours", "accused=civil_defence"), PoliceNever},
		{say("matter=force"), PoliceNever},
		{say("matter=force", "accused=unknown"), PoliceNever},
		{say("matter=force", "accused=official"), PoliceNever},
		{say("matter=sexual", "organisation=blue_shirts"), PoliceNever},
		{say("matter=sexual", "organisation=camp_guard", "accused=volunteer"), PoliceNever},
		{say("matter=retaliation", "accused=official"), PoliceByChoice},
		{say("matter=sexual", "accused=leader"), PoliceByChoice},
		{say("matter=sexual", "accused=ngo", "organisation=example_relief"), PoliceAsListed},
		{say("matter=sexual", "accused=other"), PoliceAsListed},
	} {
		if got := routes.Police(c.told); got != c.want {
			t.Errorf("%v: %s, want %s", c.told, got, c.want)
		}
	}
}
