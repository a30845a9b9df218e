package intake

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"amana/bot/directory"
	"amana/bot/speech"
)

// meaning finds what a word of a cell stands for: the whole text, or its first word.
func meaning(table map[string]string, text string) (name string, whole bool) {
	folded := speech.Fold("", text)
	if name, ok := table[folded]; ok {
		return name, true
	}
	begin, _, _ := strings.Cut(folded, " ")
	return table[begin], false
}

// list turns "name: word | word" lines into a table of folded words.
func list(lines map[string]string) map[string]string {
	out := map[string]string{}
	for name, words := range lines {
		out[speech.Fold("", name)] = name
		for w := range strings.SplitSeq(words, "|") {
			out[speech.Fold("", w)] = name
		}
	}
	delete(out, "")
	return out
}

var answers = list(map[string]string{
	"yes": "y | true | 1 | available | x | نعم | متوفر | متاح | oui | disponible | si | হ্যাঁ | আছে",
	"no":  "n | false | 0 | none | not available | لا | غير متوفر | non | aucun | না | নেই",
})

// answer reads yes or no. What follows behind the first word is kept.
func (w *row) answer(field string) directory.Answer {
	i, text := w.of(field), w.value(field)
	if text == "" {
		return ""
	}
	name, whole := meaning(answers, text)
	if name == "" {
		w.keep(i, text)
		w.say(directory.Warning, i, fmt.Sprintf("%q is neither yes nor no, so nothing is said", clip(text)), "write yes or no")
	} else if !whole {
		w.keep(i, text)
	}
	return directory.Answer(name)
}

var costs = list(map[string]string{
	"yes": "free | free of charge | no cost | no fee | مجاني | مجانا | بدون رسوم | gratuit | gratis | gratuito | sin costo | বিনামূল্যে | বিনা মূল্যে | 0",
	"no":  "paid | fee | not free | مدفوع | برسوم | payant | de pago | টাকা লাগে",
})

func (w *row) cost() (c directory.Cost) {
	c.Free = w.answer("free")
	if w.head.own {
		c.Note = w.words("cost")
		return c
	}
	for _, t := range w.words("cost") {
		name, whole := meaning(costs, t.Text)
		if whole && c.Free == "" {
			c.Free = directory.Answer(name)
		} else {
			c.Note = c.Note.Put(t.Lang, t.Text)
		}
	}
	return c
}

var groups = list(map[string]string{
	"women": "woman | female | females | نساء | النساء | femmes | femme | mujeres | mujer | নারী | মহিলা", "girls": "girl | adolescent girls | فتيات | الفتيات | filles | ninas | মেয়ে | কিশোরী",
	"men": "man | male | males | رجال | الرجال | hommes | hombres | পুরুষ", "boys": "boy | adolescent boys | فتيان | أولاد | garcons | ninos varones | ছেলে | কিশোর",
	"children": "child | minors | under 18 | أطفال | الأطفال | enfants | ninos | ninez | ninos y ninas | শিশু", "older": "older people | older persons | elderly | كبار السن | personnes agees | adultos mayores | বয়স্ক",
	"disability": "persons with disabilities | people with disabilities | pwd | disabled | ذوو الإعاقة | ذوي الإعاقة | الأشخاص ذوو الإعاقة | personnes handicapees | personas con discapacidad | প্রতিবন্ধী",
	"lgbtqi":     "lgbt | lgbtqi+ | lgbtiq+ | sogiesc", "survivors": "survivors | gbv survivors | survivor | ناجيات | الناجيات | survivantes | sobrevivientes | সারভাইভার | ভুক্তভোগী",
	"pregnant": "pregnant women | plw | حوامل | الحوامل | femmes enceintes | embarazadas | গর্ভবতী", "refugees": "refugee | لاجئون | اللاجئون | refugies | refugiados | শরণার্থী",
	"displaced": "idps | idp | internally displaced | نازحون | النازحون | deplaces | desplazados | বাস্তুচ্যুত", "returnees": "returnee | عائدون | العائدون | retournes | retornados",
	"hosts": "host community | host communities | المجتمع المضيف | communaute hote | comunidad de acogida | স্থানীয় জনগোষ্ঠী",
	"*":     "all | everyone | everybody | anyone | all groups | general population | الجميع | الكل | tous | todos | toda la poblacion | সবাই | সকলে",
})

