package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a container without zone files must not move anybody's safe hours
)

// config is amana.yaml. Only this package knows it; every room gets a small struct of its own.
type config struct {
	path string // of the file; relative names in it are meant from its folder
	paper
	place     location            // of the database
	env       func(string) string // of the command; nil: that of the process
	anyState  bool                // the database is opened although it is not to be served yet: while a restore is not finished
	stray     bool                // and one that etcd brought here from another cluster
	rootsAnew bool                // the roots of this machine are to be those of the mission, which has lost its own
	voiceDir  string              // in place of the folder beside the database; while a restore is not finished
	trial     string              // a flow file that its author tries in the demonstration; empty otherwise
	lean      bool                // only the languages that people are asked in are read at once
	ground    conditions          // of the house
	prove     prover              // of what is asked; nil: flow.Check

	Profile   string   `yaml:"profile"`
	Database  string   `yaml:"database"`
	Store     string   `yaml:"store"`
	Voices    string   `yaml:"voices"`
	Keys      string   `yaml:"keys"`
	Runtime   string   `yaml:"runtime"`
	OnDisk    bool     `yaml:"runtime_on_disk"`
	Languages []string `yaml:"languages"`
	Drafts    []string `yaml:"drafts"`
	Zone      string   `yaml:"zone"`
	Listen    string   `yaml:"listen"`
	Flows     string   `yaml:"flows"`   // a folder of the mission's own flows
	Locales   string   `yaml:"locales"` // a folder of the mission's own wording

	Etcd     etcdConfig     `yaml:"etcd"`
	Telegram telegramConfig `yaml:"telegram"`
	Desk     deskConfig     `yaml:"desk"`
	Web      webConfig      `yaml:"web"`
	Mail     mailConfig     `yaml:"mail"`

	Webhooks map[string]webhookConfig `yaml:"webhooks"`

	Retention retentionConfig `yaml:"retention"`
	Numbers   numbersConfig   `yaml:"numbers"`

	Coordinator struct {
		Key string `yaml:"key"`
	} `yaml:"coordinator"`
	Recovery []struct {
		ID     string `yaml:"id"`
		Name   string `yaml:"name"`
		Org    string `yaml:"org"`
		Key    string `yaml:"key"`
		Holder string `yaml:"holder"`
	} `yaml:"recovery"`

	Notices struct {
		Kind   bool     `yaml:"kind"`
		Area   bool     `yaml:"area"`
		Link   bool     `yaml:"link"`
		Least  duration `yaml:"least"`
		Normal duration `yaml:"normal"`
		Urgent duration `yaml:"urgent"`

		Digest       []string `yaml:"digest"`
		DigestUrgent bool     `yaml:"digest_urgent"`
	} `yaml:"notices"`
	StaffHours map[string]hoursConfig `yaml:"staff_hours"`
	Escalation rungs                  `yaml:"escalation"` // over those of the profile

	Posters map[string]string   `yaml:"posters"`
	Teams   map[string][]string `yaml:"teams"`
	Forces  map[string][]string `yaml:"forces"`
	Routes  []routeConfig       `yaml:"routes"`
}

type routeConfig struct {
	Name         string   `yaml:"name"`
	Kinds        []string `yaml:"kinds"`
	Orgs         []string `yaml:"organisations"`
	Accused      []string `yaml:"accused"`
	Areas        []string `yaml:"areas"`
	Langs        []string `yaml:"languages"`
	Ages         []string `yaml:"ages"`
	Readers      []string `yaml:"readers"`
	Coordinators []string `yaml:"coordinators"`
	Last         []string `yaml:"last"`
	Exclude      []string `yaml:"exclude"`
}

// duration is a time in the form 15m, 24h or 7d.
type duration struct {
	time.Duration
	set bool
}

