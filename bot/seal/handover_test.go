package seal

import (
	"bytes"
	"net/url"
	"regexp"
	"testing"
)

// The ids under which a report lies elsewhere are the same each time, look like any others, and link nothing: not two
// systems, not two records, not a report and its seed.
func TestRecordIDs(t *testing.T) {
	seed, err := NewSeed(bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewSeed(bytes.NewReader(bytes.Repeat([]byte{2}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	handle := seed.Handle()
	if handle != seed.Handle() || handle == other.Handle() || bytes.Equal(handle[:], seed.Reveal()) || bytes.Equal(handle[:], seed.Public()) {
		t.Error("a handle is no secret of its own")
	}
	address := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	here := RecordID(handle, address("https://primero.example.org"), "case")
	if same := RecordID(handle, address("https://primero.example.org/"), "case"); same != here {
		t.Errorf("%s is %s the second time", here, same)
	}
	seen := map[string]bool{here: true}
	for _, id := range []string{
		RecordID(handle, address("https://primero.example.org"), "incident"),
		RecordID(handle, address("https://primero.example.org:8443"), "case"),
		RecordID(handle, address("http://primero.example.org"), "case"),
		RecordID(other.Handle(), address("https://primero.example.org"), "case"),
	} {
		if seen[id] {
			t.Errorf("%s stands for two things", id)
		}
		seen[id] = true
	}
	for id := range seen {
		if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
			t.Errorf("%s is no UUID drawn by chance", id)
		}
	}
	if here != "ec1d031a-fbe5-40a6-8d6a-67aff454c74c" { // fixed: a record that was made must be found again by later versions
		t.Errorf("the id is %s", here)
	}
}
