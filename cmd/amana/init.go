package main

import (
	"cmp"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"amana/bot/kv/bolt"
	"amana/bot/seal"
)

//go:embed amana.yaml.tmpl
var configTemplate string

func runInit(_ context.Context, c *call) error {
	var profile, coordinator, runtime, zone string
	var copied bool
	args, err := c.flagsFirst("init", "DIR", "Makes DIR/amana.yaml with a comment for each setting, the key directory DIR/keys, and an empty\ndatabase DIR/amana.db. Nothing that is there is touched.", func(f *flag.FlagSet) {
		f.StringVar(&profile, "profile", "example", "the place that the flows are fitted to")
		f.BoolVar(&copied, "copy", false, "write the shipped profile, its words and its example sheets into DIR, to be made the mission's own")
		f.StringVar(&coordinator, "coordinator", "", "the coordinator's public key, as the command keys coordinator prints it on their own machine")
		f.StringVar(&zone, "zone", "", "the mission's time zone, such as Africa/Lagos (default: the one of the profile)")
		f.StringVar(&runtime, "runtime", "/run/amana", "a folder on a memory file system for what must not outlive the power")
	})
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return usagef("init: name the folder: amana init DIR")
	}
	dir := args[0]
	if coordinator != "" {
		if err := seal.CheckCoordinator(coordinator); err != nil {
			return usagef("init: -coordinator is not a coordinator's public key (amana-coordinator1…)")
		}
	}
	p, err := readProfile(&config{Profile: profile, path: filepath.Join(dir, "amana.yaml"), paper: paper{file: "amana: init: -profile"}})
	if err != nil {
		return err
	}
	langs := p.Languages
	if p.Profile == "example" {
		langs = langs[:2] // it has all that are shipped, and whoever begins with it needs no five columns of words
	}
	drafts, err := draftsAmong(langs)
	if err != nil {
		return err
	}
	zone = cmp.Or(zone, p.Hours.Zone, "UTC")
	if _, err := time.LoadLocation(zone); err != nil {
		return usagef("init: -zone %q is not known; write for example Africa/Lagos", zone)
	}
	file := filepath.Join(dir, "amana.yaml")
	if copied && !slices.Contains(shippedProfiles(), profile) {
		return usagef("init: -copy writes a shipped profile, and %q is none: %s", profile, strings.Join(shippedProfiles(), ", "))
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s is there already; nothing was changed", file)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making %s: %w", dir, err)
	}
	keys, err := seal.CreateHouse(filepath.Join(dir, "keys"), time.Now(), rand.Reader)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; nothing was changed", filepath.Join(dir, "keys"))
	}
	if err != nil {
		return err
	}
	if coordinator != "" {
		if err := keys.PinCoordinator(coordinator); err != nil {
			return err
		}
	}
	if err := bolt.Create(filepath.Join(dir, "amana.db")); err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	if copied {
		if profile, err = copyProfile(dir, profile); err != nil {
			return err
		}
	}
	text := strings.NewReplacer("{{profile}}", profile, "{{runtime}}", runtime, "{{zone}}", zone,
		"{{languages}}", strings.Join(langs, ", "), "{{drafts}}", strings.Join(drafts, ", ")).Replace(configTemplate)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing the configuration: %w", err)
	}
	fmt.Fprintf(c.stdout, "%s\n", file)
	fmt.Fprintf(c.stderr, "made %s with a key directory and an empty database\n", dir)
	if coordinator == "" {
		fmt.Fprintf(c.stderr, "no coordinator's key is pinned: the roster cannot be signed, so no report can be taken yet.\nMake one with `amana keys coordinator` on the coordinator's machine and put the public key into\n%s, alone on a line. Or, for a small mission, name a key file under `coordinator:` in the configuration.\n", filepath.Join(dir, "keys", "coordinator.pub"))
	}
	fmt.Fprintf(c.stderr, "next: look at %s, then `amana check -config %s`, which says what to do in which order\n", file, file)
	return nil
}

// draftsAmong lists the languages that no native reader has signed. They stand in a new configuration, so that all of the
// place can be tried, and are warned of until they are signed or taken out.
func draftsAmong(langs []string) (drafts []string, err error) {
	book, err := readWords()
	if err != nil {
		return nil, err
	}
	for _, tag := range langs {
		if l, ok := book.Language(tag); ok && l.Draft() {
			drafts = append(drafts, tag)
		}
	}
	return drafts, nil
}
