package main

import (
	"context"
	"testing"

	"amana/bot"
	"amana/bot/outbox"
)

// The hot path, for `go test -bench` and its profiles: a turn of somebody who walks through a report, a filing without
// the slow step of its receipt, a notice from the shelf to the door, and a look at the inbox from the desk. Each is done
// in a served mission with its file on the disk; nothing else runs.

func busyHouse(b *testing.B) (*growing, *house) {
	g := &growing{trial: newTrial(b, trialOptions{level: "error"}), work: 16}
	g.serve()
	g.enrol()
	g.stop()
	h := g.roomy()
	b.Cleanup(func() { h.Close() })
	return g, h
}

func BenchmarkTurn(b *testing.B) {
	_, h := busyHouse(b)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		p := (&barTable{T: nil}).newPerson()
		turns, err := p.turnsTo(h, "check")
		if err != nil {
			b.Fatal(err)
		}
		n += turns
	}
	b.ReportMetric(float64(n)/float64(b.N), "turns/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/turn")
}

func BenchmarkFiling(b *testing.B) {
	g, h := busyHouse(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := g.file(h, (&barTable{}).newPerson()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNotice(b *testing.B) {
	g, h := busyHouse(b)
	ctx := context.Background()
	const waiting = 200
	for range waiting {
		if err := g.file(h, (&barTable{}).newPerson()); err != nil {
			b.Fatal(err)
		}
	}
	box := outbox.New(outbox.Options{
		Shelf: h.registry, Clock: h.registry, Staff: nowhere{}, Book: h.book, Zone: h.config.zone(), Lang: "en", Gone: gone, After: after, Now: h.now,
	})
	b.ReportAllocs()
	for b.Loop() {
		if box.Round(ctx) == 0 {
			b.StopTimer()
			for range waiting {
				if err := g.file(h, (&barTable{}).newPerson()); err != nil {
					b.Fatal(err)
				}
			}
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(box.Counts().Carried)/float64(b.N), "notices/op")
}

// nowhere is a door that takes everything.
type nowhere struct{}

func (nowhere) Send(context.Context, bot.Address, []bot.Outgoing) error { return nil }

func BenchmarkInbox(b *testing.B) {
	g, h := busyHouse(b)
	for range 100 {
		if err := g.file(h, (&barTable{}).newPerson()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		lines, err := h.registry.Desk(context.Background(), "ana", false)
		if err != nil {
			b.Fatal(err)
		}
		n = len(lines)
	}
	b.ReportMetric(float64(n), "reports")
}
