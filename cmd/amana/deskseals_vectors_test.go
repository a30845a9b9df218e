package main

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"amana/bot/casework"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// pageVectors are files and keys that every version of the pages opens, and what they say of them: vectors.json beside the
// pages' code. Those of bot/seal/testdata are read there too. -update makes them anew. The keys in it were made for it.
type pageVectors struct {
	Secret      string // of amina, for whom all of it is
	Coordinator struct {
		Secret, Public, Fingerprint string
		Wrapped                     []byte
		Passphrase, Code            string
	}
	Roster struct { // names in Bangla, Arabic and Amharic
		Statement, Canonical []byte
		Proposal             casework.Proposal
		Signed               store.Signed
		Refuse, Revoke       []string
	}
	Opening opening // of handout.age
	Voice   struct {
		Number, Seconds int
		Sum             string
	} // of voice.age
	Challenge struct {
		File   []byte
		Secret string
	}
	Enrolment struct {
		File             []byte
		Passphrase, Code string
		Secret           string
	}
	Devices []struct{ Code, Proof string }
	Answer  struct {
		File    []byte
		Message string
	}
	Grants struct {
		File  []byte
		Count int
	}
	Plain []struct{ Said, Shown string }
}

var vectorsOfPages = filepath.Join(deskUI, "src", "seal", "testdata")

