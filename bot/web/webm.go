package web

// The few elements of WebM (RFC 8794, RFC 9559) that a sound of one track needs. The first four only hold others.
const (
	webmSegment = 0x18538067
	webmCluster = 0x1F43B675
	webmTracks  = 0x1654AE6B
	webmTrack   = 0xAE
	webmGroup   = 0xA0

	webmHead    = 0x1A45DFA3
	webmNumber  = 0xD7   // of a track
	webmCodec   = 0x86   // its name
	webmPrivate = 0x63A2 // what the codec wants to know: an OpusHead
	webmSimple  = 0xA3   // a block by itself
	webmBlock   = 0xA1   // a block in a group
)

// readWebM takes the packets out of a sound of Opus in WebM, as browsers record it: one track, one packet a block. What
// holds other elements is walked through as if it held nothing, so its length, which a browser leaves open while it
// records, is not needed.
func readWebM(b []byte, o *opus) error {
	if id, _, ok := webmID(b); !ok || id != webmHead {
		return errSound
	}
	var track uint64
	named := false
	for len(b) > 0 {
		id, rest, ok := webmID(b)
		if !ok {
			return errSound
		}
		size, rest, open, ok := webmSize(rest)
		if !ok {
			return errSound
		}
		switch id {
		case webmSegment, webmCluster, webmTracks, webmTrack, webmGroup:
			if id == webmTrack && named {
				return errSound // a second track
			}
			b = rest
			continue
		}
		if open || size > uint64(len(rest)) {
			return errSound
		}
		body := rest[:size:size]
		b = rest[size:]
		switch id {
		case webmNumber:
			track = webmUint(body)
		case webmCodec:
			if named = string(body) == "A_OPUS"; !named {
				return errSound
			}
		case webmPrivate:
			if err := o.head(body); err != nil {
				return err
			}
		case webmSimple, webmBlock:
			packet, ok := webmPacket(body, track)
			if !ok || !named {
				return errSound
			}
			if err := o.add(packet); err != nil {
				return err
			}
		}
	}
	return nil
}

// webmPacket takes the packet out of a block: the number of its track, two bytes of time, flags, and all the rest.
func webmPacket(b []byte, track uint64) ([]byte, bool) {
	n, b, open, ok := webmSize(b)
	if !ok || open || n != track || len(b) < 4 || b[2]&0x06 != 0 { // no lacing
		return nil, false
	}
	return b[3:], true
}

// webmID reads the id of an element, its marker left in: up to four bytes.
func webmID(b []byte) (id uint32, rest []byte, ok bool) {
	n := webmWidth(b)
	if n == 0 || n > 4 || len(b) < n {
		return 0, nil, false
	}
	for _, c := range b[:n] {
		id = id<<8 | uint32(c)
	}
	return id, b[n:], true
}

// webmSize reads a length, up to eight bytes; open says that it was left open.
func webmSize(b []byte) (size uint64, rest []byte, open, ok bool) {
	n := webmWidth(b)
	if n == 0 || len(b) < n {
		return 0, nil, false, false
	}
	for _, c := range b[:n] {
		size = size<<8 | uint64(c)
	}
	most := uint64(1)<<(7*n) - 1
	size &= most
	return size, b[n:], size == most, true
}

// webmWidth is how many bytes a number takes: one more than the zeros before the first one.
func webmWidth(b []byte) int {
	if len(b) == 0 || b[0] == 0 {
		return 0
	}
	n := 1
	for b[0]<<(n-1)&0x80 == 0 {
		n++
	}
	return n
}

func webmUint(b []byte) (n uint64) {
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}
