package intake

import (
	"slices"
	"strconv"
	"strings"

	"amana/bot/directory"
)

// guard is the attribute of columns that bot/directory/export has written.
const guard = "guard"

// readTag says what a column with an HXL tag holds. The attributes are a set: their order says nothing.
func readTag(text string) (c column) {
	parts := strings.FieldsFunc(strings.ToLower(strings.TrimSpace(text)), func(r rune) bool { return r == '+' || r == ' ' })
	if len(parts) == 0 || !strings.HasPrefix(parts[0], "#") {
		return c
	}
	tag, attrs := parts[0], parts[1:]
	has := func(any ...string) bool {
		return slices.ContainsFunc(any, func(a string) bool { return slices.Contains(attrs, a) })
	}
	for _, a := range attrs {
		if l, ok := strings.CutPrefix(a, "i_"); ok {
			c.lang = l
			if tag, ok := directory.Tag(l); ok { // attributes have no hyphens and no capitals
				c.lang = tag
			}
		} else if n, ok := strings.CutPrefix(a, "n"); ok && len(n) < 3 && strings.Trim(n, "0123456789") == "" {
			c.nth, _ = strconv.Atoi(n)
		} else if shipped[a] && c.lang == "" && a != "or" {
			c.lang = a // older files write the language bare
		}
	}
	c.guarded = has(guard)
	c.code = has("code", "pcode", "id")
	switch {
	case tag == "#country":
		c.field, c.level = fieldLevel, 0
	case strings.HasPrefix(tag, "#adm") && len(tag) == 5 && tag[4] >= '0' && tag[4] <= '9':
		c.field, c.level = fieldLevel, int(tag[4]-'0')
	case tag == "#x_extra":
		return column{guarded: c.guarded}
	case tag == "#x_shown": // for whoever reads the sheet; other columns say the same
		return column{field: leftOut}
	case strings.HasPrefix(tag, "#x_"):
		if own, ok := parseField(strings.TrimPrefix(tag, "#x_")); ok {
			own.lang, own.nth, own.guarded = c.lang, c.nth, c.guarded
			return own
		}
	default:
		c.field = field(tag, has)
	}
	if c.field != fieldLevel {
		c.code = false
	}
	if c.field == "" {
		return column{}
	}
	return c
}

// field names what the other tags mean.
func field(tag string, has func(...string) bool) string {
	switch tag {
	case "#loc":
		switch {
		case has("address", "landmark"):
			return "address"
		case has("area", "camp", "site", "settlement"):
			return "area"
		case has("code", "id", "type"):
			return ""
		}
		return "place"
	case "#geo":
		switch {
		case has("lat"):
			return "lat"
		case has("lon"):
			return "lon"
		}
	case "#org":
		switch {
		case has("id", "code"):
			return "organisation_id"
		case has("acronym"):
			return "acronym"
		case has("type", "contact"):
			return ""
		}
		return "organisation"
	case "#service":
		switch {
		case has("id", "code"):
			return "id"
		case has("name"):
			return "name"
		case has("hours", "times"):
			return "hours"
		case has("lang", "language"):
			return "languages"
		case has("cost"):
			return "cost"
		}
		return "kind"
	case "#sector", "#subsector":
		return "kind"
	case "#activity", "#description":
		return "says"
	case "#contact":
		switch {
		case has("whatsapp"):
			return "whatsapp"
		case has("phone", "tel", "mobile"):
			return "phone"
		case has("email"):
			return "email"
		case has("url", "web"):
			return "web"
		case has("title", "role"):
			return "asks"
		case has("name"):
			return "person"
		case has("address"):
			return "address"
		}
	case "#date":
		switch {
		case has("verified", "updated", "reported", "last"):
			return "verified_on"
		case has("expires", "valid", "end", "until"):
			return "valid_until"
		}
	case "#status":
		return "status"
	case "#beneficiary", "#targeted", "#population":
		if has("num") {
			return ""
		}
		return "for"
	case "#meta":
		switch {
		case has("id"):
			return "id"
		case has("source"):
			return "source"
		}
		return "remarks"
	}
	return ""
}
