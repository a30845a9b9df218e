package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The plan of the house: each room, and the rooms of ours that its doors open to. Doors open one way:
// cmd → doors → rooms → furniture → words. The plan carries privacy: a room that must never see a thing
// cannot import it. Test files are not held to it, with the exceptions that the rules below name.
const plan = `
bot                        :
bot/sheet                  :
bot/flow                   : bot bot/sheet
bot/speech                 : bot
bot/ticket                 : bot
bot/directory              : bot/directory/hours bot/speech
bot/directory/hours        : bot/speech
bot/directory/table        : bot/directory
bot/directory/tell         : bot/directory bot/directory/hours bot/speech
bot/directory/pathway      : bot/directory bot/directory/tell bot/speech
bot/directory/export       : bot/directory bot/directory/hours bot/directory/table bot/speech
bot/directory/intake       : bot/directory bot/directory/hours bot/directory/table bot/speech
bot/handover               : bot/directory/table bot/ticket
bot/primero                : bot/handover bot/sheet bot/ticket
bot/primero/primerotest    :
bot/directory/inspect      : bot/directory bot/directory/hours bot/speech
bot/translate              : bot/directory/table bot/flow bot/sheet bot/speech
bot/seal                   :
bot/kv                     :
bot/kv/mem                 : bot/kv
bot/kv/bolt                : bot/kv
bot/kv/kvtest              : bot/kv
bot/kv/etcd                : bot/kv
bot/kv/etcd/etcdtest       :
bot/store                  : bot bot/kv bot/seal bot/ticket
bot/voice                  : bot/seal
bot/casework               : bot bot/seal bot/store bot/tally bot/ticket bot/voice
bot/retention              : bot bot/store bot/ticket
bot/guide                  : bot/directory bot/speech
bot/chat                   : bot bot/directory bot/directory/tell bot/flow bot/guide bot/speech
bot/office                 : bot bot/casework bot/speech
bot/outbox                 : bot bot/speech
bot/telegram               : bot
bot/telegram/telegramtest  :
bot/terminal               : bot
bot/mail                   : bot
bot/mail/mailtest          :
bot/webhook                : bot
bot/desk                   : bot bot/casework bot/directory bot/speech bot/tally bot/ticket
bot/tally                  :
bot/desk/ui                :
bot/web                    : bot
flows                      :
locales                    :
cmd/amana                  : *
`

// never lists what the plan must not allow either, whoever changes it: the sentences of the design that are about privacy.
var never = map[string][]string{
	"bot/telegram":  {"bot/ticket", "bot/store", "bot/seal", "bot/voice"},
	"bot/terminal":  {"bot/ticket", "bot/store", "bot/seal", "bot/voice"},
	"bot/mail":      {"bot/ticket", "bot/store", "bot/seal", "bot/voice"},
	"bot/webhook":   {"bot/ticket", "bot/store", "bot/seal", "bot/voice"},
	"bot/web":       {"bot/ticket", "bot/store", "bot/seal", "bot/voice"},
	"bot/outbox":    {"bot/ticket", "bot/store", "bot/seal", "bot/voice"},
	"bot/desk":      {"bot/telegram", "bot/terminal", "bot/store", "bot/seal", "bot/voice"},
	"bot/chat":      {"bot/telegram", "bot/terminal", "bot/store", "bot/seal", "bot/ticket", "bot/voice"},
	"bot/kv":        {"bot"},
	"bot/kv/mem":    {"bot"},
	"bot/kv/bolt":   {"bot"},
	"bot/kv/etcd":   {"bot"},
	"bot/retention": {"bot/seal", "bot/casework", "bot/voice"},
	"bot/tally":     {"bot", "bot/seal", "bot/store", "bot/ticket"},
}

// pure rooms know no clock, no disk, no network and no chance of their own.
var pure = map[string][]string{
	"bot":        {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/sheet":  {"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/flow":   {"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/speech": {"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/ticket": {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},

	"bot/directory":         {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/directory/export":  {"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/directory/intake":  {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/directory/inspect": {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/directory/hours":   {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/directory/tell":    {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/directory/pathway": {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/handover":          {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/translate":         {"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/tally":             {"os", "net", "net/http", "time", "math/rand", "math/rand/v2", "crypto/rand"},
	"bot/guide":             {"os", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand"},
}

func TestHouse(t *testing.T) {
	allowed := readPlan(t)
	seen := map[string]bool{}
	root := ".."
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(file, root), string(filepath.Separator)))
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && rel != "" || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		room := path.Dir(rel)
		doors, planned := allowed[room]
		if !planned {
			t.Errorf("%s: the room %s is not in the plan of the house; add it to bot/house_test.go with the doors it needs", rel, room)
			return nil
		}
		seen[room] = true
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if slices.Contains(pure[room], name) {
				t.Errorf("%s imports %s, but %s is pure: pass it in", rel, name, room)
			}
			other, ours := strings.CutPrefix(name, "amana/")
			if !ours {
				continue
			}
			if slices.Contains(never[room], other) {
				t.Errorf("%s imports %s, which %s must never see", rel, name, room)
			}
			if !slices.Contains(doors, "*") && !slices.Contains(doors, other) {
				t.Errorf("%s imports %s, but no door opens from %s to %s", rel, name, room, other)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range allowed {
		if !seen[room] {
			t.Errorf("the plan names the room %s, but there is no code in it", room)
		}
	}
}

// TestWiringHasNoCgo keeps the promise of one static program that can be built anywhere.
func TestWiringHasNoCgo(t *testing.T) {
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			if spec.Path.Value == `"C"` {
				t.Errorf("%s uses cgo", file)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestQuickKilnIsForTests: a receipt that is stretched quickly can be guessed, so no part of the program may make one.
func TestQuickKilnIsForTests(t *testing.T) {
	const quick = "QuickKiln"
	made := 0
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if id, is := n.(*ast.Ident); is && id.Name == quick {
				if made++; filepath.ToSlash(file) != "../bot/seal/kiln.go" {
					t.Errorf("%s uses %s, which is for tests alone", file, quick)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if made != 1 {
		t.Errorf("%s stands %d times in the program: once, where it is made", quick, made)
	}
}

func readPlan(t *testing.T) map[string][]string {
	t.Helper()
	if _, err := os.Stat("../go.mod"); err != nil {
		t.Fatal("the plan is checked from the folder bot of the repository: ", err)
	}
	allowed := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(plan), "\n") {
		room, doors, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("a line of the plan without a colon: %q", line)
		}
		allowed[strings.TrimSpace(room)] = strings.Fields(doors)
	}
	return allowed
}

// TestRawNumbersStayInside: what the counters of a month say is suppressed by nothing, so no part of the program but the
// check of bot/casework may ask for it; what may be shown are publications.
func TestRawNumbersStayInside(t *testing.T) {
	raw := []string{"Counted", "CountedNames", "MonthCount", "Counters", "Walked"}
	seen := 0
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		inside := filepath.ToSlash(file) == "../bot/casework/recount.go"
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, is := n.(*ast.SelectorExpr); is && slices.Contains(raw, s.Sel.Name) {
				if seen++; !inside {
					t.Errorf("%s asks for %s, which is not suppressed", file, s.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("nobody asks for the raw numbers under these names")
	}
}
