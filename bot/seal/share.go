package seal

import (
	"archive/tar"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
)

// Where several processes serve one database, each has its own key directory and its own runtime directory, and what lies in
// them is the same. One writes it into a file for another; from then on the roots step alike, by the clock.

// ErrDiffers says that a machine has another key or another root than what is shared with it.
var ErrDiffers = errors.New("this machine has another one")

// For says who opens what is shared: the holder of an age identity, or whoever knows a passphrase.
type For struct {
	Recipient  string // age1…
	Identities []Identity
	Passphrase string
}

func (f For) recipient() (age.Recipient, error) {
	if f.Passphrase != "" {
		return age.NewScryptRecipient(f.Passphrase)
	}
	return recipient(f.Recipient)
}

func (f For) identities() ([]age.Identity, error) {
	if f.Passphrase == "" {
		return openWith(f.Identities), nil
	}
	id, err := age.NewScryptIdentity(f.Passphrase)
	return []age.Identity{id}, err
}

// rootPrefix begins the name of a root in what is shared.
const rootPrefix = "runtime-"

// Share writes key directory and roots for another machine of the same mission. Whoever opens it holds lock one entire, and
// can try chat ids against every pseudonym: it is to be deleted once it was taken in.
func (h *House) Share(w io.Writer, roots *Roots, to For) error {
	r, err := to.recipient()
	if err != nil {
		return fmt.Errorf("sharing the keys: %w", err)
	}
	h.mu.RLock()
	files := h.snapshot()
	h.mu.RUnlock()
	roots.mu.RLock()
	for _, l := range roots.lines {
		files = append(files, smallFile{rootPrefix + l.plan.name, l.encode()})
	}
	roots.mu.RUnlock()
	if err := writeBackup(w, []age.Recipient{r}, files); err != nil {
		return fmt.Errorf("sharing the keys: %w", err)
	}
	return nil
}

// Joined is what a machine has taken in.
type Joined struct {
	Keys  []KeyID // that it did not have
	Roots bool    // it had none
}

// Join takes in what another machine shares: into a key directory and a runtime directory that are not there yet, or that
// hold a part of the same. Where one key or root is another than here it is ErrDiffers, and nothing is changed. What was
// forgotten on one of the two machines is forgotten on both.
func Join(r io.Reader, keys, runtime string, now time.Time, with For) (j Joined, err error) {
	files, err := openShare(r, with)
	if err != nil {
		return j, fmt.Errorf("taking in shared keys: %w", err)
	}
	s, err := readShare(files)
	if err != nil {
		return j, fmt.Errorf("taking in shared keys: %w", err)
	}
	missing, err := s.lacking(runtime)
	if err != nil {
		return j, fmt.Errorf("taking in shared roots: %w", err)
	}
	if entries, err := os.ReadDir(keys); errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		j.Keys, err = s.begin(keys)
		if err != nil {
			return j, fmt.Errorf("taking in shared keys: %w", err)
		}
	} else if j.Keys, err = s.complete(keys); err != nil {
		return j, fmt.Errorf("taking in shared keys: %w", err)
	}
	for _, l := range missing {
		if err := createFile(runtime, l.plan.name, l.encode()); err != nil {
			return j, fmt.Errorf("taking in shared roots: %w", err)
		}
		j.Roots = true
	}
	return j, nil
}

func openShare(r io.Reader, with For) (map[string][]byte, error) {
	ids, err := with.identities()
	if err != nil || len(ids) == 0 {
		return nil, ErrNotForYou
	}
	plain, err := age.Decrypt(r, ids...)
	if _, no := errors.AsType[*age.NoIdentityMatchError](err); no {
		return nil, ErrNotForYou
	}
	if err != nil {
		return nil, ErrTampered
	}
	files, t := map[string][]byte{}, tar.NewReader(plain)
	for range maxBackupFiles {
		head, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, drained(plain)
		}
		if err != nil || head.Typeflag != tar.TypeReg || head.Size > maxSmallFile {
			return nil, ErrTampered
		}
		if files[head.Name], err = io.ReadAll(t); err != nil {
			return nil, ErrTampered
		}
	}
	return nil, fmt.Errorf("%w: too many files", ErrMalformed)
}

// share is what one machine gives to another, read whole before anything is written.
type share struct {
	files        map[string][]byte
	installation *[keySize]byte
	coordinator  string
	keys         map[KeyID]*[keySize]byte
	forgotten    []KeyID
	lines        []*lineage
}

