//go:build etcd

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"amana/bot/kv/etcd"
)

// courseFile keeps, beside the roots, how far the last `amana serve` on this machine saw the cluster come. It is lost with the
// power, as they are: what must outlive that would tell whoever takes the disk when people wrote.
const courseFile = "cluster"

// seen reads that note. One that is not there, or damaged, holds nothing back.
func (c *config) seen() (s etcd.Seen) {
	data, err := os.ReadFile(filepath.Join(c.Runtime, courseFile))
	if err != nil || json.Unmarshal(data, &s) != nil {
		return etcd.Seen{}
	}
	return s
}

// noteSeen writes it, where something has changed since.
func (h *house) noteSeen() error {
	s, is := h.base.(*etcd.Store)
	if !is {
		return nil
	}
	data, err := json.Marshal(s.Seen())
	if err != nil || string(data) == h.seen {
		return err
	}
	path := filepath.Join(h.config.Runtime, courseFile)
	err = os.WriteFile(path+".new", data, 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("noting how far the cluster came: %w", err)
	}
	h.seen = string(data)
	return nil
}