// UnmarshalText reads a time; its error says what to write.
func (d *duration) UnmarshalText(b []byte) error {
	text := string(b)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if k, err := strconv.Atoi(days); err == nil && k >= 0 {
			d.Duration, d.set = time.Duration(k)*24*time.Hour, true
			return nil
		}
	}
	v, err := time.ParseDuration(text)
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a time; write for example 15m, 24h or 7d", text)
	}
	d.Duration, d.set = v, true
	return nil
}

// errConfig is everything that is wrong in a file of the operator, a line each, with the place and the remedy.
type errConfig []string

func (e errConfig) Error() string { return strings.Join(e, "\n") }

// readConfig reads amana.yaml. A folder stands for the file in it.
func readConfig(path string) (*config, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "amana.yaml")
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errConfig{fmt.Sprintf("%s: there is no configuration here; `amana init DIR` makes one, or name it with -config", path)}
	}
	if err != nil {
		return nil, errConfig{fmt.Sprintf("%s: it cannot be read: %v", path, errors.Unwrap(err))}
	}
	c := &config{path: path}
	if c.paper, err = readPaper(path, data, c, "`amana init DIR` writes one with a comment for each setting"); err != nil {
		return nil, err
	}
	return c, c.fill()
}

// fill puts in what was left out, and refuses what cannot work.
func (c *config) fill() error {
	var bad errConfig
	say := func(setting, format string, args ...any) {
		bad = append(bad, c.at(setting)+": "+fmt.Sprintf(format, args...))
	}
	need := func(name string, value *string) {
		if *value == "" {
			say(name, "%s is missing; add a line `%s: …`", name, name)
			return
		}
		*value = c.near(*value)
	}
	need("keys", &c.Keys)
	need("runtime", &c.Runtime)
	c.storePlace(say)
	if c.Profile == "" {
		say("profile", "profile is missing; name a shipped one, or a file beside this one")
	}
	if c.Zone == "" {
		say("zone", "zone is missing: deadlines and safe hours are meant in it; write for example zone: Africa/Lagos")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		say("zone", "zone %q is not known; write for example Africa/Lagos or Asia/Dhaka", c.Zone)
	}
	etcd := c.Etcd.check()
	for _, setting := range slices.Sorted(maps.Keys(etcd)) {
		say("etcd."+setting, "etcd: %s", etcd[setting])
	}
	c.Etcd.files(c.near)
	for _, what := range c.Telegram.check() {
		say("telegram", "%s", what)
	}
	for _, what := range c.Desk.check() {
		say("desk", "%s", what)
	}
	if c.Notices.Link && !c.Desk.on() {
		say("notices.link", "notices: link: true needs a desk that it leads to; add desk: with its address, or take link out")
	}
	c.clockProblems(say)
	for _, what := range c.Web.check() {
		say("web", "%s", what)
	}
	for _, what := range c.Mail.check() {
		say("mail", "%s", what)
	}
	hooks := checkHooks(c.Webhooks)
	for _, setting := range slices.Sorted(maps.Keys(hooks)) {
		say(setting, "%s", hooks[setting])
	}
	c.postFiles(c.near)
	for name, what := range c.Retention.check() {
		say("retention."+name, "%s", what)
	}
	for _, what := range c.Numbers.check() {
		say("numbers", "%s", what)
	}
	for _, name := range []*string{&c.Coordinator.Key, &c.Flows, &c.Locales, &c.Web.TLS.Cert, &c.Web.TLS.Key} {
		if *name != "" {
			*name = c.near(*name)
		}
	}
	if len(bad) > 0 {
		return bad
	}
	return nil
}

// near gives a name as it is meant from the configuration's folder.
func (c *config) near(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.path), name)
}

func (c *config) zone() *time.Location {
	z, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC
	}
	return z
}

// within says that a file lies in a folder or below it, however the two are written.
func within(dir, file string) bool {
	dir, errDir := filepath.Abs(dir)
	file, errFile := filepath.Abs(file)
	if errDir != nil || errFile != nil {
		return false
	}
	rel, err := filepath.Rel(dir, file)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
