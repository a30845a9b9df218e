package intake

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"amana/bot/directory"
	"amana/bot/speech"
)

// fieldLevel is a column with the area of one level: adm0 to adm9.
const fieldLevel = "adm"

// isText are the fields that are said in a language, so that there may be one column for each.
var isText = map[string]bool{
	"name": true, "says": true, "place": true, "address": true, "interprets": true, "eligibility": true, "cost": true, "access": true, "bring": true,
	"referral": true, "remarks": true, "organisation": true, "hours_note": true, "area_name": true,
}

// headers are the fields with what sheets write above them, in the languages of the sheets. They are folded before use,
// and the longest that stands in a header counts.
var headers = map[string]string{
	"id":              "id | service id | record id | identifier | رقم الخدمة | identifiant | identificador | আইডি",
	"organisation":    "organisation | organization | organisation name | organization name | agency | ngo | provider | service provider | implementing partner | partner | actor | who | المنظمة | منظمة | الجهة | مقدم الخدمة | الجهة المقدمة | organisme | prestataire | prestataire de service | ong | organizacion | entidad | proveedor | prestador | সংস্থা | প্রতিষ্ঠান | সেবাদানকারী",
	"organisation_id": "organisation id | organization id | agency id | org id",
	"acronym":         "acronym | organisation acronym | sigle | sigla | الاختصار",
	"name":            "service name | name of service | name of the service | programme | program | اسم الخدمة | nom du service | nombre del servicio | সেবার নাম",
	"says":            "service description | description | services offered | services provided | what | details of services | وصف الخدمة | الوصف | description du service | services offerts | descripcion | descripcion del servicio | servicios ofrecidos | সেবার বিবরণ",
	"kind":            "kind | type | service type | type of service | kind of service | service | sector | subsector | sub sector | category | نوع الخدمة | القطاع | الخدمة | قطاع | type de service | secteur | tipo de servicio | servicio | sector | tipo | সেবার ধরন | সেবা | খাত",
	"area":            "area | location | where | camp | site | settlement | camp site | coverage | coverage area | المنطقة | الموقع | المخيم | مخيم | zone | lieu | localite | camp | zone de couverture | lugar | ubicacion | campamento | এলাকা | ক্যাম্প | স্থান",
	"place":           "facility | facility name | name of facility | health facility | centre | center | venue | المرفق | اسم المرفق | المركز | structure | nom de la structure | etablissement | centro | establecimiento | কেন্দ্র | প্রতিষ্ঠানের নাম",
	"address":         "address | physical address | landmark | directions | street | العنوان | عنوان | adresse | point de repere | direccion | punto de referencia | ঠিকানা",
	"lat":             "lat | latitude | y | gps lat | خط العرض | latitud | অক্ষাংশ",
	"lon":             "lon | long | lng | longitude | x | gps lon | خط الطول | longitud | দ্রাঘিমাংশ",
	"phone":           "phone | phone number | phones | telephone | tel | mobile | contact number | contact | contacts | alternate phone | alternative number | phone 2 | phone 1 | hotline number | الهاتف | رقم الهاتف | هاتف | رقم الاتصال | جوال | telephone | numero de telephone | contact telephonique | telefono | numero de telefono | celular | contacto | ফোন | ফোন নম্বর | মোবাইল | যোগাযোগ",
	"whatsapp":        "whatsapp | whatsapp number | واتساب | رقم الواتساب | হোয়াটসঅ্যাপ",
	"email":           "email | e mail | mail | email address | البريد الإلكتروني | بريد الكتروني | courriel | adresse mail | correo | correo electronico | ইমেইল",
	"web":             "web | website | url | link | الموقع الإلكتروني | الموقع الالكتروني | site web | sitio web | pagina web | ওয়েবসাইট",
	"asks":            "role | title | position | contact title | focal point title | focal point role | ask for | الصفة | المسمى الوظيفي | fonction | poste du contact | cargo | puesto | পদবি",
	"person":          "focal point | focal point name | contact person | contact name | name of focal point | name of contact | اسم نقطة الاتصال | نقطة الاتصال | الشخص المسؤول | point focal | personne de contact | nom du point focal | punto focal | persona de contacto | ফোকাল পয়েন্ট | যোগাযোগ ব্যক্তি",
	"hours":           "hours | opening hours | working hours | times | days and hours | days hours | schedule | availability | opening times | ساعات العمل | أوقات العمل | الدوام | اوقات الدوام | horaires | heures d'ouverture | horaire | jours et heures | horario | horarios | horario de atencion | সময়সূচি | খোলার সময় | সময়",
	"hours_note":      "ramadan hours | hours note | ساعات رمضان | horaires ramadan | horario de ramadan | রমজানের সময়",
	"zone":            "time zone | timezone | fuseau horaire | zona horaria",
	"for":             "target group | target groups | target population | beneficiaries | for whom | population group | الفئة المستهدفة | المستفيدون | الفئات المستهدفة | groupe cible | public cible | beneficiaires | poblacion objetivo | grupo meta | beneficiarios | লক্ষ্য গোষ্ঠী | উপকারভোগী",
	"min_age":         "min age | minimum age | age from | age minimum | edad minima | أقل عمر | সর্বনিম্ন বয়স",
	"max_age":         "max age | maximum age | age to | age maximum | edad maxima | أكبر عمر | সর্বোচ্চ বয়স",
	"eligibility":     "eligibility | eligibility criteria | criteria | شروط الأهلية | معايير الأهلية | criteres d'eligibilite | eligibilite | criterios de elegibilidad | requisitos de acceso | যোগ্যতা",
	"cost":            "cost | cost free | free cost | fee | fees | price | التكلفة | الرسوم | cout | frais | tarif | costo | coste | tarifa | খরচ | ফি",
	"free":            "free | free of charge | is free | مجاني | gratuit | gratuito | বিনামূল্যে",
	"languages":       "language | languages | languages spoken | اللغة | اللغات | langue | langues | langues parlees | idioma | idiomas | ভাষা",
	"interprets":      "interpretation | interpretation services | interpreter | الترجمة | ترجمة فورية | interpretation | interprete | interpretacion | দোভাষী",
	"access":          "accessibility | access for persons with disabilities | disability access | wheelchair | إمكانية الوصول | الوصول لذوي الإعاقة | accessibilite | accesibilidad | প্রবেশগম্যতা",
	"women":           "female staff | women staff | woman staff | female officers | women officers | female provider | كادر نسائي | موظفات | طاقم نسائي | personnel feminin | personnel femme | personal femenino | নারী কর্মী",
	"bring":           "bring | what to bring | documents | required documents | documents needed | documents required | الوثائق المطلوبة | المستندات المطلوبة | documents requis | documents necessaires | pieces a fournir | documentos requeridos | documentos necesarios | প্রয়োজনীয় কাগজপত্র",
	"referral":        "referral | referral route | referral process | how to refer | how to access | application process | access procedure | طريقة الإحالة | آلية الإحالة | الإحالة | modalite de referencement | referencement | voie de reference | ruta de remision | remision | como acceder | রেফারেল | রেফারেল প্রক্রিয়া",
	"deadline":        "deadline | application deadline | الموعد النهائي | date limite | fecha limite | শেষ তারিখ",
	"remarks":         "remarks | remark | comments | comment | notes | note | observations | ملاحظات | remarques | commentaires | observaciones | comentarios | মন্তব্য",
	"visibility":      "visibility | sharing | can be shared | publication | الظهور | visibilite | visibilidad | দৃশ্যমানতা",
	"confidential":    "confidential | confidential location | hidden location | موقع سري | سري | lieu confidentiel | confidentiel | lugar confidencial | confidencial | গোপন",
	"status":          "status | service status | functional | functionality | الحالة | حالة الخدمة | statut | অবস্থা",
	"source":          "source | data source | المصدر | fuente | উৎস",
	"verified_on":     "verified on | verified | last verified | updated on | last update | last updated | update date | date of update | date verified | تاريخ التحديث | آخر تحديث | تاريخ التحقق | date de mise a jour | mis a jour le | derniere mise a jour | verifie le | fecha de actualizacion | ultima actualizacion | verificado el | হালনাগাদের তারিখ | যাচাইয়ের তারিখ",
	"verified_by":     "verified by | updated by | تم التحقق من قبل | verifie par | mis a jour par | verificado por | actualizado por | যাচাইকারী",
	"valid_until":     "valid until | valid to | expires | expiry | expiry date | end date | صالح حتى | تاريخ الانتهاء | valable jusqu'au | date de fin | valido hasta | fecha de fin | মেয়াদ",
	"parent":          "parent | parent id | parent code | parent area | parent pcode | المنطقة الأم | zone parente | area superior",
	"code":            "code | pcode | p code | area code | area pcode | area id | رمز | الرمز | codigo | কোড",
	"area_name":       "area name | اسم المنطقة | nom de la zone | nombre del area | এলাকার নাম",
	"level":           "level | admin level | المستوى | niveau | nivel | স্তর",
	"open":            "", // from here on what our own sheets alone have
	"phone_ext":       "",
	"phone_use":       "",
	"phone_remark":    "",
	"place_id":        "",
	"group":           "",
	"others":          "",
}

