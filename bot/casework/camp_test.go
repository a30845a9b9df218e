package casework_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// begin is when the missions of these tests begin: on a Friday in the middle of a month, at ten in the morning.
var begin = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// camp is what all missions of these tests share: a key directory, so that the slow step of a receipt is done once for
// all of them, and the people of a roster.
type camp struct {
	dir         string // holds keys
	house       *seal.House
	coordinator seal.CoordinatorKey
	ids         map[string]seal.Identity
	roster      []ticket.Entry
	signed      store.Signed

	mu        sync.Mutex
	receipts  []ticket.Receipt
	stretched map[string]seal.Stretched
	kiln      *seal.Kiln
}

var theCamp = sync.OnceValue(newCamp)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func try(err error) {
	if err != nil {
		panic(err)
	}
}

func newCamp() *camp {
	c := &camp{
		dir: must(os.MkdirTemp("", "camp")), ids: map[string]seal.Identity{}, stretched: map[string]seal.Stretched{}, kiln: seal.QuickKiln(),
	}
	c.house = must(seal.CreateHouse(filepath.Join(c.dir, "keys"), begin, rand.Reader))
	c.coordinator = must(seal.NewCoordinatorKey(rand.Reader))
	try(c.house.PinCoordinator(c.coordinator.Public()))
	for _, e := range []ticket.Entry{
		{ID: "ana", Name: "Ana", Org: "relief", Role: ticket.FocalPoint, Backup: "bo"},
		{ID: "bea", Name: "Bea", Org: "health", Role: ticket.FocalPoint},
		{ID: "bo", Name: "Bo", Org: "relief", Role: ticket.Backup},
		{ID: "cora", Name: "Cora", Org: "agency", Role: ticket.Coordinator},
		{ID: "vault", Name: "Vault", Org: "agency", Role: ticket.Recovery},
	} {
		e.Status = ticket.StatusConfirmed
		c.ids[e.ID] = must(seal.NewIdentity(rand.Reader))
		e.Key = c.ids[e.ID].Public()
		c.roster = append(c.roster, e)
	}
	c.signed = must(casework.Sign(c.coordinator, casework.Proposal{Pending: c.roster}))
	return c
}

// receipt gives the receipt of a number, the same in every test.
func (c *camp) receipt(n int) ticket.Receipt {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.receipts) <= n {
		c.receipts = append(c.receipts, must(ticket.NewReceipt(rand.Reader)))
	}
	return c.receipts[n]
}

// stretch does the slow step once for each receipt.
func (c *camp) stretch(ctx context.Context, receipt string) (seal.Stretched, error) {
	c.mu.Lock()
	s, ok := c.stretched[receipt]
	c.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := c.house.Stretch(ctx, c.kiln, receipt)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stretched[receipt] = s
	return s, err
}

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given { // each is a life of some fifty steps on real keys
		try(flag.Set("rapid.checks", "8"))
	}
	code := m.Run()
	_ = os.RemoveAll(theCamp().dir)
	os.Exit(code)
}

// private copies a directory that only its owner may read.
func private(t testing.TB, from, to string) {
	t.Helper()
	ok(t, os.CopyFS(to, os.DirFS(from)))
	ok(t, os.Chmod(to, 0o700))
	for _, e := range must(os.ReadDir(to)) {
		ok(t, os.Chmod(filepath.Join(to, e.Name()), 0o600))
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

func asJSON(v any) string { return string(must(json.Marshal(v))) }

// everyByte gives all that lies in a directory, by name.
func everyByte(t testing.TB, dirs ...string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, dir := range dirs {
		ok(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			out[p], err = os.ReadFile(p)
			return err
		}))
	}
	return out
}

// newReader gives random bytes that are the same in every run.
func newReader(seed byte) io.Reader { return mathrand.NewChaCha8([32]byte{seed}) }
