package casework

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"amana/bot"
	"amana/bot/seal"
	"amana/bot/store"
	"amana/bot/ticket"
)

// filing is a report that is sealed and waits for its transaction.
type filing struct {
	*Registry
	receipt ticket.Receipt
	report  ticket.Report
	ref     store.Ref
	under   seal.KeyID
	message store.Message
	spoken  spoken
	notices []store.Waiting
	telling seal.KeyID    // under which they lie
	codes   []ticket.Code // to choose from, should the first be taken in the meantime
	counts  []string
	closing bot.Closing
	person  bot.Person
	roster  *signed // in force when it was routed

	orgs              []string // marks of the organisations that are kept out
	excluded, keptOut []string // roster ids: of persons, and of everybody of an organisation
}

// What the audit chain says of those for whom a report does not exist. The second is of everybody of an organisation: whoever
// of it joins later is kept out as well. The third has a mark of each such organisation, also of one that has nobody yet: who is
// accused stands nowhere, and no reader is shown it.
const (
	didExclude = "excluded"
	didKeepOut = "excluded: organisation"
	didMarkOut = "excluded: marks"
)

// outMark is by what an organisation is known again that is kept out of a report. It is of that report alone, and lies sealed
// under its month.
func (r *Registry) outMark(report store.ID, org string) string {
	mac := r.Store.House().MAC("kept out", report[:], []byte(org))
	return hex.EncodeToString(mac[:])
}

// spares is how many more codes a filing takes along.
const spares = 3

// crowd is how many receipts may wait for their slow step, about ten seconds of it, before a person who wants to send is
// asked to try again in a minute; half of these places are kept from what would lie in the low tray. Opening a mailbox, and a first urgent report, wait their turn and are never refused.
const crowd = 50

// prepareFiling does all that needs time or chance: routing, receipt, keys, sealing.
func (r *Registry) prepareFiling(ctx context.Context, t bot.Turn, stands standing) (f *filing, err error) {
	room := crowd
	if stands == aside {
		room = crowd / 2 // so that a flood leaves places for others
	}
	if r.Kiln.Waiting() > room && !r.firstUrgent(t) {
		return nil, bot.ErrBusy
	}
	now := r.Now()
	roster := r.roster.Load()
	m := r.mission()
	rep, plan, err := m.File(r.Rand, ticket.Kind(t.Filing.Kind), t.Filing.Lang, t.Filing.Facts, now)
	if errors.Is(err, ticket.ErrNobody) {
		return nil, bot.ErrNoReaders
	}
	if err != nil {
		return nil, err
	}
	f = &filing{Registry: r, person: t.Person, roster: roster}
	house := r.Store.House()
	f.under = house.Month(now, seal.Class(rep.Class))
	if r.shared() { // no machine makes a key for itself alone
		if _, err := house.Print(f.under); err != nil {
			return nil, bot.ErrNoReaders
		}
	} else if _, err := house.Ensure(now); err != nil {
		return nil, err
	}
	if f.codes, err = r.freeCodes(ctx, rep.Code); err != nil {
		return nil, err
	}
	if f.receipt, err = r.draw(); err != nil {
		return nil, err
	}
	stretched, err := r.stretch(ctx, f.receipt.Digits())
	if err != nil {
		return nil, err
	}
	pepper, err := house.Pepper(f.under)
	if err != nil {
		return nil, err
	}
	box := stretched.Mailbox(pepper)
	seed, err := seal.NewSeed(r.Rand)
	if err != nil {
		return nil, err
	}
	rep.MailboxID, rep.MailboxKey, rep.SigningKey = box.ID, box.Public, [32]byte(seed.Public())
	nudge, err := house.SealNudge(f.under, rep.ID, returnAddress(t))
	if err != nil {
		return nil, err
	}
	body := ticket.Body{
		ID: rep.ID, Time: now.UTC(), Lang: t.Filing.Lang, Mailbox: box.Public, Nudge: nudge, Seed: seed.Reveal(),
	}
	to := m.Roster.Recipients(rep)
	f.spoken = spoken{shelf: r.Voices}
	prepared := f
	defer func() {
		if err != nil { // whatever went wrong: what was written for it goes
			prepared.spoken.settle(true)
		}
	}()
	if body.Answers, body.Consents, err = r.said(t.Filing.Facts, to, &f.spoken); err != nil {
		return nil, err
	}
	rep.Tray = stands.tray()
	f.report, f.ref = rep, store.RefOf(rep.Day, rep.ID)
	if f.message, err = r.sealed(to, "", ticket.Inside{Report: &body}, ticket.TypeReport); err != nil {
		return nil, err
	}
	f.message.Voices = f.spoken.ids
	if f.notices, f.telling, err = r.hear(f.ref, rep, stands, f.under, now); err != nil {
		return nil, err
	}
	about := ticket.Classify(ticket.Kind(t.Filing.Kind), t.Filing.Lang, t.Filing.Facts)
	orgs := m.OrgsKeptOut(about)
	for _, org := range orgs {
		f.orgs = append(f.orgs, r.outMark(rep.ID, org))
	}
	slices.Sort(f.orgs) // their order would tell which force it is
	f.orgs = slices.Compact(f.orgs)
	for _, id := range rep.Excluded {
		if e, _ := m.Roster.Find(id); slices.Contains(orgs, e.Org) {
			f.keptOut = append(f.keptOut, id)
		} else {
			f.excluded = append(f.excluded, id)
		}
	}
	f.counts = filedCounts(about, plan, r.apart(rep))
	id, err := r.id()
	f.closing = bot.Closing{
		ID: bot.ClosingID(id), Receipt: f.receipt.Digits(), Lang: t.Lang, Address: t.Address, Filed: now.UTC(),
	}
	return f, err
}