func (w *row) groups() (found []string) {
	everybody := false
	for i, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if c.field != "for" || text == "" {
			continue
		}
		unknown := false
		for part := range partsOf(text) {
			name, whole := meaning(groups, part)
			switch {
			case name == "*":
				everybody = true
			case name != "" && whole:
				found = appendNew(found, name)
			default:
				unknown = true
			}
		}
		if unknown {
			w.keep(i, text)
			w.say(directory.Warning, i, fmt.Sprintf("%q is not understood whole, and kept as it stands", clip(text)), "write some of: "+strings.Join(directory.Groups, ", ")+", or all")
			everybody = everybody || len(found) == 0
		}
	}
	if everybody {
		return nil
	}
	return found
}

// partsOf parts a list in one cell.
func partsOf(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;/\n|،؛&", r) }) {
			for _, piece := range strings.Split(strings.TrimSpace(part), " and ") {
				if piece = strings.TrimSpace(piece); piece != "" && !yield(piece) {
					return
				}
			}
		}
	}
}

var tongues = list(map[string]string{
	"en": "english | الإنجليزية | انجليزي | anglais | ingles | ইংরেজি", "ar": "arabic | العربية | عربي | arabe | আরবি", "fr": "french | الفرنسية | francais | frances | ফরাসি",
	"es": "spanish | espanol | castellano | espagnol | الإسبانية", "bn": "bangla | bengali | বাংলা | البنغالية", "rhg": "rohingya | ruaingga | রোহিঙ্গা | الروهينغا", "my": "burmese | myanmar | বর্মি", "ctg": "chittagonian | চাটগাঁইয়া",
	"ha": "hausa | haoussa | الهوسا", "kr": "kanuri | kanouri | الكانوري", "shu": "shuwa arabic | shuwa", "ff": "fulfulde | fula | fulani | peul", "mrt": "marghi | margi", "ckb": "sorani | kurdish sorani | السورانية",
	"kmr": "kurmanji | badini | kurdish | kurdish badini | kurde | الكردية", "so": "somali | الصومالية", "am": "amharic | amarigna", "om": "oromo | afaan oromo", "ti": "tigrinya | tigrigna", "sw": "swahili | kiswahili",
	"pga": "juba arabic | arabi juba", "din": "dinka", "nus": "nuer", "shk": "shilluk", "uk": "ukrainian", "bs": "bosnian | bosanski", "sr": "serbian | srpski", "hr": "croatian | hrvatski", "si": "sinhala | sinhalese", "ta": "tamil",
	"fa": "farsi | persian | الفارسية", "ps": "pashto", "ur": "urdu", "guc": "wayuu | wayuunaiki", "wba": "warao", "tk": "turkmen | التركمانية", "pt": "portuguese", "ru": "russian",
})

// languages reads the languages that a service speaks. A tag is taken as it is.
func (w *row) languages() (tags []string) {
	for i, c := range w.head.columns {
		text := cell(w.cells, c.at)
		if c.field != "languages" || text == "" {
			continue
		}
		for part := range partsOf(text) {
			tag := tongues[speech.Fold("", part)]
			if tag == "" && isTag(part) {
				tag, _ = directory.Tag(part)
			}
			if tag == "" {
				w.keep(i, part)
				w.say(directory.Warning, i, fmt.Sprintf("the language %q is not known, and kept as it stands", clip(part)), "write its tag, such as rhg")
				continue
			}
			tags = appendNew(tags, tag)
		}
	}
	return tags
}

