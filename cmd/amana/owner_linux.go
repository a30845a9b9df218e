package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// notOurs refuses root where a mission is somebody else's: what root writes into its folders, the server could not read when
// it starts the next time. While a server runs no command comes here: the server does the deed itself.
func notOurs(keys string) error {
	info, err := os.Stat(keys)
	if err != nil || os.Geteuid() != 0 {
		return nil // whoever opens it says what is wrong
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || s.Uid == 0 {
		return nil
	}
	id := strconv.Itoa(int(s.Uid))
	name, as := "the user "+id, "setpriv --reuid "+id+" --regid "+id+" --clear-groups"
	if u, err := user.LookupId(id); err == nil {
		name, as = u.Username, "runuser -u "+u.Username+" --"
	}
	return errConfig{fmt.Sprintf("%s is %s's, and what root writes there %[2]s could not read: say it as that user, %s amana …", keys, name, as)}
}
