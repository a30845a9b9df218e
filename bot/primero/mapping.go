package primero

import (
	_ "embed"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"amana/bot/sheet"
)

// Example is the shipped mapping, with the names that Primero's exporter uses.
//
//go:embed example.yaml
var Example []byte

// Mapping is what a mission writes about one Primero. ReadMapping reads it, Check holds it against the conversations.
type Mapping struct {
	Server        string   `yaml:"server"`
	User          string   `yaml:"user"`
	PasswordFile  string   `yaml:"password_file"`
	Leg           string   `yaml:"leg"`
	Receiver      string   `yaml:"receiver"`
	Organisations []string `yaml:"organisations"`
	Flows         []string `yaml:"flows"`
	Case          Record   `yaml:"case"`
	Incident      Record   `yaml:"incident"`
	Refer         Refer    `yaml:"refer"`

	url    *url.URL
	lines  sheet.Lines
	forces map[string][]string // category of accused → organisations, as Check heard of them
}

// Record is what one record of Primero is made of.
type Record struct {
	Fields []Row `yaml:"fields"`
}

// Row fills one field from one source.
type Row struct {
	Field   string            `yaml:"field"`
	Subform string            `yaml:"subform"` // the field is one of the only entry of this list
	As      string            `yaml:"as"`      // text, list, truth or number; left out: text
	Values  map[string]string `yaml:"values"`  // what a choice is called there; one that is not named fills nothing

	Value    string `yaml:"value"`    // always this
	Step     string `yaml:"step"`     // what was chosen at this question
	Consent  bool   `yaml:"consent"`  // that the leg was agreed to, which is always so
	Received bool   `yaml:"received"` // the day on which the report came
	Context  string `yaml:"context"`  // one of Contexts, if the answers support it
	Form     string `yaml:"form"`     // PART.FIELD of the referral form: own words
}

// Refer says to whom a case is referred within Primero.
type Refer struct {
	To    string `yaml:"to"`
	Notes string `yaml:"notes"`
}

// The forms of a value.
const (
	asText   = "text"
	asList   = "list"
	asTruth  = "truth"
	asNumber = "number"
)

// Mistakes are what is wrong in a mapping, a line each, as FILE:LINE: what; remedy.
type Mistakes []string

func (m Mistakes) Error() string { return strings.Join(m, "\n") }

// ReadMapping reads a mapping strictly. The error is Mistakes.
func ReadMapping(file string, data []byte) (*Mapping, error) {
	const begin = "`amana open -primero example` writes one with a comment for each setting"
	var bad Mistakes
	tree, slip := sheet.Read(data, begin)
	if slip != nil {
		return nil, append(bad, told(file, *slip))
	}
	m := &Mapping{}
	lines, wrong := sheet.Fill(tree, m)
	for _, w := range wrong {
		bad = append(bad, told(file, w))
	}
	m.lines = lines
	if len(bad) == 0 {
		m.sound(func(path, hint, format string, args ...any) {
			bad = append(bad, told(file, sheet.Mistake{Line: lines.Of(path), What: fmt.Sprintf(format, args...), Hint: hint}))
		})
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return m, nil
}

// told words one mistake. No line of the file is quoted: somebody may have written a password into it.
func told(file string, m sheet.Mistake) string {
	place := file
	if m.Line > 0 {
		place += ":" + strconv.Itoa(m.Line)
	}
	if m.Hint != "" {
		m.What += "; " + m.Hint
	}
	return place + ": " + m.What
}

// Host is where the records go, as a person knows it.
func (m *Mapping) Host() string { return m.url.Host }

// URL is the address of the Primero.
func (m *Mapping) URL() *url.URL { u := *m.url; return &u }

func (m *Mapping) hasCase() bool     { return m.lines["case"] > 0 }
func (m *Mapping) hasIncident() bool { return m.lines["incident"] > 0 }

// address reads where a Primero is. Only this machine itself is spoken to in clear.
func address(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("server must be an address like https://primero.example.org, with nothing before or behind the name")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, fmt.Errorf("server must begin with https://: beyond this machine nothing of a report goes over a network in clear")
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
