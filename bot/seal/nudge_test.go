package seal

import (
	"bytes"
	"strings"
	"testing"
)

func TestNudge(t *testing.T) {
	h := newHouse(t)
	report, month := [16]byte{9}, KeyID("2026-11-report")
	for _, n := range []Nudge{
		{},
		{Address: "telegram:42", Hours: "evening"},
		{Address: strings.Repeat("a", maxAddress), Hours: strings.Repeat("h", maxHours)},
	} {
		blob := must(h.SealNudge(month, report, n))
		if len(blob) != NudgeSize || n.Address != "" && bytes.Contains(blob, []byte(n.Address)) {
			t.Errorf("a blob of %d bytes", len(blob))
		}
		got, wanted, err := h.OpenNudge(report, blob)
		if err != nil || got != n || wanted != (n.Address != "") {
			t.Errorf("another address came back, wanted %v, %v", wanted, err)
		}
		_, _, err = h.OpenNudge([16]byte{8}, blob) // a reader moves it to another report
		wantErr(t, err, ErrTampered)
		everyByte(blob, len(blob), 1, func(at int, changed []byte) {
			if _, _, err := h.OpenNudge(report, changed); err == nil {
				t.Errorf("byte %d changed unnoticed", at)
			}
		})
		_, _, err = h.OpenNudge(report, blob[:len(blob)-1])
		wantErr(t, err, ErrTampered)
		// The month's outer key does not open what stands under its address key.
		if _, _, err := h.Open(report[:], blob); err == nil {
			t.Error("the outer key opens an address")
		}
	}
	_, err := h.SealNudge(month, report, Nudge{Address: strings.Repeat("a", maxAddress+1)})
	wantErr(t, err, ErrTooLong)
	_, err = h.SealNudge("standing-1", report, Nudge{})
	wantErr(t, err, ErrForgotten)
	blob := must(h.SealNudge(month, report, Nudge{Address: "telegram:42"}))
	if err := h.Forget(month); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.OpenNudge(report, blob)
	wantErr(t, err, ErrForgotten)
}
