package store

import (
	"fmt"
	"testing"
)

// With more notices than are remembered, a look still finds most of them as they were opened before: dropping all of them
// at once would have each look open every one.
func TestMoreNoticesThanAreRemembered(t *testing.T) {
	var l looked
	opens := 0
	look := func() {
		opens = 0
		for n := range mostLooked + mostLooked/4 {
			k := fmt.Appendf(nil, "notice %d", n)
			got, err := l.notice(k, k, func(_, value []byte) (Waiting, error) {
				opens++
				return Waiting{Reader: string(value)}, nil
			})
			if err != nil || got.Reader != string(k) {
				t.Fatalf("notice %d is %q, %v", n, got.Reader, err)
			}
		}
	}
	look()
	for range 3 {
		if look(); opens > mostLooked*3/4 {
			t.Errorf("of %d notices %d were opened again", mostLooked+mostLooked/4, opens)
		}
	}
	if len(l.at) > mostLooked {
		t.Errorf("%d are remembered", len(l.at))
	}
}
