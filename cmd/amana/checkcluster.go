package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// clusterFacts is what can be seen of a cluster from where the mission is served.
type clusterFacts struct {
	Doors     []doorFacts   `json:"doors"`
	Members   []memberFacts `json:"members"`
	Prefix    string        `json:"prefix"` // of the mission
	End       string        `json:"end"`    // where the keys of the mission end
	User      string        `json:"user"`
	Auth      bool          `json:"auth"`
	Grants    []grant       `json:"grants"`
	Revision  int64         `json:"revision"`
	Compacted int64         `json:"compacted"` // what is older is gone; 0: nothing is
	Unseen    []string      `json:"unseen"`    // what could not be looked at
}

// doorFacts is one address of the configuration.
type doorFacts struct {
	Address string        `json:"address"`
	Error   string        `json:"error"` // why it was not reached
	Reason  string        `json:"reason"`
	Well    bool          `json:"well"`
	Skew    time.Duration `json:"skew"` // by how much its clock is ahead of ours
	Until   time.Time     `json:"until"`
}

// memberFacts is one member, as it describes itself.
type memberFacts struct {
	Name    string   `json:"name"`
	Peers   []string `json:"peers"`
	Clients []string `json:"clients"`
	Learner bool     `json:"learner"`
	Error   string   `json:"error"`
	Leads   bool     `json:"leads"`
	Leader  bool     `json:"leader"` // it knows of one
	Version string   `json:"version"`
	Size    int64    `json:"size"`
	InUse   int64    `json:"in_use"`
	Quota   int64    `json:"quota"`
	Behind  uint64   `json:"behind"` // of the leader, in entries
	Alarms  []string `json:"alarms"`
}

// grant is what a role of the mission's user permits; everything if All.
type grant struct {
	Role  string `json:"role"`
	Key   string `json:"key"`
	End   string `json:"end"` // empty: the key alone
	All   bool   `json:"all"`
	Write bool   `json:"write"`
}

// The bounds of the judgement. The default quota is that of etcd.
const (
	stockQuota   = 2 << 30
	mostQuota    = 8 << 30 // beyond which etcd advises against
	wasted       = 64 << 20
	keptTooLong  = 500_000 // revisions
	neverCompact = 20_000
	farBehind    = 5_000
	skewed       = 3 * time.Second
	renewBefore  = 21 * 24 * time.Hour
)

// asRoot is how an operator calls etcdctl here; only root may do what is advised. Flags would be refused in a shell in which
// the same is exported, as `amana operate etcd` has it.
func (c *config) asRoot(command, door string) string {
	return fmt.Sprintf("`ETCDCTL_ENDPOINTS=%s ETCDCTL_CACERT=%s ETCDCTL_CERT=ROOT.pem ETCDCTL_KEY=ROOT.key etcdctl --user=root %s`", door, c.Etcd.CA, command)
}

// withoutUser is the same where nobody is asked for a password.
func (c *config) withoutUser(command, door string) string {
	return strings.Replace(c.asRoot(command, door), " --user=root", "", 1)
}

// shellKey writes the range of a permission as etcdctl takes it.
func shellKey(key, end string) string {
	quoted := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	switch end {
	case "":
		return quoted(key)
	case "\x00":
		return "--from-key=true " + quoted(key)
	}
	return quoted(key) + " " + quoted(end)
}

// checkCluster judges a cluster.
func checkCluster(conf *config, f *clusterFacts, now time.Time) (found []finding) {
	if f == nil {
		return nil
	}
	say := func(l level, what, hint string) {
		found = append(found, finding{l, conf.at("etcd"), "the cluster: " + what, hint})
	}
	checkDoors(f, now, say)
	checkQuorum(conf, f, say)
	for _, m := range f.Members {
		checkMember(conf, m, say)
	}
	checkFull(conf, f, say)
	checkVersions(f, say)
	checkHistory(f, say)
	checkGrants(conf, f, say)
	for _, what := range f.Unseen {
		say(remark, what+" could not be looked at", "whoever keeps the cluster looks at it as root: "+conf.asRoot("endpoint status --cluster -w table", f.door()))
	}
	return found
}

// door is an address at which a command of an operator is answered.
func (f *clusterFacts) door() string {
	for _, d := range f.Doors {
		if d.Well {
			return d.Address
		}
	}
	if len(f.Doors) > 0 {
		return f.Doors[0].Address
	}
	return "https://ADDRESS:2379"
}

// alarm says that a node answers, and raises an alarm.
func (d *doorFacts) alarm() bool { return strings.Contains(d.Reason, "ALARM") }

func (f *clusterFacts) alarmed() bool {
	return slices.ContainsFunc(f.Doors, func(d doorFacts) bool { return d.alarm() })
}

