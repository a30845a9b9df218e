package mail

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"amana/bot"
)

// Scheme begins an address of this door.
const Scheme = "mail:"

// Longest is how long an address may be (RFC 5321, 4.5.3.1).
const (
	longest      = 254
	longestLocal = 64
	longestLabel = 63
)

var (
	localForm = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*$`)
	labelForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	topForm   = regexp.MustCompile(`^([a-z]{2,}|xn--[a-z0-9-]*[a-z0-9])$`)
)

// CheckAddress gives an address of e-mail as it is kept, its domain in small letters. It takes the plain form alone:
// nothing quoted, no comment, no name beside it, no blank, no letter outside ASCII, no number in place of a domain. What
// it takes cannot break out of a header. The error says what to write, and does not repeat the address.
func CheckAddress(a string) (string, error) {
	for _, r := range a {
		switch {
		case r > 0x7e:
			return "", errors.New("an address may hold letters of ASCII alone; write a domain in another script in its form that begins with xn--")
		case r <= 0x20:
			return "", errors.New("there is a blank or a control character in the address")
		}
	}
	local, domain, ok := strings.Cut(a, "@")
	if !ok || strings.Contains(domain, "@") {
		return "", errors.New("an address has one @, as in ana@example.org")
	}
	domain = strings.ToLower(domain)
	if len(local)+1+len(domain) > longest || len(local) > longestLocal {
		return "", fmt.Errorf("the address is too long: %d characters, of them %d before the @", longest, longestLocal)
	}
	if !localForm.MatchString(local) {
		return "", errors.New("what stands before the @ is not in the plain form: letters, digits, and dots or signs between them, as in ana@example.org")
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || !topForm.MatchString(labels[len(labels)-1]) {
		return "", errors.New("the domain is not whole, as in ana@example.org")
	}
	for _, l := range labels {
		if len(l) > longestLabel || !labelForm.MatchString(l) {
			return "", errors.New("the domain is not one: letters, digits and hyphens between dots")
		}
	}
	return local + "@" + domain, nil
}

// Is says that an address is one of this door.
func Is(a bot.Address) bool { return strings.HasPrefix(a.Reveal(), Scheme) }
