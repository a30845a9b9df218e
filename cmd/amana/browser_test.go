package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A browser for tests of pages. One chromium serves the whole test binary; each tab has a browser context of its own, so
// that no test sees cookies or storage of another, and only one test at a time has tabs, so that figures mean something
// on two cores.
//
//	b := browse(t, browserOptions{Lang: "ar"})    // 360×740 unless Width and Height say otherwise
//	b.open(server.URL + "/")                      // its origin is then the only one that the page may ask
//	b.fill("Passphrase", "correct horse")         // into the field with this accessible name, in place of what is there
//	b.click("button", "Sign in")                  // by ARIA role and accessible name: the whole of it, else a part
//	b.choose("Language", "العربية")               // in a <select>, by what is shown
//	b.see("Inbox"); b.gone("Sign in")             // waits until the page shows, or no longer shows, a text
//	b.seeRole("heading", "Inbox")                 // waits for an element
//	b.has("button", "Sign in")                    // asks once, without waiting
//	b.text()                                      // all that is shown, white space joined, marks of direction left out
//	b.press("Tab")                                // a key, by its name in package kb or as itself
//	b.upload("Enrolment file", path)              // into a file field
//	b.until("what is waited for", func() bool)    // any other condition
//	b.eval[T]: evaluate[T](b, "document.title")   // beside the page's own script; promises are awaited
//	b.frame("phone").see("…")                     // the same within an iframe, by its name or the beginning of its address
//	b.axe()                                       // no serious or critical violation of WCAG 2.2 AA in this frame
//	b.wide()                                      // nothing runs out of the window sideways
//	b.shot("inbox")                               // a picture, if the tests run with -shots FOLDER
//	b.sent()                                      // every request so far, with its body
//	b.may("401 /api/me")                          // a problem that contains this is expected
//	b.slow("3g", 4)                               // from now on a thin line, and a processor that many times slower
//	b.sized(320, 740)                             // another window
//	b.back(); b.forward()                         // in the history, and until what comes of it is there
//	b.rests()                                     // until nothing is asked any more, and all of it is drawn
//	b.another(browserOptions{…})                  // a second person beside the first, with storage of their own
//
// Names and texts are compared without marks of direction and with white space joined. Every wait ends after browserPatience and
// fails the test with what the page shows. When a test ends it fails if the page logged an error or a warning, threw,
// asked anything but its own origins, opened a dialog, or if a resource failed: any status from 400 on counts. So an
// answer that a test provokes is announced with may.
var shots = flag.String("shots", "", "folder for pictures that tests of pages take")

// browserPatience is how long a page may take to show something. It is an end, not a pace: whatever is there is seen at once.
const browserPatience = 3 * time.Minute

// browserOptions fits a tab to a test.
type browserOptions struct {
	Width, Height int64     // of the window; 360×740 if zero
	Lang          string    // what the browser asks for; "en" if empty
	NoScript      bool      // scripts of pages do not run
	Origins       []string  // that pages may ask beside the one that is opened, such as "http://127.0.0.1:4000"
	Desktop       bool      // a mouse and no touch
	Microphone    bool      // pages may hear the person: a tone that comes again and again
	Place         []float64 // latitude and longitude that pages may know; nil: they may not
}

// browser is one that runs, or will as soon as a test wants it. It is with one test at a time: two that type in one browser
// take the focus from each other.
type browser struct {
	start sync.Once
	ctx   context.Context
	stop  func()
	agent string
	err   error
}

// browsers are those of this test binary: two, because a test that waits for a page leaves the machine with nothing to do.
var browsers = struct {
	all  [2]browser
	free chan *browser
	mu   sync.Mutex
	with map[string]*lent // by the name of the test that has tabs
}{with: map[string]*lent{}}

// lent is a browser that a test has, and how many tabs it has in it.
type lent struct {
	*browser
	tabs int
}

func init() {
	browsers.free = make(chan *browser, len(browsers.all))
	for n := range browsers.all {
		browsers.free <- &browsers.all[n]
	}
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	for n := range browsers.all {
		if stop := browsers.all[n].stop; stop != nil {
			stop()
		}
	}
	if shipped.dir != "" {
		_ = os.RemoveAll(shipped.dir)
	}
	os.Exit(code)
}

