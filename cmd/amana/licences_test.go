package main

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Every module that the program links has its licence listed, and nothing is listed that it does not link.
func TestLicencesAreListed(t *testing.T) {
	tags := ""
	if withEtcd == "with etcd" {
		tags = "etcd"
	}
	licensed(t, tags, licences)
	var list bytes.Buffer
	if status := Main(context.Background(), &call{args: []string{"version", "-licences"}, stdout: &list, stderr: &list}); status != 0 {
		t.Fatalf("status %d: %s", status, list.Bytes())
	}
	for _, want := range []string{"amana " + version, "Apache-2.0", "In the pages of the desk:"} {
		if !strings.Contains(list.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, list.Bytes())
		}
	}
}

// licensed holds a list of licences against what a build links.
func licensed(t *testing.T, tags string, licences map[string]string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-tags="+tags, "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(string(out))
	for _, path := range linked {
		if licences[path] == "" {
			t.Errorf("the licence of %s is not listed: look it up, and add it", path)
		}
	}
	for path := range licences {
		if !slices.Contains(linked, path) {
			t.Errorf("%s is listed and not linked", path)
		}
	}
}
