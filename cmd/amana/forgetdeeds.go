package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"amana/bot/casework"
	"amana/bot/kv"
	"amana/bot/retention"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// newKeeper wires what forgets.
func (h *house) newKeeper(rules retention.Rules) *retention.Keeper {
	clock := h.profile.clock()
	var renew func(context.Context) error // in a cluster that is the work of whoever keeps it: see checkCluster
	if h.bolt != nil {
		renew = h.bolt.Renew
	}
	var keeps func(context.Context) bool
	if h.shared() {
		keeps = func(ctx context.Context) bool { return len(kv.Fences(ctx)) > 0 }
	}
	return retention.New(retention.Options{
		Store: h.store, Keys: h.keys, Signer: h.keys, Verify: seal.VerifyStatement, Rules: rules, Due: h.registry.DueDay,
		Held: casework.HeldOn, Withdrawn: casework.WithdrawnOn, Final: clock.Withdraw,
		Sweep: func(ctx context.Context) error { return h.registry.SweepVoices(ctx, h.room.Named) },
		Keeps: keeps, Renew: renew, Now: h.now, Rand: h.registry.Rand,
	})
}

// spokenFor looks which voice messages have their records, beside other processes: those go at once with what is forgotten,
// and only what nobody has on record yet is waited for.
func (h *house) spokenFor(ctx context.Context) error {
	if !h.shared() {
		return nil
	}
	return h.registry.SweepVoices(ctx, h.room.Named)
}

// forgetDaily does what the server forgets by itself, and reminds of the rest.
func forgetDaily(ctx context.Context, h *house, log *slog.Logger) {
	if err := h.registry.NoteChain(ctx); err != nil && ctx.Err() == nil {
		log.Error("noting the audit chain of the mission", "error", err)
	}
	err := h.spokenFor(ctx)
	if err == nil {
		err = h.keeper.Tidy(ctx)
	}
	if err == nil && h.config.Retention.Automatic {
		var done []store.Month
		if done, err = h.keeper.Forget(ctx); len(done) > 0 {
			log.Warn("months were forgotten; make a key backup and a backup of the database now, and have the old key backups destroyed", "months", done, "remedy", "`amana check`")
		}
	}
	if err != nil && ctx.Err() == nil {
		log.Error("forgetting what is due", "error", err)
	}
	look, err := h.keeper.Look(ctx)
	if err != nil {
		return
	}
	for _, f := range checkForgetting(look) {
		if f.Level != remark {
			log.Warn(f.What, "remedy", f.Hint)
		}
	}
}

func doForgetLook(ctx context.Context, h *house, _ json.RawMessage) (any, error) {
	return h.keeper.Look(ctx)
}

func doForget(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var named []store.Month
	if err := json.Unmarshal(with, &named); err != nil {
		return nil, err
	}
	if err := h.spokenFor(ctx); err != nil {
		return nil, err
	}
	var done []store.Month
	err := h.asKeeper(ctx, func(ctx context.Context) (err error) {
		done, err = h.keeper.Forget(ctx, named...)
		return err
	})
	if err != nil && len(done) > 0 {
		err = fmt.Errorf("forgotten: %v; then: %w", done, err)
	}
	return done, err
}

// doForgetDestroyed notes that a key backup is gone. One whose file lies where it was written is not.
func doForgetDestroyed(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var name string
	if err := json.Unmarshal(with, &name); err != nil {
		return nil, err
	}
	var all []store.Backup
	if err := h.store.View(ctx, func(r *store.Read) (err error) {
		all, err = r.KeyBackups()
		return err
	}); err != nil {
		return nil, err
	}
	for _, b := range all {
		if b.Name != name || b.Path == "" {
			continue
		}
		if _, err := os.Lstat(b.Path); err == nil {
			return nil, fmt.Errorf("%s still lies on this machine: delete it first", b.Path)
		}
	}
	var b store.Backup
	err := h.asKeeper(ctx, func(ctx context.Context) (err error) {
		b, err = h.keeper.Destroyed(ctx, name)
		return err
	})
	if errors.Is(err, retention.ErrNoBackup) {
		var names []string
		for _, b := range all {
			names = append(names, retention.NameOf(b))
		}
		return nil, fmt.Errorf("%w: there are %v", err, names)
	}
	if b.Name == "" {
		return name, err
	}
	return retention.NameOf(b), err
}

// stated is what is printed of the statements.
type stated struct {
	All []store.Statement `json:"all"`
	Key string            `json:"key"`
}

func doForgetStatements(ctx context.Context, h *house, _ json.RawMessage) (any, error) {
	var s stated
	var err error
	s.All, s.Key, err = h.keeper.Statements(ctx)
	return s, err
}

func encode64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func decode64(s string) ([]byte, error) { return base64.StdEncoding.Strict().DecodeString(s) }

// holdDeed is what `amana hold` asks for.
type holdDeed struct {
	As   string `json:"as"`
	Code string `json:"code"`
	Why  string `json:"why"` // empty: the hold is lifted
	List bool   `json:"list"`
}

// holdDone is what came of it.
type holdDone struct {
	Again bool            `json:"again"`
	Holds []casework.Held `json:"holds"`
}

func doHold(ctx context.Context, h *house, with json.RawMessage) (out any, err error) {
	var d holdDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	var done holdDone
	if d.List {
		done.Holds, err = h.registry.Holds(ctx, d.As)
	} else {
		done.Again, err = h.registry.HoldFor(ctx, d.As, d.Code, d.Why)
	}
	if errors.Is(err, casework.ErrUnknown) {
		known := slices.ContainsFunc(h.registry.Roster().Entries, func(e ticket.Entry) bool { return e.ID == d.As })
		if !known {
			return nil, fmt.Errorf("nobody in the roster has the id %q", d.As)
		}
		return nil, fmt.Errorf("there is no report %s that %s sees", d.Code, d.As)
	}
	return done, err
}