// isTag takes "bn", "rhg" and "kmr-Arab" for tags, and no other words.
func isTag(s string) bool {
	main, _, _ := strings.Cut(s, "-")
	return (len(main) == 2 || len(main) == 3) && strings.Trim(strings.ToLower(main), "abcdefghijklmnopqrstuvwxyz") == ""
}

var visibilities = list(map[string]string{
	"public":        "yes | open | all | عام | علني | publico | পাবলিক",
	"on request":    "request | restricted | عند الطلب | sur demande | a solicitud | অনুরোধে",
	"referrer only": "referrers only | referral only | internal | no | not public | do not share | case workers only | للمحيلين فقط | داخلي | interne | reference uniquement | interno | solo remision | শুধু রেফারেল",
})

// visibility reads to whom a record is shown. What is not understood is refused by the check: nothing is shown to more
// people than was meant.
func (w *row) visibility() directory.Visibility {
	text := w.value("visibility")
	if text == "" {
		return ""
	}
	if name, whole := meaning(visibilities, text); whole {
		if name == "public" {
			return ""
		}
		return directory.Visibility(name)
	}
	return directory.Visibility(text)
}

// confidential hides a place unless the cell clearly says no.
func (w *row) confidential() bool {
	text := w.value("confidential")
	name, _ := meaning(answers, text)
	return text != "" && name != "no"
}

var statuses = list(map[string]string{
	"active": "functional | open | operational | working | نشط | يعمل | مفتوح | actif | fonctionnel | activo | funcional | চালু", "inactive": "not functional | non functional | inactif | inactivo | غير نشط | বন্ধ",
	"defunct": "closed permanently | ended | مغلق نهائيا", "temporarily closed": "closed | suspended | temporarily suspended | paused | مغلق | مغلق مؤقتا | متوقف | ferme | ferme temporairement | suspendu | cerrado | suspendido | সাময়িক বন্ধ",
})

func (w *row) status() directory.Status {
	text := w.value("status")
	if text == "" {
		return ""
	}
	name, whole := meaning(statuses, text)
	switch {
	case !whole:
		return directory.Status(text)
	case name == "active":
		return ""
	}
	return directory.Status(name)
}

func (w *row) email() string {
	i, text := w.of("email"), w.value("email")
	if text == "" {
		return ""
	}
	if w.head.own {
		return text
	}
	name, domain, ok := strings.Cut(text, "@")
	if !ok || name == "" || !strings.Contains(domain, ".") || strings.ContainsAny(text, " ,;<>\n") {
		w.keep(i, text)
		w.say(directory.Warning, i, "it is not one e-mail address", "write one, such as help@example.org")
		return ""
	}
	return text
}

func (w *row) age(field string) int {
	i, text := w.of(field), w.value(field)
	if text == "" {
		return 0
	}
	text = strings.TrimSpace(strings.TrimSuffix(speech.Digits(text), "+"))
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 150 {
		w.keep(i, text)
		w.say(directory.Warning, i, "it is no age", "write years as a number")
		return 0
	}
	return n
}

func (w *row) point() *directory.Point {
	lat, lon := w.value("lat"), w.value("lon")
	if lat == "" && lon == "" {
		return nil
	}
	p, okLat, okLon := directory.Point{}, false, false
	p.Lat, okLat = degrees(lat)
	p.Lon, okLon = degrees(lon)
	if !okLat || !okLon {
		for _, f := range []string{"lat", "lon"} {
			if i := w.of(f); i >= 0 && w.value(f) != "" {
				w.keep(i, w.value(f))
			}
		}
		w.say(directory.Warning, max(w.of("lat"), w.of("lon")), "the point on the map cannot be read", "write degrees with a decimal point in two columns")
		return nil
	}
	return &p
}

