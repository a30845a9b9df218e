// Amana is a messaging bot through which people in a crisis find help and report wrongs without a name, and through
// which focal points receive those reports sealed, answer them and close them. This is its only program: the server,
// the operator's tools, and what a focal point and a coordinator run on their own machines.
//
// Exit status: 0 fine, 1 the work could not be done, 2 the call or the configuration is wrong. What a command is asked
// for goes to standard output, everything else to standard error. Secrets come from files, the environment or the
// terminal, never from a flag.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/telegram"
)

// version is set by the release build.
var version = "development"

// call is one run of a command: what it was given, and where it may speak.
type call struct {
	args   []string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	env    func(string) string
	now    func() time.Time // nil: the system's clock
	of     *string          // the mission that was named with -config; nil, or empty, for the one in the current folder
	ground conditions
	alone  bool   // nothing else runs in this process: the command may say how its memory is swept
	prove  prover // of the flows that are looked at; nil: flow.Check
}

// conditions are what a proof changes of the ground under a served house. The program itself changes nothing.
type conditions struct {
	kiln  *seal.Kiln                      // in which receipts are stretched; nil: a new one, as the protocol wants it
	rates telegram.Rates                  // that the doors keep to; zero: those that Telegram bears
	many  bool                            // no budget bounds how much comes at once
	disk  func(commit func() error) error // stands around each commit to the disk; nil: nothing does
	form  int                             // in which records are written; zero: that of this program
	ahead time.Duration                   // by which the clock of the machine is wrong
	set   func() time.Duration            // by which it was set since the start; nil: nobody sets it
}

// clock tells the time on this ground.
func (g conditions) clock() time.Time {
	now := time.Now().Add(g.ahead)
	if g.set != nil {
		now = now.Round(0).Add(g.set())
	}
	return now
}

// clock gives the time, which a test may have set.
func (c *call) clock() time.Time {
	if c.now == nil {
		return c.ground.clock()
	}
	return c.now()
}

// command is one row of the table.
type command struct {
	name, line string
	run        func(context.Context, *call) error
}

func commands() []command {
	return []command{
		{"demo", "try everything in a browser or in this terminal, without a token", runDemo},
		{"init", "make a folder with configuration, keys and an empty database", runInit},
		{"check", "look at configuration, flows, words, roster, keys and service directory, and say what is wrong", runCheck},
		{"serve", "hear and answer", runServe},
		{"invite", "make a one-time link for a focal point", runInvite},
		{"notices", "how everybody is told of reports; name another way, prove it, send a test", runNotices},
		{"route", "explain who reads a report, who waits, who is excluded and why, and when its deadlines run out", runRoute},
		{"confirm", "sign keys into the roster: -list, -sign, -apply", runConfirm},
		{"keys", "make, compare, back up and restore keys: new, show, pin, coordinator, recovery, backup, restore", runKeys},
		{"import", "bring the service directory from sheets, after showing what would change", runImport},
		{"export", "write the service directory for others: HSDS 3.0, CSV, XLSX, sheets to be printed", runExport},
		{"stats", "show the numbers that were published: received, answered, how long it took, what is looked for", runStats},
		{"open", "read a sealed file on your own machine, and answer it", runOpen},
		{"desk", "serve the pages of the desk from your own machine, so that no server can change them", runDesk},
		{"forget", "forget the months whose time is over, and say what has to be destroyed by hand", runForget},
		{"hold", "keep a report beyond its month, at the word of one of its readers", runHold},
		{"backup", "copy the database, compacted, while it is served", runBackup},
		{"restore", "make a database from a backup", runRestore},
		{"migrate", "bring the database from a file into a cluster, or back", runMigrate},
		{"operate", "print a systemd unit, a container file or three etcd nodes for a mission", runOperate},
		{"translate", "sheets for translators, and how far each language has come: export, import, status, audio", runTranslate},
		{"version", "say which version this is, and what of others is in it: -licences", runVersion},
	}
}

// errUsage is a call that is wrong; what to say stands in it.
type errUsage struct{ text string }