func readShare(files map[string][]byte) (*share, error) {
	s := &share{files: files, keys: map[KeyID]*[keySize]byte{}}
	var l ledger
	if decodeJSON(files[ledgerFile], &l) != nil || l.Amana != ledgerKind {
		return nil, fmt.Errorf("%w: it holds no key directory", ErrMalformed)
	}
	s.forgotten = l.Forgotten
	var err error
	for name, data := range files {
		id := KeyID(name)
		_, isKey := id.head()
		switch {
		case isKey:
			s.keys[id], err = decodeKeyFile(name, data)
		case name == installationFile:
			s.installation, err = decodeKeyFile(name, data)
		case name == coordinatorFile:
			s.coordinator = strings.TrimSpace(string(data))
			_, err = parseCoordinatorPublic(s.coordinator)
		case name == ledgerFile || strings.HasPrefix(name, rootPrefix):
		default:
			err = errors.New("it holds what nobody shares")
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
	}
	for _, id := range l.Living {
		if s.keys[id] == nil {
			return nil, fmt.Errorf("%w: it lacks the key %s", ErrMalformed, id)
		}
	}
	if s.installation == nil || len(s.keys) != len(l.Living) {
		return nil, fmt.Errorf("%w: it holds no whole key directory", ErrMalformed)
	}
	for _, p := range [...]plan{draftPlan, dailyPlan, pseudonymPlan} {
		l, err := decodeLineage(p, files[rootPrefix+p.name])
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		s.lines = append(s.lines, l)
	}
	return s, nil
}

// lacking gives the roots that a runtime directory has not; one that it has must be of the same line.
func (s *share) lacking(runtime string) (missing []*lineage, err error) {
	if err := makeDir(runtime); err != nil {
		return nil, err
	}
	for _, l := range s.lines {
		here, err := readLineage(runtime, l.plan)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, l)
		case err != nil:
			return nil, err
		case !l.fits(here.held[0].epoch, here.held[0].name) && !here.fits(l.held[0].epoch, l.held[0].name):
			return nil, fmt.Errorf("%s: %w", filepath.Join(runtime, l.plan.name), ErrDiffers)
		}
	}
	return missing, nil
}

// fits says that a root of an epoch, known by its name, is one of this line: held, or one into which it will step.
func (l *lineage) fits(epoch uint32, name [8]byte) bool {
	for _, t := range l.held {
		if t.epoch == epoch {
			return t.name == name
		}
	}
	t := l.held[0]
	if epoch < t.epoch || epoch-t.epoch > maxSteps {
		return false
	}
	for t.epoch < epoch {
		t = t.next(l.plan)
	}
	return t.name == name
}

// begin makes a key directory.
func (s *share) begin(dir string) (ids []KeyID, err error) {
	err = build(dir, func(temp string) error {
		for name, data := range s.files {
			if strings.HasPrefix(name, rootPrefix) {
				continue
			}
			if err := createFile(temp, name, data); err != nil {
				return err
			}
		}
		h, err := OpenHouse(temp, nil)
		if err == nil {
			ids = h.Living()
		}
		return err
	})
	return ids, err
}

// complete adds to a key directory what it lacks.
func (s *share) complete(dir string) (added []KeyID, err error) {
	h, err := OpenHouse(dir, nil)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	differs := func(name string) error { return fmt.Errorf("%s: %w", filepath.Join(dir, name), ErrDiffers) }
	if !equalKeys(h.installation, s.installation) {
		return nil, differs(installationFile)
	}
	if h.coordinator != "" && s.coordinator != "" && h.coordinator != s.coordinator {
		return nil, differs(coordinatorFile)
	}
	for id, secret := range s.keys {
		here, has := h.keys[id]
		switch {
		case has && !equalKeys(here.secret, secret):
			return nil, differs(string(id))
		case !has && !slices.Contains(h.forgotten, id):
			added = append(added, id)
		}
	}
	slices.Sort(added)
	for _, id := range added {
		if err := createFile(dir, string(id), s.files[string(id)]); err != nil {
			return nil, err
		}
		h.add(id, s.keys[id])
	}
	if h.coordinator == "" && s.coordinator != "" {
		if err := createFile(dir, coordinatorFile, s.files[coordinatorFile]); err != nil {
			return nil, err
		}
	}
	var gone []KeyID
	for _, id := range s.forgotten {
		if _, has := h.keys[id]; has {
			gone = append(gone, id)
			delete(h.keys, id)
		}
		if !slices.Contains(h.forgotten, id) {
			h.forgotten = append(h.forgotten, id)
		}
	}
	if err := h.saveLedger(); err != nil {
		return nil, err
	}
	for _, id := range gone {
		if err := removeFile(dir, string(id)); err != nil {
			return nil, err
		}
	}
	return added, nil
}

func equalKeys(a, b *[keySize]byte) bool { return subtle.ConstantTimeCompare(a[:], b[:]) == 1 }
