package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"amana/bot/desk/ui"
)

// licences names the licence of each module that is linked into this program, as SPDX writes it.
var licences = map[string]string{
	"filippo.io/age":          "BSD-3-Clause",
	"filippo.io/edwards25519": "BSD-3-Clause",
	"filippo.io/hpke":         "BSD-3-Clause",
	"github.com/go-telegram-bot-api/telegram-bot-api/v5": "MIT",
	"github.com/piglig/go-qr":                            "MIT",
	"github.com/richardlehane/mscfb":                     "Apache-2.0",
	"github.com/richardlehane/msoleps":                   "Apache-2.0",
	"github.com/tiendc/go-deepcopy":                      "MIT",
	"github.com/wneessen/go-mail":                        "MIT",
	"github.com/xuri/efp":                                "BSD-3-Clause",
	"github.com/xuri/excelize/v2":                        "BSD-3-Clause",
	"github.com/xuri/nfp":                                "BSD-3-Clause",
	"go.etcd.io/bbolt":                                   "MIT",
	"go.yaml.in/yaml/v4":                                 "Apache-2.0",
	"golang.org/x/crypto":                                "BSD-3-Clause",
	"golang.org/x/net":                                   "BSD-3-Clause",
	"golang.org/x/sys":                                   "BSD-3-Clause",
	"golang.org/x/term":                                  "BSD-3-Clause",
	"golang.org/x/text":                                  "BSD-3-Clause",
	"golang.org/x/time":                                  "BSD-3-Clause",
}

func runVersion(_ context.Context, c *call) error {
	listed := false
	if _, err := c.flags("version", "", "Says which version this is.", func(f *flag.FlagSet) {
		f.BoolVar(&listed, "licences", false, "list the packages of others that are in this program, with their licences")
	}); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c.stdout, "amana %s (%s)\n", version, withEtcd); err != nil || !listed {
		return err
	}
	return listLicences(c.stdout)
}

// listLicences names what of others is in this program: Go modules by what the build recorded, the packages of the desk's
// pages by what was written down when these were built.
func listLicences(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\namana\t%s\tApache-2.0\nGo\t%s\tBSD-3-Clause\n", version, runtime.Version())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", m.Path, m.Version, cmp.Or(licences[m.Path], "see its source"))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	pages := ui.Licences()
	if pages == nil {
		pages = []byte("The pages of the desk are not in this program: `make` builds them, and lists then what is in them.\n")
	}
	_, err := fmt.Fprintf(w, "\nIn the pages of the desk:\n\n%s", pages)
	return err
}
