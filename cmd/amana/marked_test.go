package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"amana/bot/telegram/telegramtest"
	"amana/bot/ticket"
)

// mark is a string that must not be found anywhere once it was typed, and where it was typed.
type mark struct{ where, text string }

// marked is somebody whose every word, name and number is a mark.
type marked struct {
	lang, story, cover, reach, further, voice, odd, place, name, last, user, phone, caption, edited, author string
	id                                                                                                      int64
	lat, lon                                                                                                float64
	wrong                                                                                                   string // a receipt of nobody
	receipt                                                                                                 string
	more                                                                                                    []string // receipts of what else was sent
}

// sisters is how many others walk the ways besides a report, in each language.
const sisters = 2

// sister is somebody who writes in the same language and walks other ways. The door says a word or two a second to each, so
// that all together need a third of the time of one. What she types is told apart from everything else.
func (m *marked) sister(n int) *marked {
	letter := string(rune('q' + n))
	s := &marked{lang: m.lang, id: m.id + 1_000_003*int64(n+1), user: m.user + letter, phone: m.phone, lat: m.lat, lon: m.lon}
	for from, to := range map[*string]*string{&m.story: &s.story, &m.cover: &s.cover, &m.reach: &s.reach, &m.voice: &s.voice, &m.name: &s.name, &m.last: &s.last} {
		*to = letter + *from
	}
	return s
}

func (m *marked) marks() []mark {
	out := []mark{
		{"story", m.story}, {"reach", m.reach}, {"what a caller says", m.cover}, {"further message", m.further}, {"voice message", m.voice}, {"what fits no choice", m.odd}, {"name of a place", m.place}, {"latitude", fmt.Sprint(m.lat)}, {"longitude", fmt.Sprint(m.lon)}, {"first name", m.name},
		{"last name", m.last}, {"user name", m.user}, {"contact", m.phone}, {"caption", m.caption}, {"edited message", m.edited},
		{"author of a forwarded message", m.author}, {"chat id", fmt.Sprint(m.id)}, {"wrong receipt", m.wrong}, {"receipt", m.receipt},
		{"wrong receipt in groups", inGroups(m.wrong)}, {"receipt in groups", inGroups(m.receipt)},
	}
	for _, r := range m.more {
		out = append(out, mark{"another receipt", r}, mark{"another receipt in groups", inGroups(r)})
	}
	return slices.DeleteFunc(out, func(k mark) bool { return k.text == "" })
}

func inGroups(d string) string {
	if d == "" {
		return ""
	}
	return d[:4] + " " + d[4:8] + " " + d[8:12] + " " + d[12:]
}

// updateBase is where the update numbers of the marked test begin, so that they can be told from every other number.
const updateBase = 731_904_417

