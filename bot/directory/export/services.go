package export

import (
	"strconv"
	"strings"

	"amana/bot/directory"
)

// unknown stands for hours that nobody knows, although the source says something of them.
const unknown = "unknown"

type record = directory.Service

// serviceColumns are the columns of services, those that people look for first. Two of them are for readers alone, since
// a code says little.
func serviceColumns(all []*directory.Service, orgs map[string]*directory.Organisation, areas *directory.Areas, kinds *directory.Kinds) (c []column[record]) {
	words := func(label, tag string, get func(*record) directory.Words) {
		c = append(c, said(label, tag, all, get)...)
	}
	text := func(label, tag string, get func(*record) string) { c = append(c, one(label, tag, get)) }

	c = append(c, must("ID", "#service+id", func(s *record) string { return s.ID }), must("Organisation ID", "#org+id", func(s *record) string { return s.Org }))
	words("Organisation", "#org+name", func(s *record) directory.Words {
		if o := orgs[s.Org]; o != nil {
			return o.Name
		}
		return nil
	})
	c = append(c, must("Kind", "#service+type", func(s *record) string { return strings.Join(s.Kinds, "; ") }),
		one("Kind in words", "#x_shown", func(s *record) string { return inWords(s, kinds) }),
		must("Area", "#loc+area", func(s *record) string { return s.Place.Area }),
		one("Area in words", "#x_shown", func(s *record) string { return areas.Path(s.Place.Area) }))
	words("Service name", "#service+name", func(s *record) directory.Words { return s.Name })
	words("Description", "#description", func(s *record) directory.Words { return s.Says })
	words("Place", "#loc+name", func(s *record) directory.Words { return s.Place.Name })
	words("Address", "#loc+address", func(s *record) directory.Words { return s.Place.Address })
	c = append(c, numbers(all, func(s *record) []directory.Phone { return s.Phones })...)
	text("Email", "#contact+email", func(s *record) string { return s.Email })
	text("Website", "#contact+url", func(s *record) string { return s.Web })
	text("Ask for", "#contact+role", func(s *record) string { return s.Asks })

	text("Opening hours", "#x_open", func(s *record) string {
		if s.Times.Open == "" && s.Times.Said != "" {
			return unknown
		}
		return s.Times.Open
	})
	text("Opening hours as written", "#service+hours", func(s *record) string { return s.Times.Said })
	words("Remark on hours", "#x_hours_note", func(s *record) directory.Words { return s.Times.Note })
	text("Time zone", "#x_zone", func(s *record) string { return s.Times.Zone })
	text("Status", "#status", func(s *record) string { return string(s.Status) })

	text("Woman staff", "#x_women", func(s *record) string { return string(s.Women) })
	text("Languages", "#service+lang", func(s *record) string { return strings.Join(s.Langs, ", ") })
	words("Interpretation", "#x_interprets", func(s *record) directory.Words { return s.Interprets })
	text("For whom", "#beneficiary", func(s *record) string { return strings.Join(s.For, "; ") })
	c = append(c, figure("Age from", "#x_min_age", func(s *record) string { return years(s.MinAge) }), figure("Age to", "#x_max_age", func(s *record) string { return years(s.MaxAge) }))
	words("Eligibility", "#x_eligibility", func(s *record) directory.Words { return s.Eligibility })
	text("Free", "#x_free", func(s *record) string { return string(s.Cost.Free) })
	words("Cost", "#service+cost", func(s *record) directory.Words { return s.Cost.Note })
	words("Accessibility", "#x_access", func(s *record) directory.Words { return s.Access })
	words("What to bring", "#x_bring", func(s *record) directory.Words { return s.Bring })
	words("How to reach it", "#x_referral", func(s *record) directory.Words { return s.Referral })
	text("Deadline", "#x_deadline", func(s *record) string { return string(s.Deadline) })
	words("Remarks", "#x_remarks", func(s *record) directory.Words { return s.Remarks })

	text("Visibility", "#x_visibility", func(s *record) string { return string(s.Visibility) })
	text("Confidential place", "#x_confidential", func(s *record) string {
		if s.Place.Redacted {
			return string(directory.Yes)
		}
		return ""
	})
	text("Verified on", "#date+verified", func(s *record) string { return string(s.VerifiedOn) })
	text("Verified by", "#x_verified_by", func(s *record) string { return s.VerifiedBy })
	text("Valid until", "#date+expires", func(s *record) string { return string(s.ValidUntil) })
	c = append(c, point(func(s *record) *directory.Point { return s.Place.Point })...)
	text("Place ID", "#x_place_id", func(s *record) string { return s.Place.ID })
	text("Group", "#x_group", func(s *record) string { return s.Group })
	text("Source", "#meta+source", func(s *record) string { return s.Source })
	return append(c, extras(all, func(s *record) []directory.Pair { return s.Extra })...)
}

func years(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
