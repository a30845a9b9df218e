package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// How a test sees and touches a page: as a screen reader does, by role and name.

// world gives a place beside the scripts of the page, in which a test may look at it. The page neither sees it nor can
// forbid it.
func (b *tab) world(ctx context.Context) (runtime.ExecutionContextID, error) {
	tree, err := chromedp.Call(ctx, cdppage.GetFrameTree, chromedp.Void{})
	if err != nil {
		return 0, err
	}
	f := b.seek(tree.FrameTree)
	if f == nil {
		return 0, fmt.Errorf("there is no frame %q", b.within)
	}
	w, err := chromedp.Call(ctx, cdppage.CreateIsolatedWorld, cdppage.CreateIsolatedWorldParams{FrameID: f.ID, WorldName: "amana-test"})
	return w.ExecutionContextID, err
}

func (b *tab) seek(t *cdppage.FrameTree) *cdp.Frame {
	if b.within == "" || t.Frame.Name == b.within || strings.HasPrefix(t.Frame.URL, b.within) {
		return t.Frame
	}
	for _, c := range t.ChildFrames {
		if f := b.seek(c); f != nil {
			return f
		}
	}
	return nil
}

// try evaluates an expression in the frame.
func (b *tab) try(ctx context.Context, expression string, byValue bool) (*runtime.RemoteObject, error) {
	world, err := b.world(ctx)
	if err != nil {
		return nil, err
	}
	yes := true
	got, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: world, ReturnByValue: &byValue, AwaitPromise: &yes, Silent: &yes,
	})
	if err == nil && got.ExceptionDetails != nil {
		err = errors.New(got.ExceptionDetails.Text)
		if e := got.ExceptionDetails.Exception; e != nil {
			err = errors.New(e.Description)
		}
	}
	return got.Result, err
}

// evaluate gives what a JavaScript expression is worth in the frame, waiting for a promise.
func evaluate[T any](b *tab, expression string) (v T) {
	b.Helper()
	// It may take long, and do something: it is not asked twice.
	ctx, end := context.WithTimeout(b.ctx, browserPatience)
	defer end()
	b.wait(fmt.Sprintf("%.80s to be evaluated", expression), func(context.Context) (bool, error) {
		got, err := b.try(ctx, expression, true)
		if between(err) {
			return false, err
		}
		if err == nil && len(got.Value) > 0 {
			err = json.Unmarshal([]byte(got.Value), &v)
		}
		if err != nil {
			b.Fatalf("evaluating %.80s: %v", expression, err)
		}
		return true, nil
	})
	return v
}

// between says that a page was just giving way to the next, so that nothing was evaluated.
func between(err error) bool {
	for _, why := range []string{"Cannot find context", "context was destroyed", "navigated or closed", "there is no frame", "No frame"} {
		if err != nil && strings.Contains(err.Error(), why) {
			return true
		}
	}
	return false
}

// text gives what the page shows, without marks of direction and with white space joined.
func (b *tab) text() (shown string) {
	b.Helper()
	b.wait("a page to be there", func(ctx context.Context) (is bool, err error) {
		shown, err = b.shown(ctx)
		return err == nil, err
	})
	return shown
}

func (b *tab) shown(ctx context.Context) (string, error) {
	got, err := b.try(ctx, "document.body ? document.body.innerText : ''", true)
	if err != nil {
		return "", err
	}
	var text string
	err = json.Unmarshal([]byte(got.Value), &text)
	return plainly(text), err
}

func plainly(text string) string { return strings.Join(strings.Fields(unsteered.Replace(text)), " ") }

// until waits for a condition.
func (b *tab) until(what string, is func() bool) {
	b.Helper()
	b.wait(what, func(context.Context) (bool, error) { return is(), nil })
}

// oneTry bounds one question to the browser: now and then it leaves one about a frame that is being drawn without an answer,
// and the same question asked again has one. Each time that none came the next one is given twice as long.
const oneTry = 5 * time.Second

