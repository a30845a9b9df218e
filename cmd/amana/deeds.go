package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"amana/bot"
	"amana/bot/casework"
	"amana/bot/kv/bolt"
	"amana/bot/retention"
	"amana/bot/sheet"
	"amana/bot/store"
	"amana/bot/ticket"
)

// A deed is work on the database that an operator asks for. While the server runs it owns the file, so the command
// sends the deed through the control socket; otherwise the command opens the house and does the same itself.
type deed struct {
	Do   string          `json:"do"`
	With json.RawMessage `json:"with,omitempty"`
}

type inviteDeed struct {
	Entry  ticket.Entry `json:"entry"`
	Lang   string       `json:"lang"`
	Sealed bool         `json:"sealed"`
	At     bot.Address  `json:"at,omitempty"`
}

type copyDeed struct {
	Path string `json:"path"`
}

// facts is what the check wants to know of a database.
type facts struct {
	Roster  ticket.Roster     `json:"roster"`
	Pending []string          `json:"pending"`
	Held    bool              `json:"held"`
	Dead    map[string]string `json:"dead"`    // reader → why notices to them were given up
	Backlog int               `json:"backlog"` // notices that wait
	Missing []string          `json:"missing"` // readers who cannot be reached at all
	AtDesk  []string          `json:"at_desk"` // readers who are told nothing beside the desk
	Told    []casework.Told   `json:"told"`
	Backups []store.Backup    `json:"backups"`
	Gaps    []store.Gap       `json:"gaps"`   // what was looked for this month and not found
	Broken  []string          `json:"broken"` // what does not hold together in the database
	Memory  bool              `json:"memory"` // the runtime directory is lost with the power
	Groups  []string          `json:"groups"` // teams that have a group
	Silent  map[string]int    `json:"silent"` // deadlines beyond every rung, by step
	Shut    casework.Shut     `json:"shut"`   // open reports that nobody opens to whom they could come
	Pinned  bool              `json:"pinned"` // a coordinator's public key lies in the key directory
	Ends    *time.Time        `json:"ends"`   // until when there are month keys, where nobody makes them by themselves

	Forgetting retention.Outlook `json:"forgetting"`
	Cluster    *clusterFacts     `json:"cluster"` // nil where the database is a file
}

// deeds is the table of what can be asked for.
var deeds = map[string]func(context.Context, *house, json.RawMessage) (any, error){
	"invite":  doInvite,
	"team":    doInviteTeam,
	"routing": doRouting,
	"propose": doPropose,
	"browser": doBrowser,
	"apply":   doApply,
	"copy":    doCopy,
	"folder":  doFolder,
	"keys":    doKeys,
	"share":   doShare,
	"months":  doMonths,
	"facts":   doFacts,
	"told":    doTold,
	"notices": doNotices,
	"numbers": doNumbers,

	"forget browsers":   doForgetBrowsers,
	"forget look":       doForgetLook,
	"forget":            doForget,
	"forget give up":    doForgetGiveUp,
	"forget destroyed":  doForgetDestroyed,
	"forget statements": doForgetStatements,
	"hold":              doHold,

	"directory":        doDirectory,
	"directory pages":  doDirectoryPages,
	"directory begin":  doDirectoryBegin,
	"directory put":    doDirectoryPut,
	"directory switch": doDirectorySwitch,
	"directory undo":   doDirectoryUndo,
}

// ask does a single deed where the database is: in the running server, or here.
func ask(ctx context.Context, c *config, name string, with, answer any) error {
	r := &reach{config: c}
	defer r.Close()
	return r.ask(ctx, name, with, answer)
}

func do(ctx context.Context, h *house, d deed) (any, error) {
	f, ok := deeds[d.Do]
	if !ok {
		return nil, fmt.Errorf("the server does not know the deed %q; it is of another version", d.Do)
	}
	return f(ctx, h, d.With)
}

func doInvite(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d inviteDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	if !slices.Contains(h.offered, d.Lang) {
		return nil, fmt.Errorf("invite: -lang %q is not on offer here; %s", d.Lang, sheet.Known(d.Lang, h.offered))
	}
	if d.At != "" {
		return h.registry.InviteTold(ctx, d.Entry, d.Lang, d.Sealed, d.At)
	}
	return h.registry.Invite(ctx, d.Entry, d.Lang, d.Sealed)
}

