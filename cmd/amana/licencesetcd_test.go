//go:build etcd

package main

import (
	"maps"
	"testing"
)

// What the build for one machine links is listed too, without what the build for clusters links besides.
func TestLicencesWithoutEtcd(t *testing.T) {
	own := maps.Clone(licences)
	for path := range clusterLicences {
		delete(own, path)
	}
	licensed(t, "", own)
}
