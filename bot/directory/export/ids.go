package export

import (
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"regexp"
	"strings"
)

var isUUID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// uuid gives the id of an object in the form that HSDS asks for: the one that it has, or one made of the table and the
// parts of its own (version 8 of RFC 9562), which is the same in every export.
func uuid(table string, parts ...string) string {
	if len(parts) == 1 && isUUID.MatchString(parts[0]) {
		return parts[0]
	}
	h := fnv.New128a()
	for _, p := range append([]string{"amana", table}, parts...) {
		_, _ = io.WriteString(h, p) // a hash takes everything
		_, _ = h.Write([]byte{0})
	}
	sum := h.Sum(nil)
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:])
}

// isEmail and isURI tell what HSDS takes as such; anything else stands in an attribute of ours.
func isEmail(s string) bool {
	name, domain, ok := strings.Cut(s, "@")
	return ok && name != "" && len(s) < 255 && plainMail.MatchString(name) && plainHost.MatchString(domain)
}

var (
	plainMail = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]+$`)
	plainHost = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`)
)

func isURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.String() == s
}
