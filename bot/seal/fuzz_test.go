package seal

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
)

// Whatever arrives, a parser neither panics nor accepts a second spelling of what it gives.

func FuzzAnswer(f *testing.F) {
	f.Add(must(os.ReadFile(filepath.Join(vectorDir, "answer.amana"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseAnswer(data)
		if err != nil {
			return
		}
		header := a.Header.append(nil)
		again := append(append(append16([]byte(answerLine), header), a.Signature...), a.File...)
		if !bytes.Equal(again, data) {
			t.Error("an answer has two spellings")
		}
	})
}

// FuzzHeader spares the fuzzer the age file behind the header.
func FuzzHeader(f *testing.F) {
	f.Add(must(ParseAnswer(must(os.ReadFile(filepath.Join(vectorDir, "answer.amana"))))).Header.append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := parseHeader(data); err == nil && !bytes.Equal(h.append(nil), data) {
			t.Error("a header has two spellings")
		}
	})
}

func FuzzHandOut(f *testing.F) {
	message := must(os.ReadFile(filepath.Join(vectorDir, "message.age")))
	f.Add(Packet{Part: 1, Parts: 1}.append(nil))
	grants := must(ParseGrants(must(os.ReadFile(filepath.Join(vectorDir, "grants.amana")))))
	of := grants[1].Header.Of
	f.Add(Packet{Part: 1, Parts: 1, State: "withdrawn:read", Turns: []Turn{{Day: 1, What: "withdraw"}}, Thread: []Item{
		{ID: of, File: message, Copies: grants[1:]}, {ID: [16]byte{9}, Header: &grants[0].Header, Signature: grants[0].Signature},
	}}.append(nil))
	f.Add(Packet{Part: 1, Parts: 2, Thread: []Item{{ID: [16]byte{1}, File: message, Lacks: []int{0}}}, Cards: []Card{{ID: "fp-1", Signature: []byte("s")}}, Roster: []byte("r")}.append(nil))
	f.Add(Packet{Part: 1, Parts: 1, Trail: Trail{Lines: 1, Links: [][]byte{make([]byte, LinkSize)}}}.append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := parsePacket(data); err == nil && !bytes.Equal(p.append(nil), data) {
			t.Error("a packet has two spellings")
		}
		if _, err := OpenHandOut(data); err == nil {
			t.Error("opened without a key")
		}
	})
}

// FuzzGrants reads what a member of staff may send to the bot.
func FuzzGrants(f *testing.F) {
	f.Add(must(os.ReadFile(filepath.Join(vectorDir, "grants.amana"))))
	message := must(os.ReadFile(filepath.Join(vectorDir, "answer.age")))
	public := must(NewSeed(steady(3))).Public()
	f.Fuzz(func(t *testing.T, data []byte) {
		grants, err := ParseGrants(data)
		if err != nil {
			return
		}
		if files := must(GrantFiles(grants)); len(files) != 1 || !bytes.Equal(files[0], data) {
			t.Error("a file of grants has two spellings")
		}
		for _, g := range grants {
			if g.Verify(public, message) == nil {
				t.Error("verified what nobody signed")
			}
		}
	})
}

func FuzzEnrolment(f *testing.F) {
	f.Add(must(os.ReadFile(filepath.Join(vectorDir, "enrolment.txt"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ParseEnrolment(data)
		if err != nil {
			return
		}
		back, err := ParseEnrolment(must(e.Encode()))
		if err != nil || back.Public != e.Public || !bytes.Equal(back.Wrapped, e.Wrapped) {
			t.Errorf("written again it is another: %v", err)
		}
		if _, err := Message(nil, []string{e.Public}, "", rand.Reader); err != nil {
			t.Errorf("enrolled a key to which nothing can be sealed: %v", err)
		}
	})
}

// FuzzMessage turns the file's outer form and the padded body that an insider can choose.
func FuzzMessage(f *testing.F) {
	reader := must(NewIdentity(steady(6)))
	f.Add(must(os.ReadFile(filepath.Join(vectorDir, "message.age"))))
	f.Add([]byte{0, 0, 0, 1, 'x', 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := OpenMessage(data, reader); err == nil {
			t.Error("opened what was not sealed to it")
		}
		if body, err := unpad(data); err == nil {
			if again := must(pad(body, len(data))); !bytes.Equal(again, data) {
				t.Error("a padded body has two spellings")
			}
		}
	})
}

// FuzzValue reads records as they come from a database that somebody else has written.
func FuzzValue(f *testing.F) {
	h := must(CreateHouse(filepath.Join(f.TempDir(), "keys"), november, rand.Reader))
	r := must(OpenRoots(filepath.Join(f.TempDir(), "run"), november, rand.Reader))
	f.Add(must(h.Seal("standing-1", []byte("other"), []byte("x"))))
	f.Add(must(r.SealDraft([]byte("other"), []byte("x"))))
	f.Add([]byte{1, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, _, err := h.Open([]byte("k"), data); err == nil {
			t.Error("opened a value")
		}
		if _, _, err := h.OpenNudge([16]byte{1}, data); err == nil {
			t.Error("opened a return address")
		}
		if _, err := r.OpenDraft([]byte("k"), data); err == nil {
			t.Error("opened a draft")
		}
		if id, ok := readHead(data); ok {
			if head, _ := id.head(); !bytes.Equal(head[:], data[:keyHead]) {
				t.Error("a key id has two spellings")
			}
		}
		_, _ = decodeLineage(draftPlan, data)
		_, _ = decodeKeyFile("standing-1", data)
	})
}

func FuzzRecoveryCode(f *testing.F) {
	f.Add(must(ParseDeviceKey(make([]byte, 16))).RecoveryCode())
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseRecoveryCode(s); err == nil {
			if again := must(ParseRecoveryCode(d.RecoveryCode())); again.RecoveryCode() != d.RecoveryCode() {
				t.Error("a code has two meanings")
			}
		}
	})
}
