package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// A running server writes the file of a deed itself, and it may live in a house of its own: its unit lets it write in the
// mission's folders alone, and its /tmp is another one.

type folderDeed struct {
	Mark string `json:"mark"` // a file that the operator sees
}

// folderFor asks a running server whether it may write beside a file, in the folder that the operator means. What cannot be
// asked is found out by the deed itself.
func folderFor(ctx context.Context, c *config, what, file string) error {
	mark, err := os.CreateTemp(filepath.Dir(file), ".amana-*")
	if err != nil {
		return nil
	}
	defer os.Remove(mark.Name())
	if err := mark.Close(); err != nil {
		return nil
	}
	with, err := json.Marshal(folderDeed{mark.Name()})
	if err != nil {
		return err
	}
	var open bool
	if served, err := askServer(ctx, c, deed{Do: "folder", With: with}, &open); !served || err != nil || open {
		return nil
	}
	home, err := filepath.Abs(filepath.Dir(c.path))
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: the running server writes the file, and cannot write in %s: its unit, or its container, gives it a house of its own. Let it write %s, and move that from there",
		what, filepath.Dir(file), filepath.Join(home, filepath.Base(file)))
}

// doFolder says whether this process sees a file that an operator made, and may write beside it.
func doFolder(_ context.Context, _ *house, with json.RawMessage) (any, error) {
	var d folderDeed
	if err := json.Unmarshal(with, &d); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(d.Mark); err != nil {
		return false, nil
	}
	own, err := os.CreateTemp(filepath.Dir(d.Mark), ".amana-*")
	if err != nil {
		return false, nil
	}
	own.Close()
	return os.Remove(own.Name()) == nil, nil
}
