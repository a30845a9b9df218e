package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"amana/bot/flow"
	"amana/bot/speech"
)

// tried puts a flow that an author tries at the beginning of every conversation, with the flows that it enters where they
// lie beside it, and the words from a folder locales near it. A text that is not written yet is its key, in brackets.
func (c *config) tried(w *wording, p *profile) error {
	f, err := readFlow(c.trial)
	if err != nil {
		return err
	}
	next := []*flow.Flow{f}
	for len(next) > 0 {
		f, next = next[0], next[1:]
		w.put(f)
		w.own = append(w.own, f)
		for _, name := range f.Enters() {
			file := filepath.Join(filepath.Dir(c.trial), name+".yaml")
			known := slices.ContainsFunc(w.own, func(f *flow.Flow) bool { return f.Name == name })
			if _, err := os.Stat(file); err != nil || known {
				continue
			}
			sub, err := readFlow(file)
			if err != nil {
				return err
			}
			if sub.Name == name {
				next = append(next, sub)
			}
		}
	}
	if first := w.own[0].Name; first != flow.StartFlow {
		begin := fmt.Sprintf("flow: start\nsteps:\n  - {name: trial, type: flow, flow: %s}\n", first)
		start, err := flow.Parse("(the beginning of the demonstration)", []byte(begin))
		if err != nil {
			return err
		}
		w.put(start)
	}
	set, err := w.set(p)
	if err != nil {
		return err
	}
	if w.book, err = c.ownWords(speech.Loading{Tried: set.Keys()}); err == nil {
		w.langs = tags(w.book)
	}
	return err
}

// wordsNear finds the folder locales beside a flow file, or beside the folder in which it lies; "" if there is none.
func wordsNear(file string) string {
	for _, dir := range []string{filepath.Dir(file), filepath.Dir(filepath.Dir(file))} {
		if info, err := os.Stat(filepath.Join(dir, "locales")); err == nil && info.IsDir() {
			return filepath.Join(dir, "locales")
		}
	}
	return ""
}

// trialNotes say to an author what is not written yet, and what the checker has to say of the flow itself.
func (h *house) trialNotes() (notes []string) {
	from := "there is no folder locales near it"
	if h.config.Locales != "" {
		from = "its words come from " + h.config.Locales
	}
	lang, missing := h.offered[0], 0
	for _, key := range h.flows.Keys() {
		if text, err := h.book.Text(lang, key, nil); err == nil && text == "["+key+"]" {
			missing++
		}
	}
	if missing > 0 {
		from += fmt.Sprintf("; %s no words in %s yet and %s in brackets", count(missing, "key has", "keys have"), lang, map[bool]string{true: "stands", false: "stand"}[missing == 1])
	}
	notes = append(notes, "you are trying "+h.config.trial+"; "+from)
	proof := flow.Check(h.flows, texts{h.book.Sources(), h.wording, h.profile}, flowLimits(h.profile))
	for _, p := range proof.Problems {
		if slices.ContainsFunc(h.wording.own, func(f *flow.Flow) bool { return f.File == p.File }) {
			notes = append(notes, "the check will say: "+p.String())
		}
	}
	return notes
}
