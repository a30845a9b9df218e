package web

import "net/http"

// first is the page that everybody sees first: a greeting and the languages. It begins no conversation.
func (d *Door) first(w http.ResponseWriter, r *http.Request) {
	d.showFirst(w, r, poster(r.URL.Query().Get("p")))
}

func (d *Door) showFirst(w http.ResponseWriter, r *http.Request, poster string) {
	v := d.view(r, &form{})
	v.Poster, v.Pick = poster, d.likely(r)
	for _, l := range v.Pick[:min(3, len(v.Pick))] {
		v.Says = append(v.Says, say{Lang: l.Tag, Dir: d.dir(l.Tag), Paras: paragraphs(d.say(l.Tag, "word.language.ask", nil))})
	}
	d.show(w, v, http.StatusOK)
}
