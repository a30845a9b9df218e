package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/chacha20"
)

// A copy opens for those whom it names and for nobody else, says the very words of the message, and looks like a message.
func TestCopy(t *testing.T) {
	seed, old, joins, stranger := must(NewSeed(rand.Reader)), newPerson(t), newPerson(t), newPerson(t)
	for _, body := range []string{"we heard you", strings.Repeat("ظلم ", 3000)} {
		message := newMessage(t, body, old.Public())
		h := Header{
			Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy",
			Readers: []Reader{{"joins", joins.Public()}, {"ana", old.Public()}},
		}
		g, err := SignCopy(seed, h, message, rand.Reader, old)
		if err != nil {
			t.Fatal(err)
		}
		if h.Readers[0].ID != "joins" {
			t.Error("the caller's readers were sorted")
		}
		file := must(g.File(message))
		if err := CheckMessage(file); err != nil || len(file) != len(message) || bytes.Equal(file[:headSize], message[:headSize]) {
			t.Error("a copy does not look like a message of the same size:", err)
		}
		if !bytes.Equal(file[headSize:], message[headSize:]) {
			t.Error("a copy has another payload")
		}
		for _, id := range []Identity{old, joins} {
			if got, err := OpenMessage(file, id); err != nil || string(got) != body {
				t.Errorf("it does not open: %v", err)
			}
		}
		_, err = OpenMessage(file, stranger)
		wantErr(t, err, ErrNotForYou)
		_, err = OpenMessage(message, joins)
		wantErr(t, err, ErrNotForYou)
		if err := g.Verify(seed.Public(), message); err != nil {
			t.Error(err)
		}
		wantErr(t, g.Verify(must(NewSeed(rand.Reader)).Public(), message), ErrSignature)
		wantErr(t, g.Verify(seed.Public(), newMessage(t, body, old.Public())), ErrSignature)
		wantErr(t, g.Verify(seed.Public(), nil), ErrMalformed)

		// Whoever came by a copy seals it on.
		more := newPerson(t)
		h.Readers = []Reader{{"more", more.Public()}}
		again := must(SignCopy(seed, h, file, rand.Reader, joins))
		if got, err := OpenMessage(must(again.File(message)), more); err != nil || string(got) != body {
			t.Errorf("a copy of a copy: %v", err)
		}
		_, err = SignCopy(seed, h, message, rand.Reader, stranger)
		wantErr(t, err, ErrNotForYou)
		_, err = SignCopy(seed, h, message, rand.Reader)
		wantErr(t, err, ErrNotForYou)
		damaged := bytes.Clone(message)
		damaged[headSize-2] ^= 1
		if _, err = SignCopy(seed, h, damaged, rand.Reader, old); err == nil {
			t.Error("a damaged head was sealed on")
		}
	}
}

