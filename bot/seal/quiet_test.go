package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// Whatever prints, logs or encodes a type that holds a secret, the secret does not come out.
func TestSecretsAreHidden(t *testing.T) {
	mark := bytes.Repeat([]byte{0xab}, 32)
	secret := (*[32]byte)(mark)
	h, r := newHouse(t), newRoots(t, november)
	h.setInstallation(secret)
	h.add("2026-11-report", secret)
	r.lines[0].held[0] = newRoot(draftPlan, 1, secret)
	seed, device := must(ParseSeed(mark)), must(ParseDeviceKey(mark[:16]))
	id, coordinator := identityFrom(secret), CoordinatorKey{secret: hide(secret)}
	pepper := must(CarriedPepper("2026-11-report", mark))
	stretched := Stretched{x: hide(secret)}
	nudge := Nudge{Address: "telegram:424242"}

	never := []string{
		"171 171", "171,171", "171, 171", "0xab", hex.EncodeToString(mark[:16]), strings.ToUpper(hex.EncodeToString(mark[:16])), string(mark[:16]),
		base64.StdEncoding.EncodeToString(mark)[:20], id.Reveal(), strings.ToLower(id.Reveal()), coordinator.Reveal(), device.text(), "424242",
	}
	values := map[string]any{
		"house": h, "roots": r, "seed": seed, "device": device, "identity": id, "coordinator": coordinator, "pepper": pepper,
		"stretched": stretched, "nudge": nudge, "mailbox": stretched.Mailbox(pepper),
		"pointers": []any{&seed, &device, &id, &coordinator, &pepper, &stretched, &nudge},
		"nested":   struct{ A, B, C any }{seed, device, id},
		"hidden": struct {
			a Identity
			b Seed
			c DeviceKey
			d CoordinatorKey
			e Pepper
			f Stretched
			g *House
			h *Roots
		}{id, seed, device, coordinator, pepper, stretched, h, r},
	}
	for what, v := range values {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%t"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
			slog.New(handler).Info("x", "v", v)
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		out.Write(data)
		for _, s := range never {
			if strings.Contains(out.String(), s) {
				t.Errorf("%s shows %q", what, s)
			}
		}
	}
	if got := fmt.Sprintln(seed, nudge.String()); got != "(secret) (secret)\n" {
		t.Errorf("printed as %q", got)
	}
}