func doPropose(ctx context.Context, h *house, _ json.RawMessage) (any, error) {
	return h.propose(ctx)
}

// recovery gives the recovery keys of the configuration as entries that wait for the coordinator.
func (c *config) recovery() (out []ticket.Entry) {
	for _, r := range c.Recovery {
		out = append(out, ticket.Entry{
			ID: r.ID, Name: r.Name, Org: r.Org, Role: ticket.Recovery, Key: r.Key, Holder: r.Holder, Status: ticket.StatusConfirmed,
		})
	}
	return out
}

func doApply(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var s store.Signed
	if err := json.Unmarshal(with, &s); err != nil {
		return nil, err
	}
	return "", h.registry.Apply(ctx, s)
}

func doCopy(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d copyDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	if err := bolt.Copy(ctx, d.Path, h.base.Walk); err != nil {
		return nil, err
	}
	n, err := h.copyVoices(ctx, voicesCopy(d.Path)) // after the database: whatever that refers to is there
	if err != nil {
		err = fmt.Errorf("copying the voice messages: %w", err)
	}
	return n, err
}

// doKeys writes the key directory, sealed to the recovery keys, and notes which keys that copy holds.
func doKeys(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var d copyDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	ids, err := backupKeys(ctx, h.keys, h.store, h.config.recoveryKeys(), d.Path, h.now())
	return ids, err
}

func (c *config) recoveryKeys() (keys []string) {
	for _, r := range c.Recovery {
		keys = append(keys, r.Key)
	}
	return keys
}

func doFacts(ctx context.Context, h *house, _ json.RawMessage) (any, error) {
	f, err := quickFacts(ctx, h)
	if err != nil {
		return nil, err
	}
	if f.Silent, err = h.registry.Silent(ctx); err != nil {
		return nil, err
	}
	if f.Shut, err = h.registry.Shut(ctx); err != nil {
		return nil, err
	}
	f.Cluster = h.clusterOf(ctx)
	f.Broken, err = h.registry.Verify(ctx)
	return f, err
}

// quickFacts are those that take no reading of everything, for which a start must not wait.
func quickFacts(ctx context.Context, h *house) (f facts, err error) {
	f = facts{Roster: h.registry.Roster(), Held: h.registry.Held(), Memory: h.roots.Memory()}
	_, f.Pinned = h.keys.Coordinator()
	if h.shared() {
		ends := monthsLeft(h.keys.Living(), h.now())
		f.Ends = &ends
	}
	if h.keeper != nil {
		if f.Forgetting, err = h.keeper.Look(ctx); err != nil {
			return f, err
		}
	}
	p, err := h.registry.Propose(ctx)
	if err != nil {
		return f, err
	}
	if f.Groups, err = h.registry.GroupsOfTeams(ctx); err != nil {
		return f, err
	}
	for _, e := range p.Pending {
		f.Pending = append(f.Pending, e.ID)
	}
	if f.Dead, err = h.registry.Dead(ctx); err != nil {
		return f, err
	}
	if f.Told, err = h.registry.Everybody(ctx); err != nil {
		return f, err
	}
	if f.Backlog, err = h.registry.Backlog(ctx); err != nil {
		return f, err
	}
	err = h.store.View(ctx, func(r *store.Read) error {
		f.Missing = nil
		for _, e := range f.Roster.Entries {
			if e.Role == ticket.Recovery || !e.Usable() {
				continue
			}
			if _, found, err := r.Contact(e.ID); err != nil {
				return err
			} else if !found {
				f.Missing = append(f.Missing, e.ID)
			}
		}
		var err error
		if f.Gaps, err = r.Gaps(h.now()); err != nil {
			return err
		}
		f.Backups, err = r.KeyBackups()
		return err
	})
	if err != nil {
		return f, err
	}
	for _, e := range f.Roster.Entries {
		if e.Role == ticket.Recovery || !e.Usable() || slices.Contains(f.Missing, e.ID) {
			continue
		}
		me, err := h.registry.WhoAmI(ctx, e.ID)
		if err != nil {
			return f, err
		}
		if !me.Elsewhere {
			f.AtDesk = append(f.AtDesk, e.ID)
		}
	}
	return f, nil
}

// copyName gives the whole path of a file to be written by whoever does the deed, and refuses one that is there.
func copyName(path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(whole); err == nil {
		return "", fmt.Errorf("%s exists; a backup is never written over something", path)
	}
	return whole, nil
}
