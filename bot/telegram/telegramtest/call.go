package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"sort"
	"strconv"
)

// call is one request of a bot with its parameters, wherever in the request they stood.
type call struct {
	method string
	params map[string]*param
	values map[string]any // decoded JSON of nested parameters, filled by the check
}

// param is the text of a parameter or the file that was uploaded under its name.
type param struct {
	text string
	file *upload
}

type upload struct {
	name  string
	mime  string
	bytes []byte
}

// watched is a body that notes whether it was cut off before its end.
type watched struct {
	io.ReadCloser
	cut bool
}

// Read reads on, as far as there is something.
func (w *watched) Read(p []byte) (n int, err error) {
	n, err = w.ReadCloser.Read(p)
	w.cut = w.cut || errors.Is(err, io.ErrUnexpectedEOF)
	return n, err
}

// maxBody is the largest request that is read; files have limits of their own below it.
const maxBody = maxUpload + 1<<20

var errTooLarge = errors.New("request entity too large")

// readCall gathers the parameters of a request from its query and its body: form, multipart or JSON. Values of a JSON
// body that are no strings keep their JSON text, so that a nested object may come as an object or as a string of it.
func readCall(method string, r *http.Request) (*call, error) {
	c := &call{method: method, params: map[string]*param{}, values: map[string]any{}}
	for k, v := range r.URL.Query() {
		c.params[k] = &param{text: v[len(v)-1]}
	}
	if r.Body == nil || r.Method == http.MethodGet {
		return c, nil
	}
	body := io.LimitReader(r.Body, maxBody)
	kind, attrs, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		return c, c.readJSON(body)
	case "multipart/form-data":
		return c, c.readMultipart(multipart.NewReader(body, attrs["boundary"]))
	case "application/x-www-form-urlencoded", "":
		raw, err := io.ReadAll(body)
		if err != nil {
			return c, fmt.Errorf("reading form: %w", err)
		}
		return c, c.readForm(string(raw))
	}
	return c, fmt.Errorf("reading parameters: unknown content type")
}

func (c *call) readForm(raw string) error {
	v, err := url.ParseQuery(raw)
	if err != nil {
		return fmt.Errorf("reading form: %w", err)
	}
	for k, s := range v {
		c.params[k] = &param{text: s[len(s)-1]}
	}
	return nil
}

func (c *call) readJSON(body io.Reader) error {
	raw := map[string]json.RawMessage{}
	if err := json.NewDecoder(body).Decode(&raw); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading JSON: %w", err)
	}
	for k, v := range raw {
		p := &param{text: string(v)}
		if len(v) > 0 && v[0] == '"' {
			if err := json.Unmarshal(v, &p.text); err != nil {
				return fmt.Errorf("reading JSON: %w", err)
			}
		}
		c.params[k] = p
	}
	return nil
}

func (c *call) readMultipart(m *multipart.Reader) error {
	for total := 0; ; {
		part, err := m.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading multipart: %w", err)
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("reading multipart: %w", err)
		}
		if total += len(b); total > maxUpload {
			return errTooLarge
		}
		if part.FileName() == "" && part.Header.Get("Content-Type") == "" {
			c.params[part.FormName()] = &param{text: string(b)}
			continue
		}
		c.params[part.FormName()] = &param{file: &upload{part.FileName(), part.Header.Get("Content-Type"), b}}
	}
}

// names are the parameters in order. A file that another parameter names by attach:// is not a parameter.
func (c *call) names() []string {
	var names []string
	for k, p := range c.params {
		if p.file == nil || !c.attached(k) {
			names = append(names, k)
		}
	}
	sort.Strings(names)
	return names
}

func (c *call) attached(name string) bool {
	for _, p := range c.params {
		if p.text == "attach://"+name {
			return true
		}
	}
	return false
}

// The getters below are used after the check: what they cannot read is not there.

func (c *call) has(name string) bool { return c.params[name] != nil }

func (c *call) text(name string) string {
	if p := c.params[name]; p != nil {
		return p.text
	}
	return ""
}

func (c *call) int(name string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(c.text(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

func (c *call) float(name string) float64 {
	x, _ := strconv.ParseFloat(c.text(name), 64)
	return x
}

func (c *call) bool(name string) bool {
	b, _ := strconv.ParseBool(c.text(name))
	return b
}

// into copies a checked JSON parameter into a struct.
func (c *call) into(name string, to any) {
	if p := c.params[name]; p != nil {
		_ = json.Unmarshal([]byte(p.text), to) // its shape was checked
	}
}
