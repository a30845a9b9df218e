package bolt_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"amana/bot/kv/kvtest"
)

// BenchmarkUpdate gives durable updates a second next to the lone commits of two flushes that the same disk makes. The
// bars: at least 0.67 of them for one writer, at least 5 times them for 64.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			for b.Loop() {
				st, path := fresh(b)
				if err := st.Check(b.Context()); err != nil { // as whoever serves does first
					b.Fatal(err)
				}
				got, err := kvtest.Compare(st, filepath.Dir(path), writers, 9)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(got.Speed.PerSecond, "updates/s")
				b.ReportMetric(got.Flushes, "twoflushes/s")
				b.ReportMetric(got.Ratio, "ratio")
				b.ReportMetric(float64(got.Speed.P50.Microseconds()), "p50-us")
				b.ReportMetric(float64(got.Speed.P99.Microseconds()), "p99-us")
			}
		})
	}
}
