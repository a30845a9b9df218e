package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"slices"
)

// answerLine opens an answer file, so that a person who looks into it sees what it is.
const answerLine = "amana answer 1\n"

// MaxAnswer is the length of the longest answer file; a longer document need not be fetched.
func MaxAnswer() int {
	return len(answerLine) + 2 + maxHeader + ed25519.SignatureSize + slices.Max(MessageSizes())
}

// Answer is an answer file in its parts, or a share or a copy put together. Parsed is not yet verified.
type Answer struct {
	Header    Header
	File      []byte // the age file, of the outer form of a message; a share has none
	Signature []byte
}

// SignAnswer makes the answer file: line, header, signature over "amana/1" ‖ bare header ‖ SHA-256(age file), age file.
func SignAnswer(seed Seed, h Header, file []byte) ([]byte, error) {
	h.Readers = sortedReaders(h.Readers)
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("signing an answer: %w", err)
	}
	if err := h.checkAnswer(); err != nil {
		return nil, fmt.Errorf("signing an answer: %w", err)
	}
	if err := CheckMessage(file); err != nil {
		return nil, fmt.Errorf("signing an answer: %w", err)
	}
	header := h.append(nil)
	out := append16([]byte(answerLine), header)
	out = append(out, ed25519.Sign(seed.key(), signed(h, file))...)
	return append(out, file...), nil
}

// ParseAnswer reads a foreign answer file. It checks the form of every part, and no signature.
func ParseAnswer(b []byte) (Answer, error) {
	rest, ok := bytes.CutPrefix(b, []byte(answerLine))
	if !ok || len(b) > MaxAnswer() {
		return Answer{}, fmt.Errorf("reading an answer file: %w: not one of version 1", ErrMalformed)
	}
	c := cursor{rest: rest}
	header := c.bytes16()
	signature := c.take(ed25519.SignatureSize)
	if c.bad {
		return Answer{}, fmt.Errorf("reading an answer file: %w: cut short", ErrMalformed)
	}
	h, err := parseHeader(header)
	if err != nil {
		return Answer{}, fmt.Errorf("reading an answer file: %w", err)
	}
	if err := h.checkAnswer(); err != nil {
		return Answer{}, fmt.Errorf("reading an answer file: %w", err)
	}
	if err := CheckMessage(c.rest); err != nil {
		return Answer{}, fmt.Errorf("reading an answer file: %w", err)
	}
	return Answer{Header: h, File: bytes.Clone(c.rest), Signature: bytes.Clone(signature)}, nil
}

// Verify says whether a reader of the report signed exactly this; public is the report's, from Seed.Public.
func (a Answer) Verify(public []byte) error {
	if err := a.Header.check(); err != nil {
		return fmt.Errorf("verifying an answer: %w", err)
	}
	if len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, signed(a.Header, a.File), a.Signature) {
		return fmt.Errorf("verifying an answer: %w", ErrSignature)
	}
	return nil
}

// checkAnswer refuses what an answer file never holds.
func (h Header) checkAnswer() error {
	if h.Of != [16]byte{} || len(h.Nudge) != 0 && len(h.Nudge) != NudgeSize {
		return fmt.Errorf("%w: a copy, or a bare header", ErrMalformed)
	}
	return nil
}

// signed gives what is signed of a header and a file.
func signed(h Header, file []byte) []byte {
	sum := sha256.Sum256(file)
	return append(h.Bare().append([]byte(protocol)), sum[:]...)
}
