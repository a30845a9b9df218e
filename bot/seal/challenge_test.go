package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"testing"

	"filippo.io/age"
)

// A challenge opens for the one to whom it is sealed, and gives back what was drawn; nothing else passes for one.
func TestChallenge(t *testing.T) {
	id, other := must(NewIdentity(rand.Reader)), must(NewIdentity(rand.Reader))
	file, secret, err := Challenge(id.Public(), rand.Reader)
	if err != nil || secret == [ChallengeSize]byte{} {
		t.Fatal(err)
	}
	if got, err := OpenChallenge(file, id); err != nil || got != secret {
		t.Errorf("%x %v", got, err)
	}
	if again, more, _ := Challenge(id.Public(), rand.Reader); bytes.Equal(again, file) || more == secret {
		t.Error("the same challenge twice")
	}
	if _, err := OpenChallenge(file, other); !errors.Is(err, ErrNotForYou) {
		t.Errorf("another key: %v", err)
	}
	damaged := bytes.Clone(file)
	damaged[len(damaged)-1] ^= 1
	if _, err := OpenChallenge(damaged, id); !errors.Is(err, ErrTampered) {
		t.Errorf("damaged: %v", err)
	}
	if _, _, err := Challenge("age1nobody", rand.Reader); err == nil {
		t.Error("sealed to nobody")
	}
	if _, _, err := Challenge(id.Public(), bytes.NewReader(nil)); err == nil {
		t.Error("drawn from nothing")
	}
	// A server that calls a report a challenge gets nothing of it.
	to := must(recipient(id.Public()))
	for _, n := range []int{0, 31, 33, 4096} {
		file := must(encrypt(make([]byte, n), []age.Recipient{to}))
		if got, err := OpenChallenge(file, id); !errors.Is(err, ErrMalformed) || got != [ChallengeSize]byte{} {
			t.Errorf("%d bytes passed for a challenge: %v", n, err)
		}
	}
}

// The proof is the same in every program that holds the device key, and another for every other key.
func TestProof(t *testing.T) {
	var raw [deviceSize]byte
	for i := range raw {
		raw[i] = byte(i)
	}
	d := must(ParseDeviceKey(raw[:]))
	proof := d.Proof()
	if got := hex.EncodeToString(proof[:]); got != "ac2beb10352c1a6e9bc67bd6fd7360ff1c75f9697f6405e4525f146fb8005991" {
		t.Errorf("the proof of 000102…0f is %s", got)
	}
	raw[15] ^= 1
	if must(ParseDeviceKey(raw[:])).Proof() == proof {
		t.Error("two device keys with one proof")
	}
}
