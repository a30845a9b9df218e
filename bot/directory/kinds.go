package directory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"amana/bot/speech"
)

// Kind is a kind of service in the sector's words.
type Kind struct {
	Name   string   // as it stands in records, flows and routes
	Title  string   // for operators
	Hidden bool     // its place is never shown
	Words  []string // what sheets write, in any language; compared folded
}

// Kinds is the list that a mission knows.
type Kinds struct {
	all    []Kind
	byName map[string]int
	byWord map[string]int
	words  []string // the words of byWord with more than two letters, the longest first
	hidden []string // those of kinds whose place is never shown
}

// Standard lists the kinds that every mission knows.
func Standard() []Kind {
	return []Kind{
		{"cmr", "clinical management of rape", false, []string{"cmr", "clinical management of rape", "clinical care for sexual assault survivors", "health/cmr", "post rape care", "pep", "الرعاية السريرية للناجيات", "الرعاية السريرية لضحايا الاغتصاب", "prise en charge clinique du viol", "pcv", "manejo clinico de la violacion", "ধর্ষণের চিকিৎসা"}},
		{"health", "health care", false, []string{"health", "health care", "medical", "clinic", "hospital", "health post", "primary health care", "صحة", "الصحة", "خدمات صحية", "sante", "soins de sante", "medicale", "salud", "atencion medica", "স্বাস্থ্য", "স্বাস্থ্যসেবা"}},
		{"mhpss", "mental health and psychosocial support", false, []string{"mhpss", "pss", "mhpss/pss", "mental health", "psychosocial", "psychosocial support", "mental health and psychosocial support", "دعم نفسي", "الدعم النفسي الاجتماعي", "الدعم النفسي", "smsps", "soutien psychosocial", "sante mentale", "apoyo psicosocial", "salud mental", "মনোসামাজিক সহায়তা", "মানসিক স্বাস্থ্য"}},
		{"pfa", "psychological first aid", false, []string{"pfa", "psychological first aid", "الإسعافات النفسية الأولية", "premiers secours psychologiques", "primeros auxilios psicologicos", "মনস্তাত্ত্বিক প্রাথমিক চিকিৎসা"}},
		{"case_gbv", "case management, gender-based violence", false, []string{"case management", "gbv case management", "gbv", "إدارة الحالات", "ادارة حالات العنف القائم على النوع الاجتماعي", "gestion de cas", "gestion de cas vbg", "vbg", "violences basees sur le genre", "العنف القائم على النوع الاجتماعي", "violencia basada en genero", "violencia de genero", "লিঙ্গভিত্তিক সহিংসতা", "gestion de casos", "gestion de casos vbg", "কেস ম্যানেজমেন্ট"}},
		{"case_child", "case management, child protection", false, []string{"child protection", "cp case management", "child protection case management", "cp", "حماية الطفل", "protection de l'enfance", "proteccion de la infancia", "শিশু সুরক্ষা"}},
		{"shelter", "safe shelter", true, []string{"safe shelter", "safe house", "safehouse", "shelter", "safe space overnight", "safety/shelter", "women's shelter", "مأوى", "مأوى آمن", "دار إيواء", "بيت آمن", "hebergement", "abri sur", "maison d'accueil", "hebergement d'urgence", "refugio", "casa de acogida", "albergue", "casa refugio", "আশ্রয়কেন্দ্র", "নিরাপদ আশ্রয়"}},
		{"legal", "legal aid", false, []string{"legal", "legal aid", "legal assistance", "مساعدة قانونية", "المساعدة القانونية", "قانوني", "aide juridique", "assistance juridique", "juridique", "asistencia legal", "asesoria juridica", "ayuda legal", "আইনি সহায়তা"}},
		{"justice", "transitional justice", false, []string{"transitional justice", "truth commission", "العدالة الانتقالية", "justice transitionnelle", "justicia transicional", "ক্রান্তিকালীন বিচার"}},
		{"reparations", "reparations", false, []string{"reparations", "reparation", "remedy", "compensation", "جبر الضرر", "التعويضات", "reparacion", "reparaciones", "indemnisation", "ক্ষতিপূরণ"}},
		{"police", "police and law enforcement", false, []string{"police", "law enforcement", "security", "women police", "الشرطة", "شرطة", "gendarmerie", "policia", "পুলিশ"}},
		{"oversight", "oversight of security forces", false, []string{"oversight", "police oversight", "police complaints", "ombudsman", "human rights commission", "أمين المظالم", "mediateur", "defensor del pueblo", "defensoria", "ন্যায়পাল"}},
		{"trafficking", "anti-trafficking", false, []string{"anti-trafficking", "anti trafficking", "trafficking", "tip", "counter trafficking", "مكافحة الاتجار بالبشر", "lutte contre la traite", "traite", "trata de personas", "trata", "মানব পাচার প্রতিরোধ"}},
		{"livelihoods", "livelihoods and life skills", false, []string{"livelihood", "livelihoods", "life skills", "vocational training", "income generation", "سبل العيش", "سبل كسب العيش", "moyens de subsistance", "agr", "medios de vida", "জীবিকা"}},
		{"education", "education", false, []string{"education", "school", "learning centre", "التعليم", "تعليم", "ecole", "educacion", "escuela", "শিক্ষা"}},
		{"cash", "cash assistance", false, []string{"cash", "cash assistance", "cva", "voucher", "مساعدات نقدية", "المساعدة النقدية", "transferts monetaires", "aide en especes", "efectivo", "transferencias monetarias", "নগদ সহায়তা"}},
		{"distribution", "aid distribution", false, []string{"distribution", "aid distribution", "food", "food distribution", "nfi", "توزيع", "التوزيع", "distribution alimentaire", "distribucion", "বিতরণ", "ত্রাণ বিতরণ"}},
		{"registration", "registration and documents", false, []string{"registration", "documentation", "civil documentation", "تسجيل", "التسجيل", "enregistrement", "etat civil", "registro", "documentacion", "নিবন্ধন"}},
		{"water", "water committee", false, []string{"water", "wash", "water committee", "water and land committee", "لجنة المياه", "المياه", "comite d'eau", "eau", "comite de agua", "agua", "পানি কমিটি"}},
		{"governance", "camp governance", false, []string{"camp governance", "cccm", "camp management", "camp committee", "site management", "إدارة المخيم", "لجنة المخيم", "gestion du camp", "comite de camp", "gestion del campamento", "ক্যাম্প ব্যবস্থাপনা"}},
		{"participation", "women's participation", false, []string{"participation", "women's committee", "women's participation", "مشاركة المرأة", "لجنة النساء", "participation des femmes", "participacion de las mujeres", "নারী কমিটি"}},
		{"hotline", "hotline", false, []string{"hotline", "helpline", "toll free line", "خط ساخن", "الخط الساخن", "ligne verte", "numero vert", "linea de ayuda", "linea directa", "হটলাইন"}},
	}
}

