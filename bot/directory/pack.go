package directory

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrPacked says that a packed directory is cut off, damaged, or of another version.
var ErrPacked = errors.New("packed directory cannot be read")

// packed is the version of the form that Pack writes.
const packed = 1

// Record is one line of a packed directory: one of the three, or the head or the end.
type Record struct {
	Area         *Area         `json:"a,omitempty"`
	Organisation *Organisation `json:"o,omitempty"`
	Service      *Service      `json:"s,omitempty"`
	Version      int           `json:"v,omitempty"`
	End          int           `json:"end,omitempty"` // how many came before, and one
}

// Pack writes a directory in a compact form: a line of JSON for each record, compressed.
func Pack(w io.Writer, d *Directory) error {
	p, err := newPacker(w)
	if err != nil {
		return err
	}
	for i := range d.Areas {
		p.put(Record{Area: &d.Areas[i]})
	}
	for i := range d.Organisations {
		p.put(Record{Organisation: &d.Organisations[i]})
	}
	for i := range d.Services {
		p.put(Record{Service: d.Services[i]})
	}
	return p.end()
}

// Amend writes a packed directory anew with what each makes of its services, a record at a time, so that it is never held
// whole. An error of each ends it.
func Amend(w io.Writer, r io.Reader, each func(*Service) error) error {
	p, err := newPacker(w)
	if err != nil {
		return err
	}
	if err := Walk(r, func(rec Record) error {
		if rec.Service != nil {
			if err := each(rec.Service); err != nil {
				return err
			}
		}
		p.put(rec)
		return p.err
	}); err != nil {
		return err
	}
	return p.end()
}

// packer writes the lines of a packed directory. Its first error stays.
type packer struct {
	z   *gzip.Writer
	e   *json.Encoder
	n   int
	err error
}

func newPacker(w io.Writer) (*packer, error) {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	p := &packer{z: z, e: json.NewEncoder(z)}
	p.e.SetEscapeHTML(false)
	p.put(Record{Version: packed})
	return p, nil
}

func (p *packer) put(r Record) {
	if p.err == nil {
		p.err = p.e.Encode(r)
		p.n++
	}
}

func (p *packer) end() error {
	p.put(Record{End: p.n + 1})
	if p.err != nil {
		return fmt.Errorf("packing the directory: %w", p.err)
	}
	return p.z.Close()
}

// Walk reads a packed directory, a record at a time, so that two of them need not be held at once.
func Walk(r io.Reader, each func(Record) error) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrPacked, err)
	}
	d := json.NewDecoder(z)
	for n := 0; ; n++ {
		var rec Record
		if err := d.Decode(&rec); err != nil {
			return fmt.Errorf("%w: %w", ErrPacked, err)
		}
		switch {
		case (n == 0) != (rec.Version != 0) || n == 0 && rec.Version != packed:
			return fmt.Errorf("%w: it is of another version of the program", ErrPacked)
		case rec.Version != 0:
		case rec.End != 0:
			if rec.End != n+1 {
				return fmt.Errorf("%w: records are missing", ErrPacked)
			}
			if _, err := io.Copy(io.Discard, z); err != nil { // the checksum stands at the end
				return fmt.Errorf("%w: %w", ErrPacked, err)
			}
			return nil
		default:
			if err := each(rec); err != nil {
				return err
			}
		}
	}
}

// Unpack reads a whole directory.
func Unpack(r io.Reader) (*Directory, error) {
	d := &Directory{}
	in := interned{}
	return d, Walk(r, func(rec Record) error {
		switch {
		case rec.Area != nil:
			d.Areas = append(d.Areas, *rec.Area)
		case rec.Organisation != nil:
			d.Organisations = append(d.Organisations, *rec.Organisation)
		case rec.Service != nil:
			in.service(rec.Service)
			d.Services = append(d.Services, rec.Service)
		}
		return nil
	})
}

// interned keeps one copy of what many records say.
type interned map[string]string

func (in interned) one(s *string) {
	if kept, ok := in[*s]; ok {
		*s = kept
	} else if *s != "" {
		in[*s] = *s
	}
}

func (in interned) service(s *Service) {
	for _, p := range []*string{&s.Org, &s.Place.Area, &s.Times.Open, &s.Times.Said, &s.Times.Zone, (*string)(&s.Visibility), (*string)(&s.Status), &s.VerifiedBy,
		(*string)(&s.VerifiedOn), (*string)(&s.ValidUntil), (*string)(&s.Women), (*string)(&s.Cost.Free)} {
		in.one(p)
	}
	for _, list := range [][]string{s.Kinds, s.Langs, s.For} {
		for i := range list {
			in.one(&list[i])
		}
	}
	for i := range s.Extra {
		in.one(&s.Extra[i].Name)
	}
}

// Intern shares what many records of a directory say, so that it is held once.
func (d *Directory) Intern() {
	in := interned{}
	for i := range d.Services {
		in.service(d.Services[i])
	}
}
