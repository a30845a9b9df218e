package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
)

// keyFile is one secret as it lies in the key directory. Its check catches a slip of the hand or of the disk: it
// covers name and key, so that a file under another name is noticed too.
type keyFile struct {
	Amana string `json:"amana"`
	ID    string `json:"id"`
	Key   string `json:"key"`
	Check string `json:"check"`
}

const keyFileKind = "house key 1"

func encodeKeyFile(id string, key *[keySize]byte) []byte {
	return encodeJSON(keyFile{
		Amana: keyFileKind,
		ID:    id,
		Key:   base64.StdEncoding.EncodeToString(key[:]),
		Check: keyCheck(id, key),
	})
}

func decodeKeyFile(id string, data []byte) (*[keySize]byte, error) {
	var f keyFile
	if err := decodeJSON(data, &f); err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.Strict().DecodeString(f.Key)
	switch {
	case f.Amana != keyFileKind:
		return nil, errors.New("not a house key of version 1")
	case f.ID != id:
		return nil, errors.New("it holds a key of another name")
	case err != nil || len(key) != keySize:
		return nil, errors.New("the key in it is incomplete")
	case f.Check != keyCheck(id, (*[keySize]byte)(key)):
		return nil, errors.New("its check does not match")
	}
	return (*[keySize]byte)(key), nil
}

func keyCheck(id string, key *[keySize]byte) string {
	h := sha256.New()
	writePart(h, []byte(protocol+" key file"))
	writePart(h, []byte(id))
	writePart(h, key[:])
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func encodeJSON(v any) []byte {
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic("seal: encoding a plain struct: " + err.Error())
	}
	return append(out, '\n')
}

// decodeJSON is strict, and its errors never quote what was in the file.
func decodeJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return errors.New("not in the form in which it was written")
	}
	if d.More() {
		return errors.New("something follows its end")
	}
	return nil
}