func checkDoors(f *clusterFacts, now time.Time, say func(level, string, string)) {
	for _, d := range f.Doors {
		switch {
		case d.Error != "":
			say(warning, d.Address+" does not answer: "+d.Error, "start that node; if it is lost, replace it while the others hold (`amana operate etcd`, “a node is lost”)")
			continue
		case d.alarm() && len(f.Members) > 0: // told with the member
		case !d.Well:
			say(warning, d.Address+" says that it is not well: "+d.Reason, "look at its log; `amana operate etcd` says what to do about a lost node and about a lost quorum")
		}
		if d.Skew.Abs() > skewed {
			say(warning, fmt.Sprintf("the clock of %s differs from this machine's by %v", d.Address, d.Skew.Round(time.Second).Abs()), "let both follow a time server (chrony or systemd-timesyncd): certificates and months are told by the clock")
		}
		if !d.Until.IsZero() && d.Until.Sub(now) < renewBefore {
			say(warning, fmt.Sprintf("the certificate of %s ends on %s", d.Address, d.Until.Format(time.DateOnly)), "renew it; a node reads new certificates without a restart")
		}
	}
	if len(f.Doors) == 1 {
		say(warning, "endpoints names one node alone: with that node the mission stands still", "name all nodes under etcd: endpoints:")
	}
}

// checkQuorum counts how many members may yet be lost.
func checkQuorum(conf *config, f *clusterFacts, say func(level, string, string)) {
	if len(f.Members) == 0 { // seen from outside alone
		well := 0
		for _, d := range f.Doors {
			if d.Well || d.alarm() {
				well++
			}
		}
		if well <= len(f.Doors)/2 {
			say(failure, fmt.Sprintf("%d of %d nodes are well: nothing is saved, and people are told so", well, len(f.Doors)), "start the others with their folders, which loses nothing; `amana operate etcd` says what to do if they are lost")
		}
		return
	}
	voters, well, led := 0, 0, false
	for _, m := range f.Members {
		if m.Learner {
			say(remark, m.Name+" only learns: it does not count for the quorum", conf.asRoot("member promote ID", f.door())+" once it has caught up")
			continue
		}
		voters++
		if m.Error == "" {
			well++
		}
		led = led || m.Leads
	}
	quorum := voters/2 + 1
	switch {
	case well < quorum:
		say(failure, fmt.Sprintf("%d of %d members answer, and %d must: nothing is saved, and people are told so", well, voters, quorum), "start the others; `amana operate etcd` says what to do if they are lost")
	case !led:
		say(failure, "no member leads: nothing is saved, and people are told so", "look at the way between the nodes (port 2380) and at their clocks and disks")
	case voters > 1 && well == quorum && well < voters:
		say(warning, fmt.Sprintf("%d of %d members answer: with the next one that is lost nothing is saved any more", well, voters), "start the missing one, or replace it now")
	}
	switch {
	case voters == 1:
		say(warning, "it has one member: it is no safer than a file, and slower", "add two members in other places that do not fail together, or go back with `amana migrate`")
	case voters == 2:
		say(failure, "it has two members, which is less than one: either that is lost stops the mission", "add a third in a place that does not fail with the others")
	case voters%2 == 0:
		say(remark, fmt.Sprintf("it has %d members, which bear no more losses than %d", voters, voters-1), "three or five are what helps")
	}
}

// checkFull says how members that are full take updates again: once for them all, but for what each does by itself.
func checkFull(conf *config, f *clusterFacts, say func(level, string, string)) {
	var names, defrags []string
	door := ""
	for _, m := range f.Members {
		if len(m.Clients) > 0 && slices.ContainsFunc(m.Alarms, func(a string) bool { return strings.Contains(a, "NOSPACE") }) {
			door = m.Clients[0]
			names, defrags = append(names, m.Name), append(defrags, conf.asRoot("defrag --command-timeout=60s", door))
		}
	}
	if len(names) == 0 {
		return
	}
	what := names[0] + " is full and takes nothing more"
	if len(names) > 1 {
		what = strings.Join(names, ", ") + " are full and take nothing more"
	}
	say(failure, what+": nothing is saved, and people are told so", fmt.Sprintf("compact: %s, then defragment, one after the other: %s, raise --quota-backend-bytes if it is really that much, then %s",
		conf.asRoot(fmt.Sprintf("compact %d --physical=true", f.Revision), door), strings.Join(defrags, ", "), conf.asRoot("alarm disarm", door)))
}

