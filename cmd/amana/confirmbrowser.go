package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"amana/bot/casework"
)

// confirmBrowser lets a browser in, by the digits that its owner reads to whoever runs the program.
func confirmBrowser(ctx context.Context, c *call, path, digits string) error {
	digits = strings.ReplaceAll(digits, " ", "")
	if len(digits) != 6 || strings.Trim(digits, "0123456789") != "" {
		return usagef("confirm: -browser takes the six digits that the desk shows")
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	var name string
	if err := ask(ctx, conf, "browser", digits, &name); err != nil {
		return err
	}
	fmt.Fprintf(c.stderr, "the browser of %s may sign in now\n", name)
	return nil
}

// doBrowser lets the browser in that waits with these digits, and gives the name of its owner.
func doBrowser(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var digits string
	if err := json.Unmarshal(with, &digits); err != nil {
		return nil, err
	}
	waiting, err := h.registry.Browsers(ctx)
	if err != nil {
		return nil, err
	}
	var found []casework.Waiting
	for _, w := range waiting {
		if w.Digits == digits {
			found = append(found, w)
		}
	}
	switch len(found) {
	case 0:
		return nil, errors.New("no browser waits with these digits: they are shown for a day; compare them once more")
	case 1:
		return found[0].Name, h.registry.AllowBrowserHere(ctx, found[0].ID, true)
	}
	return nil, errors.New("two browsers wait with the same digits: let the owner open the desk in another browser, which gets others")
}

// forgetBrowsers lets no browser of somebody in any more.
func forgetBrowsers(ctx context.Context, c *call, path, person string) error {
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	var n int
	if err := ask(ctx, conf, "forget browsers", person, &n); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("no browser of %q signs in at the desk, or waits to", person)
	}
	fmt.Fprintf(c.stderr, "%s of %s forgotten: each has to be let in anew, and who had signed in from there is signed out\n", count(n, "browser", "browsers"), person)
	return nil
}

// doForgetBrowsers does it where the database is.
func doForgetBrowsers(ctx context.Context, h *house, with json.RawMessage) (any, error) {
	var person string
	if err := json.Unmarshal(with, &person); err != nil {
		return nil, err
	}
	return h.registry.ForgetBrowsers(ctx, person)
}
