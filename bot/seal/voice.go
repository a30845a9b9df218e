package seal

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"
)

// MaxVoice is the longest sound of a voice message, in bytes.
const MaxVoice = voiceMost*chunk - lengthPrefix

// voiceMost is how many chunks a voice message takes at most. A sound is padded to a power of two of them, so that its
// length tells little of what was said.
const voiceMost = 16

// voiceChunks gives the padded length of a sound, 0 if it is too long.
func voiceChunks(sound int) int {
	for n := 1; n <= voiceMost; n *= 2 {
		if sound <= n*chunk-lengthPrefix {
			return n * chunk
		}
	}
	return 0
}

func voiceSizes(places, more int) (out []int) {
	for n := 1; n <= voiceMost; n *= 2 {
		out = append(out, sealedSize(places, n*chunk+more))
	}
	return out
}

// VoiceSizes gives the only lengths that a sealed voice message can have.
func VoiceSizes() []int { return voiceSizes(Places, 0) }

// SealedVoice is a voice message that was sealed, with what belongs into the message to which it hangs.
type SealedVoice struct {
	quiet
	File []byte
	Key  []byte // opens File: it stands inside the message alone, so that whoever opens that can listen
	Sum  []byte // SHA-256 of the sound, by which nobody can put another in its place
}

// Voice seals a sound to readers as a message is sealed, at sixteen places; the one that is the reporter's in an answer
// is for a key of its own. Whoever is shown the message later by a copy has that key with it: a copy covers its voice.
func Voice(sound []byte, readers []string, rand io.Reader) (SealedVoice, error) {
	secret, err := random(rand)
	if err != nil {
		return SealedVoice{}, err
	}
	to, err := recipients(readers, identityFrom(secret).Public(), rand)
	if err != nil {
		return SealedVoice{}, fmt.Errorf("sealing a voice message: %w", err)
	}
	file, err := sealSound(sound, to)
	if err != nil {
		return SealedVoice{}, fmt.Errorf("sealing a voice message: %w", err)
	}
	sum := sha256.Sum256(sound)
	return SealedVoice{File: file, Key: secret[:], Sum: sum[:]}, CheckVoice(file)
}

func sealSound(sound []byte, to []age.Recipient) ([]byte, error) {
	size := voiceChunks(len(sound))
	if size == 0 {
		return nil, ErrTooLong
	}
	plain, err := pad(sound, size)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	return encrypt(plain, to)
}

// CheckVoice says, without any key, whether bytes have the outer form of a sealed voice message.
func CheckVoice(file []byte) error {
	if !slices.Contains(VoiceSizes(), len(file)) || checkPlaces(file, Places) != nil {
		return fmt.Errorf("checking a voice message: %w", ErrMalformed)
	}
	return nil
}

// OpenVoice gives the sound to whoever has opened the message to which it hangs, with the key and the sum from there. It
// is ErrTampered for another sound than the one that was sent.
func OpenVoice(file, key, sum []byte) ([]byte, error) {
	if err := CheckVoice(file); err != nil {
		return nil, err
	}
	if len(key) != keySize {
		return nil, fmt.Errorf("opening a voice message: %w", ErrBadKey)
	}
	sound, err := openSound(file, identityFrom((*[keySize]byte)(key)))
	if err != nil {
		return nil, fmt.Errorf("opening a voice message: %w", err)
	}
	if is := sha256.Sum256(sound); subtle.ConstantTimeCompare(is[:], sum) != 1 {
		return nil, fmt.Errorf("opening a voice message: %w", ErrTampered)
	}
	return sound, nil
}

func openSound(file []byte, id Identity) ([]byte, error) {
	plain, err := decrypt(file, []Identity{id})
	if err != nil {
		return nil, err
	}
	return unpad(plain)
}