// levels are names of administrative levels. Below the numbered ones lie camps, which are a column of their own.
var levels = map[string]int{
	"country": 0, "البلد": 0, "الدولة": 0, "pays": 0, "pais": 0, "দেশ": 0,
	"state": 1, "governorate": 1, "province": 1, "region": 1, "division": 1, "المحافظة": 1, "الولاية": 1, "ولاية": 1, "محافظة": 1, "departement": 1, "departamento": 1, "বিভাগ": 1,
	"lga": 2, "district": 2, "county": 2, "المديرية": 2, "المحلية": 2, "القضاء": 2, "cercle": 2, "municipio": 2, "জেলা": 2,
	"ward": 3, "payam": 3, "upazila": 3, "sub district": 3, "subdistrict": 3, "الناحية": 3, "commune": 3, "vereda": 3, "উপজেলা": 3,
	"union": 4, "boma": 4, "block": 6, "البلوك": 6, "bloc": 6, "ব্লক": 6,
}

// parseField reads the name of a field as a mapping writes it: "remarks", "remarks.ar", "adm1", "adm1_code", "-".
func parseField(s string) (c column, ok bool) {
	if s == leftOut {
		return column{field: leftOut}, true
	}
	name, lang, said := strings.Cut(s, ".")
	if level, isLevel := strings.CutPrefix(name, "adm"); isLevel && name != "adm" {
		level, c.code = strings.CutSuffix(level, "_code")
		n, err := strconv.Atoi(level)
		c.field, c.level, c.lang = fieldLevel, n, lang
		return c, err == nil && n >= 0 && n < 10
	}
	if _, known := headers[name]; !known || said && (!isText[name] || lang == "") {
		return column{}, false
	}
	if tag, ok := directory.Tag(lang); ok {
		lang = tag
	}
	return column{field: name, lang: lang}, true
}