// freeCodes gives codes that no report of the living months has. There are sixteen million, so that one draw mostly does.
func (r *Registry) freeCodes(ctx context.Context, first ticket.Code) (free []ticket.Code, err error) {
	for draws, code := 0, first; len(free) <= spares; draws++ {
		if draws == 64 {
			return nil, errors.New("drawing a report code: every one of them is taken")
		}
		taken := slices.Contains(free, code)
		if !taken {
			err := r.Store.View(ctx, func(rd *store.Read) (err error) {
				_, taken, err = rd.ByCode(string(code))
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		if !taken {
			free = append(free, code)
		}
		if code, err = ticket.NewCode(r.Rand); err != nil {
			return nil, err
		}
	}
	return free, nil
}

// free chooses the first code that is still free among the reports of the same month, where a filing at the same moment
// may have taken it.
func (f *filing) free(w *store.Write) (ticket.Code, error) {
	for _, code := range f.codes {
		if taken, err := w.CodeTaken(f.under, string(code)); err != nil || !taken {
			return code, err
		}
	}
	return "", errStale
}

func (f *filing) write(w *store.Write) error {
	if f.Registry.roster.Load() != f.roster {
		return errStale // somebody was signed or revoked while the receipt was made
	}
	if _, taken, err := w.ByMailbox(f.report.MailboxID); err != nil {
		return err
	} else if taken {
		return errStale // another receipt is drawn: two reports must never share one
	}
	code, err := f.free(w)
	if err != nil {
		return err
	}
	rep := f.filed(f.report)
	rep.Code = code
	if err := w.PutReport(f.ref, f.under, rep, nil); err != nil {
		return err
	}
	if err := w.AddMessage(f.under, f.report.ID, f.message); err != nil {
		return err
	}
	if err := f.announce(w, f.telling, f.notices); err != nil {
		return err
	}
	if err := w.Audit(f.under, f.report.ID, store.Entry{
		Day: f.report.Day, Who: "reporter", Did: "filed", File: store.HashFile(f.message.File),
	}); err != nil {
		return err
	}
	for _, line := range []store.Entry{{Did: didExclude, Whom: strings.Join(f.excluded, " ")}, {Did: didKeepOut, Whom: strings.Join(f.keptOut, " ")}, {Did: didMarkOut, Whom: strings.Join(f.orgs, " ")}} {
		if line.Whom == "" {
			continue
		}
		line.Day, line.Who = f.report.Day, "reporter"
		if err := w.Audit(f.under, f.report.ID, line); err != nil {
			return err
		}
	}
	if err := w.Count(f.under, f.counts...); err != nil {
		return err
	}
	return addClosing(w, f.person, f.closing)
}

// sealed closes a message for entries and, where a reporter's key is given, for the reporter.
func (r *Registry) sealed(to []ticket.Entry, reporter string, in ticket.Inside, kind string) (m store.Message, err error) {
	plain, err := in.Encode()
	if errors.Is(err, ticket.ErrTooLong) {
		return m, bot.ErrTooLong
	}
	if err != nil {
		return m, err
	}
	readers, _ := keys(to)
	file, err := seal.Message(plain, readers, reporter, r.Rand)
	if errors.Is(err, seal.ErrTooLong) {
		return m, bot.ErrTooLong
	}
	if err != nil {
		return m, err
	}
	id, err := r.id()
	if err != nil {
		return m, err
	}
	return store.Message{ID: store.ID(id), Kind: kind, Day: store.DayOf(r.Now()), To: readers, File: file}, nil
}

// said parts the facts of a report into answers and consents, and seals what was said aloud.
func (r *Registry) said(facts bot.Facts, to []ticket.Entry, s *spoken) (answers []ticket.Said, consents []ticket.Agreed, err error) {
	for _, f := range facts {
		if f.Consent {
			consents = append(consents, ticket.Agreed{
				Step: f.Step, Lang: f.Lang, Text: f.Shown, Given: slices.Contains(f.Values, "yes"),
			})
			continue
		}
		if private(f.Step) {
			continue
		}
		voices, err := r.speak(f.Voices, to, s)
		if err != nil {
			return nil, nil, err
		}
		answers = append(answers, ticket.Said{
			Flow: f.Flow, Step: f.Step, Lang: f.Lang, Values: f.Values, Text: f.Text, Voices: voices, Skipped: f.Skipped,
		})
	}
	return answers, consents, nil
}

// private names the answers that no reader needs: they fill the return address, which only the server can read.
func private(step string) bool { return step == "nudge" || step == "nudge_hours" }

// returnAddress is where one neutral line may go, if the person chose that and named safe hours; otherwise nowhere.
func returnAddress(t bot.Turn) seal.Nudge {
	hours := t.Filing.Facts.Get("nudge_hours")
	if t.Filing.Facts.Get("nudge") != "yes" || hours == "" {
		return seal.Nudge{}
	}
	return seal.Nudge{Address: t.Address.Reveal(), Hours: hours}
}
