package chat

import (
	"strconv"
	"strings"

	"amana/bot/flow"
	"amana/bot/speech"
)

// label gives a choice as it is shown: by the mission's own list, by the catalog, or a language by its own name.
func (t *turn) label(o flow.Option) string {
	if t.guide != nil && (o.List == "places" || o.List == "places around") {
		name := t.guide.Label
		if o.List == "places around" {
			name = t.guide.Apart
		}
		if l, ok := name(t.lang(), o.Name); ok {
			return l
		}
	}
	if o.List != "" {
		if l, ok := t.Mission.Label(t.lang(), o.List, o.Name); ok {
			return l
		}
	}
	if o.Key == "" {
		if l, ok := t.Book.Language(o.Name); ok {
			return l.Name
		}
		return o.Name
	}
	return t.text(o.Key, nil)
}

// also gives the other words that people type for a reserved one.
func (t *turn) also(key string) []string {
	var out []string
	for _, w := range strings.Split(t.text(key, nil), "|") {
		if w != "" && w != "-" {
			out = append(out, w)
		}
	}
	return out
}

// alsoKey gives where the other words for a choice stand: for built-in ones, and for every yes and no of a flow.
func alsoKey(c flow.Option) string {
	if c.Name == "yes" || c.Name == "no" {
		return "word." + c.Name + ".also"
	}
	return c.Key + ".also"
}

func (t *turn) text(key string, args map[string]string) string { return t.textIn(t.lang(), key, args) }

// textIn says a key in a language, with what it wants to be told: what is given, who could read, what the profile says.
func (t *turn) textIn(lang, key string, args map[string]string) string {
	key = t.own(lang, key)
	counted := args == nil && t.counts(lang, key)
	if counted {
		args = speech.Args{"Readers": speech.List(lang, t.circle(lang).Now.Names)}
	}
	values := speech.Args{}
	for _, name := range t.Book.Placeholders(lang, key) {
		values[name] = t.value(lang, name, args)
	}
	text, err := t.Book.Text(lang, key, values)
	if err != nil && t.fault == nil {
		t.fault = err
	}
	if counted {
		if more := t.readers(lang); more != "" {
			text += "\n\n" + more
		}
	}
	return text
}

// own gives the key under which the person's door says a text in its own way, where it does: what Telegram can see is not
// what the chat page can hide.
func (t *turn) own(lang, key string) string {
	if t.in.Door == "" {
		return key
	}
	if own := t.in.Door + "." + key; t.Book.Has(lang, own) {
		return own
	}
	return key
}

func (t *turn) value(lang, name string, args map[string]string) string {
	if v, ok := args[name]; ok {
		return v
	}
	switch who := t.circle(lang); name {
	case "Readers":
		return speech.List(lang, all(who))
	case "Count":
		return strconv.Itoa(who.Now.Count)
	case "Accused":
		return who.Accused
	case "Hours":
		return strconv.Itoa(who.Hours)
	case "Max":
		return strconv.FormatInt(t.asked.Max, 10)
	case "Min":
		return strconv.FormatInt(t.asked.Min, 10)
	}
	return t.Mission.Values[name]
}
