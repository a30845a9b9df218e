package hours

import (
	"strings"
	"time"

	"amana/bot/speech"
)

// kind is what a word of written hours stands for.
type kind int

const (
	unknown kind = iota
	filler       // says nothing: "from", "open", "hours"
	dayName
	every
	holiday
	closed
	to
	and
	morning // am, in front of a time or behind it
	later   // pm
	wholeDay
	number // a time
	end    // of a rule
)

// token is one word, with the day or the minutes that it means.
type token struct {
	kind    kind
	day     time.Weekday
	minutes int
	bare    bool // a number without minutes, or below ten without a zero in front: "9", "4:00"
}

// vocabulary lists the words in the languages of the sheets, as they are written; they are folded before use.
var vocabulary = func() map[string]token {
	days := [7]string{
		"sun sunday su dim dimanche domingo dom الأحد احد রবি রবিবার",
		"mon monday mo lun lundi lunes الاثنين الإثنين اثنين সোম সোমবার",
		"tue tues tuesday tu mar mardi martes الثلاثاء ثلاثاء মঙ্গল মঙ্গলবার",
		"wed weds wednesday we mer mercredi mie miercoles الأربعاء اربعاء বুধ বুধবার",
		"thu thur thurs thursday th jeu jeudi jue jueves الخميس خميس বৃহস্পতি বৃহস্পতিবার",
		"fri friday fr ven vendredi vie viernes الجمعة جمعة শুক্র শুক্রবার",
		"sat saturday sa sam samedi sab sabado السبت سبت শনি শনিবার",
	}
	others := map[kind]string{
		every:   "daily every everyday tous toutes todos يوميا كل প্রতিদিন",
		holiday: "ph holiday holidays feries festivos العطل العطلات",
		closed:  "closed off ferme cerrado مغلق বন্ধ",
		to:      "to till until through à au a al hasta إلى حتى থেকে",
		and:     "and et y و এবং ও",
		morning: "am ص صباحا সকাল",
		later:   "pm م مساء ظهرا বিকাল বিকেল",
		filler:  "from open day days public jours jour les los las dias dia de du le ouvert abierto h hs hrs hours hour heures horas uhr من أيام ايام يوم الساعة টা টায় খোলা oclock",
	}
	all := map[string]token{}
	for w, words := range days {
		for _, word := range strings.Fields(words) {
			all[speech.Fold("", word)] = token{kind: dayName, day: time.Weekday(w)}
		}
	}
	for k, words := range others {
		for _, word := range strings.Fields(words) {
			all[speech.Fold("", word)] = token{kind: k}
		}
	}
	return all
}()

// around are whole cells that say day and night, folded.
var around = func() map[string]bool {
	all := map[string]bool{}
	for _, text := range []string{
		"day and night", "around the clock", "round the clock", "all day and night", "always", "always open",
		"ليلا ونهارا", "ليل نهار", "على مدار الساعة", "طوال اليوم والليل", "على مدار اليوم", "دائما",
		"jour et nuit", "toujours ouvert", "en permanence", "día y noche", "de día y de noche", "las 24 horas", "las veinticuatro horas", "siempre", "todo el día y toda la noche",
		"দিন রাত", "দিনরাত", "সবসময়", "সব সময়", "সার্বক্ষণিক",
	} {
		all[speech.Fold("", text)] = true
	}
	return all
}()

// ramadan are the beginnings of the words for the month of fasting, folded.
var ramadan = []string{"ramad", "ramaz", "ramz", speech.Fold("", "رمضان"), speech.Fold("", "রমজান"), speech.Fold("", "রমযান")}
