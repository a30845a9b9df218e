package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"amana/bot/casework"
	"amana/bot/kv/bolt"
)

func runBackup(ctx context.Context, c *call) error {
	conf, name, err := c.missionAndFile("backup", "Copies the database, compacted, into FILE, while it is served or not. Nothing that was deleted is in the\ncopy, and nothing in it can be read without the key directory: see `amana keys backup` for that.")
	if err != nil {
		return err
	}
	file, err := copyName(name)
	if err != nil {
		return err
	}
	if within(conf.Keys, file) {
		return usagef("backup: %s lies in the key directory; whoever takes one must not get the other", name)
	}
	var nothing string
	if err := ask(ctx, conf, "copy", copyDeed{Path: file}, &nothing); err != nil {
		return err
	}
	if err := bolt.Verify(ctx, file); err != nil {
		return fmt.Errorf("checking the copy: %w", err)
	}
	fmt.Fprintf(c.stderr, "copied and checked: %s\n", name)
	return nil
}

func runRestore(ctx context.Context, c *call) error {
	conf, name, err := c.missionAndFile("restore", "Checks a backup and makes the database of it, where there is none. Until the coordinator has confirmed the\nroster in it, nothing is sealed or handed out: somebody may have been revoked since.")
	if err != nil {
		return err
	}
	// The database appears under its name only when its roster is held: a kill in between must not leave a restored
	// database that seals to whoever was revoked since.
	half := conf.Database + ".restoring"
	if _, err := os.Lstat(conf.Database); err == nil {
		return fmt.Errorf("%s is there already; move it away first, nothing is written over it", conf.Database)
	}
	if err := os.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("clearing what an earlier restore left: %w", err)
	}
	if err := bolt.Restore(ctx, name, half); err != nil {
		return fmt.Errorf("restoring %s: %w", name, err)
	}
	tmp := *conf
	tmp.Database = half
	h, err := openHouse(ctx, &tmp)
	if err != nil {
		return fmt.Errorf("opening the restored database: %w", err)
	}
	err = casework.Hold(ctx, h.store)
	if err := errors.Join(err, h.Close()); err != nil {
		return err
	}
	if err := os.Link(half, conf.Database); err != nil { // unlike a rename, a link never takes another's place
		return fmt.Errorf("putting the restored database in its place: %w", err)
	}
	if err := os.Remove(half); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(conf.Database)); err == nil {
		_ = dir.Sync()
		dir.Close()
	}
	fmt.Fprintf(c.stderr, "restored: %s\nnothing is sealed or handed out before the coordinator confirms the roster: amana confirm\n", conf.Database)
	return nil
}