func fieldNames() []string { return slices.Sorted(maps.Keys(headers)) }

// lexicon finds fields by headers.
type lexicon struct {
	fields map[string]string // folded header → field
	levels map[string]int
	longer []string // folded headers of more than one letter, each between spaces, the longest first
}

// theLexicon is made once: what is in it never changes, and a mission reads its sheets again and again.
var theLexicon = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	l := &lexicon{fields: map[string]string{}, levels: map[string]int{}}
	for _, field := range fieldNames() {
		for word := range strings.SplitSeq(headers[field], "|") {
			if folded := speech.Fold("", word); folded != "" {
				l.fields[folded] = field
			}
		}
	}
	for word, n := range levels {
		l.levels[speech.Fold("", word)] = n
	}
	for word := range l.fields {
		if len([]rune(word)) > 2 {
			l.longer = append(l.longer, " "+word+" ")
		}
	}
	for word := range l.levels {
		l.longer = append(l.longer, " "+word+" ")
	}
	slices.SortFunc(l.longer, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return l
}

// column guesses what a header means.
func (l *lexicon) column(label string) (c column) {
	if c, ok := readCOD(label); ok {
		return c
	}
	bare, lang := language(label)
	bare, _, _ = strings.Cut(bare, "(") // what stands in brackets explains
	folded := speech.Fold("", bare)
	if c, ok := l.exact(folded); ok {
		c.lang = lang
		return c
	}
	// The longest known words that stand in it; two that mean different things leave it unknown.
	left, found := " "+folded+" ", column{}
	for _, word := range l.longer {
		if !strings.Contains(left, word) {
			continue
		}
		left = strings.ReplaceAll(left, word, "  ")
		one, _ := l.exact(strings.TrimSpace(word))
		if found.field != "" && found != one {
			return column{}
		}
		found = one
	}
	if found.field != "" {
		found.lang = lang
	}
	return found
}

