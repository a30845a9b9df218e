package desk

import (
	"context"
	"errors"
	"strings"

	"amana/bot"
	"amana/bot/casework"
)

// postOpen hands a report out, sealed to whoever asks, after that was noted. Whoever asks for more reports than fit into an
// hour is told to wait, and their colleagues find in the mission's chain that they were.
func postOpen(ctx context.Context, a *asked) (any, error) {
	var in struct{}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	if may, alarm := a.pace.read(a.me.Person); !may {
		if alarm {
			a.counts.alarms.Add(1)
			a.Log.Warn("somebody asks for more reports than fit into an hour: the audit chain of the mission says who")
			if err := a.Registry.NoteHaste(ctx, a.me.Person); err != nil {
				return nil, err
			}
		}
		return nil, errSlow
	}
	files, err := a.Registry.ReadOut(ctx, a.me.Person, a.code())
	if err != nil {
		return nil, err
	}
	a.counts.opened.Add(1)
	type file struct {
		Name  string `json:"name"`
		Bytes []byte `json:"bytes"`
	}
	type voice struct {
		Name string `json:"name"`
	}
	out := struct {
		Files  []file  `json:"files"`
		Voices []voice `json:"voices"`
	}{[]file{}, []voice{}}
	var later []bot.File
	for _, f := range files {
		if f.Load != nil {
			out.Voices, later = append(out.Voices, voice{f.Name}), append(later, f)
		} else {
			out.Files = append(out.Files, file{f.Name, f.Bytes})
		}
	}
	a.session.keep(plainCode(a.code()), later)
	return out, nil
}

// plainCode brings the spellings of a code together that the registry takes for one.
func plainCode(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
}

// getVoice gives a voice message of a report that was handed out in this session, sealed to whoever asks.
func getVoice(ctx context.Context, a *asked) (any, error) {
	// Whoever has withdrawn or was excluded since gets no more of it.
	if err := a.Registry.MayRecuse(ctx, a.me.Person, a.code()); err != nil && !errors.Is(err, casework.ErrLastReader) {
		return nil, err
	}
	f, ok := a.session.voice(plainCode(a.code()), a.r.PathValue("name"))
	if !ok {
		return nil, errNothing
	}
	sealed, err := f.Load()
	if err != nil {
		return nil, err
	}
	return octets(sealed), nil
}

// again says that something had been done before.
type again struct {
	Again bool `json:"again"`
}

func postAcknowledge(ctx context.Context, a *asked) (any, error) {
	var in struct{}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	before, err := a.Registry.Acknowledge(ctx, a.me.Person, a.code())
	return again{before}, err
}

// getRecuse says whether somebody could step back, so that nobody is asked for what cannot be done.
func getRecuse(ctx context.Context, a *asked) (any, error) {
	out := struct {
		May   bool   `json:"may"`
		Error string `json:"error"`
	}{May: true}
	err := a.Registry.MayRecuse(ctx, a.me.Person, a.code())
	if errors.Is(err, casework.ErrLastReader) {
		out.May, out.Error, err = false, "last_reader", nil
	}
	return out, err
}

func postRecuse(ctx context.Context, a *asked) (any, error) {
	var in struct{}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	return done{}, a.Registry.Recuse(ctx, a.me.Person, a.code())
}

// getHandover lists the colleagues to whom a report could be handed over.
func getHandover(ctx context.Context, a *asked) (any, error) {
	takers, err := a.Registry.Takers(ctx, a.me.Person, a.code())
	if err != nil {
		return nil, err
	}
	type taker struct {
		Person string `json:"person"`
		Name   string `json:"name"`
	}
	out := struct {
		Takers []taker `json:"takers"`
	}{[]taker{}}
	for _, t := range takers {
		out.Takers = append(out.Takers, taker{t.Person, t.Name})
	}
	return out, nil
}

func postHandover(ctx context.Context, a *asked) (any, error) {
	var in struct {
		To string `json:"to"`
	}
	if err := a.json(&in); err != nil {
		return nil, err
	}
	return done{}, a.Registry.HandOver(ctx, a.me.Person, a.code(), in.To)
}
