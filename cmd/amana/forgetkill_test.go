package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/kv/bolt"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

var forgetKills = flag.Int("forget-kills", len(stages), "how often TestForgetKilled kills each process that forgets")

// stages are the moments of a forgetting that can be seen from outside. A kill comes a random while after one of them.
var stages = []string{"asked", "carrying", "key gone", "renewing", "renewed"}

// TestForgetKilled kills `amana forget` with SIGKILL, and the server that forgets when it is asked, at random instants of
// the whole procedure: while what lives is carried over, when the key has gone, while the file is made anew, and behind that.
// Each is then started again, and told to forget again. What is held or open is there with its mailbox, nothing of the others
// is in any file, one statement says so, and the check finds nothing. So it is where damaged reports are given up.
func TestForgetKilled(t *testing.T) {
	t.Parallel()
	o := newOldMission(t)
	for _, how := range []string{"by the command", "by the server", givingUp} {
		hit, first := map[string]int{}, 0
		if *forgetKills <= len(stages) { // the server does the same work by the same deed
			first = map[string]int{"by the server": *forgetKills - 2, givingUp: *forgetKills - 1}[how]
		}
		for n := first; n < *forgetKills; n++ {
			stage := stages[n%len(stages)]
			if o.round(how, stage) {
				hit[stage]++
			}
			if t.Failed() {
				t.Fatalf("%s, killed when: %s", how, stage)
			}
		}
		t.Logf("%s: killed %v", how, hit)
		if *forgetKills > len(stages) && len(hit) < 3 { // with few kills chance and a busy machine may leave all of them too late
			t.Errorf("%s: killed in time at %v alone: this proves too little", how, hit)
		}
	}
	o.calledIn()
	if status, out, errs := o.try("check", "-config", o.config()); strings.Contains(out+errs, o.month) {
		t.Errorf("the check: status %d\n%s%s", status, out, errs)
	}
}

const givingUp = "by the command, giving up"

// oldMission has a month with reports that is due, and copies of its folders as they were before anything was forgotten.
type oldMission struct {
	*trial
	rand    *mrand.Rand
	month   string
	saved   string
	kept    map[string]bool // receipt → whether it outlives the month
	codes   map[string]string
	values  [][]byte // parts of every value that stands under the month
	gone    [][]byte // the keys of records of reports that are not kept
	usually time.Duration
}

const keptAnswer = "we have passed it on, and ask again"

