package inspect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"amana/bot/directory"
)

// ways are words by which a text tells the way to a place, in the languages of the sheets, folded before use. What only
// stands in words about care, such as "house" or "building", is none.
var ways = func() (out []string) {
	for _, list := range []string{
		"street|st no|road|avenue|lane|alley|plot|house no|house number|apartment|floor|block|gate|landmark|junction|roundabout|next to|beside|behind|opposite|in front of|across from|near the|close to the|turn left|turn right|walk from|minutes from",
		"شارع|الشارع|الطريق|حارة|زقاق|عمارة|مبنى|الطابق|شقة|بلوك|بجانب|بجوار|خلف|وراء|مقابل|أمام|بالقرب من|قرب|تقاطع|دوار",
		"rue|avenue|boulevard|ruelle|parcelle|immeuble|appartement|etage|bloc|portail|carrefour|rond point|a cote de|a cote du|derriere|en face de|en face du|pres de|pres du|tournez",
		"calle|carrera|avenida|camino|callejon|lote|casa numero|apartamento|piso|bloque|porton|cruce|glorieta|al lado de|al lado del|detras de|detras del|enfrente|cerca de|cerca del|esquina",
		"রোড|সড়ক|রাস্তা|গলি|বাড়ি নং|ভবন|তলা|ব্লক|গেট|মোড়|পাশে|পেছনে|পিছনে|বিপরীতে",
	} {
		for w := range strings.SplitSeq(list, "|") {
			out = append(out, fold(w))
		}
	}
	return out
}()

var (
	// coordinates are two numbers with four decimals or more, side by side.
	coordinates = regexp.MustCompile(`-?\d{1,3}[.,]\d{4,}\s*°?\s*[NSns]?\s*[,;/ ]\s*-?\d{1,3}[.,]\d{4,}`)
	// maps are links to a map, and codes that stand for a point: Open Location Code, three words.
	maps = regexp.MustCompile(`(?i)maps\.app|google\.[a-z.]+/maps|goo\.gl/maps|maps\.google|openstreetmap\.org|osm\.org|waze\.com|w3w\.co|what3words|\bgeo:|///\S+\.\S+\.\S+`)
	olc  = regexp.MustCompile(`\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b`)
)

// way says by what a text shows the way to a place, in words that do not repeat it, or nothing.
func way(text string) string {
	switch {
	case coordinates.MatchString(text):
		return "it holds two numbers that look like a point on the map"
	case maps.MatchString(text), olc.MatchString(text):
		return "it holds a link or a code that stands for a point on the map"
	}
	folded := " " + fold(text) + " "
	for _, w := range ways {
		if strings.Contains(folded, " "+w+" ") {
			return fmt.Sprintf("the word “%s” may tell the way", w)
		}
	}
	return ""
}

// shelters looks for a way to a place that must not be shown. An import keeps none; a kind that the mission hides since
// then, and words of the sheet, may still show it.
func (l *look) shelters() {
	for _, s := range l.d.Services {
		if !l.hides(s) {
			continue
		}
		if p := s.Place; !p.Redacted || p.ID != "" || len(p.Name) > 0 || len(p.Address) > 0 || p.Point != nil || len(s.Extra) > 0 {
			l.say(Shelters, directory.Refused, ofService(s), "address", "the place of a shelter, or one that is confidential, is kept", "import the sheets again at once: then it is taken out")
		}
		for _, text := range words(s) {
			for _, t := range text.words {
				if why := way(t.Text); why != "" {
					l.say(Shelters, directory.Warning, ofService(s), text.name, "a shelter can be found by what stands here: "+why, "take it out of the sheet, and import it again; who may know is told by phone")
					break
				}
			}
		}
	}
}

// hides says that the place of a service is never shown.
func (l *look) hides(s *directory.Service) bool {
	return s.Place.Redacted || slices.ContainsFunc(s.Kinds, func(k string) bool {
		kind, ok := l.o.Kinds.Kind(k)
		return ok && kind.Hidden
	})
}

type said struct {
	name  string
	words directory.Words
}

// words lists everything of a service that people may read, by column, without its place.
func words(s *directory.Service) []said {
	out := []said{
		{"name", s.Name}, {"says", s.Says}, {"asks", directory.Say("", s.Asks)}, {"web", directory.Say("", s.Web)}, {"hours", directory.Say("", s.Times.Said)}, {"hours_note", s.Times.Note},
		{"interprets", s.Interprets}, {"eligibility", s.Eligibility}, {"cost", s.Cost.Note}, {"access", s.Access}, {"bring", s.Bring}, {"referral", s.Referral}, {"remarks", s.Remarks},
	}
	for _, p := range s.Phones {
		out = append(out, said{"phone", directory.Say("", p.Remark)})
	}
	return out
}