func degrees(s string) (float64, bool) {
	s = strings.TrimSuffix(strings.TrimSpace(speech.Digits(s)), "°")
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	if strings.Trim(s, "+-.0123456789") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// date reads a day. One that two countries read as two days is not read.
func (w *row) date(field string) directory.Date {
	i, text := w.of(field), w.value(field)
	if text == "" {
		return ""
	}
	if d, ok := readDate(text, w.Since); ok {
		return d
	}
	w.keep(i, text)
	w.say(directory.Warning, i, fmt.Sprintf("%q may be more than one day, or none", clip(text)), "write YYYY-MM-DD")
	return ""
}

func readDate(text string, since int) (directory.Date, bool) {
	text = strings.TrimSpace(speech.Digits(text))
	if word := strings.IndexFunc(text, unicode.IsLetter); word >= 0 {
		text = englishMonth(text)
	}
	for _, form := range []string{time.DateOnly, "2006/1/2", "2006-1-2", "2.1.2006", "2 Jan 2006", "2-Jan-2006", "2 January 2006", "January 2, 2006", "Jan 2, 2006", time.RFC3339, "2006-01-02 15:04:05"} {
		if t, err := time.Parse(form, text); err == nil && t.Year() >= 1970 && t.Year() < 3000 {
			return directory.DateOf(t), true
		}
	}
	// The number of a day in a workbook, with the time of the day behind the point.
	if whole, _, _ := strings.Cut(text, "."); len(whole) == 5 && strings.Trim(text, ".0123456789") == "" {
		if n, err := strconv.Atoi(whole); err == nil && n+since >= 25569 {
			return directory.DateOf(time.Date(1899, 12, 30+n+since, 0, 0, 0, 0, time.UTC)), true
		}
	}
	var a, b, y int
	for _, sep := range []string{"/", "-"} {
		parts := strings.Split(text, sep)
		if len(parts) != 3 || len(parts[2]) != 4 {
			continue
		}
		var e1, e2, e3 error
		a, e1 = strconv.Atoi(parts[0])
		b, e2 = strconv.Atoi(parts[1])
		y, e3 = strconv.Atoi(parts[2])
		if e1 != nil || e2 != nil || e3 != nil {
			return "", false
		}
		switch {
		case a > 12 && b <= 12 || a == b:
		case b > 12 && a <= 12:
			a, b = b, a
		default:
			return "", false
		}
		t := time.Date(y, time.Month(b), a, 0, 0, 0, 0, time.UTC)
		return directory.DateOf(t), t.Day() == a && y >= 1970 && y < 3000
	}
	return "", false
}

// months are those of the languages of the sheets, by the beginning of their names, folded.
var months = func() map[string]string {
	out := map[string]string{}
	for month, words := range map[string]string{
		"Jan": "janv janvier enero ene يناير জানুয়ারি", "Feb": "fevr fevrier febrero فبراير ফেব্রুয়ারি", "Mar": "mars marzo مارس মার্চ", "Apr": "avr avril abril abr أبريل إبريل এপ্রিল",
		"May": "mai mayo مايو মে", "Jun": "juin junio يونيو জুন", "Jul": "juil juillet julio يوليو জুলাই", "Aug": "aout agosto ago أغسطس আগস্ট", "Sep": "sept septembre septiembre setiembre سبتمبر সেপ্টেম্বর",
		"Oct": "octobre octubre أكتوبر অক্টোবর", "Nov": "novembre noviembre نوفمبر নভেম্বর", "Dec": "decembre diciembre dic ديسمبر ডিসেম্বর",
	} {
		for _, w := range strings.Fields(words) {
			out[speech.Fold("", w)] = month
		}
		out[strings.ToLower(month)] = month // with a stop behind it
	}
	return out
}()

// englishMonth writes a date of three words, such as "2 nov. 2026" or "2 de noviembre de 2026", with the month in English.
func englishMonth(text string) string {
	var words []string
	for _, w := range strings.Fields(text) {
		folded := speech.Fold("", w)
		if month, ok := months[folded]; ok {
			w = month
		} else if folded == "de" || folded == "del" {
			continue
		}
		if w == "1er" {
			w = "1"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
