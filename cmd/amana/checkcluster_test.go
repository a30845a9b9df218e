package main

import (
	"strings"
	"testing"
	"time"
)

// soundCluster has nothing that a check would speak of.
func soundCluster() *clusterFacts {
	f := &clusterFacts{
		Prefix: "amana/relief/", End: "amana/relief0", User: "relief", Auth: true, Revision: 900_000, Compacted: 800_000,
		Grants: []grant{{Role: "relief", Key: "amana/relief/", End: "amana/relief0", Write: true}},
	}
	for _, name := range []string{"a", "b", "c"} {
		f.Doors = append(f.Doors, doorFacts{Address: "https://" + name + ".example.org:2379", Well: true, Until: someDay.AddDate(1, 0, 0)})
		f.Members = append(f.Members, memberFacts{
			Name: name, Peers: []string{"https://" + name + ".example.org:2380"}, Clients: []string{"https://" + name + ".example.org:2379"},
			Leads: name == "b", Leader: true, Version: "3.7.3", Size: 300 << 20, InUse: 200 << 20, Quota: 4 << 30,
		})
	}
	return f
}

func TestCheckCluster(t *testing.T) {
	conf := &config{paper: paper{file: "amana.yaml"}, Etcd: etcdConfig{CA: "ca.pem"}}
	if found := checkCluster(conf, soundCluster(), someDay); len(found) > 0 {
		t.Errorf("a sound cluster: %+v", found)
	}
	if found := checkCluster(conf, nil, someDay); len(found) > 0 {
		t.Errorf("no cluster: %+v", found)
	}
	for name, c := range map[string]struct {
		ail        func(*clusterFacts)
		level      level
		what, hint string
	}{
		"a node away":        {func(f *clusterFacts) { f.Doors[0].Error, f.Members[0].Error = "connection refused", "away" }, warning, "2 of 3 members answer: with the next", "replace it"},
		"its address":        {func(f *clusterFacts) { f.Doors[0].Error = "connection refused" }, warning, "https://a.example.org:2379 does not answer: connection refused", "start that node"},
		"not well":           {func(f *clusterFacts) { f.Doors[0].Well, f.Doors[0].Reason = false, "RAFT NO LEADER" }, warning, "not well: RAFT NO LEADER", "lost quorum"},
		"no quorum":          {func(f *clusterFacts) { f.Members[0].Error, f.Members[1].Error = "away", "away" }, failure, "1 of 3 members answer, and 2 must", "start the others"},
		"no leader":          {func(f *clusterFacts) { f.Members[1].Leads = false }, failure, "no member leads", "2380"},
		"from outside":       {func(f *clusterFacts) { f.Members, f.Doors[0].Well, f.Doors[1].Well = nil, false, false }, failure, "1 of 3 nodes are well: nothing is saved", "which loses nothing"},
		"one member":         {func(f *clusterFacts) { f.Members = f.Members[1:2] }, warning, "no safer than a file", "two members"},
		"two members":        {func(f *clusterFacts) { f.Members = f.Members[:2] }, failure, "two members, which is less than one", "a third"},
		"four members":       {func(f *clusterFacts) { f.Members = append(f.Members, f.Members[0]) }, remark, "bear no more losses than 3", "three or five"},
		"a learner":          {func(f *clusterFacts) { f.Members[0].Learner = true }, remark, "a only learns", "promote"},
		"one address":        {func(f *clusterFacts) { f.Doors = f.Doors[:1] }, warning, "names one node alone", "all nodes"},
		"a clock ahead":      {func(f *clusterFacts) { f.Doors[2].Skew = -9 * time.Second }, warning, "clock of https://c.example.org:2379 differs from this machine's by 9s", "time server"},
		"a certificate":      {func(f *clusterFacts) { f.Doors[2].Until = someDay.AddDate(0, 0, 5) }, warning, "certificate of https://c.example.org:2379 ends on", "renew"},
		"peers in the clear": {func(f *clusterFacts) { f.Members[0].Peers[0] = "http://10.0.0.1:2380" }, failure, "http://10.0.0.1:2380, which is not protected", "certificates"},
		"full":               {func(f *clusterFacts) { f.Members[0].Alarms = []string{"etcdserver: alarm:NOSPACE"} }, failure, "a is full", "raise --quota-backend-bytes"},
		"corrupt":            {func(f *clusterFacts) { f.Members[0].Alarms = []string{"alarm:CORRUPT"} }, failure, "something else than the others", "join anew"},
		"near its quota":     {func(f *clusterFacts) { f.Members[0].Size = 3 << 30; f.Members[0].InUse = 3 << 30 }, warning, "75 % of its quota of 4096 MiB", "ETCDCTL_ENDPOINTS=https://a.example.org:2379 ETCDCTL_CACERT=ca.pem"},
		"at its quota": {func(f *clusterFacts) {
			f.Members[0].Size = 39 << 27
			f.Members[0].InUse = 39 << 27
			f.Members[0].Quota = 5 << 30
		}, failure, "97 % of its quota", "quota-backend-bytes"},
		"a stock quota": {func(f *clusterFacts) {
			f.Members[0].Size = 2 << 30
			f.Members[0].InUse = 2 << 30
			f.Members[0].Quota = 0
		}, failure, "100 % of its quota of 2048 MiB", "quota-backend-bytes"},
		"a large quota":        {func(f *clusterFacts) { f.Members[0].Quota = 16 << 30 }, warning, "a quota of 16384 MiB", "8589934592"},
		"not defragmented":     {func(f *clusterFacts) { f.Members[0].InUse = 100 << 20 }, warning, "holds 300 MiB of which 100 MiB are in use", "defrag"},
		"behind":               {func(f *clusterFacts) { f.Members[0].Behind = 9000 }, warning, "9000 steps behind", "disk"},
		"old":                  {func(f *clusterFacts) { f.Members[0].Version = "3.4.23" }, failure, "a is etcd 3.4.23, which is too old", "3.7"},
		"older":                {func(f *clusterFacts) { f.Members[0].Version = "3.6.9" }, remark, "tried with 3.7", "3.7"},
		"of two versions":      {func(f *clusterFacts) { f.Members[0].Version = "3.8.0" }, warning, "different versions: 3.7.3, 3.8.0", "newest"},
		"never compacted":      {func(f *clusterFacts) { f.Compacted = 0 }, warning, "never compacted", "--auto-compaction-mode=periodic"},
		"seldom compacted":     {func(f *clusterFacts) { f.Compacted = 100_000 }, warning, "keeps 800000 revisions", "--auto-compaction-retention=1h"},
		"without passwords":    {func(f *clusterFacts) { f.Auth = false }, failure, "asks nobody for a password", "auth enable"},
		"as root":              {func(f *clusterFacts) { f.Grants[0].All = true }, failure, "user relief is root", "role for amana/relief/ alone"},
		"beyond its prefix":    {func(f *clusterFacts) { f.Grants[0].Key, f.Grants[0].End = "amana/", "amana0" }, warning, "reach what is not the mission's", "revoke-permission relief"},
		"to the end":           {func(f *clusterFacts) { f.Grants[0].End = "\x00" }, warning, "reach what is not the mission's", "revoke"},
		"another key":          {func(f *clusterFacts) { f.Grants = append(f.Grants, grant{Role: "x", Key: "zzz"}) }, warning, "the role x lets", "revoke"},
		"what cannot be seen":  {func(f *clusterFacts) { f.Unseen = []string{"its list of members"} }, remark, "its list of members could not be looked at", "as root"},
		"a version of no kind": {func(f *clusterFacts) { f.Members[0].Version = "tip" }, failure, "a is etcd tip, which is too old", "3.7"},
	} {
		t.Run(name, func(t *testing.T) {
			f := soundCluster()
			c.ail(f)
			for _, got := range checkCluster(conf, f, someDay) {
				if got.Level == c.level && strings.Contains(got.What, c.what) && strings.Contains(got.Hint, c.hint) && got.Place == "amana.yaml" {
					return
				}
			}
			t.Errorf("it says %+v", checkCluster(conf, f, someDay))
		})
	}
}
