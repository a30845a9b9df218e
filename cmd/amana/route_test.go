package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// The scripts of routes ask real commands about a house on the disk whose roster is signed.
func TestRouteScripts(t *testing.T) {
	coordinator, err := seal.NewCoordinatorKey(dice(7))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files:         []string{"testdata/script/route.txtar"},
		UpdateScripts: os.Getenv("AMANA_UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Values[scriptKey{}] = &script{machine: machine{dice: dice(1), now: func() time.Time { return someDay }}}
			e.Setenv("COORDINATOR", coordinator.Public())
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"amana": scriptAnywhere, "status": scriptStatus,
			"staff": func(ts *testscript.TestScript, _ bool, args []string) { scriptStaff(ts, coordinator, args) },
			"group": scriptGroup, "amend": scriptAmend,
		},
	})
}

// staff HOUSE ID:ORGANISATION:ROLE[:BACKUP]… signs people into the roster, each with an address.
func scriptStaff(ts *testscript.TestScript, coordinator seal.CoordinatorKey, args []string) {
	ctx, h := context.Background(), houseOf(ts, args[0])
	defer h.Close()
	p, err := h.registry.Propose(ctx)
	ts.Check(err)
	for n, who := range args[1:] {
		f := append(strings.Split(who, ":"), "")
		key, err := seal.NewIdentity(dice(byte(n + 1)))
		ts.Check(err)
		p.Pending = append(p.Pending, ticket.Entry{
			ID: f[0], Name: strings.ToUpper(f[0]), Org: "example_" + f[1], Role: ticket.Role(f[2]), Backup: f[3], Key: key.Public(), Status: ticket.StatusConfirmed,
		})
	}
	s, err := casework.Sign(coordinator, p)
	ts.Check(err)
	ts.Check(h.registry.Apply(ctx, s))
	ts.Check(h.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		for _, e := range p.Pending {
			if err := w.PutContact(store.Contact{ID: e.ID, Address: bot.Address("telegram:" + e.ID), Lang: "en"}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// group HOUSE FILE lets a group say the line that amana invite -team printed to a file.
func scriptGroup(ts *testscript.TestScript, neg bool, args []string) {
	h := houseOf(ts, args[0])
	defer h.Close()
	word := strings.TrimSpace(strings.TrimPrefix(ts.ReadFile(args[1]), "/start "))
	reply, err := h.office.Hear(context.Background(), bot.Incoming{Kind: bot.Start, Group: true, Payload: word, Address: bot.Address(args[2])})
	ts.Check(err)
	if joined := len(reply.Outs) == 1 && strings.Contains(reply.Outs[0].Text, "belongs to the team"); joined == neg {
		ts.Fatalf("the group was told %+v", reply.Outs)
	}
}

// amend CONFIG FILE adds lines to a configuration; one that begins with digest goes into its block of notices.
func scriptAmend(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		if strings.HasPrefix(line, "digest") {
			text = strings.Replace(text, "\nnotices:\n", "\nnotices:\n  "+line, 1)
			continue
		}
		text += line
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