// wait asks again and again until the answer is yes. A page that is just changing may answer with an error: only the last
// one is told.
func (b *tab) wait(what string, is func(context.Context) (bool, error)) {
	b.Helper()
	ctx, end := context.WithTimeout(b.ctx, browserPatience)
	defer end()
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for long := oneTry; ; {
		try, stop := context.WithTimeout(ctx, long)
		ok, err := is(try)
		if try.Err() != nil {
			long *= 2
		}
		stop()
		if ok {
			return
		}
		select {
		case <-tick.C:
			continue
		case <-ctx.Done():
		}
		shown, _ := b.shown(b.ctx)
		b.Fatalf("waited in vain for %s (%v); the page shows\n%s\nproblems: %s", what, err, shown, strings.Join(b.watch.problems(), "\n"))
	}
}

// see waits until the page shows a text.
func (b *tab) see(text string) {
	b.Helper()
	b.wait(fmt.Sprintf("the text %q", text), func(ctx context.Context) (bool, error) {
		shown, err := b.shown(ctx)
		return strings.Contains(shown, plainly(text)), err
	})
}

// gone waits until the page no longer shows a text.
func (b *tab) gone(text string) {
	b.Helper()
	b.wait(fmt.Sprintf("the text %q to go", text), func(ctx context.Context) (bool, error) {
		shown, err := b.shown(ctx)
		return err == nil && !strings.Contains(shown, plainly(text)), err
	})
}

// find gives the element with a role and a name: with the whole of the name, else the first with a part of it.
func (b *tab) find(ctx context.Context, role, name string) (cdp.BackendNodeID, error) {
	doc, err := b.try(ctx, "document", false)
	if err != nil {
		return 0, err
	}
	got, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: doc.ObjectID, Role: role})
	if err != nil {
		return 0, err
	}
	var part cdp.BackendNodeID
	for _, n := range got.Nodes {
		if n.Ignored || n.Name == nil || n.BackendDOMNodeID == 0 {
			continue
		}
		var has string
		if json.Unmarshal([]byte(n.Name.Value), &has) != nil {
			continue
		}
		has = plainly(has)
		if has == plainly(name) {
			return n.BackendDOMNodeID, nil
		}
		if part == 0 && strings.Contains(has, plainly(name)) {
			part = n.BackendDOMNodeID
		}
	}
	if part == 0 {
		return 0, fmt.Errorf("nothing with the role %s is called %q", role, name)
	}
	return part, nil
}

// has says whether an element is there now.
func (b *tab) has(role, name string) bool {
	b.Helper()
	for long := oneTry; ; long *= 2 {
		ctx, stop := context.WithTimeout(b.ctx, long)
		_, err := b.find(ctx, role, name)
		slow := ctx.Err() != nil
		stop()
		if err == nil || !slow || long > browserPatience {
			return err == nil
		}
	}
}

// seeRole waits for an element.
func (b *tab) seeRole(role, name string) {
	b.Helper()
	b.wait(fmt.Sprintf("the %s %q", role, name), func(ctx context.Context) (bool, error) {
		_, err := b.find(ctx, role, name)
		return err == nil, err
	})
}

// click presses the element with a role and a name once it is there, rests, is not disabled, and nothing lies over it.
func (b *tab) click(role, name string) {
	b.Helper()
	b.wait(fmt.Sprintf("the %s %q to be pressed", role, name), func(ctx context.Context) (bool, error) {
		node, err := b.find(ctx, role, name)
		if err != nil {
			return false, err
		}
		return b.pressNode(ctx, node)
	})
}

// ready is asked of an element before it is pressed.
const ready = `function() {
	if (this.disabled || this.closest('[inert]')) return 'it is disabled';
	this.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
	const r = this.getClientRects()[0];
	if (!r || r.width === 0 || r.height === 0) return 'it is not shown';
	const at = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
	if (!at || !(this.contains(at) || at.contains(this) || (this.labels && [...this.labels].some((l) => l.contains(at))))) return 'something lies over it';
	return '';
}`

func (b *tab) pressNode(ctx context.Context, node cdp.BackendNodeID) (bool, error) {
	if err := b.askNode(ctx, node, ready); err != nil {
		return false, err
	}
	quads, err := chromedp.Call(ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node})
	if err != nil || len(quads.Quads) == 0 {
		return false, err
	}
	q := quads.Quads[0]
	x, y := (q[0]+q[4])/2, (q[1]+q[5])/2
	return true, chromedp.Do(ctx, chromedp.MouseClickXY(x, y))
}