// chromiumPath finds a browser. Without one the tests of pages fail: a page that nobody has looked at is not tested.
func chromiumPath() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no chromium here, which the tests of pages need; install it (Debian: apt-get install chromium) or run `make test`, which does")
}

func (b *browser) startChrome() {
	path, err := chromiumPath()
	if err != nil {
		b.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.DisableGPU,
		chromedp.Flag("headless", "new"), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("mute-audio", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("use-fake-device-for-media-stream", true),
		// Whatever a page asks for, no name leaves this machine.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
	)
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	alloc, end := chromedp.NewExecAllocator(context.Background(), options...) // its user-data-dir is a new one in the temporary folder
	ctx, endBrowser := chromedp.NewContext(alloc)
	b.ctx, b.stop = ctx, func() { endBrowser(); end() }
	if b.err = chromedp.Do(ctx); b.err != nil {
		return
	}
	v, err := chromedp.CallBrowser(ctx, cdpbrowser.GetVersion, chromedp.Void{})
	b.agent, b.err = strings.ReplaceAll(v.UserAgent, "Headless", ""), err
}

// tab is one tab of the browser, or one frame in it.
type tab struct {
	*testing.T
	ctx    context.Context
	agent  string // what the browser calls itself
	within string // name of a frame, or the beginning of its address; empty: the page itself
	touch  bool
	mute   bool // scripts of pages do not run
	watch  *watch
}

// browse opens a tab for a test, and judges it when the test ends.
func browse(t *testing.T, o browserOptions) *tab {
	t.Helper()
	chrome := takeTurn(t)
	chrome.start.Do(chrome.startChrome)
	if chrome.err != nil {
		t.Fatal("starting the browser: ", chrome.err)
	}
	w := &watch{origins: map[string]bool{}, requests: map[network.RequestID]*sentRequest{}}
	for _, one := range o.Origins {
		w.origins[one] = true
	}
	ctx, end := chromedp.NewContext(chrome.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(w.hear))
	b := &tab{T: t, ctx: ctx, agent: chrome.agent, touch: !o.Desktop, mute: o.NoScript, watch: w}
	if err := b.fit(o); err != nil {
		end()
		t.Fatal("opening a tab: ", err)
	}
	stopDialogs := w.answerDialogs(ctx)
	t.Cleanup(func() {
		if t.Failed() && *shots != "" {
			b.shot("failed")
		}
		stopDialogs()
		end()
		for _, p := range w.problems() {
			t.Errorf("the browser: %s", p)
		}
	})
	return b
}

// another opens a tab for somebody else in the same test.
func (b *tab) another(o browserOptions) *tab { b.Helper(); return browse(b.T, o) }

// takeTurn waits until a browser is free, which is then the test's until it has no tab any more.
func takeTurn(t *testing.T) *browser {
	browsers.mu.Lock()
	mine := browsers.with[t.Name()]
	if mine != nil {
		mine.tabs++
	}
	browsers.mu.Unlock()
	if mine == nil {
		mine = &lent{<-browsers.free, 1}
		browsers.mu.Lock()
		browsers.with[t.Name()] = mine
		browsers.mu.Unlock()
	}
	t.Cleanup(func() {
		browsers.mu.Lock()
		defer browsers.mu.Unlock()
		if mine.tabs--; mine.tabs == 0 {
			delete(browsers.with, t.Name())
			browsers.free <- mine.browser
		}
	})
	return mine.browser
}

// fit makes the tab what its options say.
func (b *tab) fit(o browserOptions) error {
	if o.Width == 0 {
		o.Width = 360
	}
	if o.Height == 0 {
		o.Height = 740
	}
	if o.Lang == "" {
		o.Lang = "en"
	}
	if err := b.resize(o.Width, o.Height); err != nil {
		return err
	}
	large := int64(8 << 20)
	_, errNetwork := chromedp.Call(b.ctx, network.Enable, network.EnableParams{MaxPostDataSize: &large})
	_, errLog := chromedp.Call(b.ctx, log.Enable, chromedp.Void{})
	_, errPage := chromedp.Call(b.ctx, cdppage.Enable, cdppage.EnableParams{})
	_, errAgent := chromedp.Call(b.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: b.agent, AcceptLanguage: o.Lang})
	_, errScript := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: o.NoScript})
	return errors.Join(errNetwork, errLog, errPage, errAgent, errScript, b.permit(o))
}

