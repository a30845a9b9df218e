package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
)

// axeFile is the checker of accessibility, of the version that package-lock.json names.
const axeFile = "../../bot/desk/ui/node_modules/axe-core/axe.min.js"

var readAxe = sync.OnceValues(func() (string, error) {
	code, err := os.ReadFile(axeFile)
	if err != nil {
		return "", fmt.Errorf("%w: run `npm ci` in bot/desk/ui, or `make test`, which does", err)
	}
	return string(code), nil
})

// violation is what axe-core finds wrong with a page.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML           string
		FailureSummary string
		Target         []any
	}
}

// violations runs axe-core in this frame, beside the scripts of the page, and gives what is serious or critical of WCAG
// 2.0 to 2.2, levels A and AA.
func (b *tab) violations() (bad []violation) {
	b.Helper()
	code, err := readAxe()
	if err != nil {
		b.Fatal(err)
	}
	if !evaluate[bool](b, "typeof axe === 'object'") {
		evaluate[any](b, code+"; undefined")
	}
	all := evaluate[[]violation](b, `axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], iframes: false, resultTypes: ['violations'],
	}).then((r) => r.violations.map((v) => ({id: v.id, impact: v.impact, help: v.help,
		nodes: v.nodes.map((n) => ({html: n.html, failureSummary: n.failureSummary, target: n.target}))})))`)
	for _, v := range all {
		if v.Impact == "serious" || v.Impact == "critical" {
			bad = append(bad, v)
		}
	}
	return bad
}

// axe fails the test for every serious or critical violation, with the elements that it concerns.
func (b *tab) axe() {
	b.Helper()
	for _, v := range b.violations() {
		var nodes []string
		for _, n := range v.Nodes {
			nodes = append(nodes, fmt.Sprintf("  %v %.160s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n    ")))
		}
		b.Errorf("axe: %s (%s): %s\n%s", v.ID, v.Impact, v.Help, strings.Join(nodes, "\n"))
	}
}

// wide fails the test if the page can be scrolled sideways, and names what is too wide.
func (b *tab) wide() {
	b.Helper()
	for _, what := range evaluate[[]string](b, `(() => {
		const room = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= room) return [];
		const clipped = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).overflowX !== 'visible') return true; return false };
		const out = [...document.body.querySelectorAll('*')].filter((e) => {
			const r = e.getBoundingClientRect();
			return r.width > 0 && (r.right > room + 1 || r.left < -1) && !clipped(e);
		});
		return out.length ? out.slice(0, 5).map((e) => e.outerHTML.slice(0, 160)) : ['the page itself'];
	})()`) {
		b.Errorf("wider than the window: %s", what)
	}
}

// kitPages are the pages on which the kit is tried.
func kitPages() http.Handler {
	mux := http.NewServeMux()
	page := func(path, policy, html string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", policy)
			fmt.Fprint(w, html)
		})
	}
	page("/good", "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; img-src data:", `<!doctype html><html lang=en><title>Good</title>
<link rel=icon href=data:,><meta name=viewport content="width=device-width, initial-scale=1">
<main><h1>A page</h1><form method=post action=/said><label>Your name <input name=name></label>
<label>Colour <select><option>Red<option>Blue</select></label><button>Say it</button></form><p id=out></p>
<iframe name=inner title=Inner src=/inner></iframe></main><script src=/good.js></script>`)
	page("/inner", "default-src 'none'; script-src 'self'", `<!doctype html><html lang=en><title>Inner</title><main><h1>Inner</h1><button>Inside</button><p id=out></p></main><script src=/inner.js></script>`)
	page("/bad", "default-src 'none'; script-src 'self'; img-src 'self' http: data:; connect-src 'self'", `<!doctype html><html lang=en><title>Bad</title><link rel=icon href=data:,>
<main><h1>Bad</h1><img src=/missing><img src=http://elsewhere.invalid/x.png><p style="color:red">x</p></main><script src=/bad.js></script>`)
	script := func(path, code string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			fmt.Fprint(w, code)
		})
	}
	script("/good.js", `document.querySelector('form').addEventListener('submit', async (e) => { e.preventDefault();
	const name = document.querySelector('input').value;
	await fetch('/said', {method: 'POST', body: 'name=' + name});
	document.getElementById('out').textContent = 'Hello \u2068' + name + '\u2069, ' + document.querySelector('select').value.toLowerCase() + ', ' + navigator.language; });`)
	script("/inner.js", `document.querySelector('button').addEventListener('click', () => { document.getElementById('out').textContent = 'pressed inside'; });`)
	script("/bad.js", `console.error('told'); setTimeout(() => alert('hello'), 0); setTimeout(() => { throw new Error('thrown away') }, 0);`)
	mux.HandleFunc("POST /said", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><html lang=en><title>Said</title><link rel=icon href=data:,><main><h1>Said</h1>said without script: %s</main>", r.FormValue("name"))
	})
	return mux
}
