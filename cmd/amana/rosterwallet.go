package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// rosterFile is what the coordinator's machine remembers of the roster that it signed last, beside the key. It needs no
// protection of its own: it counts only with that key's signature. Without it a server could have an old roster signed
// anew, and bring back whoever was revoked since.
const rosterFile = "roster.signed"

type rememberedRoster struct {
	Statement []byte `json:"statement"`
	Signature []byte `json:"signature"`
}

// signerWallet gives the folder in which a coordinator's key lies, and the name of its file; an empty path stands for
// the coordinator's own folder, and a folder for the key in it.
func signerWallet(path string) (w wallet, name string, err error) {
	if path == "" {
		w, err = openWallet("")
		return w, signerFile, err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return wallet{path}, signerFile, nil
	}
	return wallet{filepath.Dir(path)}, filepath.Base(path), nil
}

// lastSigned gives the roster that was signed last on this machine; version 0 if it remembers none.
func (w wallet) lastSigned(coordinator string) (ticket.Roster, error) {
	if !w.has(rosterFile) {
		return ticket.Roster{}, nil
	}
	data, err := w.read(rosterFile, "")
	if err != nil {
		return ticket.Roster{}, err
	}
	var kept rememberedRoster
	var roster ticket.Roster
	if err = json.Unmarshal(data, &kept); err == nil {
		roster, err = ticket.DecodeRoster(kept.Statement)
	}
	if err != nil || seal.VerifyRoster(coordinator, roster.Canonical(), kept.Signature) != nil {
		return ticket.Roster{}, fmt.Errorf("%s is damaged, or was signed with another key: put it back from a copy. Only if there is none, move it away: "+
			"the next signing then shows every key, and nothing on this machine can tell an old roster from the last", w.path(rosterFile))
	}
	return roster, nil
}

// remember keeps what was signed, in place of what was signed before.
func (w wallet) remember(s store.Signed) error {
	data, err := json.Marshal(rememberedRoster{s.Statement, s.Signature})
	if err != nil {
		return err
	}
	return w.replace(rosterFile, append(data, '\n'))
}