// What a forger can put in front of a payload opens nothing else than the payload.
func TestCopyBindsTheWords(t *testing.T) {
	seed, old, joins := must(NewSeed(rand.Reader)), newPerson(t), newPerson(t)
	told, forged := newMessage(t, "what was told", old.Public()), newMessage(t, "what was not", old.Public(), joins.Public())
	h := Header{Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy", Readers: []Reader{{"joins", joins.Public()}}}
	g := must(SignCopy(seed, h, forged, rand.Reader, old))
	_, err := OpenMessage(must(g.File(told)), joins)
	wantErr(t, err, ErrTampered)
	wantErr(t, g.Verify(seed.Public(), told), ErrSignature)
}

func TestGrantFiles(t *testing.T) {
	seed, ana := must(NewSeed(rand.Reader)), newPerson(t)
	message := newMessage(t, "x", ana.Public())
	who := []Reader{{"ana", ana.Public()}}
	share := must(SignShare(seed, Header{Report: [16]byte{1}, Message: [16]byte{9}, Kind: "share", Readers: who}))
	one := must(SignCopy(seed, Header{Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy", Readers: who}, message, rand.Reader, ana))
	grants := []Grant{share}
	for range 1300 {
		grants = append(grants, one)
	}
	files := must(GrantFiles(grants))
	var back []Grant
	for _, f := range files {
		if len(f) > MaxGrants || !bytes.HasPrefix(f, []byte("amana grants 1\n")) {
			t.Errorf("a file of %d bytes", len(f))
		}
		back = append(back, must(ParseGrants(f))...)
	}
	if len(files) != 3 || len(back) != len(grants) || !cmp.Equal(back[0], share) || !cmp.Equal(back[1300], one) {
		t.Errorf("%d grants in %d files came back as %d", len(grants), len(files), len(back))
	}
	if files, err := GrantFiles(nil); err != nil || len(files) != 0 {
		t.Error("nothing to write, and a file")
	}

	good := must(GrantFiles([]Grant{share, one}))[0]
	everyByte(good, 700, 29, func(at int, changed []byte) {
		grants, err := ParseGrants(changed)
		for _, g := range grants {
			err = errors.Join(err, g.Verify(seed.Public(), message))
		}
		if err == nil {
			t.Errorf("byte %d changed unnoticed", at)
		}
	})
	for n := 0; n < len(good); n += 7 {
		if _, err := ParseGrants(good[:n]); err == nil {
			t.Errorf("cut to %d bytes unnoticed", n)
		}
	}
	other := one
	other.Header.Report[0] = 7
	for what, grants := range map[string][]Grant{
		"two reports":             {share, other},
		"a share of two":          {{Header: Header{Kind: "share", Message: [16]byte{1}, Readers: named("a", "b")}, Signature: share.Signature}},
		"a share with a head":     {{Header: share.Header, Signature: share.Signature, Head: one.Head}},
		"a copy without its head": {{Header: one.Header, Signature: one.Signature}},
		"no id":                   {{Header: Header{Kind: "share", Readers: who}, Signature: share.Signature}},
		"a state":                 {{Header: Header{Kind: "share", Message: [16]byte{1}, State: "closed", Readers: who}, Signature: share.Signature}},
	} {
		if _, err := GrantFiles(grants); err == nil {
			t.Errorf("%s: written", what)
		}
	}
	_, err := SignShare(seed, Header{Kind: "share", Message: [16]byte{1}, Readers: named("a", "b")})
	wantErr(t, err, ErrMalformed)
	_, err = SignCopy(seed, Header{Message: [16]byte{1}, Kind: "copy", Readers: who}, message, rand.Reader, ana)
	wantErr(t, err, ErrMalformed)
}

// A share and an answer cannot be taken for one another, though the seed be the same.
func TestGrantIsNoAnswer(t *testing.T) {
	seed, ana := must(NewSeed(rand.Reader)), newPerson(t)
	message := newMessage(t, "x", ana.Public())
	h := Header{Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy", Readers: []Reader{{"ana", ana.Public()}}}
	g := must(SignCopy(seed, h, message, rand.Reader, ana))
	dressed := append(append16([]byte(answerLine), g.Header.append(nil)), g.Signature...)
	_, err := ParseAnswer(append(dressed, must(g.File(message))...))
	wantErr(t, err, ErrMalformed)
	h.Of = [16]byte{}
	answer := must(ParseAnswer(must(SignAnswer(seed, h, message))))
	wantErr(t, Grant{Header: answer.Header, Signature: answer.Signature}.Verify(seed.Public(), nil), ErrSignature)
}

// The cipher under a payload does not bind its key: whoever writes a message can make one that opens to two texts, each
// under a key of its own, and then hand the second key to some readers in a copy. Such a copy is refused.
func TestCopyBindsTheKey(t *testing.T) {
	ana, joins := newPerson(t), newPerson(t)
	nonce, one, two := collidingKeys(t)
	body := twoFaced(t, nonce, one, two)
	head := func(key []byte, to string) []byte {
		return must(headOf(key, must(recipients([]string{to}, "", rand.Reader))))
	}
	message := slices.Concat(head(one, ana.Public()), nonce, body)
	seed, g := must(NewSeed(rand.Reader)), Grant{Head: head(two, joins.Public()), Header: Header{
		Report: [16]byte{1}, Message: [16]byte{2}, Of: [16]byte{3}, Kind: "copy", Readers: []Reader{{"joins", joins.Public()}},
	}}
	file := must(g.File(message))
	g.Signature = ed25519.Sign(seed.key(), signed(g.Header, file))
	first, second := must(OpenMessage(message, ana)), must(OpenMessage(file, joins))
	if bytes.Equal(first, second) || g.Verify(seed.Public(), message) != nil {
		t.Fatal("the message has one face only")
	}
	_, err := g.Open(message, joins)
	wantErr(t, err, ErrTampered)
	_, err = g.Open(message, ana)
	wantErr(t, err, ErrNotForYou)
}

// stream gives the key under which the only chunk of a payload authenticates, and what encrypts it.
func stream(fileKey, nonce []byte, size int) (r, s *big.Int, keystream []byte) {
	key := must(hkdf.Key(sha256.New, fileKey, nonce, "payload", 32))
	c := must(chacha20.NewUnauthenticatedCipher(key, []byte{11: 1}))
	out := make([]byte, 64+size)
	c.XORKeyStream(out, out)
	for _, at := range []int{3, 7, 11, 15} {
		out[at] &= 15
	}
	for _, at := range []int{4, 8, 12} {
		out[at] &= 252
	}
	return little(out[:16]), little(out[16:32]), out[64:]
}

func little(b []byte) *big.Int {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return new(big.Int).SetBytes(b)
}

// collidingKeys finds two file keys that encrypt the length of a body alike.
func collidingKeys(t *testing.T) (nonce, one, two []byte) {
	t.Helper()
	nonce = make([]byte, ageNonce)
	seen := map[[4]byte]uint64{}
	for n := uint64(0); n < 1<<20; n++ {
		key := binary.BigEndian.AppendUint64(make([]byte, 8), n)
		_, _, k := stream(key, nonce, 4)
		if before, found := seen[[4]byte(k)]; found {
			return nonce, binary.BigEndian.AppendUint64(make([]byte, 8), before), key
		}
		seen[[4]byte(k)] = n
	}
	t.Fatal("no two keys are alike")
	return nil, nil, nil
}

// twoFaced gives an encrypted chunk that authenticates under both keys: two of its blocks are solved for.
func twoFaced(t *testing.T, nonce, one, two []byte) []byte {
	t.Helper()
	const size = 4 << 10
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 130), big.NewInt(5))
	bit := new(big.Int).Lsh(big.NewInt(1), 128)
	chunk := make([]byte, size, size+16)
	var r, s [2]*big.Int
	for i, key := range [][]byte{one, two} {
		var k []byte
		r[i], s[i], k = stream(key, nonce, size)
		for at, b := range []byte{0, 0, 0x0f, 0xfc} { // the body fills the chunk
			chunk[at] = b ^ k[at]
		}
	}
	power := func(i, block int) *big.Int { // of r, as it multiplies a block; the lengths come behind the last
		return new(big.Int).Exp(r[i], big.NewInt(int64(size/16+1-block)), p)
	}
	mod := func(x *big.Int) *big.Int { return x.Mod(x, p) }
	const x, y = 1, 2
	var known [2]*big.Int
	for i := range known {
		known[i] = new(big.Int)
		for block := range size/16 + 1 {
			if block == x || block == y {
				continue
			}
			v := new(big.Int).Lsh(big.NewInt(size), 64)
			if block < size/16 {
				v = little(chunk[block*16 : block*16+16])
			}
			mod(known[i].Add(known[i], v.Mul(v.Add(v, bit), power(i, block))))
		}
	}
	det := new(big.Int).Mul(power(0, x), power(1, y))
	det = new(big.Int).ModInverse(mod(det.Sub(det, new(big.Int).Mul(power(1, x), power(0, y)))), p)
	for range 10_000 {
		tag := must(rand.Int(rand.Reader, bit))
		var want [2]*big.Int
		for i := range want {
			want[i] = new(big.Int).Sub(tag, s[i])
			mod(want[i].Sub(want[i].Mod(want[i], bit), known[i]))
		}
		solve := func(a, b, c, d *big.Int) *big.Int { // (a·b − c·d) / det, without the bit above a block
			v := new(big.Int).Mul(a, b)
			v = mod(v.Sub(v, new(big.Int).Mul(c, d)))
			return v.Sub(mod(v.Mul(v, det)), bit)
		}
		vx, vy := solve(want[0], power(1, y), want[1], power(0, y)), solve(want[1], power(0, x), want[0], power(1, x))
		if vx.Sign() < 0 || vy.Sign() < 0 || vx.Cmp(bit) >= 0 || vy.Cmp(bit) >= 0 {
			continue
		}
		put := func(v *big.Int, to []byte) {
			v.FillBytes(to)
			slices.Reverse(to)
		}
		put(vx, chunk[x*16:x*16+16])
		put(vy, chunk[y*16:y*16+16])
		end := make([]byte, 16)
		put(tag, end)
		return append(chunk, end...)
	}
	t.Fatal("no such chunk was found")
	return nil
}
