package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts of confirm run the commands of the server and of the coordinator's machine in this process, on a house on
// the disk.
func TestConfirmScripts(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "confirm*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Files:         scripts,
		UpdateScripts: os.Getenv("AMANA_UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Values[scriptKey{}] = &script{machine: machine{dice: dice(1), now: func() time.Time { return someDay }}}
			e.Setenv("PASS", testPassphrase)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"amana": scriptAnywhere, "input": scriptInput, "status": scriptStatus,
			"public": scriptPublic, "joins": scriptJoins, "readers": scriptReaders, "tamper": scriptTamper, "fingerprint": scriptFingerprint,
		},
	})
}

// amana runs keys and open with cheap wrapping, and everything else as people do.
func scriptAnywhere(ts *testscript.TestScript, neg bool, args []string) {
	if args[0] == "keys" || args[0] == "open" {
		scriptAmana(ts, neg, args)
		return
	}
	s := scriptOf(ts)
	s.status = Main(context.Background(), &call{args: args, stdin: strings.NewReader(s.input), stdout: ts.Stdout(), stderr: ts.Stderr(), env: ts.Getenv, prove: proveOnce})
	s.input = ""
	if (s.status != 0) != neg {
		ts.Fatalf("exit status %d", s.status)
	}
}

// public NAME FILE puts what stands in a file, without the line's end, into a variable.
func scriptPublic(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

func houseOf(ts *testscript.TestScript, dir string) *house {
	conf, err := readConfig(ts.MkAbs(dir))
	ts.Check(err)
	h, err := openHouse(context.Background(), conf)
	ts.Check(err)
	return h
}

// joins HOUSE ID… lets each follow an invitation and bring a key made of id and a count, whose fingerprint goes to the
// file ID.print.
func scriptJoins(ts *testscript.TestScript, _ bool, args []string) {
	ctx, h := context.Background(), houseOf(ts, args[0])
	defer h.Close()
	for _, id := range args[1:] {
		e := ticket.Entry{ID: id, Name: strings.ToUpper(id), Org: "example_relief", Role: ticket.FocalPoint, Status: ticket.StatusConfirmed}
		word, err := h.registry.Invite(ctx, e, "en", false)
		ts.Check(err)
		at := bot.Address("telegram:" + word)
		_, err = h.registry.Follow(ctx, at, word)
		ts.Check(err)
		key, err := seal.NewIdentity(scriptOf(ts).dice)
		ts.Check(err)
		device, err := seal.NewDeviceKey(scriptOf(ts).dice)
		ts.Check(err)
		wrapped, err := seal.Wrap(key, testPassphrase, device, cheap)
		ts.Check(err)
		file, err := seal.Enrolment{Public: key.Public(), Wrapped: wrapped}.Encode()
		ts.Check(err)
		print, err := h.registry.Enrol(ctx, at, file)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(id+".print"), []byte(print+"\n"), 0o600))
	}
}

// readers HOUSE VERSION ID… compares who reads; VERSION is "held" where nothing is in force.
func scriptReaders(ts *testscript.TestScript, _ bool, args []string) {
	h := houseOf(ts, args[0])
	defer h.Close()
	p, err := h.registry.Propose(context.Background())
	ts.Check(err)
	got := []string{jsonOf(ts, p.Roster.Version)}
	if h.registry.Held() {
		got = []string{"held"}
	}
	for _, e := range h.registry.Roster().Entries {
		if e.Usable() {
			got = append(got, e.ID)
		}
	}
	if !slices.Equal(got, args[1:]) {
		ts.Fatalf("in force: %v, want %v", got, args[1:])
	}
}

// fingerprint ID looks whether the last command showed the fingerprint of somebody's key; "! fingerprint" says that it
// did not.
func scriptFingerprint(ts *testscript.TestScript, neg bool, args []string) {
	if strings.Contains(ts.ReadFile("stderr"), strings.TrimSpace(ts.ReadFile(args[0]+".print"))) == neg {
		ts.Fatalf("the fingerprint of %s was shown: %v", args[0], neg)
	}
}

func jsonOf(ts *testscript.TestScript, v any) string {
	b, err := json.Marshal(v)
	ts.Check(err)
	return string(b)
}

// tamper HOW FILE NEW changes what a server or a carrier could change.
func scriptTamper(ts *testscript.TestScript, _ bool, args []string) {
	spy, err := seal.NewIdentity(dice(99))
	ts.Check(err)
	var out any
	var p casework.Proposal
	var s store.Signed
	switch how, data := args[0], []byte(ts.ReadFile(args[1])); how {
	case "swap": // a key of the server's own in the place of a reader's
		ts.Check(json.Unmarshal(data, &p))
		roster, err := ticket.DecodeRoster(p.Statement)
		ts.Check(err)
		roster.Entries[0].Key = spy.Public()
		p.Statement, err = roster.Encode()
		ts.Check(err)
		out = p
	case "forget": // as if nothing had ever been signed
		ts.Check(json.Unmarshal(data, &p))
		p.Statement, p.Signature = nil, nil
		out = p
	case "unhold":
		ts.Check(json.Unmarshal(data, &p))
		p.Held, p.Nonce = false, nil
		out = p
	case "settle": // a signed file that refuses nobody any more
		ts.Check(json.Unmarshal(data, &s))
		s.Order.Settled = nil
		out = s
	default:
		ts.Fatalf("tamper %s?", how)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(jsonOf(ts, out)), 0o600))
}

// What is shown of an entry stands on its own line, whatever stands in it.
func TestDescribedIsPlain(t *testing.T) {
	e := ticket.Entry{Name: "Eve\n  stays     ana\x1b[2J", Org: "relief\u202e", Role: ticket.FocalPoint, Areas: []string{"b", "a"}, Backup: "bo", Child: true, Oversight: true}
	if got, want := described(e), "Eve   stays     ana[2J, relief, focal_point, areas a b, backup bo, for children, oversight"; got != want {
		t.Errorf("%q", got)
	}
}

// What the coordinator's machine remembers counts only with the coordinator's signature.
func TestLastSigned(t *testing.T) {
	key, err := seal.NewCoordinatorKey(dice(1))
	if err != nil {
		t.Fatal(err)
	}
	w := wallet{t.TempDir()}
	if r, err := w.lastSigned(key.Public()); err != nil || r.Version != 0 {
		t.Errorf("nothing yet: %d, %v", r.Version, err)
	}
	e := ticket.Entry{ID: "ana", Name: "Ana", Org: "relief", Role: ticket.FocalPoint, Key: newIdentity(t, 2).Public(), Status: ticket.StatusConfirmed}
	for n := range uint64(2) {
		s, err := casework.Sign(key, casework.Proposal{Last: ticket.Roster{Version: n}, Older: true, Pending: []ticket.Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.remember(s); err != nil {
			t.Fatal(err)
		}
		if r, err := w.lastSigned(key.Public()); err != nil || r.Version != n+1 || len(r.Entries) != 1 {
			t.Errorf("version %d, %v", r.Version, err)
		}
	}
	other, err := seal.NewCoordinatorKey(dice(3))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.lastSigned(other.Public()); err == nil || !strings.Contains(err.Error(), "signed with another key") {
		t.Errorf("another's: %v", err)
	}
	if err := os.WriteFile(w.path(rosterFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.lastSigned(key.Public()); err == nil {
		t.Error("a damaged file stands for none")
	}
}
