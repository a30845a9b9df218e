package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestBesideIsWhatTheMakefileSays: the race detector looks only at the rooms of its line BESIDE, and at some tests of the
// rooms of its line FEW, so nothing in any other room, in its tests neither, may run beside something else. A test that is
// left out of its sight stands in cmd/amana, and no other has its name.
func TestBesideIsWhatTheMakefileSays(t *testing.T) {
	left := map[string]int{}
	for _, line := range []string{"ALONE", "BROWSER", "SEALS", "CLUSTER", "LESS"} {
		for _, name := range makeNames(t, line) {
			left[name] = 0
		}
	}
	everyFile(t, token.NewFileSet(), func(room, file string, f *ast.File) {
		looked := oneOf(room, makeLine(t, "BESIDE"))
		for _, decl := range f.Decls {
			if fn, is := decl.(*ast.FuncDecl); is && looked {
				if _, listed := left[fn.Name.Name]; listed && room == "./cmd/amana" {
					left[fn.Name.Name]++
				} else if listed {
					t.Errorf("%s has a %s, which the Makefile keeps from the race detector; give it another name", file, fn.Name.Name)
				}
			}
		}
		switch {
		case looked:
		case !oneOf(room, makeLine(t, "FEW")):
			if runsBeside(f) {
				t.Errorf("%s lets one thing run beside another; add its room to BESIDE in the Makefile, so that the race detector looks at it", file)
			}
		case !strings.HasSuffix(file, "_test.go") && runsBeside(f):
			t.Errorf("%s lets one thing run beside another; move its room from FEW to BESIDE in the Makefile, so that the race detector looks at all its tests", file)
		}
	})
	for name, n := range left {
		if n != 1 {
			t.Errorf("the Makefile names %s, of which cmd/amana has %d", name, n)
		}
	}
}

// TestTogetherIsWhatTheMakefileSays: of the rooms of the line FEW the race detector looks at the tests of the line TOGETHER
// alone. So these are all that come, by what is declared in their room, to where one thing runs beside another, be it in a room
// of BESIDE. A database may: what it starts ends its own waiting.
func TestTogetherIsWhatTheMakefileSays(t *testing.T) {
	few, beside, fset := makeLine(t, "FEW"), makeLine(t, "BESIDE"), token.NewFileSet()
	packages := map[string][]*ast.File{} // by room and name: tests outside of a package are one of their own
	everyFile(t, fset, func(room, _ string, f *ast.File) {
		if oneOf(room, few) {
			packages[room+" "+f.Name.Name] = append(packages[room+" "+f.Name.Name], f)
		}
	})
	listed, seen := makeNames(t, "TOGETHER"), map[string]bool{}
	for name, files := range packages {
		for test, does := range testsBeside(fset, files, func(door string) bool { return oneOf("./"+door, beside) && !strings.HasPrefix(door, "bot/kv") }) {
			is := slices.Contains(listed, test)
			if seen[test] = seen[test] || is; does != is {
				t.Errorf("%s of %s lets one thing run beside another: %t; TOGETHER in the Makefile names it: %t", test, name, does, is)
			}
		}
	}
	for _, name := range listed {
		if !seen[name] {
			t.Errorf("TOGETHER in the Makefile names %s, and no room of FEW has it", name)
		}
	}
}

// testsBeside tells of each test in a package whether it comes to where one thing runs beside another, or to one of some doors.
// The names are resolved as the compiler does, but for what others declare.
func testsBeside(fset *token.FileSet, files []*ast.File, door func(room string) bool) map[string]bool {
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: nothing{}, Error: func(error) {}}
	_, _ = conf.Check("room", fset, files, info)
	starts, uses := map[types.Object]bool{}, map[types.Object][]types.Object{}
	methods, tests := map[string][]types.Object{}, map[string]types.Object{}
	note := func(id *ast.Ident, of ast.Node) {
		o := info.Defs[id]
		starts[o] = starts[o] || runsBeside(of)
		ast.Inspect(of, func(n ast.Node) bool {
			id, is := n.(*ast.Ident)
			if !is {
				return true
			}
			switch used := info.Uses[id].(type) {
			case *types.PkgName:
				if ours, is := strings.CutPrefix(used.Imported().Path(), "amana/"); is && door(ours) {
					starts[o] = true
				}
			case *types.Func:
				uses[o] = append(uses[o], used.Origin())
			case *types.Var:
				uses[o] = append(uses[o], used)
			}
			return true
		})
	}
	for _, f := range files {
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				note(d.Name, d)
				if name := d.Name.Name; d.Recv != nil {
					methods[name] = append(methods[name], info.Defs[d.Name])
				} else if strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz") || strings.HasPrefix(name, "Example") {
					tests[name] = info.Defs[d.Name]
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, is := spec.(*ast.ValueSpec); is {
						for _, id := range v.Names {
							note(id, v)
						}
					}
				}
			}
		}
	}
	for grows := true; grows; {
		grows = false
		for o, all := range uses {
			for _, used := range all {
				does := starts[used]
				if f, is := used.(*types.Func); is && f.Signature().Recv() != nil && types.IsInterface(f.Signature().Recv().Type()) { // any that has its name
					does = slices.ContainsFunc(methods[f.Name()], func(m types.Object) bool { return starts[m] })
				}
				if does && !starts[o] {
					starts[o], grows = true, true
				}
			}
		}
	}
	out := map[string]bool{}
	for name, o := range tests {
		out[name] = starts[o]
	}
	return out
}

// nothing is an importer for whoever asks for no more than the names.
type nothing struct{}

func (nothing) Import(of string) (*types.Package, error) {
	p := types.NewPackage(of, path.Base(of))
	p.MarkComplete()
	return p, nil
}

// everyFile parses all our files, and tells their rooms as the Makefile names them.
func everyFile(t *testing.T, fset *token.FileSet, look func(room, file string, f *ast.File)) {
	t.Helper()
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") {
			return err
		}
		f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err == nil {
			look("./"+path.Dir(strings.TrimPrefix(filepath.ToSlash(file), "../")), file, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// oneOf says that a room is among those of a line of the Makefile.
func oneOf(room, line string) bool {
	return slices.ContainsFunc(strings.Fields(line), func(r string) bool {
		all, rest := strings.CutSuffix(r, "/...")
		return room == all || rest && strings.HasPrefix(room, all+"/")
	})
}

// runsBeside says that something starts a goroutine, in one of the ways that there are.
func runsBeside(of ast.Node) (does bool) {
	ast.Inspect(of, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			does = true
		case *ast.SelectorExpr:
			does = does || slices.Contains([]string{"Go", "Parallel", "RunParallel", "AfterFunc"}, n.Sel.Name)
		}
		return !does
	})
	return does
}

// makeNames gives the tests that a line of the Makefile names, but not those of the lines that it refers to.
func makeNames(t *testing.T, line string) (names []string) {
	t.Helper()
	for name := range strings.SplitSeq(makeLine(t, line), "|") {
		if !strings.HasPrefix(name, "$(") {
			names = append(names, name)
		}
	}
	return names
}

// makeLine gives what a variable of the Makefile is set to.
func makeLine(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if set, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(set) == name {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("the Makefile has no line %s =", name)
	return ""
}
