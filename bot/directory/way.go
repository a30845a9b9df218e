package directory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"amana/bot/speech"
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
			out = append(out, speech.Fold("", w))
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

// wayIn says by what a text shows the way to a place, in words that do not repeat it, or nothing.
func wayIn(text string) string {
	switch {
	case coordinates.MatchString(text):
		return "it holds two numbers that look like a point on the map"
	case maps.MatchString(text), olc.MatchString(text):
		return "it holds a link or a code that stands for a point on the map"
	}
	folded := " " + speech.Fold("", text) + " "
	for _, w := range ways {
		if strings.Contains(folded, " "+w+" ") {
			return fmt.Sprintf("the word “%s” may tell the way", w)
		}
	}
	return ""
}

// Taken is what was taken out of a record so that nobody finds a place by it. Why does not repeat it.
type Taken struct {
	Column string
	Why    string // empty: the place itself
}

// takeWays takes out the texts that may tell the way. One text in several languages goes whole: what one language says,
// the others say.
func (s *Service) takeWays() (taken []Taken) {
	tells := func(column string, texts ...string) bool {
		for _, t := range texts {
			if why := wayIn(t); why != "" {
				taken = append(taken, Taken{column, why})
				return true
			}
		}
		return false
	}
	for _, f := range s.said() {
		var texts []string
		for _, t := range *f.words {
			texts = append(texts, t.Text)
		}
		if tells(f.name, texts...) {
			*f.words = nil
		}
	}
	for _, f := range []struct {
		column string
		text   *string
	}{{"asks", &s.Asks}, {"web", &s.Web}, {"hours", &s.Times.Said}} {
		if tells(f.column, *f.text) {
			*f.text = ""
		}
	}
	var phones []Phone
	for i, p := range s.Phones {
		if tells("phone", p.Remark) {
			if phones == nil {
				phones = slices.Clone(s.Phones)
			}
			phones[i].Remark = ""
		}
	}
	if phones != nil {
		s.Phones = phones
	}
	return taken
}

type saying struct {
	name  string
	words *Words
}

// said lists what people may read of a service beside its place, by the name of the column.
func (s *Service) said() []saying {
	return []saying{
		{"name", &s.Name}, {"says", &s.Says}, {"hours", &s.Times.Note}, {"interprets", &s.Interprets}, {"eligibility", &s.Eligibility}, {"cost", &s.Cost.Note},
		{"access", &s.Access}, {"bring", &s.Bring}, {"referral", &s.Referral}, {"remarks", &s.Remarks},
	}
}
