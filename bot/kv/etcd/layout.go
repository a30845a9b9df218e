//go:build etcd

package etcd

import (
	"fmt"

	"amana/bot/kv"
)

// All keys of a mission stand below its prefix, and behind it they are those of every engine. So a user of the cluster with
// one role, that may read and write below the prefix, can serve one mission and see no other.
const root = "amana/"

// Keys that this engine keeps for itself, behind the reserved byte. The shelf of settled updates (kv.SettleKey) begins
// with 0x01.
const (
	versionName   = "\x00\x00v" // which layout it is, and behind that the state of the database
	homeName      = "\x00\x00h" // the cluster in which it was made
	forgottenName = "\x00\x00w" // before which day records of settled updates were forgotten
	birthName     = "\x00\x00y" // drawn by whoever served it first, so that a database that was made anew is told from it
	officeShelf   = "\x00\x02"  // who holds which office; these keys hang on leases and are in no copy
)

// layout is the generation of the layout, in one byte at versionName.
const layout = 1

const maxMission = 64

// Prefix gives the beginning of all keys of a mission: what a role must be granted. A mission is a short word of lower case
// letters, digits, hyphens and underscores.
func Prefix(mission string) (string, error) {
	for _, c := range mission {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			mission = ""
			break
		}
	}
	if mission == "" || len(mission) > maxMission {
		return "", fmt.Errorf("name of the mission in the cluster: 1 to %d of a-z, 0-9, - and _", maxMission)
	}
	return root + mission + "/", nil
}

// space is the part of the cluster that belongs to a mission.
type space struct{ begin, end string }

func spaceOf(mission string) (space, error) {
	begin, err := Prefix(mission)
	if err != nil {
		return space{}, err
	}
	_, end := kv.Prefix([]byte(begin))
	return space{begin, string(end)}, nil
}

// full gives a key as the cluster knows it.
func (sp space) full(key string) string { return sp.begin + key }

// upto gives the upper bound of a range as the cluster knows it; none is the end of the mission.
func (sp space) upto(to string) string {
	if to == "" {
		return sp.end
	}
	return sp.begin + to
}

// own gives a key of the cluster as we know it.
func (sp space) own(key []byte) []byte { return key[len(sp.begin):] }
