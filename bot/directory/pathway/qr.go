package pathway

import (
	"fmt"
	"strings"

	qr "github.com/piglig/go-qr"
)

// quiet is the white border that readers need, in modules.
const quiet = 4

// code is a picture of squares: its side with the border, and the outline of all that is black.
type code struct {
	Side int
	Path string
}

// encode draws a text. A quarter of the picture may be torn or dirty.
func encode(text string) (*code, error) {
	q, err := qr.EncodeText(text, qr.Quartile)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	n := q.Size()
	for y := range n {
		for x := 0; x < n; x++ {
			begin := x
			for x < n && q.Module(x, y) {
				x++
			}
			if x > begin {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", begin+quiet, y+quiet, x-begin, x-begin)
			}
		}
	}
	return &code{n + 2*quiet, b.String()}, nil
}
