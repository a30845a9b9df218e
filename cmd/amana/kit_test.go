package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"amana/bot/flow"
	"amana/bot/seal"
	"amana/bot/speech"
	"amana/bot/telegram"
	"amana/bot/telegram/telegramtest"
)

// What the proofs of the whole program stand on: a mission made by the commands of an operator, a strict stand-in for
// Telegram, staff with real keys who joined through their bot, and the program as a process that can be killed.

const (
	peopleToken = "7000001:PeopleBotTokenPeopleBotTokenPeople1"
	staffToken  = "7000002:StaffBotTokenStaffBotTokenStaffBot2"
	firstStaff  = 9_300_100_001 // chat ids of staff count up from here
)

// childMark tells a run of this test binary that it is to be the program itself.
const childMark = "AMANA_TEST_IS_AMANA"

// quickMark tells the program that receipts may cost next to nothing, and that a chat takes as many messages as come: how
// they are spread is proved in bot/telegram, and in the trials that are not quick.
const quickMark = "AMANA_TEST_QUICK"

// formMark tells the program in which form it writes records, as if it were a later one.
const formMark = "AMANA_TEST_FORM"

// versionMark names its version.
const versionMark = "AMANA_TEST_VERSION"

// clockMark tells the program by how much the clock of its machine is ahead.
const clockMark = "AMANA_TEST_CLOCK"

// setMark names the file that says by how many seconds the clock of the machine was set since the program was started.
const setMark = "AMANA_TEST_WALL"

