package seal

import (
	"encoding/binary"
)

// The small binary forms here are written with appendN and read with a cursor that never reads beyond its bytes.

func append8(b []byte, p string) []byte { return append(append(b, byte(len(p))), p...) }
func append16(b []byte, p []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(p))), p...)
}
func append32(b []byte, p []byte) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
}

// cursor reads from foreign bytes. After the first fault everything it gives is empty, and bad says so.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) take(n int) []byte {
	if c.bad || n < 0 || n > len(c.rest) {
		c.bad = true
		return nil
	}
	out := c.rest[:n:n]
	c.rest = c.rest[n:]
	return out
}

func (c *cursor) u8() int {
	if b := c.take(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (c *cursor) u16() int {
	if b := c.take(2); b != nil {
		return int(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (c *cursor) u32() int {
	b := c.take(4)
	if b == nil {
		return 0
	}
	n := binary.BigEndian.Uint32(b)
	if n > 1<<30 { // fits into an int on every machine
		c.bad = true
		return 0
	}
	return int(n)
}

// day is a number of 32 bits that counts nothing to be read.
func (c *cursor) day() uint32 {
	if b := c.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) u64() uint64 {
	if b := c.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (c *cursor) id() (out [16]byte) {
	copy(out[:], c.take(16))
	return out
}

func (c *cursor) text8() string   { return string(c.take(c.u8())) }
func (c *cursor) bytes16() []byte { return c.take(c.u16()) }
func (c *cursor) bytes32() []byte { return c.take(c.u32()) }

// done says that everything was read and nothing was wrong.
func (c *cursor) done() bool { return !c.bad && len(c.rest) == 0 }
