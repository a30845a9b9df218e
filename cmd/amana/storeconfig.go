package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// etcdConfig says how a cluster is reached, in which the database of the mission lies or to which it is to be moved.
type etcdConfig struct {
	Endpoints []string `yaml:"endpoints"`
	CA        string   `yaml:"ca"`
	Cert      string   `yaml:"cert"`
	Key       string   `yaml:"key"`
	User      string   `yaml:"user"`
	Password  string   `yaml:"password_file"`
}

// etcdSecret is where the password of the cluster's user stands if it is in no file.
const etcdSecret = "AMANA_ETCD_PASSWORD"

// The two engines, as they are written before the colon.
const (
	inFile    = "bbolt"
	inCluster = "etcd"
)

// location is where a database lies: in a file, or in a cluster, below the name of the mission.
type location struct {
	file    string // the path of it
	mission string // in the cluster that the configuration describes
}

// String gives a place as it is written behind store:.
func (p location) String() string {
	if p.mission != "" {
		return inCluster + ":" + p.mission
	}
	return inFile + ":" + p.file
}

func (p location) clustered() bool { return p.mission != "" }

var missionName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

// parsePlace reads what stands behind store: or behind a flag of `amana migrate`. Near makes a path whole.
func parsePlace(text string, near func(string) string) (location, error) {
	engine, rest, _ := strings.Cut(text, ":")
	switch {
	case engine == inFile && rest != "":
		return location{file: filepath.Clean(near(rest))}, nil
	case engine == inCluster && missionName.MatchString(rest):
		return location{mission: rest}, nil
	case engine == inCluster:
		return location{}, fmt.Errorf("%q names no mission in the cluster: write etcd: and a name of small letters, digits and hyphens, such as etcd:relief", text)
	}
	return location{}, fmt.Errorf("%q is no place for a database: write bbolt:PATH for a file, such as bbolt:amana.db, or etcd:MISSION for a cluster, such as etcd:relief", text)
}

// storePlace fills in where the database lies, and says what cannot work.
func (c *config) storePlace(say func(setting, format string, args ...any)) {
	switch {
	case c.Store != "" && c.Database != "":
		say("store", "store and database both say where the database lies; keep store: and take database: out")
		return
	case c.Store == "" && c.Database == "":
		say("database", "database is missing; add a line `database: …`")
		return
	case c.Store == "":
		c.place = location{file: c.near(c.Database)}
	default:
		p, err := parsePlace(c.Store, c.near)
		if err != nil {
			say("store", "store: %v", err)
			return
		}
		c.place = p
	}
	c.Database = c.place.file
	if c.Voices != "" {
		c.Voices = c.near(c.Voices)
	}
	if c.Keys != "" && c.Database != "" && within(c.Keys, c.Database) {
		say(c.storeSetting(), "the database lies inside the key directory; whoever copies one must not get the other: name another place under %s:", c.storeSetting())
	}
	if c.place.clustered() && c.Etcd.none() {
		say("store", "store: %s needs to know how the cluster is reached; add etcd: with endpoints, ca, cert, key and user", c.Store)
	}
}

// storeSetting is the setting in which the place of the database stands.
func (c *config) storeSetting() string {
	if c.Store != "" {
		return "store"
	}
	return "database"
}

// placeName names the database for people who read the end of a command.
func (c *config) placeName() string {
	if c.place.clustered() {
		return c.place.String()
	}
	return c.Database
}

func (c *etcdConfig) none() bool {
	return len(c.Endpoints) == 0 && c.CA+c.Cert+c.Key+c.User+c.Password == ""
}

// check says what cannot work, by the setting that it stands in.
func (c *etcdConfig) check() map[string]string {
	if c.none() {
		return nil
	}
	bad := map[string]string{}
	if len(c.Endpoints) == 0 {
		bad["endpoints"] = "endpoints is missing; write those of all nodes, such as endpoints: [\"https://10.0.0.1:2379\", \"https://10.0.0.2:2379\", \"https://10.0.0.3:2379\"]"
	}
	for n, e := range c.Endpoints {
		at := fmt.Sprintf("endpoints[%d]", n)
		if err := checkEndpoint(e); err != nil {
			bad[at] = err.Error()
		} else if slices.Index(c.Endpoints, e) < n {
			bad[at] = fmt.Sprintf("%s stands twice; a node is named once", e)
		}
	}
	for name, is := range map[string]string{"ca": c.CA, "cert": c.Cert, "key": c.Key} {
		if is == "" {
			bad[name] = name + " is missing; nodes and amana show each other certificates: name the authority of the nodes under ca:, and a certificate for amana with its key under cert: and key:"
		}
	}
	if c.User == "" {
		bad["user"] = "user is missing; a mission has a user of its own, who may do nothing outside its keys: `amana operate etcd` prints how to make one"
	}
	return bad
}

// checkEndpoint wants an address over TLS, with a port and nothing else.
func checkEndpoint(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return fmt.Errorf("%q is no address of a node; write for example https://10.0.0.1:2379", clip(text))
	case u.User != nil:
		return errors.New("an address of a node holds a user; write the user under user:, and the password into a file")
	case u.Scheme != "https":
		return fmt.Errorf("%s is not protected on its way; nodes are reached by https:// alone", clip(text))
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%s has something behind the port; write for example https://10.0.0.1:2379", clip(text))
	}
	if _, port, err := net.SplitHostPort(u.Host); err != nil || port == "" {
		return fmt.Errorf("%s has no port; nodes usually listen for clients at 2379", clip(text))
	}
	return nil
}

// files makes the names of files whole.
func (c *etcdConfig) files(near func(string) string) {
	for _, name := range []*string{&c.CA, &c.Cert, &c.Key, &c.Password} {
		if *name != "" {
			*name = near(*name)
		}
	}
}

// voicesDir names the folder for voice messages: the one under voices:, or beside the database where that is a file. Where it
// is in a cluster and none is named, there is none, and no voice messages are taken.
func (c *config) voicesDir() string {
	if c.voiceDir != "" {
		return c.voiceDir
	}
	return c.voicesOf(c.place)
}

func (c *config) voicesOf(p location) string {
	switch {
	case c.Voices != "":
		return c.Voices
	case p.clustered():
		return "" // a folder of one machine would keep from the others what it took
	}
	return p.file + ".voice"
}
