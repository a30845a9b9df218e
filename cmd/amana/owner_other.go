//go:build !linux

package main

// notOurs cannot tell here: on Linux root is kept from writing into the mission of somebody else.
func notOurs(string) error { return nil }