func newOldMission(t *testing.T) *oldMission {
	o := &oldMission{trial: newTrial(t, trialOptions{}), kept: map[string]bool{}, codes: map[string]string{}, usually: time.Second}
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d (-kill-seed)", seed)
	o.rand = mrand.New(mrand.NewPCG(seed, 3))
	old := time.Now().AddDate(0, -27, 0)
	o.month = string(seal.MonthID(old, seal.Reports))
	keys := filepath.Join(o.dir, "keys")
	if err := os.RemoveAll(keys); err != nil {
		t.Fatal(err)
	}
	made, err := seal.CreateHouse(keys, old, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.PinCoordinator(o.coordinator); err != nil {
		t.Fatal(err)
	}
	o.joined()
	o.filed(old)
	o.amana("keys", "backup", "-config", o.config(), filepath.Join(o.tmp, "first.age"))
	o.saved = t.TempDir()
	for from, to := range o.folders() {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// folders of the mission, and where their copies lie.
func (o *oldMission) folders() map[string]string {
	return map[string]string{o.dir: filepath.Join(o.saved, "mission"), filepath.Join(o.run, "rt"): filepath.Join(o.saved, "run")}
}

// joined brings the staff into the roster without a server.
func (o *oldMission) joined() {
	o.Helper()
	h := o.house()
	for id, one := range o.hands {
		e := ticket.Entry{ID: id, Name: "Name of " + id, Org: one.org, Role: ticket.Role(one.role), Status: ticket.StatusConfirmed}
		word, err := h.registry.Invite(context.Background(), e, "en", false)
		at := bot.Address("telegram:" + id)
		if err == nil {
			_, err = h.registry.Follow(context.Background(), at, word)
		}
		if err == nil {
			_, err = h.registry.Enrol(context.Background(), at, o.enrolment(one))
		}
		if err != nil {
			o.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		o.Fatal(err)
	}
	o.confirm()
}

// filed opens the house as it was in the month that is due, and lets people report: some are answered and go on, one is on
// hold, the rest is closed.
func (o *oldMission) filed(old time.Time) {
	o.Helper()
	conf, err := readConfig(o.config())
	if err != nil {
		o.Fatal(err)
	}
	ctx, now := context.Background(), func() time.Time { return old }
	g := ground{now: now, rand: rand.Reader, kiln: o.kiln(), voices: conf.voicesDir()}
	if g.keys, err = seal.OpenHouse(conf.Keys, rand.Reader); err != nil {
		o.Fatal(err)
	}
	if g.roots, err = seal.OpenRoots(filepath.Join(o.tmp, "then"), old, rand.Reader); err != nil {
		o.Fatal(err)
	}
	file, err := bolt.Open(conf.Database, bolt.Options{Now: now})
	if err != nil {
		o.Fatal(err)
	}
	g.engine = file
	h, err := newHouse(ctx, conf, g)
	if err != nil {
		o.Fatal(err)
	}
	codeOf := map[string]bool{}
	for n := range 14 {
		who := [16]byte{7, byte(n)}
		done, err := h.registry.Commit(ctx, bot.Turn{
			Person: bot.Person(who), Mark: bot.Mark(who), Address: "telegram:77", Lang: "en",
			Filing: &bot.Filing{Flow: "report", Kind: "sea", Lang: "en", Facts: bot.Facts{
				{Flow: "report", Step: "age", Lang: "en", Values: []string{"adult"}},
				{Flow: "report", Step: "story", Lang: "en", Text: fmt.Sprintf("what happened to number %d", n)},
			}},
		})
		if err != nil {
			o.Fatal(err)
		}
		lines, err := h.registry.Inbox(ctx, "ana")
		if err != nil {
			o.Fatal(err)
		}
		i := slices.IndexFunc(lines, func(l casework.Line) bool { return !codeOf[l.Code] })
		code := lines[i].Code
		codeOf[code] = true
		state := ticket.Read
		if n%2 == 0 {
			state = ticket.Closed
		}
		opened, err := o.opensOut(h, code)
		if err == nil {
			_, err = h.registry.Answer(ctx, "ana", o.reply(opened, state, "en", keptAnswer))
		}
		if n == 0 && err == nil {
			_, err = h.registry.Hold(ctx, "ana", code, "court")
		}
		if err != nil {
			o.Fatal(err)
		}
		o.kept[done.Receipt], o.codes[done.Receipt] = n == 0 || state != ticket.Closed, code
	}
	o.remembersRecords(h, file)
	if err := h.Close(); err != nil {
		o.Fatal(err)
	}
}

// opensOut fetches what ana is handed of a report, and opens it.
func (o *oldMission) opensOut(h *house, code string) (opened, error) {
	out, err := h.registry.ReadOut(context.Background(), "ana", code)
	if err != nil {
		return opened{}, err
	}
	return openFile(out[0].Bytes, o.hands["ana"].key)
}

// remembersRecords keeps what a byte search looks for.
func (o *oldMission) remembersRecords(h *house, db kv.Store) {
	o.Helper()
	err := db.View(context.Background(), func(r kv.Reader) error {
		for from := []byte(nil); ; {
			page, err := r.Scan(from, nil, kv.MaxScan)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, p := range page {
				if under, is := seal.KeyOf(p.Value); is && string(under) == o.month {
					o.values = append(o.values, p.Value[5:37], p.Value[len(p.Value)-16:])
				}
			}
			from = kv.After(page[len(page)-1].Key)
		}
	})
	if err == nil {
		err = h.store.View(context.Background(), func(r *store.Read) error {
			return r.Reports(func(ref store.Ref, rep ticket.Report) error {
				if rep.State == ticket.Closed && !rep.Hold {
					o.gone = append(o.gone, ref[:])
				}
				return nil
			})
		})
	}
	if err != nil || len(o.values) < 100 || len(o.gone) != 6 {
		o.Fatalf("%d values and %d reports to be forgotten: %v", len(o.values), len(o.gone), err)
	}
}

// back brings the mission back to where nothing was forgotten.
func (o *oldMission) back() {
	o.Helper()
	for to, from := range o.folders() {
		err := os.RemoveAll(to)
		if err == nil {
			err = os.CopyFS(to, os.DirFS(from))
		}
		err = errors.Join(err, filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chmod(path, map[bool]fs.FileMode{false: 0o600, true: 0o700}[d.IsDir()])
		}))
		if err != nil {
			o.Fatal(err)
		}
	}
}

// round forgets once, is killed at a stage or a while after it, and forgets again. It says whether the kill came in time.
func (o *oldMission) round(how, stage string) (killed bool) {
	o.Helper()
	o.back()
	cmd := o.command("forget", "-config", o.config(), o.month)
	if how == givingUp {
		o.spoils(store.Ref(o.gone[0]), store.Ref(o.gone[1]))
		cmd = o.command("forget", "-config", o.config(), "-give-up", o.month)
		cmd.Stdin = strings.NewReader(o.month + "\n")
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	server := how == "by the server"
	if server {
		o.serve()
	}
	begin := o.look()
	if err := cmd.Start(); err != nil {
		o.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	before := time.Now()
	reached := o.awaits(stage, begin, ended)
	if server {
		o.kill()
	} else if reached {
		_ = cmd.Process.Signal(syscall.SIGKILL)
	}
	if reached {
		killed = <-ended != nil
	}
	if !killed {
		o.usually = time.Since(before)
	}

	if how == givingUp { // what is damaged still; all may be given up, and the month be gone
		_, more, errs := o.types(o.month+"\n", "forget", "-config", o.config(), "-give-up", o.month)
		said.WriteString(more + errs)
	}
	out := o.amana("forget", "-config", o.config()) // whatever is due still; the month may be gone, or not
	o.judge(said.String() + out)
	lost := strings.Contains(o.amana("forget", "-config", o.config(), "-statements"), "\ndamaged reports that were given up: 2\n")
	if lost != (how == givingUp) {
		o.Errorf("that two were given up is stated: %v; it said\n%s", lost, said.String())
	}
	return killed
}

// seen is what can be seen of a forgetting from outside.
type seen struct {
	changed time.Time
	file    os.FileInfo
	key     bool
	parts   int
}

func (o *oldMission) look() (s seen) {
	if info, err := os.Stat(o.database()); err == nil {
		s.file, s.changed = info, info.ModTime()
	}
	_, err := os.Stat(filepath.Join(o.dir, "keys", o.month))
	s.key = err == nil
	parts, _ := filepath.Glob(filepath.Join(o.dir, ".amana-*"))
	s.parts = len(parts)
	return s
}

// awaits waits until a stage is reached and a random while longer. It says no when the forgetting is over before that.
func (o *oldMission) awaits(stage string, begin seen, ended chan error) bool {
	while := time.Duration(o.rand.Int64N(int64(12 * time.Millisecond)))
	if stage == "asked" {
		while = time.Duration(o.rand.Int64N(int64(o.usually)))
	}
	changes, last := 4+o.rand.IntN(24), begin.changed
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(200 * time.Microsecond) {
		select {
		case err := <-ended:
			ended <- err
			return false
		default:
		}
		s := o.look()
		if !s.changed.Equal(last) {
			changes, last = changes-1, s.changed
		}
		if stage == "asked" || stage == "carrying" && changes <= 0 || stage == "key gone" && !s.key || stage == "renewing" && s.parts > 0 ||
			stage == "renewed" && s.file != nil && !os.SameFile(s.file, begin.file) {
			time.Sleep(while)
			return true
		}
	}
	o.Fatalf("%s was never reached", stage)
	return false
}

// judge holds what is there against what must be kept and what must be gone.
func (o *oldMission) judge(said string) {
	o.Helper()
	h := o.house()
	defer h.Close()
	ctx := context.Background()
	n := 0
	for receipt, kept := range o.kept {
		n++
		mail, err := h.registry.Open(ctx, bot.Person{9, byte(n)}, receipt)
		if err != nil && !errors.Is(err, bot.ErrWrongReceipt) {
			o.Errorf("opening a mailbox: %v", err)
		}
		if (err == nil) != kept {
			o.Errorf("the receipt of one that is kept=%v opens=%v; it said\n%s", kept, err == nil, said)
			continue
		}
		if !kept {
			continue
		}
		if len(mail.Answers) != 1 || mail.Answers[0].Text != keptAnswer {
			o.Errorf("the mailbox of one that is kept: %d answers", len(mail.Answers))
		}
		if got, err := o.opensOut(h, o.codes[receipt]); err != nil || !strings.HasPrefix(got.body.text("story"), "what happened to number ") {
			o.Errorf("what its reader is handed: %v", err)
		}
	}
	var f facts
	raw, err := doFacts(ctx, h, nil)
	if err != nil {
		o.Fatal(err)
	}
	f = raw.(facts)
	if len(f.Broken) > 0 || len(f.Forgetting.Broken) > 0 || f.Forgetting.Left || len(f.Forgetting.Returned) > 0 {
		o.Errorf("the check: %q %+v", f.Broken, f.Forgetting)
	}
	for _, d := range f.Forgetting.Months {
		if d.Is {
			o.Errorf("%s is still due", d.Month)
		}
	}
	all, _, err := h.keeper.Statements(ctx)
	if err != nil {
		o.Fatal(err)
	}
	stated := 0
	for _, s := range all {
		if strings.Contains(string(s.Text), o.month+"\n") {
			stated++
			if !strings.Contains(string(s.Text), "forgotten: "+o.month+"\n") || !strings.Contains(string(s.Text), `still in the key backup: "first.age"`) {
				o.Errorf("it is stated:\n%s", s.Text)
			}
		}
	}
	if stated != 1 {
		o.Errorf("stated %d times", stated)
	}
	if err := h.Close(); err != nil {
		o.Error(err)
	}
	o.searched()
	if err := bolt.Verify(ctx, o.database()); err != nil {
		o.Error(err)
	}
}

// searched looks for what is to be gone in every file of the mission.
func (o *oldMission) searched() {
	o.Helper()
	for dir := range o.folders() {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			if name := d.Name(); name == o.month || strings.HasPrefix(name, ".amana-") {
				o.Errorf("%s is left", name)
			}
			data, err := os.ReadFile(path)
			values := slices.DeleteFunc(slices.Clone(o.values), func(v []byte) bool { return !bytes.Contains(data, v) })
			keys := slices.DeleteFunc(slices.Clone(o.gone), func(k []byte) bool { return !bytes.Contains(data, k) })
			if len(values)+len(keys) > 0 {
				o.Errorf("in %s: %d parts of forgotten values and %d keys", d.Name(), len(values), len(keys))
			}
			return err
		})
		if err != nil {
			o.Error(err)
		}
	}
}

// calledIn notes that the key backup was destroyed, while the command is killed, until it is noted: once.
func (o *oldMission) calledIn() {
	o.Helper()
	first := filepath.Join(o.tmp, "first.age")
	if err := os.Remove(first); err != nil {
		o.Fatal(err)
	}
	o.amana("keys", "backup", "-config", o.config(), filepath.Join(o.tmp, "second.age"))
	begin := time.Now()
	if _, err := o.command("forget", "-config", o.config(), "-statements").Output(); err != nil {
		o.Fatal(err)
	}
	usually := time.Since(begin)
	for range 3 {
		cmd := o.command("forget", "-config", o.config(), "-destroyed", "first.age")
		if err := cmd.Start(); err != nil {
			o.Fatal(err)
		}
		time.Sleep(usually/2 + time.Duration(o.rand.Int64N(int64(usually))))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	if status, _, errs := o.try("forget", "-config", o.config(), "-destroyed", "first.age"); status != 0 && !strings.Contains(errs, "no key backup of that name") {
		o.Errorf("the word of its holder: status %d, %s", status, errs)
	}
	said := o.amana("forget", "-config", o.config(), "-statements")
	if strings.Count(said, `destroyed: "first.age"`) != 1 {
		o.Errorf("it is stated that it was destroyed:\n%s", said)
	}
}