// permit says what pages may know of the person.
func (b *tab) permit(o browserOptions) error {
	for name, may := range map[string]bool{"microphone": o.Microphone, "geolocation": o.Place != nil} {
		setting := cdpbrowser.PermissionSettingDenied
		if may {
			setting = cdpbrowser.PermissionSettingGranted
		}
		_, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
			Permission: &cdpbrowser.PermissionDescriptor{Name: name}, Setting: setting, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
		})
		if err != nil {
			return err
		}
	}
	if o.Place == nil {
		return nil
	}
	near := 10.0
	_, err := chromedp.Call(b.ctx, emulation.SetGeolocationOverride,
		emulation.SetGeolocationOverrideParams{Latitude: &o.Place[0], Longitude: &o.Place[1], Accuracy: &near})
	return err
}

func (b *tab) resize(width, height int64) error {
	size := []chromedp.EmulateViewportOption{chromedp.EmulateScale(1)}
	if b.touch {
		size = append(size, chromedp.EmulateMobile)
	}
	return chromedp.Do(b.ctx, chromedp.EmulateViewport(width, height, size...))
}

// sized gives the tab another window.
func (b *tab) sized(width, height int64) {
	b.Helper()
	if err := b.resize(width, height); err != nil {
		b.Fatalf("making the window %d by %d: %v", width, height, err)
	}
}

// open goes to an address, and lets pages ask its origin.
func (b *tab) open(address string) {
	b.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.Fatal(err)
	}
	b.watch.allow(u.Scheme + "://" + u.Host)
	ctx, end := context.WithTimeout(b.ctx, browserPatience)
	defer end()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		b.Fatalf("opening %s: %v", address, err)
	}
}

// reload loads the page again, as its reader would.
func (b *tab) reload() {
	b.Helper()
	ctx, end := context.WithTimeout(b.ctx, browserPatience)
	defer end()
	if err := chromedp.Do(ctx, chromedp.Reload()); err != nil {
		b.Fatalf("loading the page again: %v", err)
	}
}

// back goes back in the history, as its reader would, and forward goes forward. At its end nothing happens.
func (b *tab) back()    { b.Helper(); b.along(-1) }
func (b *tab) forward() { b.Helper(); b.along(+1) }

func (b *tab) along(way int64) {
	b.Helper()
	was, err := chromedp.Call(b.ctx, cdppage.GetNavigationHistory, chromedp.Void{})
	if err != nil {
		b.Fatalf("reading the history: %v", err)
	}
	at := was.CurrentIndex + way
	if at < 0 || at >= int64(len(was.Entries)) {
		return
	}
	if _, err := chromedp.Call(b.ctx, cdppage.NavigateToHistoryEntry, cdppage.NavigateToHistoryEntryParams{EntryID: was.Entries[at].ID}); err != nil {
		b.Fatalf("going along the history: %v", err)
	}
	b.wait("the history to have moved", func(ctx context.Context) (bool, error) {
		is, err := chromedp.Call(ctx, cdppage.GetNavigationHistory, chromedp.Void{})
		return err == nil && is.CurrentIndex == at, err
	})
	b.rests()
}

// rests waits until the page has all that it asked for, asks nothing more, and is drawn.
func (b *tab) rests() {
	b.Helper()
	drawn := `document.readyState === 'complete' && new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`
	if b.mute { // then nobody is called when it is drawn
		drawn = `document.readyState === 'complete'`
	}
	b.until("the page to rest", func() bool {
		return evaluate[bool](b, drawn) && b.watch.rests() && evaluate[bool](b, drawn) && b.watch.rests()
	})
}

