package handover

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"amana/bot/ticket"
)

// MaxForm is the largest form, in bytes: a whole thread of own words fits many times.
const MaxForm = 1 << 20

// handleDigits is the length of a handle in hexadecimal.
const handleDigits = 64

var (
	errForm    = errors.New("this is no referral form of the desk or of `amana open -referral`")
	errVersion = errors.New("this referral form is of another version of the program: save it again with this one")
)

// Parse reads a form that [Form.JSON] or the desk wrote. Errors carry nothing of what stands in it but the name of a field.
func Parse(data []byte) (*Form, error) {
	var head struct {
		Form    string `json:"form"`
		Version int    `json:"version"`
	}
	if len(data) > MaxForm || !utf8.Valid(data) || json.Unmarshal(data, &head) != nil || head.Form != title {
		return nil, errForm
	}
	if head.Version != Version {
		return nil, errVersion
	}
	var p paper
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return nil, errForm
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errForm
	}
	f := &Form{
		Code: p.Code, Flow: p.Flow, Kind: p.Kind, Urgency: p.Urgency, Received: p.Received, Language: p.Language, WrittenIn: p.WrittenIn,
		Fields: map[string]string{}, Answers: p.Answers, Consents: p.Consents, KeptFrom: p.KeptFrom, Handle: p.Handle,
	}
	for _, part := range parts {
		for _, x := range *p.part(part.name) {
			if !slices.Contains(part.fields, x.name) {
				return nil, fmt.Errorf("%w: %s has no field of that name", errForm, part.name)
			}
			f.Fields[part.name+"."+x.name] = x.text
		}
	}
	return f, f.sound()
}

// UnmarshalJSON reads an object of texts.
func (f *filled) UnmarshalJSON(data []byte) error {
	var all map[string]string
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	for name, text := range all {
		*f = append(*f, field{name, text})
	}
	return nil
}

// sound says whether the form can be one that a report made.
func (f *Form) sound() error {
	if raw, err := hex.DecodeString(f.Handle); err != nil || len(raw) != handleDigits/2 {
		return errForm
	}
	if !f.Kind.Valid() || f.Urgency != ticket.Urgent && f.Urgency != ticket.Normal {
		return errForm
	}
	if y := f.Received.Year(); y < 2000 || y > 9999 || f.Code == "" || f.Flow == "" || len(f.Answers) == 0 {
		return errForm
	}
	for _, a := range f.Answers {
		if a.Flow == "" || a.Step == "" || len(a.Values) == 0 {
			return errForm
		}
	}
	return nil
}
