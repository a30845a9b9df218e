package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed operate/amana.service.tmpl
var unitTemplate string

//go:embed operate/Containerfile.tmpl
var containerTemplate string

//go:embed operate/etcd.tmpl
var clusterTemplate string

// runOperate prints what a machine needs to keep the server running.
func runOperate(_ context.Context, c *call) error {
	var path, binary, user string
	args, err := c.flagsFirst("operate", "unit|container|etcd", `Prints, with the paths of a mission filled in, what keeps the server running:
  amana operate unit         a hardened unit for systemd
  amana operate container    a container file with nothing but the program in it
  amana operate etcd         three etcd nodes: certificates, units, users, and what to do when a node or the quorum is lost
Nothing is installed.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&binary, "binary", "/usr/local/bin/amana", "unit: where the program lies")
		f.StringVar(&user, "user", "amana", "unit: the system user that runs it")
	})
	if err != nil {
		return err
	}
	templates := map[string]string{"unit": unitTemplate, "container": containerTemplate, "etcd": clusterTemplate}
	if len(args) != 1 || templates[args[0]] == "" {
		return usagef("operate: say what: amana operate unit, container or etcd")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	o, err := operated(conf, binary, user)
	if err != nil {
		return err
	}
	_, err = io.WriteString(c.stdout, strings.NewReplacer(append(o, conf.nodes()...)...).Replace(templates[args[0]]))
	return err
}

// operated gives what stands in the templates for a mission. Paths with white space, or what systemd would read as
// something else, are refused rather than quoted.
func operated(conf *config, binary, user string) (pairs []string, err error) {
	whole := func(name string) string {
		abs, e := filepath.Abs(name)
		if strings.ContainsAny(abs, " \t\n\"'\\%$;#") {
			e = usagef("operate: the path %q has a letter in it that a unit cannot carry: move the mission to a plain path such as /var/lib/amana", abs)
		}
		if e != nil && err == nil {
			err = e
		}
		return abs
	}
	config, runtime := whole(conf.path), whole(conf.Runtime)
	home := filepath.Dir(config)
	writes := []string{home}
	dirs := []string{whole(conf.Keys)}
	build := ""
	credentials, secrets := conf.credentials()
	limits := "StartLimitIntervalSec=10min\nStartLimitBurst=20"
	if conf.place.clustered() {
		if voices := conf.voicesDir(); voices != "" {
			dirs = append(dirs, whole(voices))
		}
		build = "-tags etcd "
		limits = "# Never given up: while the cluster has lost its quorum no start succeeds.\nStartLimitIntervalSec=0"
	} else {
		dirs = append([]string{filepath.Dir(whole(conf.Database))}, dirs...)
	}
	for _, dir := range dirs {
		if !within(home, dir) && !slices.Contains(writes, dir) {
			writes = append(writes, dir)
		}
	}
	lines := "RuntimeDirectoryMode=0700\nRuntimeDirectoryPreserve=yes"
	if name, below := strings.CutPrefix(runtime, "/run/"); below {
		lines = "RuntimeDirectory=" + name + "\n" + lines
	} else {
		lines, writes = "# The runtime directory of this mission does not lie under /run: it has to be there before the start.", append(writes, runtime)
	}
	if name, below := strings.CutPrefix(home, "/var/lib/"); below {
		lines += "\nStateDirectory=" + name + "\nStateDirectoryMode=0700"
	}
	protect := "yes"
	for _, dir := range []string{"/home", "/root", "/run/user"} {
		for _, w := range writes {
			if within(dir, w) {
				protect = "read-only"
			}
		}
	}
	users, capabilities, reached, bind := conf.ports()
	mounts := conf.mounts(writes, runtime, whole)
	if !filepath.IsAbs(binary) || strings.ContainsAny(binary, " \t%$\"'\\") {
		return nil, usagef("operate: -binary is the whole path of the program, without white space")
	}
	return []string{
		"{{home}}", home, "{{config}}", config, "{{binary}}", binary, "{{user}}", user, "{{runtime}}", lines,
		"{{runtimedir}}", runtime, "{{writes}}", strings.Join(writes, " "), "{{protecthome}}", protect,
		"{{users}}", users, "{{capabilities}}", capabilities, "{{reached}}", reached, "{{bind}}", bind,
		"{{mounts}}", mounts,
		"{{limits}}", limits, "{{build}}", build, "{{credentials}}", credentials, "{{secrets}}", secrets,
	}, err
}

// credential names the file by which a service manager, or a container, hands over a secret: AMANA_STAFF_TOKEN is staff_token.
func credential(name string) string { return strings.ToLower(strings.TrimPrefix(name, "AMANA_")) }

// secret gives a secret from the environment, or else from the credentials directory that the service manager named. A file
// that is not there is no secret; one that cannot be read is an error.
func secret(env func(string) string, name string) (string, error) {
	if v := env(name); v != "" {
		return v, nil
	}
	dir := env("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return "", nil
	}
	data, err := os.ReadFile(filepath.Join(dir, credential(name)))
	if os.IsNotExist(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the credential %s: it cannot be read by this user", credential(name))
	}
	defer clear(data)
	return strings.TrimSpace(string(data)), nil
}
