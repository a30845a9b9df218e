package directory

import "testing"

func TestFill(t *testing.T) {
	d := &Directory{
		Areas:         []Area{{ID: "A", Name: Words{{"en", "Block A"}, {"so", "Xaafadda A"}}}, {ID: "B", Name: Words{{"", "Block B"}}}},
		Organisations: []Organisation{{ID: "o", Name: Words{{"en", "Example Help"}}}},
		Services: []*Service{{
			ID: "s", Name: Words{{"en", "Clinic (example)"}}, Bring: Words{{"ar", "لا شيء"}}, Times: Times{Note: Words{{"en", "Closed at noon"}}},
			Place: Place{Address: Words{{"en", "Near the well"}}},
		}},
	}
	pairs := map[string]string{
		"Block A": "another", "Block B": "Xaafadda B", "Example Help": "Caawimo Tusaale", "Clinic (example)": "Xarun (tusaale)",
		"Near the well": "Ceelka agtiisa", "Closed at noon": "Duhurkii waa xiran",
	}
	if n := d.Fill("en", "so", pairs); n != 5 {
		t.Errorf("%d texts were added, want 5", n)
	}
	for got, want := range map[string]string{
		d.Areas[0].Name.in("so"): "Xaafadda A", d.Areas[1].Name.in("so"): "Xaafadda B", d.Organisations[0].Name.in("so"): "Caawimo Tusaale",
		d.Services[0].Name.in("so"): "Xarun (tusaale)", d.Services[0].Place.Address.in("so"): "Ceelka agtiisa", d.Services[0].Times.Note.in("so"): "Duhurkii waa xiran",
		d.Services[0].Bring.in("so"): "",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if n := d.Fill("en", "so", pairs); n != 0 {
		t.Errorf("a second time %d texts were added", n)
	}
}