func checkMember(conf *config, m memberFacts, say func(level, string, string)) {
	for _, url := range slices.Concat(m.Peers, m.Clients) {
		if !strings.HasPrefix(url, "https://") {
			say(failure, fmt.Sprintf("%s is spoken to at %s, which is not protected on its way", m.Name, url), "give it certificates for clients and for peers, and change the address to https:// (`amana operate etcd`)")
		}
	}
	if m.Error != "" {
		return // told with its address
	}
	door := ""
	if len(m.Clients) > 0 {
		door = m.Clients[0]
	}
	for _, alarm := range m.Alarms {
		switch {
		case strings.Contains(alarm, "NOSPACE"): // see checkFull
		case strings.Contains(alarm, "CORRUPT"):
			say(failure, m.Name+" holds something else than the others", "take it out, and let it join anew with an empty folder; keep its folder for whoever looks into it")
		default:
			say(warning, m.Name+" says "+alarm, "look at its log")
		}
	}
	quota := m.Quota
	if quota == 0 {
		quota = stockQuota
	}
	switch part := m.Size * 100 / quota; {
	case part >= 90:
		say(failure, fmt.Sprintf("%s has used %d %% of its quota of %s: beyond it nothing is saved", m.Name, part, megabytes(quota)), "defragment ("+conf.asRoot("defrag --command-timeout=60s", door)+"), or raise --quota-backend-bytes, to 8 GiB at most")
	case part >= 70:
		say(warning, fmt.Sprintf("%s has used %d %% of its quota of %s", m.Name, part, megabytes(quota)), "defragment ("+conf.asRoot("defrag --command-timeout=60s", door)+"), or raise --quota-backend-bytes, to 8 GiB at most")
	}
	if m.Quota > mostQuota {
		say(warning, fmt.Sprintf("%s has a quota of %s: a node of that size takes long to start and to catch up", m.Name, megabytes(m.Quota)), "keep --quota-backend-bytes at 8 GiB (8589934592) or below")
	}
	if free := m.Size - m.InUse; free > wasted && free > m.InUse {
		say(warning, fmt.Sprintf("%s holds %s of which %s are in use; what was deleted lies in the rest", m.Name, megabytes(m.Size), megabytes(m.InUse)), conf.asRoot("defrag --command-timeout=60s", door)+": one node after the other, the leader last; each stands still for some seconds meanwhile")
	}
	if m.Behind > farBehind {
		say(warning, fmt.Sprintf("%s is %d steps behind the leader", m.Name, m.Behind), "look at its disk and its way to the others; until it has caught up it counts for little")
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// Versions of etcd: below the first nothing was tried, and from the second on it was.
var leastVersion, triedVersion = [2]int{3, 5}, [2]int{3, 7}

func checkVersions(f *clusterFacts, say func(level, string, string)) {
	var all []string
	for _, m := range f.Members {
		if m.Version == "" {
			continue
		}
		if !slices.Contains(all, m.Version) {
			all = append(all, m.Version)
		}
		switch v := versionOf(m.Version); {
		case slices.Compare(v[:], leastVersion[:]) < 0:
			say(failure, m.Name+" is etcd "+m.Version+", which is too old: acknowledged writes were lost by versions before 3.5", "bring all nodes to 3.7, one minor version at a time")
		case slices.Compare(v[:], triedVersion[:]) < 0:
			say(remark, m.Name+" is etcd "+m.Version+"; amana is tried with 3.7", "bring the nodes to 3.7, one minor version at a time")
		}
	}
	if len(all) > 1 {
		slices.Sort(all)
		say(warning, "its members are of different versions: "+strings.Join(all, ", "), "bring all to the newest of them")
	}
}

// versionOf gives the first two numbers of a version; what is none counts as old.
func versionOf(text string) (v [2]int) {
	parts := strings.SplitN(text, ".", 3)
	for n := range min(2, len(parts)) {
		v[n], _ = strconv.Atoi(parts[n])
	}
	return v
}

// checkHistory looks whether what was deleted or replaced leaves the cluster.
func checkHistory(f *clusterFacts, say func(level, string, string)) {
	const how = "set --auto-compaction-mode=periodic --auto-compaction-retention=1h on every node"
	switch kept := f.Revision - f.Compacted; {
	case f.Compacted == 0 && f.Revision > neverCompact:
		say(warning, "its history was never compacted: what is deleted stays in it, and it grows with every turn of a conversation", how)
	case f.Compacted > 0 && kept > keptTooLong:
		say(warning, fmt.Sprintf("it keeps %d revisions of its history", kept), how)
	}
}

// checkGrants looks whether the mission's user may do more than it needs.
func checkGrants(conf *config, f *clusterFacts, say func(level, string, string)) {
	if !f.Auth {
		say(failure, "it asks nobody for a password: whoever has a certificate reads, changes and deletes everything", "`amana operate etcd` prints how to make users; then "+conf.withoutUser("auth enable", f.door()))
		return
	}
	for _, g := range f.Grants {
		switch {
		case g.All:
			say(failure, fmt.Sprintf("the mission's user %s is root: whoever takes this machine has the whole cluster, and every mission in it", f.User), "make a user of its own with a role for "+f.Prefix+" alone (`amana operate etcd`)")
		case g.Key < f.Prefix || f.End != "" && upper(g) > f.End:
			say(warning, fmt.Sprintf("the role %s lets the mission's user %s reach what is not the mission's", g.Role, f.User), conf.asRoot("role revoke-permission "+g.Role+" "+shellKey(g.Key, g.End), f.door())+", and where nothing is left: "+conf.asRoot("role grant-permission --prefix=true "+g.Role+" readwrite "+f.Prefix, f.door()))
		}
	}
}

// upper is the end of what a grant reaches.
func upper(g grant) string {
	switch g.End {
	case "":
		return g.Key
	case "\x00": // all behind the key
		return "\xff\xff"
	}
	return g.End
}
