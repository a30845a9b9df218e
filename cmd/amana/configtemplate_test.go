package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// aside is a setting, or an entry of a list, that stands commented out in the configuration that `amana init` writes.
var aside = regexp.MustCompile(`^( *)# ?( *(?:[a-z_]+:(?: [^ ].*)?|- \{.*))$`)

// Every setting that the configuration can have stands in the one that `amana init` writes, with an example that can be read:
// whoever looks for it looks there.
func TestEverySettingIsInTheTemplate(t *testing.T) {
	var lines []string
	for line := range strings.SplitSeq(configTemplate, "\n") {
		if m := aside.FindStringSubmatch(line); m != nil {
			line = m[1] + m[2]
		}
		lines = append(lines, line)
	}
	text := strings.NewReplacer("{{profile}}", "example", "{{runtime}}", "/dev/shm/x", "{{zone}}", "UTC", "{{languages}}", "en", "{{drafts}}", "en").Replace(strings.Join(lines, "\n"))
	path := filepath.Join(t.TempDir(), "amana.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := yaml.Unmarshal([]byte(text), &all); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if missing := unshown(reflect.TypeFor[config](), all, ""); len(missing) > 0 {
		t.Errorf("the template shows nothing of %v: add each, commented out, with a word of what it is for", missing)
	}
	// Two of them name the same thing.
	if err := os.WriteFile(path, []byte(strings.Replace(text, "\ndatabase: amana.db\n", "\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readConfig(path); err != nil {
		t.Errorf("with every example in it, it is refused: %v", err)
	}
}

// unshown lists the settings of a type that an example lacks.
func unshown(of reflect.Type, example any, at string) (missing []string) {
	switch {
	case of.Kind() == reflect.Map:
		of, example = of.Elem(), merged(slices.Collect(maps.Values(keyed(example)))...)
	case of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct:
		list, _ := example.([]any)
		of, example = of.Elem(), merged(list...)
	}
	if of.Kind() != reflect.Struct {
		return nil
	}
	for f := range of.Fields() {
		tag := f.Tag.Get("yaml")
		if tag == "" || tag == "-" {
			continue
		}
		shown, there := keyed(example)[tag]
		if !there {
			missing = append(missing, at+tag)
			continue
		}
		missing = append(missing, unshown(f.Type, shown, at+tag+".")...)
	}
	return missing
}

func keyed(v any) map[string]any {
	out := map[string]any{}
	switch v := v.(type) {
	case map[string]any:
		return v
	case map[any]any:
		for k, e := range v {
			out[fmt.Sprint(k)] = e
		}
	}
	return out
}

// merged puts together what several examples show.
func merged(examples ...any) any {
	out := map[string]any{}
	for _, e := range examples {
		maps.Copy(out, keyed(e))
	}
	return out
}

// What a mission says of escalation goes over what its profile says, and the oversight desk never comes before the coordinator.
func TestEscalationOverTheProfile(t *testing.T) {
	p := &profile{Escalation: rungs{Remind: 40, Coordinator: 150, Oversight: percent{200, true}}}
	for _, x := range []struct {
		of   rungs
		want [3]int
	}{
		{rungs{}, [3]int{40, 150, 200}},
		{rungs{Remind: 60}, [3]int{60, 150, 200}},
		{rungs{Coordinator: 300}, [3]int{40, 300, 300}},
		{rungs{Oversight: percent{0, true}}, [3]int{40, 150, 0}},
		{rungs{Oversight: percent{120, true}}, [3]int{40, 150, 150}},
	} {
		c := (&config{Zone: "UTC", Escalation: x.of}).clock(p)
		if got := [3]int{c.Remind, c.Coordinator, c.Oversight}; got != x.want {
			t.Errorf("%+v: %v, want %v", x.of, got, x.want)
		}
	}
}