var isKind = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,23}$`)

// NewKinds puts the kinds of a mission beside the standard ones. One of the same name takes its place, but a kind that
// is hidden stays so. Its error says which name or word is wrong.
func NewKinds(own ...Kind) (*Kinds, error) {
	k := &Kinds{byName: map[string]int{}, byWord: map[string]int{}}
	for _, kind := range append(Standard(), own...) {
		if !isKind.MatchString(kind.Name) {
			return nil, fmt.Errorf("the kind of service %q cannot be used; write it with a-z, 0-9 and _, at most 24 characters", kind.Name)
		}
		if at, known := k.byName[kind.Name]; known {
			kind.Hidden = kind.Hidden || k.all[at].Hidden
			kind.Words = append(slices.Clone(k.all[at].Words), kind.Words...)
			k.all[at] = kind
			continue
		}
		k.byName[kind.Name] = len(k.all)
		k.all = append(k.all, kind)
	}
	for i, kind := range k.all {
		for _, word := range append([]string{kind.Name, kind.Title}, kind.Words...) {
			folded := speech.Fold("", word)
			if at, taken := k.byWord[folded]; taken && at != i {
				return nil, fmt.Errorf("the word %q stands for two kinds of service, %s and %s; give it to one", word, k.all[at].Name, kind.Name)
			}
			if folded != "" {
				k.byWord[folded] = i
			}
		}
	}
	for word, at := range k.byWord {
		if k.all[at].Hidden {
			k.hidden = append(k.hidden, word)
		}
		if len(word) > 2 {
			k.words = append(k.words, word)
		}
	}
	slices.SortFunc(k.words, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return k, nil
}

// All lists the kinds in their order.
func (k *Kinds) All() []Kind { return slices.Clone(k.all) }

// Kind gives a kind by its name.
func (k *Kinds) Kind(name string) (Kind, bool) {
	at, ok := k.byName[name]
	if !ok {
		return Kind{}, false
	}
	return k.all[at], true
}

// Read gives the kind that a text of a sheet stands for: the whole text, or the longest known words in it where all
// that are found mean one kind.
func (k *Kinds) Read(text string) (name string, ok bool) {
	folded := speech.Fold("", text)
	if at, ok := k.byWord[folded]; ok {
		return k.all[at].Name, true
	}
	left, found := " "+folded+" ", -1
	for _, word := range k.words {
		at := k.byWord[word]
		if !strings.Contains(left, " "+word+" ") {
			continue
		}
		left = strings.ReplaceAll(left, " "+word+" ", "  ")
		if found >= 0 && found != at {
			return "", false
		}
		found = at
	}
	if found < 0 {
		return "", false
	}
	return k.all[found].Name, true
}

// Hides says that a text speaks of a kind whose place is never shown, even where its kind is not clear: a cell that
// names a safe house among other things hides the place as well.
func (k *Kinds) Hides(text string) bool {
	folded := " " + speech.Fold("", text) + " "
	for _, word := range k.hidden {
		if strings.Contains(folded, " "+word+" ") {
			return true
		}
	}
	return false
}
