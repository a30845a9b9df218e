package etcd_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestLinks: what a mission on one machine runs carries nothing of etcd, nor of the protocol that it speaks.
func TestLinks(t *testing.T) {
	for _, c := range []struct {
		args []string
		want bool
	}{
		{[]string{"amana/cmd/amana"}, false},
		{[]string{"amana/bot/kv/etcd"}, false},
		{[]string{"-tags", "etcd", "amana/bot/kv/etcd"}, true},
	} {
		out, err := exec.Command("go", append([]string{"list", "-deps"}, c.args...)...).Output()
		if err != nil {
			t.Fatalf("go list %v: %v", c.args, err)
		}
		deps := "\n" + string(out)
		for _, module := range []string{"go.etcd.io/etcd/", "google.golang.org/grpc", "google.golang.org/protobuf", "go.uber.org/zap"} {
			if strings.Contains(deps, "\n"+module) != c.want {
				t.Errorf("%v links %s: %v", c.args, module, !c.want)
			}
		}
	}
}