// askNode calls a function of an element that gives what is wrong, or nothing.
func (b *tab) askNode(ctx context.Context, node cdp.BackendNodeID, function string, args ...any) error {
	world, err := b.world(ctx)
	if err != nil {
		return err
	}
	object, err := chromedp.Call(ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node, ExecutionContextID: world})
	if err != nil {
		return err
	}
	var given []*runtime.CallArgument
	for _, a := range args {
		data, err := json.Marshal(a)
		if err != nil {
			return err
		}
		given = append(given, &runtime.CallArgument{Value: data})
	}
	yes := true
	got, err := chromedp.Call(ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: object.Object.ObjectID, Arguments: given, ReturnByValue: &yes, UserGesture: &yes, AwaitPromise: &yes,
	})
	if err != nil {
		return err
	}
	if got.ExceptionDetails != nil {
		return errors.New(got.ExceptionDetails.Text)
	}
	var wrong string
	if err := json.Unmarshal([]byte(got.Result.Value), &wrong); err != nil {
		return fmt.Errorf("asking an element: %w", err)
	}
	if wrong != "" {
		return errors.New(wrong)
	}
	return nil
}

// fill types into the field with a name, in place of what stands there.
func (b *tab) fill(name, text string) {
	b.Helper()
	b.wait(fmt.Sprintf("a field %q", name), func(ctx context.Context) (bool, error) {
		node, err := b.field(ctx, name)
		if err != nil {
			return false, err
		}
		if ok, err := b.pressNode(ctx, node); !ok || err != nil {
			return false, err
		}
		if err := b.askNode(ctx, node, "function() { this.focus(); this.select && this.select(); return document.activeElement === this ? '' : 'it takes no letters' }"); err != nil {
			return false, err
		}
		if text == "" {
			return true, chromedp.Do(ctx, chromedp.KeyEvent(kb.Delete))
		}
		_, err = chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		return err == nil, err
	})
}

// field finds a field by its name, whatever it takes.
func (b *tab) field(ctx context.Context, name string) (cdp.BackendNodeID, error) {
	var all []error
	for _, role := range []string{"textbox", "searchbox", "spinbutton", "combobox", "InputTime", "Date"} {
		node, err := b.find(ctx, role, name)
		if err == nil {
			return node, nil
		}
		all = append(all, err)
	}
	return 0, errors.Join(all...)
}

// choose takes an option of a <select> by what is shown, and sets it as a person does.
func (b *tab) choose(name, option string) {
	b.Helper()
	b.wait(fmt.Sprintf("the option %q of %q", option, name), func(ctx context.Context) (bool, error) {
		node, err := b.find(ctx, "combobox", name)
		if err != nil {
			return false, err
		}
		return true, b.askNode(ctx, node, `function(label) {
			const plain = (s) => s.replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, '').replace(/\s+/g, ' ').trim();
			const all = [...this.options], want = plain(label);
			const o = all.find((o) => plain(o.text) === want) || all.find((o) => plain(o.text).includes(want));
			if (!o) return 'it offers only ' + all.map((o) => o.text).join(', ');
			this.value = o.value;
			this.dispatchEvent(new Event('input', {bubbles: true}));
			this.dispatchEvent(new Event('change', {bubbles: true}));
			return '';
		}`, option)
	})
}

// upload puts files into a file field; its name is that of its button.
func (b *tab) upload(name string, files ...string) {
	b.Helper()
	for _, f := range files {
		if _, err := os.Stat(f); err != nil {
			b.Fatal(err)
		}
	}
	b.wait(fmt.Sprintf("the file field %q", name), func(ctx context.Context) (bool, error) {
		node, err := b.find(ctx, "button", name)
		if err != nil {
			return false, err
		}
		_, err = chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: files, BackendNodeID: node})
		return err == nil, err
	})
}

// press presses a key, wherever the focus is.
func (b *tab) press(key string) {
	b.Helper()
	names := map[string]string{"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight, "Space": " ", "Backspace": kb.Backspace, "Home": kb.Home, "End": kb.End}
	if named, ok := names[key]; ok {
		key = named
	}
	if err := chromedp.Do(b.ctx, chromedp.KeyEvent(key)); err != nil {
		b.Fatalf("pressing a key: %v", err)
	}
}
