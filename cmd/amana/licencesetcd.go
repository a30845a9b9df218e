//go:build etcd

package main

import "maps"

func init() { maps.Copy(licences, clusterLicences) }

// clusterLicences are those of what the build for clusters links besides.
var clusterLicences = map[string]string{
	"github.com/coreos/go-semver":               "Apache-2.0",
	"github.com/coreos/go-systemd/v22":          "Apache-2.0",
	"github.com/golang/protobuf":                "BSD-3-Clause",
	"github.com/grpc-ecosystem/grpc-gateway/v2": "BSD-3-Clause",
	"go.etcd.io/etcd/api/v3":                    "Apache-2.0",
	"go.etcd.io/etcd/client/pkg/v3":             "Apache-2.0",
	"go.etcd.io/etcd/client/v3":                 "Apache-2.0",
	"go.uber.org/multierr":                      "MIT",
	"go.uber.org/zap":                           "MIT",
	"google.golang.org/genproto/googleapis/api": "Apache-2.0",
	"google.golang.org/genproto/googleapis/rpc": "Apache-2.0",
	"google.golang.org/grpc":                    "Apache-2.0",
	"google.golang.org/protobuf":                "BSD-3-Clause",
}
