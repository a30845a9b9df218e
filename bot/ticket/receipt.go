package ticket

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// ReceiptDigits is the length of a receipt: fifteen random digits and one check digit.
const ReceiptDigits = 16

// ErrReceipt says that what was typed cannot be a receipt: too long, too short, or a digit is wrong.
var ErrReceipt = errors.New("not a receipt number")

// Receipt is the number that opens the answers to a report, as ASCII digits, and never the report itself.
// It hides from printing, logs and encoders; [Receipt.Groups] and [Receipt.Digits] give it in clear.
type Receipt struct{ digits [ReceiptDigits]byte }

// NewReceipt draws fifteen digits, each as likely as any other, and adds the check digit.
func NewReceipt(rand io.Reader) (Receipt, error) {
	var r Receipt
	var check byte
	for i := range ReceiptDigits - 1 {
		d, err := draw(rand, 10)
		if err != nil {
			return Receipt{}, fmt.Errorf("drawing a receipt: %w", err)
		}
		r.digits[i] = '0' + d
		check = damm[check][d]
	}
	r.digits[ReceiptDigits-1] = '0' + check
	return r, nil
}

// ParseReceipt reads sixteen ASCII digits; spaces and hyphens between them are passed over. Digits of other scripts are
// to be folded before. Everything else is ErrReceipt, and so is every number in which one digit was mistaken or two
// neighbours changed places.
func ParseReceipt(typed string) (Receipt, error) {
	var r Receipt
	var check byte
	n := 0
	for i := range len(typed) {
		c := typed[i]
		switch {
		case c == ' ' || c == '-':
			continue
		case c < '0' || c > '9' || n == ReceiptDigits:
			return Receipt{}, ErrReceipt
		}
		r.digits[n] = c
		check = damm[check][c-'0']
		n++
	}
	if n != ReceiptDigits || check != 0 {
		return Receipt{}, ErrReceipt
	}
	return r, nil
}

// Digits gives the sixteen digits in clear, for the room that derives keys and for the closing record.
func (r Receipt) Digits() string {
	if r.IsZero() {
		return ""
	}
	return string(r.digits[:])
}

// Groups gives the number in clear as four groups of four, as it is shown and read aloud.
func (r Receipt) Groups() string {
	d := r.Digits()
	if d == "" {
		return ""
	}
	return d[:4] + " " + d[4:8] + " " + d[8:12] + " " + d[12:]
}

// IsZero says that there is no receipt. The number of sixteen zeros is a receipt like any other.
func (r Receipt) IsZero() bool { return r == Receipt{} }

// String hides the number.
func (Receipt) String() string { return "(receipt)" }

// Format hides the number from every verb, those of numbers and of Go syntax included.
func (Receipt) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "(receipt)") }

// LogValue hides the number from structured logs.
func (Receipt) LogValue() slog.Value { return slog.StringValue("(receipt)") }

// MarshalText refuses: a receipt that is to be kept is sealed by somebody who asked for its digits.
func (Receipt) MarshalText() ([]byte, error) {
	return nil, errors.New("encoding a receipt: it is not written anywhere by itself")
}

// draw gives a number below n, each as likely as any other, by throwing away the bytes that would favour some.
// A source that keeps giving such bytes is broken, and is an error rather than a loop without end.
func draw(rand io.Reader, n byte) (byte, error) {
	limit := 256 - 256%int(n)
	var b [1]byte
	for range 256 {
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			return 0, err
		}
		if int(b[0]) < limit {
			return b[0] % n, nil
		}
	}
	return 0, errors.New("the random source repeats itself")
}

// damm is the quasigroup of order ten of H. Michael Damm (2004): weakly totally anti-symmetric, with zeros on the
// diagonal, so that the check digit is the interim digit itself and a right number ends at zero.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}
