package ticket

import (
	"fmt"
	"strings"
	"testing"
)

// Who can bring a report from the state of the line to the state of the column: R reporter, B button, S a signed answer,
// T time. A column with w: is a withdrawal.
const transitions = `
            received read referred confirmed closed w:received w:read w:referred w:confirmed w:closed
received    S        BS   S        S         S      R          -      -          -           -
read        -        S    S        S         S      -          R      -          -           -
referred    -        -    S        S         S      -          -      R          -           -
confirmed   -        -    -        S         S      -          -      -          R           -
closed      R        S    -        -         S      -          -      -          -           R
w:received  R        -    -        -         T      S          S      S          S           S
w:read      -        R    -        -         T      -          S      S          S           S
w:referred  -        -    R        -         T      -          -      S          S           S
w:confirmed -        -    -        R         T      -          -      -          S           S
w:closed    -        -    -        -         RT     -          S      -          -           S
`

func TestTransitions(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(transitions), "\n")
	state := func(s string) State { return State(strings.Replace(s, "w:", "withdrawn:", 1)) }
	columns := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, cell := range cells[1:] {
			from, to := state(cells[0]), state(columns[i])
			got := ""
			for _, by := range []struct {
				actor Actor
				mark  string
			}{{ByReporter, "R"}, {ByButton, "B"}, {ByReader, "S"}, {ByClock, "T"}} {
				if Allowed(by.actor, from, to) {
					got += by.mark
				}
			}
			if got == "" {
				got = "-"
			}
			if got != cell || Possible(from, to) != (cell != "-") {
				t.Errorf("from %s to %s: %s, want %s", from, to, got, cell)
			}
		}
	}
}

func TestStates(t *testing.T) {
	for _, s := range []State{"", "withdrawn", "withdrawn:", "withdrawn:withdrawn:read", "READ", "gone"} {
		if s.Valid() || Possible(s, Closed) || Possible(Received, s) {
			t.Errorf("%q counts as a state", s)
		}
	}
	if Allowed("administrator", Received, Read) {
		t.Error("somebody else can move a report")
	}
	w := Referred.Withdraw()
	if got := fmt.Sprintln(w, w.Word(), w.Withdraw(), w.Keep(), w.Open(), Referred.Open(), Closed.Open()); got !=
		"withdrawn:referred withdrawn withdrawn:referred referred false true false\n" {
		t.Error(got)
	}
}
