package main

import (
	"fmt"
	"io"
	"strings"
)

// exposition is a page of metrics in the text format of Prometheus: the samples of one name stand together, behind its type.
type exposition struct {
	names []string
	lines map[string][]string
}

// put adds a sample; its name may have labels behind it. A name that ends in _total counts up.
func (e *exposition) put(name string, v any) {
	family, _, _ := strings.Cut(name, "{")
	if e.lines[family] == nil {
		e.names = append(e.names, family)
	}
	e.lines[family] = append(e.lines[family], fmt.Sprintf("amana_%s %v\n", name, v))
}

// WriteTo writes the page.
func (e *exposition) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	for _, name := range e.names {
		kind := "gauge"
		if strings.HasSuffix(name, "_total") {
			kind = "counter"
		}
		fmt.Fprintf(&b, "# TYPE amana_%s %s\n", name, kind)
		for _, line := range e.lines[name] {
			b.WriteString(line)
		}
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}
