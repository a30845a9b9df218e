package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The headers of the specification.
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

// Secret is what both sides know. It never writes itself.
type Secret struct{ key []byte }

// String hides the secret.
func (Secret) String() string { return "(secret)" }

// GoString hides it from %#v as well.
func (Secret) GoString() string { return "(secret)" }

const (
	secretHead  = "whsec_"
	leastSecret = 24 // bytes, as the specification has it
	mostSecret  = 64
	// MostSecrets is how many can be in use at once: the one that goes, the one that comes, and one in reserve.
	MostSecrets = 3
)

// ParseSecrets reads secrets of the form whsec_ and base64, parted by blanks or lines, the newest first. The error does not
// repeat them.
func ParseSecrets(text string) (all []Secret, err error) {
	for n, word := range strings.Fields(text) {
		encoded, ok := strings.CutPrefix(word, secretHead)
		if !ok {
			return nil, fmt.Errorf("secret %d does not begin with %s", n+1, secretHead)
		}
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, fmt.Errorf("secret %d is not base64 behind %s", n+1, secretHead)
		}
		if len(key) < leastSecret || len(key) > mostSecret {
			return nil, fmt.Errorf("secret %d has %d bytes; it needs %d to %d, as `openssl rand -base64 32` makes them", n+1, len(key), leastSecret, mostSecret)
		}
		all = append(all, Secret{key})
	}
	switch {
	case len(all) == 0:
		return nil, errors.New("there is no secret")
	case len(all) > MostSecrets:
		return nil, fmt.Errorf("there are %d secrets; more than %d are none", len(all), MostSecrets)
	}
	return all, nil
}

// signature gives what stands in the header for one secret.
func (s Secret) signature(id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, s.key)
	fmt.Fprintf(mac, "%s.%s.", id, timestamp)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// sign puts the three headers on a message, signed with every secret, so that the other side may have either.
func sign(h http.Header, secrets []Secret, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	var all []string
	for _, s := range secrets {
		all = append(all, s.signature(id, timestamp, body))
	}
	h.Set(headerID, id)
	h.Set(headerTimestamp, timestamp)
	h.Set(headerSignature, strings.Join(all, " "))
}

// What Verify refuses.
var (
	ErrUnsigned = errors.New("no signature of a webhook, or of none of our secrets")
	ErrReplay   = errors.New("the webhook is too old, or from the future")
)

// Window is how far the clocks of both sides may be apart. Within it, whoever receives must know the ids that they have
// taken, and take none twice.
const Window = 5 * time.Minute

// Verify says whether a message comes from somebody who knows one of the secrets, and was sent within Window of now. Read
// the body as it came: JSON that was parsed and written again has another signature. It gives the id, which is the same
// when the same notice comes again.
func Verify(secrets []Secret, h http.Header, body []byte, now time.Time) (id string, err error) {
	id, timestamp := h.Get(headerID), h.Get(headerTimestamp)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil || strings.Contains(id, ".") {
		return "", ErrUnsigned
	}
	given := strings.Fields(h.Get(headerSignature))
	if !slices.ContainsFunc(secrets, func(s Secret) bool {
		want := []byte(s.signature(id, timestamp, body))
		return slices.ContainsFunc(given, func(g string) bool { return hmac.Equal([]byte(g), want) })
	}) {
		return "", ErrUnsigned
	}
	if sent := time.Unix(seconds, 0); sent.Before(now.Add(-Window)) || sent.After(now.Add(Window)) {
		return "", ErrReplay
	}
	return id, nil
}
