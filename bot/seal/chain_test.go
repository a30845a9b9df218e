package seal

import "testing"

// A link depends on every entry before it, on their order and on where each ends.
func TestChain(t *testing.T) {
	run := func(entries ...string) (link [32]byte) {
		for _, e := range entries {
			link = Chain(link, []byte(e))
		}
		return link
	}
	seen := map[[32]byte]bool{}
	rows := [][]string{nil, {""}, {"", ""}, {"a"}, {"a", "b"}, {"b", "a"}, {"ab"}, {"a", "b", "c"}, {"a", "c"}}
	for _, row := range rows {
		seen[run(row...)] = true
	}
	if len(seen) != len(rows) {
		t.Errorf("%d histories give %d links", len(rows), len(seen))
	}
	if once, twice := run("a", "b"), run("a", "b"); once != twice {
		t.Error("one history gives two links")
	}
}

// An entry sealed again under a later key is the same entry: the chain is over the inner file.
func TestChainOutlivesReEncryption(t *testing.T) {
	h := newHouse(t)
	inner := newMessage(t, "x", newPerson(t).Public())
	link := Chain([32]byte{}, inner)
	value := must(h.Seal("2026-11-report", []byte("k"), inner))
	plain, _, err := h.Open([]byte("k"), value)
	if err != nil {
		t.Fatal(err)
	}
	moved := must(h.Seal("2026-12-report", []byte("k"), plain))
	plain, _, err = h.Open([]byte("k"), moved)
	if err != nil || Chain([32]byte{}, plain) != link {
		t.Errorf("the chain broke: %v", err)
	}
}
