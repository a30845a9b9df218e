package store

import (
	"slices"
	"time"

	"amana/bot/seal"
)

// Browser is a browser from which somebody signs in at the desk, or wants to. What it holds shows nobody how to sign in:
// the secrets themselves stay in the browser.
type Browser struct {
	ID      ID        `json:"id"`
	Person  string    `json:"person"` // roster id
	Key     string    `json:"key"`    // of the person, for which it was taken; another key asks for another browser record
	Hash    []byte    `json:"hash"`   // SHA-256 of the browser's own secret
	Proof   []byte    `json:"proof"`  // SHA-256 of what shows that it has the device key
	Made    Day       `json:"made"`
	Allowed bool      `json:"allowed,omitempty"`
	Digits  string    `json:"digits,omitempty"` // of one that waits: to be read out to the coordinator
	Until   time.Time `json:"until,omitzero"`   // and how long it waits
}

// BrowsersOf gives the browsers of a person, the earliest first. One whose record is damaged is passed over: it has to be
// allowed anew, and the check names it.
func (r *Read) BrowsersOf(person string) (all []Browser, err error) {
	return r.browsers(key(browsers, r.s.name("browser", person)))
}

// Browser gives one browser of a person.
func (r *Read) Browser(person string, id ID) (b Browser, found bool, err error) {
	found, err = r.standing(ownerKey(browsers, r.s.name("browser", person), id), &b)
	return b, found, err
}

// Browsers gives all browsers.
func (r *Read) Browsers() (all []Browser, err error) { return r.browsers([]byte{byte(browsers)}) }

func (r *Read) browsers(prefix []byte) (all []Browser, err error) {
	err = r.scan(prefix, 50, func(k, value []byte) (bool, error) {
		plain, _, err := r.s.house.Open(k, value)
		if err != nil {
			return true, unless(err, seal.ErrTampered)
		}
		var b Browser
		err = decode(plain, &b)
		all = append(all, b)
		return true, err
	})
	slices.SortStableFunc(all, func(a, b Browser) int { return int(a.Made) - int(b.Made) })
	return all, err
}

// PutBrowser keeps a browser, in place of what was kept of it.
func (w *Write) PutBrowser(b Browser) error {
	return w.putStanding(ownerKey(browsers, w.s.name("browser", b.Person), b.ID), b)
}

// DropBrowser forgets a browser. It is no error if there was none.
func (w *Write) DropBrowser(person string, id ID) error {
	return w.drop(ownerKey(browsers, w.s.name("browser", person), id))
}