// TestItself is the program when a test starts this binary anew: with the race detector wherever the tests have it.
func TestItself(t *testing.T) {
	if os.Getenv(childMark) == "" {
		return
	}
	if err := limitDisk(os.Getenv(diskMark)); err != nil {
		t.Fatal(err)
	}
	var ground conditions
	if os.Getenv(quickMark) != "" {
		ground.kiln, ground.rates = seal.QuickKiln(), telegram.Rates{Chat: 1000, ChatBurst: 1000, All: 1000, AllBurst: 1000}
	}
	if named := os.Getenv(versionMark); named != "" {
		version = named
	}
	if form := os.Getenv(formMark); form != "" {
		if _, err := fmt.Sscan(form, &ground.form); err != nil {
			t.Fatal(err)
		}
	}
	if ahead := os.Getenv(clockMark); ahead != "" {
		var err error
		if ground.ahead, err = time.ParseDuration(ahead); err != nil {
			t.Fatal(err)
		}
	}
	if file := os.Getenv(setMark); file != "" {
		ground.set = func() time.Duration {
			text, _ := os.ReadFile(file)
			seconds, _ := strconv.Atoi(string(text))
			return time.Duration(seconds) * time.Second
		}
	}
	end, err := ground.load(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	status := process(flag.Args(), ground)
	end()
	os.Exit(status)
}

// diskMark names the size in bytes beyond which no file of the program may grow, as if the disk were full, until it gets
// the signal SIGUSR1.
const diskMark = "AMANA_TEST_DISK"

func limitDisk(size string) error {
	if size == "" {
		return nil
	}
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	limit := was
	if _, err := fmt.Sscan(size, &limit.Cur); err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // the write fails instead, as on a full disk
	room := make(chan os.Signal, 1)
	signal.Notify(room, syscall.SIGUSR1)
	go func() {
		<-room
		_ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was)
	}()
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

// trial is one mission under test.
type trial struct {
	testing.TB
	dir, run, tmp string // of the mission, the runtime directory, and temporary files of the program
	program       string // a built program; empty runs this test binary instead
	level         string // of the log
	quick         bool
	form          int    // in which the program writes; zero: as it does
	version       string // that it gives itself
	desked        bool   // the mission has a desk, to which invitations lead if nothing is said
	env           []string
	api           *telegramtest.Server
	book          *speech.Book
	hands         map[string]*staffer
	recovery      seal.Identity
	coordinator   string // the public key
	served        *served
	tokens        [2]string
}

// staffer is somebody of the staff: who they are, their own key, and their phone.
type staffer struct {
	id, org, role, lang string
	flags               []string
	key                 seal.Identity
	phone               *telegramtest.User
}

// usualStaff are six people of three organisations.
func usualStaff() []*staffer {
	return []*staffer{
		{id: "ana", org: "example_relief", role: "focal_point", flags: []string{"-backup", "bea"}},
		{id: "bea", org: "example_relief", role: "backup"},
		{id: "hana", org: "example_health", role: "focal_point", lang: "ar"},
		{id: "chi", org: "example_children", role: "focal_point", flags: []string{"-child"}},
		{id: "cora", org: "example_health", role: "coordinator"},
		{id: "olga", org: "example_children", role: "oversight"},
	}
}

// careStaff are those besides them who read what nobody else may: help after harm in private life, and about children.
func careStaff() []*staffer {
	return append(usualStaff(),
		&staffer{id: "sami", org: "example_shelter", role: "focal_point", flags: []string{"-kind", "support"}},
		&staffer{id: "mina", org: "example_health", role: "focal_point", flags: []string{"-kind", "support,child", "-child"}},
		&staffer{id: "kima", org: "example_children", role: "focal_point", flags: []string{"-kind", "child", "-child"}},
	)
}

// ways lead to everything else that can be sent than a report: flow to what is answered on the way to it.
func ways(story string) map[string]map[string]string {
	out := map[string]map[string]string{
		"feedback":    {"menu": "feedback", "about": "goods", "age": "adult", "hurt": "no"},
		"participate": {"menu": "topics", "topics": "participate", "what": "suggest"},
		"remedy":      {"menu": "topics", "topics": "remedy", "want": "tell_me", "age": "adult"},
		"support":     {"menu": "support", "age": "adult", "danger": "no", "by": "no", "begin": "go_on"},
		"child":       {"menu": "child", "age": "under_18", "danger": "no", "by": "no", "begin": "go_on"},
	}
	for _, plan := range out {
		for step, want := range map[string]string{"involved": "no", "story": story, "question": story, "consent_complaint": "yes", "consent_send": "yes"} {
			plan[step] = want
		}
	}
	return out
}

// options of a trial; the zero value is the usual one.
type trialOptions struct {
	staff   []*staffer // nil: usualStaff
	config  string     // lines at the end of the configuration
	fake    telegramtest.Options
	program string
	level   string
	costly  bool // a receipt costs what the protocol wants, as it does wherever a built program runs
}

// newTrial makes a mission and the fake, and starts nothing.
func newTrial(tb testing.TB, o trialOptions) *trial {
	tb.Helper()
	book, err := readWords()
	if err != nil {
		tb.Fatal(err)
	}
	t := &trial{
		TB: tb, dir: filepath.Join(tb.TempDir(), "mission"), tmp: tb.TempDir(), program: o.program, level: o.level, book: book, quick: !o.costly && o.program == "",
		hands: map[string]*staffer{}, tokens: [2]string{peopleToken, staffToken},
	}
	if t.level == "" {
		t.level = "info"
	}
	t.run = shortDir(tb)
	fake := o.fake
	if fake.Bots == nil {
		fake.Bots = []telegramtest.BotOptions{{Token: peopleToken, Username: "people_bot"}, {Token: staffToken, Username: "staff_bot"}}
	}
	if fake.Hammer == 0 {
		fake.Hammer = time.Millisecond // a program that starts anew asks for the same offset again, as it must
	}
	t.api = telegramtest.New(fake).Start(tb)
	t.makeMission(o.config)
	t.desked = strings.Contains(o.config, "desk:")
	staff := o.staff
	if staff == nil {
		staff = usualStaff()
	}
	for n, s := range staff {
		t.hands[s.id] = s
		if s.lang == "" {
			s.lang = "en"
		}
		if s.key, err = seal.NewIdentity(rand.Reader); err != nil {
			tb.Fatal(err)
		}
		s.phone = t.api.Bot(staffToken).User(firstStaff+int64(n), telegramtest.UserOptions{FirstName: "Staff " + s.id, Language: s.lang})
	}
	tb.Cleanup(func() {
		t.stop()
		if tb.Failed() {
			tb.Logf("the end of the program's log:\n%s", tail(t.log(), 6000))
		}
	})
	return t
}

// stock brings the invented directory of the place into the mission.
func (t *trial) stock() {
	t.Helper()
	t.amana("import", "-config", t.config(), "../../flows/profiles/example/areas.csv", "../../flows/profiles/example/services.csv")
}

// shortDir gives a folder on a memory file system where there is one, with a name short enough for sockets.
func shortDir(tb testing.TB) string {
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "amana-test-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// makeMission does what an operator of a small mission does: a coordinator's key, a recovery key, init, and some lines
// of configuration.
func (t *trial) makeMission(lines string) {
	t.Helper()
	side := t.TempDir()
	coordinator := filepath.Join(side, "coordinator.key")
	public := strings.TrimSpace(t.amana("keys", "coordinator", "-plain", coordinator))
	t.coordinator = public
	t.amana("init", "-coordinator", public, "-runtime", filepath.Join(t.run, "rt"), t.dir)
	var err error
	if t.recovery, err = seal.NewIdentity(rand.Reader); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.dir, "amana.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"least: 2m": "least: 0s", "normal: 15m": "normal: 0s", "urgent: 2m": "urgent: 0s"} {
		if !bytes.Contains(text, []byte(from)) {
			t.Fatalf("the configuration that init writes has no line %q", from)
		}
		text = bytes.ReplaceAll(text, []byte(from), []byte(to))
	}
	text = fmt.Appendf(text, "\ncoordinator:\n  key: %s\nrecovery:\n  - {id: recovery-1, name: \"Recovery key 1\", org: example_relief, key: %s, holder: cora}\n%s\n",
		coordinator, t.recovery.Public(), lines)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) config() string   { return filepath.Join(t.dir, "amana.yaml") }
func (t *trial) database() string { return filepath.Join(t.dir, "amana.db") }
func (t *trial) logFile() string  { return filepath.Join(filepath.Dir(t.dir), "serve.log") }

func (t *trial) log() string {
	b, err := os.ReadFile(t.logFile())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	return string(b)
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// amana runs a command in this process and gives its standard output; it must succeed.
func (t *trial) amana(args ...string) string {
	t.Helper()
	status, out, errs := t.try(args...)
	if status != 0 {
		t.Fatalf("amana %s: status %d\n%s", strings.Join(args, " "), status, errs)
	}
	return out
}

// try runs a command in this process.
func (t *trial) try(args ...string) (status int, out, errs string) { return t.types("", args...) }

// types runs it while somebody types.
func (t *trial) types(typed string, args ...string) (status int, out, errs string) {
	var stdout, stderr bytes.Buffer
	env := map[string]string{"AMANA_TELEGRAM_TOKEN": t.tokens[0], "AMANA_STAFF_TOKEN": t.tokens[1]}
	if t.api != nil {
		env["AMANA_TELEGRAM_API"] = t.api.URL()
	}
	status = Main(telegramtest.Within(endurance), &call{
		args: args, stdin: strings.NewReader(typed), stdout: &stdout, stderr: &stderr, env: func(name string) string { return env[name] },
		prove: proveOnce,
	})
	return status, stdout.String(), stderr.String()
}

// proofs are those of missions that ask no more than what is shipped, by what tells them apart.
var proofs sync.Map

// proveOnce proves what several missions of these tests ask alike for the first of them, in full. Flows and words of a
// mission's own are proved each time.
func proveOnce(c *config, set *flow.Set, t flow.Texts, l flow.Limits) flow.Report {
	if c.Flows != "" || c.Locales != "" || !slices.Contains(shippedProfiles(), c.Profile) {
		return flow.Check(set, t, l)
	}
	proof, _ := proofs.LoadOrStore(fmt.Sprint(c.Profile, c.Languages), sync.OnceValue(func() flow.Report { return flow.Check(set, t, l) }))
	return proof.(func() flow.Report)()
}

// command is the program as a process, not yet started.
func (t *trial) command(args ...string) *exec.Cmd {
	name, all := t.program, args
	if name == "" {
		name, all = os.Args[0], append([]string{"-test.run=^TestItself$", "--"}, args...)
	}
	cmd := exec.Command(name, all...)
	cmd.Env = append([]string{
		"GORACE=" + os.Getenv("GORACE"), "PATH=" + os.Getenv("PATH"), "HOME=" + t.tmp, "TMPDIR=" + t.tmp, childMark + "=1",
		"AMANA_TELEGRAM_TOKEN=" + t.tokens[0], "AMANA_STAFF_TOKEN=" + t.tokens[1], "AMANA_TELEGRAM_API=" + t.api.URL(),
	}, t.env...)
	if t.quick {
		cmd.Env = append(cmd.Env, quickMark+"=1")
	}
	if t.form > 0 {
		cmd.Env = append(cmd.Env, formMark+"="+fmt.Sprint(t.form), versionMark+"="+t.version)
	}
	return cmd
}

// served is a running `amana serve`.
type served struct {
	cmd    *exec.Cmd
	ended  chan struct{} // closed once it is gone
	err    error         // of its end
	states chan string   // what it told the service manager
	close  func()
}

// launch starts `amana serve` and waits for nothing.
func (t *trial) launch() *served {
	t.Helper()
	dir := shortDir(t)
	path := filepath.Join(dir, "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.OpenFile(t.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	s := &served{cmd: t.command("serve", "-config", t.config(), "-log", t.level), ended: make(chan struct{}), states: make(chan string, 16)}
	s.cmd.Env = append(s.cmd.Env, "NOTIFY_SOCKET="+path)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	log.Close()
	go func() {
		defer close(s.states)
		b := make([]byte, 256)
		for {
			n, _, err := manager.ReadFromUnix(b)
			if err != nil {
				return
			}
			s.states <- string(b[:n])
		}
	}()
	go func() {
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	s.close = func() {
		manager.Close()
		os.RemoveAll(dir)
	}
	t.served = s
	return s
}

// patience bounds every wait in these proofs. It is long because machines that test are busy; no test passes or fails
// by how long something took.
const patience = 3 * time.Minute

// endurance bounds a command, which works instead of waiting: a check proves every path of every flow, and under the race
// detector, beside other tests, that takes longer than anybody may be made to wait for an answer.
const endurance = 10 * time.Minute

// serve starts `amana serve` and waits until it says that it is ready.
func (t *trial) serve() {
	t.Helper()
	s := t.launch()
	select {
	case state := <-s.states:
		if state != "READY=1" {
			t.Fatalf("the first word to the service manager was %q", state)
		}
	case <-s.ended:
		s.close()
		t.Fatalf("amana serve ended at once: %v\n%s", s.err, tail(t.log(), 3000))
	case <-time.After(patience):
		t.Fatal("amana serve did not become ready")
	}
}

// kill ends the server as a power cut of the process would.
func (t *trial) kill() {
	if s := t.served; s != nil {
		_ = s.cmd.Process.Signal(syscall.SIGKILL)
		<-s.ended
		s.close()
		t.served = nil
	}
}

// stop asks the server to end, and fails if it does not end well.
func (t *trial) stop() {
	t.Helper()
	s := t.served
	if s == nil {
		return
	}
	t.served = nil
	defer s.close()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
		if s.err != nil {
			t.Errorf("amana serve ended with %v", s.err)
		}
	case <-time.After(patience):
		_ = s.cmd.Process.Signal(syscall.SIGKILL)
		t.Error("amana serve did not stop when it was asked to")
	}
}

// enrol brings the staff into the roster, through their bot and the coordinator.
func (t *trial) enrol() {
	t.Helper()
	for _, h := range t.hands {
		t.invite(h)
	}
	t.confirm()
	for _, h := range t.hands {
		t.saw(h.phone, t.words(h.lang, "staff.confirmed", nil))
	}
}

// confirm signs everybody who waits.
func (t *trial) confirm() { t.amana("confirm", "-config", t.config(), "-yes") }

var linkLine = regexp.MustCompile(`^https://t\.me/staff_bot\?start=(\S+)\n$`)

// invite makes a link, follows it on the phone, and sends the enrolment file that belongs to the person's key.
func (t *trial) invite(h *staffer) {
	t.Helper()
	args := append([]string{
		"invite", "-config", t.config(), "-id", h.id, "-name", "Name of " + h.id, "-org", h.org, "-role", h.role, "-lang", h.lang,
	}, h.flags...)
	if t.desked {
		args = append(args, "-at", "telegram")
	}
	link := linkLine.FindStringSubmatch(t.amana(args...))
	if link == nil {
		t.Fatal("standard output of invite is not the link alone")
	}
	h.phone.Start(link[1])
	t.saw(h.phone, t.words(h.lang, "staff.enrol.how", nil))
	h.phone.SendDocument(h.id+".amana", t.enrolment(h))
	t.saw(h.phone, seal.Fingerprint(h.key.Public()))
}

// enrolment is the file that `amana keys new` writes, with a passphrase that costs a test less.
func (t *trial) enrolment(h *staffer) []byte {
	t.Helper()
	device, err := seal.NewDeviceKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := seal.Wrap(h.key, "a passphrase of "+h.id, device, 10)
	if err != nil {
		t.Fatal(err)
	}
	file, err := seal.Enrolment{Public: h.key.Public(), Wrapped: wrapped}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// words says a key as the program says it.
func (t *trial) words(lang, key string, args speech.Args) string {
	t.Helper()
	text, err := t.book.Text(lang, key, args)
	if err != nil {
		t.Fatal(err)
	}
	return speech.Paragraph(lang, text)
}

// saw waits until somebody has been shown words, at any time.
func (t *trial) saw(u *telegramtest.User, words string) {
	t.Helper()
	if err := u.WaitSeen(telegramtest.Within(patience), words); err != nil {
		t.Fatalf("waiting for %q: %v", words, err)
	}
}

// person is somebody with a phone who knows the bot for people.
func (t *trial) person(id int64, lang string) *telegramtest.User {
	return t.api.Bot(peopleToken).User(id, telegramtest.UserOptions{Language: lang})
}

// house opens the mission in this process. The server must not run.
func (t *trial) house() *house {
	t.Helper()
	conf, err := readConfig(t.config())
	if err != nil {
		t.Fatal(err)
	}
	conf.ground.kiln, conf.ground.form = t.kiln(), t.form
	h, err := openHouse(context.Background(), conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// kiln gives one in which the receipts of this mission are stretched.
func (t *trial) kiln() *seal.Kiln {
	if t.quick {
		return seal.QuickKiln()
	}
	return seal.NewKiln()
}

func move(tb testing.TB, from, to string) {
	tb.Helper()
	if err := os.Rename(from, to); err != nil {
		tb.Fatal(err)
	}
}