func (l *lexicon) exact(folded string) (c column, ok bool) {
	if n, ok := l.levels[folded]; ok {
		return column{field: fieldLevel, level: n}, true
	}
	for _, suffix := range []string{" code", " pcode", " p code"} {
		if name, has := strings.CutSuffix(folded, suffix); has {
			if n, ok := l.levels[name]; ok {
				return column{field: fieldLevel, level: n, code: true}, true
			}
		}
	}
	field, ok := l.fields[folded]
	return column{field: field}, ok
}

// readCOD reads the headers of a list of areas in the shape of the common operational datasets: ADM1_EN, ADM1_PCODE.
func readCOD(label string) (c column, ok bool) {
	s := strings.ToLower(strings.TrimSpace(label))
	rest, ok := strings.CutPrefix(s, "adm")
	if !ok {
		return c, false
	}
	rest = strings.TrimPrefix(rest, "in")
	rest = strings.TrimLeft(rest, " _")
	if rest == "" || rest[0] < '0' || rest[0] > '9' {
		return c, false
	}
	c = column{field: fieldLevel, level: int(rest[0] - '0')}
	switch what := strings.Trim(rest[1:], " _"); {
	case what == "pcode" || what == "code" || what == "pcod":
		c.code = true
	case what == "name" || what == "":
	case what == "ref" || strings.HasPrefix(what, "alt"):
		return column{}, true // other spellings are kept as they are
	case len(what) == 2 || len(what) == 3:
		c.lang = what
	default:
		return column{}, true
	}
	return c, true
}

// language takes the language out of a header: "Remarks (ar)", "Remarks::Arabic (ar)", "remarks_ar", "Remarks [fr]".
func language(label string) (bare, lang string) {
	label = strings.TrimSpace(label)
	for _, pair := range []string{"()", "[]"} {
		if open := strings.LastIndexByte(label, pair[0]); open > 0 && strings.HasSuffix(label, pair[1:]) {
			if tag := strings.ToLower(strings.TrimSpace(label[open+1 : len(label)-1])); shipped[tag] {
				bare, _, _ = strings.Cut(label[:open], "::")
				return bare, tag
			}
		}
	}
	for _, sep := range []string{"_", ".", "@"} {
		if at := strings.LastIndex(label, sep); at > 0 && shipped[strings.ToLower(label[at+1:])] {
			return label[:at], strings.ToLower(label[at+1:])
		}
	}
	return label, ""
}

// shipped are the tags that mark a language in a header; other two-letter endings mean something else.
var shipped = map[string]bool{
	"en": true, "ar": true, "fr": true, "es": true, "bn": true, "so": true, "ha": true, "sw": true, "am": true, "om": true, "ti": true, "ku": true, "ckb": true, "kmr": true,
	"my": true, "rhg": true, "ps": true, "fa": true, "ur": true, "uk": true, "bs": true, "sr": true, "hr": true, "si": true, "ta": true, "pt": true, "ff": true, "kr": true, "pga": true,
}
