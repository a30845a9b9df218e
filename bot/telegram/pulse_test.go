package telegram

import (
	"slices"
	"testing"
	"time"
)

func TestPulse(t *testing.T) {
	const alarm = 3 * time.Minute
	bad := func(k kind) error { return &Fault{kind: k} }
	for name, c := range map[string]struct {
		feel func(p *pulse, at func(minutes float64) time.Time)
		want []Trouble // after ten minutes
	}{
		"all is well": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getUpdates", nil, at(9))
			p.felt("sendMessage", bad(temporary), at(1))
			p.felt("sendMessage", nil, at(9))
		}, nil},
		"never reached":           {func(*pulse, func(float64) time.Time) {}, []Trouble{NoUpdates}},
		"polls fail for long":     {func(p *pulse, at func(float64) time.Time) { p.felt("getUpdates", nil, at(7)) }, []Trouble{NoUpdates}},
		"polls fail for a moment": {func(p *pulse, at func(float64) time.Time) { p.felt("getUpdates", nil, at(7.5)) }, nil},
		"a stop interrupts a poll": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getMe", nil, at(9))
			p.felt("getUpdates", bad(interrupted), at(9))
		}, nil},
		"the token is refused": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getUpdates", nil, at(9))
			p.felt("getUpdates", bad(badToken), at(9))
		}, []Trouble{TokenRefused}},
		"the token was refused": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getUpdates", bad(badToken), at(8))
			p.felt("getUpdates", nil, at(9))
		}, nil},
		"another one polls, in turn with us": {func(p *pulse, at func(float64) time.Time) {
			for i := range contests {
				p.felt("getUpdates", bad(conflict), at(8+0.2*float64(i)))
				p.felt("getUpdates", nil, at(8.1+0.2*float64(i)))
			}
		}, []Trouble{Contested}},
		"another one polled": {func(p *pulse, at func(float64) time.Time) {
			for i := range contests {
				p.felt("getUpdates", bad(conflict), at(3+0.2*float64(i)))
			}
			p.felt("getUpdates", nil, at(9))
		}, nil},
		"a start beside a stop": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getUpdates", bad(conflict), at(9))
			p.felt("getUpdates", nil, at(9.1))
		}, nil},
		"nothing can be sent": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getUpdates", nil, at(9))
			p.felt("sendMessage", nil, at(1))
			p.felt("sendMessage", bad(temporary), at(2))
			p.felt("editMessageText", bad(garbled), at(9))
			p.felt("getMyName", nil, at(9))
		}, []Trouble{Mute}},
		"somebody blocked the bot": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getUpdates", nil, at(9))
			p.felt("sendMessage", bad(temporary), at(2))
			p.felt("sendMessage", bad(gone), at(9))
		}, nil},
		"nothing could be sent long ago": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getUpdates", nil, at(9))
			p.felt("sendMessage", bad(temporary), at(-10))
		}, nil},
		"the webhook is out of reach": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getWebhookInfo", nil, at(9))
			p.delivers(false, at(1))
			p.delivers(false, at(9))
		}, []Trouble{Undeliverable}},
		"the webhook was out of reach": {func(p *pulse, at func(float64) time.Time) {
			p.felt("getWebhookInfo", nil, at(9))
			p.delivers(false, at(1))
			p.delivers(true, at(9))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			at := func(minutes float64) time.Time { return begun.Add(time.Duration(minutes * float64(time.Minute))) }
			p := &pulse{alarm: alarm}
			if p.troubles(at(10)) != nil {
				t.Error("a door that is not open has no troubles")
			}
			p.begin(begun)
			c.feel(p, at)
			if got := p.troubles(at(10)); !slices.Equal(got, c.want) {
				t.Errorf("%q", got)
			}
		})
	}
	for _, tr := range Troubles {
		if tr.String() == "" {
			t.Errorf("%q has no words", string(tr))
		}
	}
}
