package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"amana/bot/casework"
	"amana/bot/flow"
	"amana/bot/ticket"
)

// finish opens what was sealed and writes it down, and ends the transcript.
func (r *recorder) finish(ctx context.Context) (transcript, error) {
	all, err := r.reports(ctx)
	if err != nil {
		return r.transcript, err
	}
	for _, rep := range all {
		if err := r.opened(ctx, rep); err != nil {
			return r.transcript, err
		}
	}
	if len(all) == 0 {
		r.report = append(r.report, "nothing was sent")
	}
	return r.transcript, nil
}

// opened writes down a report: what the server knows of it, and what its readers read.
func (r *recorder) opened(ctx context.Context, rep ticket.Report) error {
	say := func(format string, args ...any) { r.report = append(r.report, r.masked(fmt.Sprintf(format, args...))) }
	say("report %s", rep.Code)
	lang := rep.Lang
	if lang == r.lang {
		lang = "this"
	}
	say("outside: kind %s, %s, area %s, language %s, state %s", rep.Kind, rep.Urgency, orNone(rep.Area), lang, rep.State)
	var waits []string
	for _, x := range rep.Readers {
		if !slices.Contains(rep.Handed(), x.Person) {
			waits = append(waits, x.Person)
		}
	}
	say("reads: %s", orNone(strings.Join(rep.Handed(), ", ")))
	say("waits: %s", orNone(strings.Join(waits, ", ")))
	say("never sees it: %s", orNone(strings.Join(rep.Excluded, ", ")))
	in, err := r.readAs(ctx, rep.Handed()[0], string(rep.Code))
	if errors.Is(err, casework.ErrUnknown) {
		say("nobody of them reads it any more")
		return nil
	}
	if err != nil {
		return err
	}
	for _, a := range in.body.Answers {
		switch {
		case a.Skipped:
			say("%s.%s: skipped", a.Flow, a.Step)
		case a.Text != "" || len(a.Voices) > 0:
			for i, l := range strings.Split(a.Text, "\n") {
				say("%s%s", [2]string{a.Flow + "." + a.Step + ": ", "    "}[min(i, 1)], l)
			}
			if err := in.tell(a.Voices, say); err != nil {
				return err
			}
		default:
			say("%s.%s=%s", a.Flow, a.Step, strings.Join(a.Values, ","))
		}
	}
	for _, c := range in.body.Consents {
		say("consent %s: %v, to “%s”", c.Step, c.Given, c.Text)
	}
	nudge, wanted, err := r.keys.OpenNudge(in.body.ID, in.body.Nudge)
	if err != nil {
		return err
	}
	if wanted {
		say("nudge: %s", nudge.Hours)
	}
	for _, m := range in.later {
		say("then, %s: %s", m.Type(), textOf(m.Inside))
		if err := in.tell(voicesOf(m.Inside), say); err != nil {
			return err
		}
	}
	return nil
}

// tell writes down voice messages as their readers hear them.
func (r *openedReport) tell(voices []ticket.Voice, say func(string, ...any)) error {
	for _, v := range voices {
		sound, came, err := r.sound(v)
		if err != nil || !came {
			return fmt.Errorf("a voice message cannot be heard: %w", errors.Join(err))
		}
		say("    (voice %s, %d bytes)", flow.Voice{Seconds: v.Seconds}.Length(), len(sound))
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
