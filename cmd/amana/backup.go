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
	conf, name, err := c.missionAndFile("backup", "Copies the database, compacted, into FILE, while it is served or not, and the voice messages, where there are\nany, into FILE.voice: the two belong together. Nothing that was deleted is in the copy, and nothing in it can be\nread without the key directory: see `amana keys backup` for that.")
	if err != nil {
		return err
	}
	file, err := copyName(name)
	if err != nil {
		return err
	}
	if _, err := copyName(voicesCopy(name)); err != nil {
		return err
	}
	if within(conf.Keys, file) {
		return usagef("backup: %s lies in the key directory; whoever takes one must not get the other", name)
	}
	if err := folderFor(ctx, conf, "backup", file); err != nil {
		return err
	}
	conf.stray = true // a copy is how it comes to be served again
	var spoken int
	if err := ask(ctx, conf, "copy", copyDeed{Path: file}, &spoken); err != nil {
		return err
	}
	if err := bolt.Verify(ctx, file); err != nil {
		return fmt.Errorf("checking the copy: %w", err)
	}
	fmt.Fprintf(c.stderr, "copied and checked: %s\n", name)
	if spoken > 0 {
		fmt.Fprintf(c.stderr, "with %s in %s: keep the two together\n", count(spoken, "voice message", "voice messages"), voicesCopy(name))
	}
	return nil
}

func runRestore(ctx context.Context, c *call) error {
	conf, name, err := c.missionAndFile("restore", "Checks a backup and makes the database of it, where there is none; FILE.voice, if there is one, gives the voice\nmessages. Until the coordinator has confirmed the\nroster in it, nothing is sealed or handed out: somebody may have been revoked since. For the same\nreason every browser has to be let in at the desk anew.")
	if err != nil {
		return err
	}
	// The database is served only when its roster is held: a kill in between must not leave a restored database that seals
	// to whoever was revoked since.
	to := newTarget(conf, conf.place, c.clock)
	if err := to.fill(ctx, bolt.WalkFile(name)); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; move it away first, nothing is written over it", conf.placeName())
	} else if err != nil {
		return fmt.Errorf("restoring %s: %w", name, err)
	}
	tmp := *conf
	tmp.place, tmp.voiceDir, tmp.anyState = to.place(), conf.voicesDir(), true
	tmp.Database, tmp.rootsAnew = tmp.place.file, true
	h, err := openHouse(ctx, &tmp)
	if err != nil {
		return fmt.Errorf("opening the restored database: %w", err)
	}
	if err = restoreVoices(h.keys, tmp.voiceDir, voicesCopy(name)); err != nil {
		err = fmt.Errorf("restoring the voice messages: %w", err)
	}
	err = errors.Join(err, casework.Hold(ctx, h.store), h.keys.DropNotedChain())
	silent, err2 := h.missingVoices(ctx)
	err = errors.Join(err, err2, h.lostKeys(ctx, c.stderr))
	if err := errors.Join(err, h.Close()); err != nil {
		return err
	}
	if err := to.serve(ctx); err != nil {
		return err
	}
	if info, err := os.Stat(voicesCopy(name)); silent > 0 && err == nil && info.IsDir() {
		fmt.Fprintf(c.stderr, "%s of its reports not in %s: copy there what lies in %s\n", count(silent, "voice message is", "voice messages are"), tmp.voiceDir, voicesCopy(name))
	} else if silent > 0 {
		fmt.Fprintf(c.stderr, "%s of its reports not in this backup: put %s beside %s and restore once more, or what was said in them is lost\n", count(silent, "voice message is", "voice messages are"), filepath.Base(voicesCopy(name)), filepath.Base(name))
	}
	fmt.Fprintf(c.stderr, "restored: %s\nnothing is sealed or handed out before the coordinator confirms the roster: amana confirm\n", conf.placeName())
	if conf.Desk.on() {
		fmt.Fprintln(c.stderr, "every browser has to be let in at the desk anew, since some may have been forgotten after the backup; the coordinator's with amana confirm -browser")
	}
	return nil
}