func (e errUsage) Error() string { return e.text }

func usagef(format string, args ...any) error { return errUsage{fmt.Sprintf(format, args...)} }

// Main runs one call and gives its exit status.
func Main(ctx context.Context, c *call) int {
	switch {
	case len(c.args) > 1 && c.args[0] == "help": // of one command
		sub := *c
		sub.args = append(slices.Clone(c.args[1:]), "-h")
		return Main(ctx, &sub)
	case len(c.args) == 0 || c.args[0] == "help" || c.args[0] == "-h" || c.args[0] == "--help":
		out := c.stderr
		if len(c.args) > 0 {
			out = c.stdout
		}
		fmt.Fprint(out, "amana helps people in a crisis to find help and to report wrongs, without a name.\n\n")
		for _, cmd := range commands() {
			fmt.Fprintf(out, "  amana %-9s %s\n", cmd.name, cmd.line)
		}
		fmt.Fprint(out, "\nTry `amana demo`. `amana help COMMAND` explains one.\n")
		if len(c.args) == 0 {
			return 2
		}
		return 0
	}
	for _, cmd := range commands() {
		if cmd.name == c.args[0] {
			sub := *c
			sub.args, sub.of = c.args[1:], new(string)
			return status(cmd.run(ctx, &sub), c.stderr, *sub.of)
		}
	}
	fmt.Fprintf(c.stderr, "amana: there is no command %q; `amana help` lists them\n", c.args[0])
	return 2
}

// status words an error and gives the exit status that belongs to it.
func status(err error, stderr io.Writer, mission string) int {
	var usage errUsage
	var conf errConfig
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "amana: %v\n", err)
		return 2
	case errors.As(err, &conf):
		fmt.Fprintln(stderr, hinted(err.Error(), mission))
		return 2
	}
	fmt.Fprintf(stderr, "amana: %s\n", hinted(err.Error(), mission))
	return 1
}

// flags reads the flags of a command, and gives its arguments. About says in a line or two what the command does.
func (c *call) flags(name, args, about string, define func(*flag.FlagSet)) ([]string, error) {
	fs := flag.NewFlagSet("amana "+name, flag.ContinueOnError)
	fs.SetOutput(c.stderr)
	fs.Usage = func() {
		fmt.Fprintf(c.stderr, "usage: %s\n\n%s\n\n", strings.TrimSpace("amana "+name+" [flags] "+args), about)
		fs.PrintDefaults()
	}
	if define != nil {
		define(fs)
	}
	if err := fs.Parse(c.args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, usagef("%s: see `amana %s -h`", name, name)
	}
	if config := fs.Lookup("config"); config != nil && c.of != nil {
		*c.of = config.Value.String()
	}
	if args == "" && fs.NArg() > 0 && fs.Lookup("config") != nil {
		return nil, usagef("%s: it takes flags only, not %q; a mission is named with -config", name, fs.Arg(0))
	}
	return fs.Args(), nil
}

// missionAndFile reads the flags of a command that takes a mission and one file.
func (c *call) missionAndFile(name, about string) (conf *config, file string, err error) {
	var path string
	args, err := c.flagsFirst(name, "FILE", about, func(f *flag.FlagSet) {
		f.StringVar(&path, "config", "amana.yaml", "the configuration")
	})
	if err != nil {
		return nil, "", err
	}
	if len(args) != 1 {
		return nil, "", usagef("%s: name the file: amana %s FILE", name, name)
	}
	conf, err = readConfig(path)
	return conf, args[0], err
}

func main() { os.Exit(process(os.Args[1:], conditions{})) }

// process is the whole life of the program, from its arguments to its exit status.
func process(args []string, ground conditions) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Main(ctx, &call{args: args, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv, ground: ground, alone: true})
}

// budget is the standard, or as good as none.
func (c conditions) budget() casework.Budget {
	if !c.many {
		return casework.Budget{}
	}
	const all = 1 << 30
	return casework.Budget{Reports: all, Letters: all, ToOne: all, Beyond: 1, Mission: all, Flood: all}
}
