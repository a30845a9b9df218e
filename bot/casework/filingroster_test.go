package casework

import (
	"testing"
)

// A filing that was routed and sealed under one roster is not written under another: it is prepared anew.
func TestAFilingIsNotWrittenUnderAnotherRoster(t *testing.T) {
	r := &Registry{}
	before, after := &signed{}, &signed{}
	r.roster.Store(before)
	f := &filing{Registry: r, roster: before}
	r.roster.Store(after)
	if err := f.write(nil); err != errStale {
		t.Fatalf("it is written although the roster changed: %v", err)
	}
}
