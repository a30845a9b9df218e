package main

import (
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// credentials names the secrets that the configuration leaves to whoever starts the program, as a unit and a container bring
// them.
func (c *config) credentials() (unit, container string) {
	var names []string
	if c.Mail.on() && c.Mail.User != "" && c.Mail.Password == "" {
		names = append(names, mailSecret)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Webhooks)) {
		if c.Webhooks[name].Secret == "" {
			names = append(names, hookVariable(name))
		}
	}
	if c.place.clustered() && c.Etcd.Password == "" {
		names = append(names, etcdSecret)
	}
	for _, name := range names {
		name = credential(name)
		unit += "LoadCredential=" + name + ":/etc/amana/" + name + "\n"
		container += " --secret " + name + ",uid=65532,mode=0400"
	}
	return unit, container
}

// ports says what it takes to listen where the configuration says: a port below 1024 needs one capability, which private
// users would take away; and what listens in a container is reached by others only in the network of its machine.
func (c *config) ports() (users, capabilities, reached, bind string) {
	users = "PrivateUsers=yes"
	for _, at := range []string{c.Desk.Listen, c.Web.Listen, c.Telegram.Listen, c.Listen} {
		_, port, err := net.SplitHostPort(at)
		if err != nil {
			continue
		}
		reached = " --network=host"
		if n, err := strconv.Atoi(port); err == nil && n > 0 && n < 1024 {
			users = "# A port below 1024 needs a right on this machine, which private users do not have.\nPrivateUsers=no"
			capabilities, bind = "CAP_NET_BIND_SERVICE", " --cap-add=net_bind_service"
		}
	}
	return users, capabilities, reached, bind
}

// mounts brings into a container what the mission writes, and the folders of what it reads elsewhere: of a single file a
// renewed one would not be seen.
func (c *config) mounts(writes []string, runtime string, whole func(string) string) string {
	all := []string{"-v " + runtime + ":" + runtime + ":rw"}
	seen := []string{runtime}
	mount := func(dir, how string) {
		if !slices.ContainsFunc(seen, func(s string) bool { return within(s, dir) }) {
			seen, all = append(seen, dir), append(all, "-v "+dir+":"+dir+":"+how)
		}
	}
	for _, dir := range writes {
		mount(dir, "rw")
	}
	read := []string{
		c.Mail.CA, c.Mail.Password, c.Desk.TLS.Cert, c.Desk.TLS.Key, c.Web.TLS.Cert, c.Web.TLS.Key, c.Coordinator.Key,
		c.Etcd.CA, c.Etcd.Cert, c.Etcd.Key, c.Etcd.Password,
	}
	if strings.ContainsRune(c.Profile, '/') {
		read = append(read, c.Profile)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Webhooks)) {
		read = append(read, c.Webhooks[name].Secret, c.Webhooks[name].CA)
	}
	for _, file := range read {
		if file != "" {
			mount(whole(filepath.Dir(c.near(file))), "ro")
		}
	}
	for _, dir := range []string{c.Flows, c.Locales} {
		if dir != "" {
			mount(whole(dir), "ro")
		}
	}
	return strings.Join(all, " ")
}