// DraftVoice locks a sound until it is sent. Its name is the key, and belongs where drafts stand and nowhere else: once
// that is wiped, or its root has stepped, nobody can open the file any more, wherever a copy of it lies.
func DraftVoice(sound []byte, rand io.Reader) (name string, file []byte, err error) {
	secret, err := random(rand)
	if err != nil {
		return "", nil, err
	}
	to, err := recipient(identityFrom(secret).Public())
	if err == nil {
		file, err = sealSound(sound, []age.Recipient{to})
	}
	if err != nil {
		return "", nil, fmt.Errorf("locking a voice message: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(secret[:]), file, nil
}

// DraftVoiceSizes gives the only lengths that a locked sound can have.
func DraftVoiceSizes() []int { return voiceSizes(1, 0) }

// DraftVoicePlace gives the place at which the sound of a name lies. The name cannot be told from it.
func DraftVoicePlace(name string) (place [16]byte, err error) {
	secret, err := draftSecret(name)
	if err != nil {
		return place, err
	}
	return mac(derive(secret[:], nil, "voice place"), "voice"), nil
}

// OpenDraftVoice undoes DraftVoice.
func OpenDraftVoice(name string, file []byte) ([]byte, error) {
	secret, err := draftSecret(name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(DraftVoiceSizes(), len(file)) {
		return nil, fmt.Errorf("opening a locked voice message: %w", ErrMalformed)
	}
	sound, err := openSound(file, identityFrom(secret))
	if err != nil {
		return nil, fmt.Errorf("opening a locked voice message: %w", err)
	}
	return sound, nil
}

func draftSecret(name string) (*[keySize]byte, error) {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(name)
	if err != nil || len(secret) != keySize {
		return nil, fmt.Errorf("naming a voice message: %w", ErrBadKey)
	}
	return (*[keySize]byte)(secret), nil
}

// What stands in front of a sealed voice message that is handed out, and the room that is kept for it.
const (
	voiceLine = "amana voice 1\n"
	voiceHead = 4 << 10
)

// HandOutVoice seals a sealed voice message once more, to one reader alone, so that what two readers are sent is not alike.
func HandOutVoice(report, voice [16]byte, file []byte, to string) ([]byte, error) {
	if err := CheckVoice(file); err != nil {
		return nil, err
	}
	r, err := recipient(to)
	if err != nil {
		return nil, fmt.Errorf("handing out a voice message: %w", err)
	}
	body := slices.Concat([]byte(voiceLine), report[:], voice[:], file)
	plain, err := pad(body, (len(file)/chunk)*chunk+voiceHead)
	if err != nil {
		return nil, fmt.Errorf("handing out a voice message: %w", err)
	}
	out, err := encrypt(plain, []age.Recipient{r})
	if err != nil {
		return nil, fmt.Errorf("handing out a voice message: %w", err)
	}
	return out, nil
}

// HandOutVoiceSizes gives the only lengths that a voice message has when it is handed out; no packet has one of them.
func HandOutVoiceSizes() []int { return voiceSizes(1, voiceHead) }

// OpenHandOutVoice undoes HandOutVoice: of which report it is, which of its voice messages, and its sealed file.
func OpenHandOutVoice(file []byte, identities ...Identity) (report, voice [16]byte, sealed []byte, err error) {
	fail := func(err error) ([16]byte, [16]byte, []byte, error) {
		return [16]byte{}, [16]byte{}, nil, fmt.Errorf("opening a voice message: %w", err)
	}
	if !slices.Contains(HandOutVoiceSizes(), len(file)) || checkPlaces(file, 1) != nil {
		return fail(ErrMalformed)
	}
	plain, err := decrypt(file, identities)
	if err != nil {
		return fail(err)
	}
	body, err := unpad(plain)
	if err != nil {
		return fail(err)
	}
	rest, ok := bytes.CutPrefix(body, []byte(voiceLine))
	c := cursor{rest: rest}
	report, voice = c.id(), c.id()
	if !ok || c.bad || CheckVoice(c.rest) != nil {
		return fail(ErrMalformed)
	}
	return report, voice, c.rest, nil
}
