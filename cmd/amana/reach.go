package main

import (
	"context"
	"encoding/json"
)

// reach does the deeds of one command where the database is: in the server that runs on this machine, or here. A house that
// is opened here stays open until the command is done.
//
// A file is open in one process: while a server has it, all deeds are done there. A cluster may be opened beside the
// processes that serve it, so a command on a machine without a server does the deed itself, under the keys and roots of that
// machine; those who serve renew what they keep in memory when they next meet it in the database. What is done to the whole
// database alone, as migrate and restore do it, goes through no server.
type reach struct {
	config *config
	house  *house
}

func (r *reach) ask(ctx context.Context, name string, with, answer any) error {
	raw, err := json.Marshal(with)
	if err != nil {
		return err
	}
	d := deed{Do: name, With: raw}
	if r.house == nil {
		served, err := askServer(ctx, r.config, d, answer)
		if served || err != nil {
			return err
		}
		if r.house, err = openHouse(ctx, r.config); err != nil {
			return err
		}
	}
	out, err := do(ctx, r.house, d)
	if err != nil {
		return err
	}
	if raw, err = json.Marshal(out); err != nil {
		return err
	}
	return json.Unmarshal(raw, answer)
}

// Close ends the house, if one was opened.
func (r *reach) Close() error {
	if r.house == nil {
		return nil
	}
	return r.house.Close()
}
