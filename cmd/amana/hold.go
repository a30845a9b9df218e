package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"amana/bot/casework"
	"amana/bot/sheet"
)

func runHold(ctx context.Context, c *call) error {
	var path string
	d := holdDeed{}
	var lift bool
	args, err := c.flagsFirst("hold", "[CODE]", `Keeps a report beyond the end of its month, also when it is closed or withdrawn, or lifts that again. Readers do so
at the desk; here an operator does it at the word of one of them, who must see the report. It stands in the report's own
audit chain, with both names and the reason, and nowhere else.`, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
		f.StringVar(&d.As, "as", "", "the `ID` of the reader at whose word it is done")
		f.StringVar(&d.Why, "why", "", "the reason: "+strings.Join(casework.HoldReasons(), ", "))
		f.BoolVar(&lift, "lift", false, "lift the hold")
		f.BoolVar(&d.List, "list", false, "list the reports on hold that this reader sees")
	})
	switch {
	case err != nil:
		return err
	case d.As == "":
		return usagef("hold: name the reader at whose word it is done: -as ID")
	case d.List && (len(args) > 0 || lift || d.Why != ""), !d.List && len(args) != 1:
		return usagef("hold: name one report by its code, or -list")
	case !d.List && lift == (d.Why != ""):
		return usagef("hold: give a reason with -why, or -lift")
	case d.Why != "" && !slices.Contains(casework.HoldReasons(), d.Why):
		return usagef("hold: -why %q is no reason; %s", d.Why, sheet.Known(d.Why, casework.HoldReasons()))
	}
	if !d.List {
		d.Code = args[0]
	}
	conf, err := readConfig(path)
	if err != nil {
		return err
	}
	var done holdDone
	if err := ask(ctx, conf, "hold", d, &done); err != nil {
		return err
	}
	for _, h := range done.Holds {
		fmt.Fprintf(c.stdout, "%s\t%s\tsince %s, by %s\n", h.Code, h.Reason, h.Day.Time().Format(time.DateOnly), h.Who)
	}
	switch {
	case d.List:
	case done.Again && lift:
		fmt.Fprintln(c.stderr, "it was not on hold")
	case done.Again:
		fmt.Fprintln(c.stderr, "it was on hold already; nothing was changed")
	case lift:
		fmt.Fprintln(c.stderr, "the hold is lifted")
	default:
		fmt.Fprintln(c.stderr, "on hold")
	}
	return nil
}
