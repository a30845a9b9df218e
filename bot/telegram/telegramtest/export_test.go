package telegramtest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Table gives what the table holds, for the test of the table itself.
func Table() (methods, objects, answers int, err error) {
	t, err := readTable(tableText)
	if err != nil {
		return 0, 0, 0, err
	}
	for _, list := range []map[string]*object{t.methods, t.objects} {
		for _, o := range list {
			for _, f := range o.order {
				for _, ty := range f.types {
					if !t.knows(ty.name) {
						return 0, 0, 0, fmt.Errorf("%s.%s has unknown type %s", o.name, f.name, ty.name)
					}
				}
			}
		}
	}
	return len(t.methods), len(t.objects), len(t.answers), nil
}

func (t *table) knows(name string) bool {
	switch name {
	case "Integer", "String", "Boolean", "Float", "InputFile", "True":
		return true
	}
	return t.objects[name] != nil || t.unions[name] != nil
}

// ParseHTML is the parser, for fuzzing.
func ParseHTML(s string) (string, []Entity, bool) {
	text, entities, r := parseHTML(s)
	return text, entities, r == nil
}

// Conforms holds a reply of the fake against the table: the fake must tell a bot nothing that Telegram would not.
// kind is written as in the table, such as []Update.
func Conforms(kind string, raw []byte) error {
	t, err := readTable(tableText)
	if err != nil {
		return err
	}
	v, err := decode(string(raw))
	if err != nil {
		return err
	}
	ref := typeRef{}
	for strings.HasPrefix(kind, "[]") {
		ref.depth, kind = ref.depth+1, kind[2:]
	}
	ref.name = kind
	return t.conforms(ref, kind, v)
}

func (t *table) conforms(ty typeRef, path string, v any) error {
	if ty.depth > 0 {
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%s is no array", path)
		}
		for i, e := range list {
			if err := t.conforms(typeRef{ty.depth - 1, ty.name}, fmt.Sprintf("%s[%d]", path, i), e); err != nil {
				return err
			}
		}
		return nil
	}
	ok := true
	switch ty.name {
	case "String":
		_, ok = v.(string)
	case "Boolean", "True":
		_, ok = v.(bool)
	case "Integer", "Float":
		_, ok = v.(json.Number)
	default:
		return t.conformsObject(ty.name, path, v)
	}
	if !ok {
		return fmt.Errorf("%s is no %s", path, ty.name)
	}
	return nil
}

func (t *table) conformsObject(name, path string, v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s is no object", path)
	}
	switch name {
	case "MaybeInaccessibleMessage":
		name = "Message"
	case "ChatMember":
		name = map[string]string{"member": "ChatMemberMember", "kicked": "ChatMemberBanned"}[fmt.Sprint(m["status"])]
	case "MessageOrigin":
		name = map[string]string{"user": "MessageOriginUser", "hidden_user": "MessageOriginHiddenUser"}[fmt.Sprint(m["type"])]
	case "MenuButton":
		name = map[string]string{"commands": "MenuButtonCommands", "default": "MenuButtonDefault"}[fmt.Sprint(m["type"])]
	}
	o := t.answers[name]
	if o == nil {
		o = t.objects[name]
	}
	if o == nil {
		if name == "AcceptedGiftTypes" {
			return nil
		}
		return fmt.Errorf("%s: the fake says a %q, which the table lacks", path, name)
	}
	for k := range m {
		if o.fields[k] == nil {
			return fmt.Errorf("%s.%s does not exist in %s", path, k, name)
		}
	}
	for _, f := range o.order {
		x, ok := m[f.name]
		if !ok {
			if f.required {
				return fmt.Errorf("%s.%s is missing", path, f.name)
			}
			continue
		}
		if err := t.conforms(f.types[0], path+"."+f.name, x); err != nil {
			return err
		}
	}
	return nil
}
