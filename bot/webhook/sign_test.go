package webhook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"amana/bot/webhook"
)

// The vector that the libraries of the specification share.
const (
	vectorSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID     = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorBody   = `{"test": 2432232314}`
	vectorSigned = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var (
	vectorSent = time.Unix(1614265330, 0)
	older      = "whsec_" + strings.Repeat("b2xk", 8)
)

func secrets(t testing.TB, text string) []webhook.Secret {
	t.Helper()
	all, err := webhook.ParseSecrets(text)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestVerify(t *testing.T) {
	h := func(id, sent, signed string) http.Header {
		return http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {sent}, "Webhook-Signature": {signed}}
	}
	good := h(vectorID, "1614265330", vectorSigned)
	for name, c := range map[string]struct {
		h       http.Header
		body    string
		secrets string
		later   time.Duration
		want    error
	}{
		"as it came":              {good, vectorBody, vectorSecret, 0, nil},
		"within the window":       {good, vectorBody, vectorSecret, 5 * time.Minute, nil},
		"our clock is behind":     {good, vectorBody, vectorSecret, -5 * time.Minute, nil},
		"too late":                {good, vectorBody, vectorSecret, 5*time.Minute + time.Second, webhook.ErrReplay},
		"from the future":         {good, vectorBody, vectorSecret, -5*time.Minute - time.Second, webhook.ErrReplay},
		"a secret that goes":      {good, vectorBody, older + "\n" + vectorSecret, 0, nil},
		"several signatures":      {h(vectorID, "1614265330", "v1,AAAA v2,x "+vectorSigned), vectorBody, vectorSecret, 0, nil},
		"another secret":          {good, vectorBody, older, 0, webhook.ErrUnsigned},
		"another body":            {good, vectorBody + " ", vectorSecret, 0, webhook.ErrUnsigned},
		"another time":            {h(vectorID, "1614265331", vectorSigned), vectorBody, vectorSecret, 0, webhook.ErrUnsigned},
		"another id":              {h("msg_x", "1614265330", vectorSigned), vectorBody, vectorSecret, 0, webhook.ErrUnsigned},
		"a dot moved":             {h(vectorID+".1614265330", "1614265330", vectorSigned), vectorBody, vectorSecret, 0, webhook.ErrUnsigned},
		"another version":         {h(vectorID, "1614265330", "v2"+vectorSigned[2:]), vectorBody, vectorSecret, 0, webhook.ErrUnsigned},
		"no signature":            {h(vectorID, "1614265330", ""), vectorBody, vectorSecret, 0, webhook.ErrUnsigned},
		"no headers":              {http.Header{}, vectorBody, vectorSecret, 0, webhook.ErrUnsigned},
		"a time that is none":     {h(vectorID, "today", vectorSigned), vectorBody, vectorSecret, 0, webhook.ErrUnsigned},
		"nobody knows any secret": {good, vectorBody, "", 0, webhook.ErrUnsigned},
	} {
		var known []webhook.Secret
		if c.secrets != "" {
			known = secrets(t, c.secrets)
		}
		id, err := webhook.Verify(known, c.h, []byte(c.body), vectorSent.Add(c.later))
		if err != c.want || (err == nil) != (id == vectorID) {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
}

func TestParseSecrets(t *testing.T) {
	if all := secrets(t, "  "+vectorSecret+"\n"+older+"\n"); len(all) != 2 {
		t.Error(all)
	}
	for _, text := range []string{
		"", " \n", vectorSecret[6:], "whsec_", "whsec_not base64", "whsec_c2hvcnQ=", "whsec_" + strings.Repeat("QUFB", 22),
		strings.Repeat(vectorSecret+" ", 4),
	} {
		all, err := webhook.ParseSecrets(text)
		if err == nil || all != nil || strings.Contains(err.Error(), "QUFB") {
			t.Errorf("%q gives %v, %v", text, all, err)
		}
	}
}

// Nothing that comes from a stranger makes the verifier fall, or believe.
func FuzzVerify(f *testing.F) {
	f.Add(vectorID, "1614265330", vectorSigned, []byte(vectorBody))
	f.Add("", "-1", "v1,", []byte{})
	known := secrets(f, vectorSecret)
	f.Fuzz(func(t *testing.T, id, sent, signed string, body []byte) {
		h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {sent}, "Webhook-Signature": {signed}}
		if _, err := webhook.Verify(known, h, body, vectorSent); err == nil && (id != vectorID || string(body) != vectorBody) {
			t.Errorf("believed: %q %q %q %q", id, sent, signed, body)
		}
	})
}
