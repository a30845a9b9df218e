package seal

import (
	"fmt"
	"io"
	"log/slog"
)

const hush = "(secret)"

// quiet is embedded in every type that holds a secret: whatever verb, logger or encoder meets it prints "(secret)".
// The secrets themselves stand behind pointers, because fmt does not ask unexported fields of other structs for
// their methods; there it prints an address and stops.
type quiet struct{}

// Format answers every verb of fmt alike.
func (quiet) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hush) }

// String hides the secret.
func (quiet) String() string { return hush }

// LogValue hides the secret from structured logs.
func (quiet) LogValue() slog.Value { return slog.StringValue(hush) }

// MarshalJSON hides the secret from encoders.
func (quiet) MarshalJSON() ([]byte, error) { return []byte(`"` + hush + `"`), nil }
