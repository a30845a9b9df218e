package seal

import (
	"fmt"
	"io"
	"log/slog"
)

const hush = "(secret)"

// quiet is embedded in every type that holds a secret: whatever verb, logger or encoder meets it prints "(secret)".
type quiet struct{}

// Format answers every verb of fmt alike.
func (quiet) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hush) }

// String hides the secret.
func (quiet) String() string { return hush }

// LogValue hides the secret from structured logs.
func (quiet) LogValue() slog.Value { return slog.StringValue(hush) }

// MarshalJSON hides the secret from encoders.
func (quiet) MarshalJSON() ([]byte, error) { return []byte(`"` + hush + `"`), nil }

// hidden keeps a secret inside a function. For unexported fields of other people's structs fmt does not ask for
// methods, and on a verb that does not fit it follows a pointer; of a function it prints an address and no more.
type hidden[T any] func() *T

func hide[T any](v *T) hidden[T] { return func() *T { return v } }
