package main

import (
	"fmt"
	"io"
	"strings"
)

// exposition is a page of metrics in the text format of Prometheus: the samples of one name stand together, behind
// what they mean and their type.
type exposition struct {
	names    []string
	meanings map[string]string
	lines    map[string][]string
}

// put adds a sample; its name may have labels behind it. A name that ends in _total counts up, from the start of the process.
func (e *exposition) put(name, meaning string, v any) {
	family, _, _ := strings.Cut(name, "{")
	if e.lines[family] == nil {
		e.names, e.meanings[family] = append(e.names, family), meaning
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
		fmt.Fprintf(&b, "# HELP amana_%s %s\n# TYPE amana_%[1]s %[3]s\n", name, e.meanings[name], kind)
		for _, line := range e.lines[name] {
			b.WriteString(line)
		}
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}
