package hours

import (
	"fmt"
	"strings"
	"unicode"

	"amana/bot/speech"
)

// Written is what was read out of a cell.
type Written struct {
	Hours   Hours
	Note    string   // what stands beside the hours: a remark in brackets, the hours of Ramadan
	Assumed []string // what had to be assumed, for whoever imports
}

// Read reads hours as people write them, in the strict notation or in words. Its error says what is not understood; the
// cell is then kept as a text, and nothing is said of open or closed.
func Read(s string) (w Written, err error) {
	if len(s) > longest {
		return w, fmt.Errorf("opening hours of %d bytes; write at most %d", len(s), longest)
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // direction marks: they are not seen
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
	s, w.Note = aside(s)
	if h, err := Parse(s); err == nil {
		w.Hours = h
		return w, nil
	}
	if around[speech.Fold("", s)] {
		w.Hours, err = Parse("24/7")
		return w, err
	}
	tokens, err := lex(s)
	if err != nil {
		return w, err
	}
	r := reader{tokens: tokens}
	if err := r.read(); err != nil {
		return w, err
	}
	w.Hours, w.Assumed = Hours{r.rules}, r.assumed
	// What has been put together from words must stand in the notation as well, or it would not be read again.
	if _, err := Parse(w.Hours.String()); err != nil {
		return Written{Note: w.Note}, err
	}
	return w, nil
}

// aside takes out what stands in brackets or quotation marks, and what speaks of Ramadan.
func aside(s string) (hours, note string) {
	var out, notes []string
	var inside strings.Builder
	var plain strings.Builder
	closing := rune(0)
	for _, r := range s {
		switch {
		case closing != 0 && r == closing:
			notes = append(notes, strings.TrimSpace(inside.String()))
			inside.Reset()
			closing = 0
		case closing != 0:
			inside.WriteRune(r)
		case r == '(' || r == '（' || r == '[' || r == '"':
			closing = map[rune]rune{'(': ')', '（': '）', '[': ']', '"': '"'}[r]
		default:
			plain.WriteRune(r)
		}
	}
	plain.WriteString(inside.String()) // a bracket that never ends is no note
	for part := range strings.SplitSeq(plain.String(), ";") {
		part = strings.TrimSpace(part)
		before, month := fasting(part)
		if month != "" {
			notes = append(notes, month)
		}
		if before != "" {
			out = append(out, before)
		}
	}
	return strings.Join(out, "; "), strings.Join(notes, "; ")
}

// fasting parts what is said of an ordinary day from what follows on Ramadan.
func fasting(s string) (before, month string) {
	for i := 0; i < len(s); {
		n := strings.IndexFunc(s[i:], unicode.IsLetter)
		if n < 0 {
			break
		}
		i += n
		length := strings.IndexFunc(s[i:], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		if length < 0 {
			length = len(s) - i
		}
		word := speech.Fold("", s[i:i+length])
		for _, begins := range ramadan {
			if strings.HasPrefix(word, begins) {
				return strings.TrimRight(strings.TrimSpace(s[:i]), ",.-/ "), strings.TrimSpace(s[i:])
			}
		}
		i += length
	}
	return s, ""
}

// reader puts tokens together to rules.
type reader struct {
	tokens  []token
	rules   []rule
	assumed []string
}

func (r *reader) peek() kind {
	if len(r.tokens) == 0 {
		return end
	}
	return r.tokens[0].kind
}

func (r *reader) next() token {
	t := r.tokens[0]
	r.tokens = r.tokens[1:]
	return t
}

func (r *reader) skip(k kind) (skipped bool) {
	for len(r.tokens) > 0 && r.tokens[0].kind == k {
		r.next()
		skipped = true
	}
	return skipped
}

func (r *reader) assume(format string, args ...any) {
	r.assumed = append(r.assumed, fmt.Sprintf(format, args...))
}

func (r *reader) read() error {
	for r.skip(end); len(r.tokens) > 0; r.skip(end) {
		var one rule
		if err := r.days(&one); err != nil {
			return err
		}
		if err := r.spans(&one); err != nil {
			return err
		}
		if one.days == 0 && !one.holiday {
			if len(r.rules) > 0 {
				return fmt.Errorf("hours follow without a day; write each as Mo-Fr 08:00-16:00, parted by semicolons")
			}
			if len(one.spans) != 1 || (one.spans[0] != span{0, dayMinutes}) {
				r.assume("no day is named: read as every day")
			}
			one.days = allDays
		}
		r.rules = append(r.rules, one)
	}
	if len(r.rules) == 0 {
		return fmt.Errorf("there are no opening hours in it; write for example Mo-Fr 08:00-16:00 or 24/7")
	}
	return nil
}

func (r *reader) days(one *rule) error {
	for {
		switch r.peek() {
		case every:
			r.next()
			if r.peek() == dayName { // "every Monday"
				continue
			}
			one.days |= allDays
		case holiday:
			r.next()
			one.holiday = true
		case dayName:
			from := r.next().day
			if r.peek() != to {
				one.days |= 1 << from
				break
			}
			r.next()
			if r.peek() != dayName {
				return fmt.Errorf("a range of days has no end; write for example Mo-Fr")
			}
			one.days |= stretch(from, r.next().day)
		case and:
			r.next()
		default:
			return nil
		}
	}
}

func (r *reader) spans(one *rule) error {
	switch r.peek() {
	case closed:
		r.next()
		return nil
	case wholeDay:
		for r.skip(wholeDay) || r.skip(every) || r.skip(and) { // "24h/24 et 7j/7" says it twice
		}
		return one.add(0, dayMinutes)
	}
	for {
		from, err := r.time()
		if err != nil {
			return err
		}
		if r.peek() != to {
			return fmt.Errorf("a time of opening has no end; write for example 08:00-16:00")
		}
		r.next()
		until, err := r.time()
		if err != nil {
			return err
		}
		if err := r.addLoose(one, from, until); err != nil {
			return err
		}
		if r.peek() != and || len(r.tokens) < 2 || r.tokens[1].kind != number && r.tokens[1].kind != morning && r.tokens[1].kind != later {
			r.skip(and)
			return nil
		}
		r.next()
	}
}

// written is a time with what it says about the half of the day.
type written struct {
	minutes int
	half    kind // morning, later, or unknown
	bare    bool
}

func (r *reader) time() (w written, err error) {
	if k := r.peek(); k == morning || k == later {
		w.half = r.next().kind
	}
	if r.peek() != number {
		return w, fmt.Errorf("no time stands where one is expected; write for example 08:00-16:00")
	}
	t := r.next()
	w.minutes, w.bare = t.minutes, t.bare
	if k := r.peek(); w.half == unknown && (k == morning || k == later) {
		w.half = r.next().kind
	}
	if w.half != unknown {
		if w.minutes < 60 || w.minutes >= 13*60 {
			return w, fmt.Errorf("a time with am or pm lies outside of 1 to 12; write it as HH:MM")
		}
		w.minutes %= 12 * 60
		if w.half == later {
			w.minutes += 12 * 60
		}
	}
	return w, nil
}

// addLoose takes a span whose end may be meant on a clock of twelve hours.
func (r *reader) addLoose(one *rule, from, until written) error {
	begins, ends := from.minutes, until.minutes
	switch {
	case until.half == later && from.half == unknown && from.bare && begins >= 12*60 && begins < 13*60:
		// "12-5 pm" begins at noon: nothing to do.
	case until.half == later && from.half == unknown && from.bare && begins+12*60 < ends && begins < 6*60:
		begins += 12 * 60 // "1-5 pm"
		r.assume("%s read as %s", span{from.minutes, ends}, span{begins, ends})
	case until.half == unknown && until.bare && ends <= begins && ends < 12*60 && ends+12*60 > begins && begins >= 5*60:
		ends += 12 * 60
		r.assume("%s read as %s", span{begins, until.minutes}, span{begins, ends})
	case until.half == unknown && until.bare && ends <= begins && ends > 0:
		return fmt.Errorf("%s ends before it begins; write it with two digits, such as 20:00-04:00, if it goes on after midnight", span{begins, ends})
	}
	if ends == 0 {
		ends = dayMinutes
	}
	return one.add(begins, ends)
}

func (s span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.from/60, s.from%60, s.to/60, s.to%60)
}
