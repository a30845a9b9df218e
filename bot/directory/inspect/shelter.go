package inspect

import "amana/bot/directory"

// shelters looks for a way to a place that must not be shown. An import keeps none; a kind that the mission hides since
// then may still show it.
func (l *look) shelters() {
	for _, s := range l.d.Services {
		again := *s // the record of the directory stays as it is
		for _, t := range again.Redact(l.o.Kinds) {
			if t.Why == "" {
				l.say(Shelters, directory.Refused, ofService(s), t.Column, "the place of a shelter, or one that is confidential, is kept", "import the sheets again at once: then it is taken out")
				continue
			}
			l.say(Shelters, directory.Refused, ofService(s), t.Column, "a shelter can be found by what stands here: "+t.Why, "write it in the sheet so that it leads nowhere, and import it again at once")
		}
	}
}
