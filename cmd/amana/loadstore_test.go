package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"testing"
	"time"

	"amana/bot/kv/bolt"
)

var storeName = flag.String("store", "bbolt", "what the server of TestLoad and TestGrowth keeps its data in; etcd needs -tags etcd")

// backing is what the servers of one mission keep their data in.
type backing struct {
	size  func() []grown                                       // what it takes on the disk
	whole func()                                               // looks whether it is sound; nothing has it open
	join  func(*mob)                                           // brings the other processes up, once the first has its staff; nil where one process has it alone
	falls []fall                                               // what befalls it in the middle of a load
	slow  func(*mob, time.Duration) (says string, heal func()) // makes whatever is saved take longer; nil: slowMark does
	more  func(*barTable, loadSize)                            // parts of a load of its own
}

// fall is something that befalls a server or what it stands on in the middle of a load.
type fall struct {
	what string
	do   func(*mob) (heal func())
}

// stores are what a mission under a load can keep its data in. Each is told a mission that was made and never served.
var stores = map[string]func(*trial) *backing{"bbolt": inOneFile}

// buildTags are those of a build that knows a store.
var buildTags = map[string]string{"etcd": "etcd"}

// keepIn lets a mission keep its data where -store says.
func keepIn(t *trial) *backing {
	t.Helper()
	set := stores[*storeName]
	if set == nil {
		t.Fatalf("-store: there is no %q in this build", *storeName)
	}
	return set(t)
}

// inOneFile is as init writes it.
func inOneFile(t *trial) *backing {
	return &backing{
		size: func() []grown {
			info, err := os.Stat(t.database())
			if err != nil {
				t.Fatal(err)
			}
			return []grown{{name: "file", size: info.Size()}}
		},
		whole: func() {
			if err := bolt.Verify(context.Background(), t.database()); err != nil {
				t.Error(err)
			}
		},
		falls: []fall{{"the server is killed", func(m *mob) func() {
			m.kill()
			begin := time.Now()
			m.start()
			m.away = time.Since(begin)
			return func() {}
		}}},
		more: func(*barTable, loadSize) {},
	}
}

// rewrite changes the configuration of a mission.
func rewrite(tb testing.TB, path string, change ...string) {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	for n := 0; n+1 < len(change); n += 2 {
		if bytes.Count(text, []byte(change[n])) != 1 {
			tb.Fatalf("%s does not say %q once", path, change[n])
		}
		text = bytes.Replace(text, []byte(change[n]), []byte(change[n+1]), 1)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		tb.Fatal(err)
	}
}