// slow makes the line as thin as its name says ("3g", "slow 3g"; empty for none) and the processor so many times slower.
func (b *tab) slow(line string, processor float64) {
	b.Helper()
	c := network.Conditions{DownloadThroughput: -1, UploadThroughput: -1}
	switch line {
	case "3g": // 150 ms, 1.6 Mbit/s down and 0.75 up
		c = network.Conditions{Latency: 150, DownloadThroughput: 200_000, UploadThroughput: 93_750}
	case "slow 3g": // 400 ms, 400 kbit/s: what is left of it in the middle of a camp
		c = network.Conditions{Latency: 400, DownloadThroughput: 50_000, UploadThroughput: 50_000}
	case "":
	default:
		b.Fatalf("there is no line called %q", line)
	}
	_, errLine := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule,
		network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&c}})
	_, errCPU := chromedp.Call(b.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: max(processor, 1)})
	if err := errors.Join(errLine, errCPU); err != nil {
		b.Fatalf("making the browser slow: %v", err)
	}
}

// shot takes a picture of the window into the folder that -shots names, under the name of the test.
func (b *tab) shot(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	ctx, end := context.WithTimeout(b.ctx, browserPatience)
	defer end()
	got, err := chromedp.Call(ctx, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{Format: cdppage.CaptureScreenshotFormatPng})
	if err == nil {
		err = os.MkdirAll(*shots, 0o755)
	}
	file := strings.NewReplacer("/", "-", " ", "_").Replace(b.Name()+"-"+name) + ".png"
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, file), got.Data, 0o644)
	}
	if err != nil {
		b.Errorf("taking the picture %s: %v", name, err)
	}
}

// frame gives the same tab for one of its frames.
func (b *tab) frame(name string) *tab {
	return &tab{T: b.T, ctx: b.ctx, within: name, touch: b.touch, mute: b.mute, watch: b.watch}
}

// TestBrowserKit holds the kit itself to what it says: it finds, types, waits, and notices what a page must not do.
func TestBrowserKit(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(kitPages())
	defer server.Close()
	b := browse(t, browserOptions{Lang: "ar"})
	b.open(server.URL + "/good")
	b.seeRole("heading", "A page")
	b.fill("Your name", "مرحبا")
	b.choose("Colour", "Blue")
	b.click("button", "Say it")
	b.see("Hello مرحبا, blue, ar")
	b.frame("inner").click("button", "Inside")
	b.frame("inner").see("pressed inside")
	b.axe()
	b.wide()
	if got := evaluate[string](b, "Promise.resolve(document.title)"); got != "Good" {
		t.Errorf("evaluated: %q", got)
	}
	all := b.sent()
	if last := all[len(all)-1]; last.Method != "POST" || last.Path() != "/said" || string(last.Body) != "name=مرحبا" || last.Status != 200 {
		t.Errorf("sent at last: %+v", last)
	}
	if where, does := b.carries([]byte("مرحبا")); !does || where != "POST /said" {
		t.Errorf("the name went out with %q", where)
	}
	b.shot("good")
	b.open(server.URL + "/inner")
	b.back()
	b.seeRole("heading", "A page")
	b.forward()
	b.seeRole("heading", "Inner")
	b.back()
	b.sized(320, 600)
	if got := evaluate[int](b, "innerWidth"); got != 320 {
		t.Errorf("the window is %d wide", got)
	}
	begin := time.Now()
	b.slow("slow 3g", 4)
	b.reload()
	b.seeRole("heading", "A page")
	if took := time.Since(begin); took < 400*time.Millisecond {
		t.Errorf("over a thin line the page came in %v", took)
	}

	without := b.another(browserOptions{NoScript: true})
	without.open(server.URL + "/good")
	without.fill("Your name", "x")
	without.click("button", "Say it")
	without.see("said without script: x")

	bad := b.another(browserOptions{})
	bad.open(server.URL + "/bad")
	for _, want := range []string{"console.error: told", "thrown away", "http://elsewhere.invalid/", "404 /missing", "Content Security Policy", "alert: hello"} {
		bad.until(fmt.Sprintf("the kit to notice %q", want), func() bool { return strings.Contains(strings.Join(bad.watch.problems(), "\n"), want) })
	}
	if found := bad.violations(); !strings.Contains(fmt.Sprint(found), "image-alt") {
		t.Errorf("axe does not find the picture without words: %v", found)
	}
	bad.may("") // they were provoked
}
