package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"slices"

	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// demoSeat is what somebody who sits at the desk has: in their browser, and in their head.
type demoSeat struct {
	Person     string `json:"person"`
	Device     []byte `json:"device"`
	Browser    []byte `json:"browser"`
	Pin        string `json:"pin"`
	Passphrase string `json:"passphrase"`
	Lang       string `json:"lang"`
}

// demoPassphrase opens the key of everybody in an invented camp.
const demoPassphrase = "an invented camp"

// sit brings somebody to the desk: their key is wrapped as their own browser would have done, and this browser may sign in
// with it.
func (s *stage) sit(ctx context.Context, r *http.Request) (any, error) {
	var in struct{ ID, Lang string }
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1024)).Decode(&in); err != nil {
		return nil, usagef("who sits down, and in which language?")
	}
	p := s.play
	p.mu.Lock()
	defer p.mu.Unlock()
	e, known := p.entry(in.ID)
	if !known || e.Role == ticket.Recovery || !slices.Contains(p.offered, in.Lang) {
		return nil, usagef("there is nobody here called %q who reads %q", in.ID, in.Lang)
	}
	k, sat := p.keys[e.ID]
	if !sat {
		var err error
		if k, err = p.seat(ctx, e); err != nil {
			return nil, err
		}
		p.keys[e.ID] = k
	}
	k.Lang = in.Lang
	return k, p.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		c, _, err := w.Contact(e.ID)
		if err != nil {
			return err
		}
		c.Lang = in.Lang
		return w.PutContact(c)
	})
}

// seat makes a device key for somebody, wraps their key with it, and lets the browser in.
func (p *play) seat(ctx context.Context, e ticket.Entry) (demoSeat, error) {
	device, err := seal.NewDeviceKey(p.registry.Rand)
	if err != nil {
		return demoSeat{}, err
	}
	wrapped, err := seal.Wrap(p.people[e.ID], demoPassphrase, device, seal.WrapWork)
	if err != nil {
		return demoSeat{}, err
	}
	file, err := seal.Enrolment{Public: e.Key, Wrapped: wrapped}.Encode()
	if err != nil {
		return demoSeat{}, err
	}
	err = p.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		c, _, err := w.Contact(e.ID)
		if err != nil {
			return err
		}
		c.Wrapped = file
		return w.PutContact(c)
	})
	if err != nil {
		return demoSeat{}, err
	}
	secret := make([]byte, 32)
	if _, err := p.registry.Rand.Read(secret); err != nil {
		return demoSeat{}, err
	}
	if err := p.admit(ctx, e, device, [32]byte(secret)); err != nil {
		return demoSeat{}, err
	}
	return demoSeat{Person: e.ID, Device: device.Reveal(), Browser: secret, Pin: p.coordinator.Public(), Passphrase: demoPassphrase}, nil
}

// admit lets a browser sign in, as the coordinator does when its owner has read six digits out.
func (p *play) admit(ctx context.Context, e ticket.Entry, device seal.DeviceKey, browser [32]byte) error {
	var id store.ID
	if _, err := p.registry.Rand.Read(id[:]); err != nil {
		return err
	}
	proof := device.Proof()
	hash, proven := sha256.Sum256(browser[:]), sha256.Sum256(proof[:])
	return p.store.Update(ctx, store.ID{}, func(w *store.Write) error {
		return w.PutBrowser(store.Browser{ID: id, Person: e.ID, Key: e.Key, Hash: hash[:], Proof: proven[:], Made: store.DayOf(p.now()), Allowed: true})
	})
}