// TestMarks types marked strings in every free-text step of every flow and language, and where nothing is asked for.
// Afterwards no form of any of them is found in what the program wrote: database, keys, runtime directory, log at its
// most talkative, temporary files, backups; neither while it serves nor after it has stopped.
func TestMarks(t *testing.T) {
	t.Parallel()
	people := []*marked{
		{
			lang: "en", id: 8_517_394_026, story: "zqstorymarkvexing", cover: "zqcovermarkdrowsy", reach: "zqreachmarkwalnut", further: "zqfurthermarkfjord", voice: "zqvoicemarkyodel", odd: "zqoddmarkglyph", place: "zqplacemarkonyx", lat: 1.5173942, lon: 2.4917735,
			name: "Zqfirstnamemark", last: "Zqlastnamemark", user: "zqusernamemark", phone: "+99900417733", caption: "zqcaptionmarkquartz",
			edited: "zqeditedmarkjinx", author: "Zqauthormarkvow", wrong: nobodys(t),
		},
		{
			lang: "ar", id: 8_517_394_133, story: "ظعينةقنديلحكاية", cover: "ظعينةقنديلغطاء", reach: "ظعينةقنديلطريق", further: "ظعينةقنديلمزيد", voice: "ظعينةقنديلصوت", odd: "ظعينةقنديلغريب", place: "ظعينةقنديلمكان", lat: 1.5183953, lon: 2.5028846,
			name: "ظعينةقنديلاسم", last: "ظعينةقنديلعائلة", user: "zqusernamearabic", phone: "+99900417744", caption: "ظعينةقنديلصورة",
			edited: "ظعينةقنديلتصحيح", author: "ظعينةقنديلكاتب", wrong: nobodys(t),
		},
	}
	tr := newTrial(t, trialOptions{level: "debug", staff: careStaff()})
	tr.api.Bot(peopleToken).SkipUpdates(updateBase)
	tr.stock()
	tr.serve()
	tr.enrol()
	reporters := len(people)
	errs := make([]error, (1+sisters)*reporters)
	var all sync.WaitGroup
	for i, m := range slices.Clone(people) {
		all.Go(func() { errs[i] = tr.typeEverywhere(m) })
		for n := range sisters {
			sister := m.sister(n)
			people = append(people, sister)
			at := len(people) - 1
			all.Go(func() { errs[at] = tr.typeElsewhere(sister, n) })
		}
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	// A reader's answer is theirs and the reporter's alone, too.
	const answered = "zqanswermarkhazel"
	ana := tr.hands["ana"]
	code := tr.noticed(ana)
	ana.phone.SendDocument("answer.amana", tr.reply(tr.read(ana, code), ticket.Read, "en", answered))
	tr.saw(ana.phone, tr.words("en", "staff.answer.ok", map[string]string{"Code": code}))

	var marks []mark
	for _, m := range people {
		marks = append(marks, m.marks()...)
	}
	marks = append(marks, mark{"answer", answered}, mark{"path of a voice message", "voices/file_"}, mark{"number of a file", "BQAC7000001"})
	for n := range 40 {
		marks = append(marks, mark{"update number", strconv.Itoa(updateBase + n + 1)})
	}
	tr.amana("backup", "-config", tr.config(), filepath.Join(tr.tmp, "copy.db"))
	tr.amana("keys", "backup", "-config", tr.config(), filepath.Join(tr.tmp, "keys.age"))
	where := []string{tr.dir, tr.run, tr.tmp, tr.logFile()}
	for what, least := range map[string]int{"sealed": 5 * reporters, "drafts": reporters} { // else the search proves nothing of them
		if all, err := os.ReadDir(filepath.Join(tr.database()+".voice", what)); err != nil || len(all) < least {
			t.Errorf("%d voice messages are %s: %v", len(all), what, err)
		}
	}
	tr.findNothing("while it serves", marks, where...)
	tr.kill()
	tr.findNothing("after it was killed", marks, where...)
	tr.serve()
	tr.stop()
	tr.findNothing("after it has stopped", marks, where...)

	// The search itself finds each form of each mark where one is planted.
	plot := t.TempDir()
	planted := filepath.Join(plot, "planted")
	for _, m := range marks[:len(marks)-39] {
		for form, needle := range forms(m.text) {
			if err := os.WriteFile(planted, append(append([]byte("before"), needle...), "after"...), 0o600); err != nil {
				t.Fatal(err)
			}
			if hits := search(t, []mark{m}, plot); len(hits) == 0 {
				t.Errorf("the search does not find the %s in the form %s", m.where, form)
			}
		}
	}
	if !bytes.Contains([]byte(tr.log()), []byte("level=DEBUG")) && !bytes.Contains([]byte(tr.log()), []byte("level=INFO")) {
		t.Error("the log that was searched is empty")
	}
}

// markedUser is the phone of somebody whose names are marks.
func (t *trial) markedUser(m *marked) *telegramtest.User {
	return t.api.Bot(peopleToken).User(m.id, telegramtest.UserOptions{FirstName: m.name, LastName: m.last, Username: m.user, Language: m.lang})
}

// speaker sends a voice message where one may stand, once in each conversation.
func (m *marked) speaker(u *telegramtest.User, spoke *bool) func(step string) {
	return func(step string) {
		if (step == "story" || step == "further" || step == "question") && !*spoke {
			*spoke = true
			u.SendVoice(append([]byte("OggS"), bytes.Repeat([]byte(m.voice), 5000)...))
		}
	}
}

// typeElsewhere lets a sister write marks in her part of the other flows that take words, and as a safe way to answer.
func (t *trial) typeElsewhere(m *marked, part int) error {
	u := t.markedUser(m)
	w := t.walker(m.id, m.lang, nil)
	w.phone = u
	spoke := false
	w.about = m.speaker(u, &spoke)
	others := ways(m.story)
	for i, name := range slices.Sorted(maps.Keys(others)) {
		if i%sisters != part {
			continue
		}
		w.trace, w.plan, spoke = nil, others[name], false
		for step, want := range map[string]string{"way": "phone", "reach": m.reach, "cover": "own", "cover_words": m.cover, "nudge": "no"} {
			w.plan[step] = want
		}
		n := len(receipts(u))
		if err := w.walk(t.Context(), func() bool { return len(receipts(u)) > n }); err != nil {
			return err
		}
	}
	m.more = receipts(u)
	return nil
}

// typeEverywhere lets somebody write marks wherever writing is possible in a report, in the mailbox and on a visit to the
// services, asked or not.
func (t *trial) typeEverywhere(m *marked) error {
	u := t.markedUser(m)
	w := t.walker(m.id, m.lang, map[string]string{
		"age": "adult", "accused": "ngo", "who": "me", "danger": "no", "matter": "sexual", "concern": "sex_for_aid", "involved": "no", "story": m.story,
		"help": "health", "call": "yes", "reach": m.reach, "consent_complaint": "yes", "consent_help": "yes", "nudge": "yes", "nudge_hours": "any",
	})
	w.phone = u
	spoke := false
	speak := m.speaker(u, &spoke)
	w.about = func(step string) {
		speak(step)
		if step == "knows" || step == "organisation" {
			u.Send(m.odd)
			u.SendPhoto([]byte("\xff\xd8\xff"+m.caption), m.caption)
			u.SendContact(m.phone, m.name)
			u.Forward(m.author, m.odd)
			u.SendVoice([]byte(m.odd))
			u.SendDocument(m.caption+".pdf", []byte(m.caption))
			if id := u.Send(m.odd); id != 0 {
				_ = u.Edit(id, m.edited)
			}
			time.Sleep(3 * time.Second) // until then a word belongs to what was asked before
		}
	}
	var err error
	if m.receipt, err = w.report(t.Context()); err != nil {
		return err
	}
	w.trace, spoke = nil, false
	tries := 0
	w.plan = map[string]string{"menu": "mailbox", "number": m.wrong, "what": "write", "further": m.further}
	w.about = func(step string) {
		speak(step)
		if step != "number" {
			return
		}
		if tries++; tries > 1 {
			w.plan["number"] = inGroups(m.receipt)
		}
	}
	sent := t.words(m.lang, "mailbox.sent", nil)
	if err := w.walk(t.Context(), func() bool { return u.Seen(sent) }); err != nil {
		return err
	}
	// And a conversation that stays open, with a text in its draft, on a visit to the services: a place that nobody knows is
	// typed there, and where she is is shared.
	w.trace, w.plan = nil, map[string]string{"story": m.story, "age": "adult", "matter": "other"}
	around := false
	spoke = false
	w.about = func(step string) {
		if step == "story" { // the question of the mailbox may still stand above
			speak(step)
		}
		if step == "need" {
			around = true
		}
		if step == "where" && around {
			u.Send(m.place)
			u.SendLocation(m.lat, m.lon)
			u.Send(m.place)
			time.Sleep(3 * time.Second)
		}
	}
	if err := w.walk(t.Context(), func() bool { return w.last.step == "story" }); err != nil {
		return err
	}
	w.plan["need"], w.looks = "law", 1
	return w.walk(t.Context(), func() bool {
		q, ok := questionOn(u.Screen())
		return ok && q.found()
	})
}

// findNothing fails for each form of a mark that lies in one of the folders.
func (t *trial) findNothing(when string, marks []mark, where ...string) {
	t.Helper()
	for _, hit := range search(t, marks, where...) {
		t.Errorf("%s: %s", when, hit)
	}
}

// search reads every file and looks for every form of every mark.
func search(tb testing.TB, marks []mark, where ...string) (hits []string) {
	tb.Helper()
	needles := map[string]map[string][]byte{}
	for _, m := range marks {
		needles[m.where+" "+m.text] = forms(m.text)
	}
	files := 0
	for _, root := range where {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files++
			for what, all := range needles {
				for form, needle := range all {
					if bytes.Contains(data, needle) || bytes.Contains([]byte(path), needle) {
						hits = append(hits, fmt.Sprintf("%s stands in %s as %s", what, filepath.Base(path), form))
					}
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if files == 0 {
		tb.Fatal("there was nothing to search")
	}
	return hits
}

// forms gives the ways in which a careless program could have written a text.
func forms(text string) map[string][]byte {
	out := map[string][]byte{
		"UTF-8": []byte(text), "hex": []byte(hex.EncodeToString([]byte(text))), "HEX": bytes.ToUpper([]byte(hex.EncodeToString([]byte(text)))),
		"percent": []byte(url.QueryEscape(text)), "path": []byte(url.PathEscape(text)), "quoted": []byte(strconv.QuoteToASCII(text)[1:]),
	}
	out["quoted"] = bytes.TrimSuffix(out["quoted"], []byte(`"`))
	units := utf16.Encode([]rune(text))
	little, big := []byte{}, []byte{}
	for _, u := range units {
		little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
	}
	out["UTF-16LE"], out["UTF-16BE"] = little, big
	for shift := range 3 { // the middle of the text in each of the three alignments
		padded := append(make([]byte, shift), text...)
		padded = padded[:len(padded)/3*3]
		skip := 0
		if shift > 0 {
			skip = 4
		}
		out[fmt.Sprint("base64 ", shift)] = []byte(base64.StdEncoding.EncodeToString(padded)[skip:])
		out[fmt.Sprint("base64url ", shift)] = []byte(base64.URLEncoding.EncodeToString(padded)[skip:])
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && strings.Contains(text, ".") {
		out["float LE"], out["float BE"] = binary.LittleEndian.AppendUint64(nil, math.Float64bits(n)), binary.BigEndian.AppendUint64(nil, math.Float64bits(n))
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '٠'
		}
		return r
	}, text)
	if digits != text {
		out["Arabic digits"] = []byte(digits)
		if n, err := strconv.ParseUint(strings.ReplaceAll(text, " ", ""), 10, 64); err == nil {
			out["int64 LE"], out["int64 BE"] = binary.LittleEndian.AppendUint64(nil, n), binary.BigEndian.AppendUint64(nil, n)
			out["varint"], out["zigzag"] = binary.AppendUvarint(nil, n), binary.AppendVarint(nil, int64(n))
		}
	}
	return out
}
