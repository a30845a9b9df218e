package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
)

var errRecord = errors.New("damaged record")

// encode writes a record as JSON without HTML escaping, which would make people's words longer than they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func decode(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return errRecord
	}
	return nil
}

// withFile puts a record in front of a sealed file: the length of the record, the record, the file as it is.
func withFile(head any, file []byte) ([]byte, error) {
	h, err := encode(head)
	if err != nil {
		return nil, err
	}
	out := binary.AppendUvarint(make([]byte, 0, len(h)+len(file)+4), uint64(len(h)))
	return append(append(out, h...), file...), nil
}

func splitFile(data []byte, head any) (file []byte, err error) {
	n, w := binary.Uvarint(data)
	if w <= 0 || n > uint64(len(data)-w) {
		return nil, errRecord
	}
	if err := decode(data[w:w+int(n)], head); err != nil {
		return nil, err
	}
	return data[w+int(n):], nil
}