func TestDeskSealsVectors(t *testing.T) {
	t.Parallel()
	if *update {
		makePageVectors(t)
	}
	var v pageVectors
	unmarshal(t, fixed(t, "vectors.json"), &v)
	own, err := seal.ParseIdentity(v.Secret)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.ParseCoordinatorKey(v.Coordinator.Secret)
	if err != nil || key.Public() != v.Coordinator.Public || seal.Fingerprint(key.Public()) != v.Coordinator.Fingerprint {
		t.Fatalf("%v", err)
	}
	c := &court{desk: &desk{coordinator: key}, own: own}
	r, err := c.amana(judged{files: [][]byte{fixed(t, "handout.age")}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v.Opening, openingOf(r), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("`amana open` says something else of the fixed packet\n%s", diff)
	}
	if err := r.brought(handed{[]string{"voice.age"}, [][]byte{fixed(t, "voice.age")}}, own); err != nil {
		t.Fatal(err)
	}
	heard := r.voices()[v.Voice.Number-1]
	if sound, came, err := r.sound(heard); !came || err != nil || hex.EncodeToString(sumOf(sound)) != v.Voice.Sum {
		t.Errorf("the voice message: %v %v", came, err)
	}
	roster, err := ticket.DecodeRoster(v.Roster.Statement)
	if err != nil || !bytes.Equal(roster.Canonical(), v.Roster.Canonical) {
		t.Errorf("the roster has other canonical bytes, %v", err)
	}
	p := v.Roster.Proposal
	p.Refuse = v.Roster.Refuse
	if s, err := casework.Sign(key, p, v.Roster.Revoke...); err != nil || asJSON(t, s) != asJSON(t, v.Roster.Signed) {
		t.Errorf("the coordinator signs something else: %v\n%s", err, asJSON(t, s))
	}
	for _, d := range v.Devices {
		device, err := seal.ParseRecoveryCode(d.Code)
		if err != nil || hex.EncodeToString(proofOf(t, device)) != d.Proof {
			t.Errorf("%s: %v", d.Code, err)
		}
	}
	for _, p := range v.Plain {
		if got := plain(p.Said); got != p.Shown {
			t.Errorf("%q is shown as %q", p.Said, got)
		}
	}
}

func fixed(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectorsOfPages, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func sumOf(b []byte) []byte { s := sha256.Sum256(b); return s[:] }

// proofOf shows that one holds a device key, as the desk asks for it.
func proofOf(t *testing.T, d seal.DeviceKey) []byte {
	t.Helper()
	out, err := hkdf.Key(sha256.New, d.Reveal(), nil, "amana/1 desk device", 32)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func makePageVectors(t *testing.T) {
	t.Helper()
	var v pageVectors
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(name string, data []byte) { must(os.WriteFile(filepath.Join(vectorsOfPages, name), data, 0o644)) }
	c := newCourt(t)
	v.Secret = c.own.Reveal()
	device := func(seed byte) seal.DeviceKey {
		d, err := seal.NewDeviceKey(dice(seed))
		must(err)
		return d
	}

	k := &v.Coordinator
	k.Secret, k.Public, k.Fingerprint = c.coordinator.Reveal(), c.coordinator.Public(), seal.Fingerprint(c.coordinator.Public())
	k.Passphrase, k.Code = "ｃａｆé সমন্বয়", device(40).RecoveryCode()
	var err error
	k.Wrapped, err = seal.WrapCoordinator(c.coordinator, k.Passphrase, device(40), cheap)
	must(err)

	ro := &v.Roster
	entry := func(id, name string, role ticket.Role, seed byte) ticket.Entry {
		return ticket.Entry{ID: id, Name: name, Org: "example_relief", Role: role, Key: newIdentity(t, seed).Public(), Status: ticket.StatusConfirmed}
	}
	first := []ticket.Entry{entry("nasrin", "নাসরিন আক্তার", ticket.FocalPoint, 50), entry("amal", "أمل", ticket.Backup, 51), entry("abebe", "አበበ", ticket.Coordinator, 52), entry("safe", "Safe", ticket.Recovery, 53)}
	first[0].Areas, first[0].Kinds, first[0].Langs, first[0].Backup = []string{"town", "block_a", "town"}, []ticket.Kind{"sea", "child"}, []string{"rhg", "bn"}, "amal"
	first[0].Child, first[1].Oversight, first[3].Holder = true, true, "abebe"
	signed, err := casework.Sign(c.coordinator, casework.Proposal{Pending: first})
	must(err)
	ro.Statement = signed.Statement
	in, err := ticket.DecodeRoster(signed.Statement)
	must(err)
	ro.Canonical = in.Canonical()
	ro.Proposal = casework.Proposal{
		Statement: signed.Statement, Signature: signed.Signature, Held: true, Nonce: []byte("nonce of a hold!"),
		Pending: []ticket.Entry{entry("amal", "أمل", ticket.Backup, 54), entry("zin", "Zin 👩‍⚕️", ticket.FocalPoint, 55), entry("eve", "Eve", ticket.FocalPoint, 56)},
	}
	ro.Proposal.Pending[1].Name = "Zin Mar ဇင်မာ"
	ro.Refuse, ro.Revoke = []string{"eve"}, []string{"nasrin"}
	p := ro.Proposal
	p.Refuse = ro.Refuse
	ro.Signed, err = casework.Sign(c.coordinator, p, ro.Revoke...)
	must(err)

	sound := append([]byte("OggS"), bytes.Repeat([]byte("said aloud"), 2000)...)
	var readers []string
	for _, e := range c.entries {
		readers = append(readers, e.Key)
	}
	said, err := seal.Voice(sound, readers, dice(60))
	must(err)
	c.full(t)
	c.add(t, ticket.Inside{Message: &ticket.Message{ID: c.report, Time: someDay.Add(9 * time.Hour), Lang: "ar", Voices: []ticket.Voice{{ID: ticket.ID{4}, Key: said.Key, Sum: said.Sum, Seconds: 42}}}})
	packet := c.packet()
	packet.State, packet.Turns = "withdrawn:referred", []seal.Turn{{Day: 20780, What: "withdraw"}}
	file, err := seal.HandOut(packet, c.own.Public())
	must(err)
	write("handout.age", file)
	r, err := c.amana(judged{files: [][]byte{file}})
	must(err)
	v.Opening = openingOf(r)
	spoken, err := seal.HandOutVoice(c.report, [16]byte{4}, said.File, c.own.Public())
	must(err)
	write("voice.age", spoken)
	v.Voice.Number, v.Voice.Seconds, v.Voice.Sum = 1, 42, hex.EncodeToString(said.Sum)

	secret := bytes.Repeat([]byte{9, 8}, 16)
	v.Challenge.File, v.Challenge.Secret = ageFile(t, secret, c.own.Public()), hex.EncodeToString(secret)
	e := &v.Enrolment
	e.Passphrase, e.Code, e.Secret = "ｐａｓｓ ሰላም", device(41).RecoveryCode(), c.own.Reveal()
	wrapped, err := seal.Wrap(c.own, e.Passphrase, device(41), cheap)
	must(err)
	e.File, err = seal.Enrolment{Public: c.own.Public(), Wrapped: wrapped}.Encode()
	must(err)
	for n := range byte(3) {
		d := device(42 + n)
		v.Devices = append(v.Devices, struct{ Code, Proof string }{d.RecoveryCode(), hex.EncodeToString(proofOf(t, d))})
	}
	reply := c.thread[2]
	h := *reply.Header
	h.Nudge = bytes.Repeat([]byte{7}, seal.NudgeSize)
	v.Answer.File, err = seal.SignAnswer(c.seed, h, reply.File)
	must(err)
	v.Answer.Message = hex.EncodeToString(h.Message[:])
	share := seal.Grant{Header: *c.thread[6].Header, Signature: c.thread[6].Signature}
	files, err := seal.GrantFiles([]seal.Grant{share, c.thread[5].Copies[0]})
	must(err)
	v.Grants.File, v.Grants.Count = files[0], 2
	for _, s := range []string{"a\tb\r\nc\x1b[2J", "\u202eturned\u202c \u2066isolated\u2069", "کتاب\u200cها \u200dস্\u200d", "\ufeffmark\u061c\u200e\u200f", "line\u2028line\u2029", "\u0085next\u00a0space\u009f"} {
		v.Plain = append(v.Plain, struct{ Said, Shown string }{s, plain(s)})
	}
	data, err := json.MarshalIndent(v, "", " ")
	must(err)
	write("vectors.json", append(data, '\n'))
}

// ageFile seals bytes to one key, without a form of ours.
func ageFile(t testing.TB, plain []byte, to string) []byte {
	t.Helper()
	r, err := age.ParseX25519Recipient(to)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err == nil {
		_, err = io.Copy(w, bytes.NewReader(plain))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
